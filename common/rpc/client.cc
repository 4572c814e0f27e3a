#include "common/rpc/client.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>
#include <thread>

#include "common/rpc/bytes.h"
#include "common/rpc/wire_status.h"
#include "common/status/status.h"
#include "common/text/text.h"
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

void FillContext(grpc::ClientContext* context, const ClientOptions& options, const CallOptions& call) {
  const std::string token = !call.token.empty() ? call.token : (options.token ? options.token() : std::string());
  if (!token.empty()) context->AddMetadata("authorization", StrCat("Bearer ", token));
  if (!call.traceparent.empty()) context->AddMetadata("traceparent", call.traceparent);
}

}  // namespace

struct Client::State {
  ClientOptions options;
  std::shared_ptr<grpc::Channel> channel;
  RetryBudget budget;
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
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  arguments.SetMaxReceiveMessageSize(32 * 1024 * 1024);
  arguments.SetLoadBalancingPolicyName("round_robin");
  state_->channel = grpc::CreateCustomChannel(options.address, grpc::InsecureChannelCredentials(), arguments);
  state_->options = std::move(options);
}

Client::~Client() = default;

absl::Status Client::Call(std::string_view method, const Message& request, Message* reply,
                          const CallOptions& options) {
  State& s = *state_;
  const std::string path = StrCat("/", method);
  const absl::Time deadline = absl::Now() + options.timeout;
  grpc::ByteBuffer request_bytes;
  if (!Serialize(request, &request_bytes)) return absl::InternalError("the request cannot be serialized");
  s.budget.Deposit();
  thread_local std::mt19937 random{std::random_device{}()};
  for (int attempt = 0;; ++attempt) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(deadline));
    // A channel that is being connected is waited for while retries are allowed; else its failure is the answer.
    FillContext(&context, s.options, options);
    grpc::ByteBuffer reply_bytes;
    const grpc::Status status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
        s.channel.get(), grpc::internal::RpcMethod(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC), &context,
        request_bytes, &reply_bytes);
    if (status.ok()) {
      return Parse(reply_bytes, reply) ? absl::OkStatus() : absl::InternalError("the answer cannot be read");
    }
    absl::Status error = FromGrpc(status);
    const bool shed = error.code() == absl::StatusCode::kResourceExhausted && DetailOf(error).retry_after.has_value();
    if (!s.options.retries || !(error.code() == absl::StatusCode::kUnavailable || shed) || !MayRepeat(request)) {
      return error;
    }
    const absl::Duration backoff = absl::Milliseconds(20) * (1 << std::min(attempt, 6));
    const absl::Duration pause = std::max(DetailOf(error).retry_after.value_or(absl::ZeroDuration()),
                                          backoff * (0.5 + std::uniform_real_distribution<double>(0, 1)(random)));
    if (absl::Now() + pause >= deadline || !s.budget.Withdraw()) return error;
    absl::SleepFor(pause);
  }
}

void Client::CallAsync(std::string_view method, const Message& request, std::shared_ptr<Message> reply,
                       const CallOptions& options, std::function<void(absl::Status)> done) {
  // Everything that must live until the answer comes.
  struct Pending {
    std::string path;
    grpc::ClientContext context;
    grpc::ByteBuffer request_bytes, reply_bytes;
    std::shared_ptr<Message> reply;
    std::shared_ptr<grpc::Channel> channel;
    std::function<void(absl::Status)> done;
  };
  auto pending = std::make_shared<Pending>();
  pending->path = StrCat("/", method);
  pending->reply = std::move(reply);
  pending->channel = state_->channel;
  pending->done = std::move(done);
  pending->context.set_deadline(absl::ToChronoTime(absl::Now() + options.timeout));
  FillContext(&pending->context, state_->options, options);
  if (!Serialize(request, &pending->request_bytes)) {
    pending->done(absl::InternalError("the request cannot be serialized"));
    return;
  }
  grpc::internal::CallbackUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      pending->channel.get(), grpc::internal::RpcMethod(pending->path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC),
      &pending->context, &pending->request_bytes, &pending->reply_bytes, [pending](grpc::Status status) {
        absl::Status result = FromGrpc(status);
        if (result.ok() && !Parse(pending->reply_bytes, pending->reply.get())) {
          result = absl::InternalError("the answer cannot be read");
        }
        pending->done(std::move(result));
      });
}

namespace {

class Reader final : public StreamReader {
 public:
  Reader(std::shared_ptr<grpc::Channel> channel, std::string path) : channel_(std::move(channel)), path_(std::move(path)) {}

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
    return reader_ != nullptr && reader_->Read(&bytes) && Parse(bytes, message);
  }
  absl::Status Finish() override {
    return reader_ == nullptr ? absl::InternalError("the request cannot be serialized") : FromGrpc(reader_->Finish());
  }
  void Cancel() override { context_.TryCancel(); }

 private:
  const std::shared_ptr<grpc::Channel> channel_;
  const std::string path_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<grpc::ByteBuffer>> reader_;
};

}  // namespace

std::unique_ptr<StreamReader> Client::OpenStream(std::string_view method, const Message& request,
                                                 const CallOptions& options) {
  auto reader = std::make_unique<Reader>(state_->channel, StrCat("/", method));
  FillContext(&reader->context(), state_->options, options);
  reader->Open(request);
  return reader;
}

}  // namespace tributary::rpc
