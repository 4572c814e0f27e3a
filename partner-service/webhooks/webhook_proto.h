#pragma once

// Webhook endpoints and deliveries on the wire, and the bodies that are sent.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/webhooks/webhook_endpoint.h"
#include "tributary/partner/v1/webhook_delivery.pb.h"
#include "tributary/partner/v1/webhook_endpoint.pb.h"

namespace tributary::partner {

// Without its secret.
v1::WebhookEndpoint ToProto(const WebhookEndpoint& endpoint);
// What callers may set.
WebhookEndpoint FromProto(const v1::WebhookEndpoint& endpoint);
// `first_pending`: nothing that waits is before it.
v1::WebhookDelivery ToProto(const WebhookDelivery& delivery, const WebhookEndpoint& endpoint, bool first_pending);

// What is sent: {"type": ..., "timestamp": ..., "data": ...}.
std::string BodyOf(const Notification& notification);
std::string TestBody(absl::Time now);

// For the feed.
events::EventDraft Told(std::string_view verb, const WebhookEndpoint& endpoint);

}  // namespace tributary::partner
