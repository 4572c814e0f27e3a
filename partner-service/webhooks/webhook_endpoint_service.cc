#include "partner-service/webhooks/webhook_endpoint_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "partner-service/refusals/refusals.h"
#include "partner-service/webhooks/webhook_address.h"
#include "partner-service/webhooks/webhook_proto.h"
#include "partner-service/webhooks/webhook_signature.h"

namespace tributary::partner {
namespace {
constexpr std::string_view kEndpointPattern = "partners/{partner}/webhookEndpoints/{webhook_endpoint}";
}  // namespace

void WebhookEndpointService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.WebhookEndpointService", this)
      .Unary("GetWebhookEndpoint", &WebhookEndpointService::Get)
      .Unary("ListWebhookEndpoints", &WebhookEndpointService::List)
      .Unary("CreateWebhookEndpoint", &WebhookEndpointService::Create)
      .Unary("UpdateWebhookEndpoint", &WebhookEndpointService::Update)
      .Unary("DeleteWebhookEndpoint", &WebhookEndpointService::Delete)
      .Unary("EnableWebhookEndpoint", &WebhookEndpointService::Enable)
      .Unary("DisableWebhookEndpoint", &WebhookEndpointService::Disable)
      .Unary("RotateWebhookEndpointSecret", &WebhookEndpointService::RotateSecret)
      .Unary("TestWebhookEndpoint", &WebhookEndpointService::Test);
}

template <typename Request>
absl::StatusOr<WebhookEndpoint> WebhookEndpointService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kEndpointPattern));
  ASSIGN_OR_RETURN(WebhookEndpoint endpoint, webhooks_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  if constexpr (requires { request.etag(); }) {
    RETURN_IF_ERROR(CheckEtag(endpoint.name(), request.etag(), endpoint.revision.version));
  }
  return endpoint;
}

absl::Status WebhookEndpointService::CheckTerms(const WebhookEndpoint& endpoint) const {
  std::vector<FieldViolation> violations;
  CheckOneLine("display_name", endpoint.display_name, &violations);
  const absl::Status url = AtField(CheckWebhookUrl(endpoint.url, allow_loopback_), "url");
  for (const FieldViolation& violation : DetailOf(url).violations) violations.push_back(violation);
  return AllOf(std::move(violations));
}

absl::Status WebhookEndpointService::Finish(rpc::Unit& unit, std::string_view verb, const WebhookEndpoint& endpoint,
                                            v1::WebhookEndpoint* reply) const {
  RETURN_IF_ERROR(webhooks_.Put(unit.sql(), endpoint));
  unit.Emit(Told(verb, endpoint));
  *reply = ToProto(endpoint);
  return absl::OkStatus();
}

absl::Status WebhookEndpointService::Get(const rpc::Call&, rpc::Unit& unit,
                                         const v1::GetWebhookEndpointRequest& request, v1::WebhookEndpoint* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kEndpointPattern));
  ASSIGN_OR_RETURN(const WebhookEndpoint endpoint, webhooks_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(endpoint);
  return absl::OkStatus();
}

absl::Status WebhookEndpointService::List(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::ListWebhookEndpointsRequest& request,
                                          v1::ListWebhookEndpointsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, WebhookStore::EndpointFields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<WebhookEndpoint> endpoints, webhooks_.List(unit.sql(), partner_id, page));
  reply->set_next_page_token(page.Cut(&endpoints, [](const WebhookEndpoint& last) {
    return std::vector{last.partner_id, last.id};
  }));
  for (const WebhookEndpoint& endpoint : endpoints) *reply->add_webhook_endpoints() = ToProto(endpoint);
  return absl::OkStatus();
}

absl::Status WebhookEndpointService::Create(const rpc::Call& call, rpc::Unit& unit,
                                            const v1::CreateWebhookEndpointRequest& request,
                                            v1::WebhookEndpoint* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), ids.front()));
  RETURN_IF_ERROR(CheckOpen(partner, "createWebhookEndpoint"));
  WebhookEndpoint endpoint = FromProto(request.webhook_endpoint());
  endpoint.partner_id = partner.id;
  endpoint.revision = Revision::First(call.now);
  endpoint.id =
      request.webhook_endpoint_id().empty() ? endpoint.revision.uid.ToString() : request.webhook_endpoint_id();
  endpoint.secret = NewWebhookSecret();
  RETURN_IF_ERROR(AtField(CheckTerms(endpoint), "webhook_endpoint"));
  RETURN_IF_ERROR(webhooks_.Create(unit.sql(), endpoint));
  ASSIGN_OR_RETURN(const int64_t count, webhooks_.CountOf(unit.sql(), partner.id));
  if (count > kMostWebhookEndpoints) {
    return Error(Reason::kStateConflict, StrCat("parent: got ", count - 1, " endpoints of partners/", partner.id,
                                                " already, want at most ", kMostWebhookEndpoints, " in all"));
  }
  unit.Emit(Told("created", endpoint));
  *reply = ToProto(endpoint);
  reply->set_secret(endpoint.secret);
  return absl::OkStatus();
}

absl::Status WebhookEndpointService::Update(const rpc::Call& call, rpc::Unit& unit,
                                            const v1::UpdateWebhookEndpointRequest& request,
                                            v1::WebhookEndpoint* reply) {
  static const std::vector<std::string_view> kMayChange = {"display_name", "url", "topics"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.webhook_endpoint().name(), kEndpointPattern, "webhook_endpoint.name"));
  ASSIGN_OR_RETURN(WebhookEndpoint endpoint, webhooks_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(endpoint.name(), request.webhook_endpoint().etag(), endpoint.revision.version));
  v1::WebhookEndpoint merged = ToProto(endpoint);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.webhook_endpoint(), &merged, kMayChange));
  WebhookEndpoint content = FromProto(merged);
  RETURN_IF_ERROR(AtField(CheckTerms(content), "webhook_endpoint"));
  endpoint.display_name = std::move(content.display_name);
  endpoint.url = std::move(content.url);
  endpoint.topics = std::move(content.topics);
  endpoint.revision = endpoint.revision.Next(call.now);
  return Finish(unit, "updated", endpoint, reply);
}

absl::Status WebhookEndpointService::Delete(const rpc::Call&, rpc::Unit& unit,
                                            const v1::DeleteWebhookEndpointRequest& request, google::protobuf::Empty*) {
  ASSIGN_OR_RETURN(const WebhookEndpoint endpoint, Load(unit, request));
  RETURN_IF_ERROR(webhooks_.Delete(unit.sql(), endpoint));
  unit.Emit(Told("deleted", endpoint));
  return absl::OkStatus();
}

absl::Status WebhookEndpointService::Enable(const rpc::Call& call, rpc::Unit& unit,
                                            const v1::EnableWebhookEndpointRequest& request,
                                            v1::WebhookEndpoint* reply) {
  ASSIGN_OR_RETURN(const WebhookEndpoint endpoint, Load(unit, request));
  ASSIGN_OR_RETURN(const WebhookEndpoint enabled, partner::Enable(endpoint, call.now));
  return Finish(unit, "enabled", enabled, reply);
}

absl::Status WebhookEndpointService::Disable(const rpc::Call& call, rpc::Unit& unit,
                                             const v1::DisableWebhookEndpointRequest& request,
                                             v1::WebhookEndpoint* reply) {
  ASSIGN_OR_RETURN(const WebhookEndpoint endpoint, Load(unit, request));
  ASSIGN_OR_RETURN(const WebhookEndpoint disabled, partner::Disable(endpoint, call.now));
  return Finish(unit, "disabled", disabled, reply);
}

absl::Status WebhookEndpointService::RotateSecret(const rpc::Call& call, rpc::Unit& unit,
                                                  const v1::RotateWebhookEndpointSecretRequest& request,
                                                  v1::WebhookEndpoint* reply) {
  ASSIGN_OR_RETURN(const WebhookEndpoint endpoint, Load(unit, request));
  const WebhookEndpoint rotated = partner::RotateSecret(endpoint, NewWebhookSecret(), call.now);
  RETURN_IF_ERROR(Finish(unit, "updated", rotated, reply));
  reply->set_secret(rotated.secret);
  return absl::OkStatus();
}

absl::Status WebhookEndpointService::Test(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::TestWebhookEndpointRequest& request, v1::WebhookDelivery* reply) {
  ASSIGN_OR_RETURN(WebhookEndpoint endpoint, Load(unit, request));
  RETURN_IF_ERROR(CheckEnabled(endpoint, "test"));
  ASSIGN_OR_RETURN(const WebhookDelivery delivery,
                   webhooks_.Enqueue(unit.sql(), endpoint, {.body = TestBody(call.now)}, call.now));
  if (!endpoint.next_attempt_time.has_value()) endpoint.next_attempt_time = call.now;
  ASSIGN_OR_RETURN(const auto first, webhooks_.FirstPending(unit.sql(), endpoint.partner_id, endpoint.id));
  *reply = ToProto(delivery, endpoint, first.has_value() && first->number == delivery.number);
  return absl::OkStatus();
}

}  // namespace tributary::partner
