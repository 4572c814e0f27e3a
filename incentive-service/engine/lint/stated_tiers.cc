#include "incentive-service/engine/lint/stated_tiers.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "common/text/text.h"

namespace tributary::incentive {
namespace {

std::string Text(const StatedTier& tier, Bound bound) {
  const std::string end = tier.to.has_value() ? tier.to->ToString() : "∞";
  return bound == Bound::kFrom ? StrCat("[", tier.from.ToString(), ", ", end, ")")
                               : StrCat("(", tier.from.ToString(), ", ", end, "]");
}

}  // namespace

std::vector<Finding> LintStatedTiers(absl::Span<const StatedTier> tiers, Bound bound) {
  std::vector<Finding> findings;
  const auto find = [&](const char* rule, Severity severity, std::string message, Decimal amount, std::string lies_in) {
    findings.push_back(
        {rule, severity, std::move(message), {{"amount", amount.ToString()}, {"tiers", std::move(lies_in)}}});
  };
  std::vector<size_t> order(tiers.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return tiers[a].from < tiers[b].from; });
  for (size_t i = 0; i < order.size(); ++i) {
    const StatedTier& tier = tiers[order[i]];
    const std::string text = Text(tier, bound);
    if (tier.to.has_value() && *tier.to <= tier.from) {
      find("tier-empty", Severity::kError, StrCat("no amount lies in ", text), tier.from, "none");
      continue;
    }
    if (i + 1 == order.size()) {
      if (tier.to.has_value()) {
        const Decimal beyond = bound == Bound::kFrom ? *tier.to : *tier.to + Decimal::FromMicros(1);
        find("tier-gap", Severity::kWarning, StrCat("amounts beyond ", text, " have no tier"), beyond, "none");
      }
      continue;
    }
    const StatedTier& next = tiers[order[i + 1]];
    if (!tier.to.has_value() || next.from < *tier.to) {
      const Decimal both = bound == Bound::kFrom ? next.from : next.from + Decimal::FromMicros(1);
      find("tier-overlap", Severity::kError, StrCat(text, " and ", Text(next, bound), " overlap"), both,
           StrCat(order[i], ", ", order[i + 1]));
    } else if (*tier.to < next.from) {
      find("tier-gap", Severity::kError, StrCat("amounts between ", text, " and ", Text(next, bound), " have no tier"),
           bound == Bound::kFrom ? *tier.to : next.from, "none");
    }
  }
  return findings;
}

}  // namespace tributary::incentive
