#include "cli/demo/sample.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "common/csv/csv_reader.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"

namespace tributary::cli {
namespace {

std::string Read(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<std::vector<std::string>> Rows(const std::string& text) {
  CsvReader reader(CsvReader::FromText(text));
  CsvRow row;
  std::vector<std::vector<std::string>> rows;
  while (reader.Next(&row)) {
    EXPECT_OK(row.status);
    rows.push_back(row.fields);
  }
  return rows;
}

TEST(SampleChannelTest, IsTheSameForTheSameSeedAndHasWhatItPromises) {
  const std::string one = ::testing::TempDir() + "/sample-1", two = ::testing::TempDir() + "/sample-2";
  ASSERT_OK(WriteSampleChannel(one, 1));
  ASSERT_OK(WriteSampleChannel(two, 2));
  const std::string sell_in = Read(one + "/sell_in.csv");
  EXPECT_NE(sell_in, Read(two + "/sell_in.csv"));
  ASSERT_OK(WriteSampleChannel(two, 1));
  for (const char* name : {"regions", "product_lines", "products", "prices", "partners", "sell_in", "direct_sales"}) {
    EXPECT_EQ(Read(StrCat(one, "/", name, ".csv")), Read(StrCat(two, "/", name, ".csv"))) << name;
  }

  const auto partners = Rows(Read(one + "/partners.csv"));
  EXPECT_EQ(partners.size(), 201u);
  bool chinese = false, english = false;
  for (const auto& partner : partners) {
    chinese = chinese || partner[1].find("有限") != std::string::npos;
    english = english || partner[1].find("Ltd.") != std::string::npos;
  }
  EXPECT_TRUE(chinese && english);

  const auto lines = Rows(sell_in);
  EXPECT_EQ(lines.size(), 20001u);
  std::set<std::string> keys;
  int returns = 0, back_dated = 0;
  std::string latest;
  for (size_t i = 1; i < lines.size(); ++i) {
    EXPECT_TRUE(keys.insert(StrCat(lines[i][1], "/", lines[i][2])).second) << lines[i][1] << " " << lines[i][2];
    if (!lines[i][10].empty()) ++returns;
    if (lines[i][4] < latest) ++back_dated;
    latest = std::max(latest, lines[i][4]);
  }
  EXPECT_GT(returns, 200);
  EXPECT_GT(back_dated, 10000);
  std::filesystem::remove_all(one);
  std::filesystem::remove_all(two);
}

}  // namespace
}  // namespace tributary::cli
