#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/call.h"
#include "conflict-service/contests/appeal.h"
#include "conflict-service/contests/contest_store.h"
#include "conflict-service/deals/registrar.h"

namespace tributary::conflict {

// Decides contests: their awards, and what accepted appeals make of them. Each decision is stored with all that it was
// made by, and what was granted moves in the same transaction. Each step is to be made under Registrar::Lock.
class Adjudicator {
 public:
  struct Parts {
    const ContestStore& contests;
    const PolicyStore& policies;
    const EvidenceStore& evidence;
    const DealStore& deals;
    Registrar& registrar;
  };
  explicit Adjudicator(const Parts& parts) : parts_(parts) {}

  // Of a contest that may be awarded (CheckMayAward).
  absl::StatusOr<Contest> Award(rpc::Unit& unit, const Contest& open, std::string_view awarded_by, absl::Time now);

  // A deal is handed in: what a contest once made of it is past.
  absl::Status HandedIn(mysql::Transaction& sql, const Deal& deal) const;
  // A deal is appealed; where a contest decided it, whether that is in time to decide the contest again.
  absl::Status Appealed(mysql::Transaction& sql, const Deal& deal, absl::Time now) const;
  // The appeal of a deal is accepted: where it came in time for its contest, that is decided again and the others of it
  // are stored and told; answers what the deal itself has by it. nullopt: no contest is decided again.
  absl::StatusOr<std::optional<Share>> AcceptAppeal(rpc::Unit& unit, const Deal& appellant,
                                                    std::string_view accepted_by, absl::Time now);

 private:
  // WholeOf the decisions of an awarded contest.
  absl::StatusOr<ContestInputs> Whole(mysql::Transaction& sql, const std::string& contest) const;
  // The deals of an awarded contest that still have their part in it, by sequence.
  absl::StatusOr<std::vector<Deal>> StillIn(mysql::Transaction& sql, const std::string& contest,
                                            const ContestInputs& whole) const;
  absl::StatusOr<std::vector<ContestantNow>> AsTheyStand(mysql::Transaction& sql, const ContestInputs& whole,
                                                         const std::vector<Deal>& members, int64_t sequence,
                                                         Places* places) const;
  absl::StatusOr<ContestInputs> Inputs(mysql::Transaction& sql, const Contest& contest,
                                       const std::vector<Deal>& members) const;
  // Verified evidence of a deal that was brought before `before`, by name.
  absl::StatusOr<std::vector<Proof>> Proofs(mysql::Transaction& sql, const Deal& deal,
                                            std::optional<Date> before) const;
  // Stores a decision as the contest's last one.
  absl::StatusOr<Contest> Decided(rpc::Unit& unit, const Contest& before, const ContestInputs& inputs,
                                  const std::vector<Placing>& award, std::string_view decided_by, std::string_view verb,
                                  absl::Time now);

  const Parts parts_;
};

}  // namespace tributary::conflict
