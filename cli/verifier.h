#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/suite.h"

namespace tributary::cli {

struct VerifyReport {
  int64_t statements = 0;
  int64_t verified = 0;                  // recomputed from their own explanation and lines, and agreeing
  std::vector<std::string> differences;  // in words, with the statement's name
};

// Reads statements of all partners that pass the filter, with their lines and the facts that the lines name, and
// recomputes each. Without a filter, that they keep to the budgets of their programs too, where the caller may see
// these.
absl::StatusOr<VerifyReport> VerifyAll(Suite& suite, const std::string& filter,
                                       const std::function<void(int64_t done)>& progress);

}  // namespace tributary::cli
