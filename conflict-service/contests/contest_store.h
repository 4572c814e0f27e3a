#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "conflict-service/contests/contest.h"
#include "conflict-service/contests/evidence.h"
#include "conflict-service/contests/policy.h"

namespace tributary::conflict {

// Stateless and thread-safe, as all stores. Changes of policies and contests are made under the lock of the deals.
class PolicyStore {
 public:
  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const Policy& policy) const;
  // NOT_FOUND.
  absl::StatusOr<Policy> Get(mysql::Transaction& sql, std::string_view name) const;
  absl::Status Update(mysql::Transaction& sql, const Policy& policy) const;
  absl::StatusOr<std::optional<Policy>> Active(mysql::Transaction& sql) const;
  // By name, those after `after`.
  absl::StatusOr<std::vector<Policy>> List(mysql::Transaction& sql, std::string_view after, int limit) const;
};

class EvidenceStore {
 public:
  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const Evidence& evidence) const;
  // NOT_FOUND.
  absl::StatusOr<Evidence> Get(mysql::Transaction& sql, std::string_view deal, std::string_view name) const;
  absl::Status Update(mysql::Transaction& sql, const Evidence& evidence) const;
  // Of one deal, by name, those after `after`.
  absl::StatusOr<std::vector<Evidence>> List(mysql::Transaction& sql, std::string_view deal, std::string_view after,
                                             int limit) const;
};

class ContestStore {
 public:
  absl::Status Create(mysql::Transaction& sql, const Contest& contest) const;
  // NOT_FOUND.
  absl::StatusOr<Contest> Get(mysql::Transaction& sql, std::string_view name) const;
  absl::Status Update(mysql::Transaction& sql, const Contest& contest) const;
  // By name, those after `after`.
  absl::StatusOr<std::vector<Contest>> List(mysql::Transaction& sql, const SqlPredicate& filter, std::string_view after,
                                            int limit) const;
  // What lists may be filtered by.
  static const std::vector<FilterField>& Fields();

  absl::Status AddDecision(mysql::Transaction& sql, const ContestDecision& decision) const;
  // NOT_FOUND.
  absl::StatusOr<ContestDecision> GetDecision(mysql::Transaction& sql, std::string_view contest, int64_t number) const;
  // Those with numbers below `before`, the last first.
  absl::StatusOr<std::vector<ContestDecision>> Decisions(mysql::Transaction& sql, std::string_view contest,
                                                         int64_t before, int limit) const;

  // The contest that decided a deal since it was handed in, and whether the deal's appeal is to decide it again.
  struct DecidedIn {
    std::string contest;
    bool appealed = false;
  };
  absl::Status SetDecidedIn(mysql::Transaction& sql, std::string_view deal, const DecidedIn& decided) const;
  absl::Status ClearDecidedIn(mysql::Transaction& sql, std::string_view deal) const;
  absl::StatusOr<std::optional<DecidedIn>> GetDecidedIn(mysql::Transaction& sql, std::string_view deal) const;
  // The deals of which that is the contest.
  absl::StatusOr<std::set<std::string>> DecidedDeals(mysql::Transaction& sql, std::string_view contest) const;
};

}  // namespace tributary::conflict
