#pragma once

// What the parts of the server share. Private to common/rpc.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "common/events/told_metrics.h"
#include "common/rpc/access.h"
#include "common/rpc/database_watch.h"
#include "common/rpc/method_metrics.h"
#include "common/rpc/server.h"
#include "common/rpc/stream_threads.h"
#include "common/rpc/worker_pool.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "grpcpp/server_context.h"

namespace tributary::rpc {

struct Core;
struct MethodEntry;
class UnaryCall;

// The calls of a grouped method that wait to be decided together. Thread-safe.
class Gathering {
 public:
  // false where the queue is full; the call is then not taken.
  bool Take(Core& core, const MethodEntry& method, UnaryCall& call);

 private:
  // Decides what waits, group after group, until nothing does.
  void Run(Core& core, const MethodEntry& method);

  std::mutex mutex_;
  std::deque<UnaryCall*> waiting_;  // guarded by mutex_
  int running_ = 0;                 // threads in Run, or on the way there; guarded by mutex_
};

// One method as it is served. Immutable after Start.
struct MethodEntry {
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  std::string path;                                    // "/tributary.partner.v1.PartnerService/GetPartner"
  const google::protobuf::Message* request = nullptr;  // prototypes
  const google::protobuf::Message* reply = nullptr;
  AccessRule access;
  Lane lane = Lane::kDatabase;
  const google::protobuf::FieldDescriptor* request_id = nullptr;  // null: the method only reads
  const google::protobuf::FieldDescriptor* validate_only = nullptr;
  absl::Duration answer_step;  // answers leave in steps of it; zero: at once
  Server::UnaryBody body;
  Server::InlineBody inline_body;
  Server::GroupBody group_body;
  std::unique_ptr<Gathering> gathering;  // where there is a group_body
  Server::StreamBody stream_body;
  Server::IncomingBody incoming_body;
  const MethodEntry* reread = nullptr;  // the Get method of the reply, for answers too large to keep
  std::unique_ptr<MethodMetrics> metrics;
};

struct Core {
  Frame frame;
  ServerOptions options;
  std::unique_ptr<MetricFamilies> metrics;
  std::unique_ptr<events::ToldMetrics> told_metrics;
  std::unique_ptr<DatabaseWatch> watch;       // null without a database
  std::unique_ptr<WorkerPool> lanes[kLanes];  // by Lane
  std::atomic<bool> draining{false};

  std::unique_ptr<StreamThreads> streams;  // the server waits for them

  // Transactions of client streams: half as many at a time as there are workers, so that streams leave connections to
  // the others.
  std::mutex transactions_mutex;
  std::condition_variable transactions_changed;
  int transactions = 0;  // guarded by transactions_mutex
};

// Who calls, and until when: identity (UNAUTHENTICATED without a valid token), deadline, trace; fills `call` and
// `language`. DRAINING where no call is taken any more.
absl::Status AdmitCall(const Core& core, const MethodEntry& method, grpc::CallbackServerContext& context,
                       absl::Time arrived, Call* call, std::string* language);
// From bytes to a message that may be handled: the message itself, access, annotations.
absl::Status AdmitMessage(const MethodEntry& method, const Call& call, const grpc::ByteBuffer& bytes,
                          google::protobuf::Message* request);
// Both, for calls of one request; also fills what the request says of the call.
absl::Status Admit(const Core& core, const MethodEntry& method, grpc::CallbackServerContext& context,
                   const grpc::ByteBuffer& bytes, absl::Time arrived, google::protobuf::Message* request, Call* call,
                   std::string* language);

// Metrics and log line of a call that has ended.
void Account(const MethodEntry& method, const Call& call, const absl::Status& status, absl::Time started);
// What the caller is told: the words of our own faults stay in the log, which the trace id finds.
absl::Status ForCaller(absl::Status status, const Call& call);

// Runs a handler; what a library below it throws becomes INTERNAL.
template <typename F>
absl::Status Guarded(F body) {
  try {
    return body();
  } catch (const std::exception& e) {
    return Error(Reason::kInternal, StrCat("exception: ", e.what()));
  } catch (...) {
    return Error(Reason::kInternal, "exception of unknown type");
  }
}

// Takes a place among the open streams and runs `body` on a thread of its own. RESOURCE_EXHAUSTED where there is none.
absl::Status StartStream(Core& core, std::function<void()> body);

// Tells the metrics and the feed's watch what a transaction that has committed told.
void Committed(const Core& core, const std::vector<events::Told>& told);

// Handles one unary call; returns the reactor that gRPC waits on.
grpc::ServerUnaryReactor* HandleUnary(Core& core, const MethodEntry& method, grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request, grpc::ByteBuffer* reply);
grpc::ServerWriteReactor<grpc::ByteBuffer>* HandleStream(Core& core, const MethodEntry& method,
                                                         grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request);
grpc::ServerReadReactor<grpc::ByteBuffer>* HandleIncoming(Core& core, const MethodEntry& method,
                                                          grpc::CallbackServerContext* context,
                                                          grpc::ByteBuffer* reply);

}  // namespace tributary::rpc
