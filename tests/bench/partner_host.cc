#include "tests/bench/partner_host.h"

#include "absl/time/clock.h"
#include "common/text/text.h"
#include "events_schema.h"
#include "imports_schema.h"
#include "partner_schema.h"
#include "rpc_schema.h"
#include "tests/bench/bench.h"
#include "tests/support/database_server.h"

namespace tributary::bench {

PartnerHost::PartnerHost()
    : database_(testing::FreshDatabase({&schema::events(), &schema::rpc(), &schema::imports(), &schema::partner()})),
      page_tokens_(std::string(32, 'k')),
      feed_(*database_, {}, &registry_),
      services_(*database_, feed_, page_tokens_, false),
      feed_service_(nullptr, nullptr) {
  const auto keys = auth::TokenSigner::NewKeyPair("bench");
  Must(keys.status(), "keys");
  verifier_ = *auth::TokenVerifier::FromJwks(keys->public_jwks);
  const auto signer = auth::TokenSigner::FromJwk(keys->private_jwk);
  Must(signer.status(), "signer");
  token_ = *(*signer)->Sign({.subject = "bench", .roles = {api::v1::ADMINISTRATOR}}, absl::Now(), absl::Hours(8));

  server_ = std::make_unique<rpc::Server>(rpc::Frame{.clock = &clock_,
                                                     .database = database_.get(),
                                                     .verifier = verifier_.get(),
                                                     .registry = &registry_,
                                                     .committed = [this] { feed_.Poke(); }},
                                          rpc::ServerOptions{.address = "127.0.0.1:0"});
  feed_service_ = events::ServeFeed(*server_, *database_, &feed_);
  services_.Register(*server_);
  Must(feed_.Start(), "feed");
  Must(services_.Follow(feed_), "index");
  Must(server_->Start(), "server");
  client_ = std::make_unique<rpc::Client>(rpc::ClientOptions{.address = address(), .token = [this] { return token_; }});
}

PartnerHost::~PartnerHost() {
  feed_.Stop();
  server_->Drain();
}

std::string PartnerHost::address() const { return StrCat("127.0.0.1:", server_->port()); }

}  // namespace tributary::bench
