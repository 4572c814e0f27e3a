#include "common/events/feed_follower.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "spdlog/spdlog.h"

namespace tributary::events {
namespace {

constexpr int kLimit = 1000;  // events of one look into the database
constexpr absl::Duration kPause = absl::Milliseconds(200);

class Follower {
 public:
  Follower(Feed& feed, const std::vector<std::string>& types, const std::function<void(const Event&)>& follow)
      : feed_(feed), types_(types), follow_(follow), epoch_(feed.epoch()), target_(feed.Heads()) {}

  bool Reached() const {
    for (int shard = 0; shard < kShards; ++shard) {
      if (cursors_[shard] < target_[shard]) return false;
    }
    return true;
  }

  // Tells some events, or waits for them a while.
  absl::Status Step() {
    const std::vector<int64_t> heads = feed_.Heads();
    if (feed_.epoch() != epoch_) {
      return Error(Reason::kFeedRewound, StrCat("got events of epoch ", epoch_, ", the feed has ", feed_.epoch()));
    }
    std::vector<ShardRange> ranges;
    for (int shard = 0; shard < kShards; ++shard) {
      if (heads[shard] > cursors_[shard]) ranges.push_back({shard, cursors_[shard], heads[shard]});
    }
    if (ranges.empty()) {
      feed_.WaitBeyond(cursors_, absl::Now() + absl::Seconds(1));
      return absl::OkStatus();
    }
    std::vector<Event> events;
    std::vector<Cursor> read_to;
    RETURN_IF_ERROR(feed_.Read(ranges, kLimit, &events, &read_to, types_));
    for (const Event& event : events) follow_(event);
    for (const Cursor& cursor : read_to) cursors_[cursor.shard] = cursor.seq;
    return absl::OkStatus();
  }

 private:
  Feed& feed_;
  const std::vector<std::string>& types_;
  const std::function<void(const Event&)>& follow_;
  const std::string epoch_;
  const std::vector<int64_t> target_;
  std::vector<int64_t> cursors_ = std::vector<int64_t>(kShards, 0);
};

// What the database will not heal by itself.
bool Final(const absl::Status& status) {
  const Reason reason = ReasonOf(status);
  return reason == Reason::kFeedRewound || reason == Reason::kFeedCursorExpired || reason == Reason::kInternal;
}

}  // namespace

void RunFollower(Feed& feed, const std::vector<std::string>& types, const std::function<void(const Event&)>& follow,
                 const std::function<void(absl::Status)>& reached) {
  Follower follower(feed, types, follow);
  bool told = false;
  while (!feed.stopped()) {
    if (!told && follower.Reached()) {
      told = true;
      reached(absl::OkStatus());
    }
    const absl::Status status = follower.Step();
    if (status.ok()) continue;
    const std::string message(status.message());
    if (Final(status)) {
      // What is in memory no longer follows; the process should start anew.
      spdlog::critical("feed: a follower in memory has ended: {}", message);
      if (!told) reached(status);
      return;
    }
    spdlog::error("feed: a follower in memory waits: {}", message);
    feed.Rest(absl::Now() + kPause);
  }
  if (!told) reached(Error(Reason::kDraining, "the feed was stopped"));
}

}  // namespace tributary::events
