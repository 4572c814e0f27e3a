#pragma once

// Webhook endpoints, the deliveries to them, and the decisions about both. Pure values and decisions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "partner-service/notifications/notification.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class WebhookEndpointState { kEnabled = 1, kDisabled = 2, kFailed = 3 };
std::string_view NameOf(WebhookEndpointState state);
// As stored.
enum class WebhookDeliveryState { kPending = 1, kDelivered = 2 };

inline constexpr int kMostWebhookEndpoints = 20;  // of a partner
inline constexpr absl::Duration kSecretOverlap = absl::Hours(24);
// An endpoint that has failed for so long without a success is FAILED.
inline constexpr absl::Duration kGiveUpAfter = absl::Hours(24 * 5);
inline constexpr absl::Duration kDeliveriesKept = absl::Hours(24 * 30);

struct WebhookEndpoint {
  std::string partner_id;
  std::string id;
  Revision revision;
  WebhookEndpointState state = WebhookEndpointState::kEnabled;
  std::string display_name;
  std::string url;
  std::vector<NotificationTopic> topics;  // empty: all
  std::string secret;
  std::string previous_secret;  // empty where none signs as well
  std::optional<absl::Time> previous_secret_until;
  int failures = 0;  // attempts since the last success
  std::optional<absl::Time> failing_since;
  std::optional<absl::Time> last_success_time;
  int64_t last_number = 0;                      // of its deliveries
  std::optional<absl::Time> next_attempt_time;  // nullopt: nothing waits, or it is not sent to
  int64_t lease = 0;                            // counts those who have taken it in hand
  std::optional<absl::Time> lease_until;        // somebody has it in hand

  std::string name() const;  // partners/{partner_id}/webhookEndpoints/{id}
};

struct WebhookDelivery {
  std::string partner_id;
  std::string endpoint_id;
  int64_t number = 0;  // counted by endpoint
  Uuid uid;
  absl::Time create_time;
  WebhookDeliveryState state = WebhookDeliveryState::kPending;
  std::optional<NotificationTopic> topic;  // nullopt: a test
  std::optional<int64_t> notification;     // its number
  std::string body;
  int attempts = 0;
  std::optional<absl::Time> last_attempt_time;
  int status_code = 0;  // 0: no answer
  std::string error;
  std::optional<absl::Time> deliver_time;

  std::string name() const;  // partners/{partner_id}/webhookEndpoints/{endpoint_id}/deliveries/{number}
};

// How an attempt ended: an HTTP status, or 0 and why there is none.
struct WebhookOutcome {
  int status_code = 0;
  std::string error;

  bool delivered() const { return status_code >= 200 && status_code < 300; }
};

// Whether notifications of the topic go there.
bool Wants(const WebhookEndpoint& endpoint, NotificationTopic topic);

// The decisions. Each answers the endpoint as it is afterwards, or why not.
// Refused: not DISABLED or FAILED. What waits is due at once.
absl::StatusOr<WebhookEndpoint> Enable(const WebhookEndpoint& endpoint, absl::Time now);
// Refused: not ENABLED.
absl::StatusOr<WebhookEndpoint> Disable(const WebhookEndpoint& endpoint, absl::Time now);
// The secret before signs as well for kSecretOverlap.
WebhookEndpoint RotateSecret(const WebhookEndpoint& endpoint, std::string_view secret, absl::Time now);
// For what needs an ENABLED endpoint.
absl::Status CheckEnabled(const WebhookEndpoint& endpoint, std::string_view verb);
// The secrets that sign now, the latest first.
std::vector<std::string> SigningSecrets(const WebhookEndpoint& endpoint, absl::Time now);

// How long to wait after so many failures in a row, at least 1: 5 s doubled each time, an hour at most, of which
// `random` takes away up to a half.
absl::Duration Backoff(int failures, uint32_t random);

// An attempt of `delivery`, in hand until now, has ended. Both as they are afterwards; the endpoint, where it is still
// ENABLED, is due again: at once after a success, after Backoff otherwise, and FAILED (with another version) where it
// has failed for kGiveUpAfter.
struct WebhookAttempted {
  WebhookEndpoint endpoint;
  WebhookDelivery delivery;
};
WebhookAttempted Attempted(const WebhookEndpoint& endpoint, const WebhookDelivery& delivery,
                           const WebhookOutcome& outcome, uint32_t random, absl::Time now);

}  // namespace tributary::partner
