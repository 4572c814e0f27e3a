#pragma once

// Commands as documents print them, to be run as they stand there.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/command.h"
#include "tests/support/suite.h"

namespace tributary::testing {

struct PrintedBlock {
  std::string before;              // the paragraph in front of it
  std::vector<std::string> lines;  // those that can be run: curl, tributaryctl, until, TOKEN=
};

// The document's blocks behind ```fence that have such a line.
std::vector<PrintedBlock> PrintedBlocks(const std::string& path, std::string_view fence);

// Runs a line with the suite's programs, ports and folder in the place of the usual ones. One that makes a TOKEN leaves
// it in the environment.
Outcome RunPrinted(TestSuite& suite, const std::string& printed, std::map<std::string, std::string>* environment);

// What lines are run with first.
std::map<std::string, std::string> EnvironmentOfPrinted(const TestSuite& suite);

}  // namespace tributary::testing
