// Reports as the files that partners send: workbooks, EDI, and text in the encodings of spreadsheets. Every row is
// accounted for, names stay as they were written, and what is bad waits in the workbench until it is repaired.

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "inventory-service/formats/testing_zip.h"
#include "inventory-service/partner_reports/testing_partner_reports.h"
#include "tributary/inventory/v1/partner_code.pb.h"
#include "tributary/inventory/v1/unit_conversion.pb.h"
#include "unicode/unistr.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

using CellTexts = std::vector<std::pair<std::string, std::string>>;  // column, value

// Tests run in the root of the repository.
std::string GoldenFile(const std::string& name) {
  std::ifstream file("inventory-service/formats/testdata/" + name, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

std::string InEncoding(const char* encoding, const std::string& utf8) {
  const icu::UnicodeString text = icu::UnicodeString::fromUTF8(utf8);
  std::string out(static_cast<size_t>(text.length()) * 4 + 4, '\0');
  out.resize(
      static_cast<size_t>(text.extract(0, text.length(), out.data(), static_cast<uint32_t>(out.size()), encoding)));
  return out;
}

// A row of a workbook. A cell is a text, "#3" a number, "@46178" a day by its serial number, "!#N/A" what came of a
// formula.
std::string WorkbookRow(int number, const std::vector<std::string>& cells) {
  std::string xml = StrCat("<row r=\"", number, "\">");
  for (const std::string& cell : cells) {
    if (cell.empty()) {
      xml += "<c/>";
    } else if (cell[0] == '#') {
      StrAppend(&xml, "<c><v>", cell.substr(1), "</v></c>");
    } else if (cell[0] == '@') {
      StrAppend(&xml, "<c s=\"1\"><v>", cell.substr(1), "</v></c>");
    } else if (cell[0] == '!') {
      StrAppend(&xml, "<c t=\"e\"><v>", cell.substr(1), "</v></c>");
    } else {
      StrAppend(&xml, "<c t=\"inlineStr\"><is><t>", cell, "</t></is></c>");
    }
  }
  return xml + "</row>";
}

class ReportFormatsTest : public PartnerReportsTest {
 protected:
  void SayCode(const std::string& partner, v1::PartnerCode::Kind kind, const std::string& code,
               const std::string& target) {
    v1::CreatePartnerCodeRequest request;
    request.set_parent(StrCat("partners/", partner));
    request.mutable_partner_code()->set_kind(kind);
    request.mutable_partner_code()->set_code(code);
    request.mutable_partner_code()->set_target(target);
    *request.mutable_partner_code()->mutable_effective_from() = wire::ToProto(Date::Parse("2024-01-01").value());
    ASSERT_OK(inventory_.Call<v1::PartnerCode>("PartnerCodeService/CreatePartnerCode", request));
  }
  void MakeSiteWithCode(const std::string& partner, const std::string& id, const std::string& code) {
    MakeSite(partner, id);
    SayCode(partner, v1::PartnerCode::SITE, code, StrCat("partners/", partner, "/sites/", id));
  }
  // Columns and products by their Chinese names; knows no 汽车.
  void MakeChineseProfile(const std::string& partner, v1::ReportProfile::Format format, int header_row = 1) {
    v1::ReportProfile profile;
    profile.set_kind(v1::ReportProfile::SELL_THROUGH);
    profile.set_format(format);
    profile.set_default_profile(true);
    profile.set_header_row(header_row);
    profile.set_partner_product_codes(true);
    Map(v1::ReportProfile::DATE, "日期", &profile);
    Map(v1::ReportProfile::PRODUCT, "产品", &profile);
    Map(v1::ReportProfile::QUANTITY, "数量", &profile);
    Map(v1::ReportProfile::DOCUMENT, "单号", &profile);
    Map(v1::ReportProfile::LINE, "行号", &profile);
    Map(v1::ReportProfile::END_CUSTOMER, "客户", &profile);
    ASSERT_OK(MakeProfile(partner, profile));
    SayCode(partner, v1::PartnerCode::PRODUCT, "自行车", "products/bike");
    SayCode(partner, v1::PartnerCode::PRODUCT, "打气筒", "products/pump");
  }
  absl::StatusOr<v1::ReportRow> RepairCells(const std::string& row, const CellTexts& cells) {
    v1::RepairReportRowRequest request;
    request.set_name(row);
    for (const auto& [column, value] : cells) {
      v1::ReportCell& cell = *request.add_cells();
      cell.set_column(column);
      cell.set_value(value);
    }
    auto repaired = inventory_.Call<v1::ReportRow>("ReportRowService/RepairReportRow", request);
    CheckCounts();
    return repaired;
  }
  // "上海商店 3" of each of the partner's sales and reversals.
  std::multiset<std::string> Buyers(const std::string& partner) {
    std::multiset<std::string> buyers;
    for (const v1::SellThroughSale& sale : Sales()) {
      if (!sale.name().starts_with(StrCat("partners/", partner, "/"))) continue;
      buyers.insert(StrCat(sale.end_customer(), " ", sale.quantity().value()));
    }
    return buyers;
  }
};

TEST_F(ReportFormatsTest, EveryRowOfAWorkbookIsAccountedFor) {
  MakeChineseProfile("acme", v1::ReportProfile::XLSX, /*header_row=*/3);
  constexpr const char* kNames =
      "<si><t>日期</t></si><si><t>产品</t></si><si><t>数量</t></si><si><t>单号</t></si><si><t>行号</t></si>"
      "<si><r><t>客</t></r><r><t>户</t></r></si>";
  constexpr const char* kStyles = R"(<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>)";
  std::string head = StrCat(WorkbookRow(1, {"六月销售"}), "<row r=\"3\">");
  for (int i = 0; i < 6; ++i) StrAppend(&head, "<c t=\"s\"><v>", i, "</v></c>");
  head += "</row>";
  const std::string workbook =
      MakeWorkbook(StrCat(head, WorkbookRow(4, {"@46178", "自行车", "#3", "XS-001", "#1", "上海商店"}),
                          WorkbookRow(5, {"2026-06-06", "打气筒", "#2", "XS-001", "#2", "广州𠮷店"}),
                          WorkbookRow(6, {"@46180", "自行车", "!#N/A", "XS-002", "#1", "北京商店"}),
                          WorkbookRow(7, {"@46180", "汽车", "#2", "XS-002", "#2", "北京商店"}),
                          WorkbookRow(8, {"06/07/2026", "自行车", "三", "XS-003", "#1", "北京商店"}),
                          // Two equal sales.
                          WorkbookRow(9, {"@46182", "自行车", "#1", "", "", "上海商店"}),
                          WorkbookRow(10, {"@46182", "自行车", "#1", "", "", "上海商店"})),
                   kNames, kStyles);
  const auto upload = Upload("acme", "2026-06-01", "2026-06-30", 1, workbook);
  const auto first = Send(upload);
  ASSERT_OK(first);
  EXPECT_EQ(CountsOf(*first), "7 = 4 + 0 + 3 + 0 + 0");
  EXPECT_EQ(first->encoding(), "");
  EXPECT_THAT(Buyers("acme"), UnorderedElementsAre("上海商店 3", "广州𠮷店 2", "上海商店 1", "上海商店 1"));

  const auto row = [&](int number) { return StrCat(first->name(), "/rows/", number); };
  const std::vector<v1::ReportRow> bad = Rows(first->name(), "state = REJECTED");
  ASSERT_THAT(bad, SizeIs(3));
  EXPECT_EQ(bad[0].name(), row(6));
  EXPECT_EQ(bad[0].errors(0).column(), "数量");
  EXPECT_EQ(bad[0].errors(0).got(), "#N/A");
  EXPECT_EQ(bad[1].errors(0).column(), "产品");
  EXPECT_EQ(bad[1].errors(0).reason(), "REFERENCE_NOT_FOUND");
  EXPECT_THAT(bad[2].errors(), SizeIs(2));
  EXPECT_EQ(bad[2].raw(2).value(), "三");

  // What a formula came to is not in the file, so its row is written by hand.
  auto repaired = RepairCells(row(6), {{"日期", "2026-06-07"},
                                       {"产品", "自行车"},
                                       {"数量", "5"},
                                       {"单号", "XS-002"},
                                       {"行号", "1"},
                                       {"客户", "北京商店"}});
  ASSERT_OK(repaired);
  EXPECT_EQ(repaired->state(), v1::ReportRow::REPAIRED);
  EXPECT_EQ(repaired->content().end_customer(), "北京商店");
  SayCode("acme", v1::PartnerCode::PRODUCT, "汽车", "products/helmet");
  EXPECT_EQ(Retry(row(7))->state(), v1::ReportRow::ACCEPTED);
  EXPECT_EQ(RepairCells(row(8), {{"日期", "2026-06-08"}})->state(), v1::ReportRow::REJECTED);
  EXPECT_EQ(RepairCells(row(8), {{"数量", "4"}, {"客户", "深圳商店"}})->state(), v1::ReportRow::REPAIRED);
  EXPECT_EQ(CountsOf(Get(first->name())), "7 = 5 + 2 + 0 + 0 + 0");
  EXPECT_THAT(Buyers("acme"), UnorderedElementsAre("上海商店 3", "广州𠮷店 2", "上海商店 1", "上海商店 1", "北京商店 5",
                                                   "北京商店 2", "深圳商店 4"));
  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/main.bike=-14", "partners/acme/positions/main.helmet=-2",
                          "partners/acme/positions/main.pump=-2"));

  // Sent again it tells nothing new, and what was repaired stands.
  const auto again = Send(upload);
  ASSERT_OK(again);
  EXPECT_EQ(again->sha256(), first->sha256());
  EXPECT_EQ(CountsOf(*again), "7 = 0 + 0 + 2 + 5 + 0");
  EXPECT_EQ(CountsOf(Get(first->name())), "7 = 5 + 2 + 0 + 0 + 0");
  EXPECT_EQ(Sold(), Decimal::FromInt(18));

  // A higher revision of one row: all others give way.
  const auto corrected =
      Send(Upload("acme", "2026-06-01", "2026-06-30", 2,
                  MakeWorkbook(StrCat(head, WorkbookRow(4, {"@46178", "自行车", "#2", "XS-001", "#1", "上海商店"})),
                               kNames, kStyles)));
  ASSERT_OK(corrected);
  EXPECT_EQ(CountsOf(*corrected), "1 = 1 + 0 + 0 + 0 + 0");
  EXPECT_EQ(CountsOf(Get(first->name())), "7 = 0 + 0 + 0 + 0 + 7");
  EXPECT_EQ(CountsOf(Get(again->name())), "7 = 0 + 0 + 2 + 0 + 5");
  EXPECT_EQ(Sold(), Decimal::FromInt(2));
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(ReportFormatsTest, TextIsReadInTheEncodingOfItsProgram) {
  constexpr const char* kText =
      "日期,产品,数量,单号,行号,客户\n"
      "2026-06-05,自行车,3,XS-001,1,上海商店\n"
      "2026-06-06,打气筒,2,XS-001,2,广州𠮷店\n"
      "2026-06-07,汽车,1,XS-002,1,北京商店\n"
      "2026-06-07,自行车,5,XS-002,2,北京\x01店\n"
      "2026-06-09,自行车,1,,,上海商店\n"
      "2026-06-09,自行车,1,,,上海商店\n";
  const struct {
    const char* partner;
    const char* converter;
    const char* encoding;
    std::string mark;
    std::string stands_for;    // what \x01 is in this encoding
    std::string no_character;  // what is put there instead
  } kPrograms[] = {
      {"acme", "gb18030", "GB18030", "", "\x01", "\xFF"},
      {"bolt", "UTF-16LE", "UTF-16LE", "\xFF\xFE", std::string("\x01\0", 2), std::string("\0\xDC", 2)},
      {"cogs", "UTF-16BE", "UTF-16BE", "\xFE\xFF", std::string("\0\x01", 2), std::string("\xDC\0", 2)},
  };
  for (const auto& program : kPrograms) {
    SCOPED_TRACE(program.encoding);
    const std::string partner = program.partner;
    MakeChineseProfile(partner, v1::ReportProfile::CSV);
    std::string bytes = program.mark + InEncoding(program.converter, kText);
    const size_t at = bytes.find(program.stands_for);
    ASSERT_NE(at, std::string::npos);
    bytes.replace(at, program.stands_for.size(), program.no_character);
    const auto upload = Upload(partner, "2026-06-01", "2026-06-30", 1, bytes);
    const auto report = Send(upload);
    ASSERT_OK(report);
    EXPECT_EQ(CountsOf(*report), "6 = 4 + 0 + 2 + 0 + 0");
    EXPECT_EQ(report->encoding(), program.encoding);
    const std::vector<v1::ReportRow> bad = Rows(report->name(), "state = REJECTED");
    ASSERT_THAT(bad, SizeIs(2));
    EXPECT_EQ(bad[0].raw(1).value(), "汽车");
    EXPECT_EQ(bad[0].raw(5).value(), "北京商店");
    EXPECT_THAT(bad[1].raw(), IsEmpty());
    EXPECT_EQ(bad[1].errors(0).column(), "客户");
    EXPECT_EQ(bad[1].errors(0).want(), program.encoding);

    EXPECT_EQ(Repair(bad[0].name(), "产品", "打气筒")->state(), v1::ReportRow::REPAIRED);
    EXPECT_EQ(RepairCells(bad[1].name(), {{"日期", "2026-06-07"},
                                          {"产品", "自行车"},
                                          {"数量", "5"},
                                          {"单号", "XS-002"},
                                          {"行号", "2"},
                                          {"客户", "北京店"}})
                  ->state(),
              v1::ReportRow::REPAIRED);
    EXPECT_EQ(CountsOf(Get(report->name())), "6 = 4 + 2 + 0 + 0 + 0");
    EXPECT_THAT(Buyers(partner),
                UnorderedElementsAre("上海商店 3", "广州𠮷店 2", "北京商店 1", "北京店 5", "上海商店 1", "上海商店 1"));
    EXPECT_EQ(CountsOf(*Send(upload)), "6 = 0 + 0 + 2 + 4 + 0");
    EXPECT_EQ(CountsOf(Get(report->name())), "6 = 4 + 2 + 0 + 0 + 0");
  }
  EXPECT_EQ(Sold(), Decimal::FromInt(3 * 13));
  // A spreadsheet that saves the same rows otherwise tells nothing new.
  const auto utf8 = Send(Upload("acme", "2026-06-09", "2026-06-09", 1,
                                StrCat("\xEF\xBB\xBF",
                                       "日期,产品,数量,单号,行号,客户\n"
                                       "2026-06-09,自行车,1,,,上海商店\n2026-06-09,自行车,1,,,上海商店\n")));
  ASSERT_OK(utf8);
  EXPECT_EQ(CountsOf(*utf8), "2 = 0 + 0 + 0 + 2 + 0");
  EXPECT_EQ(utf8->encoding(), "UTF-8");
  EXPECT_EQ(utf8->disagreements(), 0);
}

TEST_F(ReportFormatsTest, EveryLineOfAResaleReportIsAccountedFor) {
  v1::ReportProfile profile;
  profile.set_kind(v1::ReportProfile::BOTH);
  profile.set_format(v1::ReportProfile::EDI_867);
  profile.set_default_profile(true);
  profile.set_encoding("GB18030");
  profile.set_partner_product_codes(true);
  profile.set_partner_site_codes(true);
  // No segment says which currency its prices are of.
  v1::ReportProfile::Column& currency = *profile.add_columns();
  currency.set_field(v1::ReportProfile::CURRENCY);
  currency.set_constant("USD");
  profile.add_unit_codes()->set_code("EA");
  ASSERT_OK(MakeProfile("bolt", profile));
  SayCode("bolt", v1::PartnerCode::PRODUCT, "BX-100", "products/bike");
  SayCode("bolt", v1::PartnerCode::PRODUCT, "BX-200", "products/helmet");
  SayCode("bolt", v1::PartnerCode::PRODUCT, "4006381333931", "products/pump");
  MakeSiteWithCode("bolt", "west", "BOLT-2");
  MakeSiteWithCode("bolt", "east", "BOLT-3");

  const std::string text = absl::StrReplaceAll(GoldenFile("resale.867"), {{"^91^C-17", "^91^上海商店"}});
  const auto upload = Upload("bolt", "2024-03-25", "2024-03-31", 1, InEncoding("gb18030", text));
  const auto first = Send(upload);
  ASSERT_OK(first);
  EXPECT_EQ(CountsOf(*first), "5 = 4 + 0 + 1 + 0 + 0");
  EXPECT_EQ(first->encoding(), "GB18030");
  const auto sale = [&](int line) {
    v1::GetSellThroughSaleRequest request;
    request.set_name(StrCat("partners/bolt/sales/R-2024-13.", line));
    const auto found = inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/GetSellThroughSale", request);
    EXPECT_OK(found);
    return found.ok() ? *found : v1::SellThroughSale();
  };
  const v1::SellThroughSale sold = sale(1);
  EXPECT_EQ(sold.end_customer(), "上海商店");
  EXPECT_EQ(sold.site(), "partners/bolt/sites/west");
  EXPECT_EQ(sold.lot(), "L9");
  EXPECT_EQ(sold.unit_price().currency_code(), "USD");
  EXPECT_EQ(sold.unit_price().units(), 24);
  EXPECT_EQ(wire::FromProto(sold.sale_date())->ToString(), "2024-03-26");
  EXPECT_EQ(sale(3).activity(), v1::SellThroughSale::RETURN);
  EXPECT_EQ(sale(3).quantity().value(), "-3");
  const auto transferred = Rows(first->name(), "activity = TRANSFERRED");
  ASSERT_THAT(transferred, SizeIs(1));
  EXPECT_EQ(transferred[0].content().site(), "partners/bolt/sites/east");
  EXPECT_EQ(transferred[0].fact(), "");
  EXPECT_THAT(inventory_.Positions(),
              UnorderedElementsAre("partners/bolt/positions/west.bike=3", "partners/bolt/positions/west.bike.L9=-10",
                                   "partners/bolt/positions/west.helmet=-1"));

  // Of what lies there it does not say when that was looked at.
  const auto bad = Rows(first->name(), "state = REJECTED");
  ASSERT_THAT(bad, SizeIs(1));
  EXPECT_EQ(bad[0].errors(0).column(), "date");
  const auto repaired = Repair(bad[0].name(), "date", "2024-03-31");
  ASSERT_OK(repaired);
  EXPECT_EQ(repaired->state(), v1::ReportRow::REPAIRED);
  EXPECT_EQ(repaired->content().activity(), v1::PartnerReport::ON_HAND);
  EXPECT_EQ(repaired->content().quantity().value(), "200");
  EXPECT_TRUE(repaired->fact().starts_with("partners/bolt/onHandReports/")) << repaired->fact();
  const auto again = Send(upload);
  ASSERT_OK(again);
  EXPECT_EQ(CountsOf(*again), "5 = 0 + 0 + 1 + 4 + 0");
  EXPECT_EQ(CountsOf(Get(first->name())), "5 = 4 + 1 + 0 + 0 + 0");

  // 8 were sold and not 10. What lies there has to be said again, for the correction covers it.
  const auto corrected =
      Send(Upload("bolt", "2024-03-25", "2024-03-31", 2,
                  InEncoding("gb18030", absl::StrReplaceAll(text, {{"QTY^32^10^EA", "QTY^32^8^EA"}}))));
  ASSERT_OK(corrected);
  EXPECT_EQ(CountsOf(*corrected), "5 = 1 + 0 + 1 + 3 + 0");
  EXPECT_EQ(CountsOf(Get(first->name())), "5 = 3 + 0 + 0 + 0 + 2");
  EXPECT_EQ(CountsOf(Get(again->name())), "5 = 0 + 0 + 1 + 3 + 1");
  EXPECT_THAT(inventory_.Positions(),
              UnorderedElementsAre("partners/bolt/positions/west.bike=3", "partners/bolt/positions/west.bike.L9=-8",
                                   "partners/bolt/positions/west.helmet=-1"));
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(ReportFormatsTest, EveryActivityOfAProductActivityReportIsAccountedFor) {
  v1::ReportProfile profile;
  profile.set_kind(v1::ReportProfile::BOTH);
  profile.set_format(v1::ReportProfile::EDI_852);
  profile.set_default_profile(true);
  profile.set_partner_product_codes(true);
  profile.set_partner_site_codes(true);
  Map(v1::ReportProfile::DATE, "period_to", &profile);
  v1::ReportProfile::Column& currency = *profile.add_columns();
  currency.set_field(v1::ReportProfile::CURRENCY);
  currency.set_constant("USD");
  profile.add_unit_codes()->set_code("EA");
  v1::ReportProfile::UnitCode& pack = *profile.add_unit_codes();
  pack.set_code("CA");
  pack.set_unit("case");
  ASSERT_OK(MakeProfile("acme", profile));
  SayCode("acme", v1::PartnerCode::PRODUCT, "012345678905", "products/bike");
  SayCode("acme", v1::PartnerCode::PRODUCT, "44-7", "products/pump");
  SayCode("acme", v1::PartnerCode::PRODUCT, "00012345678905", "products/helmet");
  MakeSiteWithCode("acme", "s7", "0007");
  MakeSiteWithCode("acme", "s12", "0012");
  MakeSiteWithCode("acme", "dc", "DC01");

  const auto upload = Upload("acme", "2024-03-25", "2024-03-31", 1, GoldenFile("activity.852"));
  const auto first = Send(upload);
  ASSERT_OK(first);
  EXPECT_EQ(CountsOf(*first), "10 = 8 + 0 + 2 + 0 + 0");
  const auto bad = Rows(first->name(), "state = REJECTED");
  ASSERT_THAT(bad, SizeIs(2));
  EXPECT_EQ(bad[0].errors(0).column(), "unit");  // nobody knows yet what a case of these is
  EXPECT_EQ(bad[0].errors(0).got(), "CA");
  EXPECT_EQ(bad[1].errors(0).got(), "KG");
  v1::CreateUnitConversionRequest box;
  box.set_parent("products/pump");
  box.set_unit_conversion_id("case");
  box.mutable_unit_conversion()->set_factor_num(12);
  ASSERT_OK(inventory_.Call<v1::UnitConversion>("UnitConversionService/CreateUnitConversion", box));
  const auto retried = Retry(bad[0].name());
  ASSERT_OK(retried);
  EXPECT_EQ(retried->state(), v1::ReportRow::ACCEPTED);
  EXPECT_EQ(retried->content().quantity().value(), "60");
  EXPECT_EQ(Repair(bad[1].name(), "unit", "EA")->state(), v1::ReportRow::REPAIRED);
  EXPECT_EQ(CountsOf(Get(first->name())), "10 = 9 + 1 + 0 + 0 + 0");
  // What consumers brought back (QU) is back; received, ordered and missing goods are no facts.
  EXPECT_THAT(inventory_.Positions(),
              UnorderedElementsAre("partners/acme/positions/dc.pump.L9=-2", "partners/acme/positions/main.helmet=0.5",
                                   "partners/acme/positions/s12.bike=-18", "partners/acme/positions/s7.bike=-12"));
  v1::GetSellThroughSaleRequest get;
  get.set_name("partners/acme/sales/000000417-417-0002.2");
  const auto returned = inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/GetSellThroughSale", get);
  ASSERT_OK(returned);
  EXPECT_EQ(returned->activity(), v1::SellThroughSale::RETURN);
  EXPECT_EQ(returned->quantity().value(), "-2");

  const auto again = Send(upload);
  ASSERT_OK(again);
  EXPECT_EQ(CountsOf(*again), "10 = 0 + 0 + 1 + 9 + 0");
  EXPECT_EQ(CountsOf(Get(first->name())), "10 = 9 + 1 + 0 + 0 + 0");
  EXPECT_TRUE(inventory_.Check()->balanced());
}

}  // namespace
}  // namespace tributary::inventory
