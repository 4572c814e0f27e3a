#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/webhooks/webhook_store.h"
#include "tributary/partner/v1/webhook_delivery.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.WebhookDeliveryService.
class WebhookDeliveryService {
 public:
  // `tokens` outlives the service.
  explicit WebhookDeliveryService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetWebhookDeliveryRequest& request,
                   v1::WebhookDelivery* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListWebhookDeliveriesRequest& request,
                    v1::ListWebhookDeliveriesResponse* reply);
  absl::Status Redeliver(const rpc::Call& call, rpc::Unit& unit, const v1::RedeliverWebhookDeliveryRequest& request,
                         v1::WebhookDelivery* reply);

 private:
  // As it is shown, beside its endpoint.
  absl::StatusOr<v1::WebhookDelivery> Shown(rpc::Unit& unit, const WebhookDelivery& delivery,
                                            const WebhookEndpoint& endpoint) const;

  const PageTokens& tokens_;
  WebhookStore webhooks_;
};

}  // namespace tributary::partner
