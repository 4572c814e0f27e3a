#include "incentive-service/stacking_plans/partner_stack.h"

#include <algorithm>
#include <utility>

namespace tributary::incentive {
namespace {

// A return goes with its sale in groups by line; nothing else does.
std::string SaleOf(const FactLine& line) { return line.kind == FactKind::kReturn ? line.refers : ""; }

// The lines that count in the program, their sums, and what each brings it.
MemberValue Gather(const Program& program, const ClosedPeriod* close, absl::Span<const FactLine> lines,
                   std::vector<StackLine>* stack_lines) {
  MemberValue value{.program = &program};
  for (size_t i = 0; i < lines.size(); ++i) {
    const AccrualSums sums = SumsOf(program, lines[i], close);
    value.sums.Add(sums);
    if (sums.lines == 0) continue;
    (*stack_lines)[i].portions[program.id] = {sums.amount, sums.amount, sums.quantity, sums.quantity};
    value.lines.push_back({i, 0});
  }
  return value;
}

void Fill(const DeclaredPlan& plan, const StackingPlan& rules, const Stack& stack, const StackedValue& stacked,
          absl::Span<const FactLine> lines, MemberValue* value) {
  value->minor = stacked.minor;
  value->stacking = StackingOf(plan.id, rules, stacked, stack.caps);
  for (MemberLine& line : value->lines) {
    if (!stacked.shares.empty()) line.share = stacked.shares[line.line];
  }
  if (value->stacking.group.empty() || value->stacking.scope != GroupScope::kLine) return;
  for (const MemberLine& line : value->lines) {
    const std::string sale = SaleOf(lines[line.line]);
    if (!sale.empty()) value->stacking.linked_returns.push_back({lines[line.line].fact, sale});
  }
}

}  // namespace

std::map<std::string, std::vector<FactLine>> ByPartner(std::vector<FactLine> lines) {
  std::map<std::string, std::vector<FactLine>> by_partner;
  for (FactLine& line : lines) by_partner[line.partner].push_back(std::move(line));
  return by_partner;
}

void SortLines(Basis basis, std::vector<FactLine>* lines) {
  std::sort(lines->begin(), lines->end(),
            [&](const FactLine& a, const FactLine& b) { return a.Key(basis) < b.Key(basis); });
}

absl::StatusOr<std::vector<MemberValue>> StackPartner(const DeclaredPlan& plan, const StackMembers& members,
                                                      const Period& period, absl::Span<const FactLine> lines,
                                                      const std::map<std::string, int64_t>& also, bool with_shares) {
  std::vector<MemberValue> values;
  if (members.programs.empty()) return values;
  std::vector<StackLine> stack_lines;
  stack_lines.reserve(lines.size());
  for (const FactLine& line : lines) {
    stack_lines.push_back({.key = line.Key(members.programs[0].basis), .unit = SaleOf(line)});
  }
  std::vector<StackProgram> programs;
  for (const Program& program : members.programs) {
    MemberValue value = Gather(program, Find(members.closes, program, period), lines, &stack_lines);
    if (value.lines.empty() && !also.contains(program.id)) continue;
    programs.push_back({program.id, program.terms});
    values.push_back(std::move(value));
  }
  const StackingPlan rules = Among(plan.rules, programs);
  ASSIGN_OR_RETURN(const Stack stack,
                   EvaluateStack(rules, programs, incentive::SumsOf(rules, stack_lines), stack_lines, with_shares));
  for (size_t i = 0; i < values.size(); ++i) Fill(plan, rules, stack, stack.values[i], lines, &values[i]);
  return values;
}

}  // namespace tributary::incentive
