#pragma once

// Sell-through sales in the database.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/facts/fact_table.h"
#include "inventory-service/sell_through/sell_through_sale.h"

namespace tributary::inventory {

void AppendOwn(const SellThroughSale& sale, mysql::Values* values);
void ReadOwn(const mysql::Row& row, size_t column, SellThroughSale* sale);

class SellThroughSaleStore {
 public:
  SellThroughSaleStore();
  const FactTable<SellThroughSale>& table() const { return table_; }

  // NOT_FOUND. Reversals, and sales that were reversed, are found.
  absl::StatusOr<SellThroughSale> Get(mysql::Transaction& sql, std::string_view partner, const SaleId& id) const;
  // Every statement and reversal, by (partner, document, line, generation), after (after_partner, after); of all
  // partners where `partner` is empty.
  absl::StatusOr<std::vector<SellThroughSale>> List(mysql::Transaction& sql, std::string_view partner,
                                                    std::string_view after_partner, const SaleId& after,
                                                    const SqlPredicate& filter, int limit) const;

  // Of one partner, or of all where it is empty.
  absl::StatusOr<SellThroughTotals> Totals(mysql::Transaction& sql, std::string_view partner) const;

  static const std::vector<FilterField>& Fields();

 private:
  FactTable<SellThroughSale> table_;
};

}  // namespace tributary::inventory
