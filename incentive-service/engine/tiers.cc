#include "incentive-service/engine/tiers.h"

#include "common/text/text.h"

namespace tributary::incentive {

std::vector<FieldViolation> CheckTiers(absl::Span<const Tier> tiers, std::string_view field) {
  std::vector<FieldViolation> violations;
  if (tiers.empty()) violations.push_back({std::string(field), "no tier", "at least one tier"});
  for (size_t i = 0; i < tiers.size(); ++i) {
    const std::string path = StrCat(field, "[", i, "]");
    const Tier& tier = tiers[i];
    if (i == 0 && !tier.from.zero()) {
      violations.push_back({path + ".from_amount", tier.from.ToString(), "0: the first tier begins at 0"});
    }
    if (i > 0 && tier.from <= tiers[i - 1].from) {
      violations.push_back({path + ".from_amount", tier.from.ToString(),
                            StrCat("more than ", tiers[i - 1].from.ToString(), ", where the tier before begins")});
    }
    if (tier.rate.negative() || tier.rate > Decimal::FromInt(1)) {
      violations.push_back({path + ".rate", tier.rate.ToString(), "a rate from 0 to 1, such as 0.035 for 3.5 %"});
    }
  }
  return violations;
}

size_t ReachedTier(const Scale& scale, Decimal amount) {
  size_t reached = 0;
  for (size_t i = 1; i < scale.tiers.size(); ++i) {
    const Decimal from = scale.tiers[i].from;
    const bool reaches = scale.bound == Bound::kFrom ? amount >= from : amount > from;
    if (!reaches) break;
    reached = i;
  }
  return reached;
}

std::optional<Decimal> EndOf(const Scale& scale, size_t tier) {
  if (tier + 1 >= scale.tiers.size()) return std::nullopt;
  return scale.tiers[tier + 1].from;
}

Decimal LeastIn(const Scale& scale, size_t tier) {
  const Decimal from = scale.tiers[tier].from;
  return scale.bound == Bound::kFrom ? from : from + Decimal::FromMicros(1);
}

}  // namespace tributary::incentive
