#include "partner-service/regions/region.h"

#include <map>

#include "common/status/status_matchers.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

Region Of(std::string id, std::string parent = "") {
  return {.id = id, .scheme = RegionScheme::kCustom, .code = id, .parent_region = parent, .display_name = id};
}

// Active regions by name, with their parents.
using Known = std::map<std::string, std::string>;

auto Lookup(const Known& known) {
  return [&known](std::string_view name) -> std::optional<std::string> {
    const auto it = known.find(std::string(name));
    if (it == known.end()) return std::nullopt;
    return it->second;
  };
}

TEST(RegionTest, ARowMeetsWhatIsStored) {
  const Known known = {{"regions/aw-1", ""}, {"regions/wa", "regions/aw-1"}};
  const Region stored = Of("aw-1");
  Region other = stored;
  other.display_name = "Northwest";
  other.code = "AW-1";
  Region gone = stored;
  gone.state = RegionState::kInactive;

  EXPECT_THAT(Arrive(std::nullopt, Of("aw-2"), Lookup(known)), IsOkAndHolds(RegionArrival::kNew));
  EXPECT_THAT(Arrive(std::nullopt, Of("or", "regions/aw-1"), Lookup(known)), IsOkAndHolds(RegionArrival::kNew));
  EXPECT_THAT(Arrive(stored, stored, Lookup(known)), IsOkAndHolds(RegionArrival::kAgain));
  EXPECT_THAT(Arrive(gone, other, Lookup(known)), IsOkAndHolds(RegionArrival::kReplacing));

  const auto conflict = Arrive(stored, other, Lookup(known));
  EXPECT_THAT(conflict, HasReason(Reason::kRowConflict));
  EXPECT_EQ(conflict.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(conflict, Blames("code"));
  EXPECT_THAT(conflict, Blames("display_name"));
}

TEST(RegionTest, AParentIsThereBefore) {
  const Known known = {{"regions/aw-1", ""}};
  const auto missing = Arrive(std::nullopt, Of("wa", "regions/aw-9"), Lookup(known));
  EXPECT_THAT(missing, HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(missing, Blames("parent_region"));
  EXPECT_THAT(Arrive(std::nullopt, Of("wa", "regions/wa"), Lookup(known)), Blames("parent_region"));
}

TEST(RegionTest, ARegionThatComesBackCannotLieInWhatLiesInIt) {
  // a was taken back while b and c stayed below it.
  const Known known = {{"regions/b", "regions/a"}, {"regions/c", "regions/b"}, {"regions/d", ""}};
  Region gone = Of("a");
  gone.state = RegionState::kInactive;
  EXPECT_THAT(Arrive(gone, Of("a", "regions/c"), Lookup(known)), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Arrive(gone, Of("a", "regions/d"), Lookup(known)), IsOkAndHolds(RegionArrival::kReplacing));
  // Something further up that is out of use is not this row's fault.
  EXPECT_THAT(Arrive(std::nullopt, Of("e", "regions/c"), Lookup(known)), IsOkAndHolds(RegionArrival::kNew));
}

TEST(RegionTest, TakenBackIsInactiveInTheNextVersion) {
  Region region = Of("aw-1");
  region.revision = Revision::First(absl::FromUnixSeconds(100));
  const Region taken_back = TakeBack(region, absl::FromUnixSeconds(200));
  EXPECT_EQ(taken_back.state, RegionState::kInactive);
  EXPECT_EQ(taken_back.revision.version, 2);
  EXPECT_EQ(taken_back.revision.create_time, absl::FromUnixSeconds(100));
  EXPECT_EQ(taken_back.revision.update_time, absl::FromUnixSeconds(200));
}

}  // namespace
}  // namespace tributary::partner
