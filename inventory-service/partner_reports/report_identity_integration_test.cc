// What stands of partners' reports, whatever order they come in and however often (R16; the files of scenario S4).

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "inventory-service/partner_reports/testing_partner_reports.h"
#include "tributary/inventory/v1/unit_conversion.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class ReportIdentityTest : public PartnerReportsTest {};

// Goods that wander: a dealer's files in June, sent twice, overlapping and corrected. 59 units were sold, whichever way
// they arrive; adding contents would give 74, adding files 154, dropping equal rows 49.
TEST_F(ReportIdentityTest, FiftyNineUnitsWereSoldInAnyOrder) {
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

// A row is what it states: cases stay the sale that they were when a case holds something else, and the same told in
// pieces is told anew.
TEST_F(ReportIdentityTest, CasesAreWhatTheyWereWhenTheyWereTold) {
  MakePlainProfile("acme");
  v1::CreateUnitConversionRequest box;
  box.set_parent("products/bike");
  box.set_unit_conversion_id("case");
  box.mutable_unit_conversion()->set_factor_num(12);
  ASSERT_OK(inventory_.Call<v1::UnitConversion>("UnitConversionService/CreateUnitConversion", box));
  const std::string in_cases = "date,product,quantity,unit,document,line\n2026-06-05,bike,2,case,INV-1,1\n";
  const auto first = Send(Upload("acme", "2026-06-01", "2026-06-30", 1, in_cases + "2026-06-05,bike,3,case,,\n"));
  ASSERT_OK(first);
  const auto row = Rows(first->name())[0];
  EXPECT_EQ(row.content().quantity().value(), "24");
  EXPECT_EQ(row.content().unit(), "case");
  EXPECT_EQ(row.content().unit_quantity().value(), "2");
  v1::GetSellThroughSaleRequest get;
  get.set_name(row.fact());
  const auto sale = inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/GetSellThroughSale", get);
  ASSERT_OK(sale);
  EXPECT_EQ(sale->quantity().value(), "24");
  EXPECT_EQ(sale->unit(), "case");
  EXPECT_EQ(sale->unit_quantity().value(), "2");

  v1::UpdateUnitConversionRequest smaller;
  smaller.mutable_unit_conversion()->set_name("products/bike/units/case");
  smaller.mutable_unit_conversion()->set_factor_num(10);
  smaller.mutable_update_mask()->add_paths("factor_num");
  ASSERT_OK(inventory_.Call<v1::UnitConversion>("UnitConversionService/UpdateUnitConversion", smaller));
  const auto again = Send(Upload("acme", "2026-06-01", "2026-06-30", 2, in_cases + "2026-06-05,bike,3,case,,\n"));
  ASSERT_OK(again);
  EXPECT_EQ(CountsOf(*again), "2 = 0 + 0 + 0 + 2 + 0");
  EXPECT_EQ(Sold(), Decimal::FromInt(60));
  EXPECT_THAT(Sales(), ::testing::SizeIs(2));

  const auto in_pieces = Send(Upload("acme", "2026-06-01", "2026-06-30", 3,
                                     "date,product,quantity,unit,document,line\n2026-06-05,bike,24,,INV-1,1\n"));
  ASSERT_OK(in_pieces);
  EXPECT_EQ(CountsOf(*in_pieces), "1 = 1 + 0 + 0 + 0 + 0");
  EXPECT_EQ(Sold(), Decimal::FromInt(24));
  EXPECT_THAT(Sales(), ::testing::SizeIs(5)) << "both were taken back, and one was stated again";
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(ReportIdentityTest, TheSameFileAgainAddsNothing) {
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

TEST_F(ReportIdentityTest, EqualRevisionsThatDisagreeAreFound) {
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

// Random files of three partners in random orders, each sent once or more often: the same stands.
TEST_F(ReportIdentityTest, WhateverOrderFilesComeInTheSameStands) {
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
