#pragma once

// A whole partner-service in the test's own process: a database of its own, the feed, the frame, clients of several
// roles.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/clock.h"
#include "common/auth/tokens.h"
#include "common/events/consumer.h"
#include "common/events/feed.h"
#include "common/events/feed_service.h"
#include "common/ids/uuid.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/clock.h"
#include "events_schema.h"
#include "imports_schema.h"
#include "partner-service/services.h"
#include "partner_schema.h"
#include "prometheus/registry.h"
#include "rpc_schema.h"
#include "spdlog/spdlog.h"
#include "tests/support/database_server.h"

namespace tributary::partner {

class RunningService {
 public:
  RunningService()
      : database_(tributary::testing::FreshDatabase(
            {&schema::events(), &schema::rpc(), &schema::imports(), &schema::partner()})) {
    spdlog::set_level(spdlog::level::warn);
    const auth::TokenSigner::KeyPair keys = *auth::TokenSigner::NewKeyPair("test");
    signer_ = *auth::TokenSigner::FromJwk(keys.private_jwk);
    verifier_ = *auth::TokenVerifier::FromJwks(keys.public_jwks);
    feed_ = std::make_unique<events::Feed>(*database_, std::vector<events::RowSource>{}, nullptr);
    EXPECT_OK(feed_->Start());
    services_ = std::make_unique<Services>(*database_, *feed_, tokens_, /*webhooks_to_loopback=*/true);
    EXPECT_OK(services_->Follow(*feed_));
    rpc::Frame frame{
        .clock = &clock_, .database = database_.get(), .verifier = verifier_.get(), .registry = &registry_};
    frame.committed = [this] { feed_->Poke(); };
    server_ = std::make_unique<rpc::Server>(
        frame, rpc::ServerOptions{.address = "127.0.0.1:0", .grace_period = absl::Seconds(5)});
    feed_service_ = events::ServeFeed(*server_, *database_, feed_.get());
    services_->Register(*server_);
    EXPECT_OK(server_->Start());
  }
  ~RunningService() {
    feed_->Stop();
    server_->Drain();
    server_.reset();
  }

  std::string address() const { return StrCat("127.0.0.1:", server_->port()); }
  std::string TokenOf(const auth::Identity& identity) const {
    return *signer_->Sign(identity, absl::Now(), absl::Hours(1));
  }
  std::unique_ptr<rpc::Client> ClientOf(const auth::Identity& identity) const {
    const std::string token = TokenOf(identity);
    return std::make_unique<rpc::Client>(rpc::ClientOptions{.address = address(), .token = [token] { return token; }});
  }
  std::unique_ptr<rpc::Client> Manager() const {
    return ClientOf({.subject = "manager-1", .roles = {api::v1::CHANNEL_MANAGER}});
  }
  std::unique_ptr<rpc::Client> UserOf(std::string_view partner) const {
    return ClientOf(
        {.subject = StrCat("user-of-", partner), .roles = {api::v1::PARTNER_USER}, .partner = std::string(partner)});
  }

  mysql::Database& database() { return *database_; }
  events::Feed& feed() { return *feed_; }

 private:
  SystemClock clock_;
  prometheus::Registry registry_;
  std::unique_ptr<mysql::Database> database_;
  std::unique_ptr<auth::TokenSigner> signer_;
  std::unique_ptr<auth::TokenVerifier> verifier_;
  const PageTokens tokens_{"0123456789abcdef0123456789abcdef"};
  std::unique_ptr<events::Feed> feed_;
  std::unique_ptr<Services> services_;
  std::unique_ptr<events::FeedService, void (*)(events::FeedService*)> feed_service_{nullptr, nullptr};
  std::unique_ptr<rpc::Server> server_;
};

inline std::string NewRequestId() { return Uuid::New(absl::Now()).ToString(); }

}  // namespace tributary::partner
