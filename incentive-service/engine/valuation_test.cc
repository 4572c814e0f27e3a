#include "incentive-service/engine/valuation.h"

#include "common/money/money.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "incentive-service/engine/exact.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

// "1000" as Q and B; "1000/900" as Q and B; a third part is the units that are paid.
Bases BasesOf(std::string_view text) {
  std::vector<Rational> numbers;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find('/', begin), text.size());
    numbers.push_back(R(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  Bases bases;
  bases.reach = bases.base = numbers[0];
  if (numbers.size() > 1) bases.base = numbers[1];
  if (numbers.size() > 2) bases.quantity = numbers[2];
  return bases;
}

// "[0, 1000): 1000 x 0.1 + 0 = 100; ..."
std::string Explained(const Terms& terms, const Valuation& valuation) {
  std::string text;
  for (const ScalePart& part : valuation.parts) {
    if (!text.empty()) text += "; ";
    StrAppend(&text, IntervalText(terms.scale, part.tier), ": ", part.amount.ToString(), " x ", part.rate.ToString());
    if (!part.once.zero()) StrAppend(&text, " + ", part.once.ToString());
    StrAppend(&text, " = ", part.value.ToString());
  }
  return text;
}

constexpr char kDynamics[] = "0:0.1 1000:0.25 2500:0";
constexpr char kQuantityTiers[] = "0:0.01 100:0.02 300:0.05";

TEST(ValuationTest, EveryShapeHasItsValue) {
  constexpr Measure kAmount = Measure::kAmount, kQuantity = Measure::kQuantity;
  const struct {
    Shape shape;
    Measure measure;
    const char* tiers;
    const char* bases;  // Q/B/units
    const char* value;
  } kCases[] = {
      // Dynamics 365's four methods on one contract.
      {Shape::kMarginal, kAmount, kDynamics, "2000", "350.00"},
      {Shape::kRetroactive, kAmount, kDynamics, "2000", "500.00"},
      {Shape::kRolling, kAmount, kDynamics, "2000", "600.00"},
      {Shape::kTotal, kAmount, kDynamics, "2000", "700.00"},
      {Shape::kRolling, kAmount, kDynamics, "1000", "350.00"},  // the bound reaches the second tier
      {Shape::kRolling, kAmount, kDynamics, "999.99", "100.00"},
      {Shape::kRolling, kAmount, kDynamics, "3000", "725.00"},  // 1,000 x 10 % + 2,500 x 25 % + 3,000 x 0 %
      {Shape::kTotal, kAmount, kDynamics, "999.99", "100.00"},
      // SAP's minimum: nothing below it, then 2 %, then 4 %.
      {Shape::kRetroactive, kAmount, "0:0 5000:0.02 20000:0.04", "3000", "0.00"},
      {Shape::kRetroactive, kAmount, "0:0 5000:0.02 20000:0.04", "7000", "140.00"},
      {Shape::kRetroactive, kAmount, "0:0 5000:0.02 20000:0.04", "27000", "1080.00"},
      // Widths, never bounds.
      {Shape::kMarginal, kAmount, "0:0.05 1000:0.1 5000:0.2 20000:0", "20000", "3450.00"},
      {Shape::kMarginal, kAmount, "0:0.05 1000:0.1 5000:0.2 20000:0", "11500", "1750.00"},
      {Shape::kMarginal, kAmount, "0:0.1 100:0.2 300:0.3 6000:0", "1000", "260.00"},
      {Shape::kMarginal, kAmount, "0:0.1 100:0.2 300:0.3 6000:0", "3800", "1100.00"},
      // Paid on less than what reaches the tier: the average rate of Q, on B.
      {Shape::kFlat, kAmount, "0:0.03", "72000/68400", "2052.00"},
      {Shape::kRetroactive, kAmount, "0:0.02 50000:0.03", "60000/40000", "1200.00"},
      {Shape::kMarginal, kAmount, kDynamics, "2000/1000", "175.00"},
      {Shape::kRolling, kAmount, kDynamics, "2000/1000", "300.00"},
      {Shape::kTotal, kAmount, kDynamics, "2000/1000", "350.00"},
      {Shape::kMarginal, kAmount, kDynamics, "2000/3000", "525.00"},
      // Units reach the tier, money is paid on.
      {Shape::kRetroactive, kQuantity, kQuantityTiers, "99/9900", "99.00"},
      {Shape::kRetroactive, kQuantity, kQuantityTiers, "100/10000", "200.00"},
      {Shape::kMarginal, kQuantity, kQuantityTiers, "400/40000", "1000.00"},  // 100 x 1 % + 200 x 2 % + 100 x 5 % = 10
      // An amount for each unit that is paid; here tiers are reached by units, there by money.
      {Shape::kPerUnit, kQuantity, "0:+25", "100/72000/100", "2500.00"},
      {Shape::kPerUnit, kQuantity, "0:+5 100:+8", "99/0/99", "495.00"},
      {Shape::kPerUnit, kQuantity, "0:+5 100:+8", "100/0/100", "800.00"},
      {Shape::kPerUnit, kQuantity, "0:+5 100:+8", "150/0/40", "320.00"},
      {Shape::kPerUnit, kAmount, "0:+0 10000:+1.5", "10000/0/7.5", "11.25"},
      {Shape::kPerUnit, kAmount, "0:+1", "10000/10000/-3", "0.00"},
      // All or nothing, once or at a rate; with a second step.
      {Shape::kTarget, kAmount, "50000:+1000", "49999.99", "0.00"},
      {Shape::kTarget, kAmount, "50000:+1000", "50000", "1000.00"},
      {Shape::kTarget, kAmount, "50000:+1000", "50000/0", "1000.00"},
      {Shape::kTarget, kAmount, "50000:0.02", "60000", "1200.00"},
      {Shape::kTarget, kAmount, "50000:0.02", "60000/50000", "1000.00"},
      {Shape::kTarget, kQuantity, "500:0.02", "500/60000", "1200.00"},
      {Shape::kTarget, kAmount, "50000:+1000 60000:+5000", "59999", "1000.00"},
      {Shape::kTarget, kAmount, "50000:+1000 60000:+5000", "60000", "5000.00"},
      // Nothing, and less than nothing.
      {Shape::kRolling, kAmount, kDynamics, "0", "0.00"},
      {Shape::kTotal, kAmount, kDynamics, "-5", "0.00"},
      {Shape::kFlat, kAmount, "0:0.03", "100/-5", "0.00"},
      {Shape::kFlat, kAmount, "0:0.03", "-5/100", "0.00"},
      {Shape::kTarget, kAmount, "0:+10", "0", "0.00"},
  };
  for (const auto& c : kCases) {
    Terms terms = TermsOf(c.shape, c.tiers);
    terms.scale.measure = c.measure;
    ASSERT_THAT(CheckTermsValue(terms, "terms"), ::testing::IsEmpty()) << c.tiers;
    ASSERT_OK_AND_ASSIGN(const Valuation valuation, Evaluate(terms, BasesOf(c.bases)));
    EXPECT_EQ(FormatMinorUnits(valuation.minor, "CNY"), c.value)
        << static_cast<int>(c.shape) << ": " << c.tiers << " on " << c.bases;
  }
}

TEST(ValuationTest, ExplainsItself) {
  const struct {
    Shape shape;
    Bound bound;
    const char* tiers;
    const char* bases;
    const char* parts;
    const char* exact;
  } kCases[] = {
      {Shape::kRolling, Bound::kFrom, kDynamics, "2000", "[0, 1000): 1000 x 0.1 = 100; [1000, 2500): 2000 x 0.25 = 500",
       "600"},
      {Shape::kRolling, Bound::kUpto, kDynamics, "1000", "(0, 1000]: 1000 x 0.1 = 100", "100"},
      {Shape::kTotal, Bound::kFrom, kDynamics, "2500/2000",
       "[0, 1000): 2500 x 0.1 = 250; [1000, 2500): 2500 x 0.25 = 625; [2500, ∞): 2500 x 0 = 0", "700"},
      {Shape::kMarginal, Bound::kFrom, "0:0.05 1000:0.1 5000:0.2", "11500",
       "[0, 1000): 1000 x 0.05 = 50; [1000, 5000): 4000 x 0.1 = 400; [5000, ∞): 6500 x 0.2 = 1300", "1750"},
      {Shape::kFlat, Bound::kFrom, "0:0.03", "72000/68400", "[0, ∞): 72000 x 0.03 = 2160", "2052"},
      {Shape::kPerUnit, Bound::kFrom, "0:+25", "72000/72000/100", "[0, ∞): 100 x 25 = 2500", "2500"},
      {Shape::kTarget, Bound::kFrom, "500:+1000", "500", "[500, ∞): 0 x 0 + 1000 = 1000", "1000"},
      {Shape::kTarget, Bound::kUpto, "500:+1000", "500", "", "0"},
      {Shape::kTarget, Bound::kUpto, "500:0.1 700:0.2", "700", "(500, 700]: 700 x 0.1 = 70", "70"},
  };
  for (const auto& c : kCases) {
    const Terms terms = TermsOf(c.shape, c.tiers, c.bound);
    ASSERT_OK_AND_ASSIGN(const Valuation valuation, Evaluate(terms, BasesOf(c.bases)));
    EXPECT_EQ(Explained(terms, valuation), c.parts);
    EXPECT_EQ(valuation.exact.ToString(), c.exact) << c.parts;
  }
}

TEST(ValuationTest, AppliesTheFloorThenTheCap) {
  const struct {
    const char* floor;  // "" for none
    const char* cap;
    const char* bases;  // at 2 %
    const char* before;
    Limit limit;
    const char* value;
  } kCases[] = {
      {"", "2000", "100000", "2000", Limit::kNone, "2000"},
      {"", "2000", "100001", "100001/50", Limit::kCap, "2000"},
      {"100", "", "4999", "4999/50", Limit::kFloor, "100"},
      {"100", "", "5000", "100", Limit::kNone, "100"},
      {"100", "100", "1", "1/50", Limit::kFloor, "100"},
      {"100", "100", "9000", "180", Limit::kCap, "100"},
      // A floor lifts what was bought, not nothing.
      {"100", "", "0", "0", Limit::kNone, "0"},
      {"100", "", "-20", "0", Limit::kNone, "0"},
      {"100", "", "500/0", "0", Limit::kNone, "0"},
      {"100", "", "0.01", "1/5000", Limit::kFloor, "100"},
  };
  for (const auto& c : kCases) {
    Terms terms = TermsOf(Shape::kFlat, "0:0.02");
    if (*c.floor != '\0') terms.floor = D(c.floor);
    if (*c.cap != '\0') terms.cap = D(c.cap);
    ASSERT_THAT(CheckTermsValue(terms, "terms"), ::testing::IsEmpty());
    ASSERT_OK_AND_ASSIGN(const Valuation valuation, Evaluate(terms, BasesOf(c.bases)));
    EXPECT_EQ(valuation.before.ToString(), c.before) << c.bases;
    EXPECT_EQ(valuation.limit, c.limit) << c.bases;
    EXPECT_EQ(valuation.exact.ToString(), c.value) << c.bases;
  }
}

TEST(ValuationTest, PenaltiesChargeAtMostTheirLimit) {
  const struct {
    Shape shape;
    const char* tiers;
    const char* bases;
    const char* parts;
    Limit limit;
    const char* value;  // max_penalty is 3,000
  } kCases[] = {
      // A target that is missed: an amount, or a rate on what is missing.
      {Shape::kTarget, "50000:+1000", "50000", "", Limit::kNone, "0.00"},
      {Shape::kTarget, "50000:+1000", "49999.99", "[50000, ∞): 0 x 0 + 1000 = 1000", Limit::kNone, "-1000.00"},
      {Shape::kTarget, "50000:+1000", "0", "[50000, ∞): 0 x 0 + 1000 = 1000", Limit::kNone, "-1000.00"},
      {Shape::kTarget, "50000:0.1", "40000", "[50000, ∞): 10000 x 0.1 = 1000", Limit::kNone, "-1000.00"},
      {Shape::kTarget, "50000:0.1", "20000", "[50000, ∞): 30000 x 0.1 = 3000", Limit::kNone, "-3000.00"},
      {Shape::kTarget, "50000:0.1", "-10", "[50000, ∞): 50010 x 0.1 = 5001", Limit::kMaxPenalty, "-3000.00"},
      // Any other shape charges what it would pay.
      {Shape::kRetroactive, "0:0.05 10000:0", "9999", "[0, 10000): 9999 x 0.05 = 9999/20", Limit::kNone, "-499.95"},
      {Shape::kRetroactive, "0:0.05 10000:0", "10000", "[10000, ∞): 10000 x 0 = 0", Limit::kNone, "0.00"},
      {Shape::kRetroactive, "0:0.05 10000:0", "-3", "", Limit::kNone, "0.00"},
      {Shape::kFlat, "0:0.05", "90000", "[0, ∞): 90000 x 0.05 = 4500", Limit::kMaxPenalty, "-3000.00"},
  };
  for (const auto& c : kCases) {
    Terms terms = TermsOf(c.shape, c.tiers);
    terms.max_penalty = D("3000");
    ASSERT_THAT(CheckTermsValue(terms, "terms"), ::testing::IsEmpty());
    ASSERT_OK_AND_ASSIGN(const Valuation valuation, Evaluate(terms, BasesOf(c.bases)));
    EXPECT_EQ(Explained(terms, valuation), c.parts);
    EXPECT_EQ(valuation.limit, c.limit) << c.bases;
    EXPECT_EQ(FormatMinorUnits(valuation.minor, "CNY"), c.value) << c.bases;
  }
}

TEST(ValuationTest, CarriesWhatIsBelowNothingWhereDeclared) {
  const struct {
    bool declared;
    const char* bases;
    const char* carried;  // Q B units
  } kCases[] = {
      {true, "100/90/3", "0 0 0"},
      {true, "-100/-90/-3", "-100 -90 -3"},
      {true, "100/-90/3", "0 -90 0"},
      {false, "-100/-90/-3", "0 0 0"},
  };
  for (const auto& c : kCases) {
    Terms terms = TermsOf(Shape::kFlat, "0:0.02");
    terms.carry_negative = c.declared;
    const Bases carried = EvaluateExactly(terms, BasesOf(c.bases)).carried;
    EXPECT_EQ(StrCat(carried.reach.ToString(), " ", carried.base.ToString(), " ", carried.quantity.ToString()),
              c.carried)
        << c.bases;
  }
}

TEST(ValuationTest, RefusesTermsThatSayNothing) {
  const struct {
    const char* what;
    Terms terms;
    std::vector<std::string> blamed;
  } kCases[] = {
      {"a flat rate with steps", TermsOf(Shape::kFlat, "0:0.1 5:0.2"), {"t.scale.tiers"}},
      {"a flat rate from 5", TermsOf(Shape::kFlat, "5:0.1"), {"t.scale.tiers[0].from_amount"}},
      {"a target from 5", TermsOf(Shape::kTarget, "5:0.1"), {}},
      {"a target below 0", TermsOf(Shape::kTarget, "-5:0.1"), {"t.scale.tiers[0].from_amount"}},
      {"falling targets", TermsOf(Shape::kTarget, "7:0.1 5:0.2"), {"t.scale.tiers[1].from_amount"}},
      {"a target for nothing", TermsOf(Shape::kTarget, "5:0"), {"t.scale.tiers[0]"}},
      {"an amount below 0", TermsOf(Shape::kPerUnit, "0:+-1"), {"t.scale.tiers[0].amount"}},
      {"a rate a unit", TermsOf(Shape::kPerUnit, "0:0.1"), {"t.scale.tiers[0].rate"}},
      {"an amount where rates are paid", TermsOf(Shape::kMarginal, "0:+5"), {"t.scale.tiers[0].amount"}},
      {"rates that sum to more than all", TermsOf(Shape::kTotal, "0:0.6 5:0.6"), {"t.scale.tiers"}},
      {"rates that roll to more than all", TermsOf(Shape::kRolling, "0:0.6 5:0.6"), {"t.scale.tiers"}},
      {"rates that sum to all", TermsOf(Shape::kTotal, "0:0.5 5:0.5"), {}},
      {"rates that replace one another", TermsOf(Shape::kRetroactive, "0:0.6 5:0.6"), {}},
  };
  for (const auto& c : kCases) {
    std::vector<std::string> blamed;
    for (const FieldViolation& violation : CheckTermsValue(c.terms, "t")) blamed.push_back(violation.field);
    EXPECT_EQ(blamed, c.blamed) << c.what;
  }
}

TEST(ValuationTest, RefusesLimitsThatContradict) {
  const struct {
    Shape shape;
    Measure measure;
    const char* tiers;
    const char* floor;  // "" for none
    const char* cap;
    const char* max_penalty;
    std::vector<std::string> blamed;
  } kCases[] = {
      {Shape::kFlat, Measure::kAmount, "0:0.1", "0", "0.01", "", {}},
      {Shape::kFlat, Measure::kAmount, "0:0.1", "-1", "", "", {"t.floor"}},
      {Shape::kFlat, Measure::kAmount, "0:0.1", "", "0", "", {"t.cap"}},
      {Shape::kFlat, Measure::kAmount, "0:0.1", "5", "4", "", {"t.cap"}},
      {Shape::kFlat, Measure::kAmount, "0:0.1", "", "", "0", {}},
      {Shape::kFlat, Measure::kAmount, "0:0.1", "", "", "-1", {"t.max_penalty"}},
      {Shape::kFlat, Measure::kAmount, "0:0.1", "1", "2", "9", {"t.floor", "t.cap"}},
      {Shape::kTarget, Measure::kAmount, "5:0.1 6:0.2", "", "", "9", {"t.scale.tiers"}},
      {Shape::kTarget, Measure::kQuantity, "5:0.1", "", "", "9", {"t.scale.tiers[0].rate"}},
      {Shape::kTarget, Measure::kQuantity, "5:+7", "", "", "9", {}},
  };
  for (const auto& c : kCases) {
    Terms terms = TermsOf(c.shape, c.tiers);
    terms.scale.measure = c.measure;
    if (*c.floor != '\0') terms.floor = D(c.floor);
    if (*c.cap != '\0') terms.cap = D(c.cap);
    if (*c.max_penalty != '\0') terms.max_penalty = D(c.max_penalty);
    std::vector<std::string> blamed;
    for (const FieldViolation& violation : CheckTermsValue(terms, "t")) blamed.push_back(violation.field);
    EXPECT_EQ(blamed, c.blamed) << c.floor << " " << c.cap << " " << c.max_penalty;
  }
}

TEST(ValuationTest, TellsWhatComesNext) {
  const struct {
    Shape shape;
    Measure measure;
    const char* tiers;
    const char* bases;
    const char* from;  // "" in the last tier
    const char* missing;
    int64_t now;
    int64_t then;  // -1: unknown
  } kCases[] = {
      {Shape::kRetroactive, Measure::kAmount, "0:0.02 50000:0.03 100000:0.04", "95617.0050", "100000", "4382.995",
       286851, 400000},
      {Shape::kRetroactive, Measure::kQuantity, kQuantityTiers, "80/8000", "100", "20", 8000, 20000},
      {Shape::kRetroactive, Measure::kQuantity, kQuantityTiers, "0/0", "100", "100", 0, -1},
      {Shape::kPerUnit, Measure::kQuantity, "0:+5 100:+8", "50/0/25", "100", "50", 12500, 40000},
      {Shape::kTarget, Measure::kAmount, "50000:+1000", "20000", "50000", "30000", 0, 100000},
      {Shape::kTarget, Measure::kAmount, "50000:+1000", "-20", "50000", "50020", 0, -1},
      {Shape::kTarget, Measure::kAmount, "50000:+1000", "50000", "", "0", 100000, 100000},
  };
  for (const auto& c : kCases) {
    Terms terms = TermsOf(c.shape, c.tiers);
    terms.scale.measure = c.measure;
    ASSERT_OK_AND_ASSIGN(const NextStep next, WhatNext(terms, BasesOf(c.bases)));
    EXPECT_EQ(next.from.has_value() ? next.from->ToString() : "", c.from) << c.bases;
    EXPECT_EQ(next.missing.ToString(), c.missing) << c.bases;
    EXPECT_EQ(next.value_now, c.now) << c.bases;
    EXPECT_EQ(next.value_then.value_or(-1), c.then) << c.bases;
  }
}

TEST(ValuationTest, AnAmountAloneDecidesNoScaleOfUnits) {
  EXPECT_THAT(Evaluate(TermsOf(Shape::kPerUnit, "0:+5"), D("7")), HasReason(Reason::kInvalidField));
  Terms terms = TermsOf(Shape::kRetroactive, kQuantityTiers);
  terms.scale.measure = Measure::kQuantity;
  EXPECT_THAT(Evaluate(terms, D("7")), HasReason(Reason::kInvalidField));
  EXPECT_THAT(WhatNext(terms, D("7")), HasReason(Reason::kInvalidField));
}

TEST(ValuationTest, RoundsToWhatDocumentsHold) {
  EXPECT_EQ(ToDecimal(Rational::FromInt(1) / Rational::FromInt(3), Rounding::kCeiling).ToString(), "0.333334");
  EXPECT_EQ(ToDecimal(-Rational::FromInt(2) / Rational::FromInt(3), Rounding::kDown).ToString(), "-0.666666");
  EXPECT_EQ(ToDecimal(R("99999999999999999999.999999"), Rounding::kDown), D("99999999999999999999.999999"));
  EXPECT_EQ(ToBillionth(Rational(1, 2000000000)).ToString(), "0");
  EXPECT_EQ(ToBillionth(Rational(3, 2000000000)).ToString(), "1/500000000");
}

}  // namespace
}  // namespace tributary::incentive
