#include "common/csv/csv_writer.h"

#include "gtest/gtest.h"

namespace tributary {
namespace {

std::string Written(const std::vector<std::string>& fields, char delimiter = ',') {
  std::string out;
  AppendCsvRow(&out, fields, delimiter);
  return out;
}

TEST(CsvWriterTest, QuotesWhatNeedsIt) {
  EXPECT_EQ(Written({"a", "b c", "渠成", ""}), "a,b c,渠成,\n");
  EXPECT_EQ(Written({"a,b", "say \"x\"", "two\nlines", "cr\r"}), "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"cr\r\"\n");
  EXPECT_EQ(Written({""}), "\"\"\n");
  EXPECT_EQ(Written({"", ""}), ",\n");
  EXPECT_EQ(Written({"a,b", "c;d"}, ';'), "a,b;\"c;d\"\n");
}

}  // namespace
}  // namespace tributary
