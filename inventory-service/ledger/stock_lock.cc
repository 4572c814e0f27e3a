#include "inventory-service/ledger/stock_lock.h"

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {

absl::Status LockSubjects(mysql::Transaction& sql, const std::set<std::string>& subjects) {
  for (const std::string& subject : subjects) {
    // Locks the row, and makes it where this is the first use ever.
    RETURN_IF_ERROR(
        sql.Execute("INSERT INTO stock_lock (subject, uses) VALUES (?, 1) ON DUPLICATE KEY UPDATE uses = uses + 1",
                    {subject})
            .status());
  }
  return absl::OkStatus();
}

std::string SerialSubject(std::string_view product, std::string_view serial) {
  return StrCat("products/", product, "/serials/", serial);
}

std::string StockSubject(std::string_view partner, std::string_view product) {
  return StrCat("partners/", partner, "/products/", product);
}

}  // namespace tributary::inventory
