#include "common/price_layers/price_layer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "common/text/text.h"

namespace tributary {
namespace {

Date On(const char* text) { return Date::Parse(StrCat("2026-", text)).value(); }
Decimal Units(int64_t units) { return Decimal::FromInt(units); }

LayerArrival Came(const char* line, const char* date, int64_t units, int64_t price) {
  return {line, On(date), On(date), Units(units), Rational::FromInt(price), "CNY"};
}

// S3 of the scenarios up to what was known on 2026-06-30, with the protection of 06-10.
LayerHistory S3() {
  LayerHistory history;
  history.arrivals = {Came("A", "03-15", 1000, 120), Came("B", "04-01", 5000, 115), Came("C", "05-01", 3000, 122)};
  history.arrivals.push_back({"D", On("06-08"), On("06-12"), Units(400), Rational::FromInt(122), "CNY"});
  history.departures = {{On("05-20"), Units(2000)}, {On("06-03"), Units(250)}, {On("06-08"), Units(250)}};
  return history;
}
LayerProtection Cut() {
  return {.name = "cut",
          .effective_date = On("06-10"),
          .new_price = Rational::FromInt(110),
          .currency = "CNY",
          .in_transit_days = 7,
          .lookback_days = 90,
          .reported_units = Units(7000)};
}

// "A 3500 at 115; C 3000 at 122;"
std::string TextOf(const LayerState& state) {
  std::string text;
  for (const PriceLayer& layer : state.layers) {
    StrAppend(&text, layer.line, " ", layer.remaining.ToString(), " at ",
              layer.unit_price.has_value() ? layer.unit_price->ToString() : "?", ";");
  }
  return text;
}

std::string TextOf(const CutExposure& exposure) {
  std::string text;
  for (const ExposedUnits& line : exposure.lines) {
    StrAppend(&text, line.layer.line, line.in_transit ? " in transit " : " ", line.layer.remaining.ToString(), " ",
              NameOf(line.reason), " ", line.credit.ToString(), ";");
  }
  return StrCat(text, " ", exposure.credit.ToString());
}

TEST(PriceLayer, WhatWasSoldCostWhatItsLayersCost) {
  LayerHistory history;
  history.arrivals = {Came("A", "03-15", 1000, 120), Came("B", "04-01", 5000, 115), Came("C", "05-01", 3000, 122)};
  history.departures = {{On("05-20"), Units(2500)}};
  const LayerState state = LayersAt(history, On("06-01"));
  EXPECT_EQ(state.sold_cost->ToString(), "292500");
  EXPECT_EQ(TextOf(state), "B 3500 at 115;C 3000 at 122;");
  EXPECT_EQ(state.value->ToString(), "768500");
  EXPECT_EQ(TextOf(LayersAt(history, On("04-30"))), "A 1000 at 120;B 5000 at 115;");
  EXPECT_EQ(TextOf(LayersAt(history, On("01-01"))), "");
}

TEST(PriceLayer, APriceCutAndALateSale) {
  LayerHistory history = S3();
  const CutExposure exposure = ExposureTo(history, Cut(), On("07-03"));
  EXPECT_EQ(exposure.book, Units(6500));
  EXPECT_EQ(exposure.unexplained, Units(500));
  EXPECT_EQ(TextOf(exposure), "B 3500 PROTECTED 17500;C 3000 PROTECTED 36000;D in transit 400 PROTECTED 4800; 58300");

  history.departures.push_back({On("06-05"), Units(300)});  // S5
  const CutExposure late = ExposureTo(history, Cut(), On("07-03"));
  EXPECT_EQ(late.credit.ToString(), "56800");
  EXPECT_EQ(late.unexplained, Units(800));

  // The layers have the new price from that day on.
  history.protections = {Cut()};
  for (const LayerDeparture& sold :
       {LayerDeparture{On("06-15"), Units(200)}, {On("06-16"), Units(50)}, {On("06-30"), Units(50)}}) {
    history.departures.push_back(sold);
  }
  EXPECT_EQ(TextOf(LayersAt(history, On("06-09"))), "B 3200 at 115;C 3000 at 122;");
  const LayerState end = LayersAt(history, On("06-30"));
  EXPECT_EQ(TextOf(end), "B 2900 at 110;C 3000 at 110;D 400 at 110;");
  EXPECT_EQ(end.value->ToString(), "693000");
  EXPECT_EQ(end.units, Units(6300));
  EXPECT_EQ(end.layers[0].protected_by, "cut");
  // A later cut measures from there.
  LayerProtection again = Cut();
  again.name = "again";
  again.effective_date = On("06-20");
  again.new_price = Rational::FromInt(108);
  again.reported_units.reset();
  EXPECT_EQ(ExposureTo(history, again, On("07-03")).credit.ToString(), StrCat((2950 + 3000 + 400) * 2));
}

TEST(PriceLayer, WhatIsNotProtected) {
  LayerHistory history = S3();
  LayerProtection cut = Cut();
  // Fewer are reported than the books have: the oldest are missing.
  cut.reported_units = Units(6000);
  EXPECT_EQ(TextOf(ExposureTo(history, cut, On("07-03"))),
            "B 500 NOT_REPORTED 0;B 3000 PROTECTED 15000;C 3000 PROTECTED 36000;D in transit 400 PROTECTED 4800; "
            "55800");
  history.protections = {cut};
  EXPECT_EQ(TextOf(LayersAt(history, On("06-10"))), "B 500 at 115;B 3000 at 110;C 3000 at 110;");
  history.protections.clear();

  cut = Cut();
  cut.lookback_days = 60;  // from 04-11
  cut.in_transit_days = 1;
  EXPECT_EQ(TextOf(ExposureTo(history, cut, On("07-03"))), "B 3500 OUTSIDE_LOOKBACK 0;C 3000 PROTECTED 36000; 36000");
  cut = Cut();
  cut.new_price = Rational::FromInt(118);
  EXPECT_EQ(TextOf(ExposureTo(history, cut, On("07-03"))),
            "B 3500 NOT_ABOVE 0;C 3000 PROTECTED 12000;D in transit 400 PROTECTED 1600; 13600");
  cut.currency = "EUR";
  EXPECT_EQ(ExposureTo(history, cut, On("07-03")).credit.ToString(), "0");
  // The edges of the look-back and of transit.
  cut = Cut();
  cut.lookback_days = 70;  // from 04-01, the day on which B was shipped
  cut.in_transit_days = 2;
  EXPECT_EQ(ExposureTo(history, cut, On("07-03")).credit.ToString(), "58300");
}

TEST(PriceLayer, WhatHasNotComeCountsWhileItMayComeInTime) {
  LayerHistory history = S3();
  history.arrivals.pop_back();
  history.transits = {{"D", On("06-08"), Units(400), Rational::FromInt(122), "CNY"},
                      {"E", On("06-10"), Units(100), Rational::FromInt(122), "CNY"}};  // shipped at the new price's day
  EXPECT_EQ(ExposureTo(history, Cut(), On("06-10")).credit.ToString(), "58300");
  EXPECT_EQ(ExposureTo(history, Cut(), On("06-17")).credit.ToString(), "58300");
  EXPECT_EQ(ExposureTo(history, Cut(), On("06-18")).credit.ToString(), "53500");
}

TEST(PriceLayer, ReturnsCounterpostingsAndUnitsOfNoOrigin) {
  LayerHistory history;
  history.arrivals = {Came("A", "03-01", 10, 5), Came("B", "03-02", 10, 7)};
  history.departures = {{On("03-03"), Units(12)}};
  EXPECT_EQ(TextOf(LayersAt(history, On("03-04"))), "B 8 at 7;");
  // A customer brings three back: the last that left come first.
  history.departures.push_back({On("03-05"), Units(-3)});
  EXPECT_EQ(TextOf(LayersAt(history, On("03-05"))), "A 1 at 5;B 10 at 7;");
  // B goes back to the vendor in part.
  history.returns = {{"B", On("03-06"), Units(4)}};
  EXPECT_EQ(TextOf(LayersAt(history, On("03-06"))), "A 1 at 5;B 6 at 7;");
  // More is found than was ever bought.
  history.departures.push_back({On("03-07"), Units(-11)});
  const LayerState state = LayersAt(history, On("03-07"));
  EXPECT_EQ(TextOf(state), "A 10 at 5;B 6 at 7; 2 at ?;");
  EXPECT_FALSE(state.value.has_value());
  EXPECT_EQ(state.units, Units(18));
  // Sold before it was told to have come: nothing remains, and nothing is below zero.
  history.departures.push_back({On("03-08"), Units(100)});
  EXPECT_EQ(TextOf(LayersAt(history, On("03-08"))), "");
}

std::string Consumed(const LayerHistory& history, std::string_view fact) {
  std::string text;
  for (const ConsumedUnits& units : ConsumedBy(history, fact)) {
    StrAppend(&text, units.line, " ", units.quantity.ToString(), " at ",
              units.unit_price.has_value() ? units.unit_price->ToString() : "?", ";");
  }
  return text;
}

TEST(PriceLayer, ASaleConsumesLayersAtThePricesOfItsDay) {
  LayerHistory history = S3();
  history.departures = {{On("05-20"), Units(900), "S0"},  {On("06-03"), Units(250), "S1"},
                        {On("06-08"), Units(4850), "S4"}, {On("06-10"), Units(3), "S6"},
                        {On("06-10"), Units(2), "S5"},    {On("06-20"), Units(4000), "S7"}};
  history.protections = {Cut()};
  EXPECT_EQ(Consumed(history, "S0"), "A 900 at 120;");
  EXPECT_EQ(Consumed(history, "S1"), "A 100 at 120;B 150 at 115;");
  EXPECT_EQ(Consumed(history, "S4"), "B 4850 at 115;");
  // Of one day by name; the new price is that of the day on which it begins.
  EXPECT_EQ(Consumed(history, "S5"), "C 2 at 110;");
  EXPECT_EQ(Consumed(history, "S6"), "C 3 at 110;");
  EXPECT_EQ(Consumed(history, "S7"), "C 2995 at 110;D 400 at 110; 605 at ?;");
  EXPECT_EQ(Consumed(history, "S8"), "");
  // What a customer brings back later changes nothing; what he brought back before is sold first.
  history.departures.push_back({On("06-21"), Units(-100), "back"});
  EXPECT_EQ(Consumed(history, "S1"), "A 100 at 120;B 150 at 115;");
  EXPECT_EQ(Consumed(history, "back"), "");
  history.departures.push_back({On("05-21"), Units(-50), "back before"});
  EXPECT_EQ(Consumed(history, "S1"), "A 150 at 120;B 100 at 115;");
}

TEST(PriceLayer, ARiseIsPaidOnlyWhereItIsAgreed) {
  LayerHistory history = S3();
  LayerProtection rise = Cut();
  rise.new_price = Rational::FromInt(118);
  rise.reverse = true;
  EXPECT_EQ(TextOf(ExposureTo(history, rise, On("07-03"))),
            "B 3500 PROTECTED -10500;C 3000 NOT_BELOW 0;D in transit 400 NOT_BELOW 0; -10500");
  history.protections = {rise};
  EXPECT_EQ(TextOf(LayersAt(history, On("06-12"))), "B 3500 at 118;C 3000 at 122;D 400 at 122;");
}

TEST(PriceLayer, UnitPricesAreExact) {
  LayerHistory history;
  history.arrivals = {{"A", On("03-01"), On("03-01"), Units(3),
                       Rational(Decimal::FromInt(100)) / Rational(Decimal::FromInt(3)), "CNY"}};
  LayerProtection cut = Cut();
  cut.effective_date = On("03-02");
  cut.new_price = Rational::FromInt(33);
  cut.reported_units.reset();
  EXPECT_EQ(ExposureTo(history, cut, On("07-01")).credit.ToString(), "1");
}

// Facts in any order, and split in pieces: the same layers and the same money.
TEST(PriceLayer, NeitherOrderNorPiecesMatter) {
  LayerHistory history = S3();
  history.departures.push_back({On("06-05"), Units(300)});
  history.departures.push_back({On("06-15"), Units(250)});
  history.protections = {Cut()};
  const std::string layers = TextOf(LayersAt(history, On("06-30")));
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    LayerHistory pieces = history;
    pieces.departures.clear();
    for (const LayerDeparture& one : history.departures) {
      const int64_t first = static_cast<int64_t>(random() % 200);
      pieces.departures.push_back({one.date, Units(first)});
      pieces.departures.push_back({one.date, one.quantity - Units(first)});
    }
    std::shuffle(pieces.arrivals.begin(), pieces.arrivals.end(), random);
    std::shuffle(pieces.departures.begin(), pieces.departures.end(), random);
    ASSERT_EQ(TextOf(LayersAt(pieces, On("06-30"))), layers);
    pieces.protections.clear();
    ASSERT_EQ(ExposureTo(pieces, Cut(), On("07-03")).credit.ToString(), "56800");
  }
}

}  // namespace
}  // namespace tributary
