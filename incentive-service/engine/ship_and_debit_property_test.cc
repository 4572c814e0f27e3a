// Ship and debit over random worlds: what holds whatever is told, in whatever order.

#include "incentive-service/engine/ship_and_debit.h"
#include "incentive-service/engine/testing_stock.h"

namespace tributary::incentive {
namespace {

struct World {
  SpecialPrice authorization;
  LayerHistory history;
  std::vector<CustomerSale> sales;
  std::vector<CustomerReturn> returns;
  std::vector<ApprovedSale> approved;
};

Date JuneDay(int64_t day) { return On("06-01").AddDays(static_cast<int>(day)); }

World AnyWorld(Draw& draw) {
  World world;
  world.authorization = {.customer = "c0",
                         .window = {JuneDay(3), JuneDay(20)},
                         .approved_cost = Rational::FromInt(draw.Pick(1, 15)),
                         .currency = "CNY",
                         .quantity = Decimal::FromInt(draw.Pick(1, 60)),
                         .claim_deadline = JuneDay(25)};
  for (int i = 0; i < 5; ++i) {
    const Date day = JuneDay(draw.Pick(-5, 15));
    world.history.arrivals.push_back({StrCat("L", i), day, day, Decimal::FromInt(draw.Pick(5, 30)),
                                      Rational::FromInt(draw.Pick(5, 25)), draw.Pick(0, 9) == 0 ? "USD" : "CNY"});
  }
  for (int i = 0; i < 8; ++i) {
    CustomerSale sale{StrCat("S", i), JuneDay(draw.Pick(0, 25)), StrCat("c", draw.Pick(0, 5) / 4),
                      Decimal::FromInt(draw.Pick(1, 20)), std::nullopt};
    if (draw.Pick(0, 3) != 0) sale.claimed_on = JuneDay(draw.Pick(20, 27));
    world.history.departures.push_back({sale.date, sale.quantity, sale.fact});
    if (draw.Pick(0, 3) == 0) {
      world.returns.push_back({StrCat("R", i), sale.fact, Decimal::FromInt(draw.Pick(1, 20))});
    }
    world.sales.push_back(std::move(sale));
  }
  return world;
}

std::string TextOf(const Debit& debit) {
  std::string text;
  for (const DebitLine& line : debit.lines) {
    StrAppend(&text, line.fact, " ", line.debited.ToString(), " ", line.amount.ToString(), ";");
    for (const RefusedUnits& one : line.refused) StrAppend(&text, NameOf(one.reason), one.quantity.ToString(), ";");
  }
  return StrCat(text, debit.amount.ToString());
}

Debit Judge(const World& world) {
  return DebitOf(world.authorization, world.history, world.sales, world.returns, world.approved, JuneDay(24));
}

TEST(ShipAndDebitPropertyTest, AFunctionOfTheSetOfFactsAndApprovals) {
  int capped = 0;
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    World world = AnyWorld(draw);
    const Debit first = Judge(world);
    Rational amount;
    for (const DebitLine& line : first.lines) {
      Decimal units = line.debited;
      for (const RefusedUnits& one : line.refused) {
        ASSERT_GT(one.quantity, Decimal());
        units += one.quantity;
        capped += one.reason == DebitRefusal::kOverAuthorizedQuantity;
      }
      ASSERT_EQ(units, line.quantity);
      amount = amount + line.amount;
    }
    ASSERT_EQ(amount, first.amount);
    ASSERT_EQ(first.debited + first.left, world.authorization.quantity);
    ASSERT_FALSE(first.left.negative());

    World told = world;
    told.sales = draw.Told(world.sales);
    told.returns = draw.Told(world.returns);
    draw.Shuffle(&told.history.departures);
    draw.Shuffle(&told.history.arrivals);
    ASSERT_EQ(TextOf(Judge(told)), TextOf(first));

    // All of it approved: it stays, whatever is told of earlier days, as long as the units cost what they did.
    for (const DebitLine& line : first.lines) world.approved.push_back({line.fact, line.debited});
    ASSERT_EQ(TextOf(Judge(world)), TextOf(first));
    world.sales.push_back({"early", JuneDay(3), "c0", D("10"), JuneDay(20)});
    world.history.departures.push_back({JuneDay(25), D("10"), "early"});
    const Debit later = Judge(world);
    for (const DebitLine& line : first.lines) {
      const auto same = std::find_if(later.lines.begin(), later.lines.end(),
                                     [&](const DebitLine& one) { return one.fact == line.fact; });
      ASSERT_EQ(same->debited, line.debited) << line.fact;
    }
    ASSERT_FALSE(later.left.negative());
  }
  EXPECT_GT(capped, 500);
}

// A sale that all comes back leaves no trace in the debit of the others.
TEST(ShipAndDebitPropertyTest, AReturnedSaleLeavesTheQuantityToTheOthers) {
  for (uint64_t seed = 1; seed <= 1000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    World world = AnyWorld(draw);
    World without = world;
    without.sales.erase(without.sales.begin());
    world.returns.push_back({"all", "S0", D("1000")});
    const Debit with = Judge(world);
    ASSERT_EQ(with.amount, Judge(without).amount);
    ASSERT_EQ(with.left, Judge(without).left);
  }
}

}  // namespace
}  // namespace tributary::incentive
