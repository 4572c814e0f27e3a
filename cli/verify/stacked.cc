#include "cli/verify/stacked.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/verify/arithmetic.h"
#include "cli/verify/stack.h"

namespace tributary::cli::verify {
namespace {

using incentive::v1::Program;
using incentive::v1::StackedValue;
using incentive::v1::StackingPlan;
using incentive::v1::Statement;
using incentive::v1::StatementEntry;
using incentive::v1::StatementLine;

// nullopt where the terms cannot be read, which the entry's own check tells.
std::optional<ScaleTerms> ScaleOf(const Program& terms) {
  ScaleTerms scale;
  scale.shape = static_cast<ScaleShape>(terms.shape());
  scale.upto = terms.bound() == Program::UPTO;
  scale.by_units = terms.measure() == Program::QUANTITY;
  for (const Program::Tier& tier : terms.tiers()) {
    const std::optional<Integer> from = Billionths(tier.from_amount());
    const std::optional<Integer> rate = tier.has_rate() ? Billionths(tier.rate()) : Integer(0);
    const std::optional<Integer> amount = tier.has_amount() ? Billionths(tier.amount()) : Integer(0);
    if (!from.has_value() || !rate.has_value() || !amount.has_value()) return std::nullopt;
    scale.tiers.push_back({*from, *rate, *amount});
  }
  if (scale.tiers.empty()) return std::nullopt;
  if (terms.has_floor()) scale.floor = Billionths(terms.floor());
  if (terms.has_cap()) scale.cap = Billionths(terms.cap());
  if (terms.has_max_penalty()) scale.max_penalty = Billionths(terms.max_penalty());
  return scale;
}

RoundingRule RuleOf(const Program& terms) {
  return terms.rounding() == Program::HALF_UP ? RoundingRule::kHalfUp
         : terms.rounding() == Program::DOWN  ? RoundingRule::kDown
                                              : RoundingRule::kHalfEven;
}

bool SameLimit(const StackedValue::Cap& a, const StackedValue::Cap& b) {
  return a.has_amount() == b.has_amount() && a.amount().value() == b.amount().value() && a.has_rate() == b.has_rate() &&
         a.rate().value() == b.rate().value();
}

// One stack: entries [first, last) of the statement.
class Run {
 public:
  Run(const Statement& statement, absl::Span<const StatementLine> lines, int first, int last, const LineBefore& before,
      const Differ& differ)
      : statement_(statement), before_(before), differ_(differ) {
    input_.currency = statement.total().currency_code();
    minor_ = SmallestUnits(input_.currency);
    for (int i = first; i < last; ++i) {
      Member& member = members_.emplace_back();
      member.index = i;
      for (const StatementLine& line : lines) {
        if (line.entry() == statement.entries(i).ordinal()) member.lines.push_back(&line);
      }
    }
  }

  void WorkOut(std::map<int, StackedWork>* works) {
    if (!ReadPrograms() || !ReadRules() || !ReadLines() || !ReadClaims()) return;
    for (std::string& difference : VerifyStack(input_, claims_)) Wrong(members_[0], std::move(difference));
    const std::optional<std::map<std::string, StackedResult>> worked = WorkOutStack(input_);
    if (!worked.has_value()) return;
    for (const Member& member : members_) {
      works->emplace(member.index, WorkOf(member, worked->at(EntryOf(member).program())));
    }
    for (const Member& member : members_) CheckAmounts(member, works->at(member.index));
  }

 private:
  struct Member {
    int index = 0;
    std::vector<const StatementLine*> lines;
    Fraction after_group;  // as stated
  };

  const StatementEntry& EntryOf(const Member& member) const { return statement_.entries(member.index); }
  const StackedValue& StackedOf(const Member& member) const { return EntryOf(member).stacked(); }
  void Wrong(const Member& member, std::string what) const { differ_(member.index, "stacked: " + std::move(what)); }
  void Want(const Member& member, bool holds, const std::string& what, const std::string& stated,
            const std::string& found) const {
    if (!holds) Wrong(member, what + ": stated " + stated + ", worked out " + found);
  }
  void WantFraction(const Member& member, const std::string& stated, const Fraction& found,
                    const std::string& what) const {
    const std::optional<Fraction> fraction = ParseFraction(stated);
    Want(member, fraction.has_value() && Equal(*fraction, found), what, stated, Text(found));
  }

  bool ReadPrograms() {
    for (const Member& member : members_) {
      const Program& terms = EntryOf(member).terms();
      const std::optional<ScaleTerms> scale = ScaleOf(terms);
      if (!scale.has_value()) return false;
      input_.programs.push_back({EntryOf(member).program(), *scale, RuleOf(terms)});
    }
    return true;
  }

  bool ReadRules() {
    std::map<std::string, PlanGroup> groups;
    std::map<std::string, const StackedValue::Cap*> limits;
    std::map<std::string, PlanCap> caps;
    for (const Member& member : members_) {
      const std::string& program = EntryOf(member).program();
      const StackedValue& stacked = StackedOf(member);
      for (const StackedValue::Deduction& one : stacked.net_of()) {
        input_.edges.push_back({program, one.upstream(), one.lowers() == StackingPlan::BOTH});
      }
      if (!stacked.group().empty()) {
        const bool by_line = stacked.scope() == StackingPlan::LINE;
        PlanGroup& group = groups.try_emplace(stacked.group(), PlanGroup{stacked.group(), by_line, {}}).first->second;
        Want(member, group.by_line == by_line, "scope", StackingPlan::Scope_Name(stacked.scope()),
             "that of the other members");
        group.members[program] = stacked.priority();
      }
      for (const StackedValue::Cap& one : stacked.caps()) {
        const auto [limit, fresh] = limits.try_emplace(one.cap(), &one);
        Want(member, SameLimit(*limit->second, one), "caps " + one.cap(), one.amount().value() + one.rate().value(),
             "the same for all its members");
        PlanCap& cap = caps[one.cap()];
        cap.name = one.cap();
        cap.members.push_back(program);
        if (one.has_amount()) cap.amount = Billionths(one.amount());
        if (one.has_rate()) cap.rate = Billionths(one.rate());
        if (cap.amount.has_value() == cap.rate.has_value()) {
          Wrong(member, "caps " + one.cap() + ": want an amount or a rate");
          return false;
        }
      }
    }
    for (auto& [name, group] : groups) input_.groups.push_back(std::move(group));
    for (auto& [name, cap] : caps) input_.caps.push_back(std::move(cap));
    return true;
  }

  // All lines of the stack, each once.
  bool ReadLines() {
    std::map<std::string, const StatementLine*> by_fact;
    std::map<std::string, std::string> sales;
    for (const Member& member : members_) {
      for (const StackedValue::LinkedReturn& one : StackedOf(member).linked_returns()) sales[one.fact()] = one.sale();
      for (const StatementLine* line : member.lines) by_fact.emplace(line->fact(), line);
    }
    std::vector<const StatementLine*> sorted;
    for (const auto& [fact, line] : by_fact) sorted.push_back(line);
    std::sort(sorted.begin(), sorted.end(),
              [&](const StatementLine* a, const StatementLine* b) { return before_(*a, *b); });
    for (const StatementLine* line : sorted) {
      places_.emplace(line->fact(), input_.lines.size());
      PlanLine& added = input_.lines.emplace_back();
      added.fact = line->fact();
      if (const auto sale = sales.find(line->fact()); sale != sales.end()) added.unit = sale->second;
    }
    for (const Member& member : members_) {
      for (const StatementLine* line : member.lines) {
        const StatementLine& first = *by_fact.at(line->fact());
        const std::optional<Integer> amount = Billionths(line->amount()), units = Billionths(line->quantity());
        if (!amount.has_value() || !units.has_value()) return false;  // the entry's own check tells
        Want(member,
             Billionths(first.amount()) == amount && Billionths(first.quantity()) == units &&
                 Text(first.basis_date()) == Text(line->basis_date()) && first.product() == line->product(),
             line->fact(), "otherwise than in another entry", "the same line");
        input_.lines[places_.at(line->fact())].brought[EntryOf(member).program()] =
            BroughtBy(member, *line, *amount, *units);
      }
    }
    return true;
  }

  // By the rates that the entry states; a line of another currency without one brings units alone. That the rates are
  // right, and whether each has one, is for the entry's own check.
  Brought BroughtBy(const Member& member, const StatementLine& line, const Integer& amount,
                    const Integer& units) const {
    if (line.amount().currency_code() == input_.currency) return {amount, amount, units, units};
    Brought brought{.qualifying_units = units, .earning_units = units};
    for (const auto& one : EntryOf(member).converted_amounts()) {
      if (one.amount().currency_code() != line.amount().currency_code()) continue;
      if (Text(one.date()) != Text(line.basis_date())) continue;
      const std::optional<Fraction> rate = ParseDecimal(one.rate().value());
      if (one.has_rate() && rate.has_value()) brought.converted = Times(Whole(amount), *rate);
    }
    return brought;
  }

  bool ReadClaims() {
    for (Member& member : members_) {
      const StackedValue& stacked = StackedOf(member);
      StackedResult& claim = claims_[EntryOf(member).program()];
      const auto base = ParseFraction(stacked.exact_base());
      const auto own = ParseFraction(stacked.exact_own_value());
      const auto after = ParseFraction(stacked.exact_after_group());
      const auto exact = ParseFraction(EntryOf(member).evaluation().exact_value());
      const auto value = Billionths(EntryOf(member).evaluation().value());
      if (!base.has_value() || !own.has_value() || !after.has_value() || !exact.has_value() || !value.has_value()) {
        Wrong(member, "a value cannot be read");
        return false;
      }
      claim.base = *base;
      claim.own = *own;
      claim.exact = *exact;
      claim.minor = *value * minor_ / Unit();
      member.after_group = *after;
      for (const StackedValue::Deduction& one : stacked.net_of()) {
        claim.net_of[one.upstream()] = Billionths(one.amount()).value_or(-1);
      }
      for (const StackedValue::Loss& one : stacked.losses()) claim.lost[one.fact()] = one.winner();
      claim.shares.assign(input_.lines.size(), 0);
      for (const StatementLine* line : member.lines) {
        claim.shares[places_.at(line->fact())] = Billionths(line->share()).value_or(-1) * minor_ / Unit();
      }
    }
    return true;
  }

  StackedWork WorkOf(const Member& member, const StackedResult& result) const {
    StackedWork work{.base = result.base, .exact = result.exact, .minor = result.minor};
    const bool by_units = EntryOf(member).terms().measure() == Program::QUANTITY;
    for (const StatementLine* line : member.lines) {
      const size_t place = places_.at(line->fact());
      const Brought& brought = input_.lines[place].brought.at(EntryOf(member).program());
      work.reach = Plus(work.reach, by_units ? Whole(brought.qualifying_units) : brought.reaches());
      work.shares.push_back(result.shares[place]);
    }
    for (const PlanEdge& edge : input_.edges) {
      if (edge.program != EntryOf(member).program() || !edge.both) continue;
      work.reach = Minus(work.reach, Whole(result.net_of.at(edge.upstream)));
    }
    return work;
  }

  // What the plan's own result leaves to say: Q, what was lost, what caps did.
  void CheckAmounts(const Member& member, const StackedWork& work) const {
    const StackedValue& stacked = StackedOf(member);
    WantFraction(member, stacked.exact_reach(), work.reach, "exact_reach");
    Fraction after = ParseFraction(stacked.exact_own_value()).value_or(Fraction());
    for (const StackedValue::Loss& one : stacked.losses()) {
      if (one.fact().empty()) WantFraction(member, one.exact_amount(), after, "losses: exact_amount");
      after = Minus(after, ParseFraction(one.exact_amount()).value_or(Fraction()));
    }
    if (stacked.losses_size() > 0 && after.num < 0) after = Fraction();
    WantFraction(member, stacked.exact_after_group(), after, "exact_after_group");
    Fraction factor{1, 1};
    std::string binding;
    for (const StackedValue::Cap& one : stacked.caps()) {
      const Fraction of_cap = CheckCap(member, one);
      if (member.after_group.num < 0 || !Less(of_cap, factor)) continue;
      factor = of_cap;
      binding = one.cap();
    }
    Want(member, stacked.binding_cap() == binding, "binding_cap", stacked.binding_cap(), binding);
    WantFraction(member, stacked.factor(), factor, "factor");
  }

  // Its factor.
  Fraction CheckCap(const Member& member, const StackedValue::Cap& stated) const {
    const auto cap = std::find_if(input_.caps.begin(), input_.caps.end(),
                                  [&](const PlanCap& one) { return one.name == stated.cap(); });
    const auto under = [&](const std::string& program) {
      return std::find(cap->members.begin(), cap->members.end(), program) != cap->members.end();
    };
    Fraction sum, charged;
    for (const Member& fellow : members_) {
      if (!under(EntryOf(fellow).program())) continue;
      sum = Plus(sum, fellow.after_group);
      if (fellow.after_group.num < 0) charged = Plus(charged, fellow.after_group);
    }
    Fraction paid_on;  // each line once, whoever of the members pays on it
    for (const PlanLine& line : input_.lines) paid_on = Plus(paid_on, line.LargestOf(cap->members));
    Fraction limit;
    if (cap->amount.has_value()) {
      limit = Whole(*cap->amount);
    } else if (paid_on.num > 0) {
      limit = Times(paid_on, Whole(*cap->rate));
    }
    const Fraction factor = Less(limit, sum) ? Over(Minus(limit, charged), Minus(sum, charged)) : Fraction{1, 1};
    WantFraction(member, stated.exact_sum(), sum, "caps " + stated.cap() + ": exact_sum");
    WantFraction(member, stated.exact_limit(), limit, "caps " + stated.cap() + ": exact_limit");
    WantFraction(member, stated.factor(), factor, "caps " + stated.cap() + ": factor");
    return factor;
  }

  const Statement& statement_;
  const LineBefore& before_;
  const Differ& differ_;
  std::vector<Member> members_;
  Integer minor_ = 1;  // smallest units in one
  PlanInput input_;
  std::map<std::string, size_t> places_;  // of facts among the lines
  std::map<std::string, StackedResult> claims_;
};

// Whether the entry stands in one stack with the one before.
bool Continues(const StatementEntry& before, const StatementEntry& entry) {
  return before.stacked().stacking_plan() == entry.stacked().stacking_plan() && before.period() == entry.period() &&
         before.kind() == entry.kind() && before.program() < entry.program();
}

}  // namespace

std::map<int, StackedWork> WorkOutStacks(const Statement& statement, absl::Span<const StatementLine> lines,
                                         const LineBefore& before, const Differ& differ) {
  std::map<int, StackedWork> works;
  for (int first = 0; first < statement.entries_size();) {
    int last = first + 1;
    if (statement.entries(first).has_stacked()) {
      while (last < statement.entries_size() && statement.entries(last).has_stacked() &&
             Continues(statement.entries(last - 1), statement.entries(last))) {
        ++last;
      }
      Run(statement, lines, first, last, before, differ).WorkOut(&works);
    }
    first = last;
  }
  return works;
}

}  // namespace tributary::cli::verify
