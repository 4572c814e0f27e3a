#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "google/protobuf/empty.pb.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/webhooks/webhook_store.h"
#include "tributary/partner/v1/webhook_endpoint.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.WebhookEndpointService.
class WebhookEndpointService {
 public:
  // `tokens` outlives the service. `allow_loopback`: see CheckWebhookUrl.
  WebhookEndpointService(bool allow_loopback, const PageTokens& tokens)
      : allow_loopback_(allow_loopback), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetWebhookEndpointRequest& request,
                   v1::WebhookEndpoint* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListWebhookEndpointsRequest& request,
                    v1::ListWebhookEndpointsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateWebhookEndpointRequest& request,
                      v1::WebhookEndpoint* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateWebhookEndpointRequest& request,
                      v1::WebhookEndpoint* reply);
  absl::Status Delete(const rpc::Call& call, rpc::Unit& unit, const v1::DeleteWebhookEndpointRequest& request,
                      google::protobuf::Empty* reply);
  absl::Status Enable(const rpc::Call& call, rpc::Unit& unit, const v1::EnableWebhookEndpointRequest& request,
                      v1::WebhookEndpoint* reply);
  absl::Status Disable(const rpc::Call& call, rpc::Unit& unit, const v1::DisableWebhookEndpointRequest& request,
                       v1::WebhookEndpoint* reply);
  absl::Status RotateSecret(const rpc::Call& call, rpc::Unit& unit,
                            const v1::RotateWebhookEndpointSecretRequest& request, v1::WebhookEndpoint* reply);
  absl::Status Test(const rpc::Call& call, rpc::Unit& unit, const v1::TestWebhookEndpointRequest& request,
                    v1::WebhookDelivery* reply);

 private:
  // The endpoint that a verb is about, locked, with the etag that the caller wants.
  template <typename Request>
  absl::StatusOr<WebhookEndpoint> Load(rpc::Unit& unit, const Request& request) const;
  // What is wrong with what a caller set.
  absl::Status CheckTerms(const WebhookEndpoint& endpoint) const;
  // The end of every change: store, tell, reply.
  absl::Status Finish(rpc::Unit& unit, std::string_view verb, const WebhookEndpoint& endpoint,
                      v1::WebhookEndpoint* reply) const;

  const bool allow_loopback_;
  const PageTokens& tokens_;
  WebhookStore webhooks_;
  PartnerStore partners_;
};

}  // namespace tributary::partner
