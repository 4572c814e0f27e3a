#pragma once

// Relationships in the database; the only SQL about them. Each call works in the caller's transaction, which has locked
// the partner where it changes anything.

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/relationships/relationship.h"
#include "partner-service/rows/as_of.h"

namespace tributary::partner {

class RelationshipStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // As of a day (where it held on it) and a moment. NOT_FOUND where there is none.
  absl::StatusOr<Relationship> Get(mysql::Transaction& sql, std::string_view partner_id, std::string_view id,
                                   const AsOf& as_of = {}) const;

  // A page of one partner's, or of all partners' where `partner_id` is empty, by partner and id.
  absl::StatusOr<std::vector<Relationship>> List(mysql::Transaction& sql, std::string_view partner_id, const Page& page,
                                                 const AsOf& as_of = {}) const;

  // Every one of a partner, and every one with it as the other partner, locked.
  absl::StatusOr<std::vector<Relationship>> OfPartner(mysql::Transaction& sql, std::string_view partner_id) const;
  absl::StatusOr<std::vector<Relationship>> WithOther(mysql::Transaction& sql, std::string_view other_id) const;

  // Stores a new one. Its id may be that of a deleted one, whose versions and times it goes on from: so it answers the
  // relationship as it has it. ALREADY_EXISTS.
  absl::StatusOr<Relationship> Create(mysql::Transaction& sql, const Relationship& relationship) const;

  // Stores its days over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const Relationship& relationship) const;

  // From `now` on, or from a moment after its last change, it is not known any more.
  absl::Status Delete(mysql::Transaction& sql, const Relationship& relationship, absl::Time now) const;
};

}  // namespace tributary::partner
