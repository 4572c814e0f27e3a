#include "common/events/feed.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <numeric>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "common/events/feed_follower.h"
#include "common/events/feed_store.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/registry.h"
#include "spdlog/spdlog.h"

namespace tributary::events {
namespace {

// How often the watch looks: while somebody waits, when nobody has for a while, and at most (commits of this process
// wake it, and each barrier costs the database a write).
constexpr auto kFollowedInterval = std::chrono::milliseconds(10);
constexpr auto kIdleInterval = std::chrono::milliseconds(200);
constexpr auto kLeastInterval = std::chrono::milliseconds(2);
constexpr auto kIdleAfter = std::chrono::seconds(1);
constexpr absl::Duration kStatementTime = absl::Seconds(5);

struct Metrics {
  prometheus::Gauge& head;
  prometheus::Counter& barriers;
  prometheus::Counter& read;
  prometheus::Counter& gaps;
  prometheus::Counter& rewinds;
};

Metrics MetricsOf(prometheus::Registry& registry) {
  return {prometheus::BuildGauge()
              .Name("tributary_feed_head_events")
              .Help("Events that this service's feed has told since it began, over all shards")
              .Register(registry)
              .Add({}),
          prometheus::BuildCounter()
              .Name("tributary_feed_barriers_total")
              .Help("Barrier rows committed so that heads are durable before they are told")
              .Register(registry)
              .Add({}),
          prometheus::BuildCounter()
              .Name("tributary_feed_read_events_total")
              .Help("Events read from this service's feed")
              .Register(registry)
              .Add({}),
          prometheus::BuildCounter()
              .Name("tributary_feed_gaps_total")
              .Help("Reads that met a sequence number without an event")
              .Register(registry)
              .Add({}),
          prometheus::BuildCounter()
              .Name("tributary_feed_rewinds_total")
              .Help("Times that the database behind the feed was found in an earlier state or under another epoch")
              .Register(registry)
              .Add({})};
}

// Cuts the ranges so that together they hold at most `limit` events, small ones whole and large ones alike.
void Share(int64_t limit, std::vector<ShardRange>* ranges) {
  std::vector<size_t> by_size(ranges->size());
  std::iota(by_size.begin(), by_size.end(), size_t{0});
  const auto size = [&](size_t i) { return (*ranges)[i].upto - (*ranges)[i].after; };
  std::sort(by_size.begin(), by_size.end(), [&](size_t a, size_t b) { return size(a) < size(b); });
  for (size_t done = 0; done < by_size.size(); ++done) {
    const auto left = static_cast<int64_t>(by_size.size() - done);
    ShardRange& range = (*ranges)[by_size[done]];
    const int64_t take = std::min(size(by_size[done]), (limit + left - 1) / left);
    range.upto = range.after + take;
    limit -= take;
  }
}

bool Wants(absl::Span<const std::string> types, const std::string& type) {
  return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

// Numbers are taken under the lock that COMMIT releases, so one below the head that has no event is a bug and no matter
// of waiting. `read` is in order.
absl::Status CheckWhole(std::vector<ShardRange> ranges, const std::vector<Event>& read) {
  std::sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) { return a.shard < b.shard; });
  size_t next = 0;
  for (const ShardRange& range : ranges) {
    for (int64_t seq = range.after + 1; seq <= range.upto; ++seq, ++next) {
      if (next < read.size() && read[next].cursor == Cursor{range.shard, seq}) continue;
      return Error(Reason::kInternal, StrCat("feed: shard ", range.shard, " has no event ", seq, ", or two before it"));
    }
  }
  if (next == read.size()) return absl::OkStatus();
  return Error(Reason::kInternal, StrCat("feed: shard ", read[next].cursor.shard, " has event ", read[next].cursor.seq,
                                         " twice, or it was not asked for"));
}

}  // namespace

struct Feed::State {
  mysql::Database& database;
  const std::vector<RowSource> sources;
  const FeedStore store{};
  std::unique_ptr<prometheus::Registry> own_registry;  // where the process has none
  const Metrics metrics;

  std::mutex refreshing;  // one look at a time, so that heads are told in order

  mutable std::mutex mutex;
  std::condition_variable changed;  // for those who wait for events
  std::condition_variable wake;     // for the watch
  std::deque<std::string> epochs;   // the last one holds; kept, for epoch() answers references
  std::vector<int64_t> heads = std::vector<int64_t>(kShards, 0);
  int64_t sequences = 0;  // sum of heads
  int waiting = 0;
  std::chrono::steady_clock::time_point last_waited;
  bool poked = false;
  bool stopping = false;
  std::vector<std::thread> threads;

  State(mysql::Database& database, std::vector<RowSource> sources, prometheus::Registry* registry)
      : database(database),
        sources(std::move(sources)),
        own_registry(registry == nullptr ? std::make_unique<prometheus::Registry>() : nullptr),
        metrics(MetricsOf(registry == nullptr ? *own_registry : *registry)) {}

  // Whoever waits looks whether it should go on.
  void WakeWaiting() {
    { std::lock_guard lock(mutex); }
    changed.notify_all();
  }

  static mysql::TransactOptions Options(bool reads) {
    return {.deadline = absl::Now() + kStatementTime, .autocommit_reads = reads};
  }

  absl::StatusOr<std::string> RenewEpoch(const std::string& stale) {
    std::string epoch;
    RETURN_IF_ERROR(database.Transact(Options(false), [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(epoch, store.RenewEpoch(sql, stale, absl::Now()));
      return absl::OkStatus();
    }));
    return epoch;
  }

  absl::Status Refresh() {
    std::lock_guard alone(refreshing);
    Glance glance;
    RETURN_IF_ERROR(database.Transact(Options(true), [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(glance, store.Look(sql));
      return absl::OkStatus();
    }));
    std::string known;
    {
      std::lock_guard lock(mutex);
      if (!epochs.empty()) known = epochs.back();
      if (!known.empty() && glance.epoch == known && glance.sequences == sequences) return absl::OkStatus();
    }
    if (glance.epoch.empty()) {
      ASSIGN_OR_RETURN(glance.epoch, RenewEpoch(""));
    }
    PerShard seen;
    RETURN_IF_ERROR(database.Transact(Options(false), [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(seen, store.HeadsBehindBarrier(sql));
      return absl::OkStatus();
    }));
    metrics.barriers.Increment();
    // Durable heads do not go back while the database lives: it was restored under our eyes.
    if (glance.epoch == known && Behind(seen)) {
      ASSIGN_OR_RETURN(glance.epoch, RenewEpoch(known));
    }
    Tell(glance.epoch, seen);
    return absl::OkStatus();
  }

  bool Behind(const PerShard& seen) {
    std::lock_guard lock(mutex);
    for (int shard = 0; shard < kShards; ++shard) {
      if (seen[shard] < heads[shard]) return true;
    }
    return false;
  }

  void Tell(const std::string& epoch, const PerShard& seen) {
    std::lock_guard lock(mutex);
    if (epochs.empty() || epochs.back() != epoch) {
      if (!epochs.empty()) {
        metrics.rewinds.Increment();
        spdlog::critical("feed: the database was restored; epoch {} is over, {} begins", epochs.back(), epoch);
      }
      epochs.push_back(epoch);
    }
    heads.assign(seen.begin(), seen.end());
    sequences = std::accumulate(seen.begin(), seen.end(), int64_t{0});
    metrics.head.Set(static_cast<double>(sequences));
    changed.notify_all();
  }

  void Watch() {
    bool failing = false;
    while (true) {
      const absl::Status status = Refresh();
      if (!status.ok() && !failing) spdlog::error("feed: cannot see the head: {}", std::string(status.message()));
      if (status.ok() && failing) spdlog::info("feed: sees the head again");
      failing = !status.ok();
      std::unique_lock lock(mutex);
      wake.wait_for(lock, kLeastInterval, [this] { return stopping; });
      const bool followed = waiting > 0 || std::chrono::steady_clock::now() - last_waited < kIdleAfter;
      wake.wait_for(lock, failing || !followed ? kIdleInterval : kFollowedInterval,
                    [&] { return stopping || (!failing && (poked || (!followed && waiting > 0))); });
      if (stopping) return;
      poked = false;
    }
  }

  absl::Status Read(std::vector<ShardRange>& ranges, int limit, std::vector<Event>* events,
                    std::vector<Cursor>* read_to, absl::Span<const std::string> types);
};

absl::Status Feed::State::Read(std::vector<ShardRange>& ranges, int limit, std::vector<Event>* events,
                               std::vector<Cursor>* read_to, absl::Span<const std::string> types) {
  {
    std::lock_guard lock(mutex);
    for (ShardRange& range : ranges) {
      range.upto = std::max(range.after, std::min(range.upto, heads[range.shard]));
    }
  }
  Share(std::max(limit, 1), &ranges);
  std::vector<ShardRange> filled;
  std::copy_if(ranges.begin(), ranges.end(), std::back_inserter(filled),
               [](const ShardRange& range) { return range.upto > range.after; });

  std::vector<Event> read;
  PerShard purged{};
  bool whole = true;
  RETURN_IF_ERROR(database.Transact(Options(true), [&](mysql::Transaction& sql) -> absl::Status {
    read.clear();
    if (!filled.empty()) {
      RETURN_IF_ERROR(store.ReadEvents(sql, filled, &read));
      for (const RowSource& source : sources) {
        if (!Wants(types, source.type)) {
          whole = false;
          continue;
        }
        RETURN_IF_ERROR(source.read(sql, filled, &read));
      }
    }
    ASSIGN_OR_RETURN(purged, store.Purged(sql));
    return absl::OkStatus();
  }));
  for (const ShardRange& range : ranges) {
    if (range.after < purged[range.shard]) {
      return Error(
          Reason::kFeedCursorExpired,
          StrCat("got a cursor at ", range.after, " of shard ", range.shard, ", want at least ", purged[range.shard]),
          {{"shard", StrCat(range.shard)}, {"first", StrCat(purged[range.shard] + 1)}});
    }
  }

  std::sort(read.begin(), read.end(), [](const Event& a, const Event& b) { return a.cursor < b.cursor; });
  metrics.read.Increment(static_cast<double>(read.size()));
  if (whole) {
    if (absl::Status status = CheckWhole(filled, read); !status.ok()) {
      metrics.gaps.Increment();
      spdlog::critical("{}", std::string(status.message()));
      return status;
    }
  }
  for (Event& event : read) {
    if (Wants(types, event.type)) events->push_back(std::move(event));
  }
  read_to->clear();
  for (const ShardRange& range : ranges) read_to->push_back({range.shard, range.upto});
  return absl::OkStatus();
}

Feed::Feed(mysql::Database& database, std::vector<RowSource> sources, prometheus::Registry* registry)
    : state_(std::make_unique<State>(database, std::move(sources), registry)) {}

Feed::~Feed() { Stop(); }

absl::Status Feed::Start() {
  RETURN_IF_ERROR(state_->Refresh());
  std::lock_guard lock(state_->mutex);
  state_->threads.emplace_back([state = state_.get()] { state->Watch(); });
  return absl::OkStatus();
}

void Feed::Stop() {
  std::vector<std::thread> threads;
  {
    std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    threads.swap(state_->threads);
  }
  state_->wake.notify_all();
  state_->changed.notify_all();
  for (std::thread& thread : threads) thread.join();
}

bool Feed::stopped() const {
  std::lock_guard lock(state_->mutex);
  return state_->stopping;
}

const std::string& Feed::epoch() const {
  static const std::string none;
  std::lock_guard lock(state_->mutex);
  return state_->epochs.empty() ? none : state_->epochs.back();
}

std::vector<int64_t> Feed::Heads() const {
  std::lock_guard lock(state_->mutex);
  return state_->heads;
}

absl::Status Feed::Refresh() { return state_->Refresh(); }

void Feed::Poke() {
  {
    std::lock_guard lock(state_->mutex);
    if (std::exchange(state_->poked, true)) return;
  }
  state_->wake.notify_one();
}

bool Feed::WaitBeyond(const std::vector<int64_t>& seen, absl::Time deadline, const std::stop_token& stop) {
  State& s = *state_;
  const auto stopped = [&] { return s.stopping || stop.stop_requested(); };
  // Before the lock is taken and after it is given back: the callback takes it.
  const std::stop_callback wakes(stop, [&s] { s.WakeWaiting(); });
  std::unique_lock lock(s.mutex);
  const size_t epochs = s.epochs.size();
  const auto beyond = [&] {
    for (size_t shard = 0; shard < s.heads.size() && shard < seen.size(); ++shard) {
      if (s.heads[shard] > seen[shard]) return true;
    }
    return false;
  };
  if (s.waiting++ == 0) s.wake.notify_one();
  s.changed.wait_until(lock, absl::ToChronoTime(deadline),
                       [&] { return stopped() || s.epochs.size() != epochs || beyond(); });
  --s.waiting;
  s.last_waited = std::chrono::steady_clock::now();
  return !stopped() && s.epochs.size() == epochs && beyond();
}

void Feed::Rest(absl::Time until, const std::stop_token& stop) {
  State& s = *state_;
  const std::stop_callback wakes(stop, [&s] { s.WakeWaiting(); });
  std::unique_lock lock(s.mutex);
  s.changed.wait_until(lock, absl::ToChronoTime(until), [&] { return s.stopping || stop.stop_requested(); });
}

absl::Status Feed::Read(absl::Span<const ShardRange> ranges, int limit, std::vector<Event>* events,
                        std::vector<Cursor>* read_to, absl::Span<const std::string> types) {
  std::vector<ShardRange> own(ranges.begin(), ranges.end());
  return state_->Read(own, limit, events, read_to, types);
}

absl::Status Feed::Follow(std::vector<std::string> types, std::function<void(const Event&)> follow) {
  RETURN_IF_ERROR(Refresh());
  auto reached = std::make_shared<std::promise<absl::Status>>();
  std::future<absl::Status> result = reached->get_future();
  {
    std::lock_guard lock(state_->mutex);
    if (state_->stopping) return Error(Reason::kDraining, "the feed was stopped");
    state_->threads.emplace_back([this, types = std::move(types), follow = std::move(follow), reached] {
      RunFollower(*this, types, follow, [&](absl::Status status) { reached->set_value(std::move(status)); });
    });
  }
  return result.get();
}

absl::Status Feed::Purge(absl::Time before) {
  constexpr int kRows = 1000;
  State& s = *state_;
  for (int shard = 0; shard < kShards; ++shard) {
    int64_t upto = 0;
    RETURN_IF_ERROR(s.database.Transact(State::Options(true), [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(upto, s.store.LastBefore(sql, shard, before));
      return absl::OkStatus();
    }));
    if (upto == 0) continue;
    RETURN_IF_ERROR(s.database.Transact(State::Options(false),
                                        [&](mysql::Transaction& sql) { return s.store.MarkPurged(sql, shard, upto); }));
    for (int64_t deleted = kRows; deleted == kRows;) {
      RETURN_IF_ERROR(s.database.Transact(State::Options(false), [&](mysql::Transaction& sql) -> absl::Status {
        ASSIGN_OR_RETURN(deleted, s.store.DeleteUpto(sql, shard, upto, kRows));
        return absl::OkStatus();
      }));
    }
  }
  return absl::OkStatus();
}

}  // namespace tributary::events
