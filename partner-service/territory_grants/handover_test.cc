#include "partner-service/territory_grants/handover.h"

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

const absl::Time kLater = kNow + absl::Hours(1);

TerritoryGrant Granted() {
  return {.partner_id = "p-1",
          .id = "home",
          .revision = Revision::First(kNow),
          .regions = {"regions/cn-50", "regions/cn-51"},
          .product_lines = {"productLines/drives"},
          .segments = {"edu"},
          .routes = {"online"},
          .exclusivity = Exclusivity::kExclusive,
          .effective = {Day("2026-01-01"), Day("2027-01-01")},
          .replaces = "first"};
}

void ExpectSameScope(const TerritoryGrant& one, const TerritoryGrant& other) {
  EXPECT_EQ(one.regions, other.regions);
  EXPECT_EQ(one.product_lines, other.product_lines);
  EXPECT_EQ(one.segments, other.segments);
  EXPECT_EQ(one.routes, other.routes);
  EXPECT_EQ(one.exclusivity, other.exclusivity);
  EXPECT_EQ(one.state, GrantState::kActive);
  EXPECT_EQ(one.revision.version, 1);
}

TEST(HandoverTest, FromADayOnItIsTheRecipients) {
  const auto handover = HandOver(Granted(), "p-2", Day("2026-07-01"), "of-1", kLater);
  ASSERT_OK(handover);
  EXPECT_EQ(handover->taken.name(), "partners/p-1/territoryGrants/home");
  EXPECT_EQ(handover->taken.state, GrantState::kRevoked);
  EXPECT_EQ(handover->taken.revision.version, 2);
  ASSERT_TRUE(handover->kept.has_value());
  ExpectSameScope(*handover->kept, Granted());
  EXPECT_EQ(handover->kept->name(), "partners/p-1/territoryGrants/of-1");
  EXPECT_EQ(handover->kept->effective, (DateRange{Day("2026-01-01"), Day("2026-07-01")}));
  EXPECT_EQ(handover->kept->replaces, "home");
  ASSERT_TRUE(handover->given.has_value());
  ExpectSameScope(*handover->given, Granted());
  EXPECT_EQ(handover->given->name(), "partners/p-2/territoryGrants/of-1");
  EXPECT_EQ(handover->given->effective, (DateRange{Day("2026-07-01"), Day("2027-01-01")}));
  EXPECT_EQ(handover->given->replaces, "") << "that is another partner's";
}

TEST(HandoverTest, TheDayDividesItOrTakesItWhole) {
  const struct {
    const char* from;
    bool refused;
    const char* kept_to;  // null: nothing is kept
    const char* given_from;
  } kTable[] = {
      {"2020-01-01", false, nullptr, "2026-01-01"},
      {"2026-01-01", false, nullptr, "2026-01-01"},
      {"2026-01-02", false, "2026-01-02", "2026-01-02"},
      {"2026-12-31", false, "2026-12-31", "2026-12-31"},
      {"2027-01-01", true, nullptr, nullptr},
  };
  for (const auto& row : kTable) {
    SCOPED_TRACE(row.from);
    const auto handover = HandOver(Granted(), "p-2", Day(row.from), "of-1", kLater);
    if (row.refused) {
      EXPECT_THAT(handover, Blames("effective_from"));
      continue;
    }
    ASSERT_OK(handover);
    ASSERT_EQ(handover->kept.has_value(), row.kept_to != nullptr);
    if (handover->kept) {
      EXPECT_EQ(handover->kept->effective, (DateRange{Day("2026-01-01"), Day(row.kept_to)}));
    }
    EXPECT_EQ(handover->given->effective, (DateRange{Day(row.given_from), Day("2027-01-01")}));
    // What is given back is what was taken.
    const TerritoryGrant back = GiveBack(handover->taken, Day(row.from), "of-1-back", kLater);
    ExpectSameScope(back, Granted());
    EXPECT_EQ(back.name(), "partners/p-1/territoryGrants/of-1-back");
    EXPECT_EQ(back.effective, handover->given->effective);
    EXPECT_EQ(back.replaces, "home");
  }
}

TEST(HandoverTest, ToNobodyAndOfAnActiveOneAlone) {
  TerritoryGrant open = Granted();
  open.effective.end = OpenEnd();
  const auto handover = HandOver(open, "", Day("2026-07-01"), "of-1", kLater);
  ASSERT_OK(handover);
  EXPECT_FALSE(handover->given.has_value());
  EXPECT_EQ(handover->kept->effective.end, Day("2026-07-01"));
  EXPECT_EQ(GiveBack(open, Day("2026-07-01"), "b", kLater).effective.end, OpenEnd());
  EXPECT_THAT(HandOver(handover->taken, "p-2", Day("2026-07-01"), "of-2", kLater), HasReason(Reason::kStateConflict));
}

}  // namespace
}  // namespace tributary::partner
