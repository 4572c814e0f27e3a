#pragma once

// Payloads of events, as messages.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::events {

// The event's payload. MALFORMED_REQUEST: bytes that are no Message.
template <typename Message>
absl::StatusOr<Message> PayloadOf(const Event& event) {
  Message message;
  if (message.ParseFromString(event.payload)) return message;
  return Error(Reason::kMalformedRequest,
               StrCat(event.name, ": got bytes that are no ", Message::descriptor()->full_name()));
}

// Those of the events whose payload is a Message, in their order; events of other types are passed over.
// MALFORMED_REQUEST likewise.
template <typename Message>
absl::StatusOr<std::vector<Message>> PayloadsOf(absl::Span<const Event> batch) {
  const std::string& type = Message::descriptor()->full_name();
  std::vector<Message> messages;
  for (const Event& event : batch) {
    if (event.type != type) continue;
    ASSIGN_OR_RETURN(messages.emplace_back(), PayloadOf<Message>(event));
  }
  return messages;
}

}  // namespace tributary::events
