// Reports on stock through the whole service.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "inventory-service/testing_facts.h"
#include "tributary/inventory/v1/stock_report.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

google::type::Date Day(const char* text) { return wire::ToProto(Date::Parse(text).value()); }

class StockReportServiceTest : public FactsTest {
 protected:
  void SetUp() override {
    shipments_ = inventory_.NewImport("shipments").value();
    // acme: bikes 30 and 20, pumps 12, all but 30 bikes in the second quarter of 2026.
    ShipTo("acme", "bike", 30, "2026-05-01");
    ShipTo("acme", "bike", 20, "2026-06-10");
    ShipTo("acme", "pump", 12, "2026-04-01");
    Sell("acme", "bike", 24, "2026-06-05");
    Sell("acme", "bike", 6, "2026-06-20");
    Sell("acme", "pump", 1, "2026-04-01");
    Sell("acme", "helmet", 2, "2026-07-10");  // never came
    ShipTo("bolt", "bike", 5, "2026-06-01");
  }
  void ShipTo(const char* partner, const char* product, int units, const char* day) {
    v1::ShipmentLine line = NewLine(partner, StrCat("SO", ++documents_), 1, product, units);
    *line.mutable_order_date() = Day(day);
    *line.mutable_ship_date() = Day(day);
    const auto reply = inventory_.Ship(shipments_, {line});
    ASSERT_OK(reply);
    ASSERT_EQ(reply->accepted(), 1) << reply->ShortDebugString();
  }
  void Sell(const char* partner, const char* product, int units, const char* day) {
    v1::CreateSellThroughSaleRequest request;
    request.set_parent(StrCat("partners/", partner));
    v1::SellThroughSale& sale = *request.mutable_sell_through_sale();
    sale.set_document(StrCat("INV-", ++documents_));
    sale.set_line(1);
    *sale.mutable_sale_date() = Day(day);
    sale.set_product(StrCat("products/", product));
    sale.mutable_quantity()->set_value(StrCat(units));
    sale.set_region("regions/aw-1");
    ASSERT_OK(inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request));
  }
  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Report(const char* method, const Request& request, const rpc::CallOptions& options = {}) {
    return inventory_.Call<Reply>(StrCat("StockReportService/", method), request, options);
  }

  std::string shipments_;
  int documents_ = 0;
};

TEST_F(StockReportServiceTest, AgeingAsOfADayAsKnownAtAMoment) {
  v1::GetAgeingRequest request;
  request.set_parent("partners/acme");
  *request.mutable_as_of_date() = Day("2026-06-30");
  for (const int bound : {14, 30}) request.add_bucket_days(bound);
  request.set_page_size(1);
  const auto rows = [&](const rpc::CallOptions& options = {}) {
    std::vector<std::string> texts;
    request.clear_page_token();
    do {
      const auto page = Report<v1::GetAgeingResponse>("GetAgeing", request, options);
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const v1::AgeingRow& row : page->rows()) {
        std::string text = StrCat(row.site(), " ", row.product(), " ", row.on_hand().value(), ":");
        for (const auto& bucket : row.buckets()) StrAppend(&text, " ", bucket.quantity().value());
        for (const auto& layer : row.layers()) {
          StrAppend(&text, " ", wire::FromProto(layer.arrival_date())->ToString(), "=", layer.quantity().value());
        }
        if (row.uncovered().value() != "0") StrAppend(&text, " uncovered ", row.uncovered().value());
        texts.push_back(text);
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return texts;
  };
  EXPECT_THAT(rows(), ElementsAre("partners/acme/sites/main products/bike 20: 0 20 0 2026-06-10=20",
                                  "partners/acme/sites/main products/pump 11: 0 0 11 2026-04-01=11"));
  const absl::Time before = absl::Now();
  // Two late rows: goods that came long before, and a sale; and what a day later nobody had yet.
  ShipTo("acme", "bike", 7, "2026-01-01");
  Sell("acme", "bike", 3, "2026-06-29");
  EXPECT_THAT(rows(), ElementsAre("partners/acme/sites/main products/bike 24: 0 20 4 2026-05-01=4 2026-06-10=20",
                                  "partners/acme/sites/main products/pump 11: 0 0 11 2026-04-01=11"));
  *request.mutable_known_time() = wire::ToProto(before);
  EXPECT_THAT(rows(), ElementsAre("partners/acme/sites/main products/bike 20: 0 20 0 2026-06-10=20",
                                  "partners/acme/sites/main products/pump 11: 0 0 11 2026-04-01=11"));
  request.clear_known_time();
  *request.mutable_as_of_date() = Day("2026-07-31");
  request.set_filter("product = \"products/helmet\"");
  EXPECT_THAT(rows(), ElementsAre("partners/acme/sites/main products/helmet -2: 0 0 0 uncovered 2"));

  // A partner sees its own, and "-" is its own.
  request.set_filter("product = \"products/bike\"");
  const rpc::CallOptions bolt{.token = keys_.Token(api::v1::PARTNER_USER, "bolt")};
  EXPECT_THAT(Report<v1::GetAgeingResponse>("GetAgeing", request, bolt), HasReason(Reason::kPermissionDenied));
  request.set_parent("partners/-");
  EXPECT_THAT(rows(bolt), ElementsAre("partners/bolt/sites/main products/bike 5: 0 0 5 2026-06-01=5"));
  EXPECT_THAT(Report<v1::GetAgeingResponse>("GetAgeing", request), HasReason(Reason::kInvalidField));
  request.set_parent("partners/acme");
  request.add_bucket_days(30);
  EXPECT_THAT(Report<v1::GetAgeingResponse>("GetAgeing", request), HasReason(Reason::kInvalidField));
}

// Of June acme reported all: 6 + ... the mean of bikes is 21 (inventory-service/reports/stock_report_test.cc).
TEST_F(StockReportServiceTest, TurnoverOverTheDaysThatAreReported) {
  v1::GetTurnoverRequest request;
  request.set_parent("partners/acme");
  *request.mutable_start_date() = Day("2026-06-01");
  *request.mutable_end_date() = Day("2026-07-01");
  // Of July something is told, so June was told whole, though nothing was sold after the 20th.
  const auto june = Report<v1::GetTurnoverResponse>("GetTurnover", request);
  ASSERT_OK(june);
  EXPECT_EQ(wire::FromProto(june->end_date())->ToString(), "2026-07-01");
  ASSERT_THAT(june->rows(), SizeIs(2));
  // 4 x 30, 5 x 6, 10 x 26, 11 x 20: 630 / 30.
  EXPECT_EQ(june->rows(0).sold().value(), "30");
  EXPECT_EQ(june->rows(0).average_on_hand().exact(), "21");
  EXPECT_EQ(june->rows(0).turns().exact(), "10/7");
  EXPECT_EQ(june->rows(0).turns().rounded().value(), "1.428571");
  EXPECT_EQ(june->rows(1).turns().exact(), "0");
  // Nothing is said of days that nobody reported.
  *request.mutable_start_date() = Day("2026-08-01");
  *request.mutable_end_date() = Day("2026-09-01");
  const auto august = Report<v1::GetTurnoverResponse>("GetTurnover", request);
  ASSERT_OK(august);
  EXPECT_FALSE(august->has_start_date());
  for (const v1::TurnoverRow& row : august->rows()) EXPECT_EQ(row.gap(), v1::NO_SALES_REPORTED);
  request.set_parent("partners/bolt");
  EXPECT_EQ(Report<v1::GetTurnoverResponse>("GetTurnover", request)->rows(0).gap(), v1::NO_SALES_REPORTED);
  *request.mutable_end_date() = Day("2026-08-01");
  EXPECT_THAT(Report<v1::GetTurnoverResponse>("GetTurnover", request), HasReason(Reason::kInvalidField));
}

TEST_F(StockReportServiceTest, DaysOfSupplyByWhatThePartnerReportsElseBySellIn) {
  v1::GetDaysOfSupplyRequest request;
  request.set_parent("partners/acme");
  *request.mutable_as_of_date() = Day("2026-06-30");
  request.set_demand_days(60);
  const auto acme = Report<v1::GetDaysOfSupplyResponse>("GetDaysOfSupply", request);
  ASSERT_OK(acme);
  EXPECT_EQ(acme->demand_source(), v1::Suggestion::SELL_THROUGH);
  EXPECT_EQ(wire::FromProto(acme->reported_date())->ToString(), "2026-06-30");
  ASSERT_THAT(acme->rows(), SizeIs(2));
  EXPECT_EQ(acme->rows(0).demand().value(), "30");
  EXPECT_EQ(wire::FromProto(acme->rows(0).demand_end_date())->ToString(), "2026-07-01");
  EXPECT_EQ(acme->rows(0).days_of_supply().exact(), "40");  // 20 x 60 / 30
  EXPECT_EQ(acme->rows(1).gap(), v1::NO_DEMAND);
  request.set_parent("partners/bolt");
  const auto bolt = Report<v1::GetDaysOfSupplyResponse>("GetDaysOfSupply", request);
  ASSERT_OK(bolt);
  EXPECT_EQ(bolt->demand_source(), v1::Suggestion::SELL_IN);
  EXPECT_FALSE(bolt->has_reported_date());
  EXPECT_EQ(bolt->rows(0).days_of_supply().exact(), "60");  // 5 x 60 / 5
}

TEST_F(StockReportServiceTest, DeadStockUpToTheLastReport) {
  v1::ListDeadStockRequest request;
  request.set_parent("partners/acme");
  *request.mutable_as_of_date() = Day("2026-09-30");
  request.set_least_days(100);
  const auto dead = Report<v1::ListDeadStockResponse>("ListDeadStock", request);
  ASSERT_OK(dead);
  EXPECT_EQ(wire::FromProto(dead->known_date())->ToString(), "2026-07-10");
  ASSERT_THAT(dead->rows(), SizeIs(1));
  EXPECT_EQ(dead->rows(0).product(), "products/pump");
  EXPECT_EQ(dead->rows(0).on_hand().value(), "11");
  EXPECT_EQ(dead->rows(0).days_without_sale(), 100);
  EXPECT_EQ(wire::FromProto(dead->rows(0).last_sale_date())->ToString(), "2026-04-01");
  request.set_least_days(101);
  EXPECT_THAT(Report<v1::ListDeadStockResponse>("ListDeadStock", request)->rows(), IsEmpty());
  request.set_parent("partners/bolt");
  EXPECT_EQ(Report<v1::ListDeadStockResponse>("ListDeadStock", request)->gap(), v1::NO_SALES_REPORTED);
}

TEST_F(StockReportServiceTest, TheSignOfStuffing) {
  ShipTo("acme", "bike", 90, "2026-06-29");
  v1::GetStuffingSignRequest request;
  request.set_parent("partners/acme");
  request.set_first_quarter("2026Q2");
  request.set_last_quarter("2026Q3");
  request.set_product("products/bike");
  const auto reply = Report<v1::GetStuffingSignResponse>("GetStuffingSign", request);
  ASSERT_OK(reply);
  ASSERT_THAT(reply->rows(), SizeIs(2));
  // From 06-17 on 90 in and 6 out, before 50 in and 24 out: (90 / 6) / (50 / 24) = 7.2.
  const v1::StuffingRow& second = reply->rows(0);
  EXPECT_EQ(second.quarter(), "2026Q2");
  EXPECT_EQ(second.window().sell_in().value(), "90");
  EXPECT_EQ(second.rest().sell_through().value(), "24");
  EXPECT_EQ(second.ratio().exact(), "36/5");
  EXPECT_EQ(second.ratio().rounded().value(), "7.2");
  EXPECT_TRUE(second.flagged());
  EXPECT_EQ(reply->rows(1).gap(), v1::PERIOD_NOT_REPORTED);
  request.set_threshold_percent(721);
  EXPECT_FALSE(Report<v1::GetStuffingSignResponse>("GetStuffingSign", request)->rows(0).flagged());
  // All products: 90 / 6 against 62 / 25.
  request.clear_product();
  EXPECT_EQ(Report<v1::GetStuffingSignResponse>("GetStuffingSign", request)->rows(0).ratio().exact(), "375/62");

  request.set_last_quarter("2026Q1");
  EXPECT_THAT(Report<v1::GetStuffingSignResponse>("GetStuffingSign", request), HasReason(Reason::kInvalidField));
  request.set_last_quarter("");
  request.set_first_quarter("2026-2");
  EXPECT_THAT(Report<v1::GetStuffingSignResponse>("GetStuffingSign", request), HasReason(Reason::kInvalidField));
  // A partner is not told what the vendor suspects.
  const rpc::CallOptions acme{.token = keys_.Token(api::v1::PARTNER_USER, "acme")};
  EXPECT_THAT(Report<v1::GetStuffingSignResponse>("GetStuffingSign", request, acme),
              HasReason(Reason::kPermissionDenied));
}

}  // namespace
}  // namespace tributary::inventory
