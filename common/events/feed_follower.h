#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/events/feed.h"

namespace tributary::events {

// Calls `follow` with every event of the types from the beginning on, then with what comes, until the feed stops. Calls
// `reached` once: OK when what was there at the start has been told, else why that will not be.
void RunFollower(Feed& feed, const std::vector<std::string>& types, const std::function<void(const Event&)>& follow,
                 const std::function<void(absl::Status)>& reached);

}  // namespace tributary::events
