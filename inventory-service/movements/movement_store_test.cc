// What moved, read from a real database: as of a date, as known at a moment.

#include "inventory-service/movements/movement_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "inventory-service/counts/count_store.h"
#include "inventory-service/facts/recording.h"
#include "inventory-service/ledger/ledger_store.h"
#include "inventory-service/partner_reports/report_store.h"
#include "inventory-service/sell_through/sell_through_sale_store.h"
#include "inventory-service/shipments/shipment_store.h"
#include "inventory-service/sites/site_store.h"
#include "inventory_schema.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

Date June(int day) { return Date::FromYmd(2026, 6, day).value(); }
// The n-th fact is recorded at the n-th second.
absl::Time Second(int64_t n) { return absl::FromUnixSeconds(1780000000 + n); }

class MovementStoreTest : public ::testing::Test {
 protected:
  MovementStoreTest() : database_(testing::FreshDatabase({&schema::inventory()})) {}
  absl::Status Do(const std::function<absl::Status(mysql::Transaction&)>& body) {
    return database_->Transact({}, [&](mysql::Transaction& sql) { return body(sql); });
  }
  events::Stamp Next() {
    ++seq_;
    return {{.shard = 3, .seq = seq_}, Second(seq_)};
  }
  ShipmentLine Ship(const char* product, const char* units, int ordered, int shipped) {
    ShipmentLine line;
    line.document = StrCat("SO", seq_);
    line.line = 1;
    line.partner = "acme";
    line.product = product;
    line.quantity = D(units);
    line.posted = true;
    line.order_date = June(ordered);
    line.ship_date = June(shipped);
    line.currency = "USD";
    Record(shipments_.table(), line);
    return line;
  }
  SellThroughSale Sell(const char* product, const char* units, int day,
                       SellThroughSale::Activity activity = SellThroughSale::Activity::kSale) {
    SellThroughSale sale;
    sale.activity = activity;
    sale.document = StrCat("INV", seq_);
    sale.line = 1;
    sale.partner = "acme";
    sale.product = product;
    sale.quantity = D(units);
    sale.posted = true;
    sale.sale_date = June(day);
    sale.region = "aw-1";
    Record(sales_.table(), sale);
    return sale;
  }
  template <typename T>
  void Record(const FactTable<T>& table, const T& fact) {
    const std::vector<events::Stamp> stamps = {Next()};
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const bool inserted, table.Insert(sql, std::vector<T>{fact}, stamps));
      EXPECT_TRUE(inserted);
      return absl::OkStatus();
    }));
  }
  void Post(const char* product, std::string_view from, std::string_view to, const char* units, int day,
            const char* cause = "tests/x") {
    const std::vector<events::Stamp> stamps = {Next()};
    const std::vector<Posting> postings = {{.partner = "acme",
                                            .product = product,
                                            .from = std::string(from),
                                            .to = std::string(to),
                                            .quantity = D(units),
                                            .effective_date = June(day),
                                            .cause = cause}};
    EXPECT_OK(Do([&](mysql::Transaction& sql) { return ledger_.InsertPostings(sql, postings, stamps); }));
  }
  template <typename T>
  T Read(const std::function<absl::StatusOr<T>(mysql::Transaction&)>& read) {
    T value{};
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(value, read(sql));
      return absl::OkStatus();
    }));
    return value;
  }
  // "06-02..06-10", "06-02..06-04 06-06..06-10" or "", at the site.
  std::string Told(const AsOf& as_of, const std::string& site = "") {
    return Text(Read<std::map<std::string, ToldDays>>(
                    [&](mysql::Transaction& sql) { return store_.Told(sql, "acme", {site}, as_of); })
                    .at(site)
                    .days);
  }
  static std::string Text(const DaySet& days) {
    std::string text;
    for (const DateRange& range : days) {
      text += (text.empty() ? "" : " ") + range.start.ToString().substr(5) + ".." + range.end.ToString().substr(5);
    }
    return text;
  }
  // Covers the days [from, to) of June.
  void Report(int n, int from, int to, std::vector<std::string> sites, Activities activities = Activities::All()) {
    PartnerReport report{.partner = "acme", .id = Uuid::New(Second(n)), .create_time = Second(n), .profile = "pos"};
    report.update_time = report.create_time;
    report.sha256 = report.rank.content = std::string(32, 'x');
    report.rank.revision = n;
    report.rank.instant = absl::InfinitePast();
    report.coverage = {.from = June(from), .to = June(to - 1), .activities = activities, .sites = std::move(sites)};
    report.counts = {.received = 1, .accepted = 1};
    EXPECT_OK(Do([&](mysql::Transaction& sql) { return ReportStore().Insert(sql, report); }));
  }

  std::unique_ptr<mysql::Database> database_;
  MovementStore store_;
  LedgerStore ledger_;
  ShipmentStore shipments_;
  SellThroughSaleStore sales_;
  int64_t seq_ = 0;
};

TEST_F(MovementStoreTest, WithoutAReportWhatIsToldGoesFromTheFirstSaleToTheLastThatStands) {
  EXPECT_EQ(Told({}), "");
  Sell("bike", "1", 5);                                // 1
  const SellThroughSale last = Sell("pump", "1", 20);  // 2
  const SellThroughSale early = Sell("bike", "1", 1);  // 3
  EXPECT_EQ(Told({}), "06-01..06-21");
  EXPECT_EQ(Told({.known = Second(2)}), "06-05..06-21");
  EXPECT_EQ(Told({.date = June(19)}), "06-01..06-20");  // which the sale of the 20th says was told
  EXPECT_EQ(Told({.date = June(1)}), "06-01..06-02");
  EXPECT_EQ(Told({.date = Date::FromYmd(2026, 5, 31).value()}), "");
  EXPECT_EQ(Told({.date = June(19), .known = Second(1)}), "06-05..06-06");
  Record(sales_.table(), Reversal(last));   // 4
  Record(sales_.table(), Reversal(early));  // 5
  EXPECT_EQ(Told({}), "06-05..06-06");
  EXPECT_EQ(Told({.known = Second(4)}), "06-01..06-06");
  EXPECT_EQ(Told({.known = Second(3)}), "06-01..06-21");
}

TEST_F(MovementStoreTest, WhatReportsCoverIsToldOfASite) {
  Sell("bike", "1", 1);
  Report(1, 3, 8, {});
  Report(2, 12, 20, {"north"});
  Report(3, 8, 10, {"main"});
  Report(4, 20, 25, {}, Activities::Of(Activity::kOnHand));
  EXPECT_EQ(Told({}), "06-03..06-10 06-12..06-20");  // of any site; recorded sales tell nothing any more
  EXPECT_EQ(Told({}, "main"), "06-03..06-10");
  EXPECT_EQ(Told({}, "north"), "06-03..06-08 06-12..06-20");
  EXPECT_EQ(Told({.date = June(14)}, "north"), "06-03..06-08 06-12..06-15");
  EXPECT_EQ(Told({.date = June(2)}, "north"), "");
  EXPECT_EQ(Told({.known = Second(1)}, "main"), "06-03..06-08");
  EXPECT_EQ(Told({.known = Second(0)}, "main"), "");

  // Each site is owed from its first movement until it was closed.
  const auto untold = [&](const std::vector<std::string_view>& products) {
    return Text(UntoldOf(Read<std::vector<SiteTold>>(
                             [&](mysql::Transaction& sql) { return store_.SitesTold(sql, "acme", products, {}); }),
                         {June(1), June(15)}));
  };
  EXPECT_EQ(untold({"bike"}), "06-01..06-03 06-10..06-15");  // main alone, for all time
  Post("bike", kVendor, "main", "10", 5);
  EXPECT_EQ(untold({"bike"}), "06-10..06-15");
  Post("pump", "main/in_transit", "north/quarantine", "10", 9);
  EXPECT_EQ(untold({"bike"}), "06-10..06-15");
  EXPECT_EQ(untold({"pump"}), "06-09..06-15");  // of main too, where it lay before
  EXPECT_EQ(untold({}), "06-09..06-15");
  ASSERT_OK(Do([&](mysql::Transaction& sql) {
    return SiteStore().Insert(sql,
                              {.partner = "acme", .id = "main", .uid = Uuid::New(Second(9)), .closed_on = June(11)});
  }));
  EXPECT_EQ(untold({"bike"}), "06-10..06-11");
  EXPECT_EQ(untold({}), "06-09..06-12");
}

TEST_F(MovementStoreTest, SellInAndSellThroughByDay) {
  Ship("bike", "5", 1, 3);                             // 1
  Ship("bike", "2.5", 2, 3);                           // 2
  const ShipmentLine wrong = Ship("pump", "9", 1, 4);  // 3
  Record(shipments_.table(), Reversal(wrong));         // 4
  Sell("bike", "1", 6);                                // 5
  Sell("bike", "-4", 7, SellThroughSale::Activity::kAdjustment);
  const auto by_product = [&](const std::vector<std::string_view>& products, const AsOf& as_of) {
    return Read<std::map<std::string, ByDay>>(
        [&](mysql::Transaction& sql) { return store_.SellIn(sql, "acme", products, as_of); });
  };
  EXPECT_THAT(by_product({"bike", "pump"}, {}), ElementsAre(Pair("bike", ElementsAre(Pair(June(3), D("7.5"))))));
  EXPECT_THAT(by_product({"bike", "pump"}, {.known = Second(3)}), SizeIs(2));
  EXPECT_THAT(by_product({}, {.known = Second(3)}),
              ElementsAre(Pair("", ElementsAre(Pair(June(3), D("7.5")), Pair(June(4), D("9"))))));
  EXPECT_THAT(by_product({}, {.date = June(2)}), IsEmpty());
  const auto sold = Read<std::map<std::string, ByDay>>(
      [&](mysql::Transaction& sql) { return store_.SellThrough(sql, "acme", {"bike"}, {}); });
  EXPECT_THAT(sold, ElementsAre(Pair("bike", ElementsAre(Pair(June(6), D("1"))))));
}

TEST_F(MovementStoreTest, WhatMovedInKitsCountsAsTheirParts) {
  Ship("wheel", "5", 1, 3);
  ShipmentLine sets{};
  sets.document = "KIT1";
  sets.line = 1;
  sets.partner = "acme";
  sets.product = "set";
  sets.quantity = D("3");
  sets.parts = {{"bell", D("3")}, {"wheel", D("6")}};
  sets.posted = true;
  sets.order_date = June(1);
  sets.ship_date = June(3);
  sets.currency = "USD";
  Record(shipments_.table(), sets);
  const auto sell_in = [&](const std::vector<std::string_view>& products) {
    return Read<std::map<std::string, ByDay>>(
        [&](mysql::Transaction& sql) { return store_.SellIn(sql, "acme", products, {}); });
  };
  EXPECT_THAT(sell_in({"bell", "wheel"}), ElementsAre(Pair("bell", ElementsAre(Pair(June(3), D("3")))),
                                                      Pair("wheel", ElementsAre(Pair(June(3), D("11"))))));
  EXPECT_THAT(sell_in({"set"}), ElementsAre(Pair("set", ElementsAre(Pair(June(3), D("3"))))));
  EXPECT_THAT(sell_in({}), ElementsAre(Pair("", ElementsAre(Pair(June(3), D("14"))))));
  Record(shipments_.table(), Reversal(sets));
  EXPECT_THAT(sell_in({"bell", "wheel"}), ElementsAre(Pair("wheel", ElementsAre(Pair(June(3), D("5"))))));
  EXPECT_THAT(sell_in({}), ElementsAre(Pair("", ElementsAre(Pair(June(3), D("5"))))));
}

TEST_F(MovementStoreTest, LeadTimesOfWhatStandsAndIsNoReturn) {
  Ship("bike", "5", 1, 8);
  Ship("bike", "5", 2, 15);
  const ShipmentLine wrong = Ship("bike", "5", 1, 30);
  Record(shipments_.table(), Reversal(wrong));
  Ship("pump", "5", 4, 4);
  ShipmentLine back = wrong;
  back.document = "RT1";
  back.quantity = D("-1");
  back.original_line = "partners/acme/shipments/SO0/lines/1";
  Record(shipments_.table(), back);
  const auto sums = Read<std::map<std::string, LeadTimeSums>>(
      [&](mysql::Transaction& sql) { return store_.LeadTimes(sql, "acme", {}); });
  EXPECT_EQ(sums.at("bike").lines, 2);
  EXPECT_EQ(sums.at("bike").days, 20);
  EXPECT_EQ(sums.at("bike").squares, 49 + 169);
  EXPECT_EQ(sums.at("").lines, 3);
  EXPECT_EQ(sums.at("").days, 20);
}

TEST_F(MovementStoreTest, BooksOfProductsAndWhetherStockWasEverCounted) {
  Post("bike", kVendor, "main/in_transit", "10", 1);  // 1
  Post("bike", "main/in_transit", "main", "10", 3);   // 2
  Post("bike", "main", kCustomer, "4", 5);            // 3
  Post("pump", kVendor, "north", "2", 5);             // 4
  const auto books = [&](const std::vector<std::string_view>& products, const AsOf& as_of) {
    return Read<std::map<SiteProduct, SiteBook>>(
        [&](mysql::Transaction& sql) { return store_.Books(sql, "acme", products, as_of); });
  };
  EXPECT_EQ(books({"bike"}, {}).at({"main", "bike"}).on_hand, D("6"));
  EXPECT_EQ(books({"bike"}, {.date = June(2)}).at({"main", "bike"}).in_transit, D("10"));
  EXPECT_EQ(books({"bike"}, {.known = Second(2)}).at({"main", "bike"}).on_hand, D("10"));
  EXPECT_THAT(books({"bike", "pump"}, {}), SizeIs(2));
  EXPECT_THAT(books({}, {}), IsEmpty());
  const auto products = [&](std::string_view after, const AsOf& as_of, int limit) {
    return Read<std::vector<std::string>>(
        [&](mysql::Transaction& sql) { return store_.Products(sql, "acme", after, {}, as_of, limit); });
  };
  EXPECT_THAT(products("", {}, 9), ElementsAre("bike", "pump"));
  EXPECT_THAT(products("", {}, 1), ElementsAre("bike"));
  EXPECT_THAT(products("bike", {}, 9), ElementsAre("pump"));
  EXPECT_THAT(products("", {.date = June(4)}, 9), ElementsAre("bike"));
  const auto counted = [&](const AsOf& as_of) {
    return Read<bool>([&](mysql::Transaction& sql) { return store_.EverCounted(sql, "acme", as_of); });
  };
  EXPECT_FALSE(counted({}));
  // What the partner writes off in a report, and what was lost on its way, is no count.
  Post("pump", "north", kAdjustment, "1", 6, "partners/acme/sales/WO.1");                    // 5
  Post("pump", "main/in_transit", kAdjustment, "1", 6, "partners/acme/receipts/R/lines/1");  // 6
  EXPECT_FALSE(counted({}));
  Post("pump", "north", kAdjustment, "1", 8, "partners/acme/movements/M.1");  // 7
  EXPECT_TRUE(counted({}));
  EXPECT_FALSE(counted({.date = June(7)}));
  EXPECT_FALSE(counted({.known = Second(6)}));
}

TEST_F(MovementStoreTest, ACountThatFoundWhatTheBooksSayIsACount) {
  const auto counted = [&](const AsOf& as_of) {
    return Read<bool>([&](mysql::Transaction& sql) { return store_.EverCounted(sql, "acme", as_of); });
  };
  StockCount count{.partner = "acme",
                   .id = "june",
                   .uid = Uuid::New(Second(1)),
                   .create_time = Second(1),
                   .update_time = Second(2),
                   .state = CountState::kSubmitted,
                   .site = "main",
                   .date = June(9)};
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return CountStore().Insert(sql, count); }));
  EXPECT_FALSE(counted({}));
  count.state = CountState::kApproved;
  count.update_time = Second(3);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return CountStore().Update(sql, count); }));
  EXPECT_TRUE(counted({}));
  EXPECT_FALSE(counted({.date = June(8)}));
  EXPECT_FALSE(counted({.known = Second(2)}));
  EXPECT_FALSE(Read<bool>([&](mysql::Transaction& sql) { return store_.EverCounted(sql, "bolt", {}); }));
}

}  // namespace
}  // namespace tributary::inventory
