#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tributary::http {

struct HostPort {
  std::string host;  // without brackets
  uint16_t port = 0;
};

// "127.0.0.1:8080", "localhost:8080", "[::1]:8080". INVALID_ARGUMENT for anything else.
absl::StatusOr<HostPort> ParseHostPort(std::string_view address);

}  // namespace tributary::http
