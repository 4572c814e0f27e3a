#pragma once

// Stock movements in the database.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/facts/fact_table.h"
#include "inventory-service/stock_movements/stock_movement.h"

namespace tributary::inventory {

void AppendOwn(const StockMovement& movement, mysql::Values* values);
void ReadOwn(const mysql::Row& row, size_t column, StockMovement* movement);

class StockMovementStore {
 public:
  StockMovementStore();
  const FactTable<StockMovement>& table() const { return table_; }

  // NOT_FOUND. Reversals, and movements that were reversed, are found.
  absl::StatusOr<StockMovement> Get(mysql::Transaction& sql, std::string_view partner, const SaleId& id) const;
  // Every statement and reversal, by (partner, document, line, generation), after (after_partner, after); of all
  // partners where `partner` is empty.
  absl::StatusOr<std::vector<StockMovement>> List(mysql::Transaction& sql, std::string_view partner,
                                                  std::string_view after_partner, const SaleId& after,
                                                  const SqlPredicate& filter, int limit) const;

  // Movements that stand, that moved stock and by which the partner took units over from another one; of these
  // products, or of all where there are none.
  absl::StatusOr<std::vector<StockMovement>> TakenOverBy(mysql::Transaction& sql, std::string_view partner,
                                                         const std::set<std::string>& products) const;
  // The kits among what it took over.
  absl::StatusOr<std::set<std::string>> KitsTakenOverBy(mysql::Transaction& sql, std::string_view partner) const;
  // The partners that ever took something over.
  absl::StatusOr<std::set<std::string>> Receivers(mysql::Transaction& sql) const;

  static const std::vector<FilterField>& Fields();

 private:
  FactTable<StockMovement> table_;
};

}  // namespace tributary::inventory
