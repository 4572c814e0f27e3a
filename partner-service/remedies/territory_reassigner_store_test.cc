#include <gmock/gmock.h>

#include "common/text/text.h"
#include "partner-service/remedies/handover_store.h"
#include "partner-service/remedies/territory_reassigner.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

class TerritoryReassignerStoreTest : public StoreTest {
 protected:
  // p-1 has lost its grant, and gets it again. How often the lock of those who give exclusive grants was taken for it.
  absl::StatusOr<int64_t> GiveBack(const std::string& grant_id, Exclusivity exclusivity) {
    const StepHandover done{.remedy_uid = Uuid::New(kNow).ToString(),
                            .order = 1,
                            .partner_id = "p-1",
                            .grant_id = grant_id,
                            .from = *Date::Parse("2026-07-01")};
    return Ask<int64_t>([&](mysql::Transaction& sql) -> absl::StatusOr<int64_t> {
      RETURN_IF_ERROR(TerritoryGrantStore()
                          .Create(sql, {.partner_id = "p-1",
                                        .id = grant_id,
                                        .revision = Revision::First(kNow),
                                        .state = GrantState::kRevoked,
                                        .regions = {"regions/aw-1"},
                                        .exclusivity = exclusivity,
                                        .effective = {*Date::Parse("2010-10-01"), OpenEnd()}})
                          .status());
      RETURN_IF_ERROR(HandoverStore().Create(sql, done));
      ASSIGN_OR_RETURN(const int64_t before, Uses(sql));
      rpc::Unit unit(sql);
      ASSIGN_OR_RETURN(const std::string back,
                       TerritoryReassigner().GiveBack(unit, done, StrCat(grant_id, "-made"), {.id = "p-1"}, kNow));
      ASSIGN_OR_RETURN(const TerritoryGrant given,
                       TerritoryGrantStore().Get(sql, "p-1", StrCat(grant_id, "-made-back")));
      EXPECT_EQ(given.name(), back);
      EXPECT_EQ(given.state, GrantState::kActive);
      EXPECT_EQ(given.exclusivity, exclusivity);
      ASSIGN_OR_RETURN(const int64_t after, Uses(sql));
      return after - before;
    });
  }

 private:
  static absl::StatusOr<int64_t> Uses(mysql::Transaction& sql) {
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT COALESCE(MAX(uses), 0) FROM exclusive_grant_lock"));
    return rows.at(0).Int(0);
  }
};

// So that whoever gives another exclusive grant at that moment sees this one.
TEST_F(TerritoryReassignerStoreTest, GivesAnExclusiveGrantBackUnderTheLockOfTheExclusiveOnes) {
  const auto exclusive = GiveBack("home", Exclusivity::kExclusive);
  ASSERT_OK(exclusive);
  EXPECT_EQ(*exclusive, 1);
  const auto helper = GiveBack("away", Exclusivity::kHelper);
  ASSERT_OK(helper);
  EXPECT_EQ(*helper, 0);
}

}  // namespace
}  // namespace tributary::partner
