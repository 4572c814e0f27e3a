#include "cli/table_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "xlsxwriter.h"

namespace tributary::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Path(const std::string& name) { return ::testing::TempDir() + "/table_file_test_" + name; }
std::string Write(const std::string& name, std::string_view bytes) {
  const std::string path = Path(name);
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

// "2: a|b" for each row, "3! got, want" for a bad one; what is wrong with the file alone.
std::vector<std::string> Read(const std::string& path, const TableOptions& options = {}) {
  const auto table = TableFile::Open(path, options);
  if (!table.ok()) return {std::string(table.status().message())};
  EXPECT_EQ((*table)->sha256().size(), 64u);
  std::vector<std::string> lines;
  CsvRow row;
  while ((*table)->Next(&row)) {
    std::string line = StrCat(row.number, row.status.ok() ? ":" : "!");
    for (const std::string& field : row.fields) StrAppend(&line, line.back() == ':' ? " " : "|", field);
    if (!row.status.ok()) StrAppend(&line, " ", row.status.message());
    lines.push_back(std::move(line));
  }
  EXPECT_OK((*table)->status());
  EXPECT_EQ((*table)->percent(), 100);
  return lines;
}

TEST(TableFileTest, CsvInUtf8IsReadAsItStreamsBy) {
  EXPECT_THAT(Read(Write("a.csv", "p,q\nx,1\ny\nz,3\n")), ElementsAre("1: p|q", "2: x|1", HasSubstr("3! "), "4: z|3"));
  EXPECT_THAT(Read(Write("a.txt", "p;q\nx;1\n"), {.delimiter = ";"}), ElementsAre("1: p|q", "2: x|1"));
  EXPECT_THAT(Read(Path("none.csv")), ElementsAre(HasSubstr("cannot read the file")));
}

TEST(TableFileTest, CsvInAnyEncodingWhereSaid) {
  const std::string gb = "\xb2\xfa\xc6\xb7;\xca\xfd\xc1\xbf\n\xd7\xd4\xd0\xd0\xb3\xb5;3\n";  // 产品;数量 自行车;3
  EXPECT_THAT(Read(Write("gb.csv", gb), {.encoding = "GB18030"}), ElementsAre("0: 产品|数量", "2: 自行车|3"));
  EXPECT_THAT(Read(Write("gb.csv", gb), {.encoding = "auto"}), ElementsAre("0: 产品|数量", "2: 自行车|3"));
  const std::string utf16(
      "\xff\xfep\0,\0q\0\n\0x\0,\0"
      "1\0\n\0",
      16);
  EXPECT_THAT(Read(Write("utf16.csv", utf16), {.encoding = "auto"}), ElementsAre("0: p|q", "2: x|1"));
  EXPECT_THAT(Read(Write("gb.csv", gb), {.encoding = "latin-9"}), ElementsAre(HasSubstr("encoding")));
}

TEST(TableFileTest, WorkbooksAndJson) {
  const std::string path = Path("a.xlsx");
  lxw_workbook* workbook = workbook_new(path.c_str());
  lxw_format* date = workbook_add_format(workbook);
  format_set_num_format(date, "yyyy\\-mm\\-dd");
  lxw_worksheet* sheet = workbook_add_worksheet(workbook, "sales");
  worksheet_write_string(sheet, 0, 0, "day", nullptr);
  worksheet_write_string(sheet, 0, 1, "units", nullptr);
  lxw_datetime day = {2024, 2, 29, 0, 0, 0};
  worksheet_write_datetime(sheet, 1, 0, &day, date);
  worksheet_write_number(sheet, 1, 1, 1.5, nullptr);
  ASSERT_EQ(workbook_close(workbook), LXW_NO_ERROR);
  EXPECT_THAT(Read(path), ElementsAre("0: day|units", "2: 2024-02-29|1.5"));
  EXPECT_THAT(Read(path, {.sheet = "none"}), ElementsAre(HasSubstr("sheet")));
  EXPECT_THAT(Read(Write("a.json", R"([{"day": "2024-02-29", "units": 3}, {"day": [1]}])")),
              ElementsAre("0: day|units", "1: 2024-02-29|3", HasSubstr("2! day: ")));
  EXPECT_THAT(Read(path, {.format = "pdf"}), ElementsAre(HasSubstr("format: got 'pdf'")));
  EXPECT_THAT(Read(path, {.delimiter = ";;"}), ElementsAre(HasSubstr("delimiter")));
}

}  // namespace
}  // namespace tributary::cli
