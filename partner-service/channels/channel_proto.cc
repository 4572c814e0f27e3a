#include "partner-service/channels/channel_proto.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "partner-service/documents/document_proto.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {

v1::Channel ToProto(const Channel& channel) {
  v1::Channel out;
  out.set_name(channel.name());
  PutRevision(channel.revision, &out);
  out.set_display_name(channel.display_name);
  out.set_type(static_cast<v1::Channel::Type>(channel.type));
  out.set_route(static_cast<v1::Channel::Route>(channel.route));
  out.set_level(static_cast<v1::Channel::Level>(channel.level));
  out.set_parent_channel(channel.parent_channel);
  out.set_product_line(channel.product_line);
  for (const DocumentKind kind : channel.required_documents) {
    out.add_required_documents(static_cast<v1::Document::Kind>(kind));
  }
  return out;
}

absl::StatusOr<Channel> FromProto(const v1::Channel& channel) {
  if (!channel.parent_channel().empty()) {
    RETURN_IF_ERROR(ParseResourceName(channel.parent_channel(), "channels/{channel}", "parent_channel"));
  }
  RETURN_IF_ERROR(ParseResourceName(channel.product_line(), "productLines/{product_line}", "product_line"));
  ASSIGN_OR_RETURN(std::vector<DocumentKind> required,
                   KindsFromProto(channel.required_documents(), "required_documents"));
  return Channel{.display_name = channel.display_name(),
                 .type = static_cast<ChannelType>(channel.type()),
                 .route = static_cast<ChannelRoute>(channel.route()),
                 .level = static_cast<ChannelLevel>(channel.level()),
                 .parent_channel = channel.parent_channel(),
                 .product_line = channel.product_line(),
                 .required_documents = std::move(required)};
}

events::EventDraft Told(std::string_view verb, const Channel& channel) {
  return events::Draft(channel.name(), verb, channel.name(), ToProto(channel));
}

RouteFactors FromProto(const v1::RecommendRouteRequest& request) {
  RouteFactors factors = {{
      {"product_complexity", request.product_complexity_weight()},
      {"customization", request.customization_weight()},
      {"market_concentration", request.market_concentration_weight()},
      {"own_resources", request.own_resources_weight()},
      {"strategic_control", request.strategic_control_weight()},
  }};
  const bool weighted = request.has_product_complexity_weight() || request.has_customization_weight() ||
                        request.has_market_concentration_weight() || request.has_own_resources_weight() ||
                        request.has_strategic_control_weight();
  for (size_t i = 0; i < factors.size() && !weighted; ++i) factors[i].weight = kRouteWeights[i];
  if (request.has_product_complexity()) factors[0].value = request.product_complexity();
  if (request.has_customization()) factors[1].value = request.customization();
  if (request.has_market_concentration()) factors[2].value = request.market_concentration();
  if (request.has_own_resources()) factors[3].value = request.own_resources();
  if (request.has_strategic_control()) factors[4].value = request.strategic_control();
  return factors;
}

v1::RouteRecommendation ToProto(const RouteAdvice& advice) {
  v1::RouteRecommendation out;
  if (advice.recommended.has_value()) out.set_recommended_type(static_cast<v1::Channel::Type>(*advice.recommended));
  out.set_certain(advice.certain);
  for (const RouteScore& score : advice.scores) {
    auto* shown = out.add_scores();
    shown->set_type(static_cast<v1::Channel::Type>(score.type));
    shown->set_low(score.low);
    shown->set_high(score.high);
    for (const RouteTerm& term : score.terms) {
      auto* part = shown->add_terms();
      part->set_factor(std::string(term.factor));
      part->set_weight(term.weight);
      part->set_value(term.value.value_or(0));
      part->set_missing(!term.value.has_value());
      part->set_low(term.low);
      part->set_high(term.high);
    }
  }
  return out;
}

}  // namespace tributary::partner
