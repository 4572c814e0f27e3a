#pragma once

// What a rule of lint found: data, with the numbers that show it.

#include <string>
#include <utility>
#include <vector>

namespace tributary::incentive {

enum class Severity {
  kWarning = 1,  // launch knowing it
  kError = 2,    // may not be launched
};

struct Finding {
  std::string rule;  // "tier-gap": stable, for programs and for looking up
  Severity severity = Severity::kWarning;
  std::string message;                                               // for people
  std::vector<std::pair<std::string, std::string>> counter_example;  // (name, value), such as ("amount", "1000.5")
};

}  // namespace tributary::incentive
