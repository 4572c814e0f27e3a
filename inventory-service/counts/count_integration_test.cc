// Counts through the whole service.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "inventory-service/testing_facts.h"
#include "tributary/inventory/v1/count.pb.h"
#include "tributary/inventory/v1/ledger.pb.h"
#include "tributary/inventory/v1/product.pb.h"
#include "tributary/inventory/v1/stock_finding.pb.h"
#include "tributary/inventory/v1/unit_conversion.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

Date June(int day) { return Date::FromYmd(2026, 6, day).value(); }

class CountTest : public FactsTest {
 protected:
  CountTest() {
    partners_.Tell("acme");
    partners_.Tell("bolt");
    EXPECT_TRUE(Eventually([&] { return Site("acme").ok() && Site("bolt").ok(); }));
    import_ = inventory_.NewImport("shipments").value();
  }

  absl::StatusOr<v1::Site> Site(const std::string& partner) {
    v1::GetSiteRequest request;
    request.set_name(StrCat("partners/", partner, "/sites/main"));
    return inventory_.Call<v1::Site>("SiteService/GetSite", request);
  }
  void Ship(const std::string& document, int units, Date day, const std::string& product = "bike") {
    v1::ShipmentLine line = NewLine("acme", document, 1, product, units);
    *line.mutable_order_date() = wire::ToProto(day);
    *line.mutable_ship_date() = wire::ToProto(day);
    EXPECT_EQ(inventory_.Ship(import_, {line})->accepted(), 1);
  }
  static v1::CreateSellThroughSaleRequest NewSale(const std::string& document, int units, Date day) {
    v1::CreateSellThroughSaleRequest request;
    request.set_parent("partners/acme");
    v1::SellThroughSale& sale = *request.mutable_sell_through_sale();
    sale.set_document(document);
    sale.set_line(1);
    *sale.mutable_sale_date() = wire::ToProto(day);
    sale.set_product("products/bike");
    sale.mutable_quantity()->set_value(StrCat(units));
    sale.set_region("regions/aw-1");
    sale.set_end_customer("EC1");
    return request;
  }
  void Sell(const std::string& document, int units, Date day) {
    EXPECT_OK(inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale",
                                                   NewSale(document, units, day)));
  }

  v1::CreateStockCountRequest NewCount(Date day, int units) {
    v1::CreateStockCountRequest request;
    request.set_parent("partners/acme");
    v1::StockCount& count = *request.mutable_count();
    count.set_site("partners/acme/sites/main");
    *count.mutable_date() = wire::ToProto(day);
    count.set_boundary(v1::StockCount::AFTER_CLOSING);
    v1::CountLine& line = *count.add_lines();
    line.set_product("products/bike");
    line.mutable_counted()->set_value(StrCat(units));
    return request;
  }
  absl::StatusOr<v1::StockCount> Create(const v1::CreateStockCountRequest& request,
                                        const rpc::CallOptions& options = {}) {
    return inventory_.Call<v1::StockCount>("StockCountService/CreateStockCount", request, options);
  }
  template <typename Request>
  absl::StatusOr<v1::StockCount> Verb(const std::string& name, const std::string& method,
                                      const rpc::CallOptions& options = {}) {
    Request request;
    request.set_name(name);
    return inventory_.Call<v1::StockCount>("StockCountService/" + method, request, options);
  }
  absl::StatusOr<v1::StockCount> Submit(const std::string& name) {
    return Verb<v1::SubmitStockCountRequest>(name, "SubmitStockCount", Clerk());
  }
  absl::StatusOr<v1::StockCount> Approve(const std::string& name) {
    return Verb<v1::ApproveStockCountRequest>(name, "ApproveStockCount");
  }
  absl::StatusOr<v1::StockCount> Get(const std::string& name, std::optional<absl::Time> known = std::nullopt) {
    v1::GetStockCountRequest request;
    request.set_name(name);
    if (known.has_value()) *request.mutable_known_time() = wire::ToProto(*known);
    return inventory_.Call<v1::StockCount>("StockCountService/GetStockCount", request);
  }
  std::string OnHand(std::optional<Date> as_of = std::nullopt, const std::string& partner = "acme") {
    v1::GetPositionRequest request;
    request.set_name(StrCat("partners/", partner, "/positions/main.bike"));
    if (as_of.has_value()) *request.mutable_as_of_date() = wire::ToProto(*as_of);
    return inventory_.Call<v1::Position>("LedgerService/GetPosition", request)->on_hand().value();
  }
  // What the feed tells of the partner's stock beside facts: by how much each posting moved it and, where that keeps a
  // count true, what asked for it.
  std::vector<std::string> Told(const std::string& partner = "acme") {
    const std::string site = StrCat("partners/", partner, "/sites/main/on_hand");
    std::vector<std::string> told;
    for (const events::Event& event : Events()) {
      v1::StockPosting posting;
      if (event.type != posting.GetDescriptor()->full_name()) continue;
      EXPECT_TRUE(posting.ParseFromString(event.payload));
      EXPECT_EQ(event.verb, "posted");
      if (posting.from_location() != site && posting.to_location() != site) continue;
      EXPECT_EQ(event.cursor.shard, events::ShardOf(partner));
      told.push_back(StrCat(posting.from_location() == site ? "-" : "", posting.quantity().value(),
                            posting.because().empty() ? "" : " ", posting.because()));
    }
    return told;
  }
  // A partner's own clerk, who counts; the tests' own token, of an administrator, approves.
  rpc::CallOptions Clerk(const std::string& partner = "acme") {
    return {.token = keys_.Token(api::v1::PARTNER_USER, partner)};
  }
  // Each adjustment: its units and the fact that asked for it.
  static std::vector<std::string> Adjustments(const v1::StockCount& count) {
    std::vector<std::string> out;
    for (const auto& one : count.lines(0).adjustments()) {
      out.push_back(StrCat(one.quantity().value(), one.because().empty() ? "" : " ", one.because()));
    }
    return out;
  }

  std::string import_;
};

// The count of scenario S3: book 6,650, counted 6,300; then a sale of before the count is told late.
TEST_F(CountTest, ALateSaleMovesTheAdjustmentAndNotThePosition) {
  Ship("SO-1", 9000, June(1));
  Sell("S1", 2500, June(3));
  Ship("SO-2", 400, June(12));
  Sell("S2", 200, June(15));
  Sell("S3", 50, June(16));
  const auto count = Create(NewCount(June(30), 6300), Clerk());
  ASSERT_OK(count);
  EXPECT_EQ(count->state(), v1::StockCount::OPEN);
  EXPECT_EQ(count->lines(0).book().value(), "6650");
  ASSERT_OK(Submit(count->name()));
  EXPECT_EQ(OnHand(), "6650");
  const auto approved = Approve(count->name());
  ASSERT_OK(approved);
  EXPECT_EQ(approved->state(), v1::StockCount::APPROVED);
  EXPECT_EQ(approved->lines(0).adjustment().value(), "-350");
  EXPECT_EQ(OnHand(), "6300");
  EXPECT_THAT(Adjustments(*Get(count->name())), ElementsAre("-350"));
  const absl::Time before = wire::FromProto(Get(count->name())->lines(0).adjustments(0).record_time());

  Sell("S5", 300, June(5));
  EXPECT_EQ(OnHand(), "6300");
  EXPECT_EQ(OnHand(June(30)), "6300");
  EXPECT_EQ(OnHand(June(5)), "6200");
  const auto now = Get(count->name());
  ASSERT_OK(now);
  EXPECT_EQ(now->lines(0).book().value(), "6350");
  EXPECT_EQ(now->lines(0).adjustment().value(), "-50");
  EXPECT_THAT(Adjustments(*now), ElementsAre("-350", "300 partners/acme/sales/S5.1"));
  EXPECT_THAT(Adjustments(*Get(count->name(), before)), ElementsAre("-350"));
  EXPECT_THAT(Told(), ElementsAre("-350", "300 partners/acme/sales/S5.1"));

  // That the adjustment moved, and is still more than the site tolerates, is for somebody to look at.
  EXPECT_OK(service_.stock_watch().CatchUp());
  v1::ListStockFindingsRequest list;
  list.set_parent("partners/acme");
  const auto findings = inventory_.Call<v1::ListStockFindingsResponse>("StockFindingService/ListStockFindings", list);
  ASSERT_OK(findings);
  ASSERT_THAT(findings->stock_findings(), SizeIs(1));
  EXPECT_EQ(findings->stock_findings(0).rule(), v1::StockFinding::COUNT_OFF);
  EXPECT_EQ(findings->stock_findings(0).quantity().value(), "50");
  EXPECT_THAT(findings->stock_findings(0).evidence(), ElementsAre(count->name()));

  // What happened after the count moves the position.
  Sell("S6", 7, Date::FromYmd(2026, 7, 1).value());
  EXPECT_EQ(OnHand(), "6293");
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(CountTest, AnOpenCountIsRevisedUntilItIsSubmitted) {
  Ship("SO1", 10, June(1));
  const auto made = Create(NewCount(June(10), 8), Clerk());
  ASSERT_OK(made);
  v1::ReviseStockCountRequest revise;
  revise.set_name(made->name());
  revise.set_etag(made->etag());
  *revise.add_lines() = NewCount(June(10), 9).count().lines(0);
  const auto revised = [&] {
    return inventory_.Call<v1::StockCount>("StockCountService/ReviseStockCount", revise, Clerk());
  };
  const auto once = revised();
  ASSERT_OK(once);
  ASSERT_THAT(once->lines(), SizeIs(1));
  EXPECT_EQ(once->lines(0).counted().value(), "9");
  EXPECT_THAT(revised(), HasReason(Reason::kEtagMismatch));
  revise.clear_etag();
  EXPECT_THAT(inventory_.Call<v1::StockCount>("StockCountService/ReviseStockCount", revise, Clerk("bolt")),
              HasReason(Reason::kPermissionDenied));
  ASSERT_OK(Submit(made->name()));
  EXPECT_THAT(revised(), HasReason(Reason::kStateConflict));
  ASSERT_OK(Approve(made->name()));
  EXPECT_EQ(OnHand(), "9");
  v1::ListStockCountsRequest list;
  list.set_parent("partners/-");
  const auto listed = [&](const rpc::CallOptions& options) {
    return inventory_.Call<v1::ListStockCountsResponse>("StockCountService/ListStockCounts", list, options);
  };
  EXPECT_THAT(listed(Clerk())->counts(), SizeIs(1));
  EXPECT_EQ(listed(Clerk())->counts(0).name(), made->name());
  EXPECT_THAT(listed(Clerk("bolt"))->counts(), IsEmpty());
}

TEST_F(CountTest, AnImportThatIsUndoneMovesTheAdjustmentBack) {
  Ship("SO-1", 100, June(1));
  const auto count = Create(NewCount(June(10), 95), Clerk());
  ASSERT_OK(Submit(count->name()));
  ASSERT_OK(Approve(count->name()));
  import_ = inventory_.NewImport("shipments").value();
  Ship("SO-2", 20, June(5));
  EXPECT_EQ(OnHand(), "95");
  EXPECT_EQ(Get(count->name())->lines(0).adjustment().value(), "-25");
  ASSERT_OK(inventory_.UndoImport(import_));
  EXPECT_EQ(OnHand(), "95");
  const auto now = Get(count->name());
  EXPECT_EQ(now->lines(0).adjustment().value(), "-5");
  const std::string line = "partners/acme/shipments/SO-2/lines/1";
  EXPECT_THAT(Adjustments(*now), ElementsAre("-5", "-20 " + line, StrCat("20 ", line, ".r1")));
  EXPECT_THAT(Told(), ElementsAre("-5", "-20 " + line, StrCat("20 ", line, ".r1")));
  EXPECT_TRUE(inventory_.Check()->balanced());
}

// Whoever keeps books of stock by the feed has what the ledger has: late facts in their order, or the other way around
// and each told twice.
TEST_F(CountTest, TheFeedTellsWhatKeepsACountTrue) {
  for (const std::string partner : {"acme", "bolt"}) {
    SCOPED_TRACE(partner);
    const auto sell = [&](const char* document, int units, Date day) {
      v1::CreateSellThroughSaleRequest request = NewSale(document, units, day);
      request.set_parent("partners/" + partner);
      EXPECT_OK(inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request));
    };
    sell("S1", 30, June(2));
    v1::CreateStockCountRequest request = NewCount(June(10), 95);
    request.set_parent("partners/" + partner);
    request.mutable_count()->set_site(StrCat("partners/", partner, "/sites/main"));
    const auto count = Create(request, Clerk(partner));
    ASSERT_OK(count);
    ASSERT_OK(Verb<v1::SubmitStockCountRequest>(count->name(), "SubmitStockCount", Clerk(partner)));
    ASSERT_OK(Approve(count->name()));
    if (partner == "acme") {
      sell("S2", 7, June(8));
      sell("S3", 4, June(10));
      sell("S4", 3, June(11));
    } else {
      for (int times = 0; times < 2; ++times) {
        sell("S4", 3, June(11));
        sell("S3", 4, June(10));
        sell("S2", 7, June(8));
      }
    }
    EXPECT_THAT(Told(partner), UnorderedElementsAre("125", StrCat("7 partners/", partner, "/sales/S2.1"),
                                                    StrCat("4 partners/", partner, "/sales/S3.1")));
    EXPECT_EQ(Get(count->name())->lines(0).adjustment().value(), "136");
    EXPECT_EQ(OnHand(std::nullopt, partner), "92");
  }
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(CountTest, CountsFollowEachOther) {
  Ship("SO-1", 100, June(1));
  // The later count is approved first; the earlier one changes its adjustment and not what it says.
  const auto later = Create(NewCount(June(20), 80), Clerk());
  ASSERT_OK(Submit(later->name()));
  ASSERT_OK(Approve(later->name()));
  const auto earlier = Create(NewCount(June(10), 90), Clerk());
  ASSERT_OK(Submit(earlier->name()));
  ASSERT_OK(Approve(earlier->name()));
  EXPECT_EQ(OnHand(June(10)), "90");
  EXPECT_EQ(OnHand(June(20)), "80");
  EXPECT_EQ(Get(later->name())->lines(0).adjustment().value(), "-10");
  EXPECT_THAT(Adjustments(*Get(later->name())), ElementsAre("-20", "10 " + earlier->name()));
  // Counted again on the same day: the last word holds.
  const auto again = Create(NewCount(June(20), 85), Clerk());
  ASSERT_OK(Submit(again->name()));
  ASSERT_OK(Approve(again->name()));
  EXPECT_EQ(OnHand(), "85");
  Ship("SO-2", 5, June(15));
  EXPECT_EQ(OnHand(), "85");
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(CountTest, BlindCompleteAndWithinTolerance) {
  Ship("SO-1", 100, June(1));
  Ship("SO-2", 3, June(1), "pump");
  v1::UpdateSiteRequest site;
  site.mutable_site()->set_name("partners/acme/sites/main");
  site.mutable_site()->mutable_count_tolerance()->set_value("3");
  ASSERT_OK(inventory_.Call<v1::Site>("SiteService/UpdateSite", site));
  v1::CreateStockCountRequest request = NewCount(June(10), 98);
  request.mutable_count()->set_blind(true);
  request.mutable_count()->set_complete(true);
  const auto count = Create(request, Clerk());
  ASSERT_OK(count);
  EXPECT_FALSE(count->lines(0).has_book());
  EXPECT_FALSE(Get(count->name())->lines(0).has_adjustment());
  // Off by 2 bikes and by 3 pumps that nobody found: no more than the tolerance.
  const auto submitted = Submit(count->name());
  ASSERT_OK(submitted);
  EXPECT_EQ(submitted->state(), v1::StockCount::APPROVED);
  EXPECT_EQ(submitted->approver(), "");
  ASSERT_THAT(submitted->lines(), SizeIs(2));
  EXPECT_EQ(submitted->lines(1).product(), "products/pump");
  EXPECT_FALSE(submitted->lines(1).listed());
  EXPECT_EQ(submitted->lines(1).adjustment().value(), "-3");
  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/main.bike=98", "partners/acme/positions/main.pump=0"));
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(CountTest, WhatIsOutOfUseSinceItWasCountedWasThereAllTheSame) {
  v1::BatchImportProductsRequest products;
  products.set_import(inventory_.NewImport("products").value());
  v1::ProductRow& row = *products.add_rows();
  row.set_row(2);
  row.mutable_product()->set_name("products/bell");
  row.mutable_product()->set_sku("SKU-bell");
  row.mutable_product()->set_display_name("The bell");
  row.mutable_product()->set_kind(v1::Product::STOCKED);
  row.mutable_product()->set_base_unit("each");
  ASSERT_OK(inventory_.Call<api::v1::BatchImportResponse>("ProductService/BatchImportProducts", products));
  v1::CreateStockCountRequest request = NewCount(June(10), 4);
  request.mutable_count()->mutable_lines(0)->set_product("products/bell");
  const auto count = Create(request);
  ASSERT_OK(count);
  ASSERT_OK(inventory_.UndoImport(products.import()));
  EXPECT_THAT(Create(request), HasReason(Reason::kReferenceNotFound));
  const auto submitted = Submit(count->name());
  ASSERT_OK(submitted);
  EXPECT_EQ(submitted->state(), v1::StockCount::SUBMITTED);
}

TEST_F(CountTest, BoxesAreCountedAsWhatTheyHold) {
  Ship("SO-1", 100, June(1));
  v1::CreateUnitConversionRequest box;
  box.set_parent("products/bike");
  box.set_unit_conversion_id("box");
  box.mutable_unit_conversion()->set_factor_num(12);
  box.mutable_unit_conversion()->set_pack(true);
  ASSERT_OK(inventory_.Call<v1::UnitConversion>("UnitConversionService/CreateUnitConversion", box));
  const auto in = [&](const char* unit, const char* quantity) {
    v1::CreateStockCountRequest request = NewCount(June(10), 0);
    v1::CountLine& line = *request.mutable_count()->mutable_lines(0);
    line.clear_counted();
    line.set_unit(unit);
    line.mutable_unit_quantity()->set_value(quantity);
    return request;
  };
  const auto half = Create(in("box", "0.5"));
  EXPECT_THAT(half, HasReason(Reason::kNotAMultiple));
  EXPECT_THAT(half, Blames("count.lines[0].unit_quantity"));
  EXPECT_THAT(Create(in("crate", "8")), Blames("count.lines[0].unit"));
  v1::CreateStockCountRequest beside = in("box", "8");
  beside.mutable_count()->mutable_lines(0)->mutable_counted()->set_value("95");
  EXPECT_THAT(Create(beside), Blames("count.lines[0].counted"));

  const auto count = Create(in("box", "9"));
  ASSERT_OK(count);
  EXPECT_EQ(count->lines(0).counted().value(), "108");
  v1::ReviseStockCountRequest revise;
  revise.set_name(count->name());
  *revise.add_lines() = in("box", "8").count().lines(0);
  const auto revised = inventory_.Call<v1::StockCount>("StockCountService/ReviseStockCount", revise);
  ASSERT_OK(revised);
  EXPECT_EQ(revised->lines(0).counted().value(), "96");
  ASSERT_OK(Submit(count->name()));
  ASSERT_OK(Approve(count->name()));
  EXPECT_EQ(OnHand(), "96");
  const auto read = Get(count->name());
  EXPECT_EQ(read->lines(0).unit(), "box");
  EXPECT_EQ(read->lines(0).unit_quantity().value(), "8");
}

TEST_F(CountTest, WhoMayDoWhat) {
  Ship("SO-1", 100, June(1));
  const auto count = Create(NewCount(June(10), 50), Clerk());
  EXPECT_THAT(Create(NewCount(June(10), 50), Clerk("bolt")), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Verb<v1::ApproveStockCountRequest>(count->name(), "ApproveStockCount"),
              HasReason(Reason::kStateConflict));
  ASSERT_OK(Verb<v1::SubmitStockCountRequest>(count->name(), "SubmitStockCount"));
  EXPECT_THAT(Approve(count->name()), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(Verb<v1::ApproveStockCountRequest>(count->name(), "ApproveStockCount", Clerk()),
              HasReason(Reason::kPermissionDenied));
  EXPECT_EQ(OnHand(), "100");

  v1::CreateStockCountRequest bad = NewCount(June(10), 1);
  bad.mutable_count()->mutable_lines(0)->set_product("products/none");
  EXPECT_THAT(Create(bad), HasReason(Reason::kReferenceNotFound));
  bad = NewCount(June(10), 1);
  bad.mutable_count()->set_site("partners/bolt/sites/main");
  EXPECT_THAT(Create(bad), HasReason(Reason::kInvalidField));
  bad.mutable_count()->set_site("partners/acme/sites/none");
  EXPECT_THAT(Create(bad), HasReason(Reason::kNotFound));
  bad = NewCount(June(10), 1);
  bad.mutable_count()->mutable_lines(0)->mutable_counted()->set_value("1000000000.000001");
  EXPECT_THAT(Create(bad), Blames("count.lines[0].counted"));
  bad = NewCount(Date::FromYmd(2126, 1, 1).value(), 1);
  EXPECT_THAT(Create(bad), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("count.date")));
}

// Sales are told while counts of the time after them are approved: whatever comes first, each count holds.
TEST_F(CountTest, ApprovalsAndPostingsAtOnce) {
  constexpr int kSales = 120;
  Ship("SO-1", 1000, June(1));
  std::atomic<int> next = 0;
  std::vector<std::jthread> tellers;
  for (int i = 0; i < 6; ++i) {
    tellers.emplace_back([&] {
      for (int sale = next++; sale < kSales; sale = next++) Sell(StrCat("S", sale), 1, June(2 + sale % 20));
    });
  }
  std::vector<std::pair<int, std::string>> counts;
  for (int day = 5; day <= 25; day += 4) {
    const auto count = Create(NewCount(June(day), 500 - 7 * day), Clerk());
    ASSERT_OK(count);
    ASSERT_OK(Submit(count->name()));
    ASSERT_OK(Approve(count->name()));
    counts.emplace_back(day, count->name());
  }
  tellers.clear();
  for (const auto& [day, name] : counts) {
    EXPECT_EQ(OnHand(June(day)), StrCat(500 - 7 * day));
    Decimal sum;
    const auto count = Get(name);
    for (const auto& one : count->lines(0).adjustments()) sum += wire::FromProto(one.quantity()).value();
    EXPECT_EQ(sum.ToString(), count->lines(0).adjustment().value());
  }
  EXPECT_TRUE(inventory_.Check()->balanced());
}

}  // namespace
}  // namespace tributary::inventory
