#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "common/money/decimal.h"

namespace tributary::conflict {

// By what DIVERSION is judged: integer decibans (tenths of a ban: 10 are odds of ten to one) for each piece of
// evidence, which are summed. The defaults are the built-in version.
struct DiversionPolicy {
  int64_t version = 0;
  absl::Time update_time;                      // of a version above 0
  Decimal least_units = Decimal::FromInt(10);  // so many units make a mass balance evidence
  int32_t prior_decibans = -20;                // before any evidence
  int32_t balance_decibans = 15;               // a mass balance
  int32_t outside_serial_decibans = 6;         // each distinct unit that is seen outside; above 0
  int32_t threshold_decibans = 10;             // from here on it is a finding
};

inline constexpr std::string_view kDiversionRule = "conflictRules/diversion";

// As findings name it: "diversion.3".
std::string VersionOf(const DiversionPolicy& policy);

}  // namespace tributary::conflict
