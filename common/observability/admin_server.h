#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "prometheus/collectable.h"

namespace tributary::http {
class Server;
}

namespace tributary::observability {

// A process's own listener for those who run it, never for outsiders:
//   GET /metrics   what the registry holds, in the text format of Prometheus
//   GET /healthz   200 while the process answers at all (liveness)
//   GET /readyz    200 while `ready` says so, else 503 (readiness)
class AdminServer {
 public:
  // `address` is host:port, port 0 picks a free one. `ready` is asked on the listener's thread
  // and must not block.
  AdminServer(std::string address, std::shared_ptr<const prometheus::Collectable> registry,
              std::function<bool()> ready);
  ~AdminServer();

  // FAILED_PRECONDITION, naming the address, where the port is taken.
  absl::Status Start();
  int port() const;
  void Stop();

 private:
  std::unique_ptr<http::Server> server_;
};

}  // namespace tributary::observability
