#pragma once

// Sanctions in the database; the only SQL about them. Each call works in the caller's transaction, which has locked the
// partner where it changes anything.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/sanctions/sanction.h"

namespace tributary::partner {

class SanctionStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<Sanction> Get(mysql::Transaction& sql, std::string_view partner_id, std::string_view id) const;
  // The same, locked until the transaction ends.
  absl::StatusOr<Sanction> GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                        std::string_view id) const;
  // A page of one partner's, or of all partners' where `partner_id` is empty, by partner and id.
  absl::StatusOr<std::vector<Sanction>> List(mysql::Transaction& sql, std::string_view partner_id,
                                             const Page& page) const;
  // Every sanction of a partner that lasts, by id.
  absl::StatusOr<std::vector<Sanction>> Lasting(mysql::Transaction& sql, std::string_view partner_id) const;

  // Those that a day changes, the longest due first: partner's id and own.
  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> Due(mysql::Transaction& sql, absl::Time now,
                                                                       int limit) const;

  // A new one, which is looked at next at `due`. ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const Sanction& sanction, std::optional<absl::Time> due) const;
  // Stores it over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const Sanction& sanction, std::optional<absl::Time> due) const;
};

}  // namespace tributary::partner
