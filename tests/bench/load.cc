#include "tests/bench/load.h"

#include <algorithm>
#include <atomic>

#include "absl/synchronization/blocking_counter.h"
#include "absl/time/clock.h"
#include "common/rpc/bytes.h"
#include "common/rpc/server.h"
#include "common/text/text.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/client_callback.h"
#include "tests/bench/bench.h"

namespace tributary::bench {

struct Load::State {
  Options options;
  std::string authorization;
  grpc::ByteBuffer request;
  std::vector<std::shared_ptr<grpc::Channel>> channels;

  // Of one run:
  std::atomic<bool> stop{false};
  std::atomic<int64_t> answered{0};
  std::unique_ptr<absl::BlockingCounter> ended;

  // One of the calls that are under way; makes the next one when it is answered.
  class Slot {
   public:
    Slot(State& state, grpc::Channel* channel) : state_(state), channel_(channel) { Start(); }

   private:
    void Start() {
      context_ = std::make_unique<grpc::ClientContext>();
      context_->set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
      context_->AddMetadata("authorization", state_.authorization);
      reply_.Clear();
      grpc::internal::CallbackUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
          channel_, grpc::internal::RpcMethod(state_.options.method.c_str(), grpc::internal::RpcMethod::NORMAL_RPC),
          context_.get(), &state_.request, &reply_, [this](const grpc::Status& status) { Answered(status); });
    }
    void Answered(const grpc::Status& status) {
      if (!status.ok()) Must(absl::UnknownError(status.error_message()), state_.options.method);
      state_.answered.fetch_add(1, std::memory_order_relaxed);
      if (state_.stop.load(std::memory_order_relaxed)) {
        absl::BlockingCounter& ended = *state_.ended;
        delete this;
        ended.DecrementCount();
      } else {
        Start();
      }
    }

    State& state_;
    grpc::Channel* const channel_;
    std::unique_ptr<grpc::ClientContext> context_;
    grpc::ByteBuffer reply_;
  };
};

Load::Load(Options options, const google::protobuf::Message& request) : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.options = std::move(options);
  s.authorization = StrCat("Bearer ", s.options.token);
  rpc::Serialize(request, &s.request);
  for (int i = 0; i < s.options.connections; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    s.channels.push_back(grpc::CreateCustomChannel(s.options.address, grpc::InsecureChannelCredentials(), arguments));
  }
}

Load::~Load() = default;

double Load::Run(absl::Duration duration) {
  State& s = *state_;
  s.stop = false;
  s.answered = 0;
  s.ended = std::make_unique<absl::BlockingCounter>(s.options.outstanding);
  const absl::Time start = absl::Now();
  for (int i = 0; i < s.options.outstanding; ++i) new State::Slot(s, s.channels[i % s.channels.size()].get());
  absl::SleepFor(duration);
  s.stop = true;
  s.ended->Wait();
  return static_cast<double>(s.answered) / absl::ToDoubleSeconds(absl::Now() - start);
}

class BareServer::Service final : public grpc::Service {
 public:
  Service(const char* method, grpc::internal::MethodHandler* handler) {
    AddMethod(new grpc::internal::RpcServiceMethod(method, grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
    MarkMethodCallback(0, handler);
  }
};

BareServer::BareServer(const char* method, grpc::internal::MethodHandler* handler)
    : service_(std::make_unique<Service>(method, handler)) {
  grpc::EnableDefaultHealthCheckService(false);
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  builder.RegisterService(service_.get());
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) Must(absl::UnavailableError("cannot listen"), method);
}

BareServer::~BareServer() { server_->Shutdown(); }

std::string BareServer::address() const { return StrCat("127.0.0.1:", port_); }

PooledReader::PooledReader(const mysql::Options& options)
    : pool_(options, nullptr), workers_(rpc::ServerOptions().database_workers, 4096) {}

grpc::ServerUnaryReactor* PooledReader::Run(grpc::CallbackServerContext* context,
                                            std::function<grpc::Status(mysql::Connection& connection)> read) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  workers_.TryRun([this, reactor, read = std::move(read)] {
    auto lease = pool_.Acquire(absl::Now() + absl::Seconds(10));
    reactor->Finish(lease.ok() ? read(**lease) : grpc::Status(grpc::StatusCode::UNAVAILABLE, "no connection"));
  });
  return reactor;
}

}  // namespace tributary::bench
