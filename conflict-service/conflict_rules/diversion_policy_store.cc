#include "conflict-service/conflict_rules/diversion_policy_store.h"

#include <limits>

#include "common/status/status.h"

namespace tributary::conflict {

absl::StatusOr<DiversionPolicy> DiversionPolicyStore::Current(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const std::vector<DiversionPolicy> last, Versions(sql, std::numeric_limits<int64_t>::max(), 1));
  return last.front();
}

absl::StatusOr<std::vector<DiversionPolicy>> DiversionPolicyStore::Versions(mysql::Transaction& sql, int64_t before,
                                                                            int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT version, update_time, least_units, prior_decibans, balance_decibans, "
                             "outside_serial_decibans, threshold_decibans FROM diversion_policy WHERE version < ? "
                             "ORDER BY version DESC LIMIT ?",
                             {before, limit}));
  std::vector<DiversionPolicy> policies;
  for (const mysql::Row& row : rows) {
    policies.push_back({.version = row.Int(0),
                        .update_time = row.Instant(1),
                        .least_units = row.Dec(2),
                        .prior_decibans = static_cast<int32_t>(row.Int(3)),
                        .balance_decibans = static_cast<int32_t>(row.Int(4)),
                        .outside_serial_decibans = static_cast<int32_t>(row.Int(5)),
                        .threshold_decibans = static_cast<int32_t>(row.Int(6))});
  }
  if (before > 0 && policies.size() < static_cast<size_t>(limit)) policies.emplace_back();
  return policies;
}

absl::Status DiversionPolicyStore::Add(mysql::Transaction& sql, const DiversionPolicy& policy) const {
  return sql
      .Execute(
          "INSERT INTO diversion_policy (version, update_time, least_units, prior_decibans, balance_decibans, "
          "outside_serial_decibans, threshold_decibans) VALUES (?, ?, ?, ?, ?, ?, ?)",
          {policy.version, policy.update_time, policy.least_units, policy.prior_decibans, policy.balance_decibans,
           policy.outside_serial_decibans, policy.threshold_decibans})
      .status();
}

}  // namespace tributary::conflict
