#pragma once

// Stock rotations in the database. Each call works in the caller's transaction. Who reads one for update has its row
// until the transaction ends (order of locks: budgets/budget_store.h, in the place of the request).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/stock_rotations/stock_rotation.h"

namespace tributary::incentive {

class StockRotationStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<StockRotation> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  absl::StatusOr<StockRotation> GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                             std::string_view id) const;
  // By (partner, id), after those given; of one partner or of all.
  static const std::vector<FilterField>& FilterFields();  // state, move_from, move_to, claim_deadline
  absl::StatusOr<std::vector<StockRotation>> List(mysql::Transaction& sql, const std::optional<std::string>& partner,
                                                  std::string_view after_partner, std::string_view after_id,
                                                  const SqlPredicate& where, int limit) const;
  // ALREADY_EXISTS.
  absl::Status Insert(mysql::Transaction& sql, const StockRotation& rotation) const;
  // The next version of what is stored; CONFLICT_RETRY where that is another.
  absl::Status Update(mysql::Transaction& sql, const StockRotation& rotation) const;

  // What the partner bought by shipments of the rotation's days, in its currency; a linked return counts by what it
  // returns.
  absl::StatusOr<Decimal> Purchases(mysql::Transaction& sql, const StockRotation& rotation) const;
};

}  // namespace tributary::incentive
