#include "inventory-service/ledger/position_watch.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/time/clock.h"
#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/ledger/ledger_proto.h"

namespace tributary::inventory {
namespace {

constexpr int kPositionsAtOnce = 500;                            // of one message
constexpr int64_t kEventsAtOnce = 2000;                          // of one shard in one look into the database
constexpr absl::Duration kLeastPause = absl::Milliseconds(100);  // between two looks; what comes meanwhile is one
constexpr absl::Duration kHeartbeat = absl::Seconds(5);          // a word where nothing happens
constexpr absl::Duration kGoneCheck = absl::Milliseconds(250);   // how late a caller's leave may be noticed
constexpr absl::Duration kStatementTime = absl::Seconds(10);     // of one look

// A text in a filter.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

// The places in all shards, 8 bytes each whatever they are: their size tells nothing.
std::string Packed(const std::vector<int64_t>& places) {
  std::string bytes;
  for (const int64_t place : places) {
    for (int shift = 0; shift < 64; shift += 8)
      bytes += static_cast<char>(static_cast<uint64_t>(place) >> shift & 0xFF);
  }
  return bytes;
}

std::vector<int64_t> Unpacked(std::string_view bytes) {
  std::vector<int64_t> places(bytes.size() / 8);
  for (size_t i = 0; i < bytes.size(); ++i) {
    places[i / 8] |= static_cast<int64_t>(static_cast<uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * (i % 8)));
  }
  return places;
}

// Where one caller's watch is.
class Watching {
 public:
  Watching(mysql::Database& database, events::Feed& feed, const PageTokens& tokens, const LedgerStore& store,
           rpc::StreamWriter& writer)
      : database_(database), feed_(feed), tokens_(tokens), store_(store), writer_(writer) {}

  absl::Status Begin(const rpc::Call& call, const v1::WatchPositionsRequest& request) {
    ASSIGN_OR_RETURN(wanted_.partner, PartnerToList(call, request.parent()));
    if (!request.product().empty()) {
      ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                       ParseResourceName(request.product(), "products/{product}", "product"));
      wanted_.product = ids[0];
    } else if (!request.lot().empty()) {
      return InvalidField("product", "", "the product of the lot");
    }
    wanted_.lot = request.lot();
    fingerprint_ = QueryFingerprint({call.method, call.identity->subject, call.identity->partner, request.parent(),
                                     request.product(), request.lot()});
    // Another process may have told this caller more than this one has seen yet.
    RETURN_IF_ERROR(feed_.Refresh());
    epoch_ = feed_.epoch();
    seen_ = feed_.Heads();
    return request.resume_token().empty() ? absl::OkStatus() : Resume(request.resume_token());
  }

  // Until the caller goes (OK) or the watch cannot go on.
  absl::Status Run() {
    if (!resumed_) {
      RETURN_IF_ERROR(SendAll());
    } else {
      Send({}, /*complete=*/true);
    }
    while (!writer_.Gone()) {
      if (feed_.stopped()) return Error(Reason::kDraining, "the process is stopping");
      if (feed_.epoch() != epoch_) return Rewound(StrCat("epoch ", epoch_), StrCat("epoch ", feed_.epoch()));
      if (absl::Now() >= sent_ + kHeartbeat) Send({}, /*complete=*/true);
      const std::vector<events::ShardRange> ranges = Ahead();
      if (ranges.empty()) {
        feed_.WaitBeyond(seen_, std::min(sent_ + kHeartbeat, absl::Now() + kGoneCheck));
      } else {
        RETURN_IF_ERROR(SendChanges(ranges));
        feed_.Rest(absl::Now() + kLeastPause);
      }
    }
    return absl::OkStatus();
  }

 private:
  static absl::Status Rewound(std::string_view got, std::string_view want) {
    return Error(Reason::kFeedRewound, StrCat("resume_token: got ", got, ", want ", want));
  }

  absl::Status Resume(const std::string& token) {
    const auto key = tokens_.Open(token, fingerprint_);
    if (!key.ok() || key->size() != 3 || key->at(1).size() != events::kShards * 8) {
      const FieldViolation violation{
          "resume_token", Printable(token, 8),
          "a resume_token of this very watch (same caller, parent, product and lot), or none to begin anew"};
      return WithDetail(absl::StatusCode::kInvalidArgument,
                        StrCat(violation.field, ": got '", violation.got, "', want ", violation.want),
                        {.reason = Reason::kPageTokenInvalid, .violations = {violation}});
    }
    if (key->at(0) != epoch_) return Rewound("one of an earlier state of the database", "one of the present");
    std::vector<int64_t> places = Unpacked(key->at(1));
    for (int shard = 0; shard < events::kShards; ++shard) {
      if (places[shard] > seen_[shard]) return Rewound("one of what is not there any more", "one of the present");
    }
    seen_ = std::move(places);
    resumed_ = true;
    return absl::OkStatus();
  }

  // What the feed has that was not looked at, cut to what one look bears.
  std::vector<events::ShardRange> Ahead() const {
    const std::vector<int64_t> heads = feed_.Heads();
    std::vector<events::ShardRange> ranges;
    for (int shard = 0; shard < events::kShards; ++shard) {
      if (heads[shard] <= seen_[shard]) continue;
      ranges.push_back({shard, seen_[shard], std::min(heads[shard], seen_[shard] + kEventsAtOnce)});
    }
    return ranges;
  }

  // All positions as they are. What happens while they are read lies behind seen_, and is sent afterwards.
  absl::Status SendAll() {
    std::string filter;
    if (!wanted_.product.empty()) filter = StrCat("product = \"products/", wanted_.product, "\"");
    if (!wanted_.lot.empty()) StrAppend(&filter, " AND lot = ", Quoted(wanted_.lot));
    ASSIGN_OR_RETURN(const SqlPredicate predicate, ParseFilter(filter, LedgerStore::PositionFields()));
    PositionKey after;
    while (!writer_.Gone()) {
      std::vector<Position> page;
      RETURN_IF_ERROR(ReadDurable([&](mysql::Transaction& sql) -> absl::Status {
        ASSIGN_OR_RETURN(page, store_.ListPositions(sql, wanted_.partner, after, predicate, kPositionsAtOnce));
        return absl::OkStatus();
      }));
      const bool last = page.size() < kPositionsAtOnce;
      if (!page.empty()) after = page.back().key;
      Send(page, /*complete=*/last);
      if (last) break;
    }
    return absl::OkStatus();
  }

  absl::Status SendChanges(const std::vector<events::ShardRange>& ranges) {
    std::set<PositionKey> touched;
    RETURN_IF_ERROR(Read([&](mysql::Transaction& sql) -> absl::Status {
      touched.clear();
      for (const events::ShardRange& range : ranges) {
        RETURN_IF_ERROR(store_.AddTouched(sql, range, wanted_, &touched));
      }
      return absl::OkStatus();
    }));
    const std::vector<PositionKey> keys(touched.begin(), touched.end());
    for (size_t at = 0; at < keys.size() && !writer_.Gone(); at += kPositionsAtOnce) {
      const size_t end = std::min(keys.size(), at + kPositionsAtOnce);
      const std::vector<PositionKey> some(keys.begin() + static_cast<ptrdiff_t>(at),
                                          keys.begin() + static_cast<ptrdiff_t>(end));
      std::vector<Position> positions;
      RETURN_IF_ERROR(ReadDurable([&](mysql::Transaction& sql) -> absl::Status {
        ASSIGN_OR_RETURN(positions, store_.ReadPositions(sql, some));
        return absl::OkStatus();
      }));
      const bool last = end == keys.size();
      if (last) Pass(ranges);
      Send(positions, /*complete=*/last);
    }
    // Where nothing of it is wanted, the next heartbeat tells: when others are busy is nobody's business.
    if (keys.empty()) Pass(ranges);
    return absl::OkStatus();
  }

  void Pass(const std::vector<events::ShardRange>& ranges) {
    for (const events::ShardRange& range : ranges) seen_[range.shard] = range.upto;
  }

  absl::Status Read(absl::FunctionRef<absl::Status(mysql::Transaction&)> read) {
    return database_.Transact({.deadline = absl::Now() + kStatementTime, .autocommit_reads = true}, read);
  }
  // Reads what is to be told. A commit can be seen before it is on disk; afterwards what was seen is.
  absl::Status ReadDurable(absl::FunctionRef<absl::Status(mysql::Transaction&)> read) {
    RETURN_IF_ERROR(Read(read));
    return feed_.Refresh();
  }

  // `complete`: everything up to seen_ has been sent with it.
  void Send(const std::vector<Position>& positions, bool complete) {
    v1::WatchPositionsResponse message;
    for (const Position& position : positions) *message.add_positions() = ToProto(position);
    sent_ = absl::Now();
    if (complete) {
      // The moment makes every token another one, so that it does not tell whether anything happened.
      message.set_resume_token(tokens_.Seal(fingerprint_, {epoch_, Packed(seen_), StrCat(absl::ToUnixMicros(sent_))}));
    }
    writer_.Write(message);
  }

  mysql::Database& database_;
  events::Feed& feed_;
  const PageTokens& tokens_;
  const LedgerStore& store_;
  rpc::StreamWriter& writer_;
  PositionKey wanted_;  // what is not empty must agree; the site is not asked about
  std::string fingerprint_;
  std::string epoch_;
  std::vector<int64_t> seen_;  // of each shard, what has been looked at
  bool resumed_ = false;
  absl::Time sent_ = absl::InfinitePast();
};

}  // namespace

void PositionWatch::Register(rpc::Server& server) {
  const v1::WatchPositionsResponse* const sent = nullptr;
  server.Add("tributary.inventory.v1.LedgerService", this).Stream("WatchPositions", &PositionWatch::Watch, sent);
}

absl::Status PositionWatch::Watch(const rpc::Call& call, const v1::WatchPositionsRequest& request,
                                  rpc::StreamWriter& writer) {
  Watching watching(database_, feed_, tokens_, store_, writer);
  RETURN_IF_ERROR(watching.Begin(call, request));
  return watching.Run();
}

}  // namespace tributary::inventory
