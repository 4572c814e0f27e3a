#include "conflict-service/cases/case.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/cases/case_deadlines.h"

namespace tributary::conflict {
namespace {

void Enter(CaseState state, absl::Time now, Case* one) {
  one->state = state;
  one->update_time = now;
  ++one->version;
}

// Moves a case on; what is due next follows from where it is.
void MoveTo(CaseState state, absl::Duration time, absl::Time now, Case* one) {
  Enter(state, now, one);
  one->due_time = time == absl::ZeroDuration() ? std::nullopt : std::optional(now + time);
  one->escalation = 0;
  one->escalate_after = one->due_time;
  one->escalate_time.reset();
  one->escalated_to = StaffRole::kNone;
}
void MoveTo(CaseState state, const CaseDeadlines& deadlines, absl::Time now, Case* one) {
  MoveTo(state, deadlines.TimeFor(state, one->severity), now, one);
}

void TakeEvidence(const Conclusion& conclusion, Case* one) {
  one->severity = conclusion.severity.value_or(SeverityOf(conclusion.kind));
  one->rule_version = conclusion.rule_version;
  one->subjects = conclusion.subjects;
  one->evidence = conclusion.explanation;
  one->evidence_sha256 = EvidenceSha256(conclusion);
  one->occurred_on = conclusion.occurred_on;
}

void Undecide(Case* one) {
  one->outcome = Outcome::kNone;
  one->resolve_time.reset();
  one->close_time.reset();
}

Case NewCase(const Finding& finding, const CaseDeadlines& deadlines, absl::Time now) {
  const FindingKind kind = finding.conclusion.kind;
  Case one{.id = finding.id, .uid = Uuid::New(now), .create_time = now, .kind = kind, .cause = CauseOf(kind)};
  one.version = 0;
  TakeEvidence(finding.conclusion, &one);
  MoveTo(CaseState::kOpen, deadlines, now, &one);
  return one;
}

bool Decided(const Case& one) { return one.state == CaseState::kResolved || one.state == CaseState::kClosed; }

}  // namespace

std::string_view NameOf(CaseState state) {
  constexpr std::string_view kNames[] = {"OPEN", "TRIAGED", "IN_MEDIATION", "RESOLVED", "CLOSED", "REOPENED"};
  return kNames[static_cast<int>(state) - 1];
}

std::string_view NameOf(Cause cause) {
  constexpr std::string_view kNames[] = {"BENEFIT", "ROLE", "COMPETITION"};
  return kNames[static_cast<int>(cause) - 1];
}

std::string_view NameOf(Outcome outcome) {
  constexpr std::string_view kNames[] = {"OUTCOME_UNSPECIFIED", "CONFIRMED", "UNFOUNDED", "EXPLAINED"};
  return kNames[static_cast<int>(outcome)];
}

std::string_view NameOf(StaffRole role) {
  switch (role) {
    case StaffRole::kNone:
      break;
    case StaffRole::kChannelManager:
      return "CHANNEL_MANAGER";
    case StaffRole::kFinance:
      return "FINANCE";
    case StaffRole::kAdministrator:
      return "ADMINISTRATOR";
  }
  return "ROLE_UNSPECIFIED";
}

Cause CauseOf(FindingKind kind) {
  switch (kind) {
    case FindingKind::kDuplicateDeal:
    case FindingKind::kDuplicateSale:
      return Cause::kBenefit;
    case FindingKind::kExclusiveOverlap:
    case FindingKind::kOutOfTerritory:
    case FindingKind::kDirectVsPartner:
    case FindingKind::kProtectedDeal:
      return Cause::kRole;
    case FindingKind::kDiversion:
    case FindingKind::kBelowPrice:
    case FindingKind::kPriceWar:
      return Cause::kCompetition;
  }
  return Cause::kBenefit;
}

Severity SeverityOf(FindingKind kind) {
  switch (kind) {
    case FindingKind::kDiversion:
    case FindingKind::kDuplicateSale:
      return Severity::kHigh;
    case FindingKind::kExclusiveOverlap:
    case FindingKind::kDuplicateDeal:
    case FindingKind::kDirectVsPartner:
    case FindingKind::kBelowPrice:
    case FindingKind::kPriceWar:
    case FindingKind::kProtectedDeal:
      return Severity::kMedium;
    case FindingKind::kOutOfTerritory:
      return Severity::kLow;
  }
  return Severity::kLow;
}

std::string Case::name() const { return StrCat("cases/", id); }

std::vector<std::string> Case::parties() const { return PartiesOf(Conclusion{.subjects = subjects}); }

std::vector<CaseEscalation> Escalate(Case* one, const CaseDeadlines& deadlines, absl::Time now) {
  constexpr size_t kMost = 1000;  // at once
  std::vector<CaseEscalation> due;
  while (one->escalate_after && *one->escalate_after <= now && due.size() < kMost) {
    ++one->escalation;
    one->escalate_time = one->escalate_after;
    one->escalated_to = deadlines.RoleOf(one->escalation);
    due.push_back({one->escalation, *one->escalate_time, one->state, one->escalated_to});
    *one->escalate_after += deadlines.TimeFor(one->state, one->severity);
  }
  if (due.empty()) return due;
  one->update_time = now;
  ++one->version;
  return due;
}

std::optional<CaseChange> Follow(const std::optional<Case>& stored, const FindingChange& change,
                                 const CaseDeadlines& deadlines, absl::Time now, bool remedy_runs) {
  const bool shown = change.finding.state == FindingState::kOpen;
  if (!stored) {
    if (!shown) return std::nullopt;
    return CaseChange{"opened", NewCase(change.finding, deadlines, now), true};
  }
  Case one = *stored;
  one.finding_withdrawn = !shown;
  const bool untouched = one.state == CaseState::kOpen || one.outcome == Outcome::kExplained;
  if (untouched && shown) {
    const bool again = one.state != CaseState::kOpen;
    TakeEvidence(change.finding.conclusion, &one);
    Undecide(&one);
    if (again) {
      MoveTo(CaseState::kOpen, deadlines, now, &one);
    } else {
      const absl::Duration more =
          deadlines.TimeFor(one.state, one.severity) - deadlines.TimeFor(one.state, stored->severity);
      if (one.due_time) *one.due_time += more;
      if (one.escalate_after) *one.escalate_after += more;
      one.update_time = now;
      ++one.version;
    }
    return CaseChange{again ? "reopened" : "changed", std::move(one), true};
  }
  if (untouched) {
    one.outcome = Outcome::kExplained;
    one.close_time = now;
    MoveTo(CaseState::kClosed, absl::ZeroDuration(), now, &one);
    return CaseChange{"explained", std::move(one)};
  }
  if (one.finding_withdrawn == stored->finding_withdrawn) return std::nullopt;
  if (shown && Decided(one) && !remedy_runs) {
    Undecide(&one);
    MoveTo(CaseState::kReopened, deadlines, now, &one);
    return CaseChange{"reopened", std::move(one)};
  }
  one.update_time = now;
  ++one.version;
  return CaseChange{shown ? "seen_again" : "withdrawn", std::move(one)};
}

absl::StatusOr<Case> Triage(Case one, std::optional<Cause> cause, std::optional<Severity> severity,
                            const CaseDeadlines& deadlines, absl::Time now) {
  if (one.state != CaseState::kOpen && one.state != CaseState::kReopened) {
    return WrongState(one.name(), "triage", NameOf(one.state), "OPEN or REOPENED");
  }
  one.cause = cause.value_or(one.cause);
  one.severity = severity.value_or(one.severity);
  MoveTo(CaseState::kTriaged, deadlines, now, &one);
  return one;
}

absl::StatusOr<Case> Mediate(Case one, absl::Time now) {
  if (one.state != CaseState::kTriaged) return WrongState(one.name(), "mediate", NameOf(one.state), "TRIAGED");
  // Hearing the parties takes no more time than the case has.
  Enter(CaseState::kInMediation, now, &one);
  return one;
}

absl::StatusOr<Case> Resolve(Case one, Outcome outcome, std::string resolution, const CaseDeadlines& deadlines,
                             absl::Time now) {
  if (outcome != Outcome::kConfirmed && outcome != Outcome::kUnfounded) {
    return InvalidField("outcome", NameOf(outcome), "CONFIRMED or UNFOUNDED");
  }
  if (one.state != CaseState::kTriaged && one.state != CaseState::kInMediation) {
    return WrongState(one.name(), "resolve", NameOf(one.state), "TRIAGED or IN_MEDIATION");
  }
  one.outcome = outcome;
  one.resolution = std::move(resolution);
  one.resolve_time = now;
  MoveTo(CaseState::kResolved, deadlines, now, &one);
  return one;
}

absl::StatusOr<Case> Close(Case one, absl::Time now) {
  if (one.state != CaseState::kResolved) return WrongState(one.name(), "close", NameOf(one.state), "RESOLVED");
  one.close_time = now;
  MoveTo(CaseState::kClosed, absl::ZeroDuration(), now, &one);
  return one;
}

absl::StatusOr<Case> Reopen(Case one, std::string reason, const CaseDeadlines& deadlines, absl::Time now) {
  if (!Decided(one) || one.outcome == Outcome::kExplained) {
    return WrongState(one.name(), "reopen",
                      one.outcome == Outcome::kExplained ? "CLOSED as EXPLAINED" : NameOf(one.state),
                      "RESOLVED or CLOSED by a decision");
  }
  Undecide(&one);
  one.resolution = std::move(reason);
  MoveTo(CaseState::kReopened, deadlines, now, &one);
  return one;
}

}  // namespace tributary::conflict
