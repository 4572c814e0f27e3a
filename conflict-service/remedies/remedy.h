#pragma once

// Remedies: what a confirmed case comes to, as a saga of steps that other services carry out. Where a remedy and its
// steps are is a function of the set of answers, in whatever order they come, doubled or late. Values and decisions.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/money/money.h"
#include "common/time/date.h"
#include "conflict-service/cases/case.h"

namespace tributary::conflict {

// All numbers are stored, and those of the wire.
enum class RemedyState { kRunning = 1, kApplied = 2, kCompensated = 3 };
inline constexpr RemedyState kAllRemedyStates[] = {RemedyState::kRunning, RemedyState::kApplied,
                                                   RemedyState::kCompensated};
std::string_view NameOf(RemedyState state);

enum class StepState {
  kWaiting = 1,
  kOrdered = 2,
  kApplied = 3,
  kRefused = 4,
  kCompensating = 5,
  kCompensated = 6,
  kSkipped = 7
};
std::string_view NameOf(StepState state);

enum class RemedyKind {
  kUnspecified = 0,
  kClawback = 1,
  kPenalty = 2,
  kSplitCredit = 3,
  kWarning = 4,
  kReassignTerritory = 5,
  kClarifyRoles = 6,
  kPriceAction = 7
};
std::string_view NameOf(RemedyKind kind);
// Carried out by this service itself (remedies/own_steps.h).
bool IsOwn(RemedyKind kind);

// What a REASSIGN_TERRITORY does.
struct Reassignment {
  std::string territory_grant;  // partners/{partner}/territoryGrants/{territory_grant} that is taken
  std::string recipient;        // partners/{partner} that it is given to, or empty
  Date effective_from;
};

// What became of a PRICE_ACTION once it was due.
enum class FollowUp { kPending = 1, kKept = 2, kBroken = 3 };

// What a PRICE_ACTION asks of the partner.
struct PriceAction {
  std::string price_rule;  // priceRules/{price_rule} that its prices are to keep
  Date due_on;             // from this day on
  FollowUp follow_up = FollowUp::kPending;
  std::string observation;  // priceObservations/{price_observation} that decided it; empty while pending
};

struct RemedyStep {
  StepState state = StepState::kWaiting;
  RemedyKind kind = RemedyKind::kUnspecified;
  std::string partner;           // partners/{partner}
  std::string currency;          // empty of what is no money
  int64_t amount = 0;            // minor units: what the partner is to have, below 0 what it owes
  std::optional<Decimal> units;  // that the amount rests on
  std::string program;           // programs/{program}, or empty
  std::string reason;
  std::optional<Reassignment> territory;  // of a REASSIGN_TERRITORY
  std::string role;                       // of a CLARIFY_ROLES: what is the partner's to do, as it is told
  std::optional<PriceAction> price;       // of a PRICE_ACTION
  // The answers, and what came with them.
  bool applied = false;
  bool refused = false;
  bool compensated = false;
  std::string result;
  std::string compensation;
  std::string note;
};

struct Remedy {
  std::string case_id;
  int64_t number = 0;  // within the case, from 1
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  RemedyState state = RemedyState::kRunning;
  std::string principal;
  std::vector<RemedyStep> steps;  // the first has order 1
  std::string name() const;       // cases/{case_id}/remedies/{number}
};

struct RemedyShare {
  std::string partner;
  Decimal weight;
};
struct RemedyRole {
  std::string partner;
  std::string role;
};
// What is asked for: one step, or one for each share or role.
struct RemedyMeasure {
  RemedyKind kind = RemedyKind::kUnspecified;
  std::string partner;  // empty of a SPLIT_CREDIT and of CLARIFY_ROLES
  std::optional<Money> amount;
  std::vector<RemedyShare> shares;
  std::optional<Decimal> units;
  std::string program;
  std::string reason;
  std::string territory_grant;  // of a REASSIGN_TERRITORY, and so below
  std::string recipient;
  std::optional<Date> effective_from;
  std::vector<RemedyRole> roles;  // of a CLARIFY_ROLES
  std::string price_rule;         // of a PRICE_ACTION, and so below
  std::optional<Date> due_on;
};

// STATE_CONFLICT unless the case is RESOLVED as CONFIRMED.
absl::Status CheckRemediable(const Case& one);

// The units that CLAWBACKs of each partner (partners/{partner}) rest on, of all these remedies but COMPENSATED ones.
std::map<std::string, Decimal> UnitsClawedBack(const std::vector<Remedy>& remedies);

// The steps of the measures, the first ORDERED. `most_units` is the lower bound of the mass balance that the case rests
// on, where it rests on one: no amount rests on more, nor do all CLAWBACKs of a partner together with those of earlier
// remedies (`clawed_back`), and that of a CLAWBACK rests on what is left of this where it does not say so.
// INVALID_FIELD, all that is wrong, below "measures[i]".
absl::StatusOr<std::vector<RemedyStep>> Plan(const std::vector<RemedyMeasure>& measures,
                                             const std::vector<std::string>& parties,
                                             const std::optional<Decimal>& most_units,
                                             std::map<std::string, Decimal> clawed_back = {});

// The numbers are those of the wire.
enum class RemedyReply { kApplied = 1, kRefused = 2, kCompensated = 3 };
struct RemedyAnswer {
  int order = 0;
  RemedyReply reply = RemedyReply::kApplied;
  std::string result;
  std::string note;
};
// The remedy with an answer more; none where the answer is known already, or there is no such step.
std::optional<Remedy> Take(Remedy remedy, const RemedyAnswer& answer, absl::Time now);

// Brings all states into agreement with the answers. While none is refused, steps are ordered one after the other; once
// one is, those that were applied are compensated one after the other, the last one first.
void Derive(Remedy* remedy);

}  // namespace tributary::conflict
