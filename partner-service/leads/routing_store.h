#pragma once

// Routing policies, turns and decisions in the database, and what routing reads of partners and grants; the only SQL
// about them. Each call works in the caller's transaction.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "common/paging/page.h"
#include "common/time/date.h"
#include "partner-service/leads/lead_fit.h"
#include "partner-service/leads/routing.h"
#include "partner-service/leads/routing_policy.h"

namespace tributary::partner {

// A decision as it is kept.
struct RoutingDecision {
  std::string lead_id;
  int id = 0;  // the decisions of a lead count from 1
  absl::Time create_time;
  std::string policy_id;
  std::string partner_id;  // who was chosen; may be empty
  int candidate_count = 0;
  std::string inputs;  // bytes of v1.RoutingInputs
  std::string inputs_sha256;
  std::string ranking;  // bytes of v1.RoutingDecision that hold its ranking

  std::string name() const;  // leads/{lead_id}/decisions/{id}
};

class RoutingStore {
 public:
  // NOT_FOUND where there is none.
  absl::StatusOr<RoutingPolicy> GetPolicy(mysql::Transaction& sql, std::string_view id) const;
  absl::StatusOr<std::vector<RoutingPolicy>> ListPolicies(mysql::Transaction& sql, const Page& page) const;
  // ALREADY_EXISTS.
  absl::Status CreatePolicy(mysql::Transaction& sql, const RoutingPolicy& policy) const;

  // One decision at a time, over all policies, since a partner's open offers count over all of them: locks every
  // policy. A transaction does so before it locks a lead.
  absl::Status LockTurns(mysql::Transaction& sql) const;
  // The turns due under a policy, by partner; where there is none, none is due.
  absl::StatusOr<absl::flat_hash_map<std::string, int64_t>> Turns(mysql::Transaction& sql,
                                                                  std::string_view policy_id) const;
  absl::Status SetTurns(mysql::Transaction& sql, std::string_view policy_id,
                        const std::vector<RoutingCandidate>& candidates, absl::Span<const TurnsOf> turns) const;

  // Partners, not TERMINATED, that are at home in one of these regions or have a grant there in force on that day, by
  // id, each with those grants. INVALID_FIELD region where there are more than `limit`.
  absl::StatusOr<std::vector<NearbyPartner>> Nearby(mysql::Transaction& sql, const std::vector<std::string>& regions,
                                                    Date day, int limit) const;

  absl::Status AddDecision(mysql::Transaction& sql, const RoutingDecision& decision) const;
  // NOT_FOUND where there is none.
  absl::StatusOr<RoutingDecision> GetDecision(mysql::Transaction& sql, std::string_view lead_id, int id) const;
  // Of a lead, those after `after`, without inputs and ranking.
  absl::StatusOr<std::vector<RoutingDecision>> ListDecisions(mysql::Transaction& sql, std::string_view lead_id,
                                                             int after, int limit) const;
};

}  // namespace tributary::partner
