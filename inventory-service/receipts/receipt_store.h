#pragma once

// Receipts in the database.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/facts/fact_table.h"
#include "inventory-service/receipts/receipt.h"

namespace tributary::inventory {

void AppendOwn(const ReceiptLine& line, mysql::Values* values);
void ReadOwn(const mysql::Row& row, size_t column, ReceiptLine* line);

// The lines of one document of a partner that stand, by number.
struct Receipt {
  std::string partner;
  std::string document;
  absl::Time create_time;  // when the first of its lines was recorded
  absl::Time update_time;  // the last
  std::vector<ReceiptLine> lines;
};

class ReceiptStore {
 public:
  ReceiptStore();
  const FactTable<ReceiptLine>& table() const { return table_; }

  // NOT_FOUND where no line stands.
  absl::StatusOr<Receipt> Get(mysql::Transaction& sql, std::string_view partner, std::string_view document) const;
  // Those with a standing line that fulfills the filter, by (partner, document), after (after_partner, after_document);
  // of all partners where `partner` is empty.
  absl::StatusOr<std::vector<Receipt>> List(mysql::Transaction& sql, std::string_view partner,
                                            std::string_view after_partner, std::string_view after_document,
                                            const SqlPredicate& filter, int limit) const;

  // How far the shipment line has come, one row a product that facts name for it.
  absl::StatusOr<std::vector<Transit>> TransitsOf(mysql::Transaction& sql, std::string_view partner,
                                                  std::string_view shipment, int line) const;
  // Lines with units still to come, or more than came, by (partner, document, line, product), after `after`; of all
  // partners where `partner` is empty.
  absl::StatusOr<std::vector<Transit>> ListOpen(mysql::Transaction& sql, std::string_view partner, const Transit& after,
                                                int limit) const;

  static const std::vector<FilterField>& Fields();

 private:
  FactTable<ReceiptLine> table_;
};

}  // namespace tributary::inventory
