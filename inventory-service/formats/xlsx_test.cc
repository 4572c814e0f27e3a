// Workbooks: those that libxlsxwriter writes, and those that nobody should.

#include <cstdio>
#include <fstream>
#include <functional>
#include <sstream>

#include "common/status/status_matchers.h"
#include "inventory-service/formats/testing_sheet.h"
#include "inventory-service/formats/testing_zip.h"
#include "inventory-service/formats/xlsx_styles.h"
#include "xlsxwriter.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The file that libxlsxwriter makes of what `fill` does.
std::string Written(const std::function<void(lxw_workbook*)>& fill) {
  const std::string path = ::testing::TempDir() + "/xlsx_test.xlsx";
  lxw_workbook* workbook = workbook_new(path.c_str());
  fill(workbook);
  EXPECT_EQ(workbook_close(workbook), LXW_NO_ERROR);
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  std::remove(path.c_str());
  return bytes.str();
}

std::vector<std::string> Xlsx(std::string_view bytes, const SheetOptions& options = {}) {
  return Read(ReportFormat::kXlsx, bytes, options);
}

TEST(XlsxTest, ReadsARealWorkbook) {
  const std::string bytes = Written([](lxw_workbook* workbook) {
    lxw_format* date = workbook_add_format(workbook);
    format_set_num_format(date, "yyyy\\-mm\\-dd");
    lxw_format* built_in_date = workbook_add_format(workbook);
    format_set_num_format_index(built_in_date, 14);
    lxw_format* money = workbook_add_format(workbook);
    format_set_num_format(money, "#,##0.00 \"RMB\";[Red]-#,##0.00");
    lxw_worksheet* cover = workbook_add_worksheet(workbook, "说明");
    worksheet_write_string(cover, 0, 0, "nothing here", nullptr);
    worksheet_hide(cover);
    lxw_worksheet* sheet = workbook_add_worksheet(workbook, "销售");
    worksheet_activate(sheet);
    const char* header[] = {"单据", "日期", "产品", "数量", "单价", "备注"};
    for (uint16_t i = 0; i < 6; ++i) worksheet_write_string(sheet, 0, i, header[i], nullptr);
    lxw_datetime day = {2024, 2, 29, 0, 0, 0};
    lxw_datetime moment = {2024, 12, 31, 23, 59, 59};
    worksheet_write_string(sheet, 1, 0, "00012", nullptr);
    worksheet_write_datetime(sheet, 1, 1, &day, date);
    worksheet_write_string(sheet, 1, 2, "A&B <1>", nullptr);
    worksheet_write_number(sheet, 1, 3, 3, nullptr);
    worksheet_write_number(sheet, 1, 4, 0.1, money);
    worksheet_write_datetime(sheet, 3, 1, &moment, built_in_date);
    worksheet_write_number(sheet, 3, 3, -1234567.891234, nullptr);
    worksheet_write_formula_num(sheet, 3, 4, "=0.1+0.2", money, 0.1 + 0.2);
    worksheet_write_boolean(sheet, 3, 5, 1, nullptr);
  });
  const auto sheet = ReadSheet(ReportFormat::kXlsx, bytes);
  EXPECT_THAT(Lines(sheet), ElementsAre("单据|日期|产品|数量|单价|备注", "2: 00012|#2024-02-29|A&B <1>|#3|#0.1|",
                                        "4: |#2024-12-31T23:59:59||#-1234567.891234|#0.3|true"));
  EXPECT_EQ(sheet->sheet, "销售");
  EXPECT_EQ(sheet->encoding, "");
  EXPECT_THAT(Xlsx(bytes, {.sheet = "说明"}), ElementsAre("nothing here"));
  EXPECT_THAT(Xlsx(bytes, {.sheet = "1"}), ElementsAre("nothing here"));
  EXPECT_THAT(Xlsx(bytes, {.sheet = "3"}),
              ElementsAre("sheet: got '3', want one of '说明', '销售', or a number up to 2"));
}

TEST(XlsxTest, ReadsWideAndLongSheets) {
  const std::string bytes = Written([](lxw_workbook* workbook) {
    lxw_worksheet* sheet = workbook_add_worksheet(workbook, nullptr);
    for (uint16_t column = 0; column < 40; ++column) {
      worksheet_write_string(sheet, 0, column, StrCat("c", column).c_str(), nullptr);
    }
    for (uint32_t row = 1; row <= 2000; ++row) {
      for (uint16_t column = 0; column < 40; ++column)
        worksheet_write_number(sheet, row, column, row * 40 + column, nullptr);
    }
  });
  const auto sheet = ReadSheet(ReportFormat::kXlsx, bytes);
  ASSERT_OK(sheet);
  ASSERT_EQ(sheet->rows.size(), 2000u);
  EXPECT_EQ(sheet->rows.back().number, 2001);
  EXPECT_EQ(sheet->rows.back().cells[39], "80039");
  EXPECT_THAT(Xlsx(bytes, {.limits = {.rows = 1999}}), ElementsAre("file: got 'more than 1999 rows', want fewer"));
}

constexpr const char* kHeader = R"(<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c>
  <c r="B1" t="inlineStr"><is><t xml:space="preserve"> b </t></is></c></row>)";

TEST(XlsxTest, ReadsEveryKindOfCell) {
  EXPECT_THAT(
      Xlsx(MakeWorkbook(
          StrCat(kHeader,
                 R"(<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c></row>
                    <row r="3"><c r="B3" t="str"><f>A1</f><v>x_x000A_y_x005F_</v></c></row>
                    <row><c><v>1</v></c><c><v>2.50</v></c></row>
                    <row r="9"><c r="B9" t="d"><v>2024-03-31</v></c><c r="A9" t="b"><v>0</v></c></row>
                    <row r="10"><c r="A10"/><c r="B10" t="n"><v>1.1000000000000001</v></c></row>
                    <row r="11"><c r="B11" t="inlineStr"><is><r><t>ri</t></r><r><t>ch</t></r><rPh><t>no</t></rPh></is></c></row>)"),
          R"(<si><t>shared</t></si><si><r><rPr/><t>two </t></r><r><t>runs</t></r><rPh sb="0" eb="1"><t>kana</t></rPh></si>)")),
      ElementsAre("a|b", "2: shared|two runs", "3: |x\ny_", "4: #1|#2.50", "9: false|#2024-03-31", "10: |#1.1",
                  "11: |rich"));
}

TEST(XlsxTest, ReadsDatesByTheirFormats) {
  const std::string styles =
      R"(<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>
         <numFmt numFmtId="165" formatCode="[h]:mm"/><numFmt numFmtId="166" formatCode="h:mm AM/PM"/></numFmts>
         <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
         <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs>)";
  const std::string rows =
      StrCat(kHeader, R"(<row r="2"><c r="A2" s="1"><v>45382</v></c><c r="B2" s="2"><v>45382.354166666664</v></c></row>
                  <row r="3"><c r="A3" s="3"><v>1.5</v></c><c r="B3" s="4"><v>0.5</v></c></row>
                  <row r="4"><c r="A4" s="1"><v>1</v></c><c r="B4" s="1"><v>59</v></c></row>
                  <row r="5"><c r="A5" s="1"><v>61</v></c><c r="B5" s="0"><v>45382</v></c></row>
                  <row r="6"><c r="A6" s="1"><v>60</v></c></row>
                  <row r="7"><c r="A7" s="1"><v>-1</v></c></row>
                  <row r="8"><c r="A8" s="1"><v>2958466</v></c><c r="B8" s="1"><v>2958465</v></c></row>)");
  EXPECT_THAT(
      Xlsx(MakeWorkbook(rows, "", styles)),
      ElementsAre("a|b", "2: #2024-03-31|#2024-03-31T08:30:00", "3: #1.5|#12:00:00", "4: #1900-01-01|#1900-02-28",
                  "5: #1900-03-01|#45382", "6 [a] got 60, want the serial number of a day",
                  "7 [a] got -1, want the serial number of a day",
                  "8 [a] got 2958466, want the serial number of a day"));
  const std::string of_1904 =
      StrCat(kHeader, R"(<row r="2"><c r="A2" s="1"><v>43920</v></c><c r="B2" s="1"><v>0</v></c></row>)");
  EXPECT_THAT(Xlsx(MakeWorkbook(of_1904, "", styles, R"(<workbookPr date1904="1"/>)")),
              ElementsAre("a|b", "2: #2024-03-31|#1904-01-01"));
}

TEST(XlsxTest, FormatsTellDates) {
  for (const char* date :
       {"yyyy-mm-dd", "m/d/yy", "d.m.", "mmm yy", "[$-409]d mmm yyyy;@", "yyyy\"年\"m\"月\"", "dddd"}) {
    EXPECT_EQ(KindOfFormat(date), NumberKind::kDate) << date;
  }
  for (const char* time : {"h:mm", "mm:ss.0", "h:mm AM/PM", "hh\"时\"mm\"分\""}) {
    EXPECT_EQ(KindOfFormat(time), NumberKind::kTime) << time;
  }
  for (const char* number :
       {"General", "0.00E+00", "#,##0", "@", "0\" days\"", "[Red]0", "[h]:mm:ss", "\\d0", "", "\"", "["}) {
    EXPECT_EQ(KindOfFormat(number), NumberKind::kNumber) << number;
  }
}

TEST(XlsxTest, NumbersAreNeverRoundedButAsTheSpreadsheetShowsThem) {
  struct Row {
    const char* text;
    bool computed;
    const char* number;
  };
  for (const Row& row :
       {Row{"0.1", false, "0.1"}, Row{"0.10", false, "0.10"}, Row{"1.1000000000000001", false, "1.1"},
        Row{"0.30000000000000004", false, "0.30000000000000004"}, Row{"0.30000000000000004", true, "0.3"},
        Row{"12345678901234567890", false, "12345678901234567890"}, Row{"1E-3", false, "0.001"},
        Row{"9.9999999999999995E-8", false, "0.0000001"}, Row{"123456789012345.12", true, "123456789012345"},
        Row{"1.5E+300", false, "1.5E+300"}, Row{"-0.5", false, "-0.5"}, Row{"1e400", false, "1e400"}}) {
    EXPECT_EQ(CellNumber(row.text, row.computed), row.number) << row.text;
  }
  for (const char* bad : {"", "1,5", "nan", "inf", "0x10", "1e", "+1", " 1"})
    EXPECT_EQ(CellNumber(bad, false), std::nullopt);
}

TEST(XlsxTest, BadCellsAreProblemsOfTheirRows) {
  EXPECT_THAT(
      Xlsx(MakeWorkbook(StrCat(kHeader, R"(<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2"><v>1,5</v></c></row>
                              <row r="3"><c r="A3" t="s"><v>7</v></c></row><row r="4"><c r="C4"><v>7</v></c></row>
                              <row r="5"><c r="A5"><f>1+1</f></c></row><row r="6"><c r="A6"><v>1</v></c></row>
                              <row r="7"><c r="A7"><v>1</v></c><c r="A7"><v>2</v></c></row>)"))),
      ElementsAre("a|b", "6: #1|", "2 [a] got #N/A, want a value", "2 [b] got 1,5, want a number",
                  "3 [a] got shared string 7, want one of 0",
                  "4 [C] got 7, want no value beyond the header, which ends with column B",
                  "5 [a] got a formula without its value, want a workbook that was saved with its values",
                  "7 [a] got 2, want one cell in a place"));
}

TEST(XlsxTest, FindsTheHeader) {
  const std::string bytes = MakeWorkbook(R"(<row r="2"><c r="B2" t="e"><v>#REF!</v></c></row>
    <row r="3"><c r="A3" t="str"><v>sku</v></c><c r="B3"><v>2024</v></c></row><row r="4"><c r="B4"><v>1</v></c></row>)");
  EXPECT_THAT(Xlsx(bytes, {.header_row = 3}), ElementsAre("sku|2024", "4: |#1"));
  EXPECT_THAT(Xlsx(bytes), ElementsAre(HasSubstr("an empty row 1")));
  EXPECT_THAT(Xlsx(bytes, {.header_row = 2}), ElementsAre(HasSubstr("header_row: got '#REF! in column B'")));
  EXPECT_THAT(Xlsx(bytes, {.header_row = 9}), ElementsAre(HasSubstr("the end of the sheet before row 9")));
}

TEST(XlsxTest, RefusesWhatIsNoWorkbook) {
  EXPECT_THAT(Xlsx("a,b\n"), ElementsAre("file: got 'a,b\\x0a', want a workbook (.xlsx)"));
  EXPECT_THAT(Xlsx("\xD0\xCF\x11\xE0\xA1\xB1"), ElementsAre(HasSubstr("before 2007, or one with a password")));
  EXPECT_THAT(Xlsx(ZipWriter().Add("a.txt", "x").Finish()), ElementsAre(HasSubstr("no part _rels/.rels")));
  EXPECT_THAT(Xlsx(MakeWorkbook("<row r=\"1\"><c></row>")), ElementsAre(HasSubstr("mismatched tag")));
  EXPECT_THAT(Xlsx(MakeWorkbook(StrCat(kHeader, "<row r=\"2\"/><row r=\"2\"/>"))),
              ElementsAre(HasSubstr("row '2' behind row 2")));
  EXPECT_THAT(Xlsx(MakeWorkbook("<row r=\"9999999\"/>")), ElementsAre(HasSubstr("row '9999999' behind row 0")));
  EXPECT_THAT(Xlsx(MakeWorkbook("<row r=\"1\"><c r=\"ZZZ1\"><v>1</v></c></row>")),
              ElementsAre(HasSubstr("the cell 'ZZZ1'")));
}

TEST(XlsxTest, ReadsNoEntities) {
  const std::string evil =
      "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a SYSTEM "
      "\"file:///etc/hostname\">]><Relationships>&a;</Relationships>";
  EXPECT_THAT(Xlsx(ZipWriter().Add("_rels/.rels", evil).Finish()),
              ElementsAre("file: got 'a document type in _rels/.rels', want none: entities are not read"));
}

TEST(XlsxTest, BoundsWhatAFileCosts) {
  // One long shared string in very many cells.
  std::string rows = kHeader;
  for (int row = 2; row < 4000; ++row)
    StrAppend(&rows, "<row r=\"", row, "\"><c r=\"A", row, "\" t=\"s\"><v>0</v></c></row>");
  const std::string strings = StrCat("<si><t>", std::string(30'000, 'x'), "</t></si>");
  EXPECT_THAT(Xlsx(MakeWorkbook(rows, strings), {.limits = {.unpacked_bytes = 10 << 20}}),
              ElementsAre(HasSubstr("more than 10485760 bytes in its cells")));
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<x>";
  EXPECT_THAT(Xlsx(MakeWorkbook(deep)), ElementsAre(HasSubstr("nested deeper than 64")));
  EXPECT_THAT(
      Xlsx(MakeWorkbook(StrCat("<!-- ", std::string(3 << 20, 'y'), " -->")), {.limits = {.packing_ratio = 100'000}}),
      ElementsAre(HasSubstr("more than 1048576 bytes that say nothing")));
  // A row at the end of a sheet costs nothing for those before it.
  EXPECT_THAT(Xlsx(MakeWorkbook(StrCat(kHeader, "<row r=\"1048576\"><c r=\"B1048576\"><v>1</v></c></row>"))),
              ElementsAre("a|b", "1048576: |#1"));
}

}  // namespace
}  // namespace tributary::inventory
