#include "inventory-service/stock_findings/stock_watch.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "inventory-service/stock_findings/derivation.h"
#include "spdlog/spdlog.h"
#include "tributary/inventory/v1/lot.pb.h"
#include "tributary/inventory/v1/site.pb.h"

namespace tributary::inventory {
namespace {

constexpr int kAtOnce = 1000;  // events in one transaction at most
constexpr absl::Duration kWait = absl::Seconds(1);

// Names alone tell what changed.
ReferenceChanges ChangesOf(const std::vector<events::Event>& events) {
  ReferenceChanges changes;
  for (const events::Event& event : events) {
    if (const auto lot = ParseResourceName(event.name, "products/{product}/lots/{lot}"); lot.ok()) {
      changes.lots.emplace(lot->at(0), lot->at(1));
    }
    if (const auto site = ParseResourceName(event.name, "partners/{partner}/sites/{site}"); site.ok()) {
      changes.sites.emplace(site->at(0), site->at(1));
    }
  }
  return changes;
}

}  // namespace

struct StockWatch::State {
  mysql::Database& database;
  events::Feed& feed;
  const Clock& clock;
  std::function<void()> committed;
  FindingDerivation derivation;
  StockFindingStore findings;
  std::atomic<bool> stopping = false;
  std::thread thread;

  absl::StatusOr<std::vector<int64_t>> Cursors() {
    std::vector<int64_t> cursors;
    RETURN_IF_ERROR(database.Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(cursors, findings.Cursors(sql));
      return absl::OkStatus();
    }));
    return cursors;
  }

  // One step of one shard.
  absl::Status Step(const events::ShardRange& range) {
    static const std::vector<std::string> kTypes = {v1::Lot::descriptor()->full_name(),
                                                    v1::Site::descriptor()->full_name()};
    std::vector<events::Event> events;
    std::vector<events::Cursor> read_to;
    RETURN_IF_ERROR(feed.Read({&range, 1}, kAtOnce, &events, &read_to, kTypes));
    const ReferenceChanges changes = ChangesOf(events);
    bool told = false;
    RETURN_IF_ERROR(database.Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      told = false;
      ASSIGN_OR_RETURN(const bool mine, findings.Advance(sql, range.shard, range.after, range.upto));
      if (!mine) return absl::OkStatus();
      events::Outbox outbox;
      RETURN_IF_ERROR(derivation.Apply(sql, range, changes, clock.Now(), outbox));
      if (outbox.empty()) return absl::OkStatus();
      told = true;
      return outbox.Write(sql);
    }));
    if (told) committed();
    return absl::OkStatus();
  }

  // From where the cursors are to `heads`.
  absl::Status Follow(const std::vector<int64_t>& heads) {
    ASSIGN_OR_RETURN(std::vector<int64_t> cursors, Cursors());
    for (bool more = true; more;) {
      more = false;
      for (int shard = 0; shard < events::kShards; ++shard) {
        if (stopping) return absl::OkStatus();
        if (heads[shard] <= cursors[shard]) continue;
        const int64_t upto = std::min(heads[shard], cursors[shard] + kAtOnce);
        RETURN_IF_ERROR(Step({shard, cursors[shard], upto}));
        cursors[shard] = upto;
        more = more || upto < heads[shard];
      }
    }
    return absl::OkStatus();
  }

  void Run() {
    std::vector<int64_t> seen(events::kShards, 0);
    absl::Duration pause = absl::ZeroDuration();
    while (!stopping) {
      const std::vector<int64_t> heads = feed.Heads();
      const absl::Status followed = Follow(heads);
      if (followed.ok()) {
        pause = absl::ZeroDuration();
        seen = heads;
      } else {
        spdlog::error("stock findings: {}", followed.ToString());
        pause = std::min(std::max(pause * 2, absl::Milliseconds(50)), absl::Seconds(5));
      }
      for (const absl::Time until = absl::Now() + pause; !stopping && absl::Now() < until;) {
        absl::SleepFor(absl::Milliseconds(10));
      }
      if (followed.ok() && !stopping) feed.WaitBeyond(seen, absl::Now() + kWait);
    }
  }
};

StockWatch::StockWatch(mysql::Database& database, events::Feed& feed, const Clock& clock,
                       std::function<void()> committed)
    : state_(new State{.database = database, .feed = feed, .clock = clock, .committed = std::move(committed)}) {}

StockWatch::~StockWatch() { Stop(); }

void StockWatch::Start() {
  state_->thread = std::thread([state = state_.get()] { state->Run(); });
}

void StockWatch::Stop() {
  state_->stopping = true;
  if (state_->thread.joinable()) state_->thread.join();
}

absl::Status StockWatch::CatchUp() {
  RETURN_IF_ERROR(state_->feed.Refresh());
  return state_->Follow(state_->feed.Heads());
}

}  // namespace tributary::inventory
