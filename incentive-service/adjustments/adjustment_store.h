#pragma once

// Adjustments and the limits of who approves them in the database. Each call works in the caller's transaction.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/adjustments/adjustment.h"
#include "incentive-service/statements/statement.h"

namespace tributary::incentive {

class AdjustmentStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<Adjustment> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  absl::StatusOr<Adjustment> GetForUpdate(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  // By (partner, id), after those given; of one partner or of all.
  static const std::vector<FilterField>& FilterFields();  // state, program, document, statement, remedy,
                                                          // price_change, create_time
  absl::StatusOr<std::vector<Adjustment>> List(mysql::Transaction& sql, const std::optional<std::string>& partner,
                                               std::string_view after_partner, std::string_view after_id,
                                               const SqlPredicate& where, int limit) const;
  // Those that a step of a remedy asked for, and that took such back; also those of the remedy's name without a uid.
  absl::StatusOr<std::vector<Adjustment>> OfStep(mysql::Transaction& sql, std::string_view remedy,
                                                 std::string_view remedy_uid, int step) const;
  // What adjustments of the partner's that were not rejected ask for a price change, in minor units.
  absl::StatusOr<int64_t> AskedFor(mysql::Transaction& sql, std::string_view price_change,
                                   std::string_view partner) const;
  // ALREADY_EXISTS where the id is taken, or the step of the remedy has one already.
  absl::Status Insert(mysql::Transaction& sql, const Adjustment& adjustment) const;
  // What was decided of one read for update.
  absl::Status Update(mysql::Transaction& sql, const Adjustment& adjustment) const;

  // The partner's in a currency that are approved and in no statement, by (create_time, id); locked. Without ordinals.
  absl::StatusOr<std::vector<StatementAdjustment>> Waiting(mysql::Transaction& sql, std::string_view partner,
                                                           std::string_view currency) const;
  // Notes that a statement has taken its adjustments up.
  absl::Status MarkTaken(mysql::Transaction& sql, const Statement& statement, absl::Time now) const;

  // NOT_FOUND.
  absl::StatusOr<AdjustmentLimit> GetLimit(mysql::Transaction& sql, std::string_view currency) const;
  // The same, and nobody else changes it until this transaction ends.
  absl::StatusOr<AdjustmentLimit> GetLimitForUpdate(mysql::Transaction& sql, std::string_view currency) const;
  // Sets it, as its next version; reads the version back.
  absl::Status PutLimit(mysql::Transaction& sql, AdjustmentLimit* limit) const;
};

}  // namespace tributary::incentive
