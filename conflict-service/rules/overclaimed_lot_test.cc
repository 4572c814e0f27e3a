#include "conflict-service/rules/overclaimed_lot.h"

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

LotTotals LotOf(int64_t shipped, const std::map<std::string, int64_t>& sold) {
  LotTotals lot{.product = "products/x", .lot = "L9", .shipped = D(shipped), .sold = {}, .last = {}};
  for (const auto& [partner, units] : sold) lot.sold.emplace(StrCat("partners/", partner), D(units));
  lot.last = *Date::Parse("2026-06-20");
  return lot;
}

TEST(OverclaimedLotTest, Table) {
  const struct {
    const char* what;
    LotTotals lot;
    bool found;
  } kTable[] = {
      {"more than were shipped", LotOf(100, {{"a", 70}, {"b", 31}}), true},
      {"all that were shipped", LotOf(100, {{"a", 70}, {"b", 30}}), false},
      {"one partner alone", LotOf(100, {{"a", 101}}), false},
      {"the other sold none in the end", LotOf(100, {{"a", 101}, {"b", 0}}), false},
      {"the other took more back than it sold", LotOf(100, {{"a", 101}, {"b", -1}}), false},
      {"nothing is known to be shipped", LotOf(0, {{"a", 1}, {"b", 1}}), false},
      {"all went back", LotOf(-5, {{"a", 1}, {"b", 1}}), false},
      {"three together", LotOf(10, {{"a", 4}, {"b", 4}, {"c", 4}}), true},
  };
  for (const auto& row : kTable) EXPECT_EQ(OverclaimedLot(row.lot).has_value(), row.found) << row.what;
}

TEST(OverclaimedLotTest, SaysHowManyAndWho) {
  const auto found = OverclaimedLot(LotOf(100, {{"a", 70}, {"b", 50}}));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->kind, FindingKind::kDuplicateSale);
  EXPECT_THAT(found->subjects, ElementsAre("partners/a", "partners/b", "products/x/lots/L9"));
  EXPECT_THAT(found->key, ElementsAre("products/x/lots/L9")) << "whoever sold of it";
  EXPECT_THAT(found->explanation,
              HasSubstr("100 units were shipped to the channel and 120 are reported sold, 20 too many: partners/a 70, "
                        "partners/b 50."));
  ASSERT_EQ(found->parties.size(), 2u);
  EXPECT_EQ(found->parties[1].units, D(50)) << "its own";
}

}  // namespace
}  // namespace tributary::conflict
