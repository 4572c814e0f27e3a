#pragma once

// Shipment lines in the database.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/facts/fact_table.h"
#include "inventory-service/shipments/shipment.h"

namespace tributary::inventory {

void AppendOwn(const ShipmentLine& line, mysql::Values* values);
void ReadOwn(const mysql::Row& row, size_t column, ShipmentLine* line);

// The lines of one document to one partner that stand, by number.
struct Shipment {
  std::string partner;
  std::string document;
  absl::Time create_time;  // when the first of its lines, also of those that stand no more, was recorded
  absl::Time update_time;  // the last
  std::vector<ShipmentLine> lines;
};

// Sums over lines that stand.
struct SellInTotals {
  int64_t lines = 0;
  Decimal units;
  std::map<std::string, Decimal> net_amounts;  // by currency
  int64_t partners = 0;
  int64_t documents = 0;
};

class ShipmentStore {
 public:
  ShipmentStore();
  const FactTable<ShipmentLine>& table() const { return table_; }

  // NOT_FOUND where no line stands.
  absl::StatusOr<Shipment> Get(mysql::Transaction& sql, std::string_view partner, std::string_view document) const;
  // Those with a standing line that fulfills the filter, by (partner, document), after (after_partner, after_document);
  // of all partners where `partner` is empty.
  absl::StatusOr<std::vector<Shipment>> List(mysql::Transaction& sql, std::string_view partner,
                                             std::string_view after_partner, std::string_view after_document,
                                             const SqlPredicate& filter, int limit) const;
  // Of all partners where `partner` is empty. One statement, hence one snapshot.
  absl::StatusOr<SellInTotals> Totals(mysql::Transaction& sql, std::string_view partner) const;

  static const std::vector<FilterField>& Fields();

 private:
  FactTable<ShipmentLine> table_;
};

}  // namespace tributary::inventory
