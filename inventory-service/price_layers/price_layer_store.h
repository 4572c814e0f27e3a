#pragma once

// What price layers are made of, in the database: lines of shipments, receipts, postings, protections.

#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/price_layers/price_layer.h"
#include "inventory-service/facts/fact_table.h"
#include "inventory-service/ledger/ledger_store.h"
#include "inventory-service/on_hand/on_hand_report_store.h"
#include "inventory-service/price_layers/price_protection.h"
#include "inventory-service/receipts/receipt_store.h"
#include "inventory-service/returns/return_store.h"
#include "inventory-service/shipments/shipment_store.h"

namespace tributary::inventory {

void AppendOwn(const PriceProtection& protection, mysql::Values* values);
void ReadOwn(const mysql::Row& row, size_t column, PriceProtection* protection);

class PriceLayerStore {
 public:
  PriceLayerStore();
  const FactTable<PriceProtection>& table() const { return table_; }

  // Units of the product that the partner reports to have had at all sites at the opening of the day: by what it told
  // after closing of the day before, else before opening. Unset where it reported neither. Kits that it reports then
  // are so many more; by themselves they tell nothing of their parts.
  absl::StatusOr<std::optional<Decimal>> ReportedAt(mysql::Transaction& sql, std::string_view partner,
                                                    std::string_view product, Date day) const;
  // All that bears on the partner's layers of the product.
  absl::StatusOr<LayerHistory> HistoryOf(mysql::Transaction& sql, std::string_view partner,
                                         std::string_view product) const;

  // Every statement and reversal, by (partner, document, line, generation), after (after_partner, after); of all
  // partners where `partner` is empty.
  absl::StatusOr<std::vector<PriceProtection>> List(mysql::Transaction& sql, std::string_view partner,
                                                    std::string_view after_partner, const SaleId& after,
                                                    const SqlPredicate& filter, int limit) const;
  static const std::vector<FilterField>& Fields();

 private:
  FactTable<PriceProtection> table_;
  ShipmentStore shipments_;
  ReceiptStore receipts_;
  ReturnStore returns_;
  LedgerStore ledger_;
  OnHandReportStore on_hand_;
};

}  // namespace tributary::inventory
