#pragma once

#include <memory>
#include <string>

#include "common/auth/tokens.h"
#include "common/events/consumer.h"
#include "common/events/feed.h"
#include "common/events/feed_service.h"
#include "common/paging/page_token.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/time/clock.h"
#include "partner-service/services.h"
#include "prometheus/registry.h"

namespace tributary::bench {

// A whole partner-service in this process, but for its command line and its listener for metrics.
class PartnerHost {
 public:
  PartnerHost();
  ~PartnerHost();

  mysql::Database& database() { return *database_; }
  rpc::Client& client() { return *client_; }
  std::string address() const;
  // An administrator's.
  const std::string& token() const { return token_; }

 private:
  SystemClock clock_;
  prometheus::Registry registry_;
  const std::unique_ptr<mysql::Database> database_;
  std::unique_ptr<auth::TokenVerifier> verifier_;
  std::string token_;
  const PageTokens page_tokens_;
  events::Feed feed_;
  partner::Services services_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<events::FeedService, void (*)(events::FeedService*)> feed_service_;
  std::unique_ptr<rpc::Client> client_;
};

}  // namespace tributary::bench
