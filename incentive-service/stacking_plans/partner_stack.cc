#include "incentive-service/stacking_plans/partner_stack.h"

#include <algorithm>
#include <utility>

namespace tributary::incentive {
namespace {

// A return goes with its sale in groups by line; nothing else does.
std::string SaleOf(const FactLine& line) { return line.kind == FactKind::kReturn ? line.refers : ""; }

// What the line brings by the rate of its day; 0 where it needs none, or there is none.
Rational ConvertedBy(const AccrualSums& of_line, const Rates& rates) {
  Rational converted;
  for (const auto& [key, sum] : of_line.foreign) {
    if (const auto rate = rates.find(key); rate != rates.end()) converted = Rational(sum.amount) * rate->second;
  }
  return converted;
}

// The lines that count in the program, their sums, and what each brings it.
MemberValue Gather(const Program& program, const ClosedPeriod* close, const Rates& rates,
                   absl::Span<const FactLine> lines, std::vector<StackLine>* stack_lines) {
  MemberValue value{.program = &program};
  for (size_t i = 0; i < lines.size(); ++i) {
    const AccrualSums sums = SumsOf(program, lines[i], close);
    value.sums.Add(sums);
    if (sums.lines == 0) continue;
    (*stack_lines)[i].portions[program.id] = {sums.amount, sums.amount, sums.quantity, sums.quantity,
                                              ConvertedBy(sums, rates)};
    value.lines.push_back({i, 0});
  }
  value.pricing = PriceOf(value.sums, rates);
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

std::map<std::string, std::vector<FactLine>> ByPartner(const StackMembers& members, std::vector<FactLine> lines) {
  std::map<std::string, std::vector<FactLine>> by_partner;
  for (FactLine& line : lines) by_partner[line.partner].push_back(std::move(line));
  for (const Program& member : members.programs) {
    if (!member.charges_by_name()) continue;
    for (const std::string& partner : member.eligibility.partners) {
      if (member.eligibility.Includes(partner)) by_partner.try_emplace(partner);
    }
  }
  return by_partner;
}

void SortLines(Basis basis, std::vector<FactLine>* lines) {
  std::sort(lines->begin(), lines->end(),
            [&](const FactLine& a, const FactLine& b) { return a.Key(basis) < b.Key(basis); });
}

absl::StatusOr<std::vector<MemberValue>> StackPartner(const DeclaredPlan& plan, const StackMembers& members,
                                                      const Period& period, std::string_view partner,
                                                      absl::Span<const FactLine> lines,
                                                      const std::map<std::string, int64_t>& also, bool with_shares) {
  std::vector<MemberValue> values;
  if (members.programs.empty()) return values;
  std::vector<StackLine> stack_lines;
  stack_lines.reserve(lines.size());
  for (const FactLine& line : lines) {
    stack_lines.push_back({.key = line.Key(members.programs[0].basis), .unit = SaleOf(line)});
  }
  std::vector<StackProgram> programs;
  const Rates none;
  for (const Program& program : members.programs) {
    const auto converts = members.rates.find(program.id);
    const Rates& rates = converts == members.rates.end() ? none : converts->second;
    MemberValue value = Gather(program, Find(members.closes, program, period), rates, lines, &stack_lines);
    const bool charged = program.charges_by_name() && program.eligibility.Includes(partner);
    if (value.lines.empty() && !charged && !also.contains(program.id)) continue;
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
