#include "incentive-service/engine/lint/cliffs.h"

#include "common/text/text.h"
#include "incentive-service/engine/exact.h"
#include "incentive-service/engine/lint/probe.h"

namespace tributary::incentive {

std::vector<Finding> LintCliffs(const Terms& terms, Decimal percent, std::optional<Decimal> unit_price) {
  std::vector<Finding> findings;
  const Decimal step = StepOf(terms);
  const bool charges = terms.max_penalty.has_value() && terms.scale.shape != Shape::kTarget;
  const Rational sign = Rational::FromInt(charges ? -1 : 1);
  for (size_t i = 0; i < terms.scale.tiers.size(); ++i) {
    const auto [below, at] = ThresholdOf(terms, i);
    if (terms.scale.tiers[i].from.zero() || !BasesAt(terms, at, unit_price).has_value()) continue;
    const Rational before = sign * *ValueAt(terms, below, unit_price), after = sign * *ValueAt(terms, at, unit_price);
    const auto find = [&, below = below, at = at](const char* rule, Severity severity, std::string message) {
      findings.push_back({rule,
                          severity,
                          std::move(message),
                          {{"below", below.ToString()},
                           {"value_below", Shown(before)},
                           {"reached_at", at.ToString()},
                           {"value_there", Shown(after)}}});
    };
    const std::string tier = IntervalText(terms.scale, i);
    if (after < before && charges) {
      find("tier-cliff", Severity::kWarning,
           StrCat("on reaching ", tier, " the charge falls from ", Shown(before), " to ", Shown(after)));
      continue;
    }
    if (after < before) {
      find("tier-drop", Severity::kError, StrCat("on reaching ", tier, " the value falls by ", Shown(before - after)));
      continue;
    }
    // What one more step brings without a bound.
    const Rational slope = sign * *ValueAt(terms, at + step, unit_price) - after;
    const Rational jump = after - before - slope;
    const Rational money = BasesAt(terms, step, unit_price)->base;
    if (Positive(before) ? jump * Rational::FromInt(100) > before * Rational(percent) && jump > money : jump > money) {
      find("tier-cliff", Severity::kWarning,
           Positive(before)
               ? StrCat("on reaching ", tier, " the value jumps by ", Shown(jump * Rational::FromInt(100) / before),
                        " %, more than ", percent.ToString(), " %")
               : StrCat("on reaching ", tier, " the value jumps from ", before.zero() ? "nothing" : Shown(before),
                        " to ", Shown(after)));
    }
  }
  return findings;
}

}  // namespace tributary::incentive
