#include "incentive-service/engine/days_to_pay.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/text/text.h"
#include "incentive-service/engine/fact_set.h"

namespace tributary::incentive {
namespace {

int DaysOf(const PaidPart& part) { return std::max(0, part.allocation_date.days() - part.invoice_date.days()); }

}  // namespace

std::vector<FieldViolation> CheckPaymentBands(absl::Span<const PaymentBand> bands, std::string_view field) {
  std::vector<FieldViolation> violations;
  if (bands.empty()) violations.push_back({std::string(field), "no band", "at least one band"});
  for (size_t i = 0; i < bands.size(); ++i) {
    const std::string path = StrCat(field, "[", i, "]");
    const PaymentBand& band = bands[i];
    const int begin = i == 0 ? 0 : bands[i - 1].to_day;
    if (band.from_day != begin) {
      violations.push_back({path + ".from_day", StrCat(band.from_day),
                            i == 0 ? "0: the first band begins at day 0"
                                   : StrCat(begin, ", where the band before ends: neither a gap nor an overlap")});
    }
    if (band.to_day <= band.from_day) {
      violations.push_back({path + ".to_day", StrCat(band.to_day), StrCat("more than from_day, ", band.from_day)});
    }
    if (band.rate.negative() || band.rate > Decimal::FromInt(1)) {
      violations.push_back({path + ".rate", band.rate.ToString(), "a rate from 0 to 1, such as 0.02 for 2 %"});
    }
  }
  return violations;
}

std::string_view NameOf(PaidOutcome outcome) {
  switch (outcome) {
    case PaidOutcome::kEarns:
      return "EARNS";
    case PaidOutcome::kAfterLastBand:
      return "AFTER_LAST_BAND";
    case PaidOutcome::kNotMatched:
      return "NOT_MATCHED";
  }
  return {};
}

PaymentEarnings EarnedByDaysToPay(absl::Span<const PaymentBand> bands, std::vector<PaidPart> parts) {
  parts = OnceEach(std::move(parts));
  std::map<std::string_view, int> days;
  for (const PaidPart& part : parts) {
    if (part.reverses.empty()) days.emplace(part.fact, DaysOf(part));
  }
  PaymentEarnings earnings;
  for (const PaidPart& part : parts) {
    PaidLine line{.fact = part.fact};
    const auto known = days.find(part.reverses.empty() ? part.fact : part.reverses);
    if (known == days.end()) {
      line.outcome = PaidOutcome::kNotMatched;
    } else {
      line.days = known->second;
      for (const PaymentBand& band : bands) {
        if (band.from_day <= line.days && line.days < band.to_day) line.band = band;
      }
      if (line.band.has_value()) {
        line.value = Rational(part.amount) * Rational(line.band->rate);
      } else {
        line.outcome = PaidOutcome::kAfterLastBand;
      }
    }
    earnings.value = earnings.value + line.value;
    earnings.lines.push_back(std::move(line));
  }
  return earnings;
}

}  // namespace tributary::incentive
