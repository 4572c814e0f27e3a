#pragma once

// Notifications on the wire, and out of the feed's events.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "partner-service/notifications/notification.h"
#include "tributary/partner/v1/notification.pb.h"

namespace tributary::partner {

v1::Notification ToProto(const Notification& notification);
// For the feed.
events::EventDraft Told(std::string_view verb, const Notification& notification);

// The payloads of the events that notifications are made of: of the own feed, and of conflict-service's.
const std::vector<std::string>& NoticedPayloads();
const std::vector<std::string>& NoticedConflictPayloads();
// What a partner should know of an event, without a number; nullopt where nothing. INTERNAL: it cannot be read.
absl::StatusOr<std::optional<Notification>> NotificationOf(const events::Event& event);

}  // namespace tributary::partner
