#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/http/message.h"

namespace tributary::http {

// One request over a connection of its own; blocks until the whole answer is there. `address` is host:port. Host,
// Content-Length and Connection are set here. UNAVAILABLE where nobody listens or the connection breaks,
// DEADLINE_EXCEEDED after `timeout`. For tools and tests: no TLS, answers up to 64 MiB.
absl::StatusOr<Response> Fetch(const std::string& address, const Request& request,
                               absl::Duration timeout = absl::Seconds(10));

}  // namespace tributary::http
