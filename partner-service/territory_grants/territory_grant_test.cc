#include "partner-service/territory_grants/territory_grant.h"

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

TerritoryGrant Grant() {
  return {.partner_id = "p-1",
          .id = "home",
          .revision = Revision::First(kNow),
          .regions = {"regions/aw-1", "regions/aw-2", "regions/aw-3"},
          .effective = {*Date::Parse("2010-10-01"), OpenEnd()}};
}

TEST(TerritoryGrantTest, TermsAreOrderedAndNameEachThingOnce) {
  EXPECT_OK(CheckTerms(Grant()));
  TerritoryGrant grant = Grant();
  grant.regions.push_back("regions/aw-1");
  grant.segments = {"edu", "edu"};
  grant.routes = {"online", "offline"};
  grant.effective.end = grant.effective.start;
  const absl::Status status = CheckTerms(grant);
  EXPECT_THAT(status, Blames("regions[3]"));
  EXPECT_THAT(status, Blames("segments[1]"));
  EXPECT_THAT(status, Blames("effective_to"));
  EXPECT_EQ(DetailOf(status).violations.size(), 3u);
}

TEST(TerritoryGrantTest, EveryMissingRegionIsNamed) {
  EXPECT_OK(CheckRegions(Grant(), {}));
  const absl::Status status = CheckRegions(Grant(), {"regions/aw-1", "regions/aw-3"});
  EXPECT_THAT(status, HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(status, Blames("regions[0]"));
  EXPECT_THAT(status, Blames("regions[2]"));
  EXPECT_EQ(DetailOf(status).violations.size(), 2u);
}

TEST(TerritoryGrantTest, RevokedOnce) {
  const auto revoked = Revoke(Grant(), kNow);
  ASSERT_OK(revoked);
  EXPECT_EQ(revoked->state, GrantState::kRevoked);
  EXPECT_EQ(revoked->revision.version, 2);
  EXPECT_FALSE(revoked->undone);
  EXPECT_THAT(Revoke(*revoked, kNow), HasReason(Reason::kStateConflict));
  EXPECT_TRUE(TakeBack(*revoked, kNow).undone);
}

}  // namespace
}  // namespace tributary::partner
