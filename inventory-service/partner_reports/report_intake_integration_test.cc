// Taking partners' reports in: profiles, dry runs, the workbench, zero reports, what is overdue.

#include <map>
#include <string>
#include <vector>

#include "inventory-service/partner_reports/testing_partner_reports.h"
#include "tributary/inventory/v1/partner_code.pb.h"
#include "tributary/inventory/v1/reporting_obligation.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

google::type::Date DateOf(const char* text) { return wire::ToProto(Date::Parse(text).value()); }

class ReportIntakeTest : public PartnerReportsTest {};

TEST_F(ReportIntakeTest, BadRowsWaitAreRepairedRetriedAndDiscarded) {
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

  // A word that is no column repairs nothing.
  EXPECT_THAT(Repair(row(4), "quantities", "7"), Blames("cells[0].column"));
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

TEST_F(ReportIntakeTest, AFileOfWhichNoRowCanBeReadReplacesNothing) {
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

TEST_F(ReportIntakeTest, WhatAnotherStatedIsNotAReportsToChange) {
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

TEST_F(ReportIntakeTest, ProfilesSayHowFilesAreRead) {
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
  Map(v1::ReportProfile::DATE, "日期", &profile);
  Map(v1::ReportProfile::PRODUCT, "商品", &profile);
  Map(v1::ReportProfile::QUANTITY, "数量", &profile);
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
  const auto profile_of = [&](const std::string& name, const char* reader = nullptr) {
    v1::GetReportProfileRequest get;
    get.set_name(name);
    rpc::CallOptions options;
    if (reader != nullptr) options.token = keys_.Token(api::v1::PARTNER_USER, reader);
    return inventory_.Call<v1::ReportProfile>("ReportProfileService/GetReportProfile", get, options);
  };
  const auto read = profile_of(made->name(), "acme");
  ASSERT_OK(read);
  EXPECT_FALSE(read->default_profile());
  EXPECT_THAT(read->columns(), SizeIs(3));
  EXPECT_THAT(profile_of(made->name(), "bolt"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(profile_of("partners/acme/reportProfiles/none"), HasReason(Reason::kNotFound));
  EXPECT_THAT(profile_of("partners/acme/reports/pos"), Blames("name"));
  list.clear_filter();
  list.set_page_size(1);
  const auto page = inventory_.Call<v1::ListReportProfilesResponse>("ReportProfileService/ListReportProfiles", list);
  ASSERT_OK(page);
  list.set_parent("partners/-");
  list.set_page_token(page->next_page_token());
  EXPECT_THAT(inventory_.Call<v1::ListReportProfilesResponse>("ReportProfileService/ListReportProfiles", list),
              HasReason(Reason::kPageTokenInvalid));
  report = Send(Upload("acme", "2026-08-01", "2026-08-31", 1,
                       R"([{"date": "2026-08-01", "product": "bike", "quantity": 3, "end_customer": "小林商店"}])"));
  ASSERT_OK(report);
  EXPECT_EQ(CountsOf(*report), "1 = 1 + 0 + 0 + 0 + 0");
}

TEST_F(ReportIntakeTest, ADryRunSaysWhatWouldBecomeOfIt) {
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

TEST_F(ReportIntakeTest, NoReportIsNotZero) {
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
  owes.set_reporting_obligation_id("weekly");
  owes.set_parent("partners/bolt");
  owes.mutable_reporting_obligation()->set_activity(v1::PartnerReport::ON_HAND);
  owes.mutable_reporting_obligation()->set_period(v1::ReportingObligation::WEEK);
  *owes.mutable_reporting_obligation()->mutable_effective_from() = DateOf("2027-01-04");
  ASSERT_OK(inventory_.Call<v1::ReportingObligation>("ReportingObligationService/CreateReportingObligation", owes));
  v1::ListReportingObligationsRequest all;
  const auto obligations = [&](const char* parent, const rpc::CallOptions& options = {}) {
    all.set_parent(parent);
    return inventory_.Call<v1::ListReportingObligationsResponse>("ReportingObligationService/ListReportingObligations",
                                                                 all, options);
  };
  EXPECT_THAT(obligations("partners/-")->reporting_obligations(), SizeIs(2));
  const auto own = obligations("partners/-", {.token = keys_.Token(api::v1::PARTNER_USER, "bolt")});
  ASSERT_OK(own);
  ASSERT_THAT(own->reporting_obligations(), SizeIs(1));
  EXPECT_EQ(own->reporting_obligations(0).name(), "partners/bolt/reportingObligations/weekly");
  EXPECT_THAT(obligations("acme"), Blames("parent"));
  all.set_filter("period = MONTH");
  EXPECT_EQ(obligations("partners/-")->reporting_obligations(0).name(), obligation->name());
  all.clear_filter();
  all.set_page_size(1);
  const auto first_page = obligations("partners/-");
  ASSERT_OK(first_page);
  EXPECT_EQ(first_page->reporting_obligations(0).name(), obligation->name());
  all.set_page_token(first_page->next_page_token());
  EXPECT_EQ(obligations("partners/-")->reporting_obligations(0).name(), "partners/bolt/reportingObligations/weekly");
  EXPECT_THAT(obligations("partners/acme"), HasReason(Reason::kPageTokenInvalid));
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
  ASSERT_OK(inventory_.Ship(*inventory_.NewImport("shipments"), {NewLine("acme", "SO-1", 1, "bike", 50)}));
  const auto stale_since = [&](const char* as_of = nullptr) {
    v1::GetPositionRequest get;
    get.set_name("partners/acme/positions/main.bike");
    if (as_of != nullptr) *get.mutable_as_of_date() = DateOf(as_of);
    const auto one = inventory_.Call<v1::Position>("LedgerService/GetPosition", get);
    EXPECT_OK(one);
    const std::string since = one->has_stale_since() ? wire::FromProto(one->stale_since())->ToString() : "";
    if (as_of != nullptr) return since;
    v1::ListPositionsRequest list;
    list.set_parent("partners/acme");
    const auto page = inventory_.Call<v1::ListPositionsResponse>("LedgerService/ListPositions", list);
    EXPECT_OK(page);
    EXPECT_THAT(page->positions(), SizeIs(1));
    EXPECT_EQ(page->positions(0).DebugString(), one->DebugString());
    return since;
  };
  EXPECT_EQ(stale_since(), "2026-05-01");
  EXPECT_EQ(stale_since("2026-12-31"), "");

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
  EXPECT_EQ(stale_since(), "2026-07-01");

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
  EXPECT_EQ(stale_since(), "");
}

TEST_F(ReportIntakeTest, APartnersOwnPeopleSendAndRepairTheirOwn) {
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

TEST_F(ReportIntakeTest, TwentyThousandRowsGoInAtOnceAndGiveWayAtOnce) {
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

}  // namespace
}  // namespace tributary::inventory
