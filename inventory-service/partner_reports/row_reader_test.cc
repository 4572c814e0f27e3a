#include "inventory-service/partner_reports/row_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "inventory-service/partner_reports/testing_reports.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;

using Cells = std::vector<std::pair<std::string, std::string>>;

ReportProfile NewProfile() {
  ReportProfile profile;
  profile.partner = "acme";
  profile.id = "pos";
  return profile;
}

const ReportCoverage kJune = {.from = Day("2026-06-01"),
                              .to = Day("2026-06-30"),
                              .activities = Activities::Of(Activity::kSellThrough),
                              .sites = {}};

// "2026-06-05 bike 25 at main", or "column: got, want" of each error.
std::string Outcome(const ReportProfile& profile, const Cells& cells, const ReportCoverage& within,
                    const std::vector<std::string>& typed = {}) {
  const ReadOutcome outcome = ReadRow(profile, RowTexts(profile, cells, typed), TestReferences(), within, 7);
  std::string text;
  for (const imports::RowError& error : outcome.errors) {
    EXPECT_EQ(error.row, 7);
    StrAppend(&text, text.empty() ? "" : "; ", error.column, ": ", error.got);
  }
  if (!text.empty()) return text;
  const RowContent& c = outcome.content;
  text = StrCat(NameOf(c.cell.activity), " ", c.cell.date.ToString(), " ", c.product, " ", c.quantity.ToString(),
                " at ", c.cell.site);
  if (!c.document.empty()) StrAppend(&text, " by ", c.document, "/", c.line);
  if (c.unit_price.has_value()) StrAppend(&text, " for ", c.unit_price->ToString(), " ", c.currency);
  if (!c.end_customer.empty()) StrAppend(&text, " to ", c.end_customer);
  if (!c.region.empty()) StrAppend(&text, " in ", c.region);
  if (!c.original_sale.empty()) StrAppend(&text, " back from ", c.original_sale);
  return text;
}

TEST(RowReaderTest, ReadsWhatColumnsAreCalledAndWhatIsWrongWithThem) {
  struct Case {
    const char* what;
    Cells cells;
    const char* outcome;
  };
  const Case cases[] = {
      {"the least",
       {{"date", "2026-06-05"}, {"product", "bike"}, {"quantity", "25"}},
       "SELL_THROUGH 2026-06-05 bike 25 at main"},
      {"a name and white space",
       {{"date", " 2026-06-05 "}, {"product", "products/bike"}, {"quantity", "25"}},
       "SELL_THROUGH 2026-06-05 bike 25 at main"},
      {"all of a sale",
       {{"date", "2026-06-05"},
        {"product", "bike"},
        {"quantity", "2"},
        {"unit", "box"},
        {"site", "north"},
        {"document", "INV/7"},
        {"line", "3"},
        {"unit_price", "99.5"},
        {"currency", "CNY"},
        {"end_customer", "小林商店"}},
       "SELL_THROUGH 2026-06-05 bike 24 at north by INV/7/3 for 99.5 CNY to 小林商店 in cn-50"},
      {"a return",
       {{"date", "2026-06-05"},
        {"product", "bike"},
        {"quantity", "(3)"},
        {"original_document", "INV/7"},
        {"original_line", "3"},
        {"region", "regions/cn-51"}},
       "SELL_THROUGH 2026-06-05 bike -3 at main in cn-51 back from partners/acme/sales/INV~2F7.3"},
      {"nothing", {}, "date: nothing; product: nothing; quantity: nothing"},
      {"an empty quantity is not zero",
       {{"date", "2026-06-05"}, {"product", "bike"}, {"quantity", " "}},
       "quantity: nothing"},
      {"no such product", {{"date", "2026-06-05"}, {"product", "car"}, {"quantity", "1"}}, "product: car"},
      {"no such site",
       {{"date", "2026-06-05"}, {"product", "bike"}, {"quantity", "1"}, {"site", "south"}},
       "site: south"},
      {"no such unit", {{"date", "2026-06-05"}, {"product", "bike"}, {"quantity", "1"}, {"unit", "ton"}}, "unit: ton"},
      {"not a multiple of the unit",
       {{"date", "2026-06-05"}, {"product", "bike"}, {"quantity", "1"}, {"unit", "third"}},
       "quantity: 1"},
      {"two readings of a date", {{"date", "03/04/2026"}, {"product", "bike"}, {"quantity", "1"}}, "date: 03/04/2026"},
      {"not a number", {{"date", "2026-06-05"}, {"product", "bike"}, {"quantity", "1e3"}}, "quantity: 1e3"},
      {"too much", {{"date", "2026-06-05"}, {"product", "bike"}, {"quantity", "1000000001"}}, "quantity: 1000000001"},
      {"a price without a currency",
       {{"date", "2026-06-05"}, {"product", "bike"}, {"quantity", "1"}, {"unit_price", "5"}},
       "currency: nothing"},
      {"a line that is none",
       {{"date", "2026-06-05"}, {"product", "bike"}, {"quantity", "1"}, {"line", "1.5"}},
       "line: 1.5"},
      {"a lot with a space",
       {{"date", "2026-06-05"}, {"product", "bike"}, {"quantity", "1"}, {"lot", "L 9"}},
       "lot: L 9"},
      {"outside the days", {{"date", "2026-07-01"}, {"product", "bike"}, {"quantity", "1"}}, "date: 2026-07-01"},
      {"a type of sale",
       {{"date", "2026-06-05"}, {"product", "bike"}, {"quantity", "1"}, {"sale_type", "USED"}},
       "sale_type: USED"},
  };
  for (const Case& c : cases) EXPECT_EQ(Outcome(NewProfile(), c.cells, kJune), c.outcome) << c.what;
}

TEST(RowReaderTest, ReadsByTheProfile) {
  ReportProfile profile = NewProfile();
  profile.columns = {{ReportField::kDate, "Datum", ""},
                     {ReportField::kProduct, "Artikel", ""},
                     {ReportField::kQuantity, "Menge", ""},
                     {ReportField::kUnit, "", "box"},
                     {ReportField::kSite, "Lager", "main"}};
  profile.date_format = "DD.MM.YYYY";
  profile.numbers = {.point = ',', .grouping = '.'};
  EXPECT_EQ(Outcome(profile, {{"Datum", "05.06.2026"}, {"Artikel", "bike"}, {"Menge", "1.000,5"}}, kJune),
            "SELL_THROUGH 2026-06-05 bike 12006 at main");
  // A cell that the file itself calls a number is plain, whatever the partner declares of texts.
  EXPECT_EQ(Outcome(profile, {{"Datum", "05.06.2026"}, {"Artikel", "bike"}, {"Menge", "1.5"}}, kJune, {"Menge"}),
            "SELL_THROUGH 2026-06-05 bike 18 at main");
  // An error names the column of the file.
  EXPECT_EQ(Outcome(profile, {{"Datum", "5/6/26"}, {"Artikel", "bike"}, {"Menge", "1"}}, kJune), "Datum: 5/6/26");
}

TEST(RowReaderTest, ReadsThePartnersWordsForUnits) {
  ReportProfile profile = NewProfile();
  profile.unit_codes = {{"EA", ""}, {"CA", "box"}, {"3RD", "third"}};
  const auto read = [&](const char* unit, const char* quantity) {
    return Outcome(profile, {{"date", "2026-06-05"}, {"product", "bike"}, {"quantity", quantity}, {"unit", unit}},
                   kJune);
  };
  EXPECT_EQ(read("EA", "7"), "SELL_THROUGH 2026-06-05 bike 7 at main");
  EXPECT_EQ(read("CA", "2"), "SELL_THROUGH 2026-06-05 bike 24 at main");
  EXPECT_EQ(read("box", "2"), "SELL_THROUGH 2026-06-05 bike 24 at main");
  EXPECT_EQ(read("3RD", "9"), "SELL_THROUGH 2026-06-05 bike 3 at main");
  EXPECT_EQ(read("3RD", "1"), "quantity: 1") << "no exact number of bikes";
  EXPECT_EQ(read("PK", "1"), "unit: PK");
}

TEST(RowReaderTest, KeepsTheQuantityAsItIsStated) {
  ReportProfile profile = NewProfile();
  profile.kind = ReportKind::kBoth;
  profile.unit_codes = {{"EA", ""}, {"CA", "box"}};
  ReportCoverage all = kJune;
  all.activities = Activities::All();
  for (const auto& [unit, activity, stated] :
       {std::tuple("CA", "SALE", "2 box"), std::tuple("box", "SALE", "2 box"), std::tuple("CA", "RETURN", "-2 box"),
        std::tuple("EA", "SALE", "0 "), std::tuple("each", "SALE", "0 "), std::tuple("", "SALE", "0 ")}) {
    const Cells cells = {
        {"activity", activity}, {"date", "2026-06-05"}, {"product", "bike"}, {"quantity", "2"}, {"unit", unit}};
    const ReadOutcome outcome = ReadRow(profile, RowTexts(profile, cells, {}), TestReferences(), all, 7);
    EXPECT_TRUE(outcome.errors.empty()) << unit;
    EXPECT_EQ(StrCat(outcome.content.unit_quantity.ToString(), " ", outcome.content.unit), stated) << unit;
  }
}

// No unit is so large that a row of it tells nothing, or another number.
TEST(RowReaderTest, RefusesMoreBaseUnitsThanThereMayBe) {
  References references = TestReferences();
  references.products["bike"].others = {{.id = "gross", .factor_num = 144},
                                        {.id = "world", .factor_num = 1000000000000}};
  const ReportProfile profile = NewProfile();
  for (const auto& [unit, quantity] : {std::pair("gross", "10000000"), std::pair("world", "1"),
                                       std::pair("world", "1000000000"), std::pair("world", "-1000000000")}) {
    const Cells cells = {{"date", "2026-06-05"}, {"product", "bike"}, {"quantity", quantity}, {"unit", unit}};
    const ReadOutcome outcome = ReadRow(profile, RowTexts(profile, cells, {}), references, kJune, 7);
    ASSERT_EQ(outcome.errors.size(), 1u) << quantity << " " << unit;
    EXPECT_EQ(outcome.errors[0].column, "quantity");
    EXPECT_EQ(outcome.errors[0].want, "at most 1000000000 each");
  }
}

TEST(RowReaderTest, LooksThePartnersCodesUpByTheDay) {
  ReportProfile profile = NewProfile();
  profile.partner_product_codes = profile.partner_site_codes = profile.partner_customer_codes = true;
  ReportCoverage summer = kJune;
  summer.to = Day("2026-07-31");
  EXPECT_EQ(
      Outcome(profile,
              {{"date", "2026-06-30"}, {"product", "B-1"}, {"quantity", "1"}, {"site", "N"}, {"end_customer", "C9"}},
              summer),
      "SELL_THROUGH 2026-06-30 bike 1 at north to customers/c9 in cn-50");
  EXPECT_EQ(Outcome(profile, {{"date", "2026-07-01"}, {"product", "B-1"}, {"quantity", "1"}}, summer),
            "SELL_THROUGH 2026-07-01 pump 1 at main");
  // Ours are not the partner's.
  EXPECT_EQ(
      Outcome(
          profile,
          {{"date", "2026-06-30"}, {"product", "bike"}, {"quantity", "1"}, {"site", "north"}, {"end_customer", "X"}},
          summer),
      "site: north; product: bike; end_customer: X");
  // Without a day it is not known what a code stands for, which is not to say that it stands for nothing.
  EXPECT_EQ(
      Outcome(profile, {{"date", "June"}, {"product", "B-1"}, {"quantity", "1"}, {"site", "N"}, {"end_customer", "C9"}},
              summer),
      "date: June");
}

TEST(RowReaderTest, TellsActivitiesApart) {
  ReportProfile profile = NewProfile();
  profile.kind = ReportKind::kBoth;
  profile.activity_codes = {{.code = "verkauft", .activity = Activity::kSellThrough},
                            {.code = "QS", .activity = Activity::kAdjusted}};
  ReportCoverage all = kJune;
  all.activities = Activities::All();
  const auto read = [&](const char* activity) {
    return Outcome(profile, {{"activity", activity}, {"date", "2026-06-05"}, {"product", "bike"}, {"quantity", "1"}},
                   all);
  };
  EXPECT_EQ(read("verkauft"), "SELL_THROUGH 2026-06-05 bike 1 at main");
  EXPECT_EQ(read("QS"), "ADJUSTED 2026-06-05 bike 1 at main");  // the partner's own meaning goes first
  EXPECT_EQ(read("QA"), "ON_HAND 2026-06-05 bike 1 at main");
  EXPECT_EQ(read("QR"), "RECEIVED 2026-06-05 bike 1 at main");
  EXPECT_EQ(read("QO"), "OUT_OF_STOCK 2026-06-05 bike 1 at main");
  EXPECT_EQ(read("QP"), "ON_ORDER 2026-06-05 bike 1 at main");
  EXPECT_EQ(read("QT"), "ADJUSTED 2026-06-05 bike 1 at main");
  EXPECT_EQ(read("TRANSFER"), "TRANSFERRED 2026-06-05 bike 1 at main");
  EXPECT_EQ(read("SCRAP"), "OTHER 2026-06-05 bike 1 at main");
  EXPECT_EQ(read("XX"), "activity: XX");
  EXPECT_EQ(read(""), "activity: nothing");
  // What the report does not cover is refused.
  all.activities = Activities::Of(Activity::kOnHand);
  EXPECT_EQ(read("verkauft"), "activity: verkauft");
}

TEST(RowReaderTest, TakesABoundaryOfStockAlone) {
  ReportProfile profile = NewProfile();
  profile.kind = ReportKind::kOnHand;
  ReportCoverage stock = kJune;
  stock.activities = Activities::Of(Activity::kOnHand);
  const auto read = [&](const char* boundary) {
    const Cells cells = {{"date", "2026-06-05"}, {"product", "bike"}, {"quantity", "-1"}, {"boundary", boundary}};
    return ReadRow(profile, RowTexts(profile, cells, {}), TestReferences(), stock, 1);
  };
  EXPECT_EQ(read("").content.boundary, Boundary::kAfterClosing);
  EXPECT_EQ(read("BEFORE_OPENING").content.boundary, Boundary::kBeforeOpening);
  EXPECT_EQ(read("noon").errors.size(), 1u);
}

TEST(ReportProfileTest, SaysWhatIsWrongWithIt) {
  ReportProfile profile = NewProfile();
  EXPECT_OK(CheckProfile(profile));
  profile.columns = {{ReportField::kDate, "d", ""}, {ReportField::kDate, "e", ""}, {ReportField::kLot, "", ""}};
  profile.activity_codes = {{.code = "S"}, {.code = "S"}};
  profile.unit_codes = {{.code = "EA"}, {.code = "S"}, {.code = "EA", .unit = "box"}};
  profile.delimiter = "\"";
  profile.date_format = "YY";
  profile.numbers = {.point = '.', .grouping = '.'};
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailOf(CheckProfile(profile)).violations) fields.push_back(violation.field);
  EXPECT_THAT(fields, ElementsAre("columns[1].field", "columns[2].column", "activity_codes[1].code",
                                  "unit_codes[2].code", "delimiter", "date_format", "grouping"));
}

TEST(RowReaderTest, AReturnGoesBackWhicheverWayItsSignIs) {
  ReportProfile profile = NewProfile();
  profile.kind = ReportKind::kBoth;
  ReportCoverage all = kJune;
  all.activities = Activities::All();
  for (const auto& [activity, quantity, outcome] :
       {std::tuple("RETURN", "3", "SELL_THROUGH 2026-06-05 bike -3 at main"),
        std::tuple("RETURN", "-3", "SELL_THROUGH 2026-06-05 bike -3 at main"),
        std::tuple("RETURN", "0", "SELL_THROUGH 2026-06-05 bike 0 at main"),
        std::tuple("SALE", "-3", "SELL_THROUGH 2026-06-05 bike -3 at main"),
        std::tuple("SALE", "3", "SELL_THROUGH 2026-06-05 bike 3 at main"),
        std::tuple("RETURN_TO_VENDOR", "3", "OTHER 2026-06-05 bike 3 at main")}) {
    EXPECT_EQ(
        Outcome(profile, {{"activity", activity}, {"date", "2026-06-05"}, {"product", "bike"}, {"quantity", quantity}},
                all),
        outcome);
  }
}

TEST(ReportProfileTest, ReadsAlikeWhateverTheOrderOfItsColumns) {
  ReportProfile a = NewProfile();
  a.columns = {{ReportField::kDate, "d", ""}, {ReportField::kProduct, "p", ""}};
  ReportProfile b = a;
  std::swap(b.columns[0], b.columns[1]);
  b.display_name = "another";
  EXPECT_EQ(ReadingOf(a), ReadingOf(b));
  b.columns[0].column = "q";
  EXPECT_NE(ReadingOf(a), ReadingOf(b));
}

TEST(ReportProfileTest, KnowsWhatEdiCallsItsColumns) {
  ReportProfile profile = NewProfile();
  profile.format = ReportFormat::kEdi852;
  EXPECT_EQ(MappingOf(profile, ReportField::kProduct).column, "product_code");
  EXPECT_EQ(MappingOf(profile, ReportField::kQuantity).column, "quantity");
}

TEST(CheckTermsTest, RefusesInOrder) {
  const Activities sold = Activities::Of(Activity::kSellThrough);
  const auto field = [](const absl::Status& status) {
    return status.ok() ? std::string() : DetailOf(status).violations.front().field;
  };
  EXPECT_EQ(field(CheckTerms(ReportMode::kSnapshot, kJune, false, true, sold)), "");
  EXPECT_EQ(field(CheckTerms(ReportMode::kSnapshot, kJune, true, false, sold)), "");
  ReportCoverage coverage = kJune;
  coverage.to = Day("2026-05-31");
  EXPECT_EQ(field(CheckTerms(ReportMode::kSnapshot, coverage, false, true, sold)), "coverage.to_date");
  coverage.to = coverage.from.AddDays(kMostDays);
  EXPECT_EQ(field(CheckTerms(ReportMode::kSnapshot, coverage, false, true, sold)), "coverage.to_date");
  EXPECT_EQ(field(CheckTerms(ReportMode::kSnapshot, kJune, false, true, Activities::Of(Activity::kOnHand))),
            "coverage.activities");
  coverage = kJune;
  coverage.sites.assign(kMostSites + 1, "x");
  EXPECT_EQ(field(CheckTerms(ReportMode::kSnapshot, coverage, false, true, sold)), "coverage.sites");
  EXPECT_EQ(field(CheckTerms(ReportMode::kAppend, kJune, true, false, sold)), "mode");
  EXPECT_EQ(field(CheckTerms(ReportMode::kSnapshot, kJune, true, true, sold)), "content");
  EXPECT_EQ(field(CheckTerms(ReportMode::kSnapshot, kJune, false, false, sold)), "content");
}

}  // namespace
}  // namespace tributary::inventory
