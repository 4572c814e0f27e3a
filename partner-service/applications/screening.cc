#include "partner-service/applications/screening.h"

#include <array>
#include <cstdint>

#include "common/text/text.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kVersion = "2026-1";
constexpr int kPassScore = 60;

// `points` below `bound`; the last band has no bound.
struct Band {
  int64_t below;
  int points;
};
constexpr int64_t kNoBound = INT64_MAX;

int PointsOf(int64_t value, const std::vector<Band>& bands) {
  for (const Band& band : bands) {
    if (value < band.below || band.below == kNoBound) return band.points;
  }
  return 0;
}

Criterion Missing(std::string_view name, int max_points, std::string_view why) {
  return {.name = std::string(name), .max_points = max_points, .missing = true, .explanation = std::string(why)};
}

Criterion Scored(std::string_view name, int points, int max_points, std::string explanation) {
  return {.name = std::string(name), .points = points, .max_points = max_points, .explanation = std::move(explanation)};
}

Criterion Told(std::string_view name, std::string_view value, std::string_view missing) {
  if (value.empty()) return Missing(name, 20, missing);
  return Scored(name, 20, 20, StrCat(value, " is told"));
}

Criterion AnnualSales(const std::optional<Money>& sales) {
  constexpr std::string_view kName = "annual_sales";
  if (!sales.has_value()) return Missing(kName, 20, "annual sales are not told");
  const std::string told = StrCat(sales->amount.ToString(), " ", sales->currency);
  const int64_t scale = sales->currency == "CNY" ? 7 : 1;
  if (scale == 1 && sales->currency != "USD" && sales->currency != "EUR" && sales->currency != "GBP") {
    return Scored(kName, 0, 20, StrCat(told, ": ", kVersion, " has no bands of this currency"));
  }
  int points = 20;
  std::string band = StrCat("from ", 1000000 * scale);
  for (const Band& b : {Band{100000, 5}, Band{500000, 10}, Band{1000000, 15}}) {
    if (sales->amount >= Decimal::FromInt(b.below * scale)) continue;
    points = b.points;
    band = StrCat("below ", b.below * scale);
    break;
  }
  return Scored(kName, points, 20, StrCat(told, " lies ", band));
}

Criterion Employees(std::optional<int> employees) {
  constexpr std::string_view kName = "employees";
  if (!employees.has_value()) return Missing(kName, 10, "the number of employees is not told");
  return Scored(kName, PointsOf(*employees, {{10, 2}, {50, 6}, {kNoBound, 10}}), 10, StrCat(*employees, " employees"));
}

Criterion YearsInBusiness(std::optional<int> year_opened, int year) {
  constexpr std::string_view kName = "years_in_business";
  if (!year_opened.has_value()) return Missing(kName, 10, "the year of opening is not told");
  const int years = year - *year_opened;
  if (years < 0) return Missing(kName, 10, StrCat(*year_opened, " lies ahead"));
  return Scored(kName, PointsOf(years, {{1, 2}, {3, 4}, {10, 7}, {kNoBound, 10}}), 10,
                StrCat(years, " years since ", *year_opened));
}

}  // namespace

Screening Screen(const ScreeningInput& input) {
  Screening screening{.criteria_version = std::string(kVersion), .pass_score = kPassScore};
  screening.criteria = {Told("legal_name", input.legal_name, "the legal name is not told"),
                        Told("kind", input.kind, "the kind is not told"),
                        Told("home_region", input.home_region, "the home region is not told or not in use"),
                        AnnualSales(input.annual_sales),
                        Employees(input.employees),
                        YearsInBusiness(input.year_opened, input.year)};
  for (const Criterion& criterion : screening.criteria) screening.score += criterion.points;
  screening.passed = screening.score >= screening.pass_score;
  return screening;
}

}  // namespace tributary::partner
