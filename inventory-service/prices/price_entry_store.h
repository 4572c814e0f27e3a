#pragma once

// Entries of price lists in the database.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/prices/price.h"
#include "inventory-service/prices/price_resolution.h"

namespace tributary::inventory {

class PriceEntryStore {
 public:
  using Key = std::pair<std::string, std::string>;  // price list, id

  // NOT_FOUND; INACTIVE ones are found.
  absl::StatusOr<PriceEntry> Get(mysql::Transaction& sql, std::string_view price_list, std::string_view id) const;
  // Those of the keys that are there; nobody else changes them until the transaction ends.
  absl::StatusOr<std::map<Key, PriceEntry>> FindForUpdate(mysql::Transaction& sql, const std::set<Key>& keys) const;
  // False where one of the keys was taken meanwhile; then nothing was inserted.
  absl::StatusOr<bool> Insert(mysql::Transaction& sql, absl::Span<const PriceEntry> fresh) const;
  // Replaces rows that FindForUpdate or OfImportForUpdate read.
  absl::Status Replace(mysql::Transaction& sql, absl::Span<const PriceEntry> changed) const;
  // ACTIVE ones that the import brought, at most `limit`, locked.
  absl::StatusOr<std::vector<PriceEntry>> OfImportForUpdate(mysql::Transaction& sql, const Uuid& import_id,
                                                            int limit) const;
  // By key, after (after_list, after_id); of one list, or of all where it is empty.
  absl::StatusOr<std::vector<PriceEntry>> List(mysql::Transaction& sql, std::string_view price_list,
                                               std::string_view after_list, std::string_view after_id,
                                               bool show_deleted, const SqlPredicate& filter, int limit) const;
  static const std::vector<FilterField>& Fields();

  // Every entry of the product in one list, or in all where it is empty, with the state of its list: one statement.
  absl::StatusOr<std::vector<PriceCandidate>> Candidates(mysql::Transaction& sql, std::string_view product,
                                                         std::string_view price_list) const;
};

}  // namespace tributary::inventory
