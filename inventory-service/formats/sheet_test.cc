// CSV and JSON, and what all formats share.

#include "inventory-service/formats/sheet.h"

#include "common/status/status_matchers.h"
#include "inventory-service/formats/sheet_builder.h"
#include "inventory-service/formats/testing_sheet.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Csv(std::string_view bytes, const SheetOptions& options = {}) {
  return Read(ReportFormat::kCsv, bytes, options);
}
std::vector<std::string> Json(std::string_view bytes, const SheetOptions& options = {}) {
  return Read(ReportFormat::kJson, bytes, options);
}

TEST(CsvSheetTest, Reads) {
  EXPECT_THAT(Csv("a,b\n1,x\n2,\"y,z\"\n"), ElementsAre("a|b", "2: 1|x", "3: 2|y,z"));
  EXPECT_THAT(Csv("\xEF\xBB\xBF a , \xE3\x80\x80"
                  "b\r\n 1 ,x\r\n"),
              ElementsAre("a|b", "2:  1 |x"));
  // Rows without any value are none; the numbers stay.
  EXPECT_THAT(Csv("a,b\n,\n1,x\n , \n2,y\n"), ElementsAre("a|b", "3: 1|x", "5: 2|y"));
  // Spreadsheets write delimiters behind the last column.
  EXPECT_THAT(Csv("a,b,,\n1,x,,\n2,y\n"), ElementsAre("a|b", "2: 1|x", "3: 2|y"));
}

TEST(CsvSheetTest, FindsTheDelimiter) {
  EXPECT_THAT(Csv("a;b\n1;x,y\n"), ElementsAre("a|b", "2: 1|x,y"));
  EXPECT_THAT(Csv("a\tb\n1\tx\n"), ElementsAre("a|b", "2: 1|x"));
  EXPECT_THAT(Csv("a|b\n1|x\n"), ElementsAre("a|b", "2: 1|x"));
  EXPECT_THAT(Csv("\"a,b,c\";d\n1;x\n"), ElementsAre("a,b,c|d", "2: 1|x"));
  EXPECT_THAT(Csv("a\n1\n"), ElementsAre("a", "2: 1"));
  EXPECT_THAT(Csv("a,b;c\n1;2\n", {.delimiter = ';'}), ElementsAre("a,b|c", "2: 1|2"));
  EXPECT_THAT(Csv("a\n", {.delimiter = '/'}), ElementsAre("delimiter: got '/', want one of , ; tab |"));
}

TEST(CsvSheetTest, PassesOverRowsAboveTheHeader) {
  const SheetOptions third{.header_row = 3};
  EXPECT_THAT(Csv("Sales of March;;\n\"bad\"x\na;b;c\n1;2;3\n", third), ElementsAre("a|b|c", "4: 1|2|3"));
  EXPECT_THAT(Csv("a\nb\n", third),
              ElementsAre("header_row: got 'the end of the file before row 3', want a row that names the columns"));
  EXPECT_THAT(Csv("a,b\n", {.header_row = 0}), ElementsAre("header_row: got '0', want 1 or more"));
}

TEST(CsvSheetTest, BadRowsAreProblemsAndTheOthersAreRead) {
  EXPECT_THAT(Csv("a,b\n1,渠成\n2\n3,y,z\n4,\"w\"v\n5,\xC3\n6,u\n"),
              ElementsAre("a|b", "2: 1|渠成", "7: 6|u", "3 [] got 1 fields, want 2 as in the header",
                          "4 [] got z in column C, want no value beyond the header, which ends with column B",
                          "5 [b] got 'v' behind a closing quotation mark, want a delimiter or the end of the row; a "
                          "quotation mark in a field is doubled",
                          "6 [b] got \\xc3, want UTF-8"));
}

TEST(CsvSheetTest, TellsTheEncoding) {
  // "产品,数量" and "渠成,5" in GB18030.
  const auto sheet = ReadSheet(ReportFormat::kCsv, "\xB2\xFA\xC6\xB7,\xCA\xFD\xC1\xBF\n\xC7\xFE\xB3\xC9,5\n\xFF,6\n");
  EXPECT_THAT(Lines(sheet), ElementsAre("产品|数量", "2: 渠成|5", "3 [产品] got \\xff, want GB18030"));
  EXPECT_EQ(sheet->encoding, "GB18030");
  EXPECT_EQ(sheet->delimiter, ',');
  EXPECT_EQ(sheet->ColumnOf("数量"), 1);
  EXPECT_EQ(sheet->ColumnOf("客户"), -1);
}

TEST(CsvSheetTest, RefusesFilesThatHaveNoTable) {
  EXPECT_THAT(Csv(""), ElementsAre("file: got 'no bytes', want a file"));
  EXPECT_THAT(Csv("\n\n"),
              ElementsAre("header_row: got 'the end of the file before row 1', want a row that names the columns"));
  EXPECT_THAT(Csv(",,\n1,2,3\n"),
              ElementsAre("header_row: got 'row 1 without any value', want a row that names the columns"));
  EXPECT_THAT(Csv("qty,b, qty\n"),
              ElementsAre("header_row: got 'qty in the columns A and C', want columns of different names"));
  EXPECT_THAT(Csv("a,,b\n1,2,3\n"), ElementsAre("a||b", "2: 1|2|3"));
}

TEST(CsvSheetTest, KeepsItsLimits) {
  EXPECT_THAT(ReadSheet(ReportFormat::kCsv, "a\n12345\n", {.limits = {.bytes = 7}}),
              HasReason(Reason::kPayloadTooLarge));
  EXPECT_THAT(Csv("a\n1\n2\n3\n", {.limits = {.rows = 2}}), ElementsAre("file: got 'more than 2 rows', want fewer"));
  EXPECT_THAT(Csv("a,b\n1,2\n3,4\n", {.limits = {.cells = 3}}),
              ElementsAre("file: got 'more than 3 cells', want fewer"));
  EXPECT_THAT(Csv("a,b\n", {.limits = {.columns = 1}}), ElementsAre("header_row: got '2 columns', want at most 1"));
  EXPECT_THAT(Csv("a\n1234\n5\n", {.limits = {.cell_bytes = 3}}),
              ElementsAre("a", "3: 5", "2 [a] got more than 3 bytes, want a shorter field"));
  EXPECT_THAT(
      Csv("a,b\n1\n2\n", {.limits = {.problems = 1}}),
      ElementsAre("file: got 'more than 1 problems, the first in row 2 : 1 fields', want a file of the declared "
                  "format; there: 2 as in the header"));
}

TEST(JsonSheetTest, Reads) {
  EXPECT_THAT(Json(R"([{"sku": "A-1", "qty": 0.10, "ok": true}, {"qty": -3, "note": null, "渠": "成"}])"),
              ElementsAre("sku|qty|ok|note|渠", "1: A-1|#0.10|true||", "2: |#-3|||成"));
  EXPECT_THAT(Json(R"({"rows": [{"a": 1.5e3}, {"a": 12345678901234567890.123456}, {"a": 1E-7}, {"a": 1e99}]})"),
              ElementsAre("a", "1: #1500", "2: #12345678901234567890.123456", "3: #0.0000001", "4: #1e99"));
  EXPECT_THAT(Json("[]"), ElementsAre(""));
  EXPECT_THAT(Json("[{}, {\"a\": \" \"}, {\"a\": 1}]"), ElementsAre("a", "3: #1"));
}

TEST(JsonSheetTest, BadObjectsAreProblems) {
  EXPECT_THAT(Json(R"([{"a": 1}, 5, {"a": [1]}, {"a": 2, "b": {"c": 1}}, {"a": 3}])"),
              ElementsAre("a|b", "1: #1|", "5: #3|", "2 [] got a number, want an object",
                          "3 [a] got an array, want a text, a number, a truth value or null",
                          "4 [b] got an object, want a text, a number, a truth value or null"));
}

TEST(JsonSheetTest, RefusesWhatIsNoTable) {
  EXPECT_THAT(Json("5"), ElementsAre("file: got 'a number', want an array of objects, or an object whose one member is "
                                     "such an array"));
  EXPECT_THAT(ReadSheet(ReportFormat::kJson, "[{'a': 1}]"), HasReason(Reason::kMalformedJson));
  EXPECT_THAT(ReadSheet(ReportFormat::kJson, "[{\"a\": 1, \"a\": 2}]"), HasReason(Reason::kMalformedJson));
  EXPECT_THAT(Json("[{\"a\": 1}, {\"b\": 2}]", {.limits = {.columns = 1}}),
              ElementsAre("file: got 'more than 1 columns', want fewer"));
}

TEST(SheetTest, PlainNumbers) {
  EXPECT_EQ(PlainNumber("12.50"), "12.50");
  EXPECT_EQ(PlainNumber("1.5E+3"), "1500");
  EXPECT_EQ(PlainNumber("-1.25e1"), "-12.5");
  EXPECT_EQ(PlainNumber("1E-3"), "0.001");
  EXPECT_EQ(PlainNumber("123.4e-2"), "1.234");
  EXPECT_EQ(PlainNumber("0e5"), "0");
  EXPECT_EQ(PlainNumber("1e41"), "1e41");
  EXPECT_EQ(PlainNumber("1e"), "1e");
  EXPECT_EQ(PlainNumber("e1"), "e1");
}

TEST(SheetTest, ColumnLetters) {
  EXPECT_EQ(ColumnLetters(0), "A");
  EXPECT_EQ(ColumnLetters(25), "Z");
  EXPECT_EQ(ColumnLetters(26), "AA");
  EXPECT_EQ(ColumnLetters(16383), "XFD");
}

}  // namespace
}  // namespace tributary::inventory
