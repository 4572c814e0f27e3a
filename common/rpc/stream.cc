// A server stream: its body runs on a thread of its own, since it waits most of the time.

#include <memory>
#include <thread>

#include "common/text/text.h"
#include "common/rpc/bytes.h"
#include "common/rpc/core.h"
#include "common/rpc/wire_status.h"
#include "common/status/status.h"

namespace tributary::rpc {
namespace {

using google::protobuf::Message;

class StreamCall final : public grpc::ServerWriteReactor<grpc::ByteBuffer>, public StreamWriter {
 public:
  StreamCall(Core& core, const MethodEntry& method, grpc::CallbackServerContext* context)
      : core_(core), method_(method), context_(context), started_(absl::Now()), request_(method.request->New()) {}

  void Begin(const grpc::ByteBuffer& request_bytes) {
    method_.metrics->Started();
    if (absl::Status status = Prepare(request_bytes); !status.ok()) {
      End(status);
      return;
    }
    {
      std::lock_guard lock(core_.streams_mutex);
      if (core_.streams >= core_.options.stream_limit) {
        core_.metrics->shed.Increment();
        End(WithDetail(absl::StatusCode::kResourceExhausted,
                       StrCat("got ", core_.streams, " open streams, want fewer"),
                       {.reason = Reason::kOverloaded, .retry_after = absl::Seconds(1)}));
        return;
      }
      ++core_.streams;
    }
    std::thread([this, &core = core_] {
      absl::Status status;
      try {
        status = method_.stream_body(call_, *request_, *this);
      } catch (const std::exception& e) {
        status = Error(Reason::kInternal, StrCat("exception: ", e.what()), {{"trace_id", call_.trace_id}});
      }
      if (status.ok() && core.draining.load()) status = Error(Reason::kDraining, "the process is stopping");
      End(status);  // `this` may be gone from here on
      std::lock_guard lock(core.streams_mutex);
      --core.streams;
      core.streams_changed.notify_all();
    }).detach();
  }

  bool Write(const Message& message) override {
    if (Gone() || !Serialize(message, &outgoing_)) return false;
    {
      std::lock_guard lock(mutex_);
      writing_ = true;
    }
    StartWrite(&outgoing_);
    std::unique_lock lock(mutex_);
    // Ends also when the caller goes: gRPC then completes the write as failed.
    changed_.wait(lock, [this] { return !writing_; });
    return write_ok_;
  }

  bool Gone() const override {
    return cancelled_.load(std::memory_order_relaxed) || core_.draining.load(std::memory_order_relaxed);
  }

  void OnWriteDone(bool ok) override {
    std::lock_guard lock(mutex_);
    writing_ = false;
    write_ok_ = ok;
    changed_.notify_all();
  }
  void OnCancel() override { cancelled_.store(true); }
  void OnDone() override { delete this; }

 private:
  absl::Status Prepare(const grpc::ByteBuffer& request_bytes) {
    if (core_.draining.load(std::memory_order_relaxed)) return Error(Reason::kDraining, "the process is stopping");
    RETURN_IF_ERROR(ReadCall(core_, method_, *context_, &call_, &language_));
    if (!Parse(request_bytes, request_.get())) {
      return Error(Reason::kMalformedRequest,
                   StrCat("got bytes that are no ", request_->GetDescriptor()->full_name()));
    }
    return CheckRequest(method_, request_.get(), &call_);
  }

  void End(const absl::Status& status) {
    Account(method_, call_, status, started_);
    grpc::Status answer = ToGrpc(status, language_);
    grpc::ServerWriteReactor<grpc::ByteBuffer>::Finish(std::move(answer));
  }

  Core& core_;
  const MethodEntry& method_;
  grpc::CallbackServerContext* const context_;
  const absl::Time started_;
  const std::unique_ptr<Message> request_;
  Call call_;
  std::string language_;
  grpc::ByteBuffer outgoing_;
  std::atomic<bool> cancelled_{false};

  std::mutex mutex_;
  std::condition_variable changed_;
  bool writing_ = false;   // guarded by mutex_
  bool write_ok_ = false;  // guarded by mutex_
};

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* HandleStream(Core& core, const MethodEntry& method,
                                                         grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request) {
  auto* call = new StreamCall(core, method, context);
  call->Begin(*request);
  return call;
}

}  // namespace tributary::rpc
