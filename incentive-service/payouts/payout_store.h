#pragma once

// Payouts in the database. Each call works in the caller's transaction. Whoever is to change one has its wallet for
// update.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/payouts/payout.h"

namespace tributary::incentive {

class PayoutStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<Payout> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  absl::StatusOr<Payout> GetForUpdate(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  // By (partner, id), after those given; of one partner or of all.
  static const std::vector<FilterField>& FilterFields();  // state, currency, bank_account, create_time
  absl::StatusOr<std::vector<Payout>> List(mysql::Transaction& sql, const std::optional<std::string>& partner,
                                           std::string_view after_partner, std::string_view after_id,
                                           const SqlPredicate& where, int limit) const;
  // ALREADY_EXISTS where the id is taken.
  absl::Status Insert(mysql::Transaction& sql, const Payout& payout) const;
  // Stores what was decided of one read for update, and enters what it moves.
  absl::Status Update(mysql::Transaction& sql, const Payout& before, const Payout& after) const;
};

}  // namespace tributary::incentive
