#pragma once

// Territory grants in the database; the only SQL about them. Each call works in the caller's transaction, which has
// locked the partner where it changes anything.

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/rows/as_of.h"
#include "partner-service/territory_grants/territory_grant.h"

namespace tributary::partner {

class TerritoryGrantStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // As of a day (where it held on it) and a moment. NOT_FOUND where there is none.
  absl::StatusOr<TerritoryGrant> Get(mysql::Transaction& sql, std::string_view partner_id, std::string_view id,
                                     const AsOf& as_of = {}) const;
  // As it is, and nobody else changes it until this transaction ends.
  absl::StatusOr<TerritoryGrant> GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                              std::string_view id) const;

  // By partner and id, after the page's position; of all partners where `partner_id` is empty.
  absl::StatusOr<std::vector<TerritoryGrant>> List(mysql::Transaction& sql, std::string_view partner_id,
                                                   const Page& page, const AsOf& as_of = {}) const;

  // Every grant of a partner, locked.
  absl::StatusOr<std::vector<TerritoryGrant>> OfPartner(mysql::Transaction& sql, std::string_view partner_id) const;

  // Held until the transaction ends: whoever gives an exclusive grant looks at the others' under it, so that of two
  // that overlap the second sees the first.
  absl::Status LockExclusive(mysql::Transaction& sql) const;
  // The EXCLUSIVE, ACTIVE grants of other partners whose days meet those of `grant`.
  absl::StatusOr<std::vector<TerritoryGrant>> ExclusiveOfOthers(mysql::Transaction& sql,
                                                                const TerritoryGrant& grant) const;

  // Stores a new one. Its id may be that of an undone one, whose place and following version it takes: so it answers
  // the grant with the version that it has. ALREADY_EXISTS.
  absl::StatusOr<TerritoryGrant> Create(mysql::Transaction& sql, const TerritoryGrant& grant) const;

  // Stores it over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const TerritoryGrant& grant) const;
};

}  // namespace tributary::partner
