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
#include "common/mysql/database.h"
#include "common/paging/page.h"
#include "common/time/date.h"
#include "partner-service/leads/lead_fit.h"
#include "partner-service/leads/routing.h"
#include "partner-service/leads/routing_policy.h"

namespace tributary::partner {

// What is due under one policy. The turns of the partners that took part in the last decisions are kept together, so
// that a decision reads and writes them at once; those of others have a row each.
using TurnsByPartner = absl::flat_hash_map<std::string, int64_t>;
struct RoutingTurns {
  TurnsByPartner due;
  bool more = false;  // others have rows of their own; else nothing is due to those that are not in `due`
};

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
  // The turns due under a policy, those that are kept together.
  absl::StatusOr<RoutingTurns> Turns(mysql::Transaction& sql, std::string_view policy_id) const;
  // Adds those of these partners that are not there yet.
  absl::Status LookUpTurns(mysql::Transaction& sql, std::string_view policy_id,
                           const std::vector<NearbyPartner>& partners, RoutingTurns* turns) const;
  // Stores them, as the decision among these candidates left them. Where they are more than `most_together`, those of
  // others than the candidates get rows of their own.
  absl::Status SetTurns(mysql::Transaction& sql, std::string_view policy_id,
                        const std::vector<RoutingCandidate>& candidates, RoutingTurns* turns,
                        size_t most_together = 20'000) const;

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
