#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "conflict-service/detection/detector.h"
#include "conflict-service/mass_balances/mass_balance.h"
#include "conflict-service/rules/diversion.h"

namespace tributary::conflict {

// A flow with what speaks for it.
struct JudgedFlow {
  Flow flow;
  SeenOutside outside;
};

// A balance as the facts show it now.
struct JudgedBalance {
  MassBalance balance;
  std::vector<JudgedFlow> flows;  // those of the balance, in its order
  DiversionPolicy policy;
};

// Brings the findings of kind DIVERSION into agreement with the balances that are kept, in the transaction that changes
// facts, balances or the policy: they are a function of these, in whatever order they come. Stateless and thread-safe.
class DiversionDetector {
 public:
  // Before facts are stored in another transaction than Detector::Apply's, which takes this lock itself.
  absl::Status Lock(mysql::Transaction& sql) const;
  // Stores what only this rule looks at and judges what depends on any of the facts. After Detector::Apply.
  absl::Status Apply(mysql::Transaction& sql, const FactBatch& facts, absl::Time now, events::Outbox& outbox) const;
  // After what these balances depend on has changed: looks at all that are kept of their goods.
  absl::Status Judge(mysql::Transaction& sql, const std::vector<BalanceKey>& keys, absl::Time now,
                     events::Outbox& outbox) const;

  // By the policy that holds, or by another one.
  absl::StatusOr<JudgedBalance> Look(mysql::Transaction& sql, const BalanceKey& key,
                                     const std::optional<DiversionPolicy>& by = {}) const;
  // What the rule concludes of them.
  absl::StatusOr<std::vector<Conclusion>> Conclude(mysql::Transaction& sql, const std::vector<BalanceKey>& keys,
                                                   const std::optional<DiversionPolicy>& by = {}) const;
};

}  // namespace tributary::conflict
