#include "incentive-service/simulations/stack_simulation.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/status/status.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/programs/revision.h"
#include "incentive-service/stacking_plans/partner_stack.h"

namespace tributary::incentive {
namespace {

// Lines that some member would count in another currency.
int64_t OtherCurrency(const std::vector<Program>& programs, const std::vector<FactLine>& lines) {
  return std::count_if(lines.begin(), lines.end(), [&](const FactLine& line) {
    return std::any_of(programs.begin(), programs.end(),
                       [&](const Program& program) { return SumsOf(program, line, nullptr).other_currency_lines > 0; });
  });
}

}  // namespace

absl::StatusOr<StackTried> TryStack(DeclaredPlan plan, std::vector<Program> members,
                                    const std::optional<Program>& in_place) {
  if (in_place.has_value()) {
    const auto member = std::find_if(members.begin(), members.end(),
                                     [&](const Program& program) { return program.id == in_place->id; });
    if (member == members.end()) {
      return InvalidField("simulation.in_place_of", in_place->name(), "a member of " + plan.name());
    }
    *member = *in_place;
  }
  for (Program& program : members) program.state = ProgramState::kActive;
  RETURN_IF_ERROR(PassLint(plan, LintPlan(plan, members)));
  return StackTried{std::move(plan), std::move(members)};
}

StackTried SideBySide(StackTried stack) {
  stack.plan.rules = StackingPlan();
  return stack;
}

absl::Status StackSimulation::Add(const Period& period, std::vector<FactLine> lines,
                                  std::map<std::string, Rates> rates) {
  StackMembers members{.rates = std::move(rates)};
  for (const Program& program : stack_.members) {
    if (program.effective.Contains(period.range.start)) {
      members.programs.push_back(InForce(program, period.range.start));
    }
  }
  if (members.programs.empty()) return absl::OkStatus();
  PeriodResult of_period{.period = period.id};
  for (auto& [id, own] : ByPartner(members, std::move(lines))) {
    result_.other_currency_lines += OtherCurrency(members.programs, own);
    SortLines(members.programs[0].basis, &own);
    ASSIGN_OR_RETURN(const std::vector<MemberValue> values,
                     StackPartner(stack_.plan, members, period, id, own, {}, /*with_shares=*/false));
    if (values.empty()) continue;
    PartnerResult& partner = partners_[id];
    Members& of_partner = members_[id];
    std::set<size_t> counted;
    for (const MemberValue& value : values) {
      for (const MemberLine& line : value.lines) counted.insert(line.line);
      MemberOfPartner& member = of_partner[value.program->id];
      member.lines += static_cast<int64_t>(value.lines.size());
      RETURN_IF_ERROR(AddMinor(value.minor, {&member.value, &partner.value, &of_period.total, &result_.total}));
    }
    partner.lines += static_cast<int64_t>(counted.size());
    result_.lines += static_cast<int64_t>(counted.size());
    ++result_.statements;
    ++of_period.partners;
  }
  if (of_period.partners > 0) result_.periods.push_back(std::move(of_period));
  return absl::OkStatus();
}

SimulationResult StackSimulation::Take() && {
  std::map<std::string, MemberResult> totals;
  for (auto& [id, partner] : partners_) {
    partner.partner = id;
    for (auto& [program, member] : members_[id]) {
      member.program = program;
      MemberResult& total = totals[program];
      ++total.partners;
      total.lines += member.lines;
      total.total += member.value;
      partner.members.push_back(std::move(member));
    }
    result_.partners.push_back(std::move(partner));
  }
  for (const Program& program : stack_.members) {
    MemberResult& total = totals[program.id];
    total.program = program.id;
    total.version = program.version;
    result_.members.push_back(std::move(total));
  }
  return std::move(result_);
}

}  // namespace tributary::incentive
