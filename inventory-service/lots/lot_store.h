#pragma once

// Lots in the database.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/ledger/ledger_store.h"
#include "inventory-service/lots/lot.h"

namespace tributary::inventory {

using LotKey = std::pair<std::string, std::string>;  // product, code

// What lies somewhere of a lot that expires.
struct ExpiringStock {
  Position position;
  Date expires_on;
};

class LotStore {
 public:
  // ALREADY_EXISTS where the product has the lot.
  absl::Status Insert(mysql::Transaction& sql, const Lot& lot) const;
  // What Change may have changed, and the version. The caller has the row from GetForUpdate.
  absl::Status Update(mysql::Transaction& sql, const Lot& lot) const;
  // NOT_FOUND.
  absl::StatusOr<Lot> Get(mysql::Transaction& sql, std::string_view product, std::string_view id) const;
  absl::StatusOr<Lot> GetForUpdate(mysql::Transaction& sql, std::string_view product, std::string_view id) const;
  // By (product, id), after (after_product, after_id); of all products where `product` is empty.
  absl::StatusOr<std::vector<Lot>> List(mysql::Transaction& sql, std::string_view product,
                                        std::string_view after_product, std::string_view after_id,
                                        const SqlPredicate& filter, int limit) const;
  // The last days of those of the lots that expire. Facts name lots that nobody made, too; they do not.
  absl::StatusOr<std::map<LotKey, Date>> Expiries(mysql::Transaction& sql, const std::set<LotKey>& lots) const;
  // Positions with units of lots whose last day is `until` or before, by (partner, site, product, lot), after `after`;
  // of all partners where `partner` is empty.
  absl::StatusOr<std::vector<ExpiringStock>> ListExpiring(mysql::Transaction& sql, std::string_view partner, Date until,
                                                          const PositionKey& after, int limit) const;

  static const std::vector<FilterField>& Fields();
};

}  // namespace tributary::inventory
