#pragma once

// Reads all that the ledger has on a lot. (On a single unit: serials/serial_store.h.)

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "inventory-service/ledger/ledger_store.h"

namespace tributary::inventory {

class TraceStore {
 public:
  // Postings of the lot, in no order; of all partners, and of direct sales, where `partner` is empty. Partners are
  // found by their positions, so that no list of all postings is read.
  absl::StatusOr<std::vector<RecordedPosting>> PostingsOfLot(mysql::Transaction& sql, std::string_view partner,
                                                             std::string_view product, std::string_view lot) const;
  // A page of the same of these lots ("" is: of no lot), in the order of WayKey, after `after` (unset: from the first).
  absl::StatusOr<std::vector<RecordedPosting>> WayOfLots(mysql::Transaction& sql, std::string_view partner,
                                                         std::string_view product,
                                                         const std::vector<std::string_view>& lots,
                                                         const std::optional<WayKey>& after, int limit) const;
  // The lot's positions, of all partners where `partner` is empty.
  absl::StatusOr<std::map<BucketKey, Decimal>> PositionsOfLot(mysql::Transaction& sql, std::string_view partner,
                                                              std::string_view product, std::string_view lot) const;

 private:
  absl::StatusOr<std::set<std::string>> PartnersWith(mysql::Transaction& sql, std::string_view partner,
                                                     std::string_view product,
                                                     const std::vector<std::string_view>& lots) const;
};

}  // namespace tributary::inventory
