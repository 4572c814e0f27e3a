#include "common/process/process.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>

#include "common/ids/uuid.h"
#include "common/observability/log.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::process {
namespace {

constexpr absl::Duration kTokenLifetime = absl::Minutes(10);

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

Process::Process(Program program, int argc, char** argv)
    : program_(std::move(program)),
      config_(ReadConfig(program_, argc, argv)),
      instance_(StrCat(program_.name, "/", Uuid::New(absl::Now()).ToString())),
      registry_(std::make_shared<prometheus::Registry>()) {
  // Threads inherit the mask, so that only Serve sees these signals.
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  observability::InitLog(program_.name, config_.log_level);
}

Process::~Process() = default;

absl::Status Process::Open() {
  ASSIGN_OR_RETURN(std::string jwks, ReadFile(config_.jwks_file));
  ASSIGN_OR_RETURN(verifier_, auth::TokenVerifier::FromJwks(jwks));
  if (!config_.signing_key_file.empty()) {
    ASSIGN_OR_RETURN(std::string key, ReadFile(config_.signing_key_file));
    ASSIGN_OR_RETURN(signer_, auth::TokenSigner::FromJwk(key));
  }
  for (const auto& [name, address] : config_.peers) {
    rpc::ClientOptions options{.address = address};
    if (signer_ != nullptr) options.token = [this] { return ServiceToken(); };
    peers_[name] = std::make_unique<rpc::Client>(std::move(options));
  }
  if (program_.has_database) {
    ASSIGN_OR_RETURN(std::string page_token_key, ReadFile(config_.page_token_key_file));
    if (page_token_key.size() < 32) {
      return absl::InvalidArgumentError(
          StrCat("--page-token-key: got ", page_token_key.size(), " bytes, want 32 or more"));
    }
    page_tokens_ = std::make_unique<PageTokens>(page_token_key);
    ASSIGN_OR_RETURN(database_, mysql::Database::Open(config_.database, registry_.get()));
    for (const mysql::Schema* schema : program_.schemas) RETURN_IF_ERROR(database_->ApplySchema(*schema));
  }
  if (program_.serves_grpc) {
    rpc::ServerOptions options;
    options.address = config_.listen;
    options.database_workers = config_.workers;
    options.remote_workers = config_.remote_workers;
    options.grace_period = config_.grace_period;
    options.reflection = !config_.production;
    server_ = std::make_unique<rpc::Server>(rpc::Frame{.clock = &clock_,
                                                       .database = database_.get(),
                                                       .verifier = verifier_.get(),
                                                       .registry = registry_.get(),
                                                       .committed =
                                                           [this] {
                                                             if (committed_) committed_();
                                                           }},
                                            options);
  }
  return absl::OkStatus();
}

std::string Process::ServiceToken() {
  std::lock_guard lock(token_mutex_);
  const absl::Time now = clock_.Now();
  if (now >= token_renew_) {
    const auth::Identity self{.subject = StrCat("service/", program_.name), .roles = {api::v1::SERVICE}};
    absl::StatusOr<std::string> token = signer_->Sign(self, now, kTokenLifetime);
    if (!token.ok()) {
      observability::Log(observability::Level::kError, "cannot sign this process's own token",
                         {{"error", std::string(token.status().message())}});
      return token_;
    }
    token_ = *std::move(token);
    token_renew_ = now + kTokenLifetime / 2;
  }
  return token_;
}

int Process::Serve(Hooks hooks) {
  std::atomic<bool> started{false}, database_up{true};
  const auto serving = [&] { return started.load() && database_up.load() && (!hooks.ready || hooks.ready()); };
  if (server_ != nullptr) {
    if (absl::Status listening = server_->Start(); !listening.ok()) return Fail(listening);
    server_->SetServing(false);
  }
  observability::AdminServer admin(config_.admin_listen, registry_, serving);
  absl::Status status = admin.Start();
  if (status.ok() && hooks.started) status = hooks.started();
  if (!status.ok()) {
    // What the handlers stand on goes before this process does.
    if (server_ != nullptr) server_->Drain();
    return Fail(status);
  }
  started = true;
  if (server_ != nullptr) server_->SetServing(serving());
  observability::Log(
      observability::Level::kInfo, "serving",
      {{"address", config_.listen}, {"port", server_ == nullptr ? 0 : server_->port()}, {"admin_port", admin.port()}});

  const sigset_t signals = StopSignals();
  const timespec second{.tv_sec = 1, .tv_nsec = 0};
  while (sigtimedwait(&signals, nullptr, &second) < 0) {
    const bool up = database_ == nullptr || database_->Ping(absl::Seconds(2)).ok();
    if (up != database_up.exchange(up)) {
      observability::Log(observability::Level::kWarning, up ? "the database is back" : "the database is gone");
    }
    if (server_ != nullptr) server_->SetServing(serving());
  }

  observability::Log(observability::Level::kInfo, "draining");
  started = false;  // not ready from here on, so that nobody sends more
  if (server_ != nullptr) server_->SetServing(false);
  if (hooks.stopping) hooks.stopping();
  if (server_ != nullptr) server_->Drain();
  admin.Stop();
  observability::Log(observability::Level::kInfo, "stopped");
  return 0;
}

int Process::Fail(const absl::Status& status) const {
  std::fprintf(stderr, "%s: %s\n", program_.name.c_str(), std::string(status.message()).c_str());
  return 1;
}

}  // namespace tributary::process
