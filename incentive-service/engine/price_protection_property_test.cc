// Price protection and the cost of what is sold, against a model that moves single units day by day.

#include <deque>

#include "incentive-service/engine/price_protection.h"
#include "incentive-service/engine/testing_stock.h"

namespace tributary::incentive {
namespace {

struct UnitModel {
  int64_t price;
  int32_t shipped;
};

constexpr int32_t kFirst = 20500;  // a day of 2026
Date Day(int32_t day) { return Date::FromDays(kFirst + day); }

// A history of whole units in which nothing is sold that has not come.
struct Case {
  LayerHistory history;
  LayerProtection cut;
  ProtectionClaim claim;
  // By the model.
  int64_t book = 0;
  int64_t credit = 0;
  std::vector<std::pair<std::string, int64_t>> costs;  // of each sale
};

struct Arrived {
  int32_t shipped;
  std::string line;
  int64_t units;
  int64_t price;
};

Case AnyCase(Draw& draw) {
  Case made;
  std::deque<UnitModel> shelf;
  const int32_t cut_day = static_cast<int32_t>(draw.Pick(5, 25));
  const int64_t new_price = draw.Pick(1, 30);
  const int lookback = static_cast<int>(draw.Pick(0, 30));
  const int transit = static_cast<int>(draw.Pick(0, 8));
  const auto cut = [&](UnitModel* unit) {
    if (unit->shipped < cut_day - lookback || unit->price <= new_price) return;
    made.credit += unit->price - new_price;
    unit->price = new_price;
  };
  for (int32_t day = 0; day < 30; ++day) {
    if (day == cut_day) {
      made.book = static_cast<int64_t>(shelf.size());
      const int64_t reported = std::max<int64_t>(0, made.book + draw.Pick(-6, 6));
      made.cut.reported_units = Decimal::FromInt(reported);
      for (int64_t i = std::max<int64_t>(0, made.book - reported); i < made.book; ++i) cut(&shelf[i]);
    }
    std::vector<Arrived> came;
    for (int64_t n = draw.Pick(0, 2); n > 0; --n) {
      came.push_back(
          {day - static_cast<int32_t>(draw.Pick(0, 6)), StrCat("L", 100 * day + n), draw.Pick(1, 9), draw.Pick(1, 30)});
    }
    std::sort(came.begin(), came.end(), [](const Arrived& a, const Arrived& b) {
      return std::tie(a.shipped, a.line) < std::tie(b.shipped, b.line);
    });
    for (const Arrived& one : came) {
      made.history.arrivals.push_back(
          {one.line, Day(one.shipped), Day(day), Decimal::FromInt(one.units), Rational::FromInt(one.price), "CNY"});
      for (int64_t i = 0; i < one.units; ++i) {
        shelf.push_back({one.price, one.shipped});
        if (one.shipped < cut_day && cut_day <= day && day <= cut_day + transit) cut(&shelf.back());
      }
    }
    for (int64_t n = draw.Pick(0, 2); n > 0 && !shelf.empty(); --n) {
      const int64_t units = draw.Pick(1, std::min<int64_t>(8, static_cast<int64_t>(shelf.size())));
      const std::string sale = StrCat("S", 100 * day + 9 - n);
      made.history.departures.push_back({Day(day), Decimal::FromInt(units), sale});
      int64_t cost = 0;
      for (int64_t i = 0; i < units; ++i) {
        cost += shelf.front().price;
        shelf.pop_front();
      }
      made.costs.emplace_back(sale, cost);
    }
  }
  made.cut.name = "cut";
  made.cut.effective_date = Day(cut_day);
  made.cut.new_price = Rational::FromInt(new_price);
  made.cut.currency = "CNY";
  made.cut.in_transit_days = transit;
  made.cut.lookback_days = lookback;
  made.claim = {Decimal::FromInt(draw.Pick(1, 80)), Rational::FromInt(draw.Pick(1, 30))};
  return made;
}

TEST(PriceProtectionPropertyTest, AgreesWithAModelOfSingleUnitsInAnyOrder) {
  int paid = 0, denied = 0;
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    const Case one = AnyCase(draw);
    LayerHistory told = one.history;
    draw.Shuffle(&told.arrivals);
    draw.Shuffle(&told.departures);
    const CutExposure exposure = ExposureTo(told, one.cut, Day(60));
    ASSERT_EQ(exposure.book, Decimal::FromInt(one.book));
    ASSERT_EQ(exposure.credit, Rational::FromInt(one.credit));

    told.protections = {one.cut};
    for (const auto& [sale, cost] : one.costs) {
      Rational sum;
      for (const ConsumedUnits& units : ConsumedBy(told, sale)) {
        sum = sum + *units.unit_price * Rational(units.quantity);
      }
      ASSERT_EQ(sum, Rational::FromInt(cost)) << sale;
    }

    const ProtectionDecision decision = DecideProtection(exposure, one.claim);
    ASSERT_EQ(decision.approved_amount + decision.denied_amount, decision.claimed);
    ASSERT_LE(decision.approved_amount, exposure.credit);
    Rational parts;
    Decimal units;
    for (const ApprovedUnits& part : decision.approved) {
      ASSERT_LE(part.amount, one.claim.per_unit * Rational(part.layer.remaining));
      parts = parts + part.amount;
      units += part.layer.remaining;
    }
    ASSERT_EQ(parts, decision.approved_amount);
    for (const DeniedUnits& part : decision.denied) {
      ASSERT_GT(part.amount, Rational());
      parts = parts + part.amount;
      if (part.reason != ProtectionDenial::kLayerPrice) units += part.units;
    }
    ASSERT_EQ(parts, decision.claimed);
    ASSERT_EQ(units, one.claim.units);
    paid += decision.approved_amount > Rational();
    denied += decision.denied_amount > Rational();
  }
  EXPECT_GT(paid, 500);
  EXPECT_GT(denied, 500);
}

// A claim of all that was lost, and more for each unit than any lost, is paid the exposure.
TEST(PriceProtectionPropertyTest, NothingThatWasLostIsKeptBack) {
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    const Case one = AnyCase(draw);
    const CutExposure exposure = ExposureTo(one.history, one.cut, Day(60));
    ASSERT_EQ(DecideProtection(exposure, {D("1000000"), Q("31")}).approved_amount, exposure.credit);
  }
}

}  // namespace
}  // namespace tributary::incentive
