#include "inventory-service/ledger/stock_lock.h"

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {

absl::Status LockSubjects(mysql::Transaction& sql, const std::set<std::string>& subjects) {
  mysql::Values values;
  for (const std::string& subject : subjects) values.insert(values.end(), {subject, 1});
  // Locks the rows, and makes those whose first use ever this is.
  return sql.InsertRows("INSERT INTO stock_lock (subject, uses) VALUES", 2, values,
                        "ON DUPLICATE KEY UPDATE uses = uses + 1");
}

std::string SerialSubject(std::string_view product, std::string_view serial) {
  return StrCat("products/", product, "/serials/", serial);
}

std::string StockSubject(std::string_view partner, std::string_view product) {
  return StrCat("partners/", partner, "/products/", product);
}

}  // namespace tributary::inventory
