#include "incentive-service/engine/lint/order_splits.h"

#include <algorithm>
#include <set>

#include "common/text/text.h"
#include "incentive-service/engine/exact.h"
#include "incentive-service/engine/lint/probe.h"

namespace tributary::incentive {
namespace {

// Orders that are worth trying: one step, about each bound and half of it, and about where the cap is reached.
std::set<Decimal> Orders(const Terms& terms, std::optional<Decimal> unit_price) {
  const Decimal step = StepOf(terms);
  const auto in_steps = [&](Decimal amount) { return amount - Decimal::FromMicros(amount.micros() % step.micros()); };
  std::set<Decimal> orders = {step};
  for (size_t i = 0; i < terms.scale.tiers.size(); ++i) {
    const auto [below, at] = ThresholdOf(terms, i);
    const Decimal half = in_steps(Decimal::FromMicros(at.micros() / 2));
    for (const Decimal order : {below, at, at + step, half, at - half}) {
      if (order > Decimal()) orders.insert(order);
    }
  }
  // Where the cap is reached, to the step, if it is.
  if (!terms.cap.has_value()) return orders;
  Decimal low = step, high = step;
  for (int i = 0; i < 60 && *ValueAt(terms, high, unit_price) < Rational(*terms.cap); ++i) {
    low = high;
    high += high;
    if (high > Decimal::FromInt(1'000'000'000'000)) return orders;
  }
  while (high - low > step) {
    const Decimal middle = low + in_steps(Decimal::FromMicros((high - low).micros() / 2));
    (*ValueAt(terms, middle, unit_price) < Rational(*terms.cap) ? low : high) = middle;
  }
  orders.insert(high);
  return orders;
}

struct Pair {
  Decimal first, second;
  Rational apart;  // what both pay as two orders, and as one
  Rational together;
};

Finding FindingOf(const char* rule, Severity severity, const char* verb, const Pair& pair, const Terms& terms,
                  std::optional<Decimal> unit_price) {
  const Rational gain = pair.apart > pair.together ? pair.apart - pair.together : pair.together - pair.apart;
  return {rule,
          severity,
          StrCat(verb, " ", pair.first.ToString(), " and ", pair.second.ToString(), " gains ", Shown(gain)),
          {{"first_order", pair.first.ToString()},
           {"first_value", Shown(*ValueAt(terms, pair.first, unit_price))},
           {"second_order", pair.second.ToString()},
           {"second_value", Shown(*ValueAt(terms, pair.second, unit_price))},
           {"one_order", (pair.first + pair.second).ToString()},
           {"one_value", Shown(pair.together)}}};
}

}  // namespace

std::vector<Finding> LintOrderSplits(const Terms& terms, std::optional<Decimal> unit_price) {
  if (!BasesAt(terms, StepOf(terms), unit_price).has_value()) return {};
  const std::set<Decimal> orders = Orders(terms, unit_price);
  std::optional<Pair> split, merge;
  for (auto first = orders.begin(); first != orders.end(); ++first) {
    for (auto second = orders.begin(); second != std::next(first); ++second) {
      const Rational apart = *ValueAt(terms, *first, unit_price) + *ValueAt(terms, *second, unit_price);
      const Pair pair{*first, *second, apart, *ValueAt(terms, *first + *second, unit_price)};
      const auto gain = [](const Pair& one) { return one.apart - one.together; };
      if (Positive(gain(pair)) && (!split.has_value() || gain(pair) > gain(*split))) split = pair;
      if (gain(pair).negative() && (!merge.has_value() || gain(pair) < gain(*merge))) merge = pair;
    }
  }
  std::vector<Finding> findings;
  if (split.has_value()) {
    findings.push_back(FindingOf("order-split", Severity::kError, "one order split into", *split, terms, unit_price));
  }
  if (merge.has_value()) {
    findings.push_back(FindingOf("order-merge", Severity::kWarning, "one order of", *merge, terms, unit_price));
  }
  return findings;
}

}  // namespace tributary::incentive
