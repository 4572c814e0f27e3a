#include "incentive-service/engine/lint/unreachable_tiers.h"

#include <algorithm>

#include "common/text/text.h"
#include "incentive-service/engine/lint/probe.h"

namespace tributary::incentive {
namespace {

// Whether the cap alone decides at each of these. Between two amounts of one tier a value runs straight, so what holds
// at both ends of a tier holds all through it.
bool Capped(const Terms& terms, const Reachable& reachable, std::initializer_list<Decimal> amounts) {
  return std::all_of(amounts.begin(), amounts.end(), [&](Decimal q) {
    const std::optional<Bases> bases = BasesAt(terms, q, reachable.unit_price);
    return bases.has_value() && EvaluateExactly(terms, *bases).exact == Rational(*terms.cap);
  });
}

}  // namespace

std::vector<Finding> LintUnreachableTiers(const Terms& terms, const Reachable& reachable) {
  std::vector<Finding> findings;
  for (size_t i = 0; i < terms.scale.tiers.size(); ++i) {
    const auto [below, at] = ThresholdOf(terms, i);
    if (terms.scale.tiers[i].from.zero()) continue;
    const std::string tier = IntervalText(terms.scale, i);
    if (reachable.most.has_value() && at > *reachable.most) {
      findings.push_back({"tier-above-limit",
                          Severity::kWarning,
                          StrCat("no partner comes to ", tier, ": at most ", reachable.most->ToString()),
                          {{"reached_at", at.ToString()}, {"most", reachable.most->ToString()}}});
    }
    const std::optional<Rational> value = ValueAt(terms, at, reachable.unit_price);
    if (!value.has_value()) continue;
    // Values rise in the last tier, and in any other up to its end.
    const Decimal last = std::max(at, EndOf(terms.scale, i).value_or(at) - StepOf(terms));
    if (terms.cap.has_value() && Capped(terms, reachable, {below, at, last})) {
      findings.push_back(
          {"tier-behind-cap",
           Severity::kWarning,
           StrCat(tier, " pays nothing more: the cap of ", terms.cap->ToString(), " is reached below it"),
           {{"below", below.ToString()},
            {"value_below", terms.cap->ToString()},
            {"reached_at", at.ToString()},
            {"value_there", Shown(*value)}}});
    }
    if (reachable.budget.has_value() && *value > Rational(*reachable.budget)) {
      findings.push_back(
          {"tier-above-budget",
           Severity::kError,
           StrCat("one partner that reaches ", tier, " is paid more than the budget of ", reachable.budget->ToString()),
           {{"reached_at", at.ToString()}, {"value_there", Shown(*value)}, {"budget", reachable.budget->ToString()}}});
    }
  }
  return findings;
}

}  // namespace tributary::incentive
