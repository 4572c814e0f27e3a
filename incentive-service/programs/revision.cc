#include "incentive-service/programs/revision.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

// nullptr where the program was never revised while it accrued.
const TermsRevision* HeldOn(const Program& program, Date day) {
  const TermsRevision* held = program.revisions.empty() ? nullptr : &program.revisions.front();
  for (const TermsRevision& revision : program.revisions) {
    if (revision.starts_on <= day) held = &revision;
  }
  return held;
}

}  // namespace

absl::StatusOr<RevisionName> ParseRevisionName(std::string_view name, std::string_view field) {
  const size_t at = name.rfind('@');
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(name.substr(0, at), "programs/{program}", field));
  RevisionName parsed{ids[0], std::nullopt};
  if (at == std::string_view::npos) return parsed;
  int64_t version = 0;
  if (!absl::SimpleAtoi(Abseil(name.substr(at + 1)), &version) || version < 1) {
    return InvalidField(field, name, "programs/{program}@{revision}, the last a number from 1");
  }
  parsed.version = version;
  return parsed;
}

std::string RevisionNameOf(const Program& program) { return StrCat(program.name(), "@", program.version); }

const Terms& TermsOn(const Program& program, Date period_start) {
  const TermsRevision* held = HeldOn(program, period_start);
  return held == nullptr ? program.terms : held->terms;
}

Program InForce(const Program& program, Date period_start) {
  Program in_force = program;
  if (const TermsRevision* held = HeldOn(program, period_start); held != nullptr) {
    in_force.version = held->version;
    in_force.terms = held->terms;
  }
  return in_force;
}

absl::StatusOr<Program> ReviseFrom(const Program& program, const Program& revised, Date starts_on,
                                   const std::vector<std::string>& closed, absl::Time now) {
  constexpr std::string_view kField = "starts_on";
  if (program.state != ProgramState::kActive) {
    return WrongState(program.name(), "revise", NameOf(program.state), "ACTIVE");
  }
  if (const std::string want = WantedInsteadOf(program.period, starts_on); !want.empty()) {
    return InvalidField(kField, starts_on.ToString(), want);
  }
  if (!program.effective.Contains(starts_on)) {
    return InvalidField(kField, starts_on.ToString(),
                        StrCat("a day of the program, which runs from ", program.effective.start.ToString(),
                               program.effective.end == OpenEnd() ? "" : " to " + program.effective.end.ToString()));
  }
  if (!program.revisions.empty() && starts_on < program.revisions.back().starts_on) {
    return InvalidField(
        kField, starts_on.ToString(),
        StrCat("a day from ", program.revisions.back().starts_on.ToString(), " on, when the revision before begins"));
  }
  for (const std::string& id : closed) {
    ASSIGN_OR_RETURN(const Period payout, ParsePeriod(program.paid(), id));
    if (payout.range.end <= starts_on) continue;
    return Error(Reason::kPeriodClosed,
                 StrCat(kField, ": got ", starts_on.ToString(), ", want a period of ", program.name(),
                        " behind all that are closed; ", id, " is"),
                 {{"resource", StrCat(program.name(), "/closes/", id)}});
  }
  Program next = program;
  ++next.version;
  next.update_time = now;
  next.display_name = revised.display_name;
  next.terms = revised.terms;
  if (next.revisions.empty()) next.revisions.push_back({program.effective.start, program.version, program.terms});
  if (next.revisions.back().starts_on == starts_on) next.revisions.pop_back();
  next.revisions.push_back({starts_on, next.version, next.terms});
  return next;
}

}  // namespace tributary::incentive
