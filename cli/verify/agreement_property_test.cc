// The engine and the verifier, which share no code, on the same random worlds: every figure of one is a figure of the
// other.

#include <numeric>

#include "cli/verify/stack.h"
#include "incentive-service/engine/testing_stack_world.h"

namespace tributary::cli::verify {
namespace {

namespace engine = incentive;

Integer Of(Decimal value) { return *ParseBillionths(value.ToString()); }
Fraction Of(const Rational& value) { return {value.num(), value.den()}; }
// In billionths, where deductions end.
Integer Billionths(const Rational& value) {
  EXPECT_EQ(Unit() % value.den(), 0);
  return value.num() * (Unit() / value.den());
}
std::optional<Integer> Of(const std::optional<Decimal>& value) {
  return value.has_value() ? std::optional<Integer>(Of(*value)) : std::nullopt;
}

PlanInput InputOf(const engine::StackWorld& world) {
  PlanInput input;
  input.currency = "USD";
  for (const engine::StackProgram& program : world.programs) {
    StackedProgram& one = input.programs.emplace_back();
    one.name = program.name;
    one.rounding = program.terms.rounding == Rounding::kHalfEven ? RoundingRule::kHalfEven
                   : program.terms.rounding == Rounding::kHalfUp ? RoundingRule::kHalfUp
                                                                 : RoundingRule::kDown;
    const engine::Scale& scale = program.terms.scale;
    one.terms.shape = static_cast<ScaleShape>(scale.shape);
    one.terms.upto = scale.bound == engine::Bound::kUpto;
    one.terms.by_units = scale.measure == engine::Measure::kQuantity;
    for (const engine::Tier& tier : scale.tiers) {
      one.terms.tiers.push_back({Of(tier.from), Of(tier.rate), Of(tier.amount)});
    }
    one.terms.floor = Of(program.terms.floor);
    one.terms.cap = Of(program.terms.cap);
    one.terms.max_penalty = Of(program.terms.max_penalty);
  }
  for (const engine::NetOfEdge& edge : world.plan.net_of) {
    input.edges.push_back({edge.program, edge.upstream, edge.lowers == engine::Lowers::kBoth});
  }
  for (const engine::ExclusiveGroup& group : world.plan.groups) {
    PlanGroup& one = input.groups.emplace_back();
    one.name = group.name;
    one.by_line = group.scope == engine::GroupScope::kLine;
    for (const engine::GroupMember& member : group.members) one.members[member.program] = member.priority;
  }
  for (const engine::SharedCap& cap : world.plan.caps) {
    input.caps.push_back({cap.name, cap.members, Of(cap.amount), Of(cap.rate)});
  }
  for (const engine::StackLine& line : world.lines) {
    PlanLine& one = input.lines.emplace_back();
    one.fact = line.key.fact;
    one.unit = line.unit;
    for (const auto& [program, portion] : line.portions) {
      one.brought[program] = {Of(portion.qualifying), Of(portion.earning), Of(portion.qualifying_quantity),
                              Of(portion.earning_quantity), Of(portion.converted)};
    }
  }
  return input;
}

std::map<std::string, StackedResult> ClaimsOf(const engine::Stack& stack) {
  std::map<std::string, StackedResult> claims;
  for (const engine::StackedValue& value : stack.values) {
    StackedResult& claim = claims[value.program];
    for (const engine::NetOfDeduction& deduction : value.net_of) {
      claim.net_of[deduction.upstream] = Billionths(deduction.amount);
    }
    claim.base = Of(value.bases.base);
    claim.own = Of(value.own.exact);
    for (const engine::Loss& loss : value.losses) claim.lost[loss.unit] = loss.winner;
    claim.exact = Of(value.exact);
    claim.minor = value.minor;
    claim.shares.assign(value.shares.begin(), value.shares.end());
  }
  return claims;
}

// A line that is returned, in part or whole.
engine::StackLine ReturnOf(const engine::StackLine& sale, engine::StackWorld& world) {
  engine::StackLine back = sale;
  back.key.fact = StrCat(sale.key.fact, "-return");
  back.unit = sale.key.fact;
  const int64_t tenths = world.Pick(1, 10);
  const auto part = [&](Decimal value) { return Decimal::FromMicros(-(value.micros() / 10 * tenths)); };
  for (auto& [program, portion] : back.portions) {
    portion = {part(portion.qualifying), part(portion.earning), part(portion.qualifying_quantity),
               part(portion.earning_quantity), -portion.converted * Rational(tenths, 10)};
  }
  return back;
}

TEST(AgreementPropertyTest, TheVerifierFindsNoDifference) {
  size_t values = 0, paid = 0, losses = 0, bound = 0;
  engine::ForEachWorld(10'000, [&](engine::StackWorld& world) {
    if (!world.lines.empty() && world.OneIn(2)) world.lines.push_back(ReturnOf(world.lines[0], world));
    if (world.OneIn(4)) {
      // A penalty beside the plan.
      engine::StackProgram& penalty = world.programs.emplace_back();
      penalty = {"penalty", world.programs[0].terms};
      penalty.terms.floor = penalty.terms.cap = std::nullopt;
      penalty.terms.max_penalty = Decimal::FromInt(world.Pick(0, 30));
      if (!engine::CheckTermsValue(penalty.terms, "").empty()) {
        world.programs.pop_back();
      } else {
        for (engine::StackLine& line : world.lines) {
          const auto first = line.portions.find(world.programs[0].name);
          if (first != line.portions.end()) line.portions["penalty"] = first->second;
        }
      }
    }
    const engine::Stack stack = world.Evaluated();
    for (const std::string& difference : VerifyStack(InputOf(world), ClaimsOf(stack))) ADD_FAILURE() << difference;
    for (const engine::StackedValue& value : stack.values) {
      ++values;
      if (value.minor != 0) ++paid;
      if (!value.losses.empty()) ++losses;
      if (!value.cap.empty()) ++bound;
    }
  });
  // The worlds are worth it.
  EXPECT_GT(paid, values / 4);
  EXPECT_GT(losses, 1000u);
  EXPECT_GT(bound, 1000u);
}

// Of every value of the engine one digit is changed; the verifier finds it.
TEST(AgreementPropertyTest, AChangedFigureIsFound) {
  engine::ForEachWorld(1000, [&](engine::StackWorld& world) {
    const PlanInput input = InputOf(world);
    const std::map<std::string, StackedResult> good = ClaimsOf(world.Evaluated());
    const std::string& name = world.programs[world.Pick(0, static_cast<int64_t>(world.programs.size()) - 1)].name;
    for (int what = 0; what < 5; ++what) {
      std::map<std::string, StackedResult> bad = good;
      StackedResult& claim = bad.at(name);
      if (what == 0) claim.base.num += 1;
      if (what == 1) claim.own.num += 1;
      if (what == 2) claim.exact.num -= 1;
      if (what == 3) claim.minor += 1;
      if (what == 4) claim.shares.push_back(0);
      EXPECT_EQ(VerifyStack(input, bad).size(), 1u) << what;
    }
  });
}

}  // namespace
}  // namespace tributary::cli::verify
