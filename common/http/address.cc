#include "common/http/address.h"

#include <charconv>

#include "common/status/status.h"

namespace tributary::http {

absl::StatusOr<HostPort> ParseHostPort(std::string_view address) {
  const auto refused = [&] { return InvalidField("address", address, "host:port, as 127.0.0.1:8080 or [::1]:8080"); };
  const size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return refused();
  std::string_view host = address.substr(0, colon);
  const std::string_view port = address.substr(colon + 1);
  if (host.front() == '[') {
    if (host.size() < 3 || host.back() != ']') return refused();
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return refused();
  }
  HostPort result{std::string(host), 0};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), result.port);
  if (error != std::errc() || end != port.data() + port.size() || port.empty()) return refused();
  return result;
}

}  // namespace tributary::http
