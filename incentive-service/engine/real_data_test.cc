// The engine on AdventureWorks' reseller lines: a quarterly rebate on net amount by order date, tiers from 0 at 1 %,
// from 20,000 at 2 %, from 60,000 at 3.5 %. The totals were computed independently of this code.

#include "tests/real_data/real_data.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/money/money.h"
#include "common/status/status_matchers.h"
#include "common/time/date.h"
#include "incentive-service/engine/evaluation.h"
#include "incentive-service/engine/shares.h"

namespace tributary::incentive {
namespace {

// The file quotes nothing, so a comma always ends a field.
std::vector<std::string_view> Fields(std::string_view row) {
  std::vector<std::string_view> fields;
  for (size_t begin = 0; begin <= row.size();) {
    const size_t end = std::min(row.find(',', begin), row.size());
    fields.push_back(row.substr(begin, end - begin));
    begin = end + 1;
  }
  return fields;
}

class RealDataTest : public ::testing::Test {
 protected:
  struct Line {
    LineKey key;
    Decimal net;
  };
  using Group = std::pair<std::string, std::string>;  // reseller, quarter

  static void SetUpTestSuite() {
    std::ifstream file(testing_support::RealDataFolder() + "/adventureworks_dw/reseller_order_lines.csv");
    ASSERT_TRUE(file.is_open());
    std::string row;
    std::getline(file, row);
    const std::vector<std::string_view> header = Fields(row);
    const auto column = [&](std::string_view name) {
      return static_cast<size_t>(std::find(header.begin(), header.end(), name) - header.begin());
    };
    const size_t document = column("SalesOrderNumber"), line = column("SalesOrderLineNumber"),
                 order_date = column("OrderDate"), reseller = column("ResellerKey"), net = column("SalesAmount");
    groups_ = new std::map<Group, std::vector<Line>>;
    for (std::string text; std::getline(file, text);) {
      ASSERT_EQ(text.find('"'), std::string::npos);
      const std::vector<std::string_view> fields = Fields(text);
      ASSERT_OK_AND_ASSIGN(const Date date, Date::Parse(fields.at(order_date)));
      ASSERT_OK_AND_ASSIGN(const Decimal amount, Decimal::Parse(fields.at(net)));
      (*groups_)[{std::string(fields.at(reseller)), QuarterId(date)}].push_back(
          {{date, std::string(fields.at(document)), std::stoll(std::string(fields.at(line))), ""}, amount});
    }
  }
  static void TearDownTestSuite() { delete groups_; }

  static std::string Total(Shape shape, Rounding rounding) {
    const Terms terms{{shape,
                       Bound::kFrom,
                       {{Decimal(), *Decimal::Parse("0.01")},
                        {Decimal::FromInt(20000), *Decimal::Parse("0.02")},
                        {Decimal::FromInt(60000), *Decimal::Parse("0.035")}}},
                      "USD",
                      rounding};
    int64_t total = 0;
    for (auto& [group, lines] : *groups_) {
      Decimal sum;
      for (const Line& line : lines) sum += line.net;
      const absl::StatusOr<Evaluation> evaluation = Evaluate(terms, sum);
      EXPECT_OK(evaluation);
      total += evaluation->minor;

      std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.key < b.key; });
      std::vector<Decimal> amounts;
      for (const Line& line : lines) amounts.push_back(line.net);
      int64_t shared = 0;
      for (int64_t share : ShareOut(evaluation->minor, amounts)) shared += share;
      EXPECT_EQ(shared, evaluation->minor) << group.first << " " << group.second;
    }
    return FormatMinorUnits(total, "USD");
  }

  static std::map<Group, std::vector<Line>>* groups_;
};
std::map<RealDataTest::Group, std::vector<RealDataTest::Line>>* RealDataTest::groups_ = nullptr;

TEST_F(RealDataTest, GivesTheKnownTotals) {
  EXPECT_EQ(groups_->size(), 3742u);
  size_t lines = 0;
  Decimal net;
  for (const auto& [group, members] : *groups_) {
    lines += members.size();
    for (const Line& line : members) net += line.net;
  }
  EXPECT_EQ(lines, 60855u);
  EXPECT_EQ(net.ToString(), "80450596.9823");
  EXPECT_EQ(Total(Shape::kMarginal, Rounding::kHalfEven), "1328342.98");
  EXPECT_EQ(Total(Shape::kRetroactive, Rounding::kHalfEven), "1935042.98");
}

// How a half cent is rounded shows in the total.
TEST_F(RealDataTest, TheRoundingModeIsVisible) {
  EXPECT_EQ(Total(Shape::kMarginal, Rounding::kHalfUp), "1328343.00");
  EXPECT_EQ(Total(Shape::kRetroactive, Rounding::kHalfUp), "1935043.00");
}

}  // namespace
}  // namespace tributary::incentive
