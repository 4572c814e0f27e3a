#include "conflict-service/cases/case.h"

#include <algorithm>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::conflict {
namespace {

// Moves a case on; what is due next follows from where it is.
void MoveTo(CaseState state, absl::Time now, Case* one) {
  one->state = state;
  one->update_time = now;
  ++one->version;
  const absl::Duration time = TimeFor(state, one->severity);
  one->due_time = time == absl::ZeroDuration() ? std::nullopt : std::optional(now + time);
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

Case NewCase(const Finding& finding, absl::Time now) {
  const FindingKind kind = finding.conclusion.kind;
  Case one{.id = finding.id, .uid = Uuid::New(now), .create_time = now, .kind = kind, .cause = CauseOf(kind)};
  one.version = 0;
  TakeEvidence(finding.conclusion, &one);
  MoveTo(CaseState::kOpen, now, &one);
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

absl::Duration TimeFor(CaseState state, Severity severity) {
  const int i = static_cast<int>(severity) - 1;
  constexpr int kTriageDays[] = {7, 3, 1};
  constexpr int kResolveDays[] = {30, 14, 7};
  switch (state) {
    case CaseState::kOpen:
    case CaseState::kReopened:
      return absl::Hours(24 * kTriageDays[i]);
    case CaseState::kTriaged:
    case CaseState::kInMediation:
      return absl::Hours(24 * kResolveDays[i]);
    case CaseState::kResolved:  // time to object
      return absl::Hours(24 * 14);
    case CaseState::kClosed:
      return absl::ZeroDuration();
  }
  return absl::ZeroDuration();
}

int32_t EscalationOf(const Case& one, absl::Time now) {
  if (!one.due_time || now < *one.due_time) return 0;
  const absl::Duration late = now - *one.due_time;
  const int64_t more = late / TimeFor(one.state, one.severity);
  return static_cast<int32_t>(std::min<int64_t>(more, 999)) + 1;
}

std::optional<CaseChange> Follow(const std::optional<Case>& stored, const FindingChange& change, absl::Time now,
                                 bool remedy_runs) {
  const bool shown = change.finding.state == FindingState::kOpen;
  if (!stored) {
    if (!shown) return std::nullopt;
    return CaseChange{"opened", NewCase(change.finding, now), true};
  }
  Case one = *stored;
  one.finding_withdrawn = !shown;
  const bool untouched = one.state == CaseState::kOpen || one.outcome == Outcome::kExplained;
  if (untouched && shown) {
    const bool again = one.state != CaseState::kOpen;
    TakeEvidence(change.finding.conclusion, &one);
    Undecide(&one);
    if (again) {
      MoveTo(CaseState::kOpen, now, &one);
    } else {
      if (one.due_time) *one.due_time += TimeFor(one.state, one.severity) - TimeFor(one.state, stored->severity);
      one.update_time = now;
      ++one.version;
    }
    return CaseChange{again ? "reopened" : "changed", std::move(one), true};
  }
  if (untouched) {
    one.outcome = Outcome::kExplained;
    one.close_time = now;
    MoveTo(CaseState::kClosed, now, &one);
    return CaseChange{"explained", std::move(one)};
  }
  if (one.finding_withdrawn == stored->finding_withdrawn) return std::nullopt;
  if (shown && Decided(one) && !remedy_runs) {
    Undecide(&one);
    MoveTo(CaseState::kReopened, now, &one);
    return CaseChange{"reopened", std::move(one)};
  }
  one.update_time = now;
  ++one.version;
  return CaseChange{shown ? "seen_again" : "withdrawn", std::move(one)};
}

absl::StatusOr<Case> Triage(Case one, std::optional<Cause> cause, std::optional<Severity> severity, absl::Time now) {
  if (one.state != CaseState::kOpen && one.state != CaseState::kReopened) {
    return WrongState(one.name(), "triage", NameOf(one.state), "OPEN or REOPENED");
  }
  one.cause = cause.value_or(one.cause);
  one.severity = severity.value_or(one.severity);
  MoveTo(CaseState::kTriaged, now, &one);
  return one;
}

absl::StatusOr<Case> Mediate(Case one, absl::Time now) {
  if (one.state != CaseState::kTriaged) return WrongState(one.name(), "mediate", NameOf(one.state), "TRIAGED");
  // Hearing the parties takes no more time than the case has.
  const std::optional<absl::Time> due = one.due_time;
  MoveTo(CaseState::kInMediation, now, &one);
  one.due_time = due;
  return one;
}

absl::StatusOr<Case> Resolve(Case one, Outcome outcome, std::string resolution, absl::Time now) {
  if (outcome != Outcome::kConfirmed && outcome != Outcome::kUnfounded) {
    return InvalidField("outcome", NameOf(outcome), "CONFIRMED or UNFOUNDED");
  }
  if (one.state != CaseState::kTriaged && one.state != CaseState::kInMediation) {
    return WrongState(one.name(), "resolve", NameOf(one.state), "TRIAGED or IN_MEDIATION");
  }
  one.outcome = outcome;
  one.resolution = std::move(resolution);
  one.resolve_time = now;
  MoveTo(CaseState::kResolved, now, &one);
  return one;
}

absl::StatusOr<Case> Close(Case one, absl::Time now) {
  if (one.state != CaseState::kResolved) return WrongState(one.name(), "close", NameOf(one.state), "RESOLVED");
  one.close_time = now;
  MoveTo(CaseState::kClosed, now, &one);
  return one;
}

absl::StatusOr<Case> Reopen(Case one, std::string reason, absl::Time now) {
  if (!Decided(one) || one.outcome == Outcome::kExplained) {
    return WrongState(one.name(), "reopen",
                      one.outcome == Outcome::kExplained ? "CLOSED as EXPLAINED" : NameOf(one.state),
                      "RESOLVED or CLOSED by a decision");
  }
  Undecide(&one);
  one.resolution = std::move(reason);
  MoveTo(CaseState::kReopened, now, &one);
  return one;
}

}  // namespace tributary::conflict
