#pragma once

// Direct sales in the database.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/direct_sales/direct_sale.h"
#include "inventory-service/facts/fact_table.h"

namespace tributary::inventory {

void AppendOwn(const DirectSale& sale, mysql::Values* values);
void ReadOwn(const mysql::Row& row, size_t column, DirectSale* sale);

// Sums over lines that stand.
struct DirectSaleTotals {
  int64_t lines = 0;
  Decimal units;
  std::map<std::string, Decimal> net_amounts;  // by currency
};

class DirectSaleStore {
 public:
  DirectSaleStore();
  const FactTable<DirectSale>& table() const { return table_; }

  // NOT_FOUND. Reversals, and lines that were reversed, are found.
  absl::StatusOr<DirectSale> Get(mysql::Transaction& sql, const SaleId& id) const;
  // Every statement and reversal, by (document, line, generation), after `after`.
  absl::StatusOr<std::vector<DirectSale>> List(mysql::Transaction& sql, const SaleId& after, const SqlPredicate& filter,
                                               int limit) const;
  absl::StatusOr<DirectSaleTotals> Totals(mysql::Transaction& sql) const;

  static const std::vector<FilterField>& Fields();

 private:
  FactTable<DirectSale> table_;
};

}  // namespace tributary::inventory
