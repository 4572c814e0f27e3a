#include "incentive-service/channel_facts/channel_fact_store.h"

#include <memory>

#include "common/wire/wire.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"
#include "tributary/inventory/v1/stock_movement.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

ChannelFact SaleOf(std::string partner, std::string sale, std::string_view quantity) {
  return {.partner = std::move(partner),
          .fact = "sales/" + sale,
          .kind = ChannelFactKind::kSale,
          .product = "products/x",
          .date = DayFrom("2026-06-03"),
          .quantity = DecimalFrom(quantity),
          .customer = "EC1"};
}

class ChannelFactStoreTest : public ::testing::Test {
 protected:
  absl::Status Add(std::vector<ChannelFact> facts) {
    return database_->Transact({}, [&](mysql::Transaction& sql) { return facts_.Add(sql, facts); });
  }
  StockBook Book(const std::string& partner, const std::string& product = "products/x") {
    StockBook book;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(book, facts_.Read(sql, partner, product));
      return absl::OkStatus();
    });
    return book;
  }
  std::vector<std::string> Sales(const std::string& partner) {
    std::vector<std::string> sales;
    for (const CustomerSale& one : Book(partner).sales) {
      sales.push_back(StrCat(one.fact, " ", one.quantity.ToString(), " ", one.customer));
    }
    return sales;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  ChannelFactStore facts_;
};

TEST_F(ChannelFactStoreTest, KeepsEachFactOnce) {
  EXPECT_OK(Add({}));
  EXPECT_OK(Add({SaleOf("p1", "A.1", "5"), SaleOf("p1", "A.1", "5"), SaleOf("p2", "A.1", "6")}));
  EXPECT_OK(Add({SaleOf("p1", "B.1", "7"), SaleOf("p1", "A.1", "5")}));
  EXPECT_OK(Add({SaleOf("p1", "A.1", "5")}));
  EXPECT_THAT(Sales("p1"), ElementsAre("sales/A.1 5 EC1", "sales/B.1 7 EC1"));
  EXPECT_THAT(Sales("p2"), ElementsAre("sales/A.1 6 EC1"));
  EXPECT_THAT(Sales("p3"), IsEmpty());
  // With other content, in one batch or known before.
  EXPECT_THAT(Add({SaleOf("p3", "C.1", "1"), SaleOf("p3", "C.1", "2")}), HasReason(Reason::kRowConflict));
  EXPECT_THAT(Add({SaleOf("p3", "C.1", "1"), SaleOf("p2", "A.1", "7")}), HasReason(Reason::kRowConflict));
  EXPECT_THAT(Sales("p3"), IsEmpty());
  ChannelFact back = SaleOf("p1", "A.1.r1", "-5");
  back.reverses = "sales/A.1";
  EXPECT_OK(Add({back}));
  EXPECT_THAT(Sales("p1"), ElementsAre("sales/B.1 7 EC1"));
}

// More than fit into one list of names, of several partners.
TEST_F(ChannelFactStoreTest, KnowsManyAgain) {
  std::vector<ChannelFact> facts;
  for (int i = 0; i < 450; ++i) facts.push_back(SaleOf(i % 3 == 0 ? "p1" : "p2", StrCat("S-", i, ".1"), "1"));
  EXPECT_OK(Add(std::vector(facts.begin(), facts.begin() + 300)));
  EXPECT_OK(Add(facts));
  EXPECT_EQ(Sales("p1").size(), 150u);
  EXPECT_EQ(Sales("p2").size(), 300u);
}

// As inventory's feed tells it: stated by the partner that the units leave, else by p1; between places by their names.
events::Event Moved(const std::string& movement, std::string_view units, const std::string& from, const std::string& to,
                    const std::string& reverses = "") {
  const std::string movements = from.starts_with("partners/p2/") ? "partners/p2/movements/" : "partners/p1/movements/";
  inventory::v1::StockMovement message;
  message.set_name(movements + movement);
  *message.mutable_effective_date() = wire::ToProto(DayFrom("2026-06-03"));
  message.set_product("products/x");
  message.mutable_quantity()->set_value(std::string(units));
  message.set_from_location(from);
  message.set_to_location(to);
  if (!reverses.empty()) message.set_reverses(movements + reverses);
  return {.verb = "recorded",
          .name = message.name(),
          .type = inventory::v1::StockMovement::descriptor()->full_name(),
          .payload = message.SerializeAsString()};
}

TEST_F(ChannelFactStoreTest, MovementsCountWhereTheyComeIntoStockOrLeaveIt) {
  const std::string here = "partners/p1/sites/main/on_hand";
  const std::string there = "partners/p2/sites/main/on_hand";
  const std::string to_here = "partners/p1/sites/main/in_transit";
  const std::string to_there = "partners/p2/sites/main/in_transit";
  const std::vector<events::Event> told = {Moved("a.1", "20", "adjustment", here),
                                           Moved("b.1", "1", here, "vendor"),
                                           Moved("b.2", "2", here, "scrap"),
                                           Moved("c.1", "3", here, there),
                                           Moved("c.2", "4", here, there),
                                           Moved("c.2.r1", "-4", here, there, "c.2"),
                                           Moved("d.1", "5", here, to_there),
                                           Moved("d.2", "4", to_there, there),
                                           Moved("d.3", "1", to_there, there),
                                           Moved("d.3.r1", "-1", to_there, there, "d.3"),
                                           Moved("e.1", "6", here, "partners/p1/sites/main/demo"),
                                           Moved("e.2", "6", "partners/p1/sites/main/demo", to_here),
                                           Moved("e.3", "5", to_here, "partners/p1/sites/branch/on_hand"),
                                           Moved("e.4", "1", to_here, "scrap")};
  for (const bool again : {false, true}) {
    SCOPED_TRACE(again);
    InTransaction(*database_, [&](mysql::Transaction& sql) { return facts_.Apply(sql, told); });
    const StockBook book = Book("p1");
    EXPECT_EQ(LayersAt(book.history, DayFrom("2026-06-03")).units, DecimalFrom("8"));  // 20 - 1 - 2 - 3 - 5 - 6 + 5
    ASSERT_EQ(book.rotated.size(), 2u);
    EXPECT_EQ(book.rotated[0].movement, "movements/b.1");
    EXPECT_FALSE(book.rotated[0].scrapped);
    EXPECT_EQ(book.rotated[1].movement, "movements/b.2");
    EXPECT_TRUE(book.rotated[1].scrapped);
    EXPECT_EQ(LayersAt(Book("p2").history, DayFrom("2026-06-03")).units, DecimalFrom("7"));  // 3 + 4
  }
}

TEST_F(ChannelFactStoreTest, ReadsLinesOfShipmentsThatStand) {
  InTransaction(*database_, [&](mysql::Transaction& sql) {
    const FactLine line = ShipmentOf("p1", "A", 1, 1, "2026-05-01", "2026-05-02", "30");
    FactLine other = ShipmentOf("p1", "B", 1, 2, "2026-05-01", "2026-05-02", "40");
    FactLine elsewhere = ShipmentOf("p1", "C", 1, 3, "2026-05-01", "2026-05-02", "50");
    elsewhere.product = "products/y";
    const FactLine back = ReturnOf(line, "R", 4, "2026-05-09", "-3");
    return FactStore().Add(sql, {line, other, elsewhere, ReversalOf(other, 5), back}).status();
  });
  EXPECT_OK(Add({SaleOf("p2", "A.1", "6")}));
  const StockBook book = Book("p1");
  ASSERT_EQ(book.history.arrivals.size(), 1u);
  EXPECT_EQ(book.history.arrivals[0].line, "shipments/A/lines/1");
  EXPECT_EQ(book.history.arrivals[0].unit_price->ToString(), "30");
  ASSERT_EQ(book.history.returns.size(), 1u);
  EXPECT_EQ(book.history.returns[0].line, "shipments/A/lines/1");
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<std::string> partners, facts_.Partners(sql));
    EXPECT_THAT(partners, ElementsAre("p1", "p2"));
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace tributary::incentive
