#pragma once

// Statements in the database. Each call works in the caller's transaction.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/statements/statement.h"

namespace tributary::incentive {

class StatementStore {
 public:
  // Numbers and stores them with their lines. The caller holds the lock of the program set, so that numbers have no
  // gaps.
  absl::Status Insert(mysql::Transaction& sql, StatedPeriod* stated) const;

  // NOT_FOUND.
  absl::StatusOr<Statement> Get(mysql::Transaction& sql, const StatementKey& key) const;

  // By (partner, number), after `after`; of one partner or of all.
  static const std::vector<FilterField>& FilterFields();  // program, period, state
  absl::StatusOr<std::vector<Statement>> List(mysql::Transaction& sql, const std::optional<std::string>& partner,
                                              const StatementKey& after, const SqlPredicate& where, int limit) const;

  // By ordinal, after `after`.
  absl::StatusOr<std::vector<StatementLine>> ListLines(mysql::Transaction& sql, const StatementKey& statement,
                                                       int64_t after, int limit) const;
};

}  // namespace tributary::incentive
