#include "tests/support/imports.h"

#include <cstdio>
#include <sstream>

#include "gtest/gtest.h"

namespace tributary::testing {

ImportOutcome ReadImport(Outcome command) {
  ImportOutcome result;
  std::istringstream words(command.err);
  for (std::string line; std::getline(words, line);) {
    if (line.starts_with("imports/")) result.name = line;
    long long received, accepted, duplicate, rejected;
    if (std::sscanf(line.c_str(), "%lld rows: %lld new, %lld there already, %lld refused", &received, &accepted,
                    &duplicate, &rejected) == 4) {
      result.received = received;
      result.accepted = accepted;
      result.duplicate = duplicate;
      result.rejected = rejected;
    }
  }
  if (!command.out.empty()) {
    result.errors = nlohmann::json::parse(command.out, nullptr, /*allow_exceptions=*/false);
    EXPECT_TRUE(result.errors.is_array()) << command.ToString();
  }
  result.command = std::move(command);
  return result;
}

ImportOutcome Import(TestSuite& suite, const std::string& mapping, const std::string& file,
                     std::vector<std::string> more) {
  std::vector<std::string> arguments = {"-o", "json", "import", "--mapping", mapping, file};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return ReadImport(suite.Ctl(std::move(arguments)));
}

void UndoImport(TestSuite& suite, const std::string& service, const std::string& name) {
  const Outcome outcome = suite.Ctl({"undo-import", service, name});
  EXPECT_EQ(outcome.code, 0) << outcome.ToString();
  EXPECT_NE(outcome.out.find("\"UNDONE\""), std::string::npos) << outcome.ToString();
}

}  // namespace tributary::testing
