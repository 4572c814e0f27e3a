#include "incentive-service/engine/tiers.h"

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"

namespace tributary::incentive {
namespace {

using ::testing::IsEmpty;

TEST(TiersTest, RefusesScalesWithHoles) {
  const struct {
    const char* what;
    std::vector<Tier> tiers;
    std::vector<std::string> blamed;
  } kCases[] = {
      {"one tier", {{D("0"), D("0.01")}}, {}},
      {"rising", {{D("0"), D("0.01")}, {D("20000"), D("0.02")}, {D("60000"), D("0.035")}}, {}},
      {"a falling rate is a contract too", {{D("0"), D("0.02")}, {D("100"), D("0")}}, {}},
      {"bounds a millionth apart", {{D("0"), D("0")}, {D("0.000001"), D("1")}}, {}},
      {"no tier", {}, {"program.tiers"}},
      {"first above 0", {{D("1"), D("0.01")}}, {"program.tiers[0].from_amount"}},
      {"first below 0", {{D("-1"), D("0.01")}}, {"program.tiers[0].from_amount"}},
      {"equal bounds", {{D("0"), D("0")}, {D("5"), D("0")}, {D("5"), D("0")}}, {"program.tiers[2].from_amount"}},
      {"falling bounds", {{D("0"), D("0")}, {D("5"), D("0")}, {D("4"), D("0")}}, {"program.tiers[2].from_amount"}},
      {"rates out of range",
       {{D("0"), D("-0.01")}, {D("5"), D("1.000001")}},
       {"program.tiers[0].rate", "program.tiers[1].rate"}},
      {"all at once",
       {{D("3"), D("2")}, {D("3"), D("0")}},
       {"program.tiers[0].from_amount", "program.tiers[0].rate", "program.tiers[1].from_amount"}},
  };
  for (const auto& c : kCases) {
    std::vector<std::string> blamed;
    for (const FieldViolation& violation : CheckTiers(c.tiers, "program.tiers")) blamed.push_back(violation.field);
    EXPECT_EQ(blamed, c.blamed) << c.what;
  }
}

TEST(TiersTest, ABoundBelongsToOneTier) {
  const std::vector<Tier> tiers = {{D("0"), D("0.01")}, {D("5000"), D("0.02")}, {D("20000"), D("0.03")}};
  const struct {
    const char* amount;
    size_t from;
    size_t upto;
  } kCases[] = {
      {"-7", 0, 0},
      {"0", 0, 0},
      {"0.000001", 0, 0},
      {"4999.999999", 0, 0},
      {"5000", 1, 0},
      {"5000.000001", 1, 1},
      {"5000.5", 1, 1},
      {"19999.999999", 1, 1},
      {"20000", 2, 1},
      {"20000.01", 2, 2},
      {"99999999999999999999", 2, 2},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(ReachedTier({Shape::kRetroactive, Bound::kFrom, tiers}, D(c.amount)), c.from) << c.amount;
    EXPECT_EQ(ReachedTier({Shape::kRetroactive, Bound::kUpto, tiers}, D(c.amount)), c.upto) << c.amount;
  }
}

TEST(TiersTest, TheLeastAmountOfATierLiesInIt) {
  for (const Bound bound : {Bound::kFrom, Bound::kUpto}) {
    const Scale scale{Shape::kRetroactive, bound, {{D("0"), D("0")}, {D("5000"), D("0")}, {D("5000.01"), D("0")}}};
    for (size_t i = 1; i < scale.tiers.size(); ++i) {
      EXPECT_EQ(ReachedTier(scale, LeastIn(scale, i)), i);
      EXPECT_EQ(ReachedTier(scale, LeastIn(scale, i) - Decimal::FromMicros(1)), i - 1);
    }
    EXPECT_EQ(EndOf(scale, 0), D("5000"));
    EXPECT_EQ(EndOf(scale, 2), std::nullopt);
  }
}

TEST(TiersTest, WhatIsCountedIsWhole) {
  Scale scale{Shape::kRetroactive, Bound::kUpto, {{D("0"), D("0")}, {D("5"), D("0")}}, Measure::kCount};
  EXPECT_TRUE(CheckScale(scale, "scale").empty());
  EXPECT_EQ(LeastIn(scale, 1), D("6"));
  scale.bound = Bound::kFrom;
  EXPECT_EQ(LeastIn(scale, 1), D("5"));
  scale.tiers[1].from = D("5.5");
  const std::vector<FieldViolation> violations = CheckScale(scale, "scale");
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].field, "scale.tiers[1].from_amount");
}

}  // namespace
}  // namespace tributary::incentive
