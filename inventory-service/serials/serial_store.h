#pragma once

// What postings say of single units (LedgerStore::InsertPostings writes it), and how they are packed, in the database.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/serials/serial_unit.h"

namespace tributary::inventory {

class SerialStore {
 public:
  // All of one unit, in no order; none where nothing names it.
  absl::StatusOr<std::vector<SerialMove>> MovesOf(mysql::Transaction& sql, std::string_view product,
                                                  std::string_view serial) const;
  // Units of the product that the filter finds, by serial number, after `after`: at most `limit` numbers.
  absl::StatusOr<std::vector<std::string>> ListSerials(mysql::Transaction& sql, std::string_view product,
                                                       std::string_view after, const SqlPredicate& filter,
                                                       int limit) const;
  // Those of the postings in the range.
  absl::StatusOr<std::vector<SerialMove>> MovesIn(mysql::Transaction& sql, const events::ShardRange& range) const;

  // What was said of the unit's pack, version 0 where nothing was.
  absl::StatusOr<SerialPack> PackOf(mysql::Transaction& sql, std::string_view product, std::string_view serial) const;
  // Of these units of the product, by serial number; those of which nothing was said are left out.
  absl::StatusOr<std::map<std::string, SerialPack>> PacksOf(mysql::Transaction& sql, std::string_view product,
                                                            const std::vector<std::string>& serials) const;
  absl::Status PutPack(mysql::Transaction& sql, const SerialPack& pack) const;

  static const std::vector<FilterField>& Fields();
};

}  // namespace tributary::inventory
