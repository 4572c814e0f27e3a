#pragma once

// Announcements on the wire.

#include <string_view>

#include "common/events/outbox.h"
#include "partner-service/announcements/announcement.h"
#include "tributary/partner/v1/announcement.pb.h"

namespace tributary::partner {

v1::Announcement ToProto(const Announcement& announcement);
// As a partner sees it: without its audience. The acknowledgement is the caller's to set.
v1::PartnerAnnouncement ToPartnerProto(const Announcement& announcement);
v1::AnnouncementReceipt ToProto(const Receipt& receipt);
// The content that callers may set.
Announcement FromProto(const v1::Announcement& announcement);
// For the feed.
events::EventDraft Told(std::string_view verb, const Announcement& announcement);
events::EventDraft Told(std::string_view verb, const Receipt& receipt);

}  // namespace tributary::partner
