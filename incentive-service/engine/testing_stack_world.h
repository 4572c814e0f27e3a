#pragma once

// Random plans, programs and lines, each world by its seed.

#include <algorithm>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "incentive-service/engine/stack.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {

// A partner's period under a random plan.
class StackWorld {
 public:
  explicit StackWorld(uint64_t seed) : random_(seed) {
    for (int64_t i = Pick(1, 6); i > 0; --i) programs.push_back({StrCat("p", i), AnyTerms()});
    do plan = AnyPlan();
    while (!CheckPlan(plan, programs, "plan").empty());
    for (int64_t i = Pick(0, 14); i > 0; --i) lines.push_back(AnyLine(StrCat("fact", i)));
  }

  int64_t Pick(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random_); }
  bool OneIn(int64_t n) { return Pick(1, n) == 1; }

  // In multiples of a hundred-thousandth, so that tenths of it are whole millionths; returns now and then.
  Decimal Amount() {
    const int64_t micros = Pick(1, 90'000'000) * 10 * (OneIn(3) ? 1000 : 1);
    return Decimal::FromMicros(OneIn(8) ? -micros : micros);
  }

  StackLine AnyLine(std::string fact) {
    StackLine line;
    line.key.fact = std::move(fact);
    const Decimal amount = OneIn(4) ? D("10") : Amount(), units = Decimal::FromInt(Pick(1, 50));
    for (const StackProgram& program : programs) {
      if (OneIn(3)) continue;
      const bool earns = !OneIn(6);
      line.portions[program.name] = {amount, earns ? amount : Decimal(), units, earns ? units : Decimal()};
    }
    if (!OneIn(5)) return line;
    // In another currency: by the rate of its day, without one units alone.
    const Rational rate = OneIn(5) ? Rational() : Rational(Pick(1, 9'000'000'000'000), 1'000'000'000'000);
    for (auto& [program, portion] : line.portions) {
      portion = {Decimal(), Decimal(), units, units, Rational(amount) * rate};
    }
    return line;
  }

  void Shuffle() {
    const auto shuffle = [&](auto& elements) { std::shuffle(elements.begin(), elements.end(), random_); };
    shuffle(programs);
    shuffle(lines);
    shuffle(plan.net_of);
    shuffle(plan.groups);
    shuffle(plan.caps);
    for (ExclusiveGroup& group : plan.groups) shuffle(group.members);
    for (SharedCap& cap : plan.caps) shuffle(cap.members);
  }

  Stack Evaluated() const {
    absl::StatusOr<Stack> stack = EvaluateStack(plan, programs, SumsOf(plan, lines), lines, true);
    EXPECT_OK(stack);
    return stack.ok() ? *std::move(stack) : Stack();
  }

  StackingPlan plan;
  std::vector<StackProgram> programs;
  std::vector<StackLine> lines;

 private:
  Terms AnyTerms() {
    Terms terms;
    terms.currency = "USD";
    terms.rounding = std::vector{Rounding::kHalfEven, Rounding::kHalfUp, Rounding::kDown}[Pick(0, 2)];
    Scale& scale = terms.scale;
    scale.shape = static_cast<Shape>(Pick(1, 7));
    scale.bound = OneIn(2) ? Bound::kFrom : Bound::kUpto;
    scale.measure = OneIn(3) ? Measure::kQuantity : Measure::kAmount;
    const int64_t step = scale.measure == Measure::kAmount ? 300 : 60;
    const bool amounts = scale.shape == Shape::kPerUnit || (scale.shape == Shape::kTarget && OneIn(2));
    Decimal from = scale.shape == Shape::kTarget ? Decimal::FromInt(Pick(1, step)) : Decimal();
    for (int64_t i = scale.shape == Shape::kFlat ? 1 : Pick(1, 4); i > 0; --i) {
      const Decimal rate = Decimal::FromMicros(Pick(1, 25) * 10'000);
      scale.tiers.push_back({from, amounts ? Decimal() : rate, amounts ? Decimal::FromInt(Pick(1, 40)) : Decimal()});
      from += Decimal::FromInt(Pick(1, step));
    }
    if (OneIn(6)) terms.floor = Decimal::FromInt(Pick(0, 20));
    if (OneIn(5)) terms.cap = Decimal::FromInt(Pick(20, 100));
    if (OneIn(8)) {
      terms.floor = terms.cap = std::nullopt;
      if (scale.shape == Shape::kTarget) {
        scale.tiers.resize(1);
        // Missing units have no price.
        if (scale.measure == Measure::kQuantity && !amounts) {
          scale.tiers[0] = {scale.tiers[0].from, Decimal(), Decimal::FromInt(Pick(1, 40))};
        }
      }
      terms.max_penalty = Decimal::FromMicros(Pick(0, 30'000'000));
    }
    EXPECT_TRUE(CheckTermsValue(terms, "").empty());
    return terms;
  }

  const std::string& AnyProgram() { return programs[Pick(0, static_cast<int64_t>(programs.size()) - 1)].name; }

  StackingPlan AnyPlan() {
    StackingPlan any;
    for (int64_t i = Pick(0, 4); i > 0; --i) {
      any.net_of.push_back({AnyProgram(), AnyProgram(), OneIn(3) ? Lowers::kBoth : Lowers::kBase});
    }
    for (int64_t i = Pick(0, 2); i > 0; --i) {
      ExclusiveGroup group{StrCat("g", i), OneIn(2) ? GroupScope::kLine : GroupScope::kPartnerPeriod, {}};
      for (int64_t m = Pick(2, 3); m > 0; --m) group.members.push_back({AnyProgram(), Pick(0, 1)});
      any.groups.push_back(std::move(group));
    }
    for (int64_t i = Pick(0, 2); i > 0; --i) {
      SharedCap cap{StrCat("c", i), {}};
      std::set<std::string> members;
      for (int64_t m = Pick(1, 4); m > 0; --m) members.insert(AnyProgram());
      cap.members.assign(members.begin(), members.end());
      if (OneIn(2)) {
        cap.rate = Decimal::FromMicros(Pick(1, 20) * 10'000);
      } else {
        cap.amount = Decimal::FromMicros(Pick(1, 20'000) * 10'000);
      }
      any.caps.push_back(std::move(cap));
    }
    return any;
  }

  std::mt19937_64 random_;
};

// Runs the property on worlds of seeds 1 to `worlds`; the seed is printed where it fails.
inline void ForEachWorld(uint64_t worlds, const std::function<void(StackWorld& world)>& holds) {
  for (uint64_t seed = 1; seed <= worlds && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    StackWorld world(seed);
    holds(world);
  }
}

}  // namespace tributary::incentive
