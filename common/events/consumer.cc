#include "common/events/consumer.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "common/events/consumer_metrics.h"
#include "common/events/consumer_store.h"
#include "common/events/event_stream.h"
#include "common/events/feed_proto.h"
#include "common/events/shard_leases.h"
#include "common/events/told_metrics.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "spdlog/spdlog.h"

namespace tributary::events {
namespace {

constexpr absl::Duration kTransactionTime = absl::Seconds(30);
constexpr absl::Duration kSilence = absl::Seconds(30);  // a source that says nothing for so long is taken for gone
constexpr absl::Duration kFirstPause = absl::Milliseconds(100);
constexpr absl::Duration kLongestPause = absl::Seconds(2);
constexpr absl::Duration kLongestTick = absl::Seconds(1);

// Some events with the cursors that hold after them.
struct Part {
  absl::Span<const Event> events;
  std::map<int, int64_t> upto;  // by shard
};

// The first `count` events, and the rest with whatever the cursors skip.
std::pair<Part, Part> Split(const Part& part, size_t count) {
  Part first{part.events.subspan(0, count), {}};
  for (const Event& event : first.events) first.upto[event.cursor.shard] = event.cursor.seq;
  return {first, {part.events.subspan(count), part.upto}};
}

// Whether trying again may help, so that nothing is wrong with the event: the database is away, busy or slow, or is not
// as the program knows it (unknown table or column, access denied).
bool Passing(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kAborted:
      return ReasonOf(status) != Reason::kEtagMismatch;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
      return true;
    default:
      break;
  }
  for (const auto& [key, value] : DetailOf(status).metadata) {
    if (key == "code" && (value == "1054" || value == "1142" || value == "1143" || value == "1146")) return true;
  }
  return false;
}

bool Final(const absl::Status& status) {
  const Reason reason = ReasonOf(status);
  return reason == Reason::kFeedRewound || reason == Reason::kFeedCursorExpired;
}

std::string Message(const absl::Status& status) {
  return StrCat(NameOf(ReasonOf(status)), ": ", std::string(status.message()));
}

// The source's head, asked for on the side: what the lag is measured against.
struct HeadProbe {
  std::mutex mutex;
  bool asking = false;           // guarded by mutex
  std::map<int, int64_t> heads;  // guarded by mutex
};

}  // namespace

struct Consumer::State {
  mysql::Database& database;
  rpc::Client& source;
  const Clock& clock;
  const ConsumerOptions options;
  const ApplyEvents apply;
  ConsumerMetrics metrics;
  ToldMetrics told_metrics;
  const ConsumerStore store;
  const std::shared_ptr<HeadProbe> probe = std::make_shared<HeadProbe>();

  Mailbox mailbox;
  std::thread thread;
  std::atomic<bool> halted{false};

  // The thread's own.
  ShardLeases leases;
  std::map<int, HeldShard>& held;
  std::optional<EventStream> stream;
  std::string source_epoch;
  absl::Time last_message;
  bool progress = false;  // since the session began

  State(mysql::Database& database, rpc::Client& source, const Clock& clock, ConsumerOptions given, ApplyEvents apply,
        prometheus::Registry* registry)
      : database(database),
        source(source),
        clock(clock),
        options(std::move(given)),
        apply(std::move(apply)),
        metrics(registry, options.feed),
        told_metrics(registry),
        store(options.feed, options.owner),
        leases(database, store, options.lease, [this](std::string_view step) { At(step); }),
        held(leases.held()) {}

  void At(std::string_view step) const {
    if (options.at_step) options.at_step(step);
  }
  static mysql::TransactOptions Within(absl::Duration time) { return {.deadline = absl::Now() + time}; }

  void Run();
  absl::Status Session();
  absl::Status OpenStream();
  // Where the shard stands behind what has been collected.
  absl::StatusOr<int64_t*> Reached(int shard, std::map<int, int64_t>* upto) const;
  // Takes what has come, up to a batch.
  absl::Status Collect(v1::StreamEventsResponse first, std::vector<Event>* events, std::map<int, int64_t>* upto);
  absl::Status ApplyAll(Part part);
  absl::Status ApplyPart(const Part& part);
  absl::Status Park(const Event& event, const absl::Status& why);
  // One transaction that moves the cursors of `upto` and runs `effect`; `refused` where the effect itself failed.
  absl::Status Fenced(const std::map<int, int64_t>& upto, bool* refused,
                      absl::FunctionRef<absl::Status(mysql::Transaction&)> effect);
  void ProbeHead();
  void MeasureLag();
};

void Consumer::State::Run() {
  absl::Duration pause = kFirstPause;
  while (!mailbox.closed()) {
    progress = false;
    const absl::Status status = Session();
    stream.reset();
    if (mailbox.closed()) break;
    if (Final(status)) {
      spdlog::critical("consumer of feed {}: stopped for good, its service no longer follows: {}", options.feed,
                       Message(status));
      metrics.halted.Set(1);
      halted = true;
      break;
    }
    pause = progress ? kFirstPause : std::min(pause * 2, kLongestPause);
    spdlog::warn("consumer of feed {}: starts again in {} ms: {}", options.feed, absl::ToInt64Milliseconds(pause),
                 Message(status));
    metrics.restarts.Increment();
    mailbox.Sleep(absl::Now() + pause);
  }
  metrics.held.Set(0);
  metrics.lag.Set(0);
  if (const absl::Status left = leases.Leave(); !left.ok()) {
    spdlog::warn("consumer of feed {}: keeps its lease until it runs out: {}", options.feed, Message(left));
  }
}

absl::Status Consumer::State::Session() {
  // What was in doubt (a COMMIT without answer, a lost shard) is read anew, under a new fence.
  RETURN_IF_ERROR(leases.Begin());
  const absl::Duration tick = std::min(options.lease / 3, kLongestTick);
  absl::Time next_tick = absl::InfinitePast();
  while (!mailbox.closed()) {
    if (absl::Now() >= next_tick) {
      bool changed = false;
      RETURN_IF_ERROR(leases.Tick(&changed));
      metrics.held.Set(static_cast<double>(held.size()));
      if (changed) stream.reset();
      ProbeHead();
      MeasureLag();
      next_tick = absl::Now() + tick;
    }
    if (held.empty()) {
      mailbox.Sleep(next_tick);
      continue;
    }
    if (!stream.has_value()) RETURN_IF_ERROR(OpenStream());
    std::optional<v1::StreamEventsResponse> message = mailbox.Take(next_tick);
    if (!message.has_value()) {
      if (const std::optional<absl::Status> end = mailbox.ended()) return *end;
      if (absl::Now() - last_message > kSilence) return absl::UnavailableError("the source has fallen silent");
      continue;
    }
    At("received");
    std::vector<Event> events;
    std::map<int, int64_t> upto;
    RETURN_IF_ERROR(Collect(*std::move(message), &events, &upto));
    RETURN_IF_ERROR(ApplyAll({events, upto}));
    MeasureLag();
  }
  return absl::OkStatus();
}

absl::Status Consumer::State::OpenStream() {
  v1::StreamEventsRequest request;
  for (const auto& [shard, row] : held) {
    ToProto(Cursor{shard, row.seq}, request.add_cursors());
    if (row.source_epoch.empty()) continue;
    if (!request.feed_epoch().empty() && request.feed_epoch() != row.source_epoch) {
      return Error(Reason::kFeedRewound, StrCat("got cursors of epoch ", row.source_epoch, " and of epoch ",
                                                request.feed_epoch(), ", want one epoch"));
    }
    request.set_feed_epoch(row.source_epoch);
  }
  for (const std::string& type : options.payload_types) request.add_payload_types(type);
  source_epoch = request.feed_epoch();
  last_message = absl::Now();
  stream.emplace(source, request, mailbox);
  return absl::OkStatus();
}

absl::StatusOr<int64_t*> Consumer::State::Reached(int shard, std::map<int, int64_t>* upto) const {
  const auto row = held.find(shard);
  if (row == held.end()) return Error(Reason::kInternal, StrCat("got shard ", shard, ", which was not asked for"));
  return &upto->try_emplace(shard, row->second.seq).first->second;
}

absl::Status Consumer::State::Collect(v1::StreamEventsResponse first, std::vector<Event>* events,
                                      std::map<int, int64_t>* upto) {
  std::optional<v1::StreamEventsResponse> message = std::move(first);
  while (message.has_value()) {
    last_message = absl::Now();
    if (source_epoch.empty()) source_epoch = message->feed_epoch();
    if (message->feed_epoch() != source_epoch) {
      return Error(Reason::kFeedRewound,
                   StrCat("got events of epoch ", message->feed_epoch(), ", want epoch ", source_epoch));
    }
    for (v1::Event& wire : *message->mutable_events()) {
      ASSIGN_OR_RETURN(Event event, FromProto(std::move(wire)));
      ASSIGN_OR_RETURN(int64_t* const reached_at, Reached(event.cursor.shard, upto));
      int64_t& reached = *reached_at;
      if (event.cursor.seq <= reached) {
        return Error(Reason::kInternal, StrCat("got event ", event.cursor.seq, " of shard ", event.cursor.shard,
                                               " behind event ", reached, ", want them in order"));
      }
      reached = event.cursor.seq;
      events->push_back(std::move(event));
    }
    for (const v1::Cursor& wire : message->cursors()) {
      ASSIGN_OR_RETURN(const Cursor cursor, FromProto(wire));
      ASSIGN_OR_RETURN(int64_t* const reached, Reached(cursor.shard, upto));
      *reached = std::max(*reached, cursor.seq);
    }
    if (events->size() >= static_cast<size_t>(options.batch)) break;
    message = mailbox.Take(absl::InfinitePast());
  }
  return absl::OkStatus();
}

absl::Status Consumer::State::ApplyAll(Part part) {
  const auto batch = static_cast<size_t>(std::max(options.batch, 1));
  while (part.events.size() > batch) {
    auto [first, rest] = Split(part, batch);
    RETURN_IF_ERROR(ApplyPart(first));
    part = std::move(rest);
  }
  return ApplyPart(part);
}

absl::Status Consumer::State::Fenced(const std::map<int, int64_t>& upto, bool* refused,
                                     absl::FunctionRef<absl::Status(mysql::Transaction&)> effect) {
  std::vector<Move> moves;
  for (const auto& [shard, seq] : upto) {
    const HeldShard& row = held.at(shard);
    if (row.seq != seq) moves.push_back({shard, row.epoch, row.seq, seq});
  }
  if (moves.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(database.Transact(Within(kTransactionTime), [&](mysql::Transaction& sql) -> absl::Status {
    *refused = false;
    At("begun");
    // First, since it locks: whoever wants the shard waits for this transaction, and nothing is done in vain.
    ASSIGN_OR_RETURN(const bool ours, store.Advance(sql, moves, source_epoch));
    if (!ours) {
      return Error(Reason::kConflictRetry,
                   StrCat("feed ", options.feed, ": a shard of this owner has moved on without it"));
    }
    At("fenced");
    const absl::Status done = effect(sql);
    *refused = !done.ok();
    return done;
  }));
  for (const Move& move : moves) {
    held[move.shard].seq = move.to;
    held[move.shard].source_epoch = source_epoch;
  }
  progress = true;
  return absl::OkStatus();
}

absl::Status Consumer::State::ApplyPart(const Part& part) {
  bool refused = false;
  std::vector<Told> told;
  const absl::Status status = Fenced(part.upto, &refused, [&](mysql::Transaction& sql) -> absl::Status {
    if (part.events.empty()) return absl::OkStatus();
    Outbox outbox;
    RETURN_IF_ERROR(apply(sql, part.events, outbox));
    At("applied");
    told = outbox.Count();
    RETURN_IF_ERROR(outbox.Write(sql));
    At("told");
    return absl::OkStatus();
  });
  if (status.ok()) {
    At("committed");
    metrics.applied.Increment(static_cast<double>(part.events.size()));
    told_metrics.Count(told);
    if (!told.empty() && options.committed) options.committed();
    return absl::OkStatus();
  }
  const bool too_slow = status.code() == absl::StatusCode::kDeadlineExceeded && part.events.size() > 1;
  if (!refused || (Passing(status) && !too_slow)) return status;
  if (part.events.size() == 1) {
    RETURN_IF_ERROR(Park(part.events[0], status));
    return ApplyPart({{}, part.upto});  // what the cursors skip behind it
  }
  const auto [first, rest] = Split(part, part.events.size() / 2);
  RETURN_IF_ERROR(ApplyPart(first));
  return ApplyPart(rest);
}

absl::Status Consumer::State::Park(const Event& event, const absl::Status& why) {
  bool refused = false;
  RETURN_IF_ERROR(
      Fenced({{event.cursor.shard, event.cursor.seq}}, &refused, [&](mysql::Transaction& sql) -> absl::Status {
        RETURN_IF_ERROR(store.Park(sql, event, Message(why), clock.Now()));
        At("parking");
        return absl::OkStatus();
      }));
  At("parked");
  spdlog::error("consumer of feed {}: event {} of shard {} ({} {}) is parked: {}", options.feed, event.cursor.seq,
                event.cursor.shard, event.type, event.verb, Message(why));
  metrics.parked.Increment();
  return absl::OkStatus();
}

void Consumer::State::ProbeHead() {
  {
    std::lock_guard lock(probe->mutex);
    if (std::exchange(probe->asking, true)) return;
  }
  auto reply = std::make_shared<v1::FeedHead>();
  source.CallAsync("tributary.events.v1.FeedService/GetFeedHead", v1::GetFeedHeadRequest(), reply,
                   {.timeout = absl::Seconds(2)}, [probe = probe, reply](const absl::Status& status) {
                     std::lock_guard lock(probe->mutex);
                     probe->asking = false;
                     if (!status.ok()) return;
                     for (const v1::Cursor& cursor : reply->cursors()) probe->heads[cursor.shard()] = cursor.seq();
                   });
}

void Consumer::State::MeasureLag() {
  std::lock_guard lock(probe->mutex);
  int64_t lag = 0;
  for (const auto& [shard, row] : held) {
    const auto head = probe->heads.find(shard);
    if (head != probe->heads.end()) lag += std::max<int64_t>(0, head->second - row.seq);
  }
  metrics.lag.Set(static_cast<double>(lag));
}

Consumer::Consumer(mysql::Database& database, rpc::Client& source, const Clock& clock, ConsumerOptions options,
                   ApplyEvents apply, prometheus::Registry* registry)
    : state_(std::make_unique<State>(database, source, clock, std::move(options), std::move(apply), registry)) {}

Consumer::~Consumer() { Stop(); }

void Consumer::Start() {
  state_->thread = std::thread([state = state_.get()] { state->Run(); });
}

void Consumer::Stop() {
  state_->mailbox.Close();
  if (state_->thread.joinable()) state_->thread.join();
}

bool Consumer::halted() const { return state_->halted; }

}  // namespace tributary::events
