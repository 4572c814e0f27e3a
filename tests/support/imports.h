#pragma once

// tributaryctl import, as tests look at it.

#include <cstdint>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/support/suite.h"

namespace tributary::testing {

struct ImportOutcome {
  Outcome command;
  std::string name;  // imports/...; empty for a dry run
  int64_t received = -1, accepted = -1, duplicate = -1, rejected = -1;
  nlohmann::json errors = nlohmann::json::array();  // row, column, got, want, reason
};

// Reads what the command printed.
ImportOutcome ReadImport(Outcome command);
ImportOutcome Import(TestSuite& suite, const std::string& mapping, const std::string& file,
                     std::vector<std::string> more = {});
// Must succeed.
void UndoImport(TestSuite& suite, const std::string& service, const std::string& name);

}  // namespace tributary::testing
