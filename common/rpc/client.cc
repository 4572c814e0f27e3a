#include "common/rpc/client.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <vector>

#include "common/rpc/bytes.h"
#include "common/rpc/wire_status.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "grpcpp/alarm.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/client_unary_call.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/sync_stream.h"

namespace tributary::rpc {
namespace {

using google::protobuf::Message;

// Retries cost at most a tenth of the calls, after a small allowance: an outage must not be answered with a storm.
class RetryBudget {
 public:
  void Deposit() {
    int tokens = tokens_.load();
    while (tokens < kMost && !tokens_.compare_exchange_weak(tokens, tokens + 1)) {
    }
  }
  bool Withdraw() {
    int tokens = tokens_.load();
    while (tokens >= kCost) {
      if (tokens_.compare_exchange_weak(tokens, tokens - kCost)) return true;
    }
    return false;
  }

 private:
  static constexpr int kCost = 10;
  static constexpr int kMost = 1000;
  std::atomic<int> tokens_{200};
};

bool MayRepeat(const Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
  if (field == nullptr) return true;  // reads
  return !request.GetReflection()->GetString(request, field).empty();
}

// Metadata of outside origin: gRPC ends the process on bytes that a header cannot carry.
void AddMetadata(grpc::ClientContext* context, const char* key, const std::string& value) {
  const bool fits = std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
  if (!value.empty() && fits) context->AddMetadata(key, value);
}

void FillContext(grpc::ClientContext* context, const std::string& token, const CallOptions& call) {
  if (!token.empty()) AddMetadata(context, "authorization", StrCat("Bearer ", token));
  AddMetadata(context, "traceparent", call.traceparent);
  AddMetadata(context, "accept-language", call.language);
}

void FillStreamContext(grpc::ClientContext* context, const std::string& token, const CallOptions& call) {
  if (call.stream_timeout != absl::InfiniteDuration()) {
    context->set_deadline(absl::ToChronoTime(absl::Now() + call.stream_timeout));
  }
  FillContext(context, token, call);
}

absl::Status CannotSerialize() { return Error(Reason::kInternal, "the request cannot be serialized"); }

absl::Status Answer(const grpc::Status& status, const grpc::ByteBuffer& bytes, Message* reply) {
  // Nobody cancels calls here: the server did, which stopped or had no more grace. Whether it acted is not known.
  if (status.error_code() == grpc::StatusCode::CANCELLED) {
    return Error(Reason::kServiceUnavailable, StrCat("the server ended the call: ", status.error_message()));
  }
  if (!status.ok()) return FromGrpc(status);
  return Parse(bytes, reply) ? absl::OkStatus() : Error(Reason::kInternal, "the answer cannot be read");
}

// Of the last answer and the one before it: why the call was repeated says more than that time ran out over it.
const absl::Status& Telling(const absl::Status& last, const absl::Status& before) {
  return absl::IsDeadlineExceeded(last) && !before.ok() ? before : last;
}

grpc::internal::RpcMethod UnaryMethod(const std::string& path) {
  return grpc::internal::RpcMethod(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
}

}  // namespace

struct Client::State {
  // The caller's, or one of this process.
  std::string TokenOf(const CallOptions& call) const {
    if (!call.token.empty()) return call.token;
    return options.token ? options.token() : std::string();
  }

  ClientOptions options;
  std::shared_ptr<grpc::Channel> channel;
  RetryBudget budget;
  std::mutex mutex;
  std::condition_variable idle;
  bool closed = false;             // guarded by mutex, as are:
  std::set<AsyncCall*> under_way;  // until they have told their ends

  // How long to wait before the call is repeated after `error`; nullopt where that is the answer.
  std::optional<absl::Duration> PauseAfter(const absl::Status& error, const Message& request, int attempt,
                                           absl::Time deadline) {
    if (error.ok() || !options.retries) return std::nullopt;
    const std::optional<absl::Duration> told = DetailOf(error).retry_after;
    const bool shed = absl::IsResourceExhausted(error) && told.has_value();
    if (!(absl::IsUnavailable(error) || shed) || !MayRepeat(request)) return std::nullopt;
    thread_local std::mt19937 random{std::random_device{}()};
    const absl::Duration backoff = absl::Milliseconds(20) * (1 << std::min(attempt, 6));
    const absl::Duration pause =
        std::max(told.value_or(absl::ZeroDuration()), backoff) * std::uniform_real_distribution<double>(1, 1.5)(random);
    if (absl::Now() + pause >= deadline || !budget.Withdraw()) return std::nullopt;
    return pause;
  }
};

Client::Client(ClientOptions options) : state_(std::make_shared<State>()) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // one layer retries: this file
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5000);  // in truth how long an attempt to connect may take
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(32 * 1024 * 1024);
  arguments.SetLoadBalancingPolicyName("round_robin");
  state_->channel = grpc::CreateCustomChannel(options.address, grpc::InsecureChannelCredentials(), arguments);
  state_->options = std::move(options);
}

absl::Status Client::Call(std::string_view method, const Message& request, Message* reply, const CallOptions& options) {
  State& s = *state_;
  const std::string path = StrCat("/", method);
  const absl::Time deadline = absl::Now() + options.timeout;
  grpc::ByteBuffer request_bytes;
  if (!Serialize(request, &request_bytes)) return CannotSerialize();
  s.budget.Deposit();
  absl::Status before;
  for (int attempt = 0;; ++attempt) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(deadline));
    FillContext(&context, s.TokenOf(options), options);
    grpc::ByteBuffer reply_bytes;
    const grpc::Status status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
        s.channel.get(), UnaryMethod(path), &context, request_bytes, &reply_bytes);
    absl::Status answer = Answer(status, reply_bytes, reply);
    const std::optional<absl::Duration> pause = s.PauseAfter(answer, request, attempt, deadline);
    if (!pause.has_value()) return Telling(answer, before);
    before = std::move(answer);
    absl::SleepFor(*pause);
  }
}

// A call without a thread that waits for it; owned by what is under way for it, a call of gRPC or an alarm.
class Client::AsyncCall : public std::enable_shared_from_this<AsyncCall> {
 public:
  AsyncCall(std::shared_ptr<State> state, std::string_view method, const Message& request,
            std::shared_ptr<Message> reply, CallOptions options, std::function<void(absl::Status)> done)
      : state_(std::move(state)),
        path_(StrCat("/", method)),
        deadline_(absl::Now() + options.timeout),
        request_(request.New()),
        reply_(std::move(reply)),
        options_(std::move(options)),
        done_(std::move(done)) {
    request_->CopyFrom(request);
  }

  void Begin() {
    if (!Serialize(*request_, &request_bytes_)) {
      done_(CannotSerialize());
      return;
    }
    {
      const std::lock_guard lock(state_->mutex);
      state_->under_way.insert(this);
    }
    state_->budget.Deposit();
    Try();
  }

  // After the client has been closed: it ends soon, whatever it waits for.
  void Cancel() {
    std::shared_ptr<grpc::ClientContext> context;
    {
      const std::lock_guard lock(state_->mutex);
      context = context_;
    }
    if (context != nullptr) context->TryCancel();
    alarm_.Cancel();
  }

 private:
  void Try() {
    auto context = std::make_shared<grpc::ClientContext>();
    context->set_deadline(absl::ToChronoTime(deadline_));
    FillContext(context.get(), state_->TokenOf(options_), options_);
    reply_bytes_.Clear();
    bool closed;
    {
      const std::lock_guard lock(state_->mutex);
      closed = state_->closed;
      if (!closed) context_ = context;
    }
    if (closed) return End(before_);
    grpc::internal::CallbackUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
        state_->channel.get(), UnaryMethod(path_), context.get(), &request_bytes_, &reply_bytes_,
        [self = shared_from_this()](const grpc::Status& status) { self->Answered(status); });
  }

  void Answered(const grpc::Status& status) {
    absl::Status answer = Answer(status, reply_bytes_, reply_.get());
    const std::optional<absl::Duration> pause = state_->PauseAfter(answer, *request_, attempt_++, deadline_);
    if (pause.has_value()) {
      const std::lock_guard lock(state_->mutex);
      if (!state_->closed) {
        before_ = std::move(answer);
        // The alarm keeps its callback; what the callback holds must not own the alarm for longer than that.
        alarm_.Set(absl::ToChronoTime(absl::Now() + *pause), [self = shared_from_this()](bool /*rang*/) mutable {
          const std::shared_ptr<AsyncCall> call = std::move(self);
          call->Try();
        });
        return;
      }
    }
    End(Telling(answer, before_));
  }

  // The context holds the channel, too: from here on nothing of this call does.
  void End(const absl::Status& status) {
    done_(status);
    std::shared_ptr<grpc::ClientContext> context;
    {
      const std::lock_guard lock(state_->mutex);
      context_.swap(context);
    }
    context.reset();
    const std::lock_guard lock(state_->mutex);
    state_->under_way.erase(this);
    if (state_->under_way.empty()) state_->idle.notify_all();
  }

  const std::shared_ptr<State> state_;
  const std::string path_;
  const absl::Time deadline_;
  const std::unique_ptr<Message> request_;
  const std::shared_ptr<Message> reply_;
  const CallOptions options_;
  const std::function<void(absl::Status)> done_;
  // Of one attempt:
  int attempt_ = 0;
  absl::Status before_;                           // the answer to the one before
  std::shared_ptr<grpc::ClientContext> context_;  // guarded by the state's mutex
  grpc::ByteBuffer request_bytes_, reply_bytes_;
  grpc::Alarm alarm_;
};

// The channel must not end on a thread of gRPC's, which would wait for itself there: so no call may be the last to hold
// it.
Client::~Client() {
  std::vector<std::shared_ptr<AsyncCall>> calls;
  {
    const std::lock_guard lock(state_->mutex);
    state_->closed = true;
    for (AsyncCall* const call : state_->under_way) calls.push_back(call->shared_from_this());
  }
  for (const auto& call : calls) call->Cancel();
  std::unique_lock lock(state_->mutex);
  state_->idle.wait(lock, [this] { return state_->under_way.empty(); });
  state_->channel.reset();
}

void Client::CallAsync(std::string_view method, const Message& request, std::shared_ptr<Message> reply,
                       const CallOptions& options, std::function<void(absl::Status)> done) {
  std::make_shared<AsyncCall>(state_, method, request, std::move(reply), options, std::move(done))->Begin();
}

namespace {

class Reader final : public StreamReader {
 public:
  Reader(std::shared_ptr<grpc::Channel> channel, std::string path)
      : channel_(std::move(channel)), path_(std::move(path)) {}

  grpc::ClientContext& context() { return context_; }
  void Open(const Message& request) {
    grpc::ByteBuffer bytes;
    if (!Serialize(request, &bytes)) return;
    reader_.reset(grpc::internal::ClientReaderFactory<grpc::ByteBuffer>::Create(
        channel_.get(), grpc::internal::RpcMethod(path_.c_str(), grpc::internal::RpcMethod::SERVER_STREAMING),
        &context_, bytes));
  }
  bool Read(Message* message) override {
    grpc::ByteBuffer bytes;
    if (reader_ == nullptr || broken_ || !reader_->Read(&bytes)) return false;
    if (Parse(bytes, message)) return true;
    broken_ = true;
    context_.TryCancel();
    return false;
  }
  absl::Status Finish() override {
    if (reader_ == nullptr) return CannotSerialize();
    if (broken_) {
      for (grpc::ByteBuffer rest; reader_->Read(&rest);) {
      }
    }
    const absl::Status status = FromGrpc(reader_->Finish());
    return broken_ ? Error(Reason::kInternal, "a message of the stream cannot be read") : status;
  }
  void Cancel() override { context_.TryCancel(); }

 private:
  const std::shared_ptr<grpc::Channel> channel_;
  const std::string path_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<grpc::ByteBuffer>> reader_;
  bool broken_ = false;
};

class Sender final : public OutgoingStream {
 public:
  Sender(std::shared_ptr<grpc::Channel> channel, std::string path, Message* reply)
      : channel_(std::move(channel)), path_(std::move(path)), reply_(reply) {}
  ~Sender() override {
    if (!finished_) {
      context_.TryCancel();
      (void)writer_->Finish();
    }
  }

  grpc::ClientContext& context() { return context_; }
  void Open() {
    writer_.reset(grpc::internal::ClientWriterFactory<grpc::ByteBuffer>::Create(
        channel_.get(), grpc::internal::RpcMethod(path_.c_str(), grpc::internal::RpcMethod::CLIENT_STREAMING),
        &context_, &reply_bytes_));
  }
  bool Write(const Message& message) override {
    grpc::ByteBuffer bytes;
    if (!broken_ && !Serialize(message, &bytes)) {
      broken_ = true;
      context_.TryCancel();
    }
    return !broken_ && writer_->Write(bytes);
  }
  absl::Status Finish() override {
    finished_ = true;
    writer_->WritesDone();
    const grpc::Status status = writer_->Finish();
    if (broken_) return CannotSerialize();
    if (!status.ok()) return FromGrpc(status);
    return Parse(reply_bytes_, reply_) ? absl::OkStatus() : Error(Reason::kInternal, "the answer cannot be read");
  }
  void Cancel() override { context_.TryCancel(); }

 private:
  const std::shared_ptr<grpc::Channel> channel_;
  const std::string path_;
  Message* const reply_;
  grpc::ClientContext context_;
  grpc::ByteBuffer reply_bytes_;
  std::unique_ptr<grpc::ClientWriter<grpc::ByteBuffer>> writer_;
  bool broken_ = false;
  bool finished_ = false;
};

}  // namespace

std::unique_ptr<OutgoingStream> Client::OpenOutgoing(std::string_view method, Message* reply,
                                                     const CallOptions& options) {
  auto sender = std::make_unique<Sender>(state_->channel, StrCat("/", method), reply);
  FillStreamContext(&sender->context(), state_->TokenOf(options), options);
  sender->Open();
  return sender;
}

std::unique_ptr<StreamReader> Client::OpenStream(std::string_view method, const Message& request,
                                                 const CallOptions& options) {
  auto reader = std::make_unique<Reader>(state_->channel, StrCat("/", method));
  FillStreamContext(&reader->context(), state_->TokenOf(options), options);
  reader->Open(request);
  return reader;
}

}  // namespace tributary::rpc
