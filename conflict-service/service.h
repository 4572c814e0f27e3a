#pragma once

// The service put together: its stores, its rules' detector, its RPCs, its feed and its consumers.

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/events/consumer.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/time/clock.h"
#include "conflict-service/deals/deal_limits.h"

namespace tributary::conflict {

// What the service is made of; all outlive it.
struct Parts {
  mysql::Database& database;  // with the schemas of this folder, of rpc and of events
  const Clock& clock;
  const PageTokens& page_tokens;
  rpc::Client& partner_service;
  rpc::Client& inventory_service;
  rpc::Client& incentive_service;
  rpc::Server& server;  // not yet started
  prometheus::Registry* registry;
  std::string owner;                                         // unique among replicas
  DealLimits deal_limits = {};                               // the built-in version
  absl::Duration deal_answer_step = absl::Milliseconds(50);  // DealService::Parts
};

class Service {
 public:
  explicit Service(const Parts& parts);
  ~Service();

  // Begins to follow the feeds of partner-, inventory- and incentive-service and to tell its own. Call it when the
  // server has started.
  absl::Status Start();
  void Stop();
  // Something was told to the own feed by a call.
  void Committed();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tributary::conflict
