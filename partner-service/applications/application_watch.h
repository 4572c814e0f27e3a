#pragma once

#include "absl/status/status.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/applications/application_store.h"
#include "tributary/partner/v1/application.pb.h"

namespace tributary::rpc {
class Server;
class StreamWriter;
}  // namespace tributary::rpc

namespace tributary::partner {

// Serves WatchApplication of tributary.partner.v1.ApplicationService: an application as it is, and again whenever it
// changes, to the vendor's staff and to the prospect. Another process's changes come by the feed.
class ApplicationWatch {
 public:
  // All outlive this.
  ApplicationWatch(mysql::Database& database, events::Feed& feed, const PageTokens& tokens)
      : database_(database), feed_(feed), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Watch(const rpc::Call& call, const v1::WatchApplicationRequest& request, rpc::StreamWriter& writer);

 private:
  mysql::Database& database_;
  events::Feed& feed_;
  const PageTokens& tokens_;
  ApplicationStore applications_;
};

}  // namespace tributary::partner
