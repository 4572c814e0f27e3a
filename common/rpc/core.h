#pragma once

// What the parts of the server share. Private to common/rpc.

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "common/rpc/access.h"
#include "common/rpc/method_metrics.h"
#include "common/rpc/server.h"
#include "common/rpc/worker_pool.h"
#include "grpcpp/server_context.h"

namespace tributary::rpc {

// One method as it is served. Immutable after Start.
struct MethodEntry {
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  std::string path;  // "/tributary.partner.v1.PartnerService/GetPartner"
  const google::protobuf::Message* request = nullptr;  // prototypes
  const google::protobuf::Message* reply = nullptr;
  AccessRule access;
  const google::protobuf::FieldDescriptor* request_id = nullptr;     // null: the method only reads
  const google::protobuf::FieldDescriptor* validate_only = nullptr;
  Server::UnaryBody body;
  Server::InlineBody inline_body;
  Server::StreamBody stream_body;
  const MethodEntry* reread = nullptr;  // the Get method of the reply, for answers too large to keep
  std::unique_ptr<MethodMetrics> metrics;
};

struct Core {
  Frame frame;
  ServerOptions options;
  std::unique_ptr<MetricFamilies> metrics;
  std::unique_ptr<WorkerPool> workers;
  std::atomic<bool> draining{false};

  // Streams run on threads of their own; the server waits for them.
  std::mutex streams_mutex;
  std::condition_variable streams_changed;
  int streams = 0;  // guarded by streams_mutex
};

// Metadata and moment of a call: identity, deadline, trace. UNAUTHENTICATED without a valid token.
absl::Status ReadCall(const Core& core, const MethodEntry& method, grpc::CallbackServerContext& context, Call* call,
                      std::string* language);
// Request against access rule and annotations; fills request_id and validate_only.
absl::Status CheckRequest(const MethodEntry& method, google::protobuf::Message* request, Call* call);

// Metrics and log line of a call that has ended.
void Account(const MethodEntry& method, const Call& call, const absl::Status& status, absl::Time started);

// Handles one unary call; returns the reactor that gRPC waits on.
grpc::ServerUnaryReactor* HandleUnary(Core& core, const MethodEntry& method, grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request, grpc::ByteBuffer* reply);
grpc::ServerWriteReactor<grpc::ByteBuffer>* HandleStream(Core& core, const MethodEntry& method,
                                                         grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request);

}  // namespace tributary::rpc
