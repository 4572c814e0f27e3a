#pragma once

// What kits consist of, in the database. Each call works in the caller's transaction.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/kits/kit_component.h"
#include "common/mysql/database.h"

namespace tributary::incentive {

class KitStore {
 public:
  // An events::ApplyEvents but for the outbox: keeps the components of the products that are told, in place of what was
  // told of them before. Other events are passed over. MALFORMED_REQUEST, INVALID_FIELD where an event is not what
  // inventory-service promises.
  absl::Status Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const;

  // The components of all kits that hold the product, be it through other kits, on whatever day.
  absl::StatusOr<std::vector<KitComponent>> Above(mysql::Transaction& sql, const std::string& product) const;
};

}  // namespace tributary::incentive
