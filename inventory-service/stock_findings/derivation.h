#pragma once

// Brings the stock findings into agreement with the facts.

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "inventory-service/ledger/ledger_store.h"
#include "inventory-service/lots/lot_store.h"
#include "inventory-service/serials/serial_store.h"
#include "inventory-service/stock_findings/stock_finding_store.h"
#include "inventory-service/stock_findings/territory_derivation.h"

namespace tributary::inventory {

// What else changed than postings: told by the own feed.
struct ReferenceChanges {
  std::set<LotKey> lots;
  std::set<std::pair<std::string, std::string>> sites;  // partner, site
};

// Derives anew what the postings in a range of the feed touch: each position by its stock at the end of every day, each
// unit by all that is said of it. Locks of what is touched make the outcome a function of the facts alone, in whatever
// order and by however many processes they are looked at. Stateless and thread-safe.
class FindingDerivation {
 public:
  // In the transaction that moves the cursor over the range, once for each range.
  absl::Status Apply(mysql::Transaction& sql, const events::ShardRange& range, const ReferenceChanges& changes,
                     absl::Time now, events::Outbox& outbox) const;

 private:
  absl::Status DeriveStock(mysql::Transaction& sql, const std::string& partner, const std::set<std::string>& products,
                           absl::Time now, events::Outbox& outbox) const;
  absl::Status DeriveSerial(mysql::Transaction& sql, const std::string& product, const std::string& serial,
                            absl::Time now, events::Outbox& outbox) const;

  StockFindingStore findings_;
  LedgerStore ledger_;
  LotStore lots_;
  SerialStore serials_;
  TerritoryDerivation territories_;
};

}  // namespace tributary::inventory
