#pragma once

// Notifications: that something happened which a partner should know. Pure values.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "common/time/date.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class NotificationTopic {
  kAgreementProposed = 1,
  kAgreementRenewalDue = 2,
  kAgreementTerminated = 3,
  kAgreementEnded = 4,
  kTerritoryGrantRevoked = 5,
  kLeadOffered = 6,
  kDocumentExpiring = 7,
  kDocumentExpired = 8,
  kTierPromoted = 9,
  kTierNoticed = 10,
  kTierDemoted = 11,
  kSupportRequestAnswered = 12,
  kEvaluationPublished = 13,
  kEvaluationNoticed = 14,
  kEvaluationConfirmed = 15,
  kEvaluationWithdrawn = 16,
  kSanctionCreated = 17,
  kSanctionLifted = 18,
  kSalesTargetMissed = 19,
  kWebhookEndpointDisabled = 20,
  kDealExpiring = 21,
  kCaseEscalated = 22,
};
inline constexpr NotificationTopic kFirstTopic = NotificationTopic::kAgreementProposed;
inline constexpr NotificationTopic kLastTopic = NotificationTopic::kCaseEscalated;
std::string_view NameOf(NotificationTopic topic);

struct Notification {
  std::string partner_id;
  int64_t number = 0;  // counted by partner, so that it tells nothing of others
  NotificationTopic topic = NotificationTopic::kAgreementProposed;
  std::string subject;  // resource name
  std::optional<Date> due;
  absl::Time create_time;  // of the event
  std::optional<absl::Time> read_time;

  std::string name() const;  // partners/{partner_id}/notifications/{number}
};

}  // namespace tributary::partner
