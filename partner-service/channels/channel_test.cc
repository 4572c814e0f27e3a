#include "partner-service/channels/channel.h"

#include <optional>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

Channel Of(std::string id, ChannelLevel level, std::string parent, std::string line = "productLines/bikes",
           ChannelType type = ChannelType::kIndirect) {
  return {.id = std::move(id),
          .revision = Revision::First(kNow),
          .type = type,
          .level = level,
          .parent_channel = std::move(parent),
          .product_line = std::move(line)};
}

TEST(ChannelTest, StandsOneLevelBelowItsParentInItsLine) {
  const Channel vendor = Of("v", ChannelLevel::kVendor, "");
  const Channel distributor = Of("d", ChannelLevel::kDistributor, "channels/v");
  const Channel direct = Of("v", ChannelLevel::kVendor, "", "productLines/bikes", ChannelType::kDirect);
  const Channel other_line = Of("v", ChannelLevel::kVendor, "", "productLines/helmets");
  const struct {
    const char* what;
    Channel channel;
    std::optional<Channel> parent;
    const char* blames;  // null where it may stand
    bool unknown = false;
  } kCases[] = {
      {"a root", vendor, std::nullopt, nullptr},
      {"a direct root", direct, std::nullopt, nullptr},
      {"a distributor", distributor, vendor, nullptr},
      {"a dealer", Of("x", ChannelLevel::kDealer, "channels/d"), distributor, nullptr},
      {"a root with a parent", Of("x", ChannelLevel::kVendor, "channels/v"), vendor, "parent_channel"},
      {"no parent below the vendor", Of("x", ChannelLevel::kDealer, ""), std::nullopt, "parent_channel"},
      {"a parent that is not there", distributor, std::nullopt, "parent_channel", true},
      {"two levels above", Of("x", ChannelLevel::kDealer, "channels/v"), vendor, "parent_channel"},
      {"the same level", Of("x", ChannelLevel::kDistributor, "channels/d"), distributor, "parent_channel"},
      {"itself", Of("d", ChannelLevel::kDistributor, "channels/d"), distributor, "parent_channel"},
      {"a level below", Of("x", ChannelLevel::kDistributor, "channels/r"),
       Of("r", ChannelLevel::kRetailer, "channels/x"), "parent_channel"},
      {"another line's", distributor, other_line, "parent_channel"},
      {"below a direct one", distributor, direct, "parent_channel"},
      {"direct below the vendor",
       Of("x", ChannelLevel::kDistributor, "channels/v", "productLines/bikes", ChannelType::kDirect), vendor, "type"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const absl::Status status = CheckPlace(c.channel, c.parent);
    if (c.blames == nullptr) {
      EXPECT_OK(status);
      continue;
    }
    EXPECT_THAT(status, Blames(c.blames));
    EXPECT_THAT(status, HasReason(c.unknown ? Reason::kReferenceNotFound : Reason::kInvalidField));
  }
  Channel two_lines = vendor;
  two_lines.display_name = "a\nb";
  EXPECT_THAT(CheckPlace(two_lines, std::nullopt), Blames("display_name"));
}

// A parent is always a level nearer to the vendor, so that no chain of parents comes back to where it began.
TEST(ChannelTest, NoLevelCanLieBelowItselfOrWhatLiesBelowIt) {
  for (int child = 1; child <= 4; ++child) {
    for (int parent = 1; parent <= 4; ++parent) {
      const Channel above = Of("p", static_cast<ChannelLevel>(parent), parent == 1 ? "" : "channels/above");
      const bool stands = CheckPlace(Of("c", static_cast<ChannelLevel>(child), "channels/p"), above).ok();
      EXPECT_EQ(stands, parent == child - 1) << parent << " above " << child;
    }
  }
}

TEST(ChannelTest, ChangesAllButItsLevelAndLine) {
  const Channel vendor = Of("v2", ChannelLevel::kVendor, "");
  const Channel channel = Of("d", ChannelLevel::kDistributor, "channels/v");
  Channel changed = Of("other", ChannelLevel::kDealer, "channels/v2", "productLines/helmets", ChannelType::kHybrid);
  changed.display_name = "Wholesale";
  changed.route = ChannelRoute::kOmo;
  const auto next = Change(channel, changed, vendor, {}, kNow + absl::Seconds(1));
  ASSERT_OK(next);
  EXPECT_EQ(next->id, "d");
  EXPECT_EQ(next->revision.version, 2);
  EXPECT_EQ(next->display_name, "Wholesale");
  EXPECT_EQ(next->type, ChannelType::kHybrid);
  EXPECT_EQ(next->route, ChannelRoute::kOmo);
  EXPECT_EQ(next->parent_channel, "channels/v2");
  EXPECT_EQ(next->level, ChannelLevel::kDistributor);
  EXPECT_EQ(next->product_line, "productLines/bikes");

  const Channel direct = Of("v", ChannelLevel::kVendor, "", "productLines/bikes", ChannelType::kDirect);
  EXPECT_OK(Change(vendor, direct, std::nullopt, {}, kNow));
  EXPECT_OK(Change(vendor, direct, std::nullopt, {.partner = "partners/p-1"}, kNow));
  EXPECT_THAT(Change(vendor, direct, std::nullopt, {.child = "channels/d"}, kNow), HasReason(Reason::kInUse));
}

TEST(ChannelTest, GoesOnlyWhenNothingNamesIt) {
  const Channel vendor = Of("v", ChannelLevel::kVendor, "");
  EXPECT_OK(CheckUnused(vendor, {}));
  const absl::Status used = CheckUnused(vendor, {.child = "channels/d", .partner = "partners/p-1"});
  EXPECT_THAT(used, HasReason(Reason::kInUse));
  ASSERT_EQ(DetailOf(used).metadata.size(), 2u);
  EXPECT_EQ(DetailOf(used).metadata[0].second, "channels/d");
  EXPECT_EQ(DetailOf(used).metadata[1].second, "partners/p-1");
  EXPECT_THAT(CheckUnused(vendor, {.partner = "partners/p-1"}), HasReason(Reason::kInUse));
}

}  // namespace
}  // namespace tributary::partner
