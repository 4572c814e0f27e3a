#pragma once

// WatchPositions of LedgerService: positions as they change, by the feed.

#include "absl/status/status.h"
#include "common/events/watch.h"
#include "common/rpc/call.h"
#include "inventory-service/ledger/ledger_store.h"
#include "tributary/inventory/v1/ledger.pb.h"

namespace tributary::rpc {
class Server;
class StreamWriter;
}  // namespace tributary::rpc

namespace tributary::inventory {

class PositionWatch {
 public:
  // All outlive it.
  PositionWatch(mysql::Database& database, events::Feed& feed, const PageTokens& tokens)
      : parts_{database, feed, tokens} {}
  void Register(rpc::Server& server);

  absl::Status Watch(const rpc::Call& call, const v1::WatchPositionsRequest& request, rpc::StreamWriter& writer);

 private:
  const events::WatchParts parts_;
  LedgerStore store_;
};

}  // namespace tributary::inventory
