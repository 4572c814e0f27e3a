#pragma once

// Exchange rates as partner-service tells them: one unit of a currency, on a day, in units of another. A rate holds for
// its own day alone and is never inverted.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/money/rational.h"
#include "common/time/date.h"

namespace tributary::incentive {

// (currency, day).
using RateKey = std::pair<std::string, Date>;

// Rates of one type into one currency.
using Rates = std::map<RateKey, Rational>;

}  // namespace tributary::incentive
