#pragma once

// For tests of partners' reports through the whole service: uploads, and what stands of them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "inventory-service/testing_facts.h"
#include "tributary/inventory/v1/partner_report.pb.h"
#include "tributary/inventory/v1/report_profile.pb.h"
#include "tributary/inventory/v1/report_row.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"
#include "tributary/inventory/v1/site.pb.h"

namespace tributary::inventory {

class PartnerReportsTest : public FactsTest {
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

  // In the column of that name.
  static void Map(v1::ReportProfile::Field field, const char* column, v1::ReportProfile* profile) {
    v1::ReportProfile::Column& one = *profile->add_columns();
    one.set_field(field);
    one.set_column(column);
  }
  void MakeSite(const std::string& partner, const std::string& id) {
    v1::CreateSiteRequest request;
    request.set_parent(StrCat("partners/", partner));
    request.set_site_id(id);
    request.mutable_site()->set_display_name(id);
    ASSERT_OK(inventory_.Call<v1::Site>("SiteService/CreateSite", request));
  }

  static v1::CreatePartnerReportRequest Upload(const std::string& partner, const char* from, const char* to,
                                               int64_t revision, const std::string& content) {
    v1::CreatePartnerReportRequest request;
    request.set_parent(StrCat("partners/", partner));
    *request.mutable_partner_report()->mutable_coverage()->mutable_from_date() =
        wire::ToProto(Date::Parse(from).value());
    *request.mutable_partner_report()->mutable_coverage()->mutable_to_date() = wire::ToProto(Date::Parse(to).value());
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

}  // namespace tributary::inventory
