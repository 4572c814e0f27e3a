// Channels and the route advisor over the wire.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "google/protobuf/empty.pb.h"
#include "partner-service/testing_process.h"
#include "tributary/partner/v1/channel.pb.h"
#include "tributary/partner/v1/partner.pb.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr char kService[] = "tributary.partner.v1.ChannelService/";

class ChannelsTest : public ::testing::Test {
 protected:
  static v1::Channel Of(v1::Channel::Level level, const std::string& parent = "",
                        v1::Channel::Type type = v1::Channel::HYBRID) {
    v1::Channel channel;
    channel.set_type(type);
    channel.set_route(v1::Channel::OMO);
    channel.set_level(level);
    channel.set_parent_channel(parent);
    channel.set_product_line("productLines/bikes");
    return channel;
  }
  absl::StatusOr<v1::Channel> Create(const std::string& id, const v1::Channel& channel) {
    v1::CreateChannelRequest request;
    request.set_channel_id(id);
    *request.mutable_channel() = channel;
    request.set_request_id(NewRequestId());
    return manager_->Call<v1::Channel>(StrCat(kService, "CreateChannel"), request);
  }
  absl::StatusOr<v1::Channel> Update(const v1::Channel& channel, const std::vector<std::string>& paths) {
    v1::UpdateChannelRequest request;
    *request.mutable_channel() = channel;
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    request.set_request_id(NewRequestId());
    return manager_->Call<v1::Channel>(StrCat(kService, "UpdateChannel"), request);
  }
  absl::Status Delete(const std::string& name, const std::string& etag = "") {
    v1::DeleteChannelRequest request;
    request.set_name(name);
    request.set_etag(etag);
    request.set_request_id(NewRequestId());
    return manager_->Call<google::protobuf::Empty>(StrCat(kService, "DeleteChannel"), request).status();
  }
  absl::StatusOr<v1::Partner> CreatePartner(const std::string& id, const std::string& channel) {
    v1::CreatePartnerRequest request;
    request.set_partner_id(id);
    request.set_request_id(NewRequestId());
    request.mutable_partner()->set_legal_name("Acme");
    request.mutable_partner()->set_kind(v1::Partner::DEALER);
    request.mutable_partner()->set_currency("CNY");
    request.mutable_partner()->set_channel(channel);
    return manager_->Call<v1::Partner>("tributary.partner.v1.PartnerService/CreatePartner", request);
  }
  absl::StatusOr<v1::Partner> SetChannel(const std::string& partner, const std::string& channel) {
    v1::UpdatePartnerRequest request;
    request.mutable_partner()->set_name(partner);
    request.mutable_partner()->set_channel(channel);
    request.mutable_update_mask()->add_paths("channel");
    request.set_request_id(NewRequestId());
    return manager_->Call<v1::Partner>("tributary.partner.v1.PartnerService/UpdatePartner", request);
  }
  // Of a channel, in the order of the feed.
  std::vector<std::string> Verbs(const std::string& name) {
    EXPECT_OK(service_.feed().Refresh());
    const int shard = events::ShardOf(name);
    std::vector<events::Event> told;
    std::vector<events::Cursor> read_to;
    EXPECT_OK(service_.feed().Read(std::vector<events::ShardRange>{{shard, 0, service_.feed().Heads()[shard]}}, 100,
                                   &told, &read_to, {{v1::Channel::descriptor()->full_name()}}));
    std::vector<std::string> verbs;
    for (const events::Event& event : told) {
      if (event.name == name) verbs.push_back(event.verb);
    }
    return verbs;
  }

  RunningService service_;
  std::unique_ptr<rpc::Client> manager_ = service_.Manager();
};

TEST_F(ChannelsTest, ATreeIsMadeReadChangedTakenDownAndTold) {
  ASSERT_OK(Create("v", Of(v1::Channel::VENDOR)));
  ASSERT_OK_AND_ASSIGN(v1::Channel d, Create("d", Of(v1::Channel::DISTRIBUTOR, "channels/v")));
  EXPECT_EQ(d.name(), "channels/d");
  ASSERT_OK(Create("r", Of(v1::Channel::DEALER, "channels/d", v1::Channel::INDIRECT)));
  EXPECT_THAT(Create("x", Of(v1::Channel::RETAILER, "channels/d")), Blames("channel.parent_channel"));
  EXPECT_THAT(Create("x", Of(v1::Channel::DEALER, "channels/none")), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(Create("x", Of(v1::Channel::DEALER, "d")), Blames("channel.parent_channel"));
  v1::Channel no_line = Of(v1::Channel::VENDOR);
  no_line.set_product_line("bikes");
  EXPECT_THAT(Create("x", no_line), Blames("channel.product_line"));
  EXPECT_THAT(Create("d", Of(v1::Channel::DISTRIBUTOR, "channels/v")), HasReason(Reason::kAlreadyExists));

  d.set_display_name("Wholesale");
  d.set_route(v1::Channel::ONLINE);
  ASSERT_OK_AND_ASSIGN(const v1::Channel changed, Update(d, {"display_name", "route"}));
  EXPECT_EQ(changed.display_name(), "Wholesale");
  EXPECT_EQ(changed.route(), v1::Channel::ONLINE);
  EXPECT_THAT(Update(d, {"route"}), HasReason(Reason::kEtagMismatch));
  v1::Channel v = Of(v1::Channel::VENDOR, "", v1::Channel::DIRECT);
  v.set_name("channels/v");
  EXPECT_THAT(Update(v, {"type"}), HasReason(Reason::kInUse));
  v.set_level(v1::Channel::DEALER);
  EXPECT_THAT(Update(v, {"level"}), Blames("update_mask.paths[0]"));

  // Readable by everybody who is signed in.
  const auto user = service_.UserOf("p-1");
  v1::GetChannelRequest get;
  get.set_name("channels/d");
  ASSERT_OK_AND_ASSIGN(const auto read, user->Call<v1::Channel>(StrCat(kService, "GetChannel"), get));
  EXPECT_EQ(read.SerializeAsString(), changed.SerializeAsString());
  v1::ListChannelsRequest list;
  list.set_filter("parent_channel = \"channels/v\"");
  ASSERT_OK_AND_ASSIGN(const auto page, user->Call<v1::ListChannelsResponse>(StrCat(kService, "ListChannels"), list));
  ASSERT_THAT(page.channels(), SizeIs(1));
  EXPECT_EQ(page.channels(0).name(), "channels/d");

  EXPECT_THAT(Delete("channels/d"), HasReason(Reason::kInUse));
  EXPECT_THAT(Delete("channels/r", "\"v9\""), HasReason(Reason::kEtagMismatch));
  EXPECT_OK(Delete("channels/r"));
  EXPECT_OK(Delete("channels/d"));
  EXPECT_THAT(Delete("channels/d"), HasReason(Reason::kNotFound));
  EXPECT_THAT(Verbs("channels/d"), ElementsAre("created", "updated", "deleted"));
}

TEST_F(ChannelsTest, AChannelThatAPartnerNamesStays) {
  ASSERT_OK(Create("v", Of(v1::Channel::VENDOR)));
  EXPECT_THAT(CreatePartner("p-1", "channels/none"), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(CreatePartner("p-1", "v"), Blames("partner.channel"));
  ASSERT_OK_AND_ASSIGN(const v1::Partner partner, CreatePartner("p-1", "channels/v"));
  EXPECT_EQ(partner.channel(), "channels/v");
  EXPECT_THAT(Delete("channels/v"), HasReason(Reason::kInUse));
  EXPECT_THAT(SetChannel("partners/p-1", "channels/none"), HasReason(Reason::kReferenceNotFound));
  ASSERT_OK(SetChannel("partners/p-1", ""));
  EXPECT_OK(Delete("channels/v"));
  EXPECT_THAT(SetChannel("partners/p-1", "channels/v"), HasReason(Reason::kReferenceNotFound));
}

// One removes a channel while others come to name it: either it is gone and nobody names it, or it is there.
TEST_F(ChannelsTest, NobodyIsLeftNamingAChannelThatIsGone) {
  for (int round = 0; round < 10; ++round) {
    const std::string id = StrCat("c-", round);
    ASSERT_OK(Create(id, Of(v1::Channel::VENDOR)));
    std::atomic<int> named = 0;
    absl::Status deleted;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        const auto made = i % 2 == 0
                              ? CreatePartner(StrCat("p-", round, "-", i), "channels/" + id).status()
                              : Create(StrCat(id, "-", i), Of(v1::Channel::DISTRIBUTOR, "channels/" + id)).status();
        if (made.ok()) {
          ++named;
        } else {
          EXPECT_THAT(made, HasReason(Reason::kReferenceNotFound));
        }
      });
    }
    threads.emplace_back([&] { deleted = Delete("channels/" + id); });
    for (std::thread& thread : threads) thread.join();
    if (deleted.ok()) {
      EXPECT_EQ(named, 0);
    } else {
      EXPECT_THAT(deleted, HasReason(Reason::kInUse));
      EXPECT_GT(named, 0);
    }
  }
}

TEST_F(ChannelsTest, TheAdvisorShowsEveryTerm) {
  ASSERT_OK(Create("v", Of(v1::Channel::VENDOR)));
  v1::RecommendRouteRequest request;
  request.set_product_line("productLines/bikes");
  request.set_product_complexity(8);
  request.set_customization(9);
  const auto ask = [&](rpc::Client& client) {
    return client.Call<v1::RouteRecommendation>(StrCat(kService, "RecommendRoute"), request);
  };
  ASSERT_OK_AND_ASSIGN(const auto advice, ask(*manager_));
  EXPECT_EQ(advice.recommended_type(), v1::Channel::DIRECT);
  EXPECT_FALSE(advice.certain());
  EXPECT_THAT(advice.existing_channels(), ElementsAre("channels/v"));
  ASSERT_THAT(advice.scores(), SizeIs(3));
  EXPECT_EQ(advice.scores(0).low(), 25 * 8 + 20 * 9);
  EXPECT_EQ(advice.scores(0).high(), 25 * 8 + 20 * 9 + 550);
  ASSERT_THAT(advice.scores(0).terms(), SizeIs(5));
  EXPECT_FALSE(advice.scores(0).terms(0).missing());
  EXPECT_EQ(advice.scores(0).terms(1).value(), 9);
  EXPECT_TRUE(advice.scores(0).terms(2).missing());
  EXPECT_EQ(advice.scores(0).terms(2).high(), 200);

  // A zero is known; a weight that is given makes the others zero.
  request.set_product_complexity(0);
  request.set_product_complexity_weight(100);
  ASSERT_OK_AND_ASSIGN(const auto edited, ask(*manager_));
  EXPECT_EQ(edited.recommended_type(), v1::Channel::INDIRECT);
  EXPECT_TRUE(edited.certain());
  EXPECT_EQ(edited.scores(0).low(), 1000);
  request.set_product_complexity_weight(99);
  EXPECT_THAT(ask(*manager_), Blames("product_complexity_weight"));
  request.set_product_complexity_weight(100);
  request.set_product_complexity(11);
  EXPECT_THAT(ask(*manager_), Blames("product_complexity"));
  request.set_product_complexity(1);
  request.set_product_line("bikes");
  EXPECT_THAT(ask(*manager_), Blames("product_line"));
  EXPECT_THAT(ask(*service_.UserOf("p-1")), HasReason(Reason::kPermissionDenied));
}

}  // namespace
}  // namespace tributary::partner
