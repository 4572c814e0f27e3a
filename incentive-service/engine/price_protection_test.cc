#include "incentive-service/engine/price_protection.h"

#include <limits>

#include "incentive-service/engine/testing_stock.h"

namespace tributary::incentive {
namespace {

// "B 3500 17500; C 3000 36000; | LAYER_PRICE 3500 24500;"
std::string TextOf(const ProtectionDecision& decision) {
  std::string text;
  for (const ApprovedUnits& one : decision.approved) {
    StrAppend(&text, one.layer.line, one.in_transit ? " in transit " : " ", one.layer.remaining.ToString(), " ",
              one.amount.ToString(), "; ");
  }
  text += "|";
  for (const DeniedUnits& one : decision.denied) {
    StrAppend(&text, " ", NameOf(one.reason), " ", one.units.ToString(), " ", one.amount.ToString(), ";");
  }
  return text;
}

ProtectionClaim Claim(std::string_view units, std::string_view per_unit) { return {D(units), Q(per_unit)}; }

// S3 of the scenarios: a claim of 7,400 x 12 = 88,800.
TEST(PriceProtectionTest, AClaimIsApprovedForWhatTheLayersLost) {
  LayerHistory history = PriceCut();
  const CutExposure exposure = ExposureTo(history, CutTo110(), On("06-20"));
  EXPECT_EQ(exposure.book, D("6500"));
  EXPECT_EQ(exposure.unexplained, D("500"));
  const ProtectionDecision decision = DecideProtection(exposure, Claim("7400", "12"));
  EXPECT_EQ(TextOf(decision),
            "C 3000 36000; D in transit 400 4800; B 3500 17500; | LAYER_PRICE 3500 24500; UNEXPLAINED 500 6000;");
  EXPECT_EQ(decision.claimed.ToString(), "88800");
  EXPECT_EQ(decision.approved_amount.ToString(), "58300");
  EXPECT_EQ(decision.denied_amount.ToString(), "30500");

  // S5: a sale before the cut becomes known on 07-03.
  history.departures.push_back({On("06-05"), D("300"), "S5"});
  const ProtectionDecision late = DecideProtection(ExposureTo(history, CutTo110(), On("07-03")), Claim("7400", "12"));
  EXPECT_EQ(late.approved_amount.ToString(), "56800");
  EXPECT_THAT(TrueUpOf(late.approved_amount, 5830000, "CNY", Rounding::kHalfEven), IsOkAndHolds(-150000));
  EXPECT_EQ(TextOf(late),
            "C 3000 36000; D in transit 400 4800; B 3200 16000; | LAYER_PRICE 3200 22400; UNEXPLAINED 800 9600;");
}

// Golden vector 6: what was sold cost 292,500; 500 units are named, not absorbed.
TEST(PriceProtectionTest, UnitsOfNoOriginAreNamed) {
  LayerHistory history = PriceCut();
  history.arrivals.pop_back();
  EXPECT_EQ(LayersAt(history, On("06-09")).sold_cost->ToString(), "292500");
  const CutExposure exposure = ExposureTo(history, CutTo110(), On("06-30"));
  EXPECT_EQ(TextOf(DecideProtection(exposure, Claim("7000", "5"))),
            "C 3000 15000; B 3500 17500; | UNEXPLAINED 500 2500;");
}

TEST(PriceProtectionTest, EachDenialHasItsReason) {
  const struct {
    const char* units;
    const char* per_unit;
    const char* new_price;
    const char* reported;
    int lookback_days;
    const char* outcome;
  } kCases[] = {
      // Less is claimed than was lost: that much is paid, to the units that lost most.
      {"1000", "12", "110", "6500", 90, "C 1000 12000; |"},
      {"3500", "4", "110", "6500", 90, "C 3000 12000; D in transit 400 1600; B 100 400; |"},
      {"3500", "5.50", "110", "6500", 90, "C 3000 16500; D in transit 400 2200; B 100 500; | LAYER_PRICE 100 50;"},
      {"6900", "12", "110", "6000", 90,
       "C 3000 36000; D in transit 400 4800; B 3000 15000; | LAYER_PRICE 3000 21000; NOT_REPORTED 500 6000;"},
      {"6900", "12", "110", "6500", 60, "C 3000 36000; D in transit 400 4800; | OUTSIDE_LOOKBACK 3500 42000;"},
      {"6900", "12", "118", "6500", 90,
       "C 3000 12000; D in transit 400 1600; | LAYER_PRICE 3400 27200; NOT_ABOVE 3500 42000;"},
      {"7000", "12", "110", "6500", 90,
       "C 3000 36000; D in transit 400 4800; B 3500 17500; | LAYER_PRICE 3500 24500; NOT_ON_HAND 100 1200;"},
      {"10", "12", "130", "7000", 90, "| NOT_ABOVE 10 120;"},
  };
  for (const auto& c : kCases) {
    LayerProtection cut = CutTo110();
    cut.new_price = Q(c.new_price);
    cut.reported_units = D(c.reported);
    cut.lookback_days = c.lookback_days;
    EXPECT_EQ(TextOf(DecideProtection(ExposureTo(PriceCut(), cut, On("06-20")), Claim(c.units, c.per_unit))), c.outcome)
        << c.units << " x " << c.per_unit;
  }
  LayerHistory unpriced;
  unpriced.arrivals = {{"A", On("05-01"), On("05-01"), D("10"), std::nullopt, ""}};
  EXPECT_EQ(TextOf(DecideProtection(ExposureTo(unpriced, CutTo110(), On("06-20")), Claim("10", "1"))),
            "| NO_PRICE 10 10;");
}

TEST(PriceProtectionTest, ARiseIsTruedUpLikeACut) {
  LayerProtection rise = CutTo110();
  rise.new_price = Q("118");
  rise.reverse = true;
  LayerHistory history = PriceCut();
  const Rational due = ExposureTo(history, rise, On("06-20")).credit;
  EXPECT_THAT(TrueUpOf(due, 0, "CNY", Rounding::kHalfEven), IsOkAndHolds(-1050000));
  history.departures.push_back({On("06-05"), D("300"), "S5"});
  EXPECT_THAT(TrueUpOf(ExposureTo(history, rise, On("07-03")).credit, -1050000, "CNY", Rounding::kHalfEven),
              IsOkAndHolds(90000));
  EXPECT_THAT(TrueUpOf(due, 0, "XXQ", Rounding::kHalfEven), Blames("currency_code"));
  EXPECT_THAT(TrueUpOf(due, std::numeric_limits<int64_t>::max(), "CNY", Rounding::kHalfEven),
              HasReason(Reason::kOverflow));
}

// The layers have the new price afterwards: the count of 06-30 finds 693,000.00, and a later cut measures from there.
TEST(PriceProtectionTest, TheNextCutMeasuresFromTheNewPrice) {
  LayerHistory history = PriceCut();
  for (const LayerDeparture& one : {LayerDeparture{On("06-05"), D("300"), "S5"},
                                    {On("06-15"), D("200"), "S2"},
                                    {On("06-16"), D("50"), "S3"},
                                    {On("06-30"), D("50"), "count"}}) {
    history.departures.push_back(one);
  }
  history.protections = {CutTo110()};
  EXPECT_EQ(LayersAt(history, On("06-30")).value->ToString(), "693000");
  LayerProtection next = CutTo110();
  next.name = "next";
  next.effective_date = On("07-01");
  next.new_price = Q("108");
  next.reported_units.reset();
  next.lookback_days = 120;
  EXPECT_EQ(TextOf(DecideProtection(ExposureTo(history, next, On("07-10")), Claim("6300", "12"))),
            "B 2900 5800; C 3000 6000; D 400 800; | LAYER_PRICE 6300 63000;");
}

}  // namespace
}  // namespace tributary::incentive
