#pragma once

// Credit note lines in the database; their documents are in billing/document_store.h.

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "inventory-service/credit_notes/credit_note.h"
#include "inventory-service/facts/fact_table.h"

namespace tributary::inventory {

void AppendOwn(const CreditNoteLine& line, mysql::Values* values);
void ReadOwn(const mysql::Row& row, size_t column, CreditNoteLine* line);

class CreditNoteStore {
 public:
  CreditNoteStore();
  const FactTable<CreditNoteLine>& table() const { return table_; }
  // Those that stand, by number.
  absl::StatusOr<std::vector<CreditNoteLine>> LinesOf(mysql::Transaction& sql, std::string_view partner,
                                                      std::string_view document) const;

 private:
  FactTable<CreditNoteLine> table_;
};

}  // namespace tributary::inventory
