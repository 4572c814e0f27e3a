#pragma once

// Gathers what routing reads, in the caller's transaction.

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "partner-service/leads/lead_store.h"
#include "partner-service/leads/routing_store.h"
#include "partner-service/regions/region_store.h"

namespace tributary::partner {

// What moves from decision to decision, by partner.
struct RoutingBook {
  RoutingTurns turns;
  absl::flat_hash_map<std::string, int> open_offers;

  // As the decision leaves it.
  void Apply(const RoutingInputs& inputs, const Routed& routed);
};

class LeadRouter {
 public:
  // Partners that a lead is compared with, at most; more are refused (INVALID_FIELD region).
  static constexpr int kMostCandidates = 10'000;

  absl::StatusOr<RoutingBook> ReadBook(mysql::Transaction& sql, const RoutingPolicy& policy, absl::Time now) const;
  // All that Route takes, by partner id. A lead without an id has no earlier offers. `book` learns what is due to the
  // candidates where it does not know it yet.
  absl::StatusOr<RoutingInputs> ReadInputs(mysql::Transaction& sql, const RoutingPolicy& policy, const Lead& lead,
                                           absl::Time now, RoutingBook* book) const;

 private:
  LeadOfferStore offers_;
  RoutingStore routing_;
  RegionStore regions_;
};

}  // namespace tributary::partner
