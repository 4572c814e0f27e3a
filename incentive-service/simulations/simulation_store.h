#pragma once

// Simulations in the database. Each call works in the caller's transaction.

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/simulations/simulation.h"

namespace tributary::incentive {

class SimulationStore {
 public:
  // ALREADY_EXISTS where the id is taken.
  absl::Status Insert(mysql::Transaction& sql, const Simulation& simulation) const;
  // NOT_FOUND. Those that are read are without their partners' results.
  absl::StatusOr<Simulation> Get(mysql::Transaction& sql, std::string_view id) const;
  // By id, after `after`.
  static const std::vector<FilterField>& FilterFields();  // create_time
  absl::StatusOr<std::vector<Simulation>> List(mysql::Transaction& sql, std::string_view after,
                                               const SqlPredicate& where, int limit) const;

  // What it pays each partner, by id, after `after`.
  static const std::vector<FilterField>& PartnerFields();  // partner, outcome
  absl::StatusOr<std::vector<PartnerResult>> ListPartners(mysql::Transaction& sql, std::string_view simulation,
                                                          std::string_view after, const SqlPredicate& where,
                                                          int limit) const;
};

}  // namespace tributary::incentive
