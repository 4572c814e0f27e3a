#include <map>
#include <memory>
#include <string>
#include <vector>

#include "incentive-service/channel_facts/channel_fact_store.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/facts/line_costs.h"
#include "incentive-service/price_changes/price_change_store.h"
#include "incentive-service/standard_costs/testing_costs.h"
#include "incentive-service/statements/statement_store.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

Program Margins(MarginOf of, Basis basis) {
  Program program = GrowthProgram("margin", basis);
  program.state = ProgramState::kActive;
  program.terms.scale = {Shape::kFlat, Bound::kFrom, {{Decimal(), DecimalFrom("0.1")}}, Measure::kMargin};
  program.terms.margin = MarginTerms{.of = of, .discloses_costs = of == MarginOf::kVendor};
  return program;
}

FactLine SoldOn(const std::string& sale, int64_t seq, std::string_view day, std::string_view units,
                std::string_view net) {
  FactLine line = ShipmentOf("p1", sale, 1, seq, day, day, net);
  line.source = FactSource::kSellThrough;
  line.fact = "sales/" + sale + ".1";
  line.quantity = DecimalFrom(units);
  return line;
}

class LineCostsTest : public ::testing::Test {
 protected:
  void Tell(const std::vector<FactLine>& lines) {
    InTransaction(*database_, [&](mysql::Transaction& sql) { return facts_.Add(sql, lines).status(); });
  }
  void TellProducts(const std::vector<events::Event>& products) {
    InTransaction(*database_, [&](mysql::Transaction& sql) { return StandardCostStore().Apply(sql, products); });
  }
  // Sales are told to both, as the feed does.
  void TellSales(const std::vector<FactLine>& sales) {
    Tell(sales);
    std::vector<ChannelFact> facts;
    for (const FactLine& sale : sales) {
      facts.push_back({.partner = sale.partner,
                       .fact = sale.fact,
                       .kind = ChannelFactKind::kSale,
                       .product = sale.product,
                       .refers = sale.refers,
                       .date = sale.ship_date,
                       .quantity = sale.quantity});
    }
    InTransaction(*database_, [&](mysql::Transaction& sql) { return ChannelFactStore().Add(sql, facts); });
  }
  // Of lines whose cost is known, by document.
  std::map<std::string, std::string> Costs(const Program& program) {
    std::map<std::string, std::string> costs;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      costs.clear();
      ASSIGN_OR_RETURN(const std::vector<FactLine> lines, facts_.LinesFor(sql, program, program.effective));
      for (const FactLine& line : lines) {
        if (line.unit_cost.has_value()) costs[line.document] = line.unit_cost->ToDecimalString();
      }
      return absl::OkStatus();
    });
    return costs;
  }
  // Closes the first quarter.
  void State(const Program& program) {
    const Period quarter = PeriodOf(PeriodKind::kQuarter, DayFrom("2026-01-01"));
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(std::vector<FactLine> lines, facts_.LinesFor(sql, program, quarter.range));
      ASSIGN_OR_RETURN(const StatedPeriod stated, StatePeriod(program, quarter, std::move(lines), {}, {}));
      return StatementStore()
          .AddToDrafts(sql, StatementKind::kRegular, quarter, "USD", stated.entries, InstantFrom("2026-08-01"))
          .status();
    });
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  FactStore facts_;
};

TEST_F(LineCostsTest, TheVendorsAreStandardCostsOfTheDay) {
  const FactLine a = ShipmentOf("p1", "A", 1, 1, "2026-01-05", "2026-01-05", "100");
  FactLine of_another_product = ShipmentOf("p1", "C", 1, 3, "2026-01-05", "2026-01-05", "100");
  of_another_product.product = "products/y";
  Tell({a, ShipmentOf("p1", "B", 1, 2, "2026-01-05", "2026-03-05", "100"), of_another_product,
        ReturnOf(a, "R", 4, "2026-05-01", "-100"),
        ShipmentOf("p1", "E", 1, 5, "2026-01-05", "2026-01-05", "1", "CNY")});
  const Program program = Margins(MarginOf::kVendor, Basis::kSellIn);
  EXPECT_TRUE(Costs(program).empty());
  TellProducts({ToldOf(ProductCosting("x", {{"2026-01-01", "60"}, {"2026-03-01", "65"}})),
                ToldOf(ProductCosting("y", {{"2026-01-01", "9"}}, "CNY"))});
  EXPECT_THAT(Costs(program), ElementsAre(Pair("A", "60"), Pair("B", "65"), Pair("R", "60")));
  Program elsewhere = program;
  elsewhere.lines.except_products = {"products/x"};
  EXPECT_TRUE(Costs(elsewhere).empty());
  EXPECT_TRUE(Costs(GrowthProgram("margin", Basis::kSellIn)).empty());
}

TEST_F(LineCostsTest, WhatAStatementSaidStands) {
  const FactLine a = ShipmentOf("p1", "A", 1, 1, "2026-01-05", "2026-01-05", "100");
  Tell({a, ShipmentOf("p1", "B", 1, 2, "2026-01-06", "2026-01-06", "100"),
        ShipmentOf("p2", "C", 1, 3, "2026-01-06", "2026-01-06", "100")});
  TellProducts({ToldOf(ProductCosting("x", {{"2026-01-06", "60"}}))});
  const Program program = Margins(MarginOf::kVendor, Basis::kSellIn);
  EXPECT_THAT(Costs(program), ElementsAre(Pair("B", "60"), Pair("C", "60")));
  State(program);
  // What is found out later holds for what no statement told, and not for what takes back what one did.
  const FactLine b = ShipmentOf("p1", "B", 1, 2, "2026-01-06", "2026-01-06", "100");
  Tell({ReturnOf(b, "R", 4, "2026-05-01", "-100"), ShipmentOf("p1", "D", 1, 5, "2026-01-06", "2026-01-06", "100")});
  TellProducts({ToldOf(ProductCosting("x", {{"2026-01-01", "70"}}))});
  EXPECT_THAT(Costs(program),
              ElementsAre(Pair("A", "70"), Pair("B", "60"), Pair("C", "60"), Pair("D", "70"), Pair("R", "60")));
  // Of another program, or one that is tried, nothing was said.
  for (const char* id : {"other", ""}) {
    Program other = program;
    other.id = id;
    EXPECT_THAT(Costs(other),
                ElementsAre(Pair("A", "70"), Pair("B", "70"), Pair("C", "70"), Pair("D", "70"), Pair("R", "70")));
  }
}

// 10 units at 100, then 10 at 110. Two come back; 20 more are sold than came.
TEST_F(LineCostsTest, ThePartnersAreThoseOfItsLayers) {
  FactLine first = ShipmentOf("p1", "A", 1, 1, "2026-01-02", "2026-01-02", "1000");
  FactLine second = ShipmentOf("p1", "B", 1, 2, "2026-01-10", "2026-01-10", "1100");
  first.quantity = second.quantity = DecimalFrom("10");
  Tell({first, second});
  FactLine back = SoldOn("R", 6, "2026-02-05", "-2", "-300");
  back.kind = FactKind::kReturn;
  back.refers = "sales/S2.1";
  FactLine unlinked = SoldOn("U", 7, "2026-02-06", "-1", "-150");
  FactLine elsewhere = SoldOn("S4", 8, "2026-02-07", "1", "150");
  elsewhere.product = "products/y";
  TellSales({SoldOn("S1", 3, "2026-01-15", "8", "1200"), SoldOn("S2", 4, "2026-01-20", "6", "900"),
             SoldOn("S3", 5, "2026-02-01", "26", "4000"), back, unlinked, elsewhere});
  const Program program = Margins(MarginOf::kPartner, Basis::kSellThrough);
  // S2: (2 x 100 + 4 x 110) / 6.
  EXPECT_THAT(Costs(program), ElementsAre(Pair("R", "106.666666667"), Pair("S1", "100"), Pair("S2", "106.666666667")));

  // Protected against a new price, what is left costs that.
  PriceChange cut{.id = "cut", .state = PriceChangeState::kAnnounced, .product = "products/x"};
  cut.uid = Uuid::New(InstantFrom("2026-01-01"));
  cut.create_time = cut.update_time = InstantFrom("2026-01-01");
  cut.effective_date = DayFrom("2026-01-18");
  cut.new_price = DecimalFrom("90");
  cut.currency = "USD";
  cut.lookback_days = 90;
  cut.claim_deadline = DayFrom("2026-12-31");
  InTransaction(*database_, [&](mysql::Transaction& sql) { return PriceChangeStore().Insert(sql, cut); });
  EXPECT_THAT(Costs(program), ElementsAre(Pair("R", "90"), Pair("S1", "100"), Pair("S2", "90")));

  // What was stated stands, also where earlier goods become known.
  State(program);
  FactLine earlier = ShipmentOf("p1", "Z", 1, 9, "2026-01-01", "2026-01-01", "1600");
  earlier.quantity = DecimalFrom("20");
  Tell({earlier});
  // S3: all 26 units that were there behind 14 others, 6 of Z at 80 and 20 of A and B at 90.
  EXPECT_THAT(Costs(program),
              ElementsAre(Pair("R", "90"), Pair("S1", "100"), Pair("S2", "90"), Pair("S3", "87.692307692")));
}

// A set holds two x and a y: 10 x came at 100 and 10 at 110, 20 y at 30.
TEST_F(LineCostsTest, AKitCostsWhatItsPartsDid) {
  FactLine first = ShipmentOf("p1", "A", 1, 1, "2026-01-02", "2026-01-02", "1000");
  FactLine second = ShipmentOf("p1", "B", 1, 2, "2026-01-10", "2026-01-10", "1100");
  FactLine of_y = ShipmentOf("p1", "C", 1, 3, "2026-01-02", "2026-01-02", "600");
  first.quantity = second.quantity = DecimalFrom("10");
  of_y.product = "products/y";
  of_y.quantity = DecimalFrom("20");
  Tell({first, second, of_y});
  std::vector<FactLine> sets = {SoldOn("S1", 4, "2026-01-15", "4", "1200"), SoldOn("S2", 5, "2026-01-20", "4", "1200"),
                                SoldOn("S3", 6, "2026-02-01", "13", "3900"),
                                SoldOn("R", 7, "2026-02-05", "-1", "-300")};
  for (FactLine& line : sets) line.product = "products/set";
  sets[3].kind = FactKind::kReturn;
  sets[3].refers = sets[1].fact;
  Tell(sets);
  std::vector<ChannelFact> facts;
  for (const FactLine& line : sets) {
    ChannelFact fact{.partner = line.partner,
                     .fact = line.fact,
                     .kind = ChannelFactKind::kKitSale,
                     .product = line.product,
                     .refers = line.refers,
                     .date = line.ship_date,
                     .quantity = line.quantity};
    facts.push_back(fact);
    fact.kind = ChannelFactKind::kPartSale;
    fact.refers.clear();
    for (const char* part : {"x", "y"}) {
      fact.product = StrCat("products/", part);
      fact.fact = StrCat(line.fact, "/parts/", part);
      fact.quantity = part == std::string_view("x") ? line.quantity + line.quantity : line.quantity;
      facts.push_back(fact);
    }
  }
  InTransaction(*database_, [&](mysql::Transaction& sql) { return ChannelFactStore().Add(sql, facts); });
  // S1: 8 x at 100 and 4 y. S2: 2 x at 100, 6 at 110 and 4 y. S3 took more x than came.
  EXPECT_THAT(Costs(Margins(MarginOf::kPartner, Basis::kSellThrough)),
              ElementsAre(Pair("R", "245"), Pair("S1", "230"), Pair("S2", "245")));
}

}  // namespace
}  // namespace tributary::incentive
