#pragma once

// Sites in the database.

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/sites/site.h"

namespace tributary::inventory {

class SiteStore {
 public:
  // ALREADY_EXISTS where the partner has the site.
  absl::Status Insert(mysql::Transaction& sql, const Site& site) const;
  // Makes the sites that are not there yet.
  absl::Status Ensure(mysql::Transaction& sql, absl::Span<const Site> sites) const;
  // What Change may have changed, and the version. The caller has the row from GetForUpdate.
  absl::Status Update(mysql::Transaction& sql, const Site& site) const;
  // NOT_FOUND.
  absl::StatusOr<Site> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  absl::StatusOr<Site> GetForUpdate(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  // Nobody changes it until the transaction ends; others may read it in this way, too.
  absl::StatusOr<Site> GetForShare(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  // By (partner, id), after (after_partner, after_id); of all partners where `partner` is empty.
  absl::StatusOr<std::vector<Site>> List(mysql::Transaction& sql, std::string_view partner,
                                         std::string_view after_partner, std::string_view after_id,
                                         const SqlPredicate& filter, int limit) const;

  static const std::vector<FilterField>& Fields();
};

}  // namespace tributary::inventory
