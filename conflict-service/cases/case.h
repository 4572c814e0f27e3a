#pragma once

// Cases: findings that people settle. One finding makes one case, whose id is the finding's. While nobody has triaged
// it, a case is a function of its finding; from triage on it keeps its evidence and moves by decisions alone, except
// that a finding that comes back reopens what was decided.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "conflict-service/findings/finding.h"

namespace tributary::conflict {

// In the order of the wire's numbers.
enum class CaseState { kOpen = 1, kTriaged = 2, kInMediation = 3, kResolved = 4, kClosed = 5, kReopened = 6 };
inline constexpr CaseState kAllCaseStates[] = {CaseState::kOpen,     CaseState::kTriaged, CaseState::kInMediation,
                                               CaseState::kResolved, CaseState::kClosed,  CaseState::kReopened};
std::string_view NameOf(CaseState state);

enum class Cause { kBenefit = 1, kRole = 2, kCompetition = 3 };
std::string_view NameOf(Cause cause);

enum class Outcome { kNone = 0, kConfirmed = 1, kUnfounded = 2, kExplained = 3 };
std::string_view NameOf(Outcome outcome);

// What a kind is about, and how much it hurts, until triage says otherwise.
Cause CauseOf(FindingKind kind);
Severity SeverityOf(FindingKind kind);

// Whom cases are escalated to; the numbers of tributary.api.v1.Role.
enum class StaffRole { kNone = 0, kChannelManager = 2, kFinance = 3, kAdministrator = 4 };
inline constexpr StaffRole kAllStaffRoles[] = {StaffRole::kChannelManager, StaffRole::kFinance,
                                               StaffRole::kAdministrator};
std::string_view NameOf(StaffRole role);

struct CaseDeadlines;  // case_deadlines.h

struct Case {
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  CaseState state = CaseState::kOpen;
  FindingKind kind = FindingKind::kExclusiveOverlap;
  Cause cause = Cause::kBenefit;
  Severity severity = Severity::kLow;
  bool finding_withdrawn = false;
  std::string rule_version;
  std::vector<std::string> subjects;  // sorted
  std::string evidence;               // the finding's explanation
  std::string evidence_sha256;
  std::optional<Date> occurred_on;
  std::optional<absl::Time> due_time;  // of the next step; unset of a closed case
  Outcome outcome = Outcome::kNone;
  std::string resolution;
  std::optional<absl::Time> resolve_time;
  std::optional<absl::Time> close_time;
  int32_t escalation = 0;                    // how often the step has been due; 0: in time
  std::optional<absl::Time> escalate_after;  // when it will be due the next time; unset of a closed case
  std::optional<absl::Time> escalate_time;   // when it was the last time
  StaffRole escalated_to = StaffRole::kNone;
  std::string name() const;                  // cases/{id}
  std::vector<std::string> parties() const;  // partners/{partner}, sorted
};

// A step that was due and that nobody made.
struct CaseEscalation {
  int32_t level = 0;         // Case::escalation from then on
  absl::Time escalate_time;  // when it was due, whenever that is looked at
  CaseState state = CaseState::kOpen;
  StaffRole role = StaffRole::kNone;
  friend bool operator==(const CaseEscalation&, const CaseEscalation&) = default;
};
// All that are due by now, which the case tells of from then on; none where it is in time.
std::vector<CaseEscalation> Escalate(Case* one, const CaseDeadlines& deadlines, absl::Time now);

// What a step of a finding (finding.h) does to its case, of which there may be none yet. nullopt: nothing. `verb` is
// the event's: "opened", "changed", "explained", "withdrawn", "reopened", "seen_again". While a remedy of the case
// runs, a finding that comes back does not reopen it, as nobody may by hand: what it rests on is there again, and
// somebody has yet to close it.
struct CaseChange {
  std::string_view verb;
  Case after;
  bool evidence_changed = false;  // the parties' facts are to be stored anew
};
std::optional<CaseChange> Follow(const std::optional<Case>& stored, const FindingChange& change,
                                 const CaseDeadlines& deadlines, absl::Time now, bool remedy_runs = false);

// The verbs. STATE_CONFLICT where the case is not in a state that they move from.
// Each begins a step with time of its own, but for mediation, which takes no more time than the case has.
absl::StatusOr<Case> Triage(Case one, std::optional<Cause> cause, std::optional<Severity> severity,
                            const CaseDeadlines& deadlines, absl::Time now);
absl::StatusOr<Case> Mediate(Case one, absl::Time now);
absl::StatusOr<Case> Resolve(Case one, Outcome outcome, std::string resolution, const CaseDeadlines& deadlines,
                             absl::Time now);
absl::StatusOr<Case> Close(Case one, absl::Time now);
absl::StatusOr<Case> Reopen(Case one, std::string reason, const CaseDeadlines& deadlines, absl::Time now);

// What a party is shown: its own number, its own part.
struct PartyView {
  int64_t number = 0;
  absl::Time create_time;  // when it was first shown
  PartyFacts facts;
};

// A word about a case.
struct CaseMessage {
  int64_t number = 0;
  absl::Time create_time;
  std::string party;  // partners/{partner} that wrote it or that it is for; empty: among the staff
  bool from_party = false;
  std::string text;
};

}  // namespace tributary::conflict
