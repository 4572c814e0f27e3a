#include "partner-service/regions/region_store.h"

#include <gmock/gmock.h>

#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RegionStoreTest : public StoreTest {
 protected:
  Region Of(std::string id, std::string parent = "") {
    return {.id = id,
            .revision = Revision::First(kNow),
            .scheme = RegionScheme::kCustom,
            .code = "C-" + id,
            .parent_region = parent.empty() ? "" : "regions/" + parent,
            .display_name = "Name of " + id,
            .display_name_zh = "北京"};
  }
  absl::Status Insert(const std::vector<Region>& regions, std::string_view import_id = "i-1") {
    return Do([&](mysql::Transaction& sql) { return store_.Insert(sql, regions, import_id); });
  }
  absl::StatusOr<Region> Get(std::string_view id) {
    return Ask<Region>([&](mysql::Transaction& sql) { return store_.Get(sql, id); });
  }
  std::vector<std::string> Ids(const std::string& filter, bool show_inactive = false) {
    std::vector<std::string> ids;
    for (const Region& region : All<Region>(
             RegionStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, page, show_inactive); },
             [](const Region&last) { return std::vector{last.id}; })) {
      ids.push_back(region.id);
    }
    return ids;
  }
  RegionStore store_;
};

TEST_F(RegionStoreTest, ARegionIsReadAsItWasWritten) {
  const Region region = Of("aw-1");
  ASSERT_OK(Insert({region}));
  const auto read = Get("aw-1");
  ASSERT_OK(read);
  EXPECT_EQ(read->revision, region.revision);
  EXPECT_EQ(read->state, RegionState::kActive);
  EXPECT_EQ(read->scheme, region.scheme);
  EXPECT_EQ(read->code, region.code);
  EXPECT_EQ(read->display_name, region.display_name);
  EXPECT_EQ(read->display_name_zh, region.display_name_zh);
  EXPECT_THAT(Get("AW-1"), HasReason(Reason::kNotFound));
  EXPECT_THAT(Get("aw-1 "), HasReason(Reason::kNotFound));
}

TEST_F(RegionStoreTest, ListsInPagesByIdAndByFilter) {
  ASSERT_OK(Insert({Of("b"), Of("a"), Of("d", "a"), Of("c", "a"), Of("e", "b")}));
  EXPECT_THAT(Ids(""), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(Ids("parent_region = \"regions/a\""), ElementsAre("c", "d"));
  EXPECT_THAT(Ids("code = \"C-e\" OR code = \"C-a\""), ElementsAre("a", "e"));
  EXPECT_THAT(Ids("scheme = GBT_2260"), IsEmpty());
}

TEST_F(RegionStoreTest, AncestorsComeAlong) {
  ASSERT_OK(Insert({Of("world"), Of("asia", "world"), Of("cn", "asia"), Of("eu", "world")}));
  const auto found = Ask<RegionMap>([&](mysql::Transaction& sql) {
    return store_.GetWithAncestors(sql, {"regions/cn", "regions/none", "regions/cn"});
  });
  ASSERT_OK(found);
  EXPECT_EQ(found->size(), 3u);
  EXPECT_TRUE(found->contains("regions/world"));
  EXPECT_FALSE(found->contains("regions/eu"));
  EXPECT_OK(Ask<RegionMap>([&](mysql::Transaction& sql) { return store_.GetWithAncestors(sql, {}); }));
}

TEST_F(RegionStoreTest, WhatAnImportBroughtIsTakenBackAndGivenAgain) {
  ASSERT_OK(Insert({Of("a"), Of("b")}, "i-1"));
  ASSERT_OK(Insert({Of("c")}, "i-2"));
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<Region> brought, store_.BroughtBy(sql, "i-1", 1));
    EXPECT_EQ(brought.size(), 1u);
    ASSIGN_OR_RETURN(brought, store_.BroughtBy(sql, "i-1", 10));
    EXPECT_EQ(brought.size(), 2u);
    for (Region& region : brought) region = TakeBack(region, kNow + absl::Hours(1));
    return store_.Deactivate(sql, brought);
  }));
  EXPECT_THAT(Ids(""), ElementsAre("c"));
  EXPECT_THAT(Ids("", true), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Ids("state = INACTIVE", true), ElementsAre("a", "b"));
  const auto missing = Ask<std::vector<std::string>>([&](mysql::Transaction& sql) {
    return store_.Missing(sql, {"regions/c", "regions/z", "regions/a"});
  });
  ASSERT_OK(missing);
  EXPECT_THAT(*missing, ElementsAre("regions/z", "regions/a"));

  Region again = Of("a");
  again.display_name = "Other";
  again.revision.version = 3;
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Replace(sql, again, "i-3"); }));
  EXPECT_EQ(Get("a")->display_name, "Other");
  EXPECT_EQ(Get("a")->revision, again.revision);
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Region> old, store_.BroughtBy(sql, "i-1", 10));
    EXPECT_THAT(old, IsEmpty());
    ASSIGN_OR_RETURN(const std::vector<Region> now, store_.BroughtBy(sql, "i-3", 10));
    EXPECT_EQ(now.size(), 1u);
    return absl::OkStatus();
  }));
}

TEST_F(RegionStoreTest, AnIdThatWasTakenMeanwhileMakesTheBodyRunAgain) {
  ASSERT_OK(Insert({Of("a")}));
  int runs = 0;
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    if (++runs > 1) return absl::OkStatus();
    return store_.Insert(sql, std::vector<Region>{Of("b"), Of("a")}, "i-2");
  }));
  EXPECT_EQ(runs, 2);
  EXPECT_THAT(Get("b"), HasReason(Reason::kNotFound));
}

}  // namespace
}  // namespace tributary::partner
