#include "incentive-service/accruals/accrual_watch.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/time/clock.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/listing/list_query.h"
#include "tributary/incentive/v1/period_close.pb.h"
#include "tributary/incentive/v1/program.pb.h"

namespace tributary::incentive {
namespace {

constexpr int kAccrualsAtOnce = 500;                             // of one message
constexpr int kEventsAtOnce = 2000;                              // of one look into the feed
constexpr absl::Duration kLeastPause = absl::Milliseconds(100);  // between two looks; what comes meanwhile is one
constexpr absl::Duration kHeartbeat = absl::Seconds(5);          // a word where nothing happens
constexpr absl::Duration kGoneCheck = absl::Milliseconds(250);   // how late a caller's leave may be noticed
constexpr absl::Duration kStatementTime = absl::Seconds(10);     // of one look

// What moves accruals: a line, a program that begins or ends, a close.
const std::vector<std::string>& Types() {
  static const auto& types =
      *new std::vector<std::string>{v1::AccrualMove::descriptor()->full_name(), v1::Program::descriptor()->full_name(),
                                    v1::PeriodClose::descriptor()->full_name()};
  return types;
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

// "programs/growth", "programs/growth/closes/2025Q1" -> "growth".
std::string ProgramOf(std::string_view name) {
  name.remove_prefix(std::min(name.size(), name.find('/') + 1));
  return std::string(name.substr(0, name.find('/')));
}

// Where one caller's watch is.
class Watching {
 public:
  Watching(mysql::Database& database, events::Feed& feed, const PageTokens& tokens, const AccrualService& accruals,
           const AccrualStore& store, rpc::StreamWriter& writer)
      : database_(database), feed_(feed), tokens_(tokens), accruals_(accruals), store_(store), writer_(writer) {}

  absl::Status Begin(const rpc::Call& call, const v1::WatchAccrualsRequest& request) {
    ASSIGN_OR_RETURN(partner_, PartnerScope(call, request.parent()));
    fingerprint_ = QueryFingerprint({call.method, call.identity->subject, call.identity->partner, request.parent()});
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
      const FieldViolation violation{"resume_token", Printable(token, 8),
                                     "a resume_token of this very watch (same caller and parent), or none to begin "
                                     "anew"};
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

  // What the feed has that was not looked at.
  std::vector<events::ShardRange> Ahead() const {
    const std::vector<int64_t> heads = feed_.Heads();
    std::vector<events::ShardRange> ranges;
    for (int shard = 0; shard < events::kShards; ++shard) {
      if (heads[shard] > seen_[shard]) ranges.push_back({shard, seen_[shard], heads[shard]});
    }
    return ranges;
  }

  // All accruals as they are. What happens while they are read lies behind seen_, and is sent afterwards.
  absl::Status SendAll() {
    AccrualKey after;
    while (!writer_.Gone()) {
      size_t read = 0;
      v1::WatchAccrualsResponse message;
      RETURN_IF_ERROR(ReadDurable([&](mysql::Transaction& sql) -> absl::Status {
        ASSIGN_OR_RETURN(const std::vector<Accrual> page, store_.List(sql, partner_, after, {}, kAccrualsAtOnce));
        message.Clear();
        read = page.size();
        if (page.empty()) return absl::OkStatus();
        RETURN_IF_ERROR(Evaluate(sql, page, &message));
        after = page.back().key;
        return absl::OkStatus();
      }));
      const bool last = read < static_cast<size_t>(kAccrualsAtOnce);
      Send(std::move(message), /*complete=*/last);
      if (last) break;
    }
    return absl::OkStatus();
  }

  absl::Status SendChanges(const std::vector<events::ShardRange>& ranges) {
    std::vector<events::Event> events;
    std::vector<events::Cursor> read_to;
    RETURN_IF_ERROR(feed_.Read(ranges, kEventsAtOnce, &events, &read_to, Types()));
    ASSIGN_OR_RETURN(const std::vector<AccrualKey> keys, Touched(events));
    for (size_t at = 0; at < keys.size() && !writer_.Gone(); at += kAccrualsAtOnce) {
      const size_t end = std::min(keys.size(), at + static_cast<size_t>(kAccrualsAtOnce));
      const std::vector<AccrualKey> some(keys.begin() + static_cast<ptrdiff_t>(at),
                                         keys.begin() + static_cast<ptrdiff_t>(end));
      v1::WatchAccrualsResponse message;
      RETURN_IF_ERROR(ReadDurable([&](mysql::Transaction& sql) { return ReadSome(sql, some, &message); }));
      const bool last = end == keys.size();
      if (last) Pass(read_to);
      Send(std::move(message), /*complete=*/last);
    }
    // Where nothing of it is wanted, the next heartbeat tells: when others are busy is nobody's business.
    if (keys.empty()) Pass(read_to);
    return absl::OkStatus();
  }

  // The wanted accruals that the events are about, in order.
  absl::StatusOr<std::vector<AccrualKey>> Touched(const std::vector<events::Event>& events) {
    std::set<AccrualKey> keys;
    std::set<std::string> programs;  // all of whose accruals may have moved
    for (const events::Event& event : events) {
      if (event.type == Types().front()) {
        ASSIGN_OR_RETURN(AccrualKey key, ParseAccrualName(event.name));
        if (!partner_.has_value() || key.partner == *partner_) keys.insert(std::move(key));
      } else {
        programs.insert(ProgramOf(event.name));
      }
    }
    for (const std::string& program : programs) {
      RETURN_IF_ERROR(Read([&](mysql::Transaction& sql) -> absl::Status {
        ASSIGN_OR_RETURN(std::vector<AccrualKey> own, store_.KeysOf(sql, program, partner_));
        keys.insert(std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
        return absl::OkStatus();
      }));
    }
    return std::vector<AccrualKey>(keys.begin(), keys.end());
  }

  absl::Status ReadSome(mysql::Transaction& sql, const std::vector<AccrualKey>& keys,
                        v1::WatchAccrualsResponse* message) const {
    message->Clear();
    ASSIGN_OR_RETURN(const std::vector<Accrual> accruals, store_.ReadSome(sql, keys));
    std::set<AccrualKey> there;
    for (const Accrual& accrual : accruals) there.insert(accrual.key);
    for (const AccrualKey& key : keys) {
      if (!there.contains(key)) message->add_gone(key.name());
    }
    return accruals.empty() ? absl::OkStatus() : Evaluate(sql, accruals, message);
  }

  absl::Status Evaluate(mysql::Transaction& sql, const std::vector<Accrual>& accruals,
                        v1::WatchAccrualsResponse* message) const {
    return accruals_.Evaluate(sql, accruals, message->mutable_accruals());
  }

  void Pass(const std::vector<events::Cursor>& read_to) {
    for (const events::Cursor& cursor : read_to) seen_[cursor.shard] = std::max(seen_[cursor.shard], cursor.seq);
  }

  absl::Status Read(absl::FunctionRef<absl::Status(mysql::Transaction&)> read) const {
    return database_.Transact({.deadline = absl::Now() + kStatementTime, .autocommit_reads = true}, read);
  }
  // Reads what is to be told. A commit can be seen before it is on disk; afterwards what was seen is.
  absl::Status ReadDurable(absl::FunctionRef<absl::Status(mysql::Transaction&)> read) const {
    RETURN_IF_ERROR(Read(read));
    return feed_.Refresh();
  }

  // `complete`: everything up to seen_ has been sent with it.
  void Send(v1::WatchAccrualsResponse message, bool complete) {
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
  const AccrualService& accruals_;
  const AccrualStore& store_;
  rpc::StreamWriter& writer_;
  std::optional<std::string> partner_;  // nullopt: all
  std::string fingerprint_;
  std::string epoch_;
  std::vector<int64_t> seen_;  // of each shard, what has been looked at
  bool resumed_ = false;
  absl::Time sent_ = absl::InfinitePast();
};

}  // namespace

void AccrualWatch::Register(rpc::Server& server) {
  const v1::WatchAccrualsResponse* const sent = nullptr;
  server.Add("tributary.incentive.v1.AccrualService", this).Stream("WatchAccruals", &AccrualWatch::Watch, sent);
}

absl::Status AccrualWatch::Watch(const rpc::Call& call, const v1::WatchAccrualsRequest& request,
                                 rpc::StreamWriter& writer) {
  Watching watching(database_, feed_, tokens_, accruals_, store_, writer);
  RETURN_IF_ERROR(watching.Begin(call, request));
  return watching.Run();
}

}  // namespace tributary::incentive
