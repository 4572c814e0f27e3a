#pragma once

// The service put together: its RPCs, its feed, and the consumers that keep facts and accruals up to inventory's feed,
// fiscal calendars, exchange rates, bank accounts, payees and what partners are to partner-service's, and won deals and
// adjustments to conflict-service's.

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "common/events/consumer.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/time/clock.h"

namespace tributary::incentive {

// What the service is made of; all outlive it.
struct Parts {
  mysql::Database& database;  // with the schemas of this folder, of rpc and of events
  const Clock& clock;
  const PageTokens& page_tokens;
  rpc::Client& inventory_service;
  rpc::Client& partner_service;
  rpc::Client& conflict_service;
  rpc::Server& server;  // not yet started
  prometheus::Registry* registry;
  std::string owner;  // unique among replicas
};

class Service {
 public:
  explicit Service(const Parts& parts);
  ~Service();

  // Begins to follow the others' feeds and to tell its own. Call it when the server has started.
  absl::Status Start();
  void Stop();
  // Something was told to the own feed by a call.
  void Committed();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tributary::incentive
