#pragma once

// Relationships in the database; the only SQL about them. Each call works in the caller's transaction, which has locked
// the partner where it changes anything.

#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/relationships/relationship.h"

namespace tributary::partner {

class RelationshipStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<Relationship> Get(mysql::Transaction& sql, std::string_view partner_id, std::string_view id) const;

  // A page of one partner's, or of all partners' where `partner_id` is empty, by partner and id; with `day`, those that
  // hold on it.
  absl::StatusOr<std::vector<Relationship>> List(mysql::Transaction& sql, std::string_view partner_id,
                                                 const std::optional<Date>& day, const Page& page) const;

  // Every one of a partner, and every one with it as the other partner, locked.
  absl::StatusOr<std::vector<Relationship>> OfPartner(mysql::Transaction& sql, std::string_view partner_id) const;
  absl::StatusOr<std::vector<Relationship>> WithOther(mysql::Transaction& sql, std::string_view other_id) const;

  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const Relationship& relationship) const;

  // Stores its days over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const Relationship& relationship) const;

  absl::Status Delete(mysql::Transaction& sql, const Relationship& relationship) const;
};

}  // namespace tributary::partner
