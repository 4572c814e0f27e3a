#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "google/protobuf/empty.pb.h"
#include "partner-service/channels/channel_store.h"
#include "tributary/partner/v1/channel.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.ChannelService.
class ChannelService {
 public:
  // `tokens` outlives the service.
  explicit ChannelService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetChannelRequest& request, v1::Channel* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListChannelsRequest& request,
                    v1::ListChannelsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateChannelRequest& request,
                      v1::Channel* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateChannelRequest& request,
                      v1::Channel* reply);
  absl::Status Delete(const rpc::Call& call, rpc::Unit& unit, const v1::DeleteChannelRequest& request,
                      google::protobuf::Empty* reply);
  absl::Status Recommend(const rpc::Call& call, rpc::Unit& unit, const v1::RecommendRouteRequest& request,
                         v1::RouteRecommendation* reply);

 private:
  const PageTokens& tokens_;
  ChannelStore channels_;
};

}  // namespace tributary::partner
