#include "partner-service/channels/route_advisor.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::partner {
namespace {

// The order among equals.
constexpr ChannelType kTypes[] = {ChannelType::kHybrid, ChannelType::kIndirect, ChannelType::kDirect};

RouteScore ScoreOf(ChannelType type, const RouteFactors& factors) {
  RouteScore score{.type = type};
  for (const RouteFactor& factor : factors) {
    RouteTerm term{.factor = factor.name, .weight = factor.weight, .value = factor.value};
    term.low = factor.value.has_value() ? factor.weight * FitOf(type, *factor.value) : 0;
    term.high = factor.value.has_value() ? term.low : factor.weight * 10;
    score.low += term.low;
    score.high += term.high;
    score.terms.push_back(term);
  }
  return score;
}

// The most that missing values can give to `other` beyond what the same values give to `best`.
int MostGained(ChannelType other, ChannelType best, const RouteFactors& factors) {
  int gained = 0;
  for (const RouteFactor& factor : factors) {
    if (factor.value.has_value()) continue;
    int most = -10;
    for (int value = 0; value <= 10; ++value) most = std::max(most, FitOf(other, value) - FitOf(best, value));
    gained += factor.weight * most;
  }
  return gained;
}

}  // namespace

int FitOf(ChannelType type, int value) {
  switch (type) {
    case ChannelType::kDirect:
      return value;
    case ChannelType::kIndirect:
      return 10 - value;
    case ChannelType::kHybrid:
      return 10 - 2 * std::abs(value - 5);
  }
  return 0;
}

absl::StatusOr<RouteAdvice> AdviseRoute(const RouteFactors& factors) {
  int sum = 0;
  std::string weights;
  for (const RouteFactor& factor : factors) {
    sum += factor.weight;
    StrAppend(&weights, weights.empty() ? "" : " + ", factor.weight);
  }
  if (sum != 100) {
    return InvalidField("product_complexity_weight", StrCat(weights, " = ", sum),
                        "weights of the five factors that sum to 100, or none of them");
  }
  RouteAdvice advice;
  for (const ChannelType type : kTypes) advice.scores.push_back(ScoreOf(type, factors));
  std::stable_sort(advice.scores.begin(), advice.scores.end(),
                   [](const RouteScore& a, const RouteScore& b) { return a.low > b.low; });
  const bool known = std::any_of(factors.begin(), factors.end(), [](const RouteFactor& factor) {
    return factor.value.has_value() && factor.weight > 0;
  });
  if (!known) return advice;
  const RouteScore& best = advice.scores.front();
  advice.recommended = best.type;
  advice.certain = std::all_of(advice.scores.begin() + 1, advice.scores.end(), [&](const RouteScore& other) {
    return other.low + MostGained(other.type, best.type, factors) <= best.low;
  });
  return advice;
}

}  // namespace tributary::partner
