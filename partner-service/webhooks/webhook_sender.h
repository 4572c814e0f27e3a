#pragma once

// Sends what waits for webhook endpoints.

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/time/clock.h"
#include "partner-service/webhooks/webhook_client.h"

namespace prometheus {
class Registry;
}

namespace tributary::partner {

struct WebhookSenderOptions {
  WebhookClientOptions client;
  int threads = 4;
  absl::Duration every = absl::Seconds(1);  // how often a thread without work looks
  // How much longer than an attempt an endpoint stays in the hand of who took it and has not been heard of since.
  absl::Duration lease_margin = absl::Seconds(10);
};

// Any number of processes may run one. An endpoint is in one hand at a time, by a lease in the database, and what is
// sent is its first delivery that waits: in order, at least once. Who dies leaves nothing but its lease, which runs
// out; who comes back after that finds that the lease is another's, and what it did is done again.
class WebhookSender {
 public:
  // All outlive it; `registry` may be null. `committed` is called when something was told to the feed.
  WebhookSender(mysql::Database& database, const Clock& clock, WebhookSenderOptions options,
                std::function<void()> committed, prometheus::Registry* registry);
  // Stops.
  ~WebhookSender();
  void Start();
  // Ends after the attempts under way.
  void Stop();
  // Makes the attempts that are due now, one endpoint after the other; how many there were. Safe beside the threads.
  absl::StatusOr<int> SendDue();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tributary::partner
