#include "conflict-service/contests/terms.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::conflict {
namespace {

absl::Status ReadTerm(const TaggedLine& line, Terms* terms) {
  const std::vector<std::string> words = absl::StrSplit(line.rest, ' ');
  std::vector<int> numbers(words.size());
  if (line.tag == "holiday") {
    ASSIGN_OR_RETURN(const Date day, Date::Parse(line.rest));
    terms->holidays.push_back(day);
    return absl::OkStatus();
  }
  for (size_t i = 0; i < words.size(); ++i) {
    if (!absl::SimpleAtoi(words[i], &numbers[i])) return InvalidField("", words[i], "a number");
  }
  if (line.tag == "contest_days" && numbers.size() == 1) {
    terms->contest_days = numbers[0];
  } else if (line.tag == "tie_rule" && numbers.size() == 1) {
    terms->tie_rule = static_cast<TieRule>(numbers[0]);
  } else if (line.tag == "appeal_days" && numbers.size() == 1) {
    terms->appeal_days = numbers[0];
  } else if (line.tag == "weight" && numbers.size() == 3) {
    terms->weights.push_back({static_cast<EvidenceKind>(numbers[0]), numbers[1], numbers[2]});
  } else {
    return InvalidField("", line.tag, "a term");
  }
  return absl::OkStatus();
}

}  // namespace

std::string_view NameOf(EvidenceKind kind) {
  switch (kind) {
    case EvidenceKind::kMeeting:
      return "MEETING";
    case EvidenceKind::kProofOfConcept:
      return "PROOF_OF_CONCEPT";
    case EvidenceKind::kDesign:
      return "DESIGN";
  }
  return "KIND_UNSPECIFIED";
}

absl::StatusOr<Terms> NewTerms(Terms terms, std::string_view field) {
  std::vector<FieldViolation> violations;
  for (size_t i = 0; i < terms.weights.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (terms.weights[i].kind != terms.weights[j].kind) continue;
      violations.push_back(
          {StrCat(field, ".weights[", i, "].kind"), std::string(NameOf(terms.weights[i].kind)), "each kind once"});
      break;
    }
  }
  for (size_t i = 0; i < terms.holidays.size(); ++i) {
    if (std::find(terms.holidays.begin(), terms.holidays.begin() + i, terms.holidays[i]) ==
        terms.holidays.begin() + i) {
      continue;
    }
    violations.push_back({StrCat(field, ".holidays[", i, "]"), terms.holidays[i].ToString(), "each day once"});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  std::sort(terms.holidays.begin(), terms.holidays.end());
  std::sort(terms.weights.begin(), terms.weights.end(),
            [](const Weight& a, const Weight& b) { return a.kind < b.kind; });
  return terms;
}

std::string Write(const Terms& terms) {
  std::string text = StrCat("contest_days ", terms.contest_days, "\n");
  for (const Date day : terms.holidays) StrAppend(&text, "holiday ", day.ToString(), "\n");
  for (const Weight& weight : terms.weights) {
    StrAppend(&text, "weight ", static_cast<int>(weight.kind), " ", weight.points, " ", weight.max_count, "\n");
  }
  StrAppend(&text, "tie_rule ", static_cast<int>(terms.tie_rule), "\n");
  // Left out where there is no limit, so that terms from before there was one keep their hash.
  if (terms.appeal_days > 0) StrAppend(&text, "appeal_days ", terms.appeal_days, "\n");
  return text;
}

absl::StatusOr<Terms> ReadTerms(std::string_view lines) {
  Terms terms;
  for (const TaggedLine& line : TaggedLines(lines)) RETURN_IF_ERROR(ReadTerm(line, &terms));
  return terms;
}

std::vector<TaggedLine> TaggedLines(std::string_view lines) {
  std::vector<TaggedLine> read;
  for (const absl::string_view line : absl::StrSplit(Abseil(lines), '\n', absl::SkipEmpty())) {
    const size_t space = std::min(line.find(' '), line.size());
    read.push_back({std::string(line.substr(0, space)),
                    space == line.size() ? std::string() : std::string(line.substr(space + 1))});
  }
  return read;
}

}  // namespace tributary::conflict
