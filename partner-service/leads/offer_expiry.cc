#include "partner-service/leads/offer_expiry.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/rpc/call.h"
#include "common/status/status.h"
#include "partner-service/leads/lead_service.h"
#include "partner-service/leads/lead_store.h"
#include "spdlog/spdlog.h"

namespace tributary::partner {
namespace {

constexpr std::chrono::seconds kEvery(1);
constexpr int kAtOnce = 500;  // that are read, not ended, at once

}  // namespace

struct OfferExpiry::State {
  mysql::Database& database;
  const Clock& clock;
  std::function<void()> committed;
  LeadStore leads;
  LeadOfferStore offers;
  std::mutex mutex;
  std::condition_variable wake;
  bool stopping = false;
  std::thread thread;

  bool Stopping() {
    std::lock_guard lock(mutex);
    return stopping;
  }

  // Whether it ended the offer.
  absl::StatusOr<bool> ExpireOne(const std::string& lead_id, const std::string& id, absl::Time now) {
    bool ended = false;
    RETURN_IF_ERROR(database.Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ended = false;
      rpc::Unit unit(sql);
      ASSIGN_OR_RETURN(const Lead lead, leads.GetForUpdate(sql, lead_id));
      ASSIGN_OR_RETURN(const LeadOffer offer, offers.GetForUpdate(sql, lead_id, id, ""));
      if (offer.state != OfferState::kOpen || StateAt(offer, now) != OfferState::kExpired) return absl::OkStatus();
      ASSIGN_OR_RETURN(const LeadOffer expired, Expire(offer, now));
      RETURN_IF_ERROR(EndOffer(unit, "expired", lead, expired, now));
      ended = true;
      return unit.outbox().Write(sql);
    }));
    return ended;
  }

  absl::StatusOr<int> ExpireDue() {
    const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(clock.Now()));
    int ended = 0;
    absl::Status failed;
    while (failed.ok()) {
      std::vector<std::pair<std::string, std::string>> due;
      RETURN_IF_ERROR(database.Transact({.autocommit_reads = true}, [&](mysql::Transaction& sql) -> absl::Status {
        ASSIGN_OR_RETURN(due, offers.Due(sql, now, kAtOnce));
        return absl::OkStatus();
      }));
      if (due.empty()) break;
      for (const auto& [lead, id] : due) {
        if (Stopping()) return ended;
        const absl::StatusOr<bool> one = ExpireOne(lead, id, now);
        if (!one.ok()) {
          failed.Update(one.status());
        } else if (*one) {
          ++ended;
          committed();
        }
      }
    }
    RETURN_IF_ERROR(failed);
    return ended;
  }

  void Run() {
    while (!Stopping()) {
      const absl::StatusOr<int> ended = ExpireDue();
      if (!ended.ok()) spdlog::error("expiry of lead offers: {}", ended.status().ToString());
      std::unique_lock lock(mutex);
      wake.wait_for(lock, kEvery, [this] { return stopping; });
    }
  }
};

OfferExpiry::OfferExpiry(mysql::Database& database, const Clock& clock, std::function<void()> committed)
    : state_(new State{.database = database, .clock = clock, .committed = std::move(committed)}) {}

OfferExpiry::~OfferExpiry() { Stop(); }

void OfferExpiry::Start() {
  state_->thread = std::thread([state = state_.get()] { state->Run(); });
}

void OfferExpiry::Stop() {
  {
    std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_all();
  if (state_->thread.joinable()) state_->thread.join();
}

absl::StatusOr<int> OfferExpiry::ExpireDue() { return state_->ExpireDue(); }

}  // namespace tributary::partner
