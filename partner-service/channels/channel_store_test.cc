#include "partner-service/channels/channel_store.h"

#include <gmock/gmock.h>

#include <optional>

#include "common/text/text.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ChannelStoreTest : public StoreTest {
 protected:
  Channel Of(std::string id, ChannelLevel level = ChannelLevel::kVendor, std::string parent = "") {
    return {.id = std::move(id),
            .revision = Revision::First(kNow),
            .display_name = "渠道",
            .type = ChannelType::kHybrid,
            .route = ChannelRoute::kOmo,
            .level = level,
            .parent_channel = std::move(parent),
            .product_line = "productLines/bikes"};
  }
  absl::Status Create(const Channel& channel) {
    return Do([&](mysql::Transaction& sql) { return store_.Create(sql, channel); });
  }
  absl::StatusOr<Channel> Get(std::string_view id) {
    return Ask<Channel>([&](mysql::Transaction& sql) { return store_.Get(sql, id); });
  }
  absl::StatusOr<ChannelUse> UseOf(const Channel& channel) {
    return Ask<ChannelUse>([&](mysql::Transaction& sql) { return store_.UseOf(sql, channel); });
  }
  std::vector<std::string> Ids(const std::string& filter) {
    std::vector<std::string> ids;
    for (const Channel& channel : All<Channel>(
             ChannelStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, page); },
             [](const Channel&last) { return std::vector{last.id}; })) {
      ids.push_back(channel.id);
    }
    return ids;
  }
  ChannelStore store_;
};

TEST_F(ChannelStoreTest, IsReadAsItWasWrittenAndChangedOverItsVersion) {
  const Channel channel = Of("d", ChannelLevel::kDistributor, "channels/v");
  ASSERT_OK(Create(channel));
  EXPECT_THAT(Create(channel), HasReason(Reason::kAlreadyExists));
  ASSERT_OK_AND_ASSIGN(const Channel read, Get("d"));
  EXPECT_EQ(read.name(), "channels/d");
  EXPECT_EQ(read.revision, channel.revision);
  EXPECT_EQ(read.display_name, "渠道");
  EXPECT_EQ(read.type, ChannelType::kHybrid);
  EXPECT_EQ(read.route, ChannelRoute::kOmo);
  EXPECT_EQ(read.level, ChannelLevel::kDistributor);
  EXPECT_EQ(read.parent_channel, "channels/v");
  EXPECT_EQ(read.product_line, "productLines/bikes");
  EXPECT_THAT(Get("none"), HasReason(Reason::kNotFound));

  Channel next = read;
  next.type = ChannelType::kIndirect;
  next.route = ChannelRoute::kOnline;
  next.parent_channel = "channels/v2";
  next.display_name = "";
  next.revision = read.revision.Next(kNow + absl::Seconds(1));
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Update(sql, next); }));
  ASSERT_OK_AND_ASSIGN(const Channel changed, Get("d"));
  EXPECT_EQ(changed.revision, next.revision);
  EXPECT_EQ(changed.type, ChannelType::kIndirect);
  EXPECT_EQ(changed.route, ChannelRoute::kOnline);
  EXPECT_EQ(changed.parent_channel, "channels/v2");

  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Delete(sql, changed); }));
  EXPECT_THAT(Get("d"), HasReason(Reason::kNotFound));
  EXPECT_OK(Create(Of("d")));
}

TEST_F(ChannelStoreTest, FindsWhatNamesAChannel) {
  ASSERT_OK(Create(Of("v")));
  EXPECT_THAT(UseOf(Of("v"))->child, IsEmpty());
  EXPECT_THAT(UseOf(Of("v"))->partner, IsEmpty());
  ASSERT_OK(Create(Of("d2", ChannelLevel::kDistributor, "channels/v")));
  ASSERT_OK(Create(Of("d1", ChannelLevel::kDistributor, "channels/v")));
  EXPECT_EQ(UseOf(Of("v"))->child, "channels/d1");
  PartnerStore partners;
  for (const auto state : {PartnerState::kTerminated, PartnerState::kProspect}) {
    const Partner partner{.id = state == PartnerState::kTerminated ? "p-0" : "p-1",
                          .revision = Revision::First(kNow),
                          .state = state,
                          .legal_name = "Acme",
                          .currency = "CNY",
                          .channel = "channels/d1"};
    ASSERT_OK(Ask<Partner>([&](mysql::Transaction& sql) { return partners.Create(sql, partner); }));
    // A terminated one's does not count.
    EXPECT_EQ(UseOf(Of("d1"))->partner, state == PartnerState::kTerminated ? "" : "partners/p-1");
  }
  ASSERT_OK_AND_ASSIGN(const Partner read,
                       Ask<Partner>([&](mysql::Transaction& sql) { return partners.Get(sql, "p-1"); }));
  EXPECT_EQ(read.channel, "channels/d1");
}

TEST_F(ChannelStoreTest, HoldsWhatIsThere) {
  ASSERT_OK(Create(Of("v")));
  const auto held = [&](std::string_view name) {
    return Ask<bool>([&](mysql::Transaction& sql) { return store_.Hold(sql, name); });
  };
  EXPECT_THAT(held("channels/v"), IsOkAndHolds(true));
  EXPECT_THAT(held("channels/none"), IsOkAndHolds(false));
  EXPECT_THAT(held(""), IsOkAndHolds(false));
}

TEST_F(ChannelStoreTest, ListsByFilterAndByLine) {
  ASSERT_OK(Create(Of("v")));
  ASSERT_OK(Create(Of("d1", ChannelLevel::kDistributor, "channels/v")));
  ASSERT_OK(Create(Of("d2", ChannelLevel::kDistributor, "channels/v")));
  Channel other = Of("w");
  other.product_line = "productLines/helmets";
  ASSERT_OK(Create(other));
  EXPECT_THAT(Ids(""), ElementsAre("d1", "d2", "v", "w"));
  EXPECT_THAT(Ids("level = DISTRIBUTOR"), ElementsAre("d1", "d2"));
  EXPECT_THAT(Ids("parent_channel = \"channels/v\" AND type = HYBRID AND route = OMO"), SizeIs(2));
  EXPECT_THAT(Ids("product_line = \"productLines/helmets\""), ElementsAre("w"));
  const auto of_line = Ask<std::vector<std::string>>(
      [&](mysql::Transaction& sql) { return store_.OfProductLine(sql, "productLines/bikes", 2); });
  ASSERT_OK(of_line);
  EXPECT_THAT(*of_line, ElementsAre("channels/d1", "channels/d2"));
}

}  // namespace
}  // namespace tributary::partner
