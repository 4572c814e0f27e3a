// A unary call from its bytes to its answer, alone or with others of its method.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "common/rpc/bytes.h"
#include "common/rpc/core.h"
#include "common/rpc/request_log.h"
#include "common/rpc/wire_status.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "google/protobuf/arena.h"
#include "grpcpp/alarm.h"

namespace tributary::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// How long a caller that was shed is asked to wait.
constexpr absl::Duration kShedPause = absl::Milliseconds(100);

// Groups of one method that are decided at a time: while one waits for the disk, the other is decided.
constexpr int kGroupsAtOnce = 2;

// Leaves a transaction that must not commit although nothing is wrong.
enum class Leave { kNothing, kValidateOnly, kReplay };

// The name of what a mutation touched: the reply's, else the request's name or parent.
std::string ResourceOf(const Message& request, const Message& reply) {
  for (const Message* message : {&reply, &request}) {
    for (const char* candidate : {"name", "parent", "import"}) {
      const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(candidate);
      if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING || field->is_repeated()) continue;
      std::string value = message->GetReflection()->GetString(*message, field);
      if (!value.empty()) return value;
    }
  }
  return {};
}

}  // namespace

class UnaryCall final : public WatchedCall {
 public:
  UnaryCall(Core& core, const MethodEntry& method, grpc::CallbackServerContext* context, grpc::ByteBuffer* reply_bytes)
      : core_(core),
        method_(method),
        context_(context),
        reactor_(context->DefaultReactor()),
        reply_bytes_(reply_bytes),
        started_(absl::Now()),
        arena_(block_, sizeof(block_)),
        request_(method.request->New(&arena_)),
        reply_(method.reply->New(&arena_)) {}

  // Answers at once, or hands itself to a worker. Destroys itself when it has answered.
  grpc::ServerUnaryReactor* Begin(const grpc::ByteBuffer& request_bytes) {
    grpc::ServerUnaryReactor* reactor = reactor_;
    method_.metrics->Started();
    bool answered = false;
    const absl::Status status = Guarded([&] {
      RETURN_IF_ERROR(Admit(core_, method_, *context_, request_bytes, started_, request_, &call_, &language_));
      if (method_.inline_body != nullptr) answered = method_.inline_body(call_, *request_, reply_);
      return absl::OkStatus();
    });
    if (answered || !status.ok()) {
      Finish(status);
    } else {
      Queue();
    }
    return reactor;
  }

  // Whether anybody still waits for the answer; where nobody does, the call has gone.
  bool Wanted() {
    core_.metrics->queued.Decrement();
    bool cancelled = false;
    const auto look = [&] { cancelled = context_->IsCancelled(); };
    if (!watched_) {
      look();
    } else if (!core_.watch->WhileWaiting(*this, look)) {
      delete this;
      return false;
    }
    // Whoever waited too long has gone; working for nobody would only make the others wait too.
    if (absl::Now() >= call_.deadline) {
      Finish(Error(Reason::kDeadlineExceeded, "the deadline passed while the call was waiting"));
    } else if (cancelled) {
      Finish(absl::CancelledError("the caller has gone"));
    } else {
      return true;
    }
    return false;
  }

  void Work() {
    FinishInStep(Guarded([this] { return method_.request_id == nullptr ? Read() : Mutate(); }));
  }

  // Calls of one grouped method, each Wanted, in one transaction. false: nothing was stored, or nobody knows.
  static bool WorkTogether(Core& core, const MethodEntry& method, const std::vector<UnaryCall*>& calls) {
    std::vector<std::string> hashes;
    mysql::TransactOptions options{.deadline = absl::InfinitePast()};
    for (UnaryCall* const one : calls) {
      hashes.push_back(RequestHash(one->request_));
      options.deadline = std::max(options.deadline, one->call_.deadline);
    }
    std::vector<Grouped<Message, Message>> group;
    std::vector<events::Told> told;
    const absl::Status status = Guarded([&] {
      return core.frame.database->Transact(options, [&](mysql::Transaction& sql) -> absl::Status {
        group.clear();
        for (UnaryCall* const one : calls) {
          one->reply_->Clear();
          group.push_back({one->call_, *one->request_, one->reply_});
        }
        Unit unit(sql);
        RETURN_IF_ERROR(method.group_body(unit, absl::MakeSpan(group)));
        std::vector<Mutation> mutations;
        for (size_t i = 0; i < group.size(); ++i) {
          if (!group[i].status.ok() || group[i].alone) continue;
          mutations.push_back(
              {&calls[i]->call_, hashes[i], calls[i]->reply_, ResourceOf(*calls[i]->request_, *calls[i]->reply_)});
        }
        ASSIGN_OR_RETURN(const bool first, RememberReplies(sql, mutations, method.reread != nullptr));
        if (!first) return absl::CancelledError("one was answered before");
        RETURN_IF_ERROR(WriteAudit(sql, mutations));
        told = unit.outbox().Count();
        return unit.outbox().Write(sql);
      });
    });
    if (!status.ok()) return false;
    Committed(core, told);
    for (size_t i = 0; i < group.size(); ++i) {
      if (group[i].alone) {
        calls[i]->WorkAlone();
      } else {
        calls[i]->FinishInStep(calls[i]->Unless(hashes[i], group[i].status));
      }
    }
    return true;
  }

 private:
  void Queue() {
    core_.metrics->queued.Increment();
    if (core_.watch != nullptr) {
      watched_ = true;
      core_.watch->Enter(*this, AnswerBy(started_, call_.deadline));
    }
    const bool grouped = method_.gathering != nullptr && core_.frame.database != nullptr && remembers();
    if (grouped ? method_.gathering->Take(core_, method_, *this)
                : core_.lanes[static_cast<int>(method_.lane)]->TryRun([this] {
                    if (Wanted()) Work();
                  })) {
      return;
    }
    core_.metrics->queued.Decrement();
    core_.metrics->shed.Increment();
    Finish(WithDetail(absl::StatusCode::kResourceExhausted,
                      StrCat("got a full queue of ", core_.options.queue_limit, " calls, want a free place"),
                      {.reason = Reason::kOverloaded, .retry_after = kShedPause}));
  }

  // On another thread, where one is free for it.
  void WorkAlone() {
    if (!core_.lanes[static_cast<int>(method_.lane)]->TryRun([this] { Work(); })) Work();
  }

  bool remembers() const { return !call_.request_id.empty() && !call_.validate_only; }

  absl::Status Read() { return ReadWith(method_, *request_, reply_); }

  absl::Status ReadWith(const MethodEntry& method, const Message& request, Message* reply) {
    reply->Clear();
    if (core_.frame.database == nullptr) {
      Unit unit;
      return method.body(call_, unit, request, reply);
    }
    return core_.frame.database->Transact({.deadline = call_.deadline, .autocommit_reads = true},
                                          [&](mysql::Transaction& sql) {
                                            Unit unit(sql);
                                            reply->Clear();
                                            return method.body(call_, unit, request, reply);
                                          });
  }

  absl::Status Mutate() {
    if (core_.frame.database == nullptr) {
      Unit unit;
      return method_.body(call_, unit, *request_, reply_);
    }
    const std::string hash = remembers() ? RequestHash(request_) : std::string();
    Leave leave = Leave::kNothing;
    Unit::Trial trial;
    bool resolved = false;
    std::vector<events::Told> told;
    mysql::TransactOptions options{.deadline = call_.deadline};
    if (remembers()) {
      options.resolve = [&](mysql::Transaction& sql) -> absl::StatusOr<mysql::CommitOutcome> {
        ASSIGN_OR_RETURN(std::optional<StoredReply> stored, FindReply(sql, call_, FindLock::kWait));
        resolved = stored.has_value();
        return resolved ? mysql::CommitOutcome::kCommitted : mysql::CommitOutcome::kNotCommitted;
      };
    }
    absl::Status status = core_.frame.database->Transact(options, [&](mysql::Transaction& sql) -> absl::Status {
      leave = Leave::kNothing;
      Unit unit(sql);
      reply_->Clear();
      RETURN_IF_ERROR(method_.body(call_, unit, *request_, reply_));
      if (call_.validate_only) {
        leave = Leave::kValidateOnly;
        trial = unit.trial();
        return absl::CancelledError("validate_only");
      }
      const Mutation mutation{&call_, hash, reply_, ResourceOf(*request_, *reply_)};
      if (remembers()) {
        ASSIGN_OR_RETURN(const bool first,
                         RememberReplies(sql, absl::MakeSpan(&mutation, 1), method_.reread != nullptr));
        if (!first) {
          leave = Leave::kReplay;
          return absl::CancelledError("answered before");
        }
      }
      RETURN_IF_ERROR(WriteAudit(sql, absl::MakeSpan(&mutation, 1)));
      told = unit.outbox().Count();
      return unit.outbox().Write(sql);
    });
    if (leave == Leave::kValidateOnly) {
      return trial ? core_.frame.database->Transact({.deadline = call_.deadline}, trial) : absl::OkStatus();
    }
    if (status.ok()) Committed(core_, told);
    // Where the COMMIT got no answer, the row that was found may be another replica's: its answer is the one.
    if (leave == Leave::kReplay || (status.ok() && resolved)) return Replay(hash, status, true);
    return remembers() ? Unless(hash, std::move(status)) : status;
  }

  // The status of a call with a request id, unless it was answered before. An error may be the trace of the first time:
  // what was to be made is there already.
  absl::Status Unless(const std::string& hash, absl::Status status) {
    if (status.ok() || !MayComeOfTheFirstTime(status)) return status;
    return Replay(hash, status, false);
  }

  // Without the database, or without time, nothing can be looked up either.
  static bool MayComeOfTheFirstTime(const absl::Status& status) {
    return !absl::IsDeadlineExceeded(status) && ReasonOf(status) != Reason::kDatabaseUnavailable;
  }

  // The stored answer to this request id; `otherwise` where there is none.
  absl::Status Replay(const std::string& hash, const absl::Status& otherwise, bool must_be_there) {
    std::optional<StoredReply> stored;
    absl::Status found = core_.frame.database->Transact(
        {.deadline = call_.deadline, .autocommit_reads = true}, [&](mysql::Transaction& sql) -> absl::Status {
          ASSIGN_OR_RETURN(stored, FindReply(sql, call_, FindLock::kNone));
          return absl::OkStatus();
        });
    if (!found.ok()) return must_be_there ? found : otherwise;
    if (!stored.has_value()) {
      return must_be_there ? Error(Reason::kCommitUnknown, "the answer that was stored is not there any more")
                           : otherwise;
    }
    if (stored->request_sha256 != hash) {
      return Error(Reason::kRequestIdReused, StrCat("request_id: got ", call_.request_id,
                                                    ", which was used with another request, want a new one"));
    }
    core_.metrics->replayed.Increment();
    if (!stored->reply.has_value()) {
      std::unique_ptr<Message> get(method_.reread->request->New());
      get->GetReflection()->SetString(get.get(), get->GetDescriptor()->FindFieldByName("name"), stored->reply_name);
      return ReadWith(*method_.reread, *get, reply_);
    }
    reply_->Clear();
    return reply_->ParseFromString(*stored->reply) ? absl::OkStatus()
                                                   : Error(Reason::kInternal, "a stored answer cannot be read");
  }

  // The watch's answer for a thread that cannot give one. What that thread comes to later is told nobody.
  void DatabaseSilent() override {
    const bool changes = method_.request_id != nullptr && !call_.validate_only;
    reactor_->Finish(Accounted(
        changes ? Error(Reason::kCommitUnknown, "the database fell silent before it said what became of the change")
                : Error(Reason::kDatabaseUnavailable, "the database does not answer")));
  }

  // What the handler came to.
  void FinishInStep(absl::Status status) {
    if (method_.answer_step <= absl::ZeroDuration()) return Finish(std::move(status));
    if (watched_ && !core_.watch->Leave(*this)) {
      delete this;
      return;
    }
    watched_ = false;
    decided_ = std::move(status);
    absl::Duration rest;
    const int64_t steps = absl::IDivDuration(absl::Now() - started_, method_.answer_step, &rest);
    const absl::Time at = started_ + (std::max<int64_t>(steps, 0) + 1) * method_.answer_step;
    // The alarm keeps its callback until that has returned, also where the call takes the alarm with it.
    pause_.emplace();
    pause_->Set(absl::ToChronoTime(at), [this](bool /*rang*/) { Finish(std::move(decided_)); });
  }

  void Finish(absl::Status status) {
    if (watched_ && !core_.watch->Leave(*this)) {
      delete this;
      return;
    }
    if (status.ok() && !Serialize(*reply_, reply_bytes_)) {
      status = Error(Reason::kInternal, "the answer cannot be serialized");
    }
    grpc::Status answer = Accounted(std::move(status));
    grpc::ServerUnaryReactor* reactor = reactor_;
    delete this;
    // The call and its reply's bytes live until gRPC has sent them; whoever waits for the server waits for that.
    reactor->Finish(std::move(answer));
  }

  grpc::Status Accounted(absl::Status status) {
    Account(method_, call_, status, started_);
    return status.ok() ? grpc::Status() : ToGrpc(ForCaller(std::move(status), call_), language_);
  }

  Core& core_;
  const MethodEntry& method_;
  grpc::CallbackServerContext* const context_;
  grpc::ServerUnaryReactor* const reactor_;
  grpc::ByteBuffer* const reply_bytes_;
  const absl::Time started_;
  alignas(8) char block_[1024];  // enough for most requests and replies
  google::protobuf::Arena arena_;
  Message* const request_;  // on arena_
  Message* const reply_;    // on arena_
  Call call_;
  std::string language_;
  bool watched_ = false;  // given to the watch, which may answer first
  absl::Status decided_;  // what is told once pause_ is over
  std::optional<grpc::Alarm> pause_;
};

bool Gathering::Take(Core& core, const MethodEntry& method, UnaryCall& call) {
  std::lock_guard lock(mutex_);
  if (waiting_.size() >= static_cast<size_t>(core.options.queue_limit)) return false;
  if (running_ < kGroupsAtOnce) {
    // Without a thread for it the call is left to those that run, where any do.
    if (core.lanes[static_cast<int>(method.lane)]->TryRun([this, &core, &method] { Run(core, method); })) {
      ++running_;
    } else if (running_ == 0) {
      return false;
    }
  }
  waiting_.push_back(&call);
  return true;
}

void Gathering::Run(Core& core, const MethodEntry& method) {
  while (true) {
    std::vector<UnaryCall*> calls;
    {
      std::lock_guard lock(mutex_);
      if (waiting_.empty()) {
        --running_;
        return;
      }
      const size_t count = std::min(waiting_.size(), static_cast<size_t>(core.options.group_limit));
      calls.assign(waiting_.begin(), waiting_.begin() + static_cast<ptrdiff_t>(count));
      waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<ptrdiff_t>(count));
    }
    std::erase_if(calls, [](UnaryCall* call) { return !call->Wanted(); });
    if (calls.empty()) continue;
    core.metrics->group_calls.Observe(static_cast<double>(calls.size()));
    if (calls.size() > 1 && UnaryCall::WorkTogether(core, method, calls)) continue;
    for (UnaryCall* const call : calls) call->Work();
  }
}

grpc::ServerUnaryReactor* HandleUnary(Core& core, const MethodEntry& method, grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request, grpc::ByteBuffer* reply) {
  return (new UnaryCall(core, method, context, reply))->Begin(*request);
}

}  // namespace tributary::rpc
