#pragma once

// Sends one webhook, by libcurl.

#include <string>

#include "absl/time/time.h"
#include "partner-service/webhooks/webhook_endpoint.h"

namespace tributary::partner {

struct WebhookClientOptions {
  absl::Duration connect_timeout = absl::Seconds(5);
  absl::Duration timeout = absl::Seconds(10);  // for the whole attempt
  size_t max_answer_bytes = 64 * 1024;         // no more of an answer is read
  bool allow_loopback = false;                 // for development: http and https to loopback addresses
};

// Thread-safe; each attempt has a connection of its own.
class WebhookClient {
 public:
  explicit WebhookClient(WebhookClientOptions options);

  // Posts the delivery's body, signed as of now. Blocks. A connection is made to a public address alone, which is
  // looked at as it is connected to (no name resolves twice), through no proxy; no redirect is followed.
  WebhookOutcome Post(const WebhookEndpoint& endpoint, const WebhookDelivery& delivery, absl::Time now) const;

  const WebhookClientOptions& options() const { return options_; }

 private:
  const WebhookClientOptions options_;
};

}  // namespace tributary::partner
