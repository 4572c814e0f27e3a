#pragma once

// Reports of stock on hand in the database.

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/facts/fact_table.h"
#include "inventory-service/on_hand/on_hand_report.h"

namespace tributary::inventory {

void AppendOwn(const OnHandReport& report, mysql::Values* values);
void ReadOwn(const mysql::Row& row, size_t column, OnHandReport* report);

class OnHandReportStore {
 public:
  OnHandReportStore();
  const FactTable<OnHandReport>& table() const { return table_; }

  // NOT_FOUND. Reversals, and what was reversed, are found.
  absl::StatusOr<OnHandReport> Get(mysql::Transaction& sql, std::string_view partner, const SaleId& id) const;
  // Every statement and reversal, by (partner, document, line, generation), after (after_partner, after); of all
  // partners where `partner` is empty.
  absl::StatusOr<std::vector<OnHandReport>> List(mysql::Transaction& sql, std::string_view partner,
                                                 std::string_view after_partner, const SaleId& after,
                                                 const SqlPredicate& filter, int limit) const;
  // What stands at one boundary of a day, of all sites and products.
  absl::StatusOr<std::vector<OnHandReport>> StandingAt(mysql::Transaction& sql, std::string_view partner, Date date,
                                                       Boundary boundary) const;

  static const std::vector<FilterField>& Fields();

 private:
  FactTable<OnHandReport> table_;
};

}  // namespace tributary::inventory
