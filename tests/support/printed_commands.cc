#include "tests/support/printed_commands.h"

#include <sstream>

#include "common/text/text.h"

namespace tributary::testing {
namespace {

constexpr const char* kPrograms = "build/dev/bin/";

bool IsRun(const std::string& line) {
  return line.starts_with("curl ") || line.starts_with(StrCat(kPrograms, "tributaryctl ")) ||
         line.starts_with("TOKEN=") || line.starts_with("until ");
}

void Replace(std::string* text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text->find(from, at)) != std::string::npos; at += to.size()) {
    text->replace(at, from.size(), to);
  }
}

}  // namespace

std::vector<PrintedBlock> PrintedBlocks(const std::string& path, std::string_view fence) {
  std::vector<PrintedBlock> blocks;
  std::istringstream stream(ReadTestFile(path));
  std::string paragraph, continued;
  bool inside = false, wanted = false, ended = false;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("```")) {
      inside = !inside;
      wanted = inside && line == StrCat("```", fence);
      if (wanted) blocks.push_back({.before = paragraph});
      if (!inside) paragraph.clear();
    } else if (wanted) {
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
  std::erase_if(blocks, [](const PrintedBlock& block) { return block.lines.empty(); });
  return blocks;
}

Outcome RunPrinted(TestSuite& suite, const std::string& printed, std::map<std::string, std::string>* environment) {
  std::string line = printed;
  Replace(&line, kPrograms, ProgramFolder() + "/");
  for (const std::string& part : TestSuite::Parts()) {
    const int usual = 7100 + suite.port(part) - suite.port("database");
    Replace(&line, ":" + std::to_string(usual), ":" + std::to_string(suite.port(part)));
    Replace(&line, ":" + std::to_string(usual + 10), ":" + std::to_string(suite.admin_port(part)));
  }
  Replace(&line, " var/", " " + suite.var() + "/");
  const bool token = line.starts_with("TOKEN=");
  const Outcome outcome = RunCommand({.arguments = {"timeout", "120", "bash", "-euo", "pipefail", "-c",
                                                    token ? line + "; printf %s \"$TOKEN\"" : line},
                                      .environment = *environment});
  if (token) (*environment)["TOKEN"] = outcome.out;
  return outcome;
}

std::map<std::string, std::string> EnvironmentOfPrinted(const TestSuite& suite) {
  std::map<std::string, std::string> environment = suite.Environment();
  environment["no_proxy"] = "127.0.0.1";
  return environment;
}

}  // namespace tributary::testing
