#include "incentive-service/engine/mix.h"

#include "common/text/text.h"

namespace tributary::incentive {

std::vector<FieldViolation> CheckMix(const MixTerms& terms, std::string_view field) {
  std::vector<FieldViolation> violations;
  const Decimal one = Decimal::FromInt(1);
  if (terms.tiers.empty()) violations.push_back({StrCat(field, ".tiers"), "no tier", "at least one tier"});
  for (size_t i = 0; i < terms.tiers.size(); ++i) {
    const std::string path = StrCat(field, ".tiers[", i, "]");
    const MixTier& tier = terms.tiers[i];
    if (tier.share.negative() || tier.share > one) {
      violations.push_back({path + ".share", tier.share.ToString(), "a share from 0 to 1, such as 0.3 for 30 %"});
    } else if (i > 0 && tier.share <= terms.tiers[i - 1].share) {
      violations.push_back(
          {path + ".share", tier.share.ToString(),
           StrCat("more than ", terms.tiers[i - 1].share.ToString(), ", the share of the tier before")});
    }
    if (tier.rate.negative() || tier.rate > one) {
      violations.push_back({path + ".rate", tier.rate.ToString(), "a rate from 0 to 1, such as 0.02 for 2 %"});
    }
  }
  return violations;
}

Mix MixOf(const MixTerms& terms, Decimal set, Decimal all) {
  Mix mix;
  if (!(Decimal() < all)) return mix;
  for (size_t i = 0; i < terms.tiers.size(); ++i) {
    if (Rational(set) < Rational(all) * Rational(terms.tiers[i].share)) break;
    mix.tier = i;
  }
  if (!mix.tier.has_value()) return mix;
  const Decimal base = terms.pays == MixPays::kSet ? set : all;
  if (Decimal() < base) mix.value = Rational(base) * Rational(terms.tiers[*mix.tier].rate);
  return mix;
}

}  // namespace tributary::incentive
