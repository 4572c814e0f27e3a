#include "inventory-service/reservations/reservation_expiry.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/events/outbox.h"
#include "common/rpc/call.h"
#include "common/status/status.h"
#include "inventory-service/reservations/reservation_stock.h"
#include "inventory-service/reservations/reservation_store.h"
#include "spdlog/spdlog.h"

namespace tributary::inventory {
namespace {

constexpr std::chrono::seconds kEvery(1);
constexpr int kAtOnce = 500;  // that are read, not ended, at once

}  // namespace

struct ReservationExpiry::State {
  mysql::Database& database;
  const Clock& clock;
  std::function<void()> committed;
  ReservationStore store;
  std::mutex mutex;
  std::condition_variable wake;
  bool stopping = false;
  std::thread thread;

  bool Stopping() {
    std::lock_guard lock(mutex);
    return stopping;
  }

  // Whether it ended the reservation.
  absl::StatusOr<bool> ExpireOne(const std::string& partner, const std::string& id, absl::Time now) {
    bool ended = false;
    RETURN_IF_ERROR(database.Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ended = false;
      rpc::Unit unit(sql);
      ASSIGN_OR_RETURN(Reservation reservation, store.GetForUpdate(sql, partner, id));
      const std::optional<Reservation> expired = Expire(std::move(reservation), now);
      if (!expired.has_value()) return absl::OkStatus();
      rpc::Call call;
      call.now = now;
      RETURN_IF_ERROR(LockPositions(sql, *expired));
      RETURN_IF_ERROR(EndReservation(call, unit, "expired", *expired));
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
        ASSIGN_OR_RETURN(due, store.Due(sql, now, kAtOnce));
        return absl::OkStatus();
      }));
      if (due.empty()) break;
      for (const auto& [partner, id] : due) {
        if (Stopping()) return ended;
        const absl::StatusOr<bool> one = ExpireOne(partner, id, now);
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
      if (!ended.ok()) spdlog::error("expiry of reservations: {}", ended.status().ToString());
      std::unique_lock lock(mutex);
      wake.wait_for(lock, kEvery, [this] { return stopping; });
    }
  }
};

ReservationExpiry::ReservationExpiry(mysql::Database& database, const Clock& clock, std::function<void()> committed)
    : state_(new State{.database = database, .clock = clock, .committed = std::move(committed)}) {}

ReservationExpiry::~ReservationExpiry() { Stop(); }

void ReservationExpiry::Start() {
  state_->thread = std::thread([state = state_.get()] { state->Run(); });
}

void ReservationExpiry::Stop() {
  {
    std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_all();
  if (state_->thread.joinable()) state_->thread.join();
}

absl::StatusOr<int> ReservationExpiry::ExpireDue() { return state_->ExpireDue(); }

}  // namespace tributary::inventory
