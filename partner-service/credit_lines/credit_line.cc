#include "partner-service/credit_lines/credit_line.h"

#include <algorithm>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {

std::string CreditLine::name() const { return StrCat("partners/", partner_id, "/creditLines/", id); }

absl::Status CheckTerms(const CreditLine& line) {
  if (line.valid.start < line.valid.end) return absl::OkStatus();
  return InvalidField("valid_to", line.valid.end.ToString(),
                      StrCat("a day after valid_from, ", line.valid.start.ToString(), ", or none"));
}

absl::Status CheckAlone(const CreditLine& line, const std::vector<CreditLine>& of_partner) {
  ErrorDetail detail{.reason = Reason::kStateConflict};
  std::string message;
  for (const CreditLine& other : of_partner) {
    if (other.id == line.id || other.undone || other.limit.currency != line.limit.currency ||
        !other.valid.Intersects(line.valid)) {
      continue;
    }
    const std::string want =
        StrCat(other.name(), " to end by ", line.valid.start.ToString(), " or to begin after this line's last day");
    StrAppend(&message, message.empty() ? "" : "; ", "valid_from: got ", line.valid.start.ToString(), ", want ", want);
    detail.preconditions.push_back(StrCat(line.name(), ": ", want));
    detail.metadata.emplace_back("resource", other.name());
  }
  if (detail.preconditions.empty()) return absl::OkStatus();
  return WithDetail(InfoOf(detail.reason).code, message, detail);
}

absl::StatusOr<CreditLine> Change(const CreditLine& line, const CreditLine& changed, absl::Time now) {
  if (changed.limit.currency != line.limit.currency) {
    return InvalidField("limit.currency_code", changed.limit.currency,
                        StrCat(line.limit.currency, ", the line's currency, which does not change"));
  }
  CreditLine next = line;
  next.limit = changed.limit;
  if (changed.limit != line.limit) {
    next.pending_limit.reset();
    next.limit_asked_by.clear();
  }
  next.payment_terms_days = changed.payment_terms_days;
  next.valid = changed.valid;
  next.on_hold = changed.on_hold;
  next.revision = line.revision.Next(now);
  RETURN_IF_ERROR(CheckTerms(next));
  return next;
}

CreditLine AskForLimit(const CreditLine& line, Decimal limit, std::string_view subject) {
  CreditLine next = line;
  // Who changes what another asked for takes a part in it; the other's part stays.
  if (std::find(next.limit_asked_by.begin(), next.limit_asked_by.end(), subject) == next.limit_asked_by.end()) {
    next.limit_asked_by.emplace_back(subject);
  }
  next.pending_limit = limit;
  return next;
}

absl::StatusOr<CreditLine> DecideLimit(const CreditLine& line, bool approve, absl::Time now) {
  if (!line.pending_limit.has_value()) {
    return WrongState(line.name(), approve ? "approve" : "reject", "no pending_limit", "one");
  }
  CreditLine next = line;
  if (approve) next.limit.amount = *line.pending_limit;
  next.pending_limit.reset();
  next.limit_asked_by.clear();
  next.revision = line.revision.Next(now);
  return next;
}

CreditLine TakeBack(const CreditLine& line, absl::Time now) {
  CreditLine next = line;
  next.on_hold = true;
  next.undone = true;
  next.pending_limit.reset();
  next.limit_asked_by.clear();
  next.revision = line.revision.Next(now);
  return next;
}

}  // namespace tributary::partner
