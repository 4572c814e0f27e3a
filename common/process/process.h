#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "common/auth/tokens.h"
#include "common/mysql/database.h"
#include "common/observability/admin_server.h"
#include "common/paging/page_token.h"
#include "common/process/config.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/time/clock.h"
#include "prometheus/registry.h"

namespace tributary::process {

// What every program of the suite has, so that its main is a list of what it is made of:
//
//   process::Process process({.name = "partner-service", .schemas = {...}}, argc, argv);
//   if (absl::Status status = process.Open(); !status.ok()) return process.Fail(status);
//   ... stores, services: Register(process.server()) ...
//   return process.Serve({.started = ..., .stopping = ...});
class Process {
 public:
  // Reads the command line; ends the process where it is wrong. Signals are held back from here on.
  Process(Program program, int argc, char** argv);
  ~Process();

  // Keys, database (its settings checked, its schemas applied), clients of peers.
  absl::Status Open();

  const Config& config() const { return config_; }
  const Clock& clock() const { return clock_; }
  prometheus::Registry& registry() { return *registry_; }
  mysql::Database& database() { return *database_; }
  const auth::TokenVerifier& verifier() const { return *verifier_; }
  const PageTokens& page_tokens() const { return *page_tokens_; }
  rpc::Server& server() { return *server_; }
  // Calls of a peer carry this process's own token (role SERVICE) unless a call brings another.
  rpc::Client& peer(const std::string& name) { return *peers_.at(name); }
  // Unique among replicas: host, process, start.
  const std::string& instance() const { return instance_; }
  // Called after a commit that told the feed something. Set before Serve.
  void OnCommitted(std::function<void()> committed) { committed_ = std::move(committed); }

  struct Hooks {
    std::function<absl::Status()> started;  // once calls are served
    std::function<void()> stopping;         // before calls are drained
    std::function<bool()> ready;            // beside the database; unset: ready
  };
  // Serves until SIGTERM or SIGINT, drains within the grace period; the exit code. Healthy and ready once `started` has
  // returned and while the database answers and `ready` agrees. No handler runs any more when it returns.
  int Serve(Hooks hooks);
  // Says why on standard error and in the log; exit code 1.
  int Fail(const absl::Status& status) const;

 private:
  std::string ServiceToken();

  const Program program_;
  const Config config_;
  const std::string instance_;
  SystemClock clock_;
  std::shared_ptr<prometheus::Registry> registry_;
  std::unique_ptr<auth::TokenVerifier> verifier_;
  std::unique_ptr<auth::TokenSigner> signer_;
  std::unique_ptr<mysql::Database> database_;
  std::unique_ptr<PageTokens> page_tokens_;
  std::unique_ptr<rpc::Server> server_;
  std::map<std::string, std::unique_ptr<rpc::Client>> peers_;
  std::function<void()> committed_;

  std::mutex token_mutex_;
  std::string token_;                              // guarded by token_mutex_
  absl::Time token_renew_ = absl::InfinitePast();  // guarded by token_mutex_
};

}  // namespace tributary::process
