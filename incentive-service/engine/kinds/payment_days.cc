#include "incentive-service/engine/kinds/payment_days.h"

#include <algorithm>

#include "common/text/text.h"

namespace tributary::incentive {

std::vector<FieldViolation> CheckBands(absl::Span<const DaysBand> bands, std::string_view field) {
  std::vector<FieldViolation> violations;
  if (bands.empty()) violations.push_back({std::string(field), "no band", "at least one band"});
  for (size_t i = 0; i < bands.size(); ++i) {
    const std::string path = StrCat(field, "[", i, "]");
    const int32_t before = i == 0 ? 0 : bands[i - 1].end;
    if (bands[i].end <= before) {
      violations.push_back({path + ".end_days", StrCat(bands[i].end), StrCat("more than ", before, " days")});
    }
    if (bands[i].rate.negative() || bands[i].rate > Decimal::FromInt(1)) {
      violations.push_back({path + ".rate", bands[i].rate.ToString(), "a rate from 0 to 1, such as 0.03 for 3 %"});
    }
  }
  return violations;
}

DaysValue ValueByDays(absl::Span<const DaysBand> bands, absl::Span<const AllocatedPart> parts) {
  DaysValue value;
  for (const AllocatedPart& allocated : parts) {
    DaysValue::Part part;
    part.days = allocated.allocation_date.days() - allocated.invoice_date.days();
    const auto band =
        std::find_if(bands.begin(), bands.end(), [&](const DaysBand& one) { return part.days < one.end; });
    if (band != bands.end()) {
      part.band = static_cast<size_t>(band - bands.begin());
      part.value = Rational(allocated.amount) * Rational(band->rate);
    }
    value.value = value.value + part.value;
    value.parts.push_back(std::move(part));
  }
  if (value.value.negative()) value.value = Rational();
  return value;
}

}  // namespace tributary::incentive
