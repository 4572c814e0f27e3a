#pragma once

// Brings the findings OUTSIDE_TERRITORY into agreement with the transfers that partners took over, where their sites
// lie and what was granted to them.

#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "inventory-service/stock_findings/stock_finding_store.h"
#include "inventory-service/stock_movements/stock_movement_store.h"
#include "inventory-service/territories/territory_store.h"

namespace tributary::inventory {

// Transfers come by the own feed, territories by partner-service's: two transactions that may run at the same time, in
// any order. One lock, taken before either looks, makes the second see what the first one stored, so that the outcome
// is a function of both. Stateless and thread-safe.
class TerritoryDerivation {
 public:
  // Of what these partners took over: of one product, or of all where the product is empty.
  absl::Status Derive(mysql::Transaction& sql, const std::set<StockKey>& taken_over, absl::Time now,
                      events::Outbox& outbox) const;
  // Of everything that these events of partner-service's feed concern, in the transaction that has applied them
  // (partners/partner_directory.h).
  absl::Status Apply(mysql::Transaction& sql, absl::Span<const events::Event> events, absl::Time now,
                     events::Outbox& outbox) const;

 private:
  absl::Status DeriveLocked(mysql::Transaction& sql, const std::string& partner, const std::set<std::string>& products,
                            const std::set<std::string>* regions, absl::Time now, events::Outbox& outbox) const;

  StockMovementStore movements_;
  StockFindingStore findings_;
  TerritoryStore territories_;
};

}  // namespace tributary::inventory
