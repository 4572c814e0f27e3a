// A server stream: its body runs on a thread of its own, since it waits most of the time.

#include <memory>

#include "common/rpc/bytes.h"
#include "common/rpc/core.h"
#include "common/rpc/wire_status.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::rpc {
namespace {

using google::protobuf::Message;

class StreamCall final : public grpc::ServerWriteReactor<grpc::ByteBuffer>, public StreamWriter {
 public:
  StreamCall(Core& core, const MethodEntry& method, grpc::CallbackServerContext* context)
      : core_(core), method_(method), context_(context), started_(absl::Now()), request_(method.request->New()) {}

  void Begin(const grpc::ByteBuffer& request_bytes) {
    method_.metrics->Started();
    const absl::Status status = Guarded(
        [&] { return Admit(core_, method_, *context_, request_bytes, started_, request_.get(), &call_, &language_); });
    if (!status.ok()) return End(status);
    // Whatever comes of it, `this` may be gone afterwards.
    if (const absl::Status started = StartStream(core_, [this] { Run(); }); !started.ok()) End(started);
  }

  bool Write(const Message& message) override {
    if (Gone()) return false;
    if (!Serialize(message, &outgoing_)) {
      broken_ = true;
      return false;
    }
    {
      std::lock_guard lock(mutex_);
      writing_ = true;
    }
    StartWrite(&outgoing_);
    std::unique_lock lock(mutex_);
    // Ends also when the caller goes: gRPC then completes the write as failed.
    changed_.wait(lock, [this] { return !writing_; });
    if (!write_ok_) told_gone_ = true;
    return write_ok_;
  }

  bool Gone() const override {
    const bool gone =
        cancelled_.load(std::memory_order_relaxed) || core_.draining.load(std::memory_order_relaxed) || broken_;
    if (gone) told_gone_ = true;
    return gone;
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
  void Run() {
    absl::Status status = Guarded([this] { return method_.stream_body(call_, *request_, *this); });
    if (broken_) {
      status = Error(Reason::kInternal, "a message of the stream cannot be serialized");
    } else if (status.ok() && told_gone_) {
      status = core_.draining.load() ? Error(Reason::kDraining, "the process is stopping")
                                     : absl::CancelledError("the caller has gone");
    }
    End(status);
  }

  void End(const absl::Status& status) {
    Account(method_, call_, status, started_);
    grpc::Status answer = status.ok() ? grpc::Status() : ToGrpc(ForCaller(status, call_), language_);
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
  // Of the body's thread:
  bool broken_ = false;
  mutable bool told_gone_ = false;  // the body ended because it was told to

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
