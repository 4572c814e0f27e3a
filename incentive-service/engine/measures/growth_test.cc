#include "incentive-service/engine/measures/growth.h"

#include "common/status/status_matchers.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

std::vector<std::string> Blamed(const std::vector<FieldViolation>& violations) {
  std::vector<std::string> blamed;
  for (const FieldViolation& violation : violations) blamed.push_back(violation.field);
  return blamed;
}

TEST(GrowthTest, FindsABaseline) {
  const struct {
    Reference reference;
    NoBaseline policy;
    const char* fixed;     // "" for none
    const char* baseline;  // "": not eligible
  } kCases[] = {
      {{D("80000"), 365, 365}, NoBaseline::kNotEligible, "", "80000"},
      {{D("80000"), 365, 365}, NoBaseline::kFixed, "50000", "80000"},
      {{D("0"), 365, 365}, NoBaseline::kNotEligible, "", ""},
      {{D("-5"), 365, 365}, NoBaseline::kFixed, "50000", "50000"},
      {{D("0"), 365, 365}, NoBaseline::kFixed, "", ""},
      {{D("0"), 365, 365}, NoBaseline::kFixed, "0", ""},
      {{D("20000"), 73, 365}, NoBaseline::kNotEligible, "", ""},
      {{D("20000"), 73, 365}, NoBaseline::kFixed, "50000", "50000"},
      {{D("20000"), 73, 365}, NoBaseline::kProrateByActiveDays, "", "100000"},
      {{D("10"), 3, 10}, NoBaseline::kProrateByActiveDays, "", "100/3"},
      {{D("0"), 73, 365}, NoBaseline::kProrateByActiveDays, "", ""},
      {{D("20000"), 0, 365}, NoBaseline::kProrateByActiveDays, "", ""},
      {{D("-5"), 365, 365}, NoBaseline::kProrateByActiveDays, "", ""},
  };
  for (const auto& c : kCases) {
    const std::optional<Decimal> fixed = *c.fixed == '\0' ? std::nullopt : std::optional<Decimal>(D(c.fixed));
    const std::optional<Rational> baseline = BaselineOf(c.reference, c.policy, fixed);
    EXPECT_EQ(baseline.has_value() ? baseline->ToString() : "", c.baseline) << c.reference.sum.ToString();
  }
}

TEST(GrowthTest, PaysOnTheTotalOrTheIncrement) {
  const std::vector<GrowthTier> tiers = {{D("0"), D("0.01")}, {D("0.1"), D("0.02")}, {D("0.3"), D("0.03")}};
  const struct {
    PaidOn paid_on;
    const char* current;
    const char* baseline;
    int tier;  // -1: none
    const char* value;
    const char* missing;
  } kCases[] = {
      {PaidOn::kTotal, "100000", "80000", 1, "2000", "4000"},
      {PaidOn::kIncrement, "100000", "80000", 1, "400", "4000"},
      {PaidOn::kTotal, "88000", "80000", 1, "1760", "16000"},
      {PaidOn::kTotal, "87999.999999", "80000", 0, "87999999999/100000000", "1/1000000"},
      {PaidOn::kTotal, "79999", "80000", -1, "0", "1"},
      {PaidOn::kTotal, "104000", "80000", 2, "3120", "0"},
      {PaidOn::kIncrement, "80000", "80000", 0, "0", "8000"},
  };
  for (const auto& c : kCases) {
    const GrowthValue value = ValueOfGrowth(tiers, c.paid_on, R(c.current), R(c.baseline));
    EXPECT_EQ(value.tier.has_value() ? static_cast<int>(*value.tier) : -1, c.tier) << c.current;
    EXPECT_EQ(value.value.ToString(), c.value) << c.current;
    EXPECT_EQ(value.missing.ToString(), c.missing) << c.current;
  }
  // A decline that is still paid: on the total there is something, on the increment nothing.
  EXPECT_EQ(ValueOfGrowth({{D("-0.1"), D("0.01")}}, PaidOn::kTotal, R("90"), R("100")).value, R("0.9"));
  EXPECT_EQ(ValueOfGrowth({{D("-0.1"), D("0.01")}}, PaidOn::kIncrement, R("90"), R("100")).value, Rational());
}

// A third more than a third: no decimal holds the bound.
TEST(GrowthTest, ComparesWithoutADivision) {
  const Rational third = Rational(1, 3);
  EXPECT_TRUE(MeetsGrowth(third * R("1.5"), third, D("0.5")));
  EXPECT_FALSE(MeetsGrowth(third * R("1.5") - Rational(1, 1000000000), third, D("0.5")));
}

TEST(GrowthTest, RefusesTiersThatDoNotRise) {
  const struct {
    std::vector<GrowthTier> tiers;
    std::vector<std::string> blamed;
  } kCases[] = {
      {{{D("-1"), D("0")}, {D("0"), D("1")}}, {}},
      {{}, {"t"}},
      {{{D("-1.01"), D("0")}}, {"t[0].growth"}},
      {{{D("0.1"), D("0")}, {D("0.1"), D("0")}}, {"t[1].growth"}},
      {{{D("0.1"), D("-0.1")}, {D("0.2"), D("1.1")}}, {"t[0].rate", "t[1].rate"}},
  };
  for (const auto& c : kCases) EXPECT_EQ(Blamed(CheckGrowthTiers(c.tiers, "t")), c.blamed);
}

}  // namespace
}  // namespace tributary::incentive
