#pragma once

// What a benchmark of calls is made of: a generator of load that is the same for ours and for the peer, and a bare
// server of the library's callback API to be the peer.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "common/mysql/connection.h"
#include "common/mysql/database.h"
#include "common/mysql/pool.h"
#include "common/rpc/worker_pool.h"
#include "google/protobuf/message.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/impl/codegen/server_callback_handlers.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/server.h"

namespace tributary::bench {

// Keeps `outstanding` unary calls of one request under way, over a few connections, without a thread that waits.
class Load {
 public:
  struct Options {
    std::string address;
    std::string method;  // "/tributary.partner.v1.RegionService/GetRegion"
    std::string token;
    int connections = 4;
    int outstanding = 64;  // over all connections
  };
  Load(Options options, const google::protobuf::Message& request);
  ~Load();

  // Calls answered a second. Ends the program where one fails.
  double Run(absl::Duration duration);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// One unary method as generated code would serve it.
class BareServer {
 public:
  template <typename Request, typename Reply>
  using Handler =
      std::function<grpc::ServerUnaryReactor*(grpc::CallbackServerContext*, const Request* request, Reply* reply)>;

  // `method` outlives the server.
  template <typename Request, typename Reply>
  BareServer(const char* method, Handler<Request, Reply> handler)
      : BareServer(method, new grpc::internal::CallbackUnaryHandler<Request, Reply>(std::move(handler))) {}
  ~BareServer();

  std::string address() const;

 private:
  class Service;
  BareServer(const char* method, grpc::internal::MethodHandler* handler);

  std::unique_ptr<Service> service_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

// What a hand-written server does to read the database, and no more: a worker that takes a connection of a pool.
class PooledReader {
 public:
  explicit PooledReader(const mysql::Options& options);
  // `read` fills the reply.
  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext* context,
                                std::function<grpc::Status(mysql::Connection& connection)> read);

 private:
  mysql::Pool pool_;
  rpc::WorkerPool workers_;
};

// A database of inventory-service's schemas, with so many connections.
std::unique_ptr<mysql::Database> OpenWith(int connections);

}  // namespace tributary::bench
