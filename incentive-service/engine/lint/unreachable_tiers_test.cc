#include "incentive-service/engine/lint/unreachable_tiers.h"

#include "common/status/status_matchers.h"
#include "incentive-service/engine/lint/testing_findings.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

TEST(UnreachableTiersTest, FindsTiersThatPayNobodyMore) {
  const struct {
    const char* what;
    Shape shape;
    Measure measure;
    const char* tiers;
    const char* cap;  // "" for none, here and below
    const char* most;
    const char* budget;
    const char* unit_price;
    const char* findings;
  } kCases[] = {
      {"all well", Shape::kRetroactive, Measure::kAmount, "0:0.01 1000:0.02", "50", "5000", "100", "", ""},
      {"beyond the largest partner", Shape::kRetroactive, Measure::kAmount, "0:0.01 1000:0.02 9000:0.03", "", "5000",
       "", "", "tier-above-limit reached_at=9000 most=5000"},
      {"just within", Shape::kRetroactive, Measure::kAmount, "0:0.01 5000:0.02", "", "5000", "", "", ""},
      // 2 % of 2,500 is 50.
      {"behind the cap", Shape::kMarginal, Measure::kAmount, "0:0.02 1000:0.03 9000:0.05", "50", "", "", "",
       "tier-behind-cap below=8999.99 value_below=50 reached_at=9000 value_there=50"},
      {"the cap is reached in it", Shape::kMarginal, Measure::kAmount, "0:0.02 1000:0.03", "50", "", "", "", ""},
      {"a lower rate falls below the cap again", Shape::kRetroactive, Measure::kAmount, "0:0.1 1000:0.01", "50", "", "",
       "", ""},
      {"more than the budget", Shape::kRetroactive, Measure::kAmount, "0:0.01 1000:0.02 9000:0.03", "", "", "200", "",
       "tier-above-budget! reached_at=9000 value_there=270 budget=200"},
      {"a target above the budget", Shape::kTarget, Measure::kQuantity, "500:+1000", "", "", "999", "9",
       "tier-above-budget! reached_at=500 value_there=1000 budget=999"},
      {"units at a price", Shape::kRetroactive, Measure::kQuantity, "0:0.01 100:0.02", "", "", "10", "9.5",
       "tier-above-budget! reached_at=100 value_there=19 budget=10"},
      {"units without a price: only what units say", Shape::kRetroactive, Measure::kQuantity, "0:0.01 100:0.02", "",
       "50", "1", "", "tier-above-limit reached_at=100 most=50"},
      {"an amount a unit needs no price", Shape::kPerUnit, Measure::kQuantity, "0:+1 100:+2", "", "", "150", "",
       "tier-above-budget! reached_at=100 value_there=200 budget=150"},
  };
  for (const auto& c : kCases) {
    const auto given = [](const char* text) { return *text == '\0' ? std::nullopt : std::optional<Decimal>(D(text)); };
    Terms terms = TermsOf(c.shape, c.tiers);
    terms.scale.measure = c.measure;
    terms.cap = given(c.cap);
    EXPECT_EQ(Summary(LintUnreachableTiers(terms, {given(c.most), given(c.budget), given(c.unit_price)})), c.findings)
        << c.what;
  }
}

}  // namespace
}  // namespace tributary::incentive
