#include "incentive-service/engine/ship_and_debit.h"

#include "incentive-service/engine/testing_stock.h"

namespace tributary::incentive {
namespace {

SpecialPrice ForEc1() {
  return {.customer = "EC1",
          .window = {On("06-01"), On("07-01")},
          .approved_cost = Q("100"),
          .currency = "CNY",
          .quantity = D("400"),
          .claim_deadline = On("07-31")};
}

CustomerSale Sale(std::string fact, std::string_view date, std::string customer, std::string_view quantity) {
  return {std::move(fact), On(date), std::move(customer), D(quantity), On(date)};
}

// S3 of the scenarios: the stock around the cut, with the sales of June.
struct World {
  LayerHistory history = PriceCut();
  std::vector<CustomerSale> sales = {Sale("S1", "06-03", "EC1", "250"), Sale("S2", "06-15", "EC1", "200"),
                                     Sale("S3", "06-16", "EC2", "50")};
  std::vector<CustomerReturn> returns;
  std::vector<ApprovedSale> approved;

  World() {
    history.departures.push_back({On("06-15"), D("200"), "S2"});
    history.departures.push_back({On("06-16"), D("50"), "S3"});
    history.protections = {CutTo110()};
  }
  Debit Judge(const SpecialPrice& authorization = ForEc1(), std::string_view today = "07-01") const {
    return DebitOf(authorization, history, sales, returns, approved, On(today));
  }
};

// "S1 250 3750; S2 150 1500 OVER_AUTHORIZED_QUANTITY 50; left 0: 5250"
std::string TextOf(const Debit& debit) {
  std::string text;
  for (const DebitLine& line : debit.lines) {
    StrAppend(&text, line.fact, " ", line.debited.ToString(), " ", line.amount.ToString());
    for (const RefusedUnits& one : line.refused) {
      StrAppend(&text, " ", NameOf(one.reason), " ", one.quantity.ToString());
    }
    text += "; ";
  }
  return StrCat(text, "left ", debit.left.ToString(), ": ", debit.amount.ToString());
}

TEST(ShipAndDebitTest, PaysWhatTheLayersCostBeyondTheApprovedCost) {
  World world;
  EXPECT_EQ(TextOf(world.Judge()),
            "S1 250 3750; S2 150 1500 OVER_AUTHORIZED_QUANTITY 50; S3 0 0 WRONG_CUSTOMER 50; left 0: 5250");
  // Who does not re-price the layers pays the cut twice.
  World naive;
  naive.history.protections.clear();
  EXPECT_EQ(naive.Judge().amount.ToString(), "6000");
  // S5 becomes known late: the layers of S2 are the same price.
  world.history.departures.push_back({On("06-05"), D("300"), "S5"});
  world.sales.push_back(Sale("S5", "06-05", "EC3", "300"));
  EXPECT_EQ(
      TextOf(world.Judge()),
      "S1 250 3750; S5 0 0 WRONG_CUSTOMER 300; S2 150 1500 OVER_AUTHORIZED_QUANTITY 50; S3 0 0 WRONG_CUSTOMER 50; "
      "left 0: 5250");
}

TEST(ShipAndDebitTest, EachRefusalHasItsReason) {
  const struct {
    const char* what;
    void (*change)(World*, SpecialPrice*);
    const char* outcome;  // of S1 and S2
  } kCases[] = {
      {"another customer", [](World*, SpecialPrice* a) { a->customer = "EC9"; },
       "S1 0 0 WRONG_CUSTOMER 250; S2 0 0 WRONG_CUSTOMER 200; "},
      {"the first day is inside, the last is not",
       [](World*, SpecialPrice* a) {
         a->window = {On("06-03"), On("06-15")};
       },
       "S1 250 3750; S2 0 0 OUTSIDE_WINDOW 200; "},
      {"claimed a day late",
       [](World* w, SpecialPrice* a) {
         a->claim_deadline = On("06-20");
         w->sales[1].claimed_on = On("06-21");
       },
       "S1 250 3750; S2 0 0 AFTER_CLAIM_DEADLINE 200; "},
      {"not claimed, and too late by now",
       [](World* w, SpecialPrice* a) {
         a->claim_deadline = On("06-30");
         w->sales[1].claimed_on.reset();
       },
       "S1 250 3750; S2 0 0 AFTER_CLAIM_DEADLINE 200; "},
      {"not claimed yet: it keeps its place", [](World* w, SpecialPrice*) { w->sales[0].claimed_on.reset(); },
       "S1 250 3750; S2 150 1500 OVER_AUTHORIZED_QUANTITY 50; "},
      {"another currency", [](World*, SpecialPrice* a) { a->currency = "USD"; },
       "S1 0 0 NO_LAYER_COST 250; S2 0 0 NO_LAYER_COST 200; "},
      {"no departure tells where the units were",
       [](World* w, SpecialPrice*) { w->history.departures[1].fact = "other"; },
       "S1 0 0 NO_LAYER_COST 250; S2 200 2000; "},
      {"approved at what the cut made them cost", [](World*, SpecialPrice* a) { a->approved_cost = Q("110"); },
       "S1 250 1250; S2 0 0 NOT_ABOVE_APPROVED_COST 200; "},
      {"the customer brings the first ones back",
       [](World* w, SpecialPrice*) {
         w->returns = {{"R1", "S1", D("100")}, {"R1", "S1", D("100")}};
       },
       "S1 150 2250; S2 200 2000; "},
      {"all of it, and more",
       [](World* w, SpecialPrice*) {
         w->returns = {{"R1", "S1", D("251")}};
       },
       "S1 0 0; S2 200 2000; "},
      {"what was approved stays, though an earlier sale is told later",
       [](World* w, SpecialPrice*) {
         w->approved = {{"S2", D("200")}};
       },
       "S1 200 3000 OVER_AUTHORIZED_QUANTITY 50; S2 200 2000; "},
      {"of what was approved, what came back does not",
       [](World* w, SpecialPrice*) {
         w->approved = {{"S2", D("200")}};
         w->returns = {{"R1", "S2", D("60")}};
       },
       "S1 250 3750; S2 140 1400; "},
  };
  for (const auto& c : kCases) {
    World world;
    SpecialPrice authorization = ForEc1();
    c.change(&world, &authorization);
    world.sales.pop_back();
    const std::string text = TextOf(world.Judge(authorization));
    EXPECT_EQ(text.substr(0, text.find("left")), c.outcome) << c.what;
  }
}

// A sale over two layers: the units that cost less than was approved use nothing of the quantity.
TEST(ShipAndDebitTest, UnitsWithoutADebitUseNothingUp) {
  World world;
  world.history = {};
  world.history.arrivals = {Came("A", "05-01", "10", "90"), Came("B", "05-02", "10", "120"),
                            Came("C", "05-03", "10", "130")};
  world.history.departures = {{On("06-03"), D("25"), "S1"}};
  world.sales = {Sale("S1", "06-03", "EC1", "25")};
  SpecialPrice authorization = ForEc1();
  authorization.quantity = D("12");
  EXPECT_EQ(TextOf(world.Judge(authorization)),
            "S1 12 260 NOT_ABOVE_APPROVED_COST 10 OVER_AUTHORIZED_QUANTITY 3; left 0: 260");
}

}  // namespace
}  // namespace tributary::incentive
