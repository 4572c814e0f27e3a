#include "common/events/feed_watch.h"

#include <algorithm>
#include <stop_token>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "spdlog/spdlog.h"

namespace tributary::events {
namespace {

constexpr int kAtOnce = 1000;  // events in one transaction at most
constexpr absl::Duration kWait = absl::Seconds(1);
// Between two looks it rests so many times as long as the last one took: what comes meanwhile is looked at together,
// and a bulk load keeps the database to itself for most of the time.
constexpr int kRests = 9;
constexpr absl::Duration kLeastRest = absl::Milliseconds(20);
constexpr absl::Duration kMostRest = absl::Seconds(2);

}  // namespace

struct FeedWatch::State {
  mysql::Database& database;
  Feed& feed;
  const FeedWatchOptions options;
  const Apply apply;
  const std::function<void()> committed;
  std::stop_source stopping;
  std::thread thread;

  // Where every shard is; makes the rows that are missing.
  absl::StatusOr<std::vector<int64_t>> Cursors() {
    std::vector<int64_t> cursors;
    RETURN_IF_ERROR(database.Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      cursors.assign(kShards, -1);
      ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT shard, seq FROM ", options.cursor_table)));
      for (const mysql::Row& row : rows) cursors.at(row.Int(0)) = row.Int(1);
      if (rows.size() == cursors.size()) return absl::OkStatus();
      mysql::Values values;
      for (int shard = 0; shard < kShards; ++shard) values.insert(values.end(), {shard, 0});
      for (int64_t& cursor : cursors) cursor = std::max<int64_t>(cursor, 0);
      return sql.InsertRows(StrCat("INSERT INTO ", options.cursor_table, " (shard, seq) VALUES"), 2, values,
                            "ON DUPLICATE KEY UPDATE seq = seq");
    }));
    return cursors;
  }

  // One step of one shard; false where another watch has moved the cursor meanwhile, to wherever.
  absl::StatusOr<bool> Step(const ShardRange& range) {
    std::vector<Event> events;
    std::vector<Cursor> read_to;
    RETURN_IF_ERROR(feed.Read({&range, 1}, kAtOnce, &events, &read_to, options.types));
    bool told = false;
    bool mine = false;
    RETURN_IF_ERROR(database.Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      told = false;
      // The first statement of the transaction: others wait for the row, and find that it has moved.
      ASSIGN_OR_RETURN(const int64_t moved,
                       sql.Execute(StrCat("UPDATE ", options.cursor_table, " SET seq = ? WHERE shard = ? AND seq = ?"),
                                   {range.upto, range.shard, range.after}));
      mine = moved == 1;
      if (!mine) return absl::OkStatus();
      Outbox outbox;
      RETURN_IF_ERROR(apply(sql, range, events, outbox));
      if (outbox.empty()) return absl::OkStatus();
      told = true;
      return outbox.Write(sql);
    }));
    if (told) committed();
    return mine;
  }

  // From where the cursors are to `heads`. A shard that fails is left where it is; the first failure is the answer.
  absl::Status Follow(const std::vector<int64_t>& heads) {
    ASSIGN_OR_RETURN(std::vector<int64_t> cursors, Cursors());
    std::vector<bool> failed(kShards);
    absl::Status first;
    for (bool more = true; more;) {
      more = false;
      for (int shard = 0; shard < kShards; ++shard) {
        if (stopping.stop_requested()) return absl::OkStatus();
        if (failed[shard] || heads[shard] <= cursors[shard]) continue;
        const int64_t upto = std::min(heads[shard], cursors[shard] + kAtOnce);
        const absl::StatusOr<bool> mine = Step({shard, cursors[shard], upto});
        if (!mine.ok()) {
          failed[shard] = true;
          first.Update(mine.status());
          continue;
        }
        if (*mine) {
          cursors[shard] = upto;
        } else {
          ASSIGN_OR_RETURN(cursors, Cursors());
        }
        more = more || cursors[shard] < heads[shard];
      }
    }
    return first;
  }

  void Run() {
    std::vector<int64_t> seen(kShards, 0);
    absl::Duration pause = absl::ZeroDuration();
    while (!stopping.stop_requested() && !feed.stopped()) {
      const absl::Time start = absl::Now();
      const std::vector<int64_t> heads = feed.Heads();
      const absl::Status followed = Follow(heads);
      if (followed.ok()) {
        pause = absl::ZeroDuration();
        seen = heads;
        const absl::Time now = absl::Now();
        feed.Rest(now + std::clamp(kRests * (now - start), kLeastRest, kMostRest), stopping.get_token());
        feed.WaitBeyond(seen, absl::Now() + kWait, stopping.get_token());
      } else {
        spdlog::error("{}: {}", options.name, followed.ToString());
        pause = std::min(std::max(pause * 2, absl::Milliseconds(50)), absl::Seconds(5));
        feed.Rest(absl::Now() + pause, stopping.get_token());
      }
    }
  }
};

FeedWatch::FeedWatch(mysql::Database& database, Feed& feed, FeedWatchOptions options, Apply apply,
                     std::function<void()> committed)
    : state_(new State{.database = database,
                       .feed = feed,
                       .options = std::move(options),
                       .apply = std::move(apply),
                       .committed = std::move(committed)}) {}

FeedWatch::~FeedWatch() { Stop(); }

void FeedWatch::Start() {
  state_->thread = std::thread([state = state_.get()] { state->Run(); });
}

void FeedWatch::Stop() {
  state_->stopping.request_stop();
  if (state_->thread.joinable()) state_->thread.join();
}

absl::Status FeedWatch::CatchUp() {
  RETURN_IF_ERROR(state_->feed.Refresh());
  return state_->Follow(state_->feed.Heads());
}

}  // namespace tributary::events
