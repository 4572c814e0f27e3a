#include "common/events/watch.h"

#include <algorithm>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/time/clock.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "google/protobuf/message.h"

namespace tributary::events {
namespace {

// Where one caller's watch is.
class Watching {
 public:
  Watching(const WatchParts& parts, const WatchAsked& asked, Watched& watched, rpc::StreamWriter& writer)
      : database_(parts.database),
        feed_(parts.feed),
        tokens_(parts.tokens),
        asked_(asked),
        watched_(watched),
        writer_(writer) {}

  absl::Status Begin(const rpc::Call& call) {
    fingerprint_ = QueryFingerprint({call.method, call.identity->subject, call.identity->partner, asked_.query});
    // Another process may have told this caller more than this one has seen yet.
    RETURN_IF_ERROR(feed_.Refresh());
    epoch_ = feed_.epoch();
    seen_ = feed_.Heads();
    return asked_.resume_token.empty() ? SendAll() : Resume();
  }

  absl::Status Run() {
    while (!writer_.Gone()) {
      if (feed_.stopped()) return Error(Reason::kDraining, "the process is stopping");
      if (feed_.epoch() != epoch_) return Rewound(StrCat("epoch ", epoch_), StrCat("epoch ", feed_.epoch()));
      if (absl::Now() >= sent_ + kSilence) SendNothing();
      const std::vector<ShardRange> ranges = Ahead();
      if (ranges.empty()) {
        feed_.WaitBeyond(seen_, std::min(sent_ + kSilence, absl::Now() + kLook));
      } else {
        RETURN_IF_ERROR(SendChanges(ranges));
        feed_.Rest(absl::Now() + kLeastPause);
      }
    }
    return absl::OkStatus();
  }

 private:
  static constexpr int kEventsAtOnce = 2000;  // of one look into the feed, and of its shards
  static constexpr absl::Duration kLeastPause = absl::Milliseconds(100);  // what comes meanwhile is one look
  static constexpr absl::Duration kSilence = absl::Seconds(5);            // then a word, though nothing happens
  static constexpr absl::Duration kLook = absl::Milliseconds(250);        // how late a caller's leave may be noticed
  static constexpr absl::Duration kStatementTime = absl::Seconds(10);

  // The places in all shards, 8 bytes each whatever they are: their size tells nothing.
  static std::string Packed(const std::vector<int64_t>& places) {
    std::string bytes;
    for (const int64_t place : places) {
      for (int shift = 0; shift < 64; shift += 8)
        bytes += static_cast<char>(static_cast<uint64_t>(place) >> shift & 0xFF);
    }
    return bytes;
  }
  static std::vector<int64_t> Unpacked(std::string_view bytes) {
    std::vector<int64_t> places(bytes.size() / 8);
    for (size_t i = 0; i < bytes.size(); ++i) {
      const auto byte = static_cast<uint64_t>(static_cast<unsigned char>(bytes[i]));
      places[i / 8] |= static_cast<int64_t>(byte << (8 * (i % 8)));
    }
    return places;
  }

  static absl::Status Rewound(std::string_view got, std::string_view want) {
    return Error(Reason::kFeedRewound, StrCat("resume_token: got ", got, ", want ", want));
  }

  absl::Status Resume() {
    const auto key = tokens_.Open(asked_.resume_token, fingerprint_);
    if (!key.ok() || key->size() != 3 || key->at(1).size() != kShards * 8) {
      const FieldViolation violation{
          "resume_token", Printable(asked_.resume_token, 8),
          StrCat("a resume_token of this very watch (same ", asked_.same, "), or none to begin anew")};
      return WithDetail(absl::StatusCode::kInvalidArgument,
                        StrCat(violation.field, ": got '", violation.got, "', want ", violation.want),
                        {.reason = Reason::kPageTokenInvalid, .violations = {violation}});
    }
    if (key->at(0) != epoch_) return Rewound("one of an earlier state of the database", "one of the present");
    std::vector<int64_t> places = Unpacked(key->at(1));
    for (size_t shard = 0; shard < places.size(); ++shard) {
      if (places[shard] > seen_[shard]) return Rewound("one of what is not there any more", "one of the present");
    }
    seen_ = std::move(places);
    SendNothing();
    return absl::OkStatus();
  }

  // What the feed has that was not looked at, cut to what one look bears.
  std::vector<ShardRange> Ahead() const {
    const std::vector<int64_t> heads = feed_.Heads();
    std::vector<ShardRange> ranges;
    for (int shard = 0; shard < kShards; ++shard) {
      if (heads[shard] <= seen_[shard]) continue;
      ranges.push_back({shard, seen_[shard], std::min(heads[shard], seen_[shard] + kEventsAtOnce)});
    }
    return ranges;
  }

  // What happens while it is read lies behind seen_, and is sent afterwards.
  absl::Status SendAll() {
    for (bool last = false; !last && !writer_.Gone();) {
      RETURN_IF_ERROR(ReadDurable([&](mysql::Transaction& sql) -> absl::Status {
        ASSIGN_OR_RETURN(last, watched_.ReadNext(sql));
        return absl::OkStatus();
      }));
      Send(/*complete=*/last);
    }
    return absl::OkStatus();
  }

  absl::Status SendChanges(const std::vector<ShardRange>& ranges) {
    std::vector<Event> events;
    std::vector<Cursor> read_to;
    if (asked_.types.empty()) {
      for (const ShardRange& range : ranges) read_to.push_back({range.shard, range.upto});
    } else {
      RETURN_IF_ERROR(feed_.Read(ranges, kEventsAtOnce, &events, &read_to, asked_.types));
    }
    size_t noted = 0;
    RETURN_IF_ERROR(Read([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(noted, watched_.Note(sql, ranges, events));
      return absl::OkStatus();
    }));
    for (size_t from = 0; from < noted && !writer_.Gone(); from += kWatchedAtOnce) {
      const size_t to = std::min(noted, from + kWatchedAtOnce);
      RETURN_IF_ERROR(ReadDurable([&](mysql::Transaction& sql) { return watched_.ReadNoted(sql, from, to); }));
      if (to == noted) Pass(read_to);
      Send(/*complete=*/to == noted);
    }
    // Where nothing of it is wanted, the next word tells: when others are busy is nobody's business.
    if (noted == 0) Pass(read_to);
    return absl::OkStatus();
  }

  void Pass(const std::vector<Cursor>& read_to) {
    for (const Cursor& cursor : read_to) seen_[cursor.shard] = std::max(seen_[cursor.shard], cursor.seq);
  }

  absl::Status Read(absl::FunctionRef<absl::Status(mysql::Transaction&)> read) const {
    return database_.Transact({.deadline = absl::Now() + kStatementTime, .autocommit_reads = true},
                              [&](mysql::Transaction& sql) {
                                watched_.message().Clear();
                                return read(sql);
                              });
  }
  // Reads what is to be told. A commit can be seen before it is on disk; afterwards what was seen is.
  absl::Status ReadDurable(absl::FunctionRef<absl::Status(mysql::Transaction&)> read) const {
    RETURN_IF_ERROR(Read(read));
    return feed_.Refresh();
  }

  void SendNothing() {
    watched_.message().Clear();
    Send(/*complete=*/true);
  }
  // `complete`: everything up to seen_ has been sent with it.
  void Send(bool complete) {
    sent_ = absl::Now();
    google::protobuf::Message& message = watched_.message();
    if (complete) {
      // The moment makes every token another one, so that it does not tell whether anything happened.
      message.GetReflection()->SetString(
          &message, message.GetDescriptor()->FindFieldByName("resume_token"),
          tokens_.Seal(fingerprint_, {epoch_, Packed(seen_), StrCat(absl::ToUnixMicros(sent_))}));
    }
    writer_.Write(message);
  }

  mysql::Database& database_;
  Feed& feed_;
  const PageTokens& tokens_;
  const WatchAsked& asked_;
  Watched& watched_;
  rpc::StreamWriter& writer_;
  std::string fingerprint_;
  std::string epoch_;
  std::vector<int64_t> seen_;  // of each shard, what has been looked at
  absl::Time sent_ = absl::InfinitePast();
};

}  // namespace

absl::Status RunWatch(const WatchParts& parts, const rpc::Call& call, const WatchAsked& asked, Watched& watched,
                      rpc::StreamWriter& writer) {
  Watching watching(parts, asked, watched, writer);
  RETURN_IF_ERROR(watching.Begin(call));
  return watching.Run();
}

}  // namespace tributary::events
