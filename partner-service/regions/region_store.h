#pragma once

// Regions in the database; the only SQL about them. Each call works in the caller's transaction.

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/regions/region.h"

namespace tributary::partner {

// By resource name.
using RegionMap = absl::flat_hash_map<std::string, Region>;

class RegionStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<Region> Get(mysql::Transaction& sql, std::string_view id) const;

  // By id, after the page's position; INACTIVE ones only where asked for.
  absl::StatusOr<std::vector<Region>> List(mysql::Transaction& sql, const Page& page, bool show_inactive) const;

  // Of these names the regions that exist, in any state, and all that they lie in. Locks the rows until the transaction
  // ends, so that what they say holds at COMMIT.
  absl::StatusOr<RegionMap> GetWithAncestors(mysql::Transaction& sql, const std::vector<std::string>& names) const;

  // The names among these that are no active region, in the order given. Locks those that are, so that no undo takes
  // them back before COMMIT.
  absl::StatusOr<std::vector<std::string>> Missing(mysql::Transaction& sql,
                                                   const std::vector<std::string>& names) const;

  // Regions that an import brought. Where another transaction took one of their ids since this one looked, the body
  // runs again.
  absl::Status Insert(mysql::Transaction& sql, absl::Span<const Region> regions, std::string_view import_id) const;

  // Writes the region over one whose version is one less; no such makes the body run again.
  absl::Status Replace(mysql::Transaction& sql, const Region& region, std::string_view import_id) const;

  // Active regions that the import brought, by id, at most `limit`; locked.
  absl::StatusOr<std::vector<Region>> BroughtBy(mysql::Transaction& sql, std::string_view import_id, int limit) const;
  // Stores state and revision of regions that BroughtBy gave.
  absl::Status Deactivate(mysql::Transaction& sql, absl::Span<const Region> regions) const;
};

}  // namespace tributary::partner
