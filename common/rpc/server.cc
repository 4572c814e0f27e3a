#include "common/rpc/server.h"

#include <algorithm>
#include <map>
#include <thread>

#include "common/rpc/core.h"
#include "common/rpc/request_log.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/impl/codegen/server_callback_handlers.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "prometheus/counter.h"

namespace tributary::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;

constexpr absl::Duration kRequestIdsKept = absl::Hours(7 * 24);

enum class Kind { kUnary, kServerStream, kClientStream };

// One proto service, its methods taken as bytes: what generated code does, without the generated code.
class RawService final : public grpc::Service {
 public:
  void AddUnary(Core& core, const MethodEntry& method) {
    AddMethod(
        new grpc::internal::RpcServiceMethod(method.path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
    MarkMethodRawCallback(count_++, new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
                                        [&core, &method](grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request, grpc::ByteBuffer* reply) {
                                          return HandleUnary(core, method, context, request, reply);
                                        }));
  }
  void AddStream(Core& core, const MethodEntry& method) {
    AddMethod(new grpc::internal::RpcServiceMethod(method.path.c_str(), grpc::internal::RpcMethod::SERVER_STREAMING,
                                                   nullptr));
    MarkMethodRawCallback(count_++,
                          new grpc::internal::CallbackServerStreamingHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
                              [&core, &method](grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
                                return HandleStream(core, method, context, request);
                              }));
  }
  void AddIncoming(Core& core, const MethodEntry& method) {
    AddMethod(new grpc::internal::RpcServiceMethod(method.path.c_str(), grpc::internal::RpcMethod::CLIENT_STREAMING,
                                                   nullptr));
    MarkMethodRawCallback(count_++,
                          new grpc::internal::CallbackClientStreamingHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
                              [&core, &method](grpc::CallbackServerContext* context, grpc::ByteBuffer* reply) {
                                return HandleIncoming(core, method, context, reply);
                              }));
  }

 private:
  int count_ = 0;
};

}  // namespace

struct Server::State {
  Core core;
  std::map<std::string, std::map<std::string, MethodEntry>> services;  // by full name, by method
  absl::Status registration;                                           // the first mistake of an Add
  std::vector<std::unique_ptr<RawService>> raw_services;
  std::unique_ptr<grpc::Server> server;
  int port = 0;
  std::thread purge;
  std::mutex purge_mutex;
  std::condition_variable purge_wake;
  bool stopped = false;  // guarded by purge_mutex

  MethodEntry* Entry(std::string_view service, std::string_view method, const Descriptor* request,
                     const Descriptor* reply, Kind kind);
  const MethodEntry* GetterOf(const MethodEntry& entry) const;
  absl::Status Check();
  void Purge();
};

Server::Server(Frame frame, ServerOptions options) : state_(std::make_unique<State>()) {
  state_->core.frame = std::move(frame);
  state_->core.options = std::move(options);
  state_->core.metrics = std::make_unique<MetricFamilies>(*state_->core.frame.registry);
  state_->core.told_metrics = std::make_unique<events::ToldMetrics>(state_->core.frame.registry);
}

Server::~Server() {
  state_->core.options.grace_period = absl::ZeroDuration();
  Drain();
}

MethodEntry* Server::State::Entry(std::string_view service, std::string_view method, const Descriptor* request,
                                  const Descriptor* reply, Kind kind) {
  const auto fail = [this](const std::string& message) -> MethodEntry* {
    if (registration.ok()) registration = absl::FailedPreconditionError(message);
    return nullptr;
  };
  const std::string full_name = StrCat(service, ".", method);
  const MethodDescriptor* descriptor = DescriptorPool::generated_pool()->FindMethodByName(full_name);
  if (descriptor == nullptr) return fail(StrCat("no proto declares the method ", full_name));
  if (descriptor->input_type() != request || descriptor->output_type() != reply) {
    return fail(StrCat("the handler of ", full_name, " takes ", request->full_name(), " and answers ",
                       reply->full_name(), "; the proto says ", descriptor->input_type()->full_name(), " and ",
                       descriptor->output_type()->full_name()));
  }
  auto [position, inserted] = services[std::string(service)].try_emplace(std::string(method));
  if (!inserted) return fail(StrCat("two handlers for ", full_name));
  MethodEntry& entry = position->second;
  entry.descriptor = descriptor;
  entry.path = StrCat("/", service, "/", method);
  if (descriptor->client_streaming() != (kind == Kind::kClientStream) ||
      descriptor->server_streaming() != (kind == Kind::kServerStream)) {
    return fail(StrCat(full_name, " is registered as a ",
                       kind == Kind::kUnary          ? "unary method"
                       : kind == Kind::kServerStream ? "server stream"
                                                     : "client stream",
                       "; the proto says otherwise"));
  }
  entry.request = MessageFactory::generated_factory()->GetPrototype(request);
  entry.reply = MessageFactory::generated_factory()->GetPrototype(reply);
  entry.request_id = request->FindFieldByName("request_id");
  entry.validate_only = request->FindFieldByName("validate_only");
  absl::StatusOr<AccessRule> access = AccessRule::Of(*descriptor);
  if (!access.ok()) return fail(std::string(access.status().message()));
  entry.access = *std::move(access);
  entry.metrics = std::make_unique<MethodMetrics>(*core.metrics,
                                                  kind == Kind::kUnary          ? "unary"
                                                  : kind == Kind::kServerStream ? "server_stream"
                                                                                : "client_stream",
                                                  service, method);
  return &entry;
}

void Server::AddUnary(std::string_view service, std::string_view method, const Descriptor* request,
                      const Descriptor* reply, UnaryBody body, InlineBody inline_body, Lane lane) {
  if (MethodEntry* entry = state_->Entry(service, method, request, reply, Kind::kUnary)) {
    entry->body = std::move(body);
    entry->lane = lane;
    entry->inline_body = std::move(inline_body);
  }
}

void Server::AddGroup(std::string_view service, std::string_view method, const Descriptor* request,
                      const Descriptor* reply, GroupBody body) {
  MethodEntry* const entry = state_->Entry(service, method, request, reply, Kind::kUnary);
  if (entry == nullptr) return;
  entry->body = [body](const Call& call, Unit& unit, const google::protobuf::Message& one,
                       google::protobuf::Message* answer) -> absl::Status {
    Grouped<google::protobuf::Message, google::protobuf::Message> alone{call, one, answer};
    RETURN_IF_ERROR(body(unit, absl::MakeSpan(&alone, 1)));
    return alone.status;
  };
  entry->group_body = std::move(body);
  entry->gathering = std::make_unique<Gathering>();
}

void Server::SetAnswerStep(std::string_view service, std::string_view method, absl::Duration step) {
  const auto methods = state_->services.find(std::string(service));
  if (methods != state_->services.end()) {
    const auto entry = methods->second.find(std::string(method));
    if (entry != methods->second.end() && entry->second.body != nullptr) {
      entry->second.answer_step = step;
      return;
    }
  }
  if (state_->registration.ok()) {
    state_->registration = absl::FailedPreconditionError(
        StrCat("answers in steps for ", service, ".", method, ", which no unary handler was added for"));
  }
}

void Server::AddStream(std::string_view service, std::string_view method, const Descriptor* request,
                       const Descriptor* reply, StreamBody body) {
  if (MethodEntry* entry = state_->Entry(service, method, request, reply, Kind::kServerStream)) {
    entry->stream_body = std::move(body);
  }
}

void Server::AddIncoming(std::string_view service, std::string_view method, const Descriptor* request,
                         const Descriptor* reply, IncomingBody body) {
  if (MethodEntry* entry = state_->Entry(service, method, request, reply, Kind::kClientStream)) {
    entry->incoming_body = std::move(body);
  }
}

// The method that gets by name what a method answers: of its own service, or of another one of its package
// (operations).
const MethodEntry* Server::State::GetterOf(const MethodEntry& entry) const {
  const std::string get = StrCat("Get", entry.reply->GetDescriptor()->name());
  const auto* own = entry.descriptor->service();
  const MethodEntry* found = nullptr;
  for (const auto& [service, methods] : services) {
    const auto position = methods.find(get);
    if (position == methods.end()) continue;
    const MethodEntry& getter = position->second;
    if (getter.reply != entry.reply || getter.body == nullptr) continue;
    const auto* by = getter.request->GetDescriptor()->FindFieldByName("name");
    if (by == nullptr || by->type() != FieldDescriptor::TYPE_STRING || by->is_repeated()) continue;
    if (getter.descriptor->service() == own) return &getter;
    if (getter.descriptor->file()->package() == own->file()->package()) found = &getter;
  }
  return found;
}

absl::Status Server::State::Check() {
  RETURN_IF_ERROR(registration);
  for (auto& [service, methods] : services) {
    const auto* descriptor = DescriptorPool::generated_pool()->FindServiceByName(service);
    for (int i = 0; i < descriptor->method_count(); ++i) {
      if (!methods.contains(descriptor->method(i)->name())) {
        return absl::FailedPreconditionError(StrCat("nobody handles ", descriptor->method(i)->full_name()));
      }
    }
    for (auto& [name, entry] : methods) entry.reread = GetterOf(entry);
  }
  return absl::OkStatus();
}

absl::Status Server::Start() {
  State& s = *state_;
  RETURN_IF_ERROR(s.Check());
  if (s.core.frame.database != nullptr) s.core.watch = std::make_unique<DatabaseWatch>(*s.core.frame.database);
  s.core.streams = std::make_unique<StreamThreads>(s.core.options.stream_limit);
  const int workers[kLanes] = {s.core.options.database_workers, s.core.options.remote_workers};
  for (const auto& [service, methods] : s.services) {
    for (const auto& [name, entry] : methods) {
      const int lane = static_cast<int>(entry.lane);
      if (entry.body == nullptr || s.core.lanes[lane] != nullptr) continue;
      s.core.lanes[lane] = std::make_unique<WorkerPool>(std::max(1, workers[lane]), s.core.options.queue_limit);
    }
  }

  grpc::EnableDefaultHealthCheckService(true);
  if (s.core.options.reflection) {
    static const bool registered = (grpc::reflection::InitProtoReflectionServerBuilderPlugin(), true);
    (void)registered;
  }
  grpc::ServerBuilder builder;
  builder.AddListeningPort(s.core.options.address, grpc::InsecureServerCredentials(), &s.port);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 100);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 * 1024);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS,
                             static_cast<int>(absl::ToInt64Milliseconds(s.core.options.connection_age)));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 30000);
  builder.SetMaxReceiveMessageSize(8 * 1024 * 1024);
  for (auto& [service, methods] : s.services) {
    auto raw = std::make_unique<RawService>();
    for (auto& [name, entry] : methods) {
      if (entry.stream_body != nullptr) {
        raw->AddStream(s.core, entry);
      } else if (entry.incoming_body != nullptr) {
        raw->AddIncoming(s.core, entry);
      } else {
        raw->AddUnary(s.core, entry);
      }
    }
    builder.RegisterService(raw.get());
    s.raw_services.push_back(std::move(raw));
  }
  s.server = builder.BuildAndStart();
  if (s.server == nullptr || s.port == 0) {
    s.server = nullptr;
    return absl::FailedPreconditionError(
        StrCat("cannot listen on ", s.core.options.address, ": the port is taken or not allowed"));
  }
  SetServing(true);
  if (s.core.frame.database != nullptr) s.purge = std::thread([&s] { s.Purge(); });
  return absl::OkStatus();
}

int Server::port() const { return state_->port; }

void Server::SetServing(bool serving) {
  State& s = *state_;
  if (s.server == nullptr || s.server->GetHealthCheckService() == nullptr) return;
  for (const auto& [service, methods] : s.services) {
    s.server->GetHealthCheckService()->SetServingStatus(service, serving);
  }
  s.server->GetHealthCheckService()->SetServingStatus(serving);  // the process's own, and all at once
}

void Server::Drain() {
  State& s = *state_;
  if (s.server == nullptr) return;
  SetServing(false);
  s.core.draining = true;
  {
    std::lock_guard lock(s.purge_mutex);
    s.stopped = true;
  }
  s.purge_wake.notify_all();
  // Returns when every call has been answered and gRPC has let go of it; after the grace period by cancelling them.
  s.server->Shutdown(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(s.core.options.grace_period));
  s.core.streams->Join();  // their last word has been said
  for (std::unique_ptr<WorkerPool>& lane : s.core.lanes) lane.reset();
  s.core.watch.reset();
  s.server->Wait();
  s.server = nullptr;
  if (s.purge.joinable()) s.purge.join();
}

void Server::State::Purge() {
  prometheus::Counter& purged = prometheus::BuildCounter()
                                    .Name("tributary_rpc_purged_requests_total")
                                    .Help("Remembered request ids deleted after 7 days.")
                                    .Register(*core.frame.registry)
                                    .Add({});
  std::unique_lock lock(purge_mutex);
  while (!stopped) {
    lock.unlock();
    int64_t deleted = 0;
    const absl::Time before = core.frame.clock->Now() - kRequestIdsKept;
    const absl::Status status = core.frame.database->Transact(
        {.deadline = absl::Now() + absl::Seconds(10)}, [&](mysql::Transaction& sql) -> absl::Status {
          ASSIGN_OR_RETURN(deleted, PurgeReplies(sql, before, 1000));
          return absl::OkStatus();
        });
    if (status.ok()) purged.Increment(static_cast<double>(deleted));
    lock.lock();
    if (deleted < 1000) purge_wake.wait_for(lock, std::chrono::minutes(10), [this] { return stopped; });
  }
}

}  // namespace tributary::rpc
