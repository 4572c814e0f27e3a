#include "partner-service/sanctions/sanction.h"

#include <algorithm>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/name_lists.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

Sanction Next(const Sanction& sanction, SanctionState state, absl::Time now) {
  Sanction next = sanction;
  next.state = state;
  next.revision = sanction.revision.Next(now);
  return next;
}

absl::Time StartOf(const Partner& partner, Date day) {
  absl::TimeZone zone = absl::UTCTimeZone();
  if (!partner.time_zone.empty()) absl::LoadTimeZone(Abseil(partner.time_zone), &zone);
  return absl::FromCivil(absl::CivilDay(1970, 1, 1) + day.days(), zone);
}

}  // namespace

std::string_view NameOf(SanctionKind kind) {
  switch (kind) {
    case SanctionKind::kWarning:
      return "WARNING";
    case SanctionKind::kSuspension:
      return "SUSPENSION";
    case SanctionKind::kGrantReduction:
      return "GRANT_REDUCTION";
  }
  return "KIND_UNSPECIFIED";
}

std::string_view NameOf(SanctionState state) {
  switch (state) {
    case SanctionState::kScheduled:
      return "SCHEDULED";
    case SanctionState::kInForce:
      return "IN_FORCE";
    case SanctionState::kHalted:
      return "HALTED";
    case SanctionState::kEnded:
      return "ENDED";
    case SanctionState::kLifted:
      return "LIFTED";
  }
  return "STATE_UNSPECIFIED";
}

std::string Sanction::name() const { return StrCat("partners/", partner_id, "/sanctions/", id); }

bool Lasts(const Sanction& sanction) {
  return sanction.state != SanctionState::kEnded && sanction.state != SanctionState::kLifted;
}

bool KeepsFromGrants(const Sanction& sanction) {
  return sanction.state == SanctionState::kInForce && sanction.kind != SanctionKind::kWarning;
}

absl::Status CheckContent(const Sanction& sanction, Date today) {
  std::vector<FieldViolation> violations;
  CheckOneLine("reason", sanction.reason, &violations);
  CheckOneLine("cause", sanction.cause, &violations);
  const bool reduces = sanction.kind == SanctionKind::kGrantReduction;
  if (reduces == sanction.territory_grants.empty()) {
    violations.push_back({"territory_grants", StrCat(sanction.territory_grants.size(), " with ", NameOf(sanction.kind)),
                          reduces ? "at least one" : "none: they are of GRANT_REDUCTION alone"});
  }
  CheckDistinct("territory_grants", sanction.territory_grants, &violations);
  const std::string_view pattern = "partners/{partner}/territoryGrants/{territory_grant}";
  CheckNames("territory_grants", pattern, sanction.territory_grants, &violations);
  for (size_t i = 0; i < sanction.territory_grants.size(); ++i) {
    const std::string& grant = sanction.territory_grants[i];
    if (!ParseResourceName(grant, pattern).ok() || PartnerOf(grant) == sanction.partner_id) continue;
    violations.push_back({StrCat("territory_grants[", i, "]"), grant, "a grant of the partner's"});
  }
  if (sanction.effective.start < today) {
    violations.push_back(
        {"effective_from", sanction.effective.start.ToString(), StrCat(today.ToString(), " or later")});
  }
  CheckDays(sanction.effective, &violations);
  return AllOf(std::move(violations));
}

Sanction Impose(Sanction sanction, const std::vector<Sanction>& others, std::string_view principal, Date today,
                absl::Time now) {
  sanction.revision = Revision::First(now);
  sanction.principal = principal;
  sanction.state = sanction.effective.start <= today ? SanctionState::kInForce : SanctionState::kScheduled;
  if (sanction.level > 0) return sanction;
  for (const Sanction& other : others) {
    if (Lasts(other)) sanction.level = std::max(sanction.level, other.level);
  }
  ++sanction.level;
  return sanction;
}

std::optional<Sanction> Turned(const Sanction& sanction, Date today, absl::Time now) {
  const bool over = sanction.effective.end <= today;
  if (sanction.state == SanctionState::kScheduled && sanction.effective.start <= today) {
    return Next(sanction, over ? SanctionState::kEnded : SanctionState::kInForce, now);
  }
  if (sanction.state == SanctionState::kInForce && over) return Next(sanction, SanctionState::kEnded, now);
  return std::nullopt;
}

std::optional<absl::Time> DueOf(const Sanction& sanction, const Partner& partner) {
  if (sanction.state == SanctionState::kScheduled) return StartOf(partner, sanction.effective.start);
  if (sanction.state == SanctionState::kInForce && sanction.effective.end != OpenEnd()) {
    return StartOf(partner, sanction.effective.end);
  }
  return std::nullopt;
}

std::optional<Sanction> Halt(const Sanction& sanction, absl::Time now) {
  if (!Lasts(sanction) || sanction.state == SanctionState::kHalted) return std::nullopt;
  return Next(sanction, SanctionState::kHalted, now);
}

std::optional<Sanction> Resume(const Sanction& sanction, Date today, absl::Time now) {
  if (sanction.state != SanctionState::kHalted) return std::nullopt;
  Sanction resumed = Next(sanction, SanctionState::kScheduled, now);
  if (const int late = today.days() - sanction.effective.start.days(); late > 0) {
    resumed.effective.start = today;
    if (sanction.effective.end != OpenEnd()) resumed.effective.end = sanction.effective.end.AddDays(late);
  }
  if (resumed.effective.start == today) resumed.state = SanctionState::kInForce;
  return resumed;
}

absl::StatusOr<Sanction> Lift(const Sanction& sanction, std::string_view reason, std::string_view lifter,
                              absl::Time now) {
  if (!Lasts(sanction)) {
    return WrongState(sanction.name(), "lift", NameOf(sanction.state), "SCHEDULED, IN_FORCE or HALTED");
  }
  Sanction lifted = Next(sanction, SanctionState::kLifted, now);
  lifted.lift_reason = reason;
  lifted.lifter = lifter;
  lifted.lift_time = now;
  return lifted;
}

}  // namespace tributary::partner
