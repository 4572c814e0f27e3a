#include "partner-service/refusals/refusals.h"

#include <utility>

#include "common/text/text.h"

namespace tributary::partner {
namespace {

absl::Status Refusal(Reason reason, std::vector<FieldViolation> violations) {
  std::string message;
  for (const FieldViolation& v : violations) {
    StrAppend(&message, message.empty() ? "" : "; ", v.field, ": got '", Printable(v.got), "', want ", v.want);
  }
  ErrorDetail detail{.reason = reason, .violations = std::move(violations)};
  return WithDetail(InfoOf(reason).code, message, detail);
}

}  // namespace

absl::Status SameContent(std::initializer_list<FieldPair> fields) {
  std::vector<FieldViolation> differing;
  for (const FieldPair& pair : fields) {
    if (pair.got == pair.stored) continue;
    differing.push_back({std::string(pair.field), Printable(pair.got),
                         StrCat("'", Printable(pair.stored), "', as it was stored under this id")});
  }
  if (differing.empty()) return absl::OkStatus();
  return Refusal(Reason::kRowConflict, std::move(differing));
}

absl::Status UnknownReference(std::string_view field, std::string_view got, std::string_view want) {
  return UnknownReferences({{std::string(field), Printable(got), std::string(want)}});
}

absl::Status UnknownReferences(std::vector<FieldViolation> violations) {
  return Refusal(Reason::kReferenceNotFound, std::move(violations));
}

void CheckOneLine(std::string_view field, std::string_view text, std::vector<FieldViolation>* violations) {
  if (IsOneLine(text)) return;
  violations->push_back({std::string(field), Printable(text), "one line without control characters"});
}

void CheckTradeNames(const std::vector<std::string>& names, std::vector<FieldViolation>* violations) {
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string field = StrCat("trade_names[", i, "]");
    if (names[i].empty()) violations->push_back({field, "", "a name"});
    CheckOneLine(field, names[i], violations);
  }
}

void CheckDays(const DateRange& effective, std::vector<FieldViolation>* violations) {
  if (effective.start < effective.end) return;
  violations->push_back({"effective_to", effective.end.ToString(),
                         StrCat("a day after effective_from, ", effective.start.ToString(), ", or none")});
}

absl::Status AllOf(std::vector<FieldViolation> violations) {
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

}  // namespace tributary::partner
