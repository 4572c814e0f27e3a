#include "inventory-service/units/unit_conversion.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "common/money/rational.h"
#include "common/status/status_matchers.h"

namespace tributary::inventory {
namespace {

Decimal N(const char* text) { return Decimal::Parse(text).value(); }

UnitConversion Unit(const char* id, int64_t num, int64_t den = 1, bool pack = false) {
  return {.product = "cable", .id = id, .factor_num = num, .factor_den = den, .pack = pack};
}

// Sold by the meter, counted in centimeters' steps.
const BaseUnit kMeters = {"m", N("0.01")};
const std::vector<UnitConversion> kUnits = {Unit("drum", 500, 1, true), Unit("ft", 3048, 10000), Unit("third", 1, 3)};

TEST(UnitConversion, ItsForm) {
  const struct {
    const char* what;
    UnitConversion unit;
    const char* field;
  } kCases[] = {{"good", Unit("drum", 500), ""},
                {"the base unit", Unit("m", 1), "name"},
                {"nothing of it", Unit("drum", 0), "factor_num"},
                {"no denominator", Unit("drum", 500, 0), "factor_den"},
                {"a bad GTIN",
                 [] {
                   UnitConversion unit = Unit("drum", 500);
                   unit.gtin = "10614141000416";
                   return unit;
                 }(),
                 "gtin"}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const ErrorDetail detail = DetailOf(CheckForm(c.unit, kMeters));
    ASSERT_EQ(detail.violations.size(), *c.field == '\0' ? 0u : 1u);
    if (*c.field != '\0') {
      EXPECT_EQ(detail.violations[0].field, c.field);
    }
  }
}

TEST(UnitConversion, IntoBaseUnits) {
  const struct {
    const char* quantity;
    const char* unit;
    const char* base;  // empty: refused
    Reason reason = Reason::kUnspecified;
  } kCases[] = {
      {"2.5", "", "2.5"},
      {"2.5", "m", "2.5"},
      {"3", "drum", "1500"},
      {"-3", "drum", "-1500"},
      {"0", "third", "0"},
      {"3", "third", "1"},
      {"1", "mile", "", Reason::kInvalidField},
      {"1", "Drum", "", Reason::kInvalidField},
      {"2.5", "drum", "", Reason::kNotAMultiple},  // half a drum
      {"1", "third", "", Reason::kNotAMultiple},   // 0.333...
      {"1", "ft", "", Reason::kNotAMultiple},      // 0.3048 is no whole number of centimeters
      {"25", "ft", "7.62"},                        // but this is
      {"0.005", "m", "", Reason::kNotAMultiple},   // half a centimeter
      {"1000000000000000000", "drum", "", Reason::kOverflow},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(std::string(c.quantity) + " " + c.unit);
    const auto base = ToBaseUnits(kMeters, kUnits, N(c.quantity), c.unit);
    if (c.reason != Reason::kUnspecified) {
      EXPECT_THAT(base, HasReason(c.reason));
    } else {
      ASSERT_OK(base);
      EXPECT_EQ(base->ToString(), c.base);
    }
  }
}

TEST(UnitConversion, ALineInAUnit) {
  const struct {
    const char* what;
    LineQuantity stated;
    const char* base;  // empty: refused
    const char* unit = "";
    Reason reason = Reason::kUnspecified;
    const char* field = "";
    const char* want = "";
  } kCases[] = {
      {"in base units", {.quantity = N("0.001")}, "0.001"},
      {"in a unit", {.unit = "drum", .unit_quantity = N("3")}, "1500", "drum"},
      {"of a return", {.unit = "drum", .unit_quantity = N("-3")}, "-1500", "drum"},
      {"both, alike", {.quantity = N("1500"), .unit = "drum", .unit_quantity = N("3")}, "1500", "drum"},
      {"in the base unit by its name", {.unit = "m", .unit_quantity = N("2.5")}, "2.5"},
      {"nothing of a unit", {.unit = "drum"}, "0", "drum"},
      {"both, not alike",
       {.quantity = N("3"), .unit = "drum", .unit_quantity = N("3")},
       "",
       "",
       Reason::kInvalidField,
       "quantity",
       "1500, which 3 drum are"},
      {"no such unit",
       {.unit = "mile", .unit_quantity = N("1")},
       "",
       "",
       Reason::kInvalidField,
       "unit",
       "one of m, drum, ft, third"},
      {"half a pack",
       {.unit = "drum", .unit_quantity = N("2.5")},
       "",
       "",
       Reason::kNotAMultiple,
       "unit_quantity",
       "a whole number of drum"},
      {"no multiple of the step",
       {.unit = "ft", .unit_quantity = N("1")},
       "",
       "",
       Reason::kNotAMultiple,
       "unit_quantity",
       "a whole multiple of 0.01 m; it is 0.3048"},
      {"more than a line may have",
       {.unit = "drum", .unit_quantity = N("2000001")},
       "",
       "",
       Reason::kOverflow,
       "unit_quantity",
       "at most 1000000000 m; it is 1000000500"},
      {"more than a number may be",
       {.unit = "drum", .unit_quantity = N("1000000000000000000")},
       "",
       "",
       Reason::kOverflow,
       "unit_quantity",
       "at most 1000000000 m"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const auto line = InBaseUnits(kMeters, kUnits, c.stated);
    if (c.reason != Reason::kUnspecified) {
      EXPECT_THAT(line, HasReason(c.reason));
      const ErrorDetail detail = DetailOf(line.status());
      ASSERT_EQ(detail.violations.size(), 1u);
      EXPECT_EQ(detail.violations[0].field, c.field);
      EXPECT_EQ(detail.violations[0].want, c.want);
      continue;
    }
    ASSERT_OK(line);
    EXPECT_EQ(line->quantity.ToString(), c.base);
    EXPECT_EQ(line->unit, c.unit);
    EXPECT_EQ(line->unit_quantity, *c.unit == '\0' ? Decimal() : c.stated.unit_quantity);
  }
}

TEST(UnitConversion, WhatACommandStatesIsOfWholeSteps) {
  EXPECT_OK(CheckStep(kMeters, N("2.51")));
  EXPECT_OK(CheckStep({"m", Decimal()}, N("2.515")));
  const absl::Status refused = CheckStep(kMeters, N("2.515"));
  EXPECT_THAT(refused, HasReason(Reason::kNotAMultiple));
  ASSERT_EQ(DetailOf(refused).violations.size(), 1u);
  EXPECT_EQ(DetailOf(refused).violations[0].field, "quantity");
  EXPECT_EQ(DetailOf(refused).violations[0].want, "a whole multiple of 0.01 m");
}

TEST(UnitConversion, WithoutAStepAnyQuantityGoes) {
  EXPECT_EQ(ToBaseUnits({"m", Decimal()}, kUnits, N("1"), "ft")->ToString(), "0.3048");
  EXPECT_EQ(ToBaseUnits({"m", Decimal()}, kUnits, N("0.000001"), "")->ToString(), "0.000001");
}

// Whatever goes in: either refused, or the base units times the denominator are the quantity times the numerator.
TEST(UnitConversion, LosesNothing) {
  std::mt19937_64 random(7);
  int converted = 0;
  for (int i = 0; i < 20000; ++i) {
    const int64_t num = 1 + static_cast<int64_t>(random() % 5000), den = 1 + static_cast<int64_t>(random() % 12);
    const Decimal quantity = Decimal::FromMicros(static_cast<int64_t>(random() % 4000000000) * (i % 2 ? 1 : 250000));
    const auto base = ToBaseUnits({"each", Decimal()}, {{Unit("u", num, den)}}, quantity, "u");
    if (!base.ok()) continue;
    ++converted;
    EXPECT_EQ(Rational(*base) * Rational::FromInt(den), Rational(quantity) * Rational::FromInt(num));
  }
  EXPECT_GT(converted, 5000);
}

TEST(UnitConversion, WholePacksHoldIt) {
  const UnitConversion box = Unit("box", 12);
  EXPECT_EQ(WholeUnitsFor(box, N("0"))->ToString(), "0");
  EXPECT_EQ(WholeUnitsFor(box, N("0.5"))->ToString(), "1");
  EXPECT_EQ(WholeUnitsFor(box, N("24"))->ToString(), "2");
  EXPECT_EQ(WholeUnitsFor(box, N("25"))->ToString(), "3");
  EXPECT_EQ(WholeUnitsFor(Unit("third", 1, 3), N("2"))->ToString(), "6");
  EXPECT_THAT(WholeUnitsFor(Unit("third", 1, 3), N("99999999999999999999")), HasReason(Reason::kOverflow));
}

}  // namespace
}  // namespace tributary::inventory
