// What README.md and the how-tos print is run here as it stands there: every line of a ```sh block that calls curl or
// tributaryctl, waits until something holds or makes a TOKEN, against a suite on which the demo has run. What takes
// days stands in a ```bash block, which a scenario runs under a clock of its own.

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/channel.h"
#include "tests/support/printed_commands.h"

namespace tributary::testing {
namespace {

namespace fs = std::filesystem;

class CommandsTest : public ::testing::TestWithParam<std::string> {};

TEST_P(CommandsTest, RunAsPrinted) {
  SampleDemo& demo = SampleDemo::Get();
  ASSERT_EQ(demo.outcome.code, 0) << demo.outcome.ToString();
  const std::vector<PrintedBlock> blocks = PrintedBlocks(SourceFolder() + "/" + GetParam(), "sh");
  std::map<std::string, std::string> environment = EnvironmentOfPrinted(demo.suite);
  int run = 0;
  for (const PrintedBlock& block : blocks) {
    // Where the text says that something is refused, an error is the right answer to one of the lines.
    const bool refused = block.before.find("refused") != std::string::npos;
    int errors = 0;
    for (const std::string& printed : block.lines) {
      SCOPED_TRACE(printed);
      const Outcome outcome = RunPrinted(demo.suite, printed, &environment);
      ++run;
      EXPECT_EQ(outcome.code, 0) << outcome.ToString();
      EXPECT_FALSE(outcome.out.empty() && outcome.err.empty()) << "it says nothing";
      if (printed.starts_with("curl ")) {
        const auto answer = nlohmann::json::parse(outcome.out, nullptr, /*allow_exceptions=*/false);
        EXPECT_FALSE(answer.is_discarded()) << outcome.ToString();
        const bool error = answer.is_object() && answer.contains("code") && answer.contains("message");
        EXPECT_TRUE(refused || !error) << outcome.out;
        errors += error;
      }
    }
    if (refused && errors == 0) ADD_FAILURE() << "nothing was refused below: " << block.before;
  }
  // A document that shows commands shows some that can be run.
  EXPECT_GT(run, 0);
}

// The README, and every how-to that has such a line.
std::vector<std::string> Documents() {
  std::vector<std::string> documents = {"README.md"};
  for (const auto& entry : fs::directory_iterator(SourceFolder() + "/docs/howto")) {
    if (entry.path().extension() != ".md") continue;
    if (!PrintedBlocks(entry.path().string(), "sh").empty()) {
      documents.push_back("docs/howto/" + entry.path().filename().string());
    }
  }
  std::sort(documents.begin(), documents.end());
  return documents;
}

INSTANTIATE_TEST_SUITE_P(Documents, CommandsTest, ::testing::ValuesIn(Documents()), [](const auto& info) {
  std::string name;
  for (const char c : info.param) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
});

}  // namespace
}  // namespace tributary::testing
