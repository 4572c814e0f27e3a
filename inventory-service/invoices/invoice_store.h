#pragma once

// Invoice lines in the database; their documents are in billing/document_store.h.

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "inventory-service/facts/fact_table.h"
#include "inventory-service/invoices/invoice.h"

namespace tributary::inventory {

void AppendOwn(const InvoiceLine& line, mysql::Values* values);
void ReadOwn(const mysql::Row& row, size_t column, InvoiceLine* line);

class InvoiceStore {
 public:
  InvoiceStore();
  const FactTable<InvoiceLine>& table() const { return table_; }
  // Those that stand, by number.
  absl::StatusOr<std::vector<InvoiceLine>> LinesOf(mysql::Transaction& sql, std::string_view partner,
                                                   std::string_view document) const;

 private:
  FactTable<InvoiceLine> table_;
};

}  // namespace tributary::inventory
