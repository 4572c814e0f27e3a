#pragma once

// Findings as tests compare them.

#include <string>
#include <vector>

#include "common/text/text.h"
#include "incentive-service/engine/lint/finding.h"

namespace tributary::incentive {

// "tier-gap! amount=1000.5 tiers=none" a line; "!" marks an error.
inline std::string Summary(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    if (!text.empty()) text += "\n";
    StrAppend(&text, finding.rule, finding.severity == Severity::kError ? "!" : "");
    for (const auto& [name, value] : finding.counter_example) StrAppend(&text, " ", name, "=", value);
  }
  return text;
}

}  // namespace tributary::incentive
