#pragma once

// Secrets of webhook endpoints and the signatures made by them, as the specification "Standard Webhooks" has it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::partner {

// "whsec_" and 32 random bytes in base64.
std::string NewWebhookSecret();

// "v1," + base64(HMAC-SHA256(key, id + "." + timestamp + "." + body)) for each secret, with spaces between; the key is
// what follows "whsec_" in base64.
std::string WebhookSignature(const std::vector<std::string>& secrets, std::string_view id, int64_t timestamp,
                             std::string_view body);

}  // namespace tributary::partner
