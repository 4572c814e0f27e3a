#pragma once

// Which addresses webhooks may be sent to. Pure.

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace tributary::partner {

// An IPv4 or IPv6 address of 4 or 16 bytes in network order is of the public Internet: no private, shared, link-local,
// loopback, multicast, reserved, documentation or benchmarking network (IANA special-purpose registries), of IPv6 none
// outside 2000::/3 and no network in it that carries IPv4 addresses (6to4, Teredo).
bool IsPublicAddress(std::string_view bytes);
// 127.0.0.0/8, ::1.
bool IsLoopbackAddress(std::string_view bytes);

// INVALID_FIELD without a field name: not https://host[:port]/path[?query] as libcurl reads it, with a user, a
// fragment, or a literal address that is not public. With `allow_loopback`, for development, http:// and https:// to
// "localhost" and loopback addresses, too.
absl::Status CheckWebhookUrl(const std::string& url, bool allow_loopback);

}  // namespace tributary::partner
