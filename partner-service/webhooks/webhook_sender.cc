#include "partner-service/webhooks/webhook_sender.h"

#include <openssl/rand.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/rpc/call.h"
#include "common/rpc/lookout.h"
#include "common/status/status.h"
#include "partner-service/webhooks/webhook_proto.h"
#include "partner-service/webhooks/webhook_store.h"
#include "prometheus/counter.h"
#include "prometheus/registry.h"
#include "spdlog/spdlog.h"

namespace tributary::partner {
namespace {

constexpr int kLookAt = 50;      // endpoints that are read at once
constexpr int kInARow = 100;     // deliveries of an endpoint before another's turn
constexpr int kPurgeEvery = 50;  // deliveries of an endpoint

uint32_t Random() {
  uint32_t random = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&random), sizeof random);
  return random;
}

// What a thread has in hand.
struct Taken {
  WebhookEndpoint endpoint;
  WebhookDelivery delivery;
};

}  // namespace

struct WebhookSender::State {
  mysql::Database& database;
  const Clock& clock;
  const WebhookSenderOptions options;
  const std::function<void()> committed;
  const WebhookClient client;
  prometheus::Counter* delivered = nullptr;
  prometheus::Counter* failed = nullptr;
  const WebhookStore webhooks;
  rpc::Lookout lookout;

  absl::Time Now() const { return absl::FromUnixMicros(absl::ToUnixMicros(clock.Now())); }

  // The first delivery that waits for an endpoint, which is in our hand then; nullopt where there is none, or it is in
  // another's.
  absl::StatusOr<std::optional<Taken>> Take(const std::string& partner_id, const std::string& id) {
    std::optional<Taken> taken;
    RETURN_IF_ERROR(database.Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      taken.reset();
      auto found = webhooks.GetForUpdate(sql, partner_id, id);
      if (absl::IsNotFound(found.status())) return absl::OkStatus();
      ASSIGN_OR_RETURN(WebhookEndpoint endpoint, std::move(found));
      const absl::Time now = Now();
      if (!endpoint.next_attempt_time.has_value() || now < *endpoint.next_attempt_time) return absl::OkStatus();
      if (endpoint.lease_until.has_value() && now < *endpoint.lease_until) return absl::OkStatus();
      ASSIGN_OR_RETURN(const std::optional<WebhookDelivery> first, webhooks.FirstPending(sql, partner_id, id));
      if (first.has_value()) {
        endpoint.lease += 1;
        endpoint.lease_until = now + options.client.timeout + options.lease_margin;
        taken = Taken{endpoint, *first};
      } else {
        endpoint.next_attempt_time.reset();
        endpoint.lease_until.reset();
      }
      return webhooks.Put(sql, endpoint);
    }));
    return taken;
  }

  // Keeps how an attempt ended, unless the endpoint has passed into another's hand.
  absl::Status Keep(const Taken& taken, const WebhookOutcome& outcome) {
    bool told = false;
    const uint32_t random = Random();
    RETURN_IF_ERROR(database.Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      told = false;
      const WebhookEndpoint& had = taken.endpoint;
      auto found = webhooks.GetForUpdate(sql, had.partner_id, had.id);
      // It was deleted meanwhile.
      if (absl::IsNotFound(found.status())) return absl::OkStatus();
      ASSIGN_OR_RETURN(const WebhookEndpoint endpoint, std::move(found));
      if (endpoint.revision.uid != had.revision.uid || endpoint.lease != had.lease) return absl::OkStatus();
      const absl::Time now = Now();
      const WebhookAttempted after = Attempted(endpoint, taken.delivery, outcome, random, now);
      RETURN_IF_ERROR(webhooks.Put(sql, after.endpoint));
      RETURN_IF_ERROR(webhooks.PutDelivery(sql, after.delivery));
      if (outcome.delivered() && taken.delivery.number % kPurgeEvery == 0) {
        RETURN_IF_ERROR(webhooks.Purge(sql, endpoint, now - kDeliveriesKept));
      }
      if (after.endpoint.state == endpoint.state) return absl::OkStatus();
      rpc::Unit unit(sql);
      unit.Emit(Told("failed", after.endpoint));
      told = true;
      return unit.outbox().Write(sql);
    }));
    if (prometheus::Counter* counter = outcome.delivered() ? delivered : failed; counter != nullptr) {
      counter->Increment();
    }
    if (told) committed();
    return absl::OkStatus();
  }

  // The attempts that are due for an endpoint, until one fails; how many there were.
  absl::StatusOr<int> SendTo(const std::string& partner_id, const std::string& id) {
    int attempts = 0;
    for (; attempts < kInARow && !lookout.stopping(); ++attempts) {
      ASSIGN_OR_RETURN(const std::optional<Taken> taken, Take(partner_id, id));
      if (!taken.has_value()) break;
      RETURN_IF_ERROR(Keep(*taken, client.Post(taken->endpoint, taken->delivery, Now())));
    }
    return attempts;
  }

  absl::StatusOr<int> SendDue() {
    int attempts = 0;
    for (int before = -1; before != attempts && !lookout.stopping();) {
      before = attempts;
      std::vector<std::pair<std::string, std::string>> due;
      RETURN_IF_ERROR(database.Transact({.autocommit_reads = true}, [&](mysql::Transaction& sql) -> absl::Status {
        ASSIGN_OR_RETURN(due, webhooks.DueBy(sql, Now(), kLookAt));
        return absl::OkStatus();
      }));
      for (const auto& [partner_id, id] : due) {
        if (lookout.stopping()) break;
        ASSIGN_OR_RETURN(const int sent, SendTo(partner_id, id));
        attempts += sent;
      }
    }
    return attempts;
  }

  absl::Duration Look() {
    const absl::StatusOr<int> sent = SendDue();
    if (!sent.ok()) spdlog::error("webhooks: {}", sent.status().ToString());
    return options.every;
  }
};

WebhookSender::WebhookSender(mysql::Database& database, const Clock& clock, WebhookSenderOptions options,
                             std::function<void()> committed, prometheus::Registry* registry)
    : state_(new State{.database = database,
                       .clock = clock,
                       .options = options,
                       .committed = std::move(committed),
                       .client = WebhookClient(options.client)}) {
  if (registry == nullptr) return;
  auto& family = prometheus::BuildCounter()
                     .Name("tributary_webhook_attempts_total")
                     .Help("Attempts to deliver a webhook that have ended, by outcome.")
                     .Register(*registry);
  state_->delivered = &family.Add({{"outcome", "delivered"}});
  state_->failed = &family.Add({{"outcome", "failed"}});
}

WebhookSender::~WebhookSender() { Stop(); }

void WebhookSender::Start() {
  state_->lookout.Start(
      "webhooks", [state = state_.get()] { return state->Look(); }, absl::ZeroDuration(), state_->options.threads);
}

void WebhookSender::Stop() { state_->lookout.Stop(); }

absl::StatusOr<int> WebhookSender::SendDue() { return state_->SendDue(); }

}  // namespace tributary::partner
