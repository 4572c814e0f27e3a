// A client stream: its body runs on a thread of its own and waits for the messages, of which gRPC reads a few ahead.

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/rpc/bytes.h"
#include "common/rpc/core.h"
#include "common/rpc/request_log.h"
#include "common/rpc/wire_status.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::rpc {
namespace {

using google::protobuf::Message;

// What is read ahead of the body, and one message more; then the caller waits in flow control.
constexpr size_t kReadAheadBytes = 1 << 20;
// How late a waiting body may notice that the process drains.
constexpr absl::Duration kDrainCheck = absl::Milliseconds(100);

class IncomingCall final : public grpc::ServerReadReactor<grpc::ByteBuffer>, public IncomingStream {
 public:
  IncomingCall(Core& core, const MethodEntry& method, grpc::CallbackServerContext* context,
               grpc::ByteBuffer* reply_bytes)
      : core_(core),
        method_(method),
        context_(context),
        reply_bytes_(reply_bytes),
        started_(absl::Now()),
        reply_(method.reply->New()) {}

  void Begin() {
    method_.metrics->Started();
    const absl::Status status = Guarded([&]() -> absl::Status {
      RETURN_IF_ERROR(AdmitCall(core_, method_, *context_, started_, &call_, &language_));
      // Before anything is read; what each message names is checked with it.
      return method_.access.CheckRole(*call_.identity);
    });
    call_.streamed = true;
    if (!status.ok()) return End(status);
    // Whatever comes of it, `this` may be gone afterwards.
    if (const absl::Status started = StartStream(core_, [this] { Run(); }); !started.ok()) End(started);
  }

  absl::StatusOr<Next> Read(Message* message, absl::Time until) override {
    if (!failed_.ok()) return failed_;
    grpc::ByteBuffer bytes;
    absl::StatusOr<Next> next = Take(until, &bytes);
    if (next.ok() && *next == Next::kMessage) {
      if (absl::Status status = Check(bytes, message); !status.ok()) next = std::move(status);
    }
    if (!next.ok()) failed_ = next.status();
    return next;
  }

  absl::Status Transact(std::string_view resource, absl::FunctionRef<absl::Status(const Call&, Unit&)> body) override {
    Call call = call_;
    call.now = absl::FromUnixMicros(absl::ToUnixMicros(core_.frame.clock->Now()));
    if (core_.frame.database == nullptr) {
      Unit unit;
      return body(call, unit);
    }
    RETURN_IF_ERROR(TakeTurn(call.deadline));
    const auto leave = [](Core* core) {
      std::lock_guard lock(core->transactions_mutex);
      --core->transactions;
      core->transactions_changed.notify_one();
    };
    const std::unique_ptr<Core, decltype(leave)> turn(&core_, leave);
    std::vector<events::Told> told;
    RETURN_IF_ERROR(
        core_.frame.database->Transact({.deadline = call.deadline}, [&](mysql::Transaction& sql) -> absl::Status {
          Unit unit(sql);
          RETURN_IF_ERROR(body(call, unit));
          const Mutation mutation{.call = &call, .resource = std::string(resource)};
          RETURN_IF_ERROR(WriteAudit(sql, absl::MakeSpan(&mutation, 1)));
          told = unit.outbox().Count();
          return unit.outbox().Write(sql);
        }));
    Committed(core_, told);
    return absl::OkStatus();
  }

  void OnReadDone(bool ok) override {
    std::lock_guard lock(mutex_);
    reading_ = false;
    if (ok) {
      queued_bytes_ += incoming_.Length();
      queue_.emplace_back().Swap(&incoming_);
      ReadAhead();
    } else {
      ended_ = true;
    }
    changed_.notify_all();
  }
  void OnCancel() override {
    std::lock_guard lock(mutex_);
    cancelled_ = true;
    changed_.notify_all();
  }
  void OnDone() override { delete this; }

 private:
  // Asks gRPC for the next message where there is room for it. Under mutex_.
  void ReadAhead() {
    if (reading_ || ended_ || finished_ || queued_bytes_ >= kReadAheadBytes) return;
    reading_ = true;
    incoming_.Clear();
    StartRead(&incoming_);
  }

  absl::Status TakeTurn(absl::Time deadline) {
    const int most = std::max(1, core_.options.database_workers / 2);
    std::unique_lock lock(core_.transactions_mutex);
    if (!core_.transactions_changed.wait_until(lock, absl::ToChronoTime(deadline),
                                               [&] { return core_.transactions < most; })) {
      return Error(Reason::kDeadlineExceeded, "the deadline passed while other streams were stored");
    }
    ++core_.transactions;
    return absl::OkStatus();
  }

  absl::StatusOr<Next> Take(absl::Time until, grpc::ByteBuffer* bytes) {
    std::unique_lock lock(mutex_);
    ReadAhead();
    while (true) {
      const absl::Time now = absl::Now();
      // gRPC cancels the call at its deadline as well.
      if (now >= call_.deadline) return Error(Reason::kDeadlineExceeded, "the deadline passed before the stream's end");
      if (cancelled_) return absl::CancelledError("the caller has gone");
      if (core_.draining.load(std::memory_order_relaxed)) return Error(Reason::kDraining, "the process is stopping");
      if (!queue_.empty()) {
        bytes->Swap(&queue_.front());
        queue_.pop_front();
        queued_bytes_ -= bytes->Length();
        ReadAhead();
        return Next::kMessage;
      }
      if (ended_) {
        if (context_->IsCancelled()) return absl::CancelledError("the caller has gone");
        return Next::kEnd;
      }
      if (now >= until) return Next::kNothingYet;
      changed_.wait_until(lock, absl::ToChronoTime(std::min({until, call_.deadline, now + kDrainCheck})));
    }
  }

  absl::Status Check(const grpc::ByteBuffer& bytes, Message* message) {
    if (messages_ >= core_.options.incoming_messages) {
      return Error(Reason::kPayloadTooLarge, StrCat("got a stream of more than ", core_.options.incoming_messages,
                                                    " messages, want them in several"));
    }
    const std::string at = StrCat("messages[", messages_++, "]");
    message->Clear();
    absl::Status status = AdmitMessage(method_, call_, bytes, message);
    if (status.ok()) return status;
    return DetailOf(status).violations.empty() ? Annotate(status, at) : AtField(status, at);
  }

  void Run() {
    absl::Status status = Guarded([this] { return method_.incoming_body(call_, *this, reply_.get()); });
    // Why the stream could not go on says more than what the body made of it.
    if (!failed_.ok()) status = failed_;
    End(std::move(status));
  }

  void End(absl::Status status) {
    if (status.ok() && !Serialize(*reply_, reply_bytes_)) {
      status = Error(Reason::kInternal, "the answer cannot be serialized");
    }
    Account(method_, call_, status, started_);
    grpc::Status answer = status.ok() ? grpc::Status() : ToGrpc(ForCaller(std::move(status), call_), language_);
    {
      std::lock_guard lock(mutex_);
      finished_ = true;
    }
    Finish(std::move(answer));
  }

  Core& core_;
  const MethodEntry& method_;
  grpc::CallbackServerContext* const context_;
  grpc::ByteBuffer* const reply_bytes_;
  const absl::Time started_;
  const std::unique_ptr<Message> reply_;
  Call call_;
  std::string language_;
  // Of the body's thread:
  absl::Status failed_;  // why the stream cannot go on
  int64_t messages_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_, but for incoming_ while gRPC reads into it:
  grpc::ByteBuffer incoming_;
  std::deque<grpc::ByteBuffer> queue_;
  size_t queued_bytes_ = 0;
  bool reading_ = false;
  bool ended_ = false;  // nothing more comes
  bool cancelled_ = false;
  bool finished_ = false;
};

}  // namespace

grpc::ServerReadReactor<grpc::ByteBuffer>* HandleIncoming(Core& core, const MethodEntry& method,
                                                          grpc::CallbackServerContext* context,
                                                          grpc::ByteBuffer* reply) {
  auto* call = new IncomingCall(core, method, context, reply);
  call->Begin();
  return call;
}

}  // namespace tributary::rpc
