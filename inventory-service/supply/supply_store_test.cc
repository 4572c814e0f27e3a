// Supplies and promises on a real database.

#include "inventory-service/supply/supply_store.h"

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/ids/uuid.h"
#include "common/money/testing_decimal.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/shipments/shipment_store.h"
#include "inventory-service/testing_store.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

Date Day(const char* text) { return Date::Parse(std::string("2026-") + text).value(); }

class SupplyStoreTest : public StoreTest {
 protected:
  Supply New(const char* id, const char* product, const char* day, const char* quantity) {
    return {.id = id,
            .product = product,
            .available_date = Day(day),
            .quantity = D(quantity),
            .note = "从工厂",
            .create_time = kStart};
  }
  absl::Status Insert(const Supply& supply) {
    return Do([&](mysql::Transaction& sql) { return store_.Insert(sql, supply); });
  }
  SupplyBook Book(const char* product) {
    return Read<SupplyBook>([&](mysql::Transaction& sql) { return store_.BookOf(sql, product); });
  }
  // "1 04-20 30" of the order's promises of the products.
  std::vector<std::string> Promised(const char* partner, const char* order, const std::set<std::string>& products) {
    std::vector<std::string> told;
    for (const Promise& one : Read<std::vector<Promise>>(
             [&](mysql::Transaction& sql) { return store_.PromisesOf(sql, partner, order, products); })) {
      told.push_back(
          StrCat(one.product, " ", one.line, " ", one.date.ToString().substr(5), " ", one.quantity.ToString()));
    }
    return told;
  }

  SupplyStore store_;
};

TEST_F(SupplyStoreTest, ASupplyIsReadAsItWasWritten) {
  const Supply april = New("april", "bike", "04-01", "90.000001");
  ASSERT_OK(Insert(april));
  EXPECT_THAT(Insert(april), HasReason(Reason::kAlreadyExists));
  ASSERT_OK(Insert(New("back", "bike", "04-01", "-1")));
  ASSERT_OK(Insert(New("zinc", "pump", "04-02", "5")));
  const Supply read = Read<Supply>([&](mysql::Transaction& sql) { return store_.Get(sql, "april"); });
  EXPECT_EQ(read.product, "bike");
  EXPECT_EQ(read.available_date, Day("04-01"));
  EXPECT_EQ(read.quantity, D("90.000001"));
  EXPECT_EQ(read.note, "从工厂");
  EXPECT_EQ(read.create_time, kStart);
  EXPECT_THAT(Do([&](mysql::Transaction& sql) { return store_.Get(sql, "none").status(); }),
              HasReason(Reason::kNotFound));
  const auto listed = [&](std::string_view after, std::string_view filter, int limit) {
    std::vector<std::string> ids;
    for (const Supply& one :
         Read<std::vector<Supply>>([&](mysql::Transaction& sql) -> absl::StatusOr<std::vector<Supply>> {
           ASSIGN_OR_RETURN(const SqlPredicate predicate, ParseFilter(filter, SupplyStore::Fields()));
           return store_.List(sql, after, predicate, limit);
         })) {
      ids.push_back(one.id);
    }
    return ids;
  };
  EXPECT_THAT(listed("", "", 10), ElementsAre("april", "back", "zinc"));
  EXPECT_THAT(listed("april", "", 1), ElementsAre("back"));
  EXPECT_THAT(listed("", "product = \"products/pump\" OR available_date < 2026-04-01", 10), ElementsAre("zinc"));
}

TEST_F(SupplyStoreTest, ABookHasEveryDayOfItsProduct) {
  ASSERT_OK(Insert(New("a", "bike", "04-01", "90")));
  ASSERT_OK(Insert(New("b", "bike", "04-20", "60")));
  ASSERT_OK(Insert(New("c", "bike", "04-20", "-10")));
  ASSERT_OK(Insert(New("d", "pump", "04-01", "7")));
  const std::vector<Promise> promises = {{"bike", "acme", "o1", 1, Day("04-01"), D("60")},
                                         {"bike", "acme", "o1", 1, Day("04-20"), D("20")},
                                         {"bike", "bolt", "o1", 1, Day("04-01"), D("0.5")},
                                         {"pump", "acme", "o1", 2, Day("04-01"), D("1")}};
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(store_.AddPromises(sql, promises));
    return store_.AddPromises(sql, {promises[1]});  // adds to what is there
  }));
  EXPECT_THAT(Book("bike").supplied, ElementsAre(Pair(Day("04-01"), D("90")), Pair(Day("04-20"), D("50"))));
  EXPECT_THAT(Book("bike").promised, ElementsAre(Pair(Day("04-01"), D("60.5")), Pair(Day("04-20"), D("40"))));
  EXPECT_EQ(Book("bike").AvailableFor(Day("04-01")), D("29.5"));
  EXPECT_THAT(Promised("acme", "o1", {"bike", "pump"}),
              ElementsAre("bike 1 04-01 60", "bike 1 04-20 40", "pump 2 04-01 1"));
  EXPECT_THAT(Promised("acme", "o1", {"pump"}), ElementsAre("pump 2 04-01 1"));
  const auto promised_to = [&](const char* order) {
    return Read<std::set<std::string>>([&](mysql::Transaction& sql) { return store_.PromisedTo(sql, "acme", order); });
  };
  EXPECT_THAT(promised_to("o1"), ElementsAre("bike", "pump"));
  EXPECT_THAT(promised_to("o2"), IsEmpty());
  EXPECT_THAT(Promised("acme", "o2", {"bike"}), IsEmpty());
  // Set, and taken out.
  ASSERT_OK(Do([&](mysql::Transaction& sql) {
    return store_.SetPromises(
        sql, {{"bike", "acme", "o1", 1, Day("04-01"), D("40")}, {"bike", "acme", "o1", 1, Day("04-20"), D("0")}});
  }));
  EXPECT_THAT(Promised("acme", "o1", {"bike"}), ElementsAre("bike 1 04-01 40"));
  EXPECT_THAT(Book("bike").promised, ElementsAre(Pair(Day("04-01"), D("40.5"))));
}

// What was shipped on orders that were promised the product, reversals taken off.
TEST_F(SupplyStoreTest, WhatWasShippedOfPromises) {
  ASSERT_OK(Do([&](mysql::Transaction& sql) {
    return store_.AddPromises(
        sql, {{"bike", "acme", "o1", 1, Day("04-01"), D("60")}, {"bike", "acme", "o1", 2, Day("04-01"), D("2")}});
  }));
  const auto line = [](const char* document, const char* order, const char* quantity, int generation = 0) {
    ShipmentLine shipped;
    shipped.document = document;
    shipped.line = 1;
    shipped.generation = generation;
    shipped.partner = "acme";
    shipped.product = "bike";
    shipped.quantity = D(quantity);
    shipped.order_date = shipped.ship_date = Day("04-02");
    shipped.currency = "CNY";
    shipped.order = order;
    shipped.order_line = 1;
    shipped.site = "main";
    return shipped;
  };
  ASSERT_TRUE(Append(ShipmentStore().table(),
                     std::vector{line("S1", "o1", "10"), line("S2", "o1", "5"), line("S2", "o1", "-5", 1),
                                 line("S3", "o2", "7"), line("S4", "", "9")}));
  EXPECT_EQ(Read<Decimal>([&](mysql::Transaction& sql) { return store_.ShippedOf(sql, "bike"); }), D("10"));
  EXPECT_EQ(Read<Decimal>([&](mysql::Transaction& sql) { return store_.ShippedOf(sql, "pump"); }), D("0"));
}

// Who has locked the product decides alone: 32 clients, each taking one of ten while any is left.
TEST_F(SupplyStoreTest, WhoHoldsTheLockPromisesAlone) {
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    const Product bike{.id = "bike", .uid = Uuid::New(kStart), .create_time = kStart, .update_time = kStart};
    return ProductStore().Insert(sql, {&bike, 1}).status();
  }));
  ASSERT_OK(Insert(New("a", "bike", "04-01", "10")));
  std::atomic<int> taken = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 32; ++i) {
    clients.emplace_back([&, i] {
      bool mine = false;
      EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
        mine = false;
        RETURN_IF_ERROR(store_.Lock(sql, {"bike", "nothing"}));
        ASSIGN_OR_RETURN(const SupplyBook book, store_.BookOf(sql, "bike"));
        if (book.AvailableFor(Day("04-01")) < D("1")) return absl::OkStatus();
        mine = true;
        return store_.AddPromises(sql, {{"bike", "acme", StrCat("o", i), 1, Day("04-01"), D("1")}});
      }));
      taken += mine;
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(taken, 10);
  EXPECT_EQ(Book("bike").AvailableFor(Day("04-01")), D("0"));
}

}  // namespace
}  // namespace tributary::inventory
