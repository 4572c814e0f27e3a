#pragma once

// Contacts on the wire.

#include <string_view>

#include "common/events/outbox.h"
#include "partner-service/contacts/contact.h"
#include "tributary/partner/v1/contact.pb.h"

namespace tributary::partner {

// As Get and List show it: with the name, and the rest masked.
v1::Contact ToProto(const Contact& contact);
// Without personal data: what is kept with request ids and in the feed.
v1::Contact Pseudonymous(const Contact& contact);
// Whole, as callers give it: what an update's mask is applied to, never an answer.
v1::Contact Whole(const Contact& contact);
// The content that callers may set.
Contact FromProto(const v1::Contact& contact);
// For the feed, without personal data.
events::EventDraft Told(std::string_view verb, const Contact& contact);

}  // namespace tributary::partner
