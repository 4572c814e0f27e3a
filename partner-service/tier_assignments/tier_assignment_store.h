#pragma once

// Tier assignments in the database; the only SQL about them. Each call works in the caller's transaction, which has
// locked the partner where it changes anything.

#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/tier_assignments/tier_assignment.h"

namespace tributary::partner {

class TierAssignmentStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<TierAssignment> Get(mysql::Transaction& sql, std::string_view partner_id, std::string_view id) const;

  // A page of one partner's, or of all partners' where `partner_id` is empty, by partner and id.
  absl::StatusOr<std::vector<TierAssignment>> List(mysql::Transaction& sql, std::string_view partner_id,
                                                   const Page& page) const;

  // The one that holds.
  absl::StatusOr<std::optional<TierAssignment>> Current(mysql::Transaction& sql, std::string_view partner_id,
                                                        std::string_view program_id) const;

  // The levels that the partner holds, by program.
  absl::StatusOr<std::vector<TierAssignment>> Held(mysql::Transaction& sql, std::string_view partner_id) const;

  // The one that held on the day.
  absl::StatusOr<std::optional<TierAssignment>> HeldOn(mysql::Transaction& sql, std::string_view partner_id,
                                                       std::string_view program_id, Date day) const;

  absl::Status Create(mysql::Transaction& sql, const TierAssignment& assignment) const;

  // Stores its end and its notice over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const TierAssignment& assignment) const;
};

}  // namespace tributary::partner
