#include "common/events/feed_service.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "common/events/consumer.h"
#include "common/events/consumer_store.h"
#include "common/events/feed_proto.h"
#include "common/paging/page_token.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"

namespace tributary::events {
namespace {

constexpr int kReadLimit = 1000;                                   // events of one look into the database
constexpr size_t kMessageBytes = 1 << 20;                          // of one message, but for a single larger event
constexpr absl::Duration kHeartbeat = absl::Seconds(5);            // a word where nothing happens
constexpr absl::Duration kCursorsAlone = absl::Milliseconds(100);  // how long cursors past left-out events may wait
constexpr absl::Duration kGoneCheck = absl::Milliseconds(250);     // how late a caller's leave may be noticed

absl::Status NoFeed() { return Error(Reason::kMethodNotFound, "this process has no feed"); }

absl::Status Rewound(std::string_view got, std::string_view want) {
  return Error(Reason::kFeedRewound, StrCat("got ", got, ", want ", want));
}

// Where one caller's stream is.
class Streaming {
 public:
  Streaming(Feed& feed, const v1::StreamEventsRequest& request, rpc::StreamWriter& writer)
      : feed_(feed), types_(request.payload_types().begin(), request.payload_types().end()), writer_(writer) {}

  absl::Status Begin(const v1::StreamEventsRequest& request) {
    // Other processes may have told this caller more than this one has seen yet.
    RETURN_IF_ERROR(feed_.Refresh());
    epoch_ = feed_.epoch();
    const std::vector<int64_t> heads = feed_.Heads();
    seen_.assign(kShards, std::numeric_limits<int64_t>::max());
    bool at_start = true;
    for (int i = 0; i < request.cursors_size(); ++i) {
      const v1::Cursor& cursor = request.cursors(i);
      if (seen_[cursor.shard()] != std::numeric_limits<int64_t>::max()) {
        return InvalidField(StrCat("cursors[", i, "].shard"), StrCat(cursor.shard()), "each shard once");
      }
      seen_[cursor.shard()] = cursor.seq();
      at_start &= cursor.seq() == 0;
      shards_.push_back(cursor.shard());
    }
    if (request.feed_epoch().empty() && !at_start) {
      return InvalidField("feed_epoch", "", "the epoch that the cursors belong to");
    }
    if (!request.feed_epoch().empty() && request.feed_epoch() != epoch_) {
      return Rewound(StrCat("cursors of epoch ", Printable(request.feed_epoch())), StrCat("epoch ", epoch_));
    }
    for (const int shard : shards_) {
      if (seen_[shard] > heads[shard]) {
        return Rewound(StrCat("a cursor at ", seen_[shard], " of shard ", shard), StrCat("at most ", heads[shard]));
      }
    }
    told_ = seen_;
    // Nothing is read here, but what has been purged is refused before the first word.
    std::vector<ShardRange> none;
    for (const int shard : shards_) none.push_back({shard, seen_[shard], seen_[shard]});
    std::vector<Event> events;
    std::vector<Cursor> read_to;
    return feed_.Read(none, 1, &events, &read_to, types_);
  }

  // Until the caller goes (OK) or the feed cannot go on.
  absl::Status Run() {
    if (!Send({})) return absl::OkStatus();  // the epoch, at once
    while (!writer_.Gone()) {
      if (feed_.stopped()) return Error(Reason::kDraining, "the process is stopping");
      const std::vector<int64_t> heads = feed_.Heads();
      if (feed_.epoch() != epoch_) return Rewound(StrCat("epoch ", epoch_), StrCat("epoch ", feed_.epoch()));
      std::vector<ShardRange> ranges;
      for (const int shard : shards_) {
        if (heads[shard] > seen_[shard]) ranges.push_back({shard, seen_[shard], heads[shard]});
      }
      if (!ranges.empty()) {
        std::vector<Event> events;
        std::vector<Cursor> read_to;
        RETURN_IF_ERROR(feed_.Read(ranges, kReadLimit, &events, &read_to, types_));
        if (!SendAll(events, read_to)) return absl::OkStatus();
        continue;
      }
      const bool cursors_wait = seen_ != told_;
      const absl::Time due = sent_ + (cursors_wait ? kCursorsAlone : kHeartbeat);
      if (absl::Now() >= due) {
        if (!Send({})) return absl::OkStatus();
        continue;
      }
      feed_.WaitBeyond(seen_, std::min(due, absl::Now() + kGoneCheck));
    }
    return absl::OkStatus();
  }

 private:
  // Events of one look, in messages of bearable size; each carries the cursors that hold after it.
  bool SendAll(const std::vector<Event>& events, const std::vector<Cursor>& read_to) {
    v1::StreamEventsResponse message;
    size_t bytes = 0;
    for (const Event& event : events) {
      const size_t size = event.payload.size() + event.name.size() + event.type.size() + 64;
      if (bytes > 0 && bytes + size > kMessageBytes) {
        if (!Send(std::move(message))) return false;
        message.Clear();
        bytes = 0;
      }
      ToProto(event, message.add_events());
      seen_[event.cursor.shard] = event.cursor.seq;
      bytes += size;
    }
    for (const Cursor& cursor : read_to) seen_[cursor.shard] = cursor.seq;
    // Cursors alone are not worth a message each: a thousand left-out events would be a transaction of the reader's.
    if (events.empty() && absl::Now() < sent_ + kCursorsAlone) return true;
    return Send(std::move(message));
  }

  bool Send(v1::StreamEventsResponse message) {
    message.set_feed_epoch(epoch_);
    for (const int shard : shards_) {
      if (seen_[shard] != told_[shard]) ToProto(Cursor{shard, seen_[shard]}, message.add_cursors());
    }
    told_ = seen_;
    sent_ = absl::Now();
    return writer_.Write(message);
  }

  Feed& feed_;
  const std::vector<std::string> types_;
  rpc::StreamWriter& writer_;
  std::string epoch_;
  std::vector<int> shards_;
  std::vector<int64_t> seen_;  // read so far; the largest number for shards not asked for
  std::vector<int64_t> told_;  // as sent
  absl::Time sent_ = absl::InfinitePast();
};

// A place in the list of parked events as its page token: "feed/shard/seq".
absl::Status ParsePlace(const std::string& token, std::string* feed, Cursor* cursor) {
  if (token.empty()) return absl::OkStatus();
  const size_t second = token.rfind('/');
  const size_t first = second == std::string::npos || second == 0 ? std::string::npos : token.rfind('/', second - 1);
  if (first == std::string::npos || !absl::SimpleAtoi(token.substr(first + 1, second - first - 1), &cursor->shard) ||
      !absl::SimpleAtoi(token.substr(second + 1), &cursor->seq)) {
    return Error(Reason::kPageTokenInvalid,
                 StrCat("page_token: got ", Printable(token), ", want the next_page_token of the page before"));
  }
  *feed = token.substr(0, first);
  return absl::OkStatus();
}

}  // namespace

void FeedService::Register(rpc::Server& server) {
  const v1::StreamEventsResponse* const sent = nullptr;
  server.Add("tributary.events.v1.FeedService", this)
      .Unary("GetFeedHead", &FeedService::GetFeedHead)
      .Stream("StreamEvents", &FeedService::StreamEvents, sent)
      .Unary("ListConsumerPositions", &FeedService::ListConsumerPositions)
      .Unary("ListParkedEvents", &FeedService::ListParkedEvents);
}

absl::Status FeedService::GetFeedHead(const rpc::Call&, rpc::Unit&, const v1::GetFeedHeadRequest&,
                                      v1::FeedHead* reply) {
  if (feed_ == nullptr) return NoFeed();
  RETURN_IF_ERROR(feed_->Refresh());
  reply->set_feed_epoch(feed_->epoch());
  const std::vector<int64_t> heads = feed_->Heads();
  for (int shard = 0; shard < kShards; ++shard) {
    if (heads[shard] > 0) ToProto(Cursor{shard, heads[shard]}, reply->add_cursors());
  }
  return absl::OkStatus();
}

absl::Status FeedService::StreamEvents(const rpc::Call&, const v1::StreamEventsRequest& request,
                                       rpc::StreamWriter& writer) {
  if (feed_ == nullptr) return NoFeed();
  Streaming streaming(*feed_, request, writer);
  RETURN_IF_ERROR(streaming.Begin(request));
  return streaming.Run();
}

absl::Status FeedService::ListConsumerPositions(const rpc::Call&, rpc::Unit& unit,
                                                const v1::ListConsumerPositionsRequest&,
                                                v1::ListConsumerPositionsResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<Position> positions, ReadPositions(unit.sql()));
  ASSIGN_OR_RETURN(const std::vector<ParkedCount> parked, CountParked(unit.sql()));
  v1::ConsumerPosition* entry = nullptr;
  for (const Position& position : positions) {
    if (entry == nullptr || entry->feed() != position.feed) {
      entry = reply->add_positions();
      entry->set_feed(position.feed);
      for (const ParkedCount& count : parked) {
        if (count.feed == position.feed) entry->set_parked(count.count);
      }
    }
    if (position.cursor.seq > 0) ToProto(position.cursor, entry->add_cursors());
    if (!position.source_epoch.empty()) entry->set_feed_epoch(position.source_epoch);
  }
  return absl::OkStatus();
}

absl::Status FeedService::ListParkedEvents(const rpc::Call&, rpc::Unit& unit,
                                           const v1::ListParkedEventsRequest& request,
                                           v1::ListParkedEventsResponse* reply) {
  constexpr int kStandardPage = 50;
  ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), kStandardPage));
  std::string feed;
  Cursor cursor;
  RETURN_IF_ERROR(ParsePlace(request.page_token(), &feed, &cursor));
  ASSIGN_OR_RETURN(const std::vector<ParkedEvent> parked, ReadParked(unit.sql(), feed, cursor, size + 1));
  for (size_t i = 0; i < parked.size(); ++i) {
    if (static_cast<int>(i) == size) {
      const ParkedEvent& last = parked[i - 1];
      reply->set_next_page_token(StrCat(last.feed, "/", last.event.cursor.shard, "/", last.event.cursor.seq));
      break;
    }
    v1::ParkedEvent* entry = reply->add_parked_events();
    entry->set_feed(parked[i].feed);
    ToProto(parked[i].event, entry->mutable_event());
    entry->set_error(parked[i].error);
    *entry->mutable_park_time() = wire::ToProto(parked[i].parked_at);
  }
  return absl::OkStatus();
}

std::unique_ptr<FeedService, void (*)(FeedService*)> ServeFeed(rpc::Server& server, mysql::Database&, Feed* feed) {
  std::unique_ptr<FeedService, void (*)(FeedService*)> service(new FeedService(feed),
                                                               [](FeedService* self) { delete self; });
  service->Register(server);
  return service;
}

}  // namespace tributary::events
