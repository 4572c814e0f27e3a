#include "conflict-service/remedies/price_action.h"

#include <algorithm>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"

namespace tributary::conflict {
namespace {

PriceRule Rule() {
  return {.name = "priceRules/bike",
          .product = "products/bike",
          .regions = {"regions/cn"},
          .currency = "CNY",
          .floor = Decimal::FromInt(80),
          .advertised = Decimal::FromInt(100),
          .days = {Day("2026-01-01"), Day("2027-01-01")}};
}

PriceObservation Seen(const char* id, const char* date, int64_t price, const char* region = "regions/cn-44") {
  return {.name = StrCat("priceObservations/", id),
          .partner = "partners/acme",
          .product = "products/bike",
          .price = {"CNY", Decimal::FromInt(price)},
          .region = region,
          .date = Day(date)};
}

TEST(PriceActionTest, TheFirstPriceSinceItIsDueDecides) {
  const RegionTree tree =
      RegionTree::FromParents({{"regions/cn", ""}, {"regions/cn-44", "regions/cn"}, {"regions/us", ""}});
  const PriceAction action{.price_rule = "priceRules/bike", .due_on = Day("2026-07-01")};
  PriceObservation withdrawn = Seen("gone", "2026-07-01", 50);
  withdrawn.withdraw_time = absl::UnixEpoch();
  PriceObservation dollars = Seen("dollars", "2026-07-01", 50);
  dollars.price.currency = "USD";
  const struct {
    const char* what;
    std::vector<PriceObservation> seen;
    FollowedUp want;
  } kTable[] = {
      {"none", {}, {}},
      {"before it is due", {Seen("a", "2026-06-30", 50)}, {}},
      {"on the day", {Seen("a", "2026-07-01", 100)}, {FollowUp::kKept, "priceObservations/a"}},
      {"below", {Seen("a", "2026-07-01", 99)}, {FollowUp::kBroken, "priceObservations/a"}},
      {"kept first, broken later",
       {Seen("b", "2026-07-09", 90), Seen("a", "2026-07-05", 100)},
       {FollowUp::kKept, "priceObservations/a"}},
      {"broken first, kept later",
       {Seen("b", "2026-07-09", 100), Seen("a", "2026-07-05", 90)},
       {FollowUp::kBroken, "priceObservations/a"}},
      {"withdrawn", {withdrawn}, {}},
      {"another region", {Seen("a", "2026-07-01", 50, "regions/us")}, {}},
      {"another currency", {dollars}, {}},
  };
  for (const auto& row : kTable) {
    SCOPED_TRACE(row.what);
    std::vector<PriceObservation> seen = row.seen;
    EXPECT_EQ(FollowUpOf(action, Rule(), seen, tree), row.want);
    std::reverse(seen.begin(), seen.end());
    EXPECT_EQ(FollowUpOf(action, Rule(), seen, tree), row.want) << "in any order";
  }
}

}  // namespace
}  // namespace tributary::conflict
