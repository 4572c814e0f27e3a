#include "cli/verify/growth.h"

#include <algorithm>
#include <charconv>

namespace tributary::cli::verify {
namespace {

std::chrono::sys_days FirstDay(int month) {
  using namespace std::chrono;
  return sys_days(year(month / 12) / (month % 12 + 1) / 1);
}

std::string Padded(int number, size_t width) {
  std::string text = std::to_string(number);
  return std::string(width - std::min(width, text.size()), '0') + text;
}

// Months since the year 0, of the first of it, and how many it has.
struct Months {
  int first = 0;
  int count = 0;
};
std::optional<Months> MonthsOf(std::string_view id) {
  const auto number = [&](size_t from, size_t count) {
    int value = -1;
    const char* end = id.data() + from + count;
    return std::from_chars(id.data() + from, end, value).ptr == end ? value : -1;
  };
  if (id.size() < 4 || number(0, 4) < 1) return std::nullopt;
  const int january = number(0, 4) * 12;
  if (id.size() == 4) return Months{january, 12};
  if (id.size() == 6 && id[4] == 'Q' && id[5] >= '1' && id[5] <= '4') return Months{january + (id[5] - '1') * 3, 3};
  if (id.size() != 7 || id[4] != '-' || number(5, 2) < 1 || number(5, 2) > 12) return std::nullopt;
  return Months{january + number(5, 2) - 1, 1};
}

}  // namespace

std::optional<CalendarPeriod> PeriodBefore(std::string_view id, bool by_a_year) {
  std::optional<Months> months = MonthsOf(id);
  if (!months.has_value()) return std::nullopt;
  months->first -= by_a_year ? 12 : months->count;
  std::string name = Padded(months->first / 12, 4);
  const int month = months->first % 12;
  if (months->count == 3) name += "Q" + std::to_string(month / 3 + 1);
  if (months->count == 1) name += "-" + Padded(month + 1, 2);
  return CalendarPeriod{std::move(name), FirstDay(months->first), FirstDay(months->first + months->count)};
}

int DaysFrom(const CalendarPeriod& period, std::string_view day) {
  if (day.size() != 10) return period.days();
  const std::optional<Months> months = MonthsOf(day.substr(0, 7));
  if (!months.has_value()) return period.days();
  const int of_month = (day[8] - '0') * 10 + (day[9] - '0');
  const std::chrono::sys_days from = std::max(period.start, FirstDay(months->first) + std::chrono::days(of_month - 1));
  return std::max(0, static_cast<int>((period.end - from).count()));
}

BaselineWork WorkOutBaseline(const BaselineInput& input) {
  const bool bought = input.reference > 0;
  if (input.fixed || !bought || input.active_days < input.reference_days) {
    if (input.agreed.has_value() && *input.agreed > 0 && (input.fixed || input.fallback == "FIXED_BASELINE")) {
      return {"MEASURED", Whole(*input.agreed)};
    }
    if (input.fixed || !bought) return {"BASELINE_NOT_POSITIVE", std::nullopt};
    if (input.fallback != "PRORATE_BY_ACTIVE_DAYS" || input.active_days == 0) {
      return {"NOT_ACTIVE_THROUGHOUT", std::nullopt};
    }
    return {"MEASURED", Times(Whole(input.reference), Reduced(input.reference_days, input.active_days))};
  }
  return {"MEASURED", Whole(input.reference)};
}

ScaleValue WorkOutRatio(const ScaleTerms& terms, const ScaleSums& sums) {
  ScaleValue worked = WorkOut(terms, sums);
  if (terms.shape == ScaleShape::kPerUnit) return worked;
  for (ScalePart& part : worked.parts) {
    const ScaleTier& tier = terms.tiers[part.tier];
    part.amount = sums.base.num > 0 ? Times(part.amount, Over(sums.base, sums.reach)) : Fraction();
    part.value = Times(part.amount, Whole(tier.rate));
    if (terms.shape == ScaleShape::kTarget) part.value = Plus(part.value, Whole(tier.amount));
  }
  return worked;
}

ScaleValue WorkOutGrowth(const ScaleTerms& terms, const std::optional<Fraction>& baseline, bool pays_increment,
                         const Fraction& current, const Fraction& units) {
  if (!baseline.has_value()) return {};
  return WorkOutRatio(terms, {Over(current, *baseline), pays_increment ? Minus(current, *baseline) : current, units});
}

Fraction AsPrinted(const Fraction& amount) {
  Integer scale = 1;
  for (int i = 0; i < 40; ++i) scale *= 10;
  return {Round({amount.num * scale, amount.den}, RoundingRule::kHalfEven), scale};
}

}  // namespace tributary::cli::verify
