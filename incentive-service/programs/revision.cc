#include "incentive-service/programs/revision.h"

#include <algorithm>
#include <utility>
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

// nullptr: what the program has counts.
const CountedTerms* CountedOn(const Program& program, Date day) {
  const TermsRevision* held = HeldOn(program, day);
  return held != nullptr && held->counts.has_value() ? &*held->counts : nullptr;
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
    if (held->counts.has_value()) {
      in_force.lines = held->counts->lines;
      in_force.eligibility = held->counts->eligibility;
      in_force.grace_days = held->counts->grace_days;
      in_force.clawback_days = held->counts->clawback_days;
    }
  }
  return in_force;
}

const LineFilter& LinesOn(const Program& program, Date day) {
  const CountedTerms* counted = CountedOn(program, day);
  return counted == nullptr ? program.lines : counted->lines;
}

const Eligibility& EligibilityOn(const Program& program, Date day) {
  const CountedTerms* counted = CountedOn(program, day);
  return counted == nullptr ? program.eligibility : counted->eligibility;
}

std::optional<int> GraceDaysOn(const Program& program, Date period_start) {
  const CountedTerms* counted = CountedOn(program, period_start);
  return counted == nullptr ? program.grace_days : counted->grace_days;
}

std::optional<int> ClawbackDaysOn(const Program& program, Date period_start) {
  const CountedTerms* counted = CountedOn(program, period_start);
  return counted == nullptr ? program.clawback_days : counted->clawback_days;
}

CountedTerms CountedOf(const Program& program) {
  return {program.lines, program.eligibility, program.grace_days, program.clawback_days};
}

bool CountsByDay(const Program& program) {
  for (const TermsRevision& revision : program.revisions) {
    if (!revision.counts.has_value()) continue;
    if (revision.counts->lines != program.lines || revision.counts->eligibility != program.eligibility) return true;
  }
  return false;
}

std::vector<Program> PartsOf(const Program& program) {
  std::vector<Program> parts;
  if (!CountsByDay(program)) {
    parts.push_back(program);
    return parts;
  }
  const std::vector<TermsRevision>& revisions = program.revisions;
  for (size_t i = 0; i < revisions.size(); ++i) {
    Program part = InForce(program, revisions[i].starts_on);
    part.revisions.clear();
    if (i > 0) part.effective.start = std::max(program.effective.start, revisions[i].starts_on);
    if (i + 1 < revisions.size()) part.effective.end = std::min(program.effective.end, revisions[i + 1].starts_on);
    if (part.effective.start < part.effective.end) parts.push_back(std::move(part));
  }
  return parts;
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
  next.lines = revised.lines;
  next.eligibility = revised.eligibility;
  next.grace_days = revised.grace_days;
  next.clawback_days = revised.clawback_days;
  if (next.revisions.empty()) {
    next.revisions.push_back({program.effective.start, program.version, program.terms, CountedOf(program)});
  }
  if (next.revisions.back().starts_on == starts_on) next.revisions.pop_back();
  next.revisions.push_back({starts_on, next.version, next.terms, CountedOf(next)});
  return next;
}

std::string WhyCountedStays(const Program& program, const Program& next) {
  if (next.lines == program.lines && next.eligibility == program.eligibility) return "";
  if (program.growth.has_value()) return "a program that measures growth";
  if (program.rolls_up) return "a program that rolls groups up";
  if (program.reads_standing() || next.reads_standing()) return "a program that asks what partners are";
  if (program.matches_returns()) return "a program that matches returns";
  if (program.terms.margin.has_value()) return "a program that measures margin";
  if (program.guarantee.has_value()) return "a program with a guarantee";
  if (program.terms.max_penalty.has_value() || next.terms.max_penalty.has_value()) return "a program that charges";
  if (program.terms.carry_negative) return "a program that carries what is below 0";
  return "";
}

}  // namespace tributary::incentive
