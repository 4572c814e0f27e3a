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

// Those of the events whose payload is a Message, in their order; events of other types are passed over.
// MALFORMED_REQUEST: bytes that are none.
template <typename Message>
absl::StatusOr<std::vector<Message>> PayloadsOf(absl::Span<const Event> batch) {
  const std::string& type = Message::descriptor()->full_name();
  std::vector<Message> messages;
  for (const Event& event : batch) {
    if (event.type != type) continue;
    if (!messages.emplace_back().ParseFromString(event.payload)) {
      return Error(Reason::kMalformedRequest, StrCat(event.name, ": got bytes that are no ", type));
    }
  }
  return messages;
}

}  // namespace tributary::events
