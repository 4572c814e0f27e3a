#pragma once

// Opening balances in the database. Each call works in the caller's transaction.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/opening_balances/opening_balance.h"

namespace tributary::incentive {

class OpeningBalanceStore {
 public:
  // ALREADY_EXISTS where the id is taken.
  absl::Status Insert(mysql::Transaction& sql, const OpeningBalance& balance) const;
  // Of one read by GetForUpdate: what was decided of it.
  absl::Status Update(mysql::Transaction& sql, const OpeningBalance& balance) const;
  // NOT_FOUND.
  absl::StatusOr<OpeningBalance> GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                              std::string_view id) const;
  absl::StatusOr<OpeningBalance> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  // By (partner, id), after (after_partner, after_id); of one partner or of all.
  static const std::vector<FilterField>& FilterFields();  // date, currency, document, state
  absl::StatusOr<std::vector<OpeningBalance>> List(mysql::Transaction& sql, const std::optional<std::string>& partner,
                                                   std::string_view after_partner, std::string_view after_id,
                                                   const SqlPredicate& where, int limit) const;
};

}  // namespace tributary::incentive
