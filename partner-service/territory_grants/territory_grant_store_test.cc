#include "partner-service/territory_grants/territory_grant_store.h"

#include <gmock/gmock.h>

#include "common/text/text.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class TerritoryGrantStoreTest : public StoreTest {
 protected:
  TerritoryGrant Of(std::string partner_id, std::string id, Exclusivity exclusivity = Exclusivity::kNonExclusive) {
    return {.partner_id = partner_id,
            .id = id,
            .revision = Revision::First(kNow),
            .regions = {"regions/aw-1", "regions/aw-2"},
            .product_lines = {"productLines/bikes"},
            .exclusivity = exclusivity,
            .effective = {*Date::Parse("2010-10-01"), OpenEnd()}};
  }
  absl::StatusOr<TerritoryGrant> Create(const TerritoryGrant& grant) {
    return Ask<TerritoryGrant>([&](mysql::Transaction& sql) { return store_.Create(sql, grant); });
  }
  absl::Status Update(const TerritoryGrant& grant) {
    return Do([&](mysql::Transaction& sql) { return store_.Update(sql, grant); });
  }
  absl::StatusOr<TerritoryGrant> Get(std::string_view partner_id, std::string_view id) {
    return Ask<TerritoryGrant>([&](mysql::Transaction& sql) { return store_.Get(sql, partner_id, id); });
  }
  std::vector<std::string> Names(std::string_view partner_id, const std::string& filter) {
    std::vector<std::string> names;
    for (const TerritoryGrant& grant : All<TerritoryGrant>(
             TerritoryGrantStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, partner_id, page); },
             [](const TerritoryGrant&last) {
               return std::vector{last.partner_id, last.id};
             })) {
      names.push_back(StrCat(grant.partner_id, "/", grant.id));
    }
    return names;
  }
  TerritoryGrantStore store_;
};

TEST_F(TerritoryGrantStoreTest, AGrantIsReadAsItWasWritten) {
  TerritoryGrant grant = Of("p-1", "home", Exclusivity::kHelper);
  grant.segments = {"edu", "gov"};
  grant.routes = {"online"};
  grant.effective.end = *Date::Parse("2013-01-01");
  ASSERT_OK(Create(grant));
  const auto read = Get("p-1", "home");
  ASSERT_OK(read);
  EXPECT_EQ(read->name(), "partners/p-1/territoryGrants/home");
  EXPECT_EQ(read->revision, grant.revision);
  EXPECT_EQ(read->state, GrantState::kActive);
  EXPECT_EQ(read->regions, grant.regions);
  EXPECT_EQ(read->product_lines, grant.product_lines);
  EXPECT_EQ(read->segments, grant.segments);
  EXPECT_EQ(read->routes, grant.routes);
  EXPECT_EQ(read->exclusivity, Exclusivity::kHelper);
  EXPECT_EQ(read->effective, grant.effective);
  ASSERT_OK(Create(Of("p-2", "home")));
  EXPECT_THAT(Get("p-2", "home")->segments, IsEmpty());
  EXPECT_EQ(Get("p-2", "home")->effective.end, OpenEnd());
}

TEST_F(TerritoryGrantStoreTest, FiveHundredRegionsFit) {
  TerritoryGrant grant = Of("p-1", "home");
  grant.regions.clear();
  for (int i = 0; i < 500; ++i) grant.regions.push_back(StrCat("regions/", std::string(56, 'r'), "-", 1000 + i));
  grant.product_lines.assign(grant.regions.begin(), grant.regions.end());
  ASSERT_OK(Create(grant));
  EXPECT_EQ(Get("p-1", "home")->regions, grant.regions);
}

TEST_F(TerritoryGrantStoreTest, AnIdIsGivenOnceUnlessItsImportWasUndone) {
  ASSERT_OK(Create(Of("p-1", "home")));
  EXPECT_THAT(Create(Of("p-1", "home")), HasReason(Reason::kAlreadyExists));
  ASSERT_OK(Update(*Revoke(*Get("p-1", "home"), kNow)));
  EXPECT_EQ(Get("p-1", "home")->state, GrantState::kRevoked);
  EXPECT_THAT(Create(Of("p-1", "home")), HasReason(Reason::kAlreadyExists));
  ASSERT_OK(Update(TakeBack(*Get("p-1", "home"), kNow)));
  const auto again = Create(Of("p-1", "home"));
  ASSERT_OK(again);
  EXPECT_EQ(again->revision.version, 4);
  EXPECT_EQ(Get("p-1", "home")->state, GrantState::kActive);
}

TEST_F(TerritoryGrantStoreTest, ListsOfOnePartnerAndOfAll) {
  for (const char* partner : {"p-1", "p-2"}) {
    ASSERT_OK(Create(Of(partner, "a", Exclusivity::kExclusive)));
    ASSERT_OK(Create(Of(partner, "b")));
    ASSERT_OK(Create(Of(partner, "c")));
  }
  EXPECT_THAT(Names("p-2", ""), ElementsAre("p-2/a", "p-2/b", "p-2/c"));
  EXPECT_THAT(Names("", "exclusivity = EXCLUSIVE"), ElementsAre("p-1/a", "p-2/a"));
  EXPECT_THAT(Names("", "state = REVOKED"), IsEmpty());
  EXPECT_THAT(Names("", ""), SizeIs(6));
}

}  // namespace
}  // namespace tributary::partner
