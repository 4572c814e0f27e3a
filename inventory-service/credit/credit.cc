#include "inventory-service/credit/credit.h"

#include "common/text/text.h"

namespace tributary::inventory {

std::string CreditLine::name() const { return StrCat("partners/", partner, "/creditLines/", id); }

Decimal Exposure::SumOf(ExposureKind kind) const {
  Decimal sum;
  for (const ExposureTerm& term : terms) {
    if (term.kind == kind) sum += term.amount;
  }
  return sum;
}

Decimal Exposure::total() const {
  Decimal sum;
  for (const ExposureTerm& term : terms) sum += term.amount;
  return sum;
}

std::optional<CreditLine> InForce(const std::vector<CreditLine>& lines, std::string_view currency, Date day) {
  for (const CreditLine& line : lines) {
    if (line.currency == currency && line.valid.Contains(day)) return line;
  }
  return std::nullopt;
}

CreditVerdict CheckCredit(const Exposure& exposure, Decimal more) {
  CreditVerdict verdict{.got = exposure.total() + more, .limit = exposure.limit()};
  if (verdict.limit < verdict.got) verdict.short_by = verdict.got - verdict.limit;
  if (more <= Decimal()) {
    verdict.passed = true;
    verdict.why = "adds nothing to what is owed";
  } else if (!exposure.line.has_value() && !verdict.short_by.zero()) {
    verdict.why = "no credit line is in force on this day, so what is ordered is paid in advance";
  } else if (exposure.on_hold()) {
    verdict.why = StrCat(exposure.line->name(), " is held");
  } else if (!verdict.short_by.zero()) {
    verdict.why = StrCat("more than the limit of ", exposure.line->name());
  } else {
    verdict.passed = true;
    verdict.why = exposure.line.has_value() ? StrCat("within the limit of ", exposure.line->name())
                                            : std::string("paid in advance");
  }
  return verdict;
}

}  // namespace tributary::inventory
