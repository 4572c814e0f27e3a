#pragma once

// What postings say of single units, in the database (LedgerStore::InsertPostings writes it).

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "inventory-service/serials/serial_unit.h"

namespace tributary::inventory {

class SerialStore {
 public:
  // All of one unit, in no order; none where nothing names it.
  absl::StatusOr<std::vector<SerialMove>> MovesOf(mysql::Transaction& sql, std::string_view product,
                                                  std::string_view serial) const;
  // All units of the product, by serial number, after `after`: at most `limit` numbers.
  absl::StatusOr<std::vector<std::string>> ListSerials(mysql::Transaction& sql, std::string_view product,
                                                       std::string_view after, int limit) const;
  // Those of the postings in the range.
  absl::StatusOr<std::vector<SerialMove>> MovesIn(mysql::Transaction& sql, const events::ShardRange& range) const;
};

}  // namespace tributary::inventory
