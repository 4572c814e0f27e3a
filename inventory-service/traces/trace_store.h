#pragma once

// Reads all that the ledger has on a lot. (On a single unit: serials/serial_store.h.)

#include <map>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "inventory-service/ledger/ledger_store.h"

namespace tributary::inventory {

class TraceStore {
 public:
  // Postings of the lot by effective date, cause and number; of all partners, and of direct sales, where `partner` is
  // empty. Partners are found by their positions, so that no list of all postings is read.
  absl::StatusOr<std::vector<RecordedPosting>> PostingsOfLot(mysql::Transaction& sql, std::string_view partner,
                                                             std::string_view product, std::string_view lot) const;
  // The lot's positions, of all partners where `partner` is empty.
  absl::StatusOr<std::map<BucketKey, Decimal>> PositionsOfLot(mysql::Transaction& sql, std::string_view partner,
                                                              std::string_view product, std::string_view lot) const;
};

}  // namespace tributary::inventory
