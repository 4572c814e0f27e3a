// What helpers share with exclusive holders, as the grants that are kept show it: seen, and not found.

#include "conflict-service/detection/testing_promises.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AllowedOverlapStoreTest : public PromisesTest {
 protected:
  static Grant Helper(const std::string& partner, const std::string& region, bool active = true) {
    Grant grant = Exclusive(partner, region, active);
    grant.exclusivity = Grant::Exclusivity::kHelper;
    return grant;
  }
  // "helper in holder: regions" of each.
  std::vector<std::string> Allowed() {
    std::vector<std::string> allowed;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      allowed.clear();
      ASSIGN_OR_RETURN(const std::vector<AllowedOverlap> overlaps, detector_.AllowedOverlaps(sql));
      for (const AllowedOverlap& one : overlaps) {
        allowed.push_back(StrCat(one.helper.substr(9, 3), " in ", one.exclusive.substr(9, 3), ": ",
                                 StrJoin(one.shared.regions, " ")));
      }
      return absl::OkStatus();
    }));
    return allowed;
  }
  std::vector<std::string> Overlaps() {
    return Open(FindingKind::kExclusiveOverlap, [](const Conclusion& one) { return StrJoin(one.subjects, " "); });
  }
};

TEST_F(AllowedOverlapStoreTest, FollowsTheGrantsAndIsNoFinding) {
  Tell(Helper("p-2", "cn-50"));
  Tell(Exclusive("p-1", "cn"));
  EXPECT_THAT(Allowed(), IsEmpty()) << "nobody has said yet where cn-50 lies";
  Tell(RegionFact{"regions/cn-50", "regions/cn"});
  EXPECT_THAT(Allowed(), ElementsAre("p-2 in p-1: regions/cn-50"));
  Tell(Helper("p-3", "cn"));
  Tell(Helper("p-4", "us"));
  Tell(Exclusive("p-5", "us"));
  EXPECT_THAT(Allowed(), ElementsAre("p-2 in p-1: regions/cn-50", "p-3 in p-1: regions/cn", "p-4 in p-5: regions/us"));
  Tell(Helper("p-3", "cn", /*active=*/false));
  Tell(Exclusive("p-5", "us", /*active=*/false));
  EXPECT_THAT(Allowed(), ElementsAre("p-2 in p-1: regions/cn-50"));
  EXPECT_THAT(Overlaps(), IsEmpty());
}

}  // namespace
}  // namespace tributary::conflict
