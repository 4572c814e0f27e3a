// What README.md and the how-tos print is run here as it stands there: every line of a ```sh block that calls curl or
// tributaryctl, waits until something holds or makes a TOKEN, against a suite on which the demo has run.

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/channel.h"

namespace tributary::testing {
namespace {

namespace fs = std::filesystem;

struct Block {
  std::string before;              // the paragraph in front of it
  std::vector<std::string> lines;  // those that can be run
};

constexpr const char* kPrograms = "build/dev/bin/";

bool IsRun(const std::string& line) {
  return line.starts_with("curl ") || line.starts_with(std::string(kPrograms) + "tributaryctl ") ||
         line.starts_with("TOKEN=") || line.starts_with("until ");
}

std::vector<Block> BlocksOf(const std::string& text) {
  std::vector<Block> blocks;
  std::istringstream stream(text);
  std::string paragraph, continued;
  bool inside = false, shell = false, ended = false;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("```")) {
      inside = !inside;
      shell = inside && line == "```sh";
      if (shell) blocks.push_back({.before = paragraph});
      if (!inside) paragraph.clear();
    } else if (shell) {
      continued += line;
      if (continued.ends_with('\\')) {
        continued.back() = ' ';
        continue;
      }
      if (IsRun(continued)) blocks.back().lines.push_back(continued);
      continued.clear();
    } else if (!inside) {
      // A paragraph ends with a blank line; the next one's first line begins anew.
      if (ended && !line.empty()) paragraph.clear();
      ended = line.empty();
      paragraph += line + "\n";
    }
  }
  std::erase_if(blocks, [](const Block& block) { return block.lines.empty(); });
  return blocks;
}

void Replace(std::string* text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text->find(from, at)) != std::string::npos; at += to.size())
    text->replace(at, from.size(), to);
}

class CommandsTest : public ::testing::TestWithParam<std::string> {};

TEST_P(CommandsTest, RunAsPrinted) {
  SampleDemo& demo = SampleDemo::Get();
  ASSERT_EQ(demo.outcome.code, 0) << demo.outcome.ToString();
  const std::vector<Block> blocks = BlocksOf(ReadTestFile(SourceFolder() + "/" + GetParam()));
  std::map<std::string, std::string> environment = demo.suite.Environment();
  environment["no_proxy"] = "127.0.0.1";
  int run = 0;
  for (const Block& block : blocks) {
    // Where the text says that something is refused, an error is the right answer to one of the lines.
    const bool refused = block.before.find("refused") != std::string::npos;
    int errors = 0;
    for (const std::string& printed : block.lines) {
      SCOPED_TRACE(printed);
      std::string line = printed;
      Replace(&line, kPrograms, ProgramFolder() + "/");
      for (const std::string& part : TestSuite::Parts()) {
        const int usual = 7100 + demo.suite.port(part) - demo.suite.port("database");
        Replace(&line, ":" + std::to_string(usual), ":" + std::to_string(demo.suite.port(part)));
        Replace(&line, ":" + std::to_string(usual + 10), ":" + std::to_string(demo.suite.admin_port(part)));
      }
      Replace(&line, " var/", " " + demo.suite.var() + "/");
      const bool token = line.starts_with("TOKEN=");
      const Outcome outcome = RunCommand({.arguments = {"timeout", "120", "bash", "-euo", "pipefail", "-c",
                                                        token ? line + "; printf %s \"$TOKEN\"" : line},
                                          .environment = environment});
      ++run;
      EXPECT_EQ(outcome.code, 0) << outcome.ToString();
      EXPECT_FALSE(outcome.out.empty() && outcome.err.empty()) << "it says nothing";
      if (token) environment["TOKEN"] = outcome.out;
      if (line.starts_with("curl ")) {
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
    if (!BlocksOf(ReadTestFile(entry.path())).empty()) {
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
