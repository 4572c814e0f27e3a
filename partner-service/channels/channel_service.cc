#include "partner-service/channels/channel_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "partner-service/channels/channel_proto.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kPattern = "channels/{channel}";
constexpr int kExistingShown = 1000;

}  // namespace

void ChannelService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.ChannelService", this)
      .Unary("GetChannel", &ChannelService::Get)
      .Unary("ListChannels", &ChannelService::List)
      .Unary("CreateChannel", &ChannelService::Create)
      .Unary("UpdateChannel", &ChannelService::Update)
      .Unary("DeleteChannel", &ChannelService::Delete)
      .Unary("RecommendRoute", &ChannelService::Recommend);
}

absl::Status ChannelService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetChannelRequest& request,
                                 v1::Channel* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Channel channel, channels_.Get(unit.sql(), ids[0]));
  *reply = ToProto(channel);
  return absl::OkStatus();
}

absl::Status ChannelService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListChannelsRequest& request,
                                  v1::ListChannelsResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, ChannelStore::Fields(), ""));
  ASSIGN_OR_RETURN(std::vector<Channel> channels, channels_.List(unit.sql(), page));
  reply->set_next_page_token(page.Cut(&channels, [](const Channel& last) { return std::vector{last.id}; }));
  for (const Channel& channel : channels) *reply->add_channels() = ToProto(channel);
  return absl::OkStatus();
}

absl::Status ChannelService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateChannelRequest& request,
                                    v1::Channel* reply) {
  auto content = FromProto(request.channel());
  if (!content.ok()) return AtField(content.status(), "channel");
  Channel channel = *std::move(content);
  channel.revision = Revision::First(call.now);
  channel.id = request.channel_id().empty() ? channel.revision.uid.ToString() : request.channel_id();
  ASSIGN_OR_RETURN(const std::optional<Channel> parent, channels_.HoldParent(unit.sql(), channel.parent_channel));
  RETURN_IF_ERROR(AtField(CheckPlace(channel, parent), "channel"));
  RETURN_IF_ERROR(channels_.Create(unit.sql(), channel));
  unit.Emit(Told("created", channel));
  *reply = ToProto(channel);
  return absl::OkStatus();
}

absl::Status ChannelService::Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateChannelRequest& request,
                                    v1::Channel* reply) {
  static const std::vector<std::string_view> kMayChange = {"display_name", "type", "route", "parent_channel",
                                                           "required_documents"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.channel().name(), kPattern, "channel.name"));
  ASSIGN_OR_RETURN(const Channel read, channels_.Get(unit.sql(), ids[0]));
  v1::Channel merged = ToProto(read);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.channel(), &merged, kMayChange));
  const auto content = FromProto(merged);
  if (!content.ok()) return AtField(content.status(), "channel");
  ASSIGN_OR_RETURN(const std::optional<Channel> parent, channels_.HoldParent(unit.sql(), content->parent_channel));
  ASSIGN_OR_RETURN(const Channel channel, channels_.GetForUpdate(unit.sql(), read.id));
  RETURN_IF_ERROR(CheckEtag(channel.name(), request.channel().etag(), channel.revision.version));
  if (channel.revision != read.revision)
    return unit.sql().RunAgain("the channel changed while its parent was looked up");
  ASSIGN_OR_RETURN(const ChannelUse use, channels_.UseOf(unit.sql(), channel));
  const auto changed = partner::Change(channel, *content, parent, use, call.now);
  if (!changed.ok()) return AtField(changed.status(), "channel");
  RETURN_IF_ERROR(channels_.Update(unit.sql(), *changed));
  unit.Emit(Told("updated", *changed));
  *reply = ToProto(*changed);
  return absl::OkStatus();
}

absl::Status ChannelService::Delete(const rpc::Call&, rpc::Unit& unit, const v1::DeleteChannelRequest& request,
                                    google::protobuf::Empty*) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Channel channel, channels_.GetForUpdate(unit.sql(), ids[0]));
  RETURN_IF_ERROR(CheckEtag(channel.name(), request.etag(), channel.revision.version));
  ASSIGN_OR_RETURN(const ChannelUse use, channels_.UseOf(unit.sql(), channel));
  RETURN_IF_ERROR(CheckUnused(channel, use));
  RETURN_IF_ERROR(channels_.Delete(unit.sql(), channel));
  unit.Emit(Told("deleted", channel));
  return absl::OkStatus();
}

absl::Status ChannelService::Recommend(const rpc::Call&, rpc::Unit& unit, const v1::RecommendRouteRequest& request,
                                       v1::RouteRecommendation* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.product_line(), "productLines/{product_line}", "product_line"));
  ASSIGN_OR_RETURN(const RouteAdvice advice, AdviseRoute(FromProto(request)));
  ASSIGN_OR_RETURN(const std::vector<std::string> existing,
                   channels_.OfProductLine(unit.sql(), request.product_line(), kExistingShown));
  *reply = ToProto(advice);
  for (const std::string& name : existing) reply->add_existing_channels(name);
  return absl::OkStatus();
}

}  // namespace tributary::partner
