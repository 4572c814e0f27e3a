#pragma once

// Disputes in the database. Each call works in the caller's transaction. Who changes one has read its statement for
// update, and so has all disputes about it.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/disputes/dispute.h"

namespace tributary::incentive {

struct DisputeKey {
  StatementKey statement;
  std::string dispute;
};

class DisputeStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<Dispute> Get(mysql::Transaction& sql, const DisputeKey& key) const;
  // By (partner, statement, id), after `after`; of one partner or of all, of one statement or of all.
  static const std::vector<FilterField>& FilterFields();  // state, create_time
  absl::StatusOr<std::vector<Dispute>> List(mysql::Transaction& sql, const std::optional<std::string>& partner,
                                            std::optional<int64_t> statement, const DisputeKey& after,
                                            const SqlPredicate& where, int limit) const;
  // ALREADY_EXISTS where the id is taken.
  absl::Status Insert(mysql::Transaction& sql, const Dispute& dispute) const;
  // What was resolved.
  absl::Status Update(mysql::Transaction& sql, const Dispute& dispute) const;

  // Ordinals of a statement's items in disputes that are open.
  absl::StatusOr<std::set<int>> Disputed(mysql::Transaction& sql, const StatementKey& statement) const;
  // How many disputes about a statement are open.
  absl::StatusOr<int64_t> CountOpen(mysql::Transaction& sql, const StatementKey& statement) const;
};

}  // namespace tributary::incentive
