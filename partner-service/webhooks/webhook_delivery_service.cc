#include "partner-service/webhooks/webhook_delivery_service.h"

#include <optional>
#include <string>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "partner-service/webhooks/webhook_proto.h"

namespace tributary::partner {
namespace {
constexpr std::string_view kEndpoint = "partners/{partner}/webhookEndpoints/{webhook_endpoint}";
constexpr std::string_view kPattern = "partners/{partner}/webhookEndpoints/{webhook_endpoint}/deliveries/{delivery}";
}  // namespace

void WebhookDeliveryService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.WebhookDeliveryService", this)
      .Unary("GetWebhookDelivery", &WebhookDeliveryService::Get)
      .Unary("ListWebhookDeliveries", &WebhookDeliveryService::List)
      .Unary("RedeliverWebhookDelivery", &WebhookDeliveryService::Redeliver);
}

absl::StatusOr<v1::WebhookDelivery> WebhookDeliveryService::Shown(rpc::Unit& unit, const WebhookDelivery& delivery,
                                                                  const WebhookEndpoint& endpoint) const {
  ASSIGN_OR_RETURN(const std::optional<WebhookDelivery> first,
                   webhooks_.FirstPending(unit.sql(), endpoint.partner_id, endpoint.id));
  return ToProto(delivery, endpoint, first.has_value() && first->number == delivery.number);
}

absl::Status WebhookDeliveryService::Get(const rpc::Call&, rpc::Unit& unit,
                                         const v1::GetWebhookDeliveryRequest& request, v1::WebhookDelivery* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const WebhookDelivery delivery, webhooks_.GetDelivery(unit.sql(), ids[0], ids[1], ids[2]));
  ASSIGN_OR_RETURN(const WebhookEndpoint endpoint, webhooks_.Get(unit.sql(), ids[0], ids[1]));
  ASSIGN_OR_RETURN(*reply, Shown(unit, delivery, endpoint));
  return absl::OkStatus();
}

absl::Status WebhookDeliveryService::List(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::ListWebhookDeliveriesRequest& request,
                                          v1::ListWebhookDeliveriesResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.parent(), kEndpoint, "parent"));
  ASSIGN_OR_RETURN(const WebhookEndpoint endpoint, webhooks_.Get(unit.sql(), ids[0], ids[1]));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, WebhookStore::DeliveryFields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<WebhookDelivery> deliveries, webhooks_.ListDeliveries(unit.sql(), ids[0], ids[1], page));
  reply->set_next_page_token(
      page.Cut(&deliveries, [](const WebhookDelivery& last) { return std::vector{StrCat(last.number)}; }));
  ASSIGN_OR_RETURN(const std::optional<WebhookDelivery> first, webhooks_.FirstPending(unit.sql(), ids[0], ids[1]));
  for (const WebhookDelivery& delivery : deliveries) {
    *reply->add_deliveries() = ToProto(delivery, endpoint, first.has_value() && first->number == delivery.number);
  }
  return absl::OkStatus();
}

absl::Status WebhookDeliveryService::Redeliver(const rpc::Call& call, rpc::Unit& unit,
                                               const v1::RedeliverWebhookDeliveryRequest& request,
                                               v1::WebhookDelivery* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(WebhookEndpoint endpoint, webhooks_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  ASSIGN_OR_RETURN(WebhookDelivery delivery, webhooks_.GetDelivery(unit.sql(), ids[0], ids[1], ids[2]));
  RETURN_IF_ERROR(CheckEnabled(endpoint, "redeliver"));
  delivery.state = WebhookDeliveryState::kPending;
  delivery.deliver_time.reset();
  endpoint.next_attempt_time = call.now;
  RETURN_IF_ERROR(webhooks_.PutDelivery(unit.sql(), delivery));
  RETURN_IF_ERROR(webhooks_.Put(unit.sql(), endpoint));
  ASSIGN_OR_RETURN(*reply, Shown(unit, delivery, endpoint));
  return absl::OkStatus();
}

}  // namespace tributary::partner
