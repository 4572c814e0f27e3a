#include "cli/output.h"

#include <gtest/gtest.h>

#include <sstream>

namespace tributary::cli {
namespace {

TEST(OutputTest, ATableOfNothingIsEmptyAndSaidInWords) {
  std::ostringstream table, csv, json;
  PrintMessages({}, table, Format::kTable);
  PrintMessages({}, csv, Format::kCsv);
  PrintMessages({}, json, Format::kJson);
  EXPECT_EQ(table.str(), "");
  EXPECT_EQ(csv.str(), "");
  EXPECT_EQ(json.str(), "[]\n");
  EXPECT_EQ(NothingIn("partners/aw-1/orders", ""), "nothing in partners/aw-1/orders");
  EXPECT_EQ(NothingIn("partners", "state = ACTIVE"), "nothing in partners matches state = ACTIVE");
}

}  // namespace
}  // namespace tributary::cli
