// What must hold for every plan, set of programs and set of lines. Each case has a seed, printed where it fails.

#include <algorithm>
#include <map>
#include <numeric>

#include "common/money/money.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "incentive-service/engine/stack.h"
#include "incentive-service/engine/testing_stack_world.h"

namespace tributary::incentive {
namespace {

// All that a stack says of money, in words.
std::string Words(const Stack& stack, const std::vector<StackLine>& lines) {
  std::string words;
  for (const StackedValue& value : stack.values) {
    StrAppend(&words, value.program, ": ", value.minor, " = ", value.exact.ToString(), " of ",
              value.bases.base.ToString(), " at ", value.factor.ToString(), " ", value.cap, ";");
    std::map<std::string, int64_t> shares;
    for (size_t i = 0; i < value.shares.size(); ++i) shares[lines[i].key.fact] = value.shares[i];
    for (const auto& [fact, share] : shares) StrAppend(&words, " ", fact, " ", share);
    for (const Loss& loss : value.losses) StrAppend(&words, " lost ", loss.unit, " to ", loss.winner);
    words += "\n";
  }
  return words;
}
std::string Money(const Stack& stack) {
  std::string words;
  for (const StackedValue& value : stack.values) {
    StrAppend(&words, value.program, ": ", value.minor, " = ", value.exact.ToString(), "\n");
  }
  return words;
}

bool ByLine(const StackingPlan& plan) {
  return std::any_of(plan.groups.begin(), plan.groups.end(),
                     [](const ExclusiveGroup& group) { return group.scope == GroupScope::kLine; });
}

TEST(StackPropertyTest, NoOrderLeavesATrace) {
  ForEachWorld(3000, [](StackWorld& world) {
    // Equal remainders go to the earlier line, so shares are of lines in their order.
    const auto in_order = [](const StackLine& a, const StackLine& b) { return a.key < b.key; };
    std::sort(world.lines.begin(), world.lines.end(), in_order);
    const std::string before = Words(world.Evaluated(), world.lines);
    for (int i = 0; i < 3; ++i) {
      world.Shuffle();
      const std::string money = Money(world.Evaluated());
      std::sort(world.lines.begin(), world.lines.end(), in_order);
      const Stack after = world.Evaluated();
      EXPECT_EQ(Words(after, world.lines), before);
      EXPECT_EQ(Money(after), money);
    }
  });
}

TEST(StackPropertyTest, SumsMovedByLinesAreSumsOfLines) {
  ForEachWorld(10'000, [](StackWorld& world) {
    StackSums moved = SumsOf(world.plan, world.lines);
    for (int64_t i = world.Pick(1, 12); i > 0; --i) {
      if (world.lines.empty() || world.OneIn(2)) {
        world.lines.push_back(world.AnyLine(StrCat("later", i)));
        AddLine(world.plan, world.lines.back(), &moved);
      } else {
        const auto gone = world.lines.begin() + world.Pick(0, static_cast<int64_t>(world.lines.size()) - 1);
        RemoveLine(world.plan, *gone, &moved);
        world.lines.erase(gone);
      }
    }
    EXPECT_EQ(moved, SumsOf(world.plan, world.lines));
    ASSERT_OK_AND_ASSIGN(const Stack stack, EvaluateStack(world.plan, world.programs, moved, world.lines, true));
    EXPECT_EQ(Words(stack, world.lines), Words(world.Evaluated(), world.lines));
    if (ByLine(world.plan)) return;
    ASSERT_OK_AND_ASSIGN(const Stack by_sums, EvaluateStack(world.plan, world.programs, moved));
    EXPECT_EQ(Money(by_sums), Money(stack));
  });
}

TEST(StackPropertyTest, ALineAndItsReturnAreNothing) {
  ForEachWorld(3000, [](StackWorld& world) {
    const std::string before = Money(world.Evaluated());
    StackLine sale = world.AnyLine("sale"), back = sale;
    back.key.fact = "return";
    back.unit = "sale";
    for (auto& [program, portion] : back.portions) portion = -portion;
    world.lines.push_back(std::move(sale));
    world.lines.push_back(std::move(back));
    world.Shuffle();
    EXPECT_EQ(Money(world.Evaluated()), before);
  });
}

TEST(StackPropertyTest, SplittingALineChangesNothing) {
  ForEachWorld(3000, [](StackWorld& world) {
    if (world.lines.empty()) return;
    const std::string before = Money(world.Evaluated());
    StackLine& whole = world.lines[world.Pick(0, static_cast<int64_t>(world.lines.size()) - 1)];
    StackLine piece = whole;
    piece.key.fact += "b";
    const int64_t tenths = world.Pick(1, 9);
    const auto part = [&](Decimal value) { return Decimal::FromMicros(value.micros() / 10 * tenths); };
    for (auto& [program, portion] : piece.portions) {
      portion = {part(portion.qualifying), part(portion.earning), part(portion.qualifying_quantity),
                 part(portion.earning_quantity), portion.converted * Rational(tenths, 10)};
      whole.portions[program] += -portion;
    }
    world.lines.push_back(std::move(piece));
    EXPECT_EQ(Money(world.Evaluated()), before);
  });
}

// Deductions are rounded to a billionth, so money scales up to that, and to the cent.
TEST(StackPropertyTest, ScalingPricesScalesMoneyAtLinearRates) {
  int scaled = 0;
  ForEachWorld(4000, [&](StackWorld& world) {
    for (StackProgram& program : world.programs) {
      const Decimal rate = program.terms.scale.tiers[0].rate;
      program.terms = TermsOf(Shape::kFlat, "0:0.01");
      program.terms.currency = "USD";
      program.terms.scale.tiers[0].rate = rate;
    }
    for (SharedCap& cap : world.plan.caps) {
      cap.rate = cap.rate.value_or(D("0.05"));
      cap.amount.reset();
    }
    if (!CheckPlan(world.plan, world.programs, "").empty()) return;
    const int64_t times = world.Pick(2, 9);
    const Stack before = world.Evaluated();
    for (StackLine& line : world.lines) {
      for (auto& [program, portion] : line.portions) {
        portion.qualifying = Decimal::FromMicros(portion.qualifying.micros() * times);
        portion.earning = Decimal::FromMicros(portion.earning.micros() * times);
        portion.converted = portion.converted * Rational::FromInt(times);
      }
    }
    const Stack after = world.Evaluated();
    const Rational tolerance(1, 10'000'000);
    for (size_t i = 0; i < before.values.size(); ++i) {
      const Rational off = after.values[i].exact - before.values[i].exact * Rational::FromInt(times);
      EXPECT_LT(off, tolerance);
      EXPECT_GT(off, -tolerance);
    }
    ++scaled;
  });
  EXPECT_GT(scaled, 2000);
}

TEST(StackPropertyTest, MoneyAddsUp) {
  ForEachWorld(5000, [](StackWorld& world) {
    const Stack stack = world.Evaluated();
    std::map<std::string, const StackedValue*> values;
    int64_t minor = 0;
    for (const StackedValue& value : stack.values) {
      values[value.program] = &value;
      minor += value.minor;
      // Shares sum to the value, or carry nothing.
      const int64_t shared = std::accumulate(value.shares.begin(), value.shares.end(), int64_t{0});
      const bool carries =
          std::any_of(value.shares.begin(), value.shares.end(), [](int64_t share) { return share != 0; });
      if (carries) {
        EXPECT_EQ(shared, value.minor);
      }
      // What is left and what was lost are what it was worth.
      Rational whole = value.after_groups;
      for (const Loss& loss : value.losses) whole = whole + loss.amount;
      if (!value.after_groups.zero()) {
        EXPECT_EQ(whole, value.own.exact);
      }
      const auto program = std::find_if(world.programs.begin(), world.programs.end(),
                                        [&](const StackProgram& one) { return one.name == value.program; });
      if (program->terms.max_penalty.has_value()) {
        // What is charged stays whole.
        EXPECT_EQ(value.exact, value.own.exact);
        EXPECT_FALSE(value.exact > Rational());
      } else {
        EXPECT_FALSE(value.exact.negative());
      }
    }
    EXPECT_EQ(minor, stack.minor);
    // No cap is passed, by exact values or rounded ones.
    for (const SharedCap& cap : world.plan.caps) {
      const auto use =
          std::find_if(stack.caps.begin(), stack.caps.end(), [&](const CapUse& one) { return one.cap == cap.name; });
      Rational exact;
      int64_t rounded = 0;
      for (const std::string& member : cap.members) {
        exact = exact + values[member]->exact;
        rounded += values[member]->minor;
      }
      EXPECT_LE(exact, use->limit);
      EXPECT_LE(Rational(rounded, 100), use->limit);
    }
    // One member alone pays for a period, or on a unit.
    for (const ExclusiveGroup& group : world.plan.groups) {
      std::map<std::string, size_t> bids, losses;
      for (const GroupMember& member : group.members) {
        const StackedValue& value = *values[member.program];
        for (const Loss& loss : value.losses) ++losses[loss.unit];
        if (group.scope == GroupScope::kPartnerPeriod) {
          ++bids[""];
          continue;
        }
        for (const StackLine& line : world.lines) {
          if (line.Earning(member.program) != nullptr) ++bids[line.key.fact];
        }
      }
      for (const auto& [unit, count] : bids) EXPECT_EQ(losses[unit], count - 1) << unit;
    }
  });
}

}  // namespace
}  // namespace tributary::incentive
