#include "incentive-service/stacking_plans/declared_plan.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/engine/lint/cycles.h"
#include "incentive-service/programs/revision.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kField = "stacking_plan";

DeclaredPlan Changed(DeclaredPlan plan, absl::Time now) {
  ++plan.version;
  plan.update_time = now;
  return plan;
}

// What of a member does not go with the plan or with the first member.
void CheckMember(const Program& program, const Program& first, std::vector<FieldViolation>* violations) {
  const auto want = [&](bool holds, std::string_view has, std::string_view wanted) {
    if (holds) return;
    violations->push_back({StrCat(kField, ".programs"), StrCat(program.id, " ", has), std::string(wanted)});
  };
  want(program.state == ProgramState::kActive, StrCat("in state ", NameOf(program.state)), "an ACTIVE program");
  want(program.period == first.period, StrCat("with period ", NameOf(program.period.kind())),
       StrCat(NameOf(first.period.kind()), " as ", first.id, first.period.is_fiscal() ? ", of the same days" : ""));
  want(program.basis == first.basis, "with another basis", StrCat("the basis of ", first.id));
  want(program.amount_of == first.amount_of, "with another amount_of", StrCat("that of ", first.id));
  want(!program.payout_period.has_value(), "with a payout_period", "one that is paid once a period");
  want(!program.guarantee.has_value(), "with a guarantee", "one without");
  want(!program.budget.has_value(), "with a budget", "one without");
  want(!program.clawback_cap.has_value(), "with a clawback_cap", "one without");
  want(!program.growth.has_value(), "with measure GROWTH", "one whose tiers are reached by amount or quantity");
  want(!program.matches_returns(), "with return_policy MATCH_LATEST", "one with RETURN_PERIOD");
  want(!program.measures_lines(), "with measure COUNT, MIX, DAYS_TO_PAY, FREE_GOODS or MARGIN",
       "one whose tiers are reached by amount or quantity");
  want(!program.terms.composite.has_value(), "with measure COMPOSITE",
       "one whose tiers are reached by amount or quantity");
  want(!program.rolls_up, "that rolls groups up", "one with group EACH");
  want(!program.terms.carry_negative, "that carries what is below 0", "one that drops it");
}

void CheckDays(const DeclaredPlan& plan, const Program& member, std::vector<FieldViolation>* violations) {
  std::string want = WantedInsteadOf(member.period, plan.effective.start);
  if (want.empty()) return;
  violations->push_back({StrCat(kField, ".effective_from"), plan.effective.start.ToString(), std::move(want)});
}

// The members with the terms that they have at once: on the plan's first day, and on each later one on which a member's
// are revised.
std::vector<std::vector<Program>> InForceUnder(const DeclaredPlan& plan, absl::Span<const Program> programs) {
  std::set<Date> days = {plan.effective.start};
  for (const Program& program : programs) {
    for (const TermsRevision& revision : program.revisions) {
      if (plan.effective.Contains(revision.starts_on)) days.insert(revision.starts_on);
    }
  }
  std::vector<std::vector<Program>> in_force;
  for (const Date day : days) {
    std::vector<Program>& at_once = in_force.emplace_back();
    for (const Program& program : programs) at_once.push_back(InForce(program, day));
  }
  return in_force;
}

std::vector<StackProgram> StackedOf(const std::vector<Program>& at_once) {
  std::vector<StackProgram> members;
  members.reserve(at_once.size());
  for (const Program& program : at_once) members.push_back({program.id, program.terms});
  return members;
}

// Those of `more` that are not among the faults.
void AddUnknown(const std::vector<FieldViolation>& more, std::vector<FieldViolation>* faults) {
  for (const FieldViolation& fault : more) {
    const bool known = std::any_of(faults->begin(), faults->end(), [&](const FieldViolation& one) {
      return one.field == fault.field && one.got == fault.got && one.want == fault.want;
    });
    if (!known) faults->push_back(fault);
  }
}

Finding FindingOf(const FieldViolation& fault) {
  return {"stacking-plan",
          Severity::kError,
          StrCat(fault.field, ": got ", fault.got, ", want ", fault.want),
          {{"field", fault.field}, {"got", fault.got}, {"want", fault.want}}};
}

}  // namespace

std::string_view NameOf(StackingPlanState state) {
  switch (state) {
    case StackingPlanState::kDraft:
      return "DRAFT";
    case StackingPlanState::kActive:
      return "ACTIVE";
    case StackingPlanState::kEnded:
      return "ENDED";
  }
  return "";
}

std::vector<std::string> MembersOf(const StackingPlan& rules) {
  std::set<std::string> members;
  for (const NetOfEdge& edge : rules.net_of) {
    members.insert(edge.program);
    members.insert(edge.upstream);
  }
  for (const ExclusiveGroup& group : rules.groups) {
    for (const GroupMember& member : group.members) members.insert(member.program);
  }
  for (const SharedCap& cap : rules.caps) members.insert(cap.members.begin(), cap.members.end());
  return {members.begin(), members.end()};
}

std::vector<Finding> LintPlan(const DeclaredPlan& plan, absl::Span<const Program> programs,
                              const std::optional<StandardMargin>& margin) {
  std::vector<Finding> findings = LintCycles(plan.rules);
  const std::vector<std::vector<Program>> in_force = InForceUnder(plan, programs);
  std::vector<FieldViolation> faults;
  for (const std::vector<Program>& at_once : in_force) {
    AddUnknown(CheckPlan(plan.rules, StackedOf(at_once), kField), &faults);
  }
  // It names a cycle too, which lint has named already.
  if (!findings.empty())
    std::erase_if(faults, [](const FieldViolation& f) { return f.field == "stacking_plan.net_of"; });
  if (MembersOf(plan.rules).empty()) {
    faults.insert(faults.begin(), FieldViolation{StrCat(kField, ".net_of"), "no rule", "an edge, a group or a cap"});
  }
  for (const std::vector<Program>& at_once : in_force) {
    std::vector<FieldViolation> of_members;
    for (const Program& program : at_once) CheckMember(program, at_once[0], &of_members);
    AddUnknown(of_members, &faults);
  }
  if (!programs.empty()) CheckDays(plan, programs[0], &faults);
  for (const FieldViolation& fault : faults) findings.push_back(FindingOf(fault));
  if (!margin.has_value() || !findings.empty()) return findings;
  for (const std::vector<Program>& at_once : in_force) {
    for (Finding& finding : LintMargin(plan.rules, StackedOf(at_once), *margin)) {
      const bool known = std::any_of(findings.begin(), findings.end(), [&](const Finding& one) {
        return one.counter_example == finding.counter_example;
      });
      if (!known) findings.push_back(std::move(finding));
    }
  }
  return findings;
}

absl::Status PassLint(const DeclaredPlan& plan, absl::Span<const Finding> findings) {
  if (findings.empty()) return absl::OkStatus();
  return Error(Reason::kLintFailed, StrCat(plan.name(), ": got ", findings[0].rule, ", ", findings[0].message),
               {{"rule", findings[0].rule}, {"resource", plan.name()}});
}

absl::StatusOr<DeclaredPlan> Revise(const DeclaredPlan& plan, DeclaredPlan revised, absl::Time now) {
  if (plan.state != StackingPlanState::kDraft) {
    return WrongState(plan.name(), "update", NameOf(plan.state), "DRAFT");
  }
  DeclaredPlan next = Changed(plan, now);
  next.display_name = std::move(revised.display_name);
  next.effective = revised.effective;
  next.rules = std::move(revised.rules);
  return next;
}

absl::StatusOr<DeclaredPlan> Activate(const DeclaredPlan& plan, absl::Span<const Finding> findings, absl::Time now) {
  if (plan.state != StackingPlanState::kDraft) {
    return WrongState(plan.name(), "activate", NameOf(plan.state), "DRAFT");
  }
  RETURN_IF_ERROR(PassLint(plan, findings));
  DeclaredPlan active = Changed(plan, now);
  active.state = StackingPlanState::kActive;
  return active;
}

absl::StatusOr<DeclaredPlan> End(const DeclaredPlan& plan, const Program& member, absl::Time now) {
  if (plan.state != StackingPlanState::kActive) {
    return WrongState(plan.name(), "end", NameOf(plan.state), "ACTIVE");
  }
  DeclaredPlan ended = Changed(plan, now);
  ended.state = StackingPlanState::kEnded;
  const Date today = DayOf(member, now);
  ended.effective.end = today < plan.effective.start ? plan.effective.start : EndOfRunning(member.period, today);
  return ended;
}

absl::StatusOr<Period> PeriodUnder(const DeclaredPlan& plan, const Periods& periods, std::string_view period_id) {
  const absl::StatusOr<Period> period = ParsePeriod(periods, period_id);
  if (!period.ok()) return AtField(period.status(), "period");
  if (plan.effective.Contains(period->range.start)) return *period;
  return InvalidField("period", period_id,
                      StrCat("a period of ", plan.name(), ", which runs from ", plan.effective.start.ToString(),
                             plan.effective.end == OpenEnd() ? " on" : " until " + plan.effective.end.ToString()));
}

}  // namespace tributary::incentive
