// Reports of partners through the whole service: what stands of them, the workbench, zero reports, what is overdue.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "inventory-service/testing_facts.h"
#include "tributary/inventory/v1/partner_code.pb.h"
#include "tributary/inventory/v1/report_profile.pb.h"
#include "tributary/inventory/v1/report_row.pb.h"
#include "tributary/inventory/v1/reporting_obligation.pb.h"
#include "tributary/inventory/v1/site.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

google::type::Date DateOf(const char* text) { return wire::ToProto(Date::Parse(text).value()); }

class ReportsTest : public FactsTest {
 protected:
  absl::StatusOr<v1::ReportProfile> MakeProfile(const std::string& partner, v1::ReportProfile profile,
                                                const std::string& id = "pos") {
    v1::CreateReportProfileRequest request;
    request.set_parent(StrCat("partners/", partner));
    request.set_report_profile_id(id);
    *request.mutable_report_profile() = std::move(profile);
    return inventory_.Call<v1::ReportProfile>("ReportProfileService/CreateReportProfile", request);
  }
  // The columns are called as the fields are.
  void MakePlainProfile(const std::string& partner, v1::ReportProfile::Kind kind = v1::ReportProfile::SELL_THROUGH) {
    v1::ReportProfile profile;
    profile.set_kind(kind);
    profile.set_format(v1::ReportProfile::CSV);
    profile.set_default_profile(true);
    ASSERT_OK(MakeProfile(partner, std::move(profile)));
  }

  static v1::CreatePartnerReportRequest Upload(const std::string& partner, const char* from, const char* to,
                                               int64_t revision, const std::string& content) {
    v1::CreatePartnerReportRequest request;
    request.set_parent(StrCat("partners/", partner));
    *request.mutable_partner_report()->mutable_coverage()->mutable_from_date() = DateOf(from);
    *request.mutable_partner_report()->mutable_coverage()->mutable_to_date() = DateOf(to);
    request.mutable_partner_report()->set_revision(revision);
    request.set_content(content);
    return request;
  }
  absl::StatusOr<v1::PartnerReport> Send(const v1::CreatePartnerReportRequest& request,
                                         const rpc::CallOptions& options = {}) {
    auto report = inventory_.Call<v1::PartnerReport>("PartnerReportService/CreatePartnerReport", request, options);
    CheckCounts();
    return report;
  }
  // Rows "date,quantity" of bike, or "date,quantity,document,line".
  static std::string Csv(const std::vector<std::string>& rows) {
    std::string text = "date,quantity,document,line,product\n";
    for (const std::string& row : rows) {
      StrAppend(&text, row, std::count(row.begin(), row.end(), ',') == 1 ? ",,,bike\n" : ",bike\n");
    }
    return text;
  }

  std::vector<v1::PartnerReport> Reports(const std::string& filter = "") {
    v1::ListPartnerReportsRequest request;
    request.set_parent("partners/-");
    request.set_filter(filter);
    request.set_page_size(3);
    std::vector<v1::PartnerReport> reports;
    do {
      const auto page =
          inventory_.Call<v1::ListPartnerReportsResponse>("PartnerReportService/ListPartnerReports", request);
      EXPECT_OK(page);
      for (const auto& report : page->partner_reports()) reports.push_back(report);
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return reports;
  }
  // Holds at every step.
  void CheckCounts() {
    for (const v1::PartnerReport& report : Reports()) {
      const v1::PartnerReport::Counts& c = report.counts();
      EXPECT_EQ(c.received(), c.accepted() + c.repaired() + c.rejected() + c.duplicate() + c.superseded())
          << report.ShortDebugString();
      std::map<v1::ReportRow::State, int64_t> states;
      for (const v1::ReportRow& row : Rows(report.name())) ++states[row.state()];
      EXPECT_EQ(c.accepted(), states[v1::ReportRow::ACCEPTED]);
      EXPECT_EQ(c.repaired(), states[v1::ReportRow::REPAIRED]);
      EXPECT_EQ(c.duplicate(), states[v1::ReportRow::DUPLICATE]);
      EXPECT_EQ(c.superseded(), states[v1::ReportRow::SUPERSEDED]);
      EXPECT_EQ(c.rejected(), states[v1::ReportRow::REJECTED] + states[v1::ReportRow::DISCARDED]);
    }
  }
  static std::string CountsOf(const v1::PartnerReport& report) {
    const v1::PartnerReport::Counts& c = report.counts();
    return StrCat(c.received(), " = ", c.accepted(), " + ", c.repaired(), " + ", c.rejected(), " + ", c.duplicate(),
                  " + ", c.superseded());
  }
  v1::PartnerReport Get(const std::string& name) {
    v1::GetPartnerReportRequest request;
    request.set_name(name);
    const auto report = inventory_.Call<v1::PartnerReport>("PartnerReportService/GetPartnerReport", request);
    EXPECT_OK(report);
    return *report;
  }
  std::vector<v1::ReportRow> Rows(const std::string& report, const std::string& filter = "") {
    v1::ListReportRowsRequest request;
    request.set_parent(report);
    request.set_filter(filter);
    request.set_page_size(1000);
    std::vector<v1::ReportRow> rows;
    do {
      const auto page = inventory_.Call<v1::ListReportRowsResponse>("ReportRowService/ListReportRows", request);
      EXPECT_OK(page);
      for (const auto& row : page->report_rows()) rows.push_back(row);
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return rows;
  }

  // Every sale and reversal.
  std::vector<v1::SellThroughSale> Sales() {
    v1::ListSellThroughSalesRequest request;
    request.set_parent("partners/-");
    request.set_page_size(1000);
    std::vector<v1::SellThroughSale> sales;
    do {
      const auto page =
          inventory_.Call<v1::ListSellThroughSalesResponse>("SellThroughSaleService/ListSellThroughSales", request);
      EXPECT_OK(page);
      for (const auto& sale : page->sell_through_sales()) sales.push_back(sale);
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return sales;
  }
  Decimal Sold() {
    Decimal sum;
    for (const auto& sale : Sales()) sum += Decimal::Parse(sale.quantity().value()).value();
    return sum;
  }
  // "2026-06-05 bike 25" of what stands, in some order.
  std::multiset<std::string> Standing() {
    std::map<std::string, v1::SellThroughSale> last;
    for (const auto& sale : Sales()) {
      const std::string key =
          StrCat(sale.name().substr(0, sale.name().find("/sales/")), " ", sale.document(), " ", sale.line());
      last[key] = sale;  // generations come in order
    }
    std::multiset<std::string> standing;
    for (const auto& [key, sale] : last) {
      if (!sale.reverses().empty()) continue;
      standing.insert(StrCat(wire::FromProto(sale.sale_date())->ToString(), " ", sale.product(), " ",
                             sale.quantity().value(), " ", key.substr(0, key.find(' '))));
    }
    return standing;
  }
  absl::StatusOr<v1::ReportRow> Repair(const std::string& row, const std::string& column, const std::string& value) {
    v1::RepairReportRowRequest request;
    request.set_name(row);
    request.add_cells()->set_column(column);
    request.mutable_cells(0)->set_value(value);
    auto repaired = inventory_.Call<v1::ReportRow>("ReportRowService/RepairReportRow", request);
    CheckCounts();
    return repaired;
  }
  absl::StatusOr<v1::ReportRow> Retry(const std::string& row) {
    v1::RetryReportRowRequest request;
    request.set_name(row);
    auto retried = inventory_.Call<v1::ReportRow>("ReportRowService/RetryReportRow", request);
    CheckCounts();
    return retried;
  }
  absl::StatusOr<v1::ReportRow> Discard(const std::string& row) {
    v1::DiscardReportRowRequest request;
    request.set_name(row);
    auto discarded = inventory_.Call<v1::ReportRow>("ReportRowService/DiscardReportRow", request);
    CheckCounts();
    return discarded;
  }
};

// Goods that wander: a dealer's files in June, sent twice, overlapping and corrected. 59 units were sold, whichever way
// they arrive; adding contents would give 74, adding files 154, dropping equal rows 49.
TEST_F(ReportsTest, FiftyNineUnitsWereSoldInAnyOrder) {
  for (const char* partner : {"acme", "bolt", "cogs"}) MakePlainProfile(partner);
  const std::string f1 = Csv({"2026-06-05,25", "2026-06-12,15"});
  const std::string f2 = Csv({"2026-06-12,15", "2026-06-20,10", "2026-06-20,10"});
  const std::string f1_corrected = Csv({"2026-06-05,25", "2026-06-12,14"});
  const auto files = [&](const std::string& partner) {
    return std::vector{Upload(partner, "2026-06-01", "2026-06-15", 1, f1),
                       Upload(partner, "2026-06-01", "2026-06-15", 1, f1),
                       Upload(partner, "2026-06-10", "2026-06-30", 1, f2),
                       Upload(partner, "2026-06-01", "2026-06-15", 2, f1_corrected)};
  };
  const std::map<std::string, std::vector<int>> orders = {
      {"acme", {0, 1, 2, 3}}, {"bolt", {3, 2, 1, 0}}, {"cogs", {2, 0, 3, 1}}};
  for (const auto& [partner, order] : orders) {
    for (const int i : order) ASSERT_OK(Send(files(partner)[i]));
  }
  EXPECT_EQ(Sold(), Decimal::FromInt(3 * 59));
  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/main.bike=-59", "partners/bolt/positions/main.bike=-59",
                          "partners/cogs/positions/main.bike=-59"));
  EXPECT_TRUE(inventory_.Check()->balanced());
  std::vector<std::string> counts;
  for (const auto& report : Reports("profile = \"partners/acme/reportProfiles/pos\""))
    counts.push_back(CountsOf(report));
  EXPECT_THAT(counts, ElementsAre("2 = 1 + 0 + 0 + 0 + 1", "2 = 0 + 0 + 0 + 1 + 1", "3 = 2 + 0 + 0 + 0 + 1",
                                  "2 = 1 + 0 + 0 + 1 + 0"));
  // Nobody disagrees: F1 and F2 tell the same of what both cover.
  for (const auto& report : Reports()) EXPECT_EQ(report.disagreements(), 0);
  // What gave way is reversed, and the feed tells.
  int reversed = 0;
  for (const events::Event& event : Events()) {
    if (event.verb != "reversed") continue;
    ++reversed;
    v1::SellThroughSale sale;
    ASSERT_TRUE(sale.ParseFromString(event.payload));
    EXPECT_EQ(sale.quantity().value(), "-15");
    EXPECT_FALSE(sale.reverses().empty());
  }
  EXPECT_GE(reversed, 1);
}

TEST_F(ReportsTest, BadRowsWaitAreRepairedRetriedAndDiscarded) {
  MakePlainProfile("acme");
  const auto report = Send(Upload("acme", "2026-06-01", "2026-06-30", 1,
                                  "date,product,quantity,document,line\n"
                                  "2026-06-05,bike,3,A,1\n"
                                  "2026-06-06,car,4,A,2\n"
                                  "06/07/2026,bike,x,A,3\n"
                                  "2026-06-08,bike,\"1\"0,A,4\n"
                                  "2026-06-09,bike,1,A,5\n"
                                  "2026-06-09,bike,2,A,5\n"
                                  "2026-07-09,bike,1,A,6\n"));
  ASSERT_OK(report);
  EXPECT_EQ(CountsOf(*report), "7 = 1 + 0 + 6 + 0 + 0");
  EXPECT_EQ(report->encoding(), "UTF-8");
  const auto row = [&](int number) { return StrCat(report->name(), "/rows/", number); };
  std::vector<v1::ReportRow> bad = Rows(report->name(), "state = REJECTED");
  ASSERT_THAT(bad, SizeIs(6));
  EXPECT_EQ(bad[0].errors(0).column(), "product");
  EXPECT_EQ(bad[0].errors(0).reason(), "REFERENCE_NOT_FOUND");
  EXPECT_THAT(bad[1].errors(), SizeIs(2));
  EXPECT_THAT(bad[2].raw(), IsEmpty());  // what the file does not tell apart is not guessed
  EXPECT_EQ(bad[3].errors(0).reason(), "ROW_CONFLICT");
  EXPECT_EQ(bad[4].errors(0).reason(), "ROW_CONFLICT");

  // A repair that is none leaves the row where it is.
  auto repaired = Repair(row(4), "date", "2026-06-07");
  ASSERT_OK(repaired);
  EXPECT_EQ(repaired->state(), v1::ReportRow::REJECTED);
  EXPECT_THAT(repaired->errors(), SizeIs(1));
  repaired = Repair(row(4), "quantity", "7");
  ASSERT_OK(repaired);
  EXPECT_EQ(repaired->state(), v1::ReportRow::REPAIRED);
  EXPECT_THAT(repaired->repairs(), SizeIs(2));
  EXPECT_EQ(repaired->raw(2).value(), "x");
  EXPECT_EQ(repaired->fact(), "partners/acme/sales/A.3");
  EXPECT_THAT(Repair(row(4), "quantity", "8"), HasReason(Reason::kStateConflict));

  // Once the product is known, the row is read.
  EXPECT_EQ(Retry(row(3))->state(), v1::ReportRow::REJECTED);
  ASSERT_OK(inventory_.MakeProducts({"bike", "helmet", "pump", "car"}));
  EXPECT_EQ(Retry(row(3))->state(), v1::ReportRow::ACCEPTED);

  // Of two that tell one line otherwise one has to go first.
  EXPECT_EQ(Retry(row(7))->state(), v1::ReportRow::REJECTED);
  EXPECT_EQ(Discard(row(6))->state(), v1::ReportRow::DISCARDED);
  EXPECT_EQ(Retry(row(7))->state(), v1::ReportRow::ACCEPTED);
  EXPECT_THAT(Discard(row(6)), HasReason(Reason::kStateConflict));

  // A row that did not come out of the file whole is written by hand.
  v1::RepairReportRowRequest whole;
  whole.set_name(row(5));
  for (const auto& [column, value] : std::map<std::string, std::string>{
           {"date", "2026-06-08"}, {"product", "bike"}, {"quantity", "10"}, {"document", "A"}, {"line", "4"}}) {
    whole.add_cells()->set_column(column);
    whole.mutable_cells(whole.cells_size() - 1)->set_value(value);
  }
  whole.set_etag("\"v9\"");
  EXPECT_THAT(inventory_.Call<v1::ReportRow>("ReportRowService/RepairReportRow", whole),
              HasReason(Reason::kEtagMismatch));
  whole.set_etag(bad[2].etag());
  EXPECT_EQ(inventory_.Call<v1::ReportRow>("ReportRowService/RepairReportRow", whole)->state(),
            v1::ReportRow::REPAIRED);

  EXPECT_EQ(CountsOf(Get(report->name())), "7 = 3 + 2 + 2 + 0 + 0");
  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/main.bike=-22", "partners/acme/positions/main.car=-4"));
  v1::RetryReportRowsRequest all;
  all.set_parent(report->name());
  const auto retried = inventory_.Call<v1::RetryReportRowsResponse>("ReportRowService/RetryReportRows", all);
  ASSERT_OK(retried);
  EXPECT_EQ(retried->retried(), 1);
  EXPECT_EQ(retried->rejected(), 1);
  CheckCounts();
}

TEST_F(ReportsTest, TheSameFileAgainAddsNothing) {
  MakePlainProfile("acme");
  const auto upload = Upload("acme", "2026-06-01", "2026-06-30", 0,
                             Csv({"2026-06-05,25", "2026-06-05,25", "2026-06-06,1,INV/1,1", "nonsense,1"}));
  const auto first = Send(upload);
  ASSERT_OK(first);
  const auto corrected = Send(Upload("acme", "2026-06-01", "2026-06-30", 0, Csv({"2026-06-05,24"})));
  ASSERT_OK(corrected);
  EXPECT_GT(corrected->revision(), first->revision());
  // It is the state that it was, whenever it comes.
  const auto again = Send(upload);
  ASSERT_OK(again);
  EXPECT_EQ(again->revision(), first->revision());
  EXPECT_EQ(CountsOf(*again), "4 = 0 + 0 + 1 + 0 + 3");
  EXPECT_THAT(Standing(), UnorderedElementsAre("2026-06-05 products/bike 24 partners/acme"));
  // What was bad in one of them and repaired in the other stands once.
  auto declared = upload;
  declared.mutable_partner_report()->set_revision(corrected->revision() + 1);
  const auto a = Send(declared);
  const auto b = Send(declared);
  ASSERT_OK(b);
  EXPECT_EQ(CountsOf(*b), "4 = 0 + 0 + 1 + 3 + 0");
  ASSERT_OK(Repair(StrCat(b->name(), "/rows/5"), "date", "2026-06-08"));
  ASSERT_OK(Repair(StrCat(a->name(), "/rows/5"), "date", "2026-06-09"));
  EXPECT_THAT(Standing(), UnorderedElementsAre(
                              "2026-06-05 products/bike 25 partners/acme", "2026-06-05 products/bike 25 partners/acme",
                              "2026-06-06 products/bike 1 partners/acme", "2026-06-09 products/bike 1 partners/acme"));
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(ReportsTest, EqualRevisionsThatDisagreeAreFound) {
  MakePlainProfile("acme");
  const auto a = Send(Upload("acme", "2026-06-01", "2026-06-10", 1, Csv({"2026-06-05,25", "2026-06-06,1"})));
  const auto b = Send(Upload("acme", "2026-06-05", "2026-06-20", 1, Csv({"2026-06-05,24", "2026-06-11,2"})));
  ASSERT_OK(b);
  v1::ListReportDisagreementsRequest list;
  list.set_parent(a->name());
  list.set_page_size(1);
  std::vector<std::string> found;
  do {
    const auto page =
        inventory_.Call<v1::ListReportDisagreementsResponse>("PartnerReportService/ListReportDisagreements", list);
    ASSERT_OK(page);
    for (const auto& one : page->report_disagreements()) {
      EXPECT_THAT((std::set{one.winner(), one.other()}), UnorderedElementsAre(a->name(), b->name()));
      found.push_back(wire::FromProto(one.date())->ToString());
    }
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  EXPECT_THAT(found, ElementsAre("2026-06-05", "2026-06-06"));
  EXPECT_EQ(Get(b->name()).disagreements(), 2);
  // A higher revision settles it.
  ASSERT_OK(Send(Upload("acme", "2026-06-05", "2026-06-06", 2, Csv({"2026-06-05,24"}))));
  EXPECT_EQ(Get(a->name()).disagreements(), 0);
  EXPECT_EQ(Get(b->name()).disagreements(), 0);
  EXPECT_THAT(Standing(), UnorderedElementsAre("2026-06-05 products/bike 24 partners/acme",
                                               "2026-06-11 products/bike 2 partners/acme"));
}

TEST_F(ReportsTest, AFileOfWhichNoRowCanBeReadReplacesNothing) {
  MakePlainProfile("acme");
  ASSERT_OK(Send(Upload("acme", "2026-06-01", "2026-06-30", 1, Csv({"2026-06-05,25"}))));
  const auto broken = Send(Upload("acme", "2026-06-01", "2026-06-30", 2, "when,what\n2026-06-05,bike\n"));
  ASSERT_OK(broken);
  EXPECT_EQ(CountsOf(*broken), "1 = 0 + 0 + 1 + 0 + 0");
  EXPECT_EQ(Sold(), Decimal::FromInt(25));
  // Once a row of it is read it has its say.
  v1::RepairReportRowRequest repair;
  repair.set_name(StrCat(broken->name(), "/rows/2"));
  for (const auto& [column, value] :
       std::map<std::string, std::string>{{"date", "2026-06-07"}, {"product", "bike"}, {"quantity", "3"}}) {
    repair.add_cells()->set_column(column);
    repair.mutable_cells(repair.cells_size() - 1)->set_value(value);
  }
  ASSERT_OK(inventory_.Call<v1::ReportRow>("ReportRowService/RepairReportRow", repair));
  CheckCounts();
  EXPECT_THAT(Standing(), UnorderedElementsAre("2026-06-07 products/bike 3 partners/acme"));
}

TEST_F(ReportsTest, WhatAnotherStatedIsNotAReportsToChange) {
  MakePlainProfile("acme");
  v1::CreateSellThroughSaleRequest direct;
  direct.set_parent("partners/acme");
  v1::SellThroughSale& sale = *direct.mutable_sell_through_sale();
  sale.set_document("INV-1");
  sale.set_line(1);
  *sale.mutable_sale_date() = DateOf("2026-06-05");
  sale.set_product("products/bike");
  sale.mutable_quantity()->set_value("5");
  sale.set_region("regions/cn-51");
  ASSERT_OK(inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", direct));
  const std::string header = "date,product,quantity,document,line,region\n";
  const auto report =
      Send(Upload("acme", "2026-06-01", "2026-06-30", 1,
                  StrCat(header, "2026-06-05,bike,5,INV-1,1,cn-51\n2026-06-05,bike,1,INV-1,2,cn-51\n")));
  ASSERT_OK(report);
  EXPECT_EQ(CountsOf(*report), "2 = 1 + 0 + 0 + 1 + 0");
  const auto other = Send(Upload("acme", "2026-06-01", "2026-06-30", 2,
                                 StrCat(header, "2026-06-05,bike,6,INV-1,1,cn-51\n2026-06-05,bike,1,INV-1,2,cn-51\n")));
  ASSERT_OK(other);
  EXPECT_EQ(CountsOf(*other), "2 = 0 + 0 + 1 + 1 + 0");
  EXPECT_EQ(Rows(other->name(), "state = REJECTED").at(0).errors(0).reason(), "ROW_CONFLICT");
  EXPECT_EQ(CountsOf(Get(report->name())), "2 = 1 + 0 + 0 + 0 + 1");
  EXPECT_EQ(Sold(), Decimal::FromInt(6));
}

TEST_F(ReportsTest, StockOnHandIsAFactThatMovesNone) {
  v1::CreateSiteRequest north;
  north.set_parent("partners/acme");
  north.set_site_id("north");
  north.mutable_site()->set_display_name("North");
  ASSERT_OK(inventory_.Call<v1::Site>("SiteService/CreateSite", north));
  MakePlainProfile("acme", v1::ReportProfile::ON_HAND);
  const std::string header = "date,product,quantity,site,lot,boundary\n";
  auto upload = Upload("acme", "2026-06-30", "2026-06-30", 1,
                       StrCat(header,
                              "2026-06-30,bike,21,,L9,\n2026-06-30,bike,4,north,,BEFORE_OPENING\n"
                              "2026-06-30,bike,4,north,,BEFORE_OPENING\n"));
  upload.mutable_partner_report()->mutable_coverage()->add_sites("partners/acme/sites/north");
  upload.mutable_partner_report()->mutable_coverage()->add_sites("partners/acme/sites/main");
  ASSERT_OK(Send(upload));
  const auto list = [&](const std::string& filter) {
    v1::ListOnHandReportsRequest request;
    request.set_parent("partners/acme");
    request.set_filter(filter);
    request.set_page_size(1);
    std::vector<std::string> found;
    do {
      const auto page =
          inventory_.Call<v1::ListOnHandReportsResponse>("OnHandReportService/ListOnHandReports", request);
      EXPECT_OK(page);
      for (const v1::OnHandReport& one : page->on_hand_reports()) {
        v1::GetOnHandReportRequest get;
        get.set_name(one.name());
        EXPECT_EQ(inventory_.Call<v1::OnHandReport>("OnHandReportService/GetOnHandReport", get)->name(), one.name());
        found.push_back(StrCat(one.site(), " ", one.lot(), " ", one.quantity().value(), " ",
                               v1::OnHandReport::Boundary_Name(one.boundary()), one.reverses().empty() ? "" : " R"));
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return found;
  };
  EXPECT_THAT(list(""), UnorderedElementsAre("partners/acme/sites/main L9 21 AFTER_CLOSING",
                                             "partners/acme/sites/north  4 BEFORE_OPENING",
                                             "partners/acme/sites/north  4 BEFORE_OPENING"));
  EXPECT_THAT(list("lot = L9"), SizeIs(1));
  EXPECT_THAT(inventory_.Positions(), IsEmpty());
  // One site's correction leaves the other's.
  auto corrected = Upload("acme", "2026-06-30", "2026-06-30", 2, StrCat(header, "2026-06-30,bike,20,main,L9,\n"));
  corrected.mutable_partner_report()->mutable_coverage()->add_sites("partners/acme/sites/main");
  ASSERT_OK(Send(corrected));
  EXPECT_THAT(list("site = \"partners/acme/sites/main\""),
              UnorderedElementsAre("partners/acme/sites/main L9 21 AFTER_CLOSING",
                                   "partners/acme/sites/main L9 -21 AFTER_CLOSING R",
                                   "partners/acme/sites/main L9 20 AFTER_CLOSING"));
  EXPECT_THAT(list("site = \"partners/acme/sites/north\""), SizeIs(2));
  // Its fact is told on the feed.
  int told = 0;
  for (const events::Event& event : Events()) told += event.type == "tributary.inventory.v1.OnHandReport";
  EXPECT_EQ(told, 5);
}

TEST_F(ReportsTest, ProfilesSayHowFilesAreRead) {
  v1::CreatePartnerCodeRequest code;
  code.set_parent("partners/acme");
  code.mutable_partner_code()->set_kind(v1::PartnerCode::PRODUCT);
  code.mutable_partner_code()->set_code("自行车");
  code.mutable_partner_code()->set_target("products/bike");
  *code.mutable_partner_code()->mutable_effective_from() = DateOf("2026-01-01");
  ASSERT_OK(inventory_.Call<v1::PartnerCode>("PartnerCodeService/CreatePartnerCode", code));
  v1::ReportProfile profile;
  profile.set_kind(v1::ReportProfile::SELL_THROUGH);
  profile.set_format(v1::ReportProfile::CSV);
  const auto map = [&](v1::ReportProfile::Field field, const char* column) {
    profile.add_columns()->set_field(field);
    profile.mutable_columns(profile.columns_size() - 1)->set_column(column);
  };
  map(v1::ReportProfile::DATE, "日期");
  map(v1::ReportProfile::PRODUCT, "商品");
  map(v1::ReportProfile::QUANTITY, "数量");
  profile.set_date_format("YYYY年M月D日");
  profile.set_delimiter(";");
  profile.set_decimal_point(",");
  profile.set_partner_product_codes(true);
  const auto made = MakeProfile("acme", profile);
  ASSERT_OK(made);
  EXPECT_THAT(MakeProfile("acme", profile), HasReason(Reason::kAlreadyExists));
  profile.set_date_format("YY");
  EXPECT_THAT(MakeProfile("acme", profile, "bad"), HasReason(Reason::kInvalidField));
  EXPECT_THAT(MakeProfile("nobody", *made, "new"), HasReason(Reason::kReferenceNotFound));

  // No profile is named, and none is the default.
  auto upload =
      Upload("acme", "2026-06-01", "2026-06-30", 1, "日期;商品;数量\n2026年6月5日;自行车;2,5\n2026年6月5日;汽车;1\n");
  EXPECT_THAT(Send(upload), HasReason(Reason::kReferenceNotFound));
  upload.mutable_partner_report()->set_profile("partners/acme/reportProfiles/none");
  EXPECT_THAT(Send(upload), HasReason(Reason::kReferenceNotFound));
  upload.mutable_partner_report()->set_profile("partners/bolt/reportProfiles/pos");
  EXPECT_THAT(Send(upload), HasReason(Reason::kInvalidField));
  upload.mutable_partner_report()->set_profile(made->name());
  auto report = Send(upload);
  ASSERT_OK(report);
  EXPECT_EQ(CountsOf(*report), "2 = 1 + 0 + 1 + 0 + 0");
  EXPECT_EQ(Sold(), Decimal::Parse("2.5").value());

  // Remembered: the next file needs not name it.
  v1::UpdateReportProfileRequest update;
  update.mutable_report_profile()->set_name(made->name());
  update.mutable_report_profile()->set_default_profile(true);
  update.mutable_report_profile()->set_etag(made->etag());
  const auto changed = inventory_.Call<v1::ReportProfile>("ReportProfileService/UpdateReportProfile", update);
  ASSERT_OK(changed);
  EXPECT_TRUE(changed->default_profile());
  EXPECT_EQ(changed->date_format(), "YYYY年M月D日");
  update.clear_request_id();
  EXPECT_THAT(inventory_.Call<v1::ReportProfile>("ReportProfileService/UpdateReportProfile", update),
              HasReason(Reason::kEtagMismatch));
  upload = Upload("acme", "2026-07-01", "2026-07-31", 1, "日期;商品;数量\n2026年7月5日;自行车;1\n");
  report = Send(upload);
  ASSERT_OK(report);
  EXPECT_EQ(report->profile(), made->name());
  // Another default takes its place.
  v1::ReportProfile next;
  next.set_kind(v1::ReportProfile::SELL_THROUGH);
  next.set_format(v1::ReportProfile::JSON);
  next.set_default_profile(true);
  ASSERT_OK(MakeProfile("acme", next, "json"));
  v1::ListReportProfilesRequest list;
  list.set_parent("partners/acme");
  list.set_filter("default_profile = true");
  const auto defaults =
      inventory_.Call<v1::ListReportProfilesResponse>("ReportProfileService/ListReportProfiles", list);
  ASSERT_OK(defaults);
  ASSERT_THAT(defaults->report_profiles(), SizeIs(1));
  EXPECT_EQ(defaults->report_profiles(0).name(), "partners/acme/reportProfiles/json");
  report = Send(Upload("acme", "2026-08-01", "2026-08-31", 1,
                       R"([{"date": "2026-08-01", "product": "bike", "quantity": 3, "end_customer": "小林商店"}])"));
  ASSERT_OK(report);
  EXPECT_EQ(CountsOf(*report), "1 = 1 + 0 + 0 + 0 + 0");
}

TEST_F(ReportsTest, ADryRunSaysWhatWouldBecomeOfIt) {
  MakePlainProfile("acme");
  ASSERT_OK(Send(Upload("acme", "2026-06-01", "2026-06-30", 1, Csv({"2026-06-05,25"}))));
  const auto upload = Upload("acme", "2026-06-01", "2026-06-30", 2, Csv({"2026-06-05,25", "2026-06-06,1", "x,1"}));
  v1::DryRunPartnerReportRequest dry;
  dry.set_parent(upload.parent());
  *dry.mutable_partner_report() = upload.partner_report();
  dry.set_content(upload.content());
  const auto answer = inventory_.Call<v1::DryRunPartnerReportResponse>("PartnerReportService/DryRunPartnerReport", dry);
  ASSERT_OK(answer);
  EXPECT_EQ(CountsOf(answer->partner_report()), "3 = 1 + 0 + 1 + 1 + 0");
  EXPECT_EQ(answer->partner_report().name(), "");
  ASSERT_THAT(answer->errors(), SizeIs(1));
  EXPECT_EQ(answer->errors(0).row(), 4);
  EXPECT_EQ(answer->errors(0).column(), "date");
  EXPECT_THAT(Reports(), SizeIs(1));
  EXPECT_EQ(Sold(), Decimal::FromInt(25));
  // validate_only does as much.
  auto check = upload;
  check.set_validate_only(true);
  ASSERT_OK(Send(check));
  EXPECT_THAT(Reports(), SizeIs(1));
}

TEST_F(ReportsTest, NoReportIsNotZero) {
  MakePlainProfile("acme");
  v1::CreateReportingObligationRequest owes;
  owes.set_parent("partners/acme");
  owes.set_reporting_obligation_id("monthly");
  owes.mutable_reporting_obligation()->set_activity(v1::PartnerReport::SELL_THROUGH);
  owes.mutable_reporting_obligation()->set_period(v1::ReportingObligation::MONTH);
  owes.mutable_reporting_obligation()->set_due_days(5);
  *owes.mutable_reporting_obligation()->mutable_effective_from() = DateOf("2026-05-01");
  const auto obligation =
      inventory_.Call<v1::ReportingObligation>("ReportingObligationService/CreateReportingObligation", owes);
  ASSERT_OK(obligation);
  EXPECT_EQ(wire::FromProto(obligation->stale_since())->ToString(), "2026-05-01");
  const auto overdue = [&](const char* as_of, const rpc::CallOptions& options = {}) {
    v1::ListOverdueReportsRequest request;
    request.set_parent("partners/-");
    *request.mutable_as_of() = DateOf(as_of);
    const auto page = inventory_.Call<v1::ListOverdueReportsResponse>("ReportingObligationService/ListOverdueReports",
                                                                      request, options);
    EXPECT_OK(page);
    std::vector<std::string> found;
    for (const auto& period : page->reporting_periods())
      found.push_back(wire::FromProto(period.start_date())->ToString());
    return found;
  };
  EXPECT_THAT(overdue("2026-07-06"), ElementsAre("2026-05-01", "2026-06-01"));
  EXPECT_THAT(overdue("2026-07-06", {.token = keys_.Token(api::v1::PARTNER_USER, "bolt")}), IsEmpty());
  EXPECT_THAT(overdue("2026-06-05"), IsEmpty());

  // Nothing was sold in May, and the partner says so.
  auto zero = Upload("acme", "2026-05-01", "2026-05-31", 0, "");
  EXPECT_THAT(Send(zero), HasReason(Reason::kInvalidField));
  zero.mutable_partner_report()->set_zero_report(true);
  const auto nothing = Send(zero);
  ASSERT_OK(nothing);
  EXPECT_EQ(CountsOf(*nothing), "0 = 0 + 0 + 0 + 0 + 0");
  EXPECT_EQ(nothing->sha256(), "");
  // A file without rows is not the same as saying it.
  EXPECT_THAT(Send(Upload("acme", "2026-06-01", "2026-06-30", 0, "date,product,quantity\n")),
              HasReason(Reason::kInvalidField));
  EXPECT_THAT(overdue("2026-07-06"), ElementsAre("2026-06-01"));
  ASSERT_OK(Send(Upload("acme", "2026-06-01", "2026-06-30", 0, Csv({"2026-06-05,25"}))));
  EXPECT_THAT(overdue("2026-07-06"), IsEmpty());

  v1::ListReportingPeriodsRequest list;
  list.set_parent(obligation->name());
  *list.mutable_as_of() = DateOf("2026-07-06");
  list.set_page_size(2);
  std::vector<std::string> periods;
  do {
    const auto page =
        inventory_.Call<v1::ListReportingPeriodsResponse>("ReportingObligationService/ListReportingPeriods", list);
    ASSERT_OK(page);
    for (const auto& one : page->reporting_periods()) {
      periods.push_back(StrCat(wire::FromProto(one.start_date())->ToString(), " ",
                               v1::ReportingPeriod::Standing_Name(one.standing()), one.zero_report() ? " zero" : ""));
    }
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  EXPECT_THAT(periods, ElementsAre("2026-05-01 RECEIVED zero", "2026-06-01 RECEIVED", "2026-07-01 OPEN"));
  v1::GetReportingObligationRequest get;
  get.set_name(obligation->name());
  EXPECT_EQ(wire::FromProto(
                inventory_.Call<v1::ReportingObligation>("ReportingObligationService/GetReportingObligation", get)
                    ->stale_since())
                ->ToString(),
            "2026-07-01");
  // A zero report of a time that told sales takes them back.
  auto taken_back = Upload("acme", "2026-06-01", "2026-06-30", 0, "");
  taken_back.mutable_partner_report()->set_zero_report(true);
  ASSERT_OK(Send(taken_back));
  EXPECT_EQ(Sold(), Decimal());
  v1::UpdateReportingObligationRequest end;
  end.mutable_reporting_obligation()->set_name(obligation->name());
  *end.mutable_reporting_obligation()->mutable_effective_to() = DateOf("2026-07-01");
  const auto ended =
      inventory_.Call<v1::ReportingObligation>("ReportingObligationService/UpdateReportingObligation", end);
  ASSERT_OK(ended);
  EXPECT_FALSE(ended->has_stale_since());
}

TEST_F(ReportsTest, RowsOfOtherActivitiesStandWithoutFacts) {
  v1::ReportProfile profile;
  profile.set_kind(v1::ReportProfile::BOTH);
  profile.set_format(v1::ReportProfile::CSV);
  profile.set_default_profile(true);
  ASSERT_OK(MakeProfile("acme", profile));
  const auto report =
      Send(Upload("acme", "2026-06-01", "2026-06-07", 1,
                  "activity,date,product,quantity\nQS,2026-06-05,bike,3\nQA,2026-06-07,bike,9\n"
                  "QR,2026-06-02,bike,12\nQP,2026-06-05,bike,5\nQO,2026-06-06,pump,1\nQT,2026-06-06,bike,-1\n"
                  "ZZ,2026-06-06,bike,-1\n"));
  ASSERT_OK(report);
  EXPECT_EQ(CountsOf(*report), "7 = 6 + 0 + 1 + 0 + 0");
  // Three were sold, and one was written off.
  EXPECT_THAT(inventory_.Positions(), ElementsAre("partners/acme/positions/main.bike=-4"));
  EXPECT_EQ(Rows(report->name(), "activity = RECEIVED").at(0).fact(), "");
  // They give way as the others do.
  ASSERT_OK(Send(Upload("acme", "2026-06-01", "2026-06-07", 2,
                        "activity,date,product,quantity\nQS,2026-06-05,bike,3\nQR,2026-06-02,bike,11\n")));
  EXPECT_EQ(CountsOf(Get(report->name())), "7 = 1 + 0 + 1 + 0 + 5");
}

// An SDQ tells the quantities of several stores in one segment: each of them is a row.
TEST_F(ReportsTest, EveryQuantityOfAnEdiSegmentIsARow) {
  for (const char* site : {"s7", "s12", "dc"}) {
    v1::CreateSiteRequest request;
    request.set_parent("partners/acme");
    request.set_site_id(site);
    request.mutable_site()->set_display_name(site);
    ASSERT_OK(inventory_.Call<v1::Site>("SiteService/CreateSite", request));
  }
  v1::ReportProfile profile;
  profile.set_kind(v1::ReportProfile::BOTH);
  profile.set_format(v1::ReportProfile::EDI_852);
  profile.set_default_profile(true);
  v1::ReportProfile::Column& date = *profile.add_columns();
  date.set_field(v1::ReportProfile::DATE);
  date.set_column("period_to");
  // What the partner calls one of our units.
  v1::ReportProfile::UnitCode& unit = *profile.add_unit_codes();
  unit.set_code("EA");
  unit.set_unit("each");
  ASSERT_OK(MakeProfile("acme", profile));
  const auto file = [](const std::string& stores, int segments) {
    return StrCat(
        "ISA*00*          *00*          *ZZ*HARBOR         *ZZ*VENDOR         *260630*0830*U*00401*000000417*0*P*>~",
        "GS*PD*HARBOR*VENDOR*20260630*0830*417*X*004010~ST*852*0001~XQ*H*20260624*20260630~N1*ST*H*92*dc~",
        "LIN*1*IN*bike~", stores, "CTT*1~SE*", segments, "*0001~GE*1*417~IEA*1*000000417~");
  };
  const auto report = Send(Upload("acme", "2026-06-24", "2026-06-30", 1,
                                  file("ZA*QS*30*EA~SDQ*EA*92*s7*12*s12*18~ZA*QT*-2*EA~ZA*QA*9*EA~", 10)));
  ASSERT_OK(report);
  EXPECT_EQ(CountsOf(*report), "4 = 4 + 0 + 0 + 0 + 0");
  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/dc.bike=-2", "partners/acme/positions/s12.bike=-18",
                          "partners/acme/positions/s7.bike=-12"));
  // Where they do not sum to what is stated, which of them is wrong is not known: all of them wait.
  const auto wrong = Send(Upload("acme", "2026-06-24", "2026-06-30", 2,
                                 file("ZA*QS*31*EA~SDQ*EA*92*s7*12*s12*18~ZA*QT*-2*EA~ZA*QA*9*EA~", 10)));
  ASSERT_OK(wrong);
  EXPECT_EQ(CountsOf(*wrong), "4 = 0 + 0 + 2 + 2 + 0");
}

// What a row says of its sale reaches the fact.
TEST_F(ReportsTest, SaleTypesAndOriginalSalesReachTheFacts) {
  v1::ReportProfile profile;
  profile.set_kind(v1::ReportProfile::SELL_THROUGH);
  profile.set_format(v1::ReportProfile::CSV);
  profile.set_default_profile(true);
  const auto map = [&](v1::ReportProfile::Field field, const char* column) {
    v1::ReportProfile::Column& one = *profile.add_columns();
    one.set_field(field);
    one.set_column(column);
  };
  map(v1::ReportProfile::SALE_TYPE, "kind");
  map(v1::ReportProfile::ORIGINAL_DOCUMENT, "of");
  map(v1::ReportProfile::ORIGINAL_LINE, "of line");
  map(v1::ReportProfile::UNIT, "pack");
  v1::ReportProfile::UnitCode& unit = *profile.add_unit_codes();
  unit.set_code("ST");
  const auto made = MakeProfile("acme", profile);
  ASSERT_OK(made);
  EXPECT_EQ(made->unit_codes(0).code(), "ST");
  const auto report = Send(Upload("acme", "2026-06-01", "2026-06-30", 1,
                                  "date,product,quantity,pack,document,line,kind,of,of line\n"
                                  "2026-06-05,bike,3,ST,A,1,RENEWAL,Q,7\n2026-06-09,bike,-1,,B,1,,A,1\n"
                                  "2026-06-09,bike,1,PALLET,C,1,,,\n"));
  ASSERT_OK(report);
  EXPECT_EQ(CountsOf(*report), "3 = 2 + 0 + 1 + 0 + 0");
  const auto get = [&](const char* name) {
    v1::GetSellThroughSaleRequest request;
    request.set_name(name);
    const auto sale = inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/GetSellThroughSale", request);
    EXPECT_OK(sale);
    return *sale;
  };
  const v1::SellThroughSale sold = get("partners/acme/sales/A.1");
  EXPECT_EQ(sold.sale_type(), v1::SellThroughSale::RENEWAL);
  EXPECT_EQ(sold.original_sale(), "") << "the order that it was made from is no sale that it takes back";
  const v1::SellThroughSale returned = get("partners/acme/sales/B.1");
  EXPECT_EQ(returned.activity(), v1::SellThroughSale::RETURN);
  EXPECT_EQ(returned.original_sale(), "partners/acme/sales/A.1");
}

// What a partner wrote off or found is a fact, counted apart from what it sold, and known again as any other row.
TEST_F(ReportsTest, AdjustmentsAreFactsAndAreKnownAgain) {
  v1::ReportProfile profile;
  profile.set_kind(v1::ReportProfile::BOTH);
  profile.set_format(v1::ReportProfile::CSV);
  profile.set_default_profile(true);
  ASSERT_OK(MakeProfile("acme", profile));
  const std::string header = "activity,date,product,quantity,document,line\n";
  const auto totals = [&] {
    v1::GetSellThroughTotalsRequest request;
    request.set_parent("partners/acme");
    const auto all = inventory_.Call<v1::SellThroughTotals>("SellThroughSaleService/GetSellThroughTotals", request);
    EXPECT_OK(all);
    return StrCat(all->units().value(), " sold, ", all->adjustments(), " adjustments of ",
                  all->adjusted_units().value());
  };
  // Two equal write-offs of one file are two, one of them found again, and one document's line.
  const auto first = Upload("acme", "2026-06-01", "2026-06-15", 1,
                            StrCat(header,
                                   "QS,2026-06-05,bike,3,,\nQT,2026-06-06,bike,-2,,\nQT,2026-06-06,bike,-2,,\n"
                                   "ADJUSTMENT,2026-06-07,bike,1,,\nQT,2026-06-08,pump,-5,WO-1,1\n"
                                   "QT,2026-06-08,nothing,-1,,\n"));
  const auto sent = Send(first);
  ASSERT_OK(sent);
  EXPECT_EQ(CountsOf(*sent), "6 = 5 + 0 + 1 + 0 + 0");
  EXPECT_EQ(totals(), "3 sold, 4 adjustments of -8");
  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/main.bike=-6", "partners/acme/positions/main.pump=-5"));
  EXPECT_TRUE(inventory_.Check()->balanced());
  const auto rows = Rows(sent->name(), "activity = ADJUSTED");
  ASSERT_THAT(rows, SizeIs(4));
  v1::GetSellThroughSaleRequest get;
  get.set_name(rows[3].fact());
  EXPECT_EQ(get.name(), "partners/acme/sales/WO-1.1");
  const auto written_off = inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/GetSellThroughSale", get);
  ASSERT_OK(written_off);
  EXPECT_EQ(written_off->activity(), v1::SellThroughSale::ADJUSTMENT);
  EXPECT_EQ(written_off->quantity().value(), "-5");

  // The same file again adds nothing.
  EXPECT_EQ(CountsOf(*Send(first)), "6 = 0 + 0 + 1 + 5 + 0");
  EXPECT_EQ(totals(), "3 sold, 4 adjustments of -8");

  // A correction: one write-off less, and the document's line was a sale. It stays one line.
  ASSERT_OK(Send(Upload("acme", "2026-06-01", "2026-06-15", 2,
                        StrCat(header, "QS,2026-06-05,bike,3,,\nQT,2026-06-06,bike,-2,,\n",
                               "ADJUSTMENT,2026-06-07,bike,1,,\nQS,2026-06-08,pump,5,WO-1,1\n"))));
  EXPECT_EQ(CountsOf(Get(sent->name())), "6 = 3 + 0 + 1 + 0 + 2");
  EXPECT_EQ(totals(), "8 sold, 2 adjustments of -1");
  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/main.bike=-4", "partners/acme/positions/main.pump=-5"));
  // One document's line as both in one file: which is right is not for us to guess.
  const auto both = Send(Upload("acme", "2026-06-20", "2026-06-21", 1,
                                StrCat(header, "QS,2026-06-20,pump,5,WO-2,1\nQT,2026-06-21,pump,-5,WO-2,1\n")));
  ASSERT_OK(both);
  EXPECT_EQ(CountsOf(*both), "2 = 0 + 0 + 2 + 0 + 0");
  // What was sold by another file's word is no adjustment by an older one's.
  v1::ReportProfile sales;
  sales.set_kind(v1::ReportProfile::SELL_THROUGH);
  sales.set_format(v1::ReportProfile::CSV);
  ASSERT_OK(MakeProfile("acme", sales, "sales"));
  auto later =
      Upload("acme", "2026-06-08", "2026-06-08", 3, "date,product,quantity,document,line\n2026-06-08,pump,6,WO-1,1\n");
  later.mutable_partner_report()->set_profile("partners/acme/reportProfiles/sales");
  ASSERT_OK(Send(later));
  EXPECT_EQ(totals(), "9 sold, 2 adjustments of -1");
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(ReportsTest, APartnersOwnPeopleSendAndRepairTheirOwn) {
  MakePlainProfile("acme");
  MakePlainProfile("bolt");
  const rpc::CallOptions acme{.token = keys_.Token(api::v1::PARTNER_USER, "acme")};
  const auto report = Send(Upload("acme", "2026-06-01", "2026-06-30", 1, Csv({"2026-06-05,25", "x,1"})), acme);
  ASSERT_OK(report);
  EXPECT_THAT(Send(Upload("bolt", "2026-06-01", "2026-06-30", 1, Csv({"2026-06-05,25"})), acme),
              HasReason(Reason::kPermissionDenied));
  v1::RetryReportRowRequest retry;
  retry.set_name(StrCat(report->name(), "/rows/3"));
  EXPECT_OK(inventory_.Call<v1::ReportRow>("ReportRowService/RetryReportRow", retry, acme));
  const rpc::CallOptions bolt{.token = keys_.Token(api::v1::PARTNER_USER, "bolt")};
  EXPECT_THAT(inventory_.Call<v1::ReportRow>("ReportRowService/RetryReportRow", retry, bolt),
              HasReason(Reason::kPermissionDenied));
  v1::GetReportRowRequest get;
  for (const char* nothing : {"partners/bolt/reports/x/rows/3", "partners/bolt/reports/x/rows/y"}) {
    get.set_name(nothing);
    EXPECT_THAT(inventory_.Call<v1::ReportRow>("ReportRowService/GetReportRow", get, bolt),
                HasReason(Reason::kNotFound));
  }
  EXPECT_THAT(Send(Upload("nobody", "2026-06-01", "2026-06-30", 1, "x")), HasReason(Reason::kReferenceNotFound));
}

TEST_F(ReportsTest, TwentyThousandRowsGoInAtOnceAndGiveWayAtOnce) {
  MakePlainProfile("acme");
  const auto file = [](int quantity) {
    std::string text = "date,product,quantity,document,line,end_customer\n";
    for (int i = 0; i < 20000; ++i) {
      const Date day = Date::Parse("2026-06-01").value().AddDays(i % 30);
      // Every tenth row has no document and equals others.
      StrAppend(&text, day.ToString(), ",", i % 3 == 0 ? "bike" : "pump", ",", i % 100 == 7 ? quantity : 1, ",",
                i % 10 == 0 ? "," : StrCat("INV-", i / 20, ",", i % 20 + 1), ",Customer ", i % 50, "\n");
    }
    return text;
  };
  const rpc::CallOptions patient{.timeout = absl::Seconds(60)};
  auto upload = Upload("acme", "2026-06-01", "2026-06-30", 1, file(1));
  auto report = inventory_.Call<v1::PartnerReport>("PartnerReportService/CreatePartnerReport", upload, patient);
  ASSERT_OK(report);
  EXPECT_EQ(CountsOf(*report), "20000 = 20000 + 0 + 0 + 0 + 0");
  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/main.bike=-6667", "partners/acme/positions/main.pump=-13333"));
  const auto again = inventory_.Call<v1::PartnerReport>("PartnerReportService/CreatePartnerReport", upload, patient);
  ASSERT_OK(again);
  EXPECT_EQ(CountsOf(*again), "20000 = 0 + 0 + 0 + 20000 + 0");
  upload = Upload("acme", "2026-06-01", "2026-06-30", 2, file(3));
  const auto corrected =
      inventory_.Call<v1::PartnerReport>("PartnerReportService/CreatePartnerReport", upload, patient);
  ASSERT_OK(corrected);
  EXPECT_EQ(CountsOf(*corrected), "20000 = 200 + 0 + 0 + 19800 + 0");
  EXPECT_EQ(CountsOf(Get(report->name())), "20000 = 19800 + 0 + 0 + 0 + 200");
  EXPECT_EQ(CountsOf(Get(again->name())), "20000 = 0 + 0 + 0 + 19800 + 200");
  EXPECT_TRUE(inventory_.Check()->balanced());
}

// Random files of three partners in random orders, each sent once or more often: the same stands.
TEST_F(ReportsTest, WhateverOrderFilesComeInTheSameStands) {
  std::mt19937 random(42);
  const auto pick = [&](int n) { return static_cast<int>(random() % n); };
  for (const char* partner : {"acme", "bolt", "cogs"}) MakePlainProfile(partner);
  static const char* const kDays[] = {"2026-06-01", "2026-06-02", "2026-06-03", "2026-06-04"};
  for (int round = 0; round < 4; ++round) {
    // Of a month of its own, so that rounds do not meet.
    const auto day = [&](int i) { return StrCat("2026-0", round + 1, std::string(kDays[i]).substr(7)); };
    struct File {
      int from, to, revision;
      bool append;
      std::vector<std::string> rows;
    };
    std::vector<File> files;
    for (int f = 0, n = 2 + pick(4); f < n; ++f) {
      File file{.from = pick(4), .revision = 1 + pick(3), .append = pick(4) == 0};
      file.to = file.from + pick(4 - file.from);
      std::set<std::string> lines;
      for (int r = 0, rows = 1 + pick(5); r < rows; ++r) {
        std::string row = StrCat(day(file.from + pick(file.to - file.from + 1)), ",", 1 + pick(3));
        if (pick(2) == 0) {
          const std::string line = StrCat("INV-", round, "-", pick(2), ",", 1 + pick(2));
          if (!lines.insert(line).second) continue;
          StrAppend(&row, ",", line);
        }
        file.rows.push_back(row);
      }
      files.push_back(std::move(file));
    }
    for (const char* partner : {"acme", "bolt", "cogs"}) {
      std::vector<File> arriving = files;
      for (int extra = pick(3); extra > 0; --extra) arriving.push_back(files[pick(static_cast<int>(files.size()))]);
      if (std::string_view(partner) != "acme") std::shuffle(arriving.begin(), arriving.end(), random);
      for (File& file : arriving) {
        if (file.rows.empty()) continue;
        auto upload = Upload(partner, day(file.from).c_str(), day(file.to).c_str(), file.revision, Csv(file.rows));
        if (file.append) upload.mutable_partner_report()->set_mode(v1::PartnerReport::APPEND);
        ASSERT_OK(inventory_.Call<v1::PartnerReport>("PartnerReportService/CreatePartnerReport", upload));
      }
    }
    CheckCounts();
  }
  std::map<std::string, std::multiset<std::string>> by_partner;
  for (const std::string& one : Standing()) {
    by_partner[one.substr(one.rfind(' ') + 1)].insert(one.substr(0, one.rfind(' ')));
  }
  EXPECT_FALSE(by_partner["partners/acme"].empty());
  EXPECT_EQ(by_partner["partners/acme"], by_partner["partners/bolt"]);
  EXPECT_EQ(by_partner["partners/acme"], by_partner["partners/cogs"]);
  EXPECT_TRUE(inventory_.Check()->balanced());
}

}  // namespace
}  // namespace tributary::inventory
