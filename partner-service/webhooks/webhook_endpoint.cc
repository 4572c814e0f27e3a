#include "partner-service/webhooks/webhook_endpoint.h"

#include <algorithm>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::partner {

std::string_view NameOf(WebhookEndpointState state) {
  switch (state) {
    case WebhookEndpointState::kEnabled:
      return "ENABLED";
    case WebhookEndpointState::kDisabled:
      return "DISABLED";
    case WebhookEndpointState::kFailed:
      return "FAILED";
  }
  return "STATE_UNSPECIFIED";
}

std::string WebhookEndpoint::name() const { return StrCat("partners/", partner_id, "/webhookEndpoints/", id); }

std::string WebhookDelivery::name() const {
  return StrCat("partners/", partner_id, "/webhookEndpoints/", endpoint_id, "/deliveries/", number);
}

bool Wants(const WebhookEndpoint& endpoint, NotificationTopic topic) {
  return endpoint.topics.empty() ||
         std::find(endpoint.topics.begin(), endpoint.topics.end(), topic) != endpoint.topics.end();
}

absl::StatusOr<WebhookEndpoint> Enable(const WebhookEndpoint& endpoint, absl::Time now) {
  if (endpoint.state == WebhookEndpointState::kEnabled) {
    return WrongState(endpoint.name(), "enable", NameOf(endpoint.state), "DISABLED or FAILED");
  }
  WebhookEndpoint next = endpoint;
  next.state = WebhookEndpointState::kEnabled;
  next.failures = 0;
  next.failing_since.reset();
  next.next_attempt_time = now;
  next.revision = endpoint.revision.Next(now);
  return next;
}

absl::StatusOr<WebhookEndpoint> Disable(const WebhookEndpoint& endpoint, absl::Time now) {
  RETURN_IF_ERROR(CheckEnabled(endpoint, "disable"));
  WebhookEndpoint next = endpoint;
  next.state = WebhookEndpointState::kDisabled;
  next.next_attempt_time.reset();
  next.revision = endpoint.revision.Next(now);
  return next;
}

WebhookEndpoint RotateSecret(const WebhookEndpoint& endpoint, std::string_view secret, absl::Time now) {
  WebhookEndpoint next = endpoint;
  next.previous_secret = endpoint.secret;
  next.previous_secret_until = now + kSecretOverlap;
  next.secret = std::string(secret);
  next.revision = endpoint.revision.Next(now);
  return next;
}

absl::Status CheckEnabled(const WebhookEndpoint& endpoint, std::string_view verb) {
  if (endpoint.state == WebhookEndpointState::kEnabled) return absl::OkStatus();
  return WrongState(endpoint.name(), verb, NameOf(endpoint.state), "ENABLED");
}

std::vector<std::string> SigningSecrets(const WebhookEndpoint& endpoint, absl::Time now) {
  std::vector<std::string> secrets = {endpoint.secret};
  if (endpoint.previous_secret_until.has_value() && now < *endpoint.previous_secret_until) {
    secrets.push_back(endpoint.previous_secret);
  }
  return secrets;
}

absl::Duration Backoff(int failures, uint32_t random) {
  constexpr int64_t kFirst = 5000000, kMost = 3600000000;  // microseconds
  const int64_t whole = std::min(kMost, kFirst << std::min(failures - 1, 20));
  return absl::Microseconds(whole - (whole / 2 >> 10) * (random >> 22));
}

WebhookAttempted Attempted(const WebhookEndpoint& endpoint, const WebhookDelivery& delivery,
                           const WebhookOutcome& outcome, uint32_t random, absl::Time now) {
  WebhookAttempted after{endpoint, delivery};
  after.delivery.attempts += 1;
  after.delivery.last_attempt_time = now;
  after.delivery.status_code = outcome.status_code;
  after.delivery.error = outcome.error;
  after.endpoint.lease_until.reset();
  const bool enabled = endpoint.state == WebhookEndpointState::kEnabled;
  if (outcome.delivered()) {
    after.delivery.state = WebhookDeliveryState::kDelivered;
    after.delivery.deliver_time = now;
    after.endpoint.failures = 0;
    after.endpoint.failing_since.reset();
    after.endpoint.last_success_time = now;
    if (enabled) after.endpoint.next_attempt_time = now;
    return after;
  }
  if (!enabled) return after;
  after.endpoint.failures += 1;
  if (!endpoint.failing_since.has_value()) after.endpoint.failing_since = now;
  after.endpoint.next_attempt_time = now + Backoff(after.endpoint.failures, random);
  if (now - *after.endpoint.failing_since >= kGiveUpAfter) {
    after.endpoint.state = WebhookEndpointState::kFailed;
    after.endpoint.next_attempt_time.reset();
    after.endpoint.revision = endpoint.revision.Next(now);
  }
  return after;
}

}  // namespace tributary::partner
