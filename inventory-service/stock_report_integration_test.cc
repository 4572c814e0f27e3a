// Reports on stock through the whole service.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "inventory-service/testing_facts.h"
#include "tributary/inventory/v1/partner_report.pb.h"
#include "tributary/inventory/v1/report_profile.pb.h"
#include "tributary/inventory/v1/site.pb.h"
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
  void Sell(const char* partner, const char* product, int units, const char* day, const char* site = "") {
    v1::CreateSellThroughSaleRequest request;
    request.set_parent(StrCat("partners/", partner));
    v1::SellThroughSale& sale = *request.mutable_sell_through_sale();
    sale.set_document(StrCat("INV-", ++documents_));
    sale.set_line(1);
    *sale.mutable_sale_date() = Day(day);
    sale.set_product(StrCat("products/", product));
    sale.mutable_quantity()->set_value(StrCat(units));
    sale.set_region("regions/aw-1");
    if (*site != '\0') sale.set_site(StrCat("partners/", partner, "/sites/", site));
    ASSERT_OK(inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request));
  }
  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Report(const char* method, const Request& request, const rpc::CallOptions& options = {}) {
    return inventory_.Call<Reply>(StrCat("StockReportService/", method), request, options);
  }

  // "2026-06-11..2026-06-16 2026-06-26..2026-07-01".
  static std::string Spans(const google::protobuf::RepeatedPtrField<v1::DaySpan>& spans) {
    std::string text;
    for (const v1::DaySpan& span : spans) {
      StrAppend(&text, text.empty() ? "" : " ", wire::FromProto(span.start_date())->ToString(), "..",
                wire::FromProto(span.end_date())->ToString());
    }
    return text;
  }
  // "main REPORT_COVERAGE 20 known, not 2026-06-11..2026-06-16, stale after 2026-06-25" for each site.
  static std::vector<std::string> Known(const google::protobuf::RepeatedPtrField<v1::KnownSales>& sites) {
    std::vector<std::string> texts;
    for (const v1::KnownSales& one : sites) {
      std::string text = StrCat(one.site().substr(one.site().rfind('/') + 1), " ",
                                v1::Suggestion::DemandKnownBy_Name(one.known_by()), " ", one.known_days(), " known");
      if (!one.unknown_days().empty()) StrAppend(&text, ", not ", Spans(one.unknown_days()));
      if (one.stale()) StrAppend(&text, ", stale after ", wire::FromProto(one.known_date())->ToString());
      texts.push_back(text);
    }
    return texts;
  }
  // acme says that these days are told, of one site or of all where it is empty. Sales are recorded besides.
  void Cover(const char* from, const char* to, const std::string& site = {}) {
    v1::CreatePartnerReportRequest request;
    request.set_parent("partners/acme");
    v1::PartnerReport& report = *request.mutable_partner_report();
    report.set_zero_report(true);
    *report.mutable_coverage()->mutable_from_date() = Day(from);
    *report.mutable_coverage()->mutable_to_date() = Day(to);
    if (!site.empty()) report.mutable_coverage()->add_sites("partners/acme/sites/" + site);
    ASSERT_OK(inventory_.Call<v1::PartnerReport>("PartnerReportService/CreatePartnerReport", request));
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
  EXPECT_THAT(Known(june->known_sales()), ElementsAre("main RECORDED_SALES 30 known"));
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
  EXPECT_THAT(Known(august->known_sales()),
              ElementsAre("main RECORDED_SALES 0 known, not 2026-08-01..2026-09-01, stale after 2026-07-10"));
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
  EXPECT_THAT(Known(acme->known_sales()), ElementsAre("main RECORDED_SALES 60 known"));
  ASSERT_THAT(acme->rows(), SizeIs(2));
  EXPECT_EQ(acme->rows(0).demand().value(), "30");
  EXPECT_EQ(wire::FromProto(acme->rows(0).demand_end_date())->ToString(), "2026-07-01");
  EXPECT_EQ(acme->rows(0).days_of_supply().exact(), "40");  // 20 x 60 / 30
  EXPECT_EQ(acme->rows(1).gap(), v1::NO_DEMAND);
  request.set_parent("partners/bolt");
  const auto bolt = Report<v1::GetDaysOfSupplyResponse>("GetDaysOfSupply", request);
  ASSERT_OK(bolt);
  EXPECT_EQ(bolt->demand_source(), v1::Suggestion::SELL_IN);
  EXPECT_THAT(bolt->known_sales(), IsEmpty());
  EXPECT_EQ(bolt->rows(0).known_days(), 60);
  EXPECT_EQ(bolt->rows(0).days_of_supply().exact(), "60");  // 5 x 60 / 5
}

TEST_F(StockReportServiceTest, DeadStockUpToTheLastReport) {
  v1::ListDeadStockRequest request;
  request.set_parent("partners/acme");
  *request.mutable_as_of_date() = Day("2026-09-30");
  request.set_least_days(100);
  const auto dead = Report<v1::ListDeadStockResponse>("ListDeadStock", request);
  ASSERT_OK(dead);
  EXPECT_THAT(Known(dead->known_sales()),
              ElementsAre("main RECORDED_SALES 101 known, not 2026-07-11..2026-10-01, stale after 2026-07-10"));
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
  EXPECT_EQ(Spans(reply->rows(1).unknown_days()), "2026-07-11..2026-10-01");
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

// The same facts, where reports cover the second quarter up to 06-10 and from 06-16 to 06-25.
TEST_F(StockReportServiceTest, DaysThatNoReportCoversAreNotKnown) {
  v1::CreateReportProfileRequest profile;
  profile.set_parent("partners/acme");
  profile.set_report_profile_id("pos");
  profile.mutable_report_profile()->set_kind(v1::ReportProfile::SELL_THROUGH);
  profile.mutable_report_profile()->set_format(v1::ReportProfile::CSV);
  profile.mutable_report_profile()->set_default_profile(true);
  ASSERT_OK(inventory_.Call<v1::ReportProfile>("ReportProfileService/CreateReportProfile", profile));
  v1::CreateSiteRequest make;
  make.set_parent("partners/acme");
  make.set_site_id("north");
  make.mutable_site()->set_display_name("North");
  ASSERT_OK(inventory_.Call<v1::Site>("SiteService/CreateSite", make));
  Cover("2026-04-01", "2026-06-10");
  Cover("2026-06-16", "2026-06-25");

  // 4 x 30, 5 x 6, 26; 4 x 26, 6 x 20: 400 in the 20 days that are known, and both sales.
  v1::GetTurnoverRequest june;
  june.set_parent("partners/acme");
  *june.mutable_start_date() = Day("2026-06-01");
  *june.mutable_end_date() = Day("2026-07-01");
  const auto turnover = Report<v1::GetTurnoverResponse>("GetTurnover", june);
  ASSERT_OK(turnover);
  EXPECT_THAT(
      Known(turnover->known_sales()),
      ElementsAre("main REPORT_COVERAGE 20 known, not 2026-06-11..2026-06-16 2026-06-26..2026-07-01, stale after "
                  "2026-06-25"));
  EXPECT_EQ(turnover->rows(0).sold().value(), "30");
  EXPECT_EQ(turnover->rows(0).average_on_hand().exact(), "20");
  EXPECT_EQ(turnover->rows(0).turns().exact(), "3/2");

  // 60 days up to 06-25, 5 of them unknown: 20 x 55 / 30.
  v1::GetDaysOfSupplyRequest supply;
  supply.set_parent("partners/acme");
  *supply.mutable_as_of_date() = Day("2026-06-30");
  supply.set_demand_days(60);
  const auto days = Report<v1::GetDaysOfSupplyResponse>("GetDaysOfSupply", supply);
  ASSERT_OK(days);
  EXPECT_THAT(Known(days->known_sales()),
              ElementsAre("main REPORT_COVERAGE 55 known, not 2026-06-11..2026-06-16, stale after 2026-06-25"));
  EXPECT_EQ(days->rows(0).known_days(), 55);
  EXPECT_EQ(days->rows(0).days_of_supply().exact(), "110/3");

  // 70 known days up to 06-10 after the last pump, and 10 more; 5 after the last bike.
  v1::ListDeadStockRequest dead;
  dead.set_parent("partners/acme");
  *dead.mutable_as_of_date() = Day("2026-09-30");
  dead.set_least_days(80);
  const auto stock = Report<v1::ListDeadStockResponse>("ListDeadStock", dead);
  ASSERT_OK(stock);
  ASSERT_THAT(stock->rows(), SizeIs(1));
  EXPECT_EQ(stock->rows(0).product(), "products/pump");
  EXPECT_EQ(stock->rows(0).days_without_sale(), 80);
  EXPECT_THAT(
      Known(stock->known_sales()),
      ElementsAre("main REPORT_COVERAGE 81 known, not 2026-06-11..2026-06-16 2026-06-26..2026-10-01, stale after "
                  "2026-06-25"));
  dead.set_least_days(81);
  EXPECT_THAT(Report<v1::ListDeadStockResponse>("ListDeadStock", dead)->rows(), IsEmpty());

  v1::GetAgeingRequest ageing;
  ageing.set_parent("partners/acme");
  *ageing.mutable_as_of_date() = Day("2026-06-30");
  EXPECT_THAT(
      Known(Report<v1::GetAgeingResponse>("GetAgeing", ageing)->known_sales()),
      ElementsAre("main REPORT_COVERAGE 81 known, not 2026-06-11..2026-06-16 2026-06-26..2026-07-01, stale after "
                  "2026-06-25"));

  // Of the quarter bikes moved from 05-01 on; what is not told of it is not judged.
  ShipTo("acme", "bike", 90, "2026-06-29");
  v1::GetStuffingSignRequest sign;
  sign.set_parent("partners/acme");
  sign.set_first_quarter("2026Q2");
  sign.set_product("products/bike");
  const auto judged = [&] {
    const v1::StuffingRow row = Report<v1::GetStuffingSignResponse>("GetStuffingSign", sign)->rows(0);
    return row.gap() == v1::REPORT_GAP_UNSPECIFIED
               ? row.ratio().exact()
               : StrCat(v1::ReportGap_Name(row.gap()), " ", Spans(row.unknown_days()));
  };
  EXPECT_EQ(judged(), "PERIOD_NOT_REPORTED 2026-06-11..2026-06-16 2026-06-26..2026-07-01");
  Cover("2026-06-26", "2026-06-30");
  Cover("2026-06-11", "2026-06-15", "main");
  EXPECT_EQ(judged(), "36/5");
  // A bike sold at north, of which five days are not told; they need not be after it was closed.
  Sell("acme", "bike", 1, "2026-06-05", "north");
  EXPECT_EQ(judged(), "PERIOD_NOT_REPORTED 2026-06-11..2026-06-16");
  v1::UpdateSiteRequest close;
  close.mutable_site()->set_name("partners/acme/sites/north");
  *close.mutable_site()->mutable_closed_on() = Day("2026-06-11");
  ASSERT_OK(inventory_.Call<v1::Site>("SiteService/UpdateSite", close));
  EXPECT_EQ(judged(), "15/2");  // (90 / 6) / (50 / 25)
}

}  // namespace
}  // namespace tributary::inventory
