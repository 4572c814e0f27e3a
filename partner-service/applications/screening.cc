#include "partner-service/applications/screening.h"

#include <array>
#include <cstdint>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::partner {
namespace {

// `points` below `bound`; the last band has no bound.
struct Band {
  int64_t below;
  int points;
};
constexpr int64_t kNoBound = INT64_MAX;

// What a set of criteria gives; 0 most points leave a criterion out.
struct Weights {
  std::string_view version;
  int pass_score;
  int legal_name, kind, home_region, tax_id, license, certificates;
  std::array<int, 4> annual_sales;
  std::array<Band, 3> employees;
  std::array<Band, 4> years;
  std::array<Band, 4> references;
};

constexpr std::array<Weights, 2> kSets = {{
    {.version = "2026-1",
     .pass_score = 60,
     .legal_name = 20,
     .kind = 20,
     .home_region = 20,
     .tax_id = 0,
     .license = 0,
     .certificates = 0,
     .annual_sales = {5, 10, 15, 20},
     .employees = {{{10, 2}, {50, 6}, {kNoBound, 10}}},
     .years = {{{1, 2}, {3, 4}, {10, 7}, {kNoBound, 10}}},
     .references = {{{kNoBound, 0}, {kNoBound, 0}, {kNoBound, 0}, {kNoBound, 0}}}},
    {.version = "2026-2",
     .pass_score = 50,
     .legal_name = 10,
     .kind = 10,
     .home_region = 15,
     .tax_id = 5,
     .license = 5,
     .certificates = 5,
     .annual_sales = {4, 8, 12, 15},
     .employees = {{{10, 2}, {50, 6}, {kNoBound, 10}}},
     .years = {{{1, 3}, {3, 6}, {10, 10}, {kNoBound, 15}}},
     .references = {{{1, 0}, {2, 4}, {3, 7}, {kNoBound, 10}}}},
}};

const Weights& SetOf(std::string_view version) {
  for (const Weights& set : kSets) {
    if (set.version == version) return set;
  }
  return kSets.back();
}

// What the aspects' criteria are put together of.
class Sum {
 public:
  explicit Sum(Screening* screening) : screening_(*screening) {}

  void Begin(Aspect aspect) { aspect_ = aspect; }
  void Missing(std::string_view name, int most, std::string_view why) {
    if (most == 0) return;
    screening_.criteria.push_back({.name = std::string(name),
                                   .aspect = aspect_,
                                   .max_points = most,
                                   .missing = true,
                                   .explanation = std::string(why)});
  }
  void Scored(std::string_view name, int points, int most, std::string explanation) {
    if (most == 0) return;
    screening_.criteria.push_back({.name = std::string(name),
                                   .aspect = aspect_,
                                   .points = points,
                                   .max_points = most,
                                   .explanation = std::move(explanation)});
    screening_.score += points;
  }
  void Told(std::string_view name, int most, std::string_view value, std::string_view missing) {
    value.empty() ? Missing(name, most, missing) : Scored(name, most, most, StrCat(value, " is told"));
  }
  void Held(std::string_view name, int most, int documents, std::string_view kind) {
    if (documents == 0) return Missing(name, most, StrCat("there is no document of the kind ", kind, " that holds"));
    Scored(name, most, most, StrCat(documents, " of the kind ", kind, " that hold"));
  }
  template <size_t n>
  void Banded(std::string_view name, int64_t value, const std::array<Band, n>& bands, const std::string& explanation) {
    for (const Band& band : bands) {
      if (value >= band.below && band.below != kNoBound) continue;
      return Scored(name, band.points, bands.back().points, explanation);
    }
  }

 private:
  Screening& screening_;
  Aspect aspect_ = Aspect::kQualification;
};

void AnnualSales(const std::optional<Money>& sales, const Weights& set, Sum* sum) {
  constexpr std::string_view kName = "annual_sales";
  const int most = set.annual_sales.back();
  if (!sales.has_value()) return sum->Missing(kName, most, "annual sales are not told");
  const std::string told = StrCat(sales->amount.ToString(), " ", sales->currency);
  const int64_t scale = sales->currency == "CNY" ? 7 : 1;
  if (scale == 1 && sales->currency != "USD" && sales->currency != "EUR" && sales->currency != "GBP") {
    return sum->Scored(kName, 0, most, StrCat(told, ": ", set.version, " has no bands of this currency"));
  }
  constexpr std::array<int64_t, 3> kBounds = {100000, 500000, 1000000};
  for (size_t i = 0; i < kBounds.size(); ++i) {
    const int64_t bound = kBounds[i] * scale;
    if (sales->amount >= Decimal::FromInt(bound)) continue;
    return sum->Scored(kName, set.annual_sales[i], most, StrCat(told, " lies below ", bound));
  }
  sum->Scored(kName, most, most, StrCat(told, " lies from ", kBounds.back() * scale));
}

void YearsInBusiness(std::optional<int> year_opened, int year, const Weights& set, Sum* sum) {
  constexpr std::string_view kName = "years_in_business";
  const int most = set.years.back().points;
  if (!year_opened.has_value()) return sum->Missing(kName, most, "the year of opening is not told");
  const int years = year - *year_opened;
  if (years < 0) return sum->Missing(kName, most, StrCat(*year_opened, " lies ahead"));
  sum->Banded(kName, years, set.years, StrCat(years, " years since ", *year_opened));
}

}  // namespace

absl::Status CheckCriteriaVersion(std::string_view version) {
  if (version.empty()) return absl::OkStatus();
  std::string known;
  for (const Weights& set : kSets) {
    if (set.version == version) return absl::OkStatus();
    StrAppend(&known, known.empty() ? "" : ", ", set.version);
  }
  return InvalidField("criteria_version", Printable(version), StrCat("one of ", known, ", or none"));
}

Screening Screen(const ScreeningInput& input, std::string_view version) {
  const Weights& set = SetOf(version.empty() ? kCriteriaInForce : version);
  Screening screening{.criteria_version = std::string(set.version), .pass_score = set.pass_score};
  Sum sum(&screening);
  sum.Begin(Aspect::kQualification);
  sum.Told("legal_name", set.legal_name, input.legal_name, "the legal name is not told");
  sum.Told("kind", set.kind, input.kind, "the kind is not told");
  sum.Told("home_region", set.home_region, input.home_region, "the home region is not told or not in use");
  sum.Told("tax_id", set.tax_id, input.tax_id, "the tax id is not told");
  sum.Held("license", set.license, input.licenses, "LICENSE");
  sum.Begin(Aspect::kReputation);
  YearsInBusiness(input.year_opened, input.year, set, &sum);
  if (input.references == 0) {
    sum.Missing("references", set.references.back().points, "nobody is named who may be asked");
  } else {
    sum.Banded("references", input.references, set.references, StrCat(input.references, " who may be asked"));
  }
  sum.Begin(Aspect::kCapability);
  AnnualSales(input.annual_sales, set, &sum);
  if (!input.employees.has_value()) {
    sum.Missing("employees", set.employees.back().points, "the number of employees is not told");
  } else {
    sum.Banded("employees", *input.employees, set.employees, StrCat(*input.employees, " employees"));
  }
  sum.Held("certificates", set.certificates, input.certificates, "CERTIFICATE");
  screening.passed = screening.score >= screening.pass_score;
  return screening;
}

std::vector<AspectScore> AspectsOf(const Screening& screening) {
  std::vector<AspectScore> aspects;
  for (const Criterion& criterion : screening.criteria) {
    if (aspects.empty() || aspects.back().aspect != criterion.aspect) aspects.push_back({.aspect = criterion.aspect});
    aspects.back().points += criterion.points;
    aspects.back().max_points += criterion.max_points;
  }
  return aspects;
}

std::vector<std::string> MissingOf(const Screening& screening) {
  std::vector<std::string> missing;
  for (const Criterion& criterion : screening.criteria) {
    if (criterion.missing) missing.push_back(criterion.name);
  }
  return missing;
}

}  // namespace tributary::partner
