#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "conflict-service/detection/detector.h"
#include "conflict-service/facts/unit_store.h"
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
  std::vector<JudgedFlow> flows;     // those of the balance, in its order
  std::vector<UnitFlow> unit_flows;  // those that units alone show, by partner and territory
  DiversionPolicy policy;
};

// What is to be judged anew.
struct Affected {
  std::set<std::string> products;  // of whose balances
  MonthsSeen months;               // in which units were seen
};

// Brings the findings of kind DIVERSION into agreement with the balances that were asked for and, of each calendar
// month, with the units that were seen outside, in the transaction that changes facts, balances or the policy: they are
// a function of these, in whatever order they come. A unit that the finding of a flow tells of counts in no finding by
// units alone whose period meets it, and one that is told of a lot in none of all lots. Stateless and thread-safe.
class DiversionDetector {
 public:
  // Before facts are stored in another transaction than Detector::Apply's, which takes this lock itself.
  absl::Status Lock(mysql::Transaction& sql) const;
  // Stores what only this rule looks at and judges what depends on any of the facts. After Detector::Apply.
  absl::Status Apply(mysql::Transaction& sql, const FactBatch& facts, absl::Time now, events::Outbox& outbox) const;
  absl::Status Judge(mysql::Transaction& sql, const Affected& affected, absl::Time now, events::Outbox& outbox) const;
  absl::Status JudgeAll(mysql::Transaction& sql, absl::Time now, events::Outbox& outbox) const;

  // By the policy that holds. One that nobody asked for is judged by units alone.
  absl::StatusOr<JudgedBalance> Look(mysql::Transaction& sql, const BalanceKey& key, bool asked = true) const;
  // What the rule concludes of all that there is, by another policy.
  absl::StatusOr<std::vector<Conclusion>> ConcludeAll(mysql::Transaction& sql, const DiversionPolicy& by) const;
};

}  // namespace tributary::conflict
