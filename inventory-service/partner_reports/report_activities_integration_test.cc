// What rows of reports tell of: stock on hand, adjustments, activities without facts, and what EDI says of them.

#include <string>
#include <vector>

#include "inventory-service/partner_reports/testing_partner_reports.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class ReportActivitiesTest : public PartnerReportsTest {};

TEST_F(ReportActivitiesTest, StockOnHandIsAFactThatMovesNone) {
  MakeSite("acme", "north");
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

TEST_F(ReportActivitiesTest, RowsOfOtherActivitiesStandWithoutFacts) {
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
TEST_F(ReportActivitiesTest, EveryQuantityOfAnEdiSegmentIsARow) {
  for (const char* site : {"s7", "s12", "dc"}) MakeSite("acme", site);
  v1::ReportProfile profile;
  profile.set_kind(v1::ReportProfile::BOTH);
  profile.set_format(v1::ReportProfile::EDI_852);
  profile.set_default_profile(true);
  Map(v1::ReportProfile::DATE, "period_to", &profile);
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
TEST_F(ReportActivitiesTest, SaleTypesAndOriginalSalesReachTheFacts) {
  v1::ReportProfile profile;
  profile.set_kind(v1::ReportProfile::SELL_THROUGH);
  profile.set_format(v1::ReportProfile::CSV);
  profile.set_default_profile(true);
  Map(v1::ReportProfile::SALE_TYPE, "kind", &profile);
  Map(v1::ReportProfile::ORIGINAL_DOCUMENT, "of", &profile);
  Map(v1::ReportProfile::ORIGINAL_LINE, "of line", &profile);
  Map(v1::ReportProfile::UNIT, "pack", &profile);
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
TEST_F(ReportActivitiesTest, AdjustmentsAreFactsAndAreKnownAgain) {
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

}  // namespace
}  // namespace tributary::inventory
