#pragma once

// Terms as tests write them.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/money/testing_decimal.h"
#include "incentive-service/engine/evaluation.h"

namespace tributary::incentive {

inline Rational R(std::string_view text) { return Rational(D(text)); }

// "0:0.01 20000:0.02" as tiers of rates; "+" before what follows the bound makes it an amount: "50000:+1000".
inline std::vector<Tier> TiersOf(std::string_view text) {
  std::vector<Tier> tiers;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    const std::string_view from = one.substr(0, one.find(':')), value = one.substr(from.size() + 1);
    if (value.starts_with('+')) {
      tiers.push_back({D(from), Decimal(), D(value.substr(1))});
    } else {
      tiers.push_back({D(from), D(value)});
    }
  }
  return tiers;
}

inline Terms TermsOf(Shape shape, std::string_view tiers, Bound bound = Bound::kFrom,
                     Rounding rounding = Rounding::kHalfEven, std::string_view currency = "CNY") {
  return {{shape, bound, TiersOf(tiers)}, std::string(currency), rounding};
}

}  // namespace tributary::incentive
