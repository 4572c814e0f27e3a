// docs/reference/metrics.md says what the processes export, and what they export is true.

#include <cctype>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/http/fetch.h"
#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/channel.h"

namespace tributary::testing {
namespace {

using Labels = std::set<std::string>;
using Metrics = std::map<std::string, Labels>;  // by name

const std::vector<std::string> kProcesses = {"partner", "inventory", "incentive", "conflict", "gateway"};

std::string Scrape(const TestSuite& suite, const std::string& process) {
  const auto answer =
      http::Fetch(StrCat("127.0.0.1:", suite.admin_port(process)), {.method = "GET", .target = "/metrics"});
  EXPECT_TRUE(answer.ok() && answer->status == 200) << process;
  return answer.ok() ? answer->body : "";
}

// "name{a="x",b="y"} 1": the name without a histogram's endings, and the labels.
Metrics Exported(const std::string& text) {
  std::set<std::string> histograms;
  Metrics metrics;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words.size() == 4 && words[1] == "TYPE" && words[3] == "histogram") histograms.insert(words[2]);
    if (line.empty() || line[0] == '#') continue;
    const size_t end = line.find_first_of("{ ");
    std::string name = line.substr(0, end);
    for (const char* ending : {"_bucket", "_sum", "_count"}) {
      const std::string base(absl::StripSuffix(name, ending));
      if (histograms.contains(base)) name = base;
    }
    Labels& labels = metrics[name];
    if (line[end] != '{') continue;
    const std::string inside = line.substr(end + 1, line.rfind('}') - end - 1);
    for (size_t at = 0; at < inside.size();) {
      const size_t equals = inside.find("=\"", at);
      const std::string label = inside.substr(at, equals - at);
      if (label != "le") labels.insert(label);
      at = inside.find('"', equals + 2);
      while (inside[at - 1] == '\\') at = inside.find('"', at + 1);
      at += inside.compare(at, 2, "\",") == 0 ? 2 : 1;
    }
  }
  return metrics;
}

// The page's tables, by process.
std::map<std::string, Metrics> Documented() {
  std::map<std::string, Metrics> metrics;
  std::istringstream lines(ReadTestFile(SourceFolder() + "/docs/reference/metrics.md"));
  for (std::string line; std::getline(lines, line);) {
    if (!absl::StartsWith(line, "| `")) continue;
    const std::vector<std::string> cells = absl::StrSplit(line, " |");
    const auto names = [](const std::string& cell) {
      std::vector<std::string> found;
      const std::vector<std::string> parts = absl::StrSplit(cell, '`');
      for (size_t i = 1; i < parts.size(); i += 2) found.push_back(parts[i]);
      return found;
    };
    const std::vector<std::string> name = names(cells[0]), labels = names(cells[1]);
    const std::string of(absl::StripAsciiWhitespace(cells[2]));
    EXPECT_EQ(name.size(), 1u) << line;
    std::vector<std::string> processes = {of};
    if (of == "services") processes = {"partner", "inventory", "incentive", "conflict"};
    if (of == "consumers") processes = {"partner", "inventory", "incentive", "conflict"};
    for (const std::string& process : processes) {
      EXPECT_TRUE(metrics[process].emplace(name[0], Labels(labels.begin(), labels.end())).second) << line;
    }
  }
  return metrics;
}

// Words of a text that begin so.
std::set<std::string> WordsWith(const std::string& text, const std::string& beginning) {
  const auto in_word = [&](size_t at) { return std::isalnum(static_cast<unsigned char>(text[at])) || text[at] == '_'; };
  std::set<std::string> words;
  for (size_t at = 0, end; at < text.size(); at = end + 1) {
    for (end = at; end < text.size() && in_word(end); ++end) continue;
    if (text.compare(at, beginning.size(), beginning) == 0) words.insert(text.substr(at, end - at));
  }
  return words;
}

// The value of a line that begins with this; -1 where there is none.
double Value(const std::string& text, const std::string& series) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (absl::StartsWith(line, series + " ")) return std::strtod(line.c_str() + series.size(), nullptr);
  }
  return -1;
}

TEST(MetricsTest, ThePageListsWhatIsExported) {
  TestSuite& suite = SampleDemo::Get().suite;
  EXPECT_EQ(suite.Http("GET", "/v1/partners?pageSize=1", suite.Token("AUDITOR")).status, 200);
  const std::map<std::string, Metrics> documented = Documented();
  for (const std::string& process : kProcesses) {
    // A metric whose labels come with what happens is there once it has happened.
    WaitUntil([&] { return Exported(Scrape(suite, process)) == documented.at(process); }, absl::Minutes(1));
    EXPECT_EQ(Exported(Scrape(suite, process)), documented.at(process)) << process;
  }
}

// Rules that read a metric which nobody exports never fire.
TEST(MetricsTest, AlertsAreOfWhatThePageListsAndAreExplained) {
  std::set<std::string> listed;
  for (const auto& [process, metrics] : Documented()) {
    for (const auto& [name, labels] : metrics) listed.insert(name);
  }
  const std::string how_to = ReadTestFile(SourceFolder() + "/docs/howto/keep-the-suite-running.md");
  std::istringstream lines(ReadTestFile(SourceFolder() + "/deploy/alerts.yml"));
  std::set<std::string> alerts, read;
  for (std::string line; std::getline(lines, line);) {
    const std::string text(absl::StripAsciiWhitespace(line));
    const std::string alert = "- alert: ";
    if (text.starts_with(alert)) alerts.insert(text.substr(alert.size()));
    if (text.starts_with("#") || text.starts_with("- name:")) continue;
    for (const char* beginning : {"tributary_", "grpc_server_"}) read.merge(WordsWith(text, beginning));
  }
  EXPECT_GT(alerts.size(), 10u);
  for (const std::string& alert : alerts) EXPECT_THAT(how_to, ::testing::HasSubstr(StrCat("| `", alert, "` |")));
  EXPECT_GT(read.size(), 10u);
  for (const std::string& name : read) EXPECT_TRUE(listed.contains(name)) << name;
}

TEST(MetricsTest, TheFeedIsCountedByWhatWasTold) {
  SampleDemo& demo = SampleDemo::Get();
  const std::string partner = Scrape(demo.suite, "partner"), inventory = Scrape(demo.suite, "inventory"),
                    incentive = Scrape(demo.suite, "incentive"), conflict = Scrape(demo.suite, "conflict");
  const auto told = [](const std::string& text, const char* noun, const char* verb) {
    return Value(text, StrCat("tributary_feed_told_events_total{noun=\"", noun, "\",verb=\"", verb, "\"}"));
  };
  EXPECT_GE(told(inventory, "shipment_line", "recorded"), demo.summary["sell_in_lines"].get<double>());
  EXPECT_GE(told(inventory, "direct_sale", "recorded"), demo.summary["direct_lines"].get<double>());
  EXPECT_GE(told(partner, "application", "approved"), demo.summary["partners_active"].get<double>());
  EXPECT_GE(told(partner, "partner", "activated"), demo.summary["partners_active"].get<double>());
  EXPECT_GE(told(incentive, "statement", "issued"), demo.summary["statements"].get<double>());
  EXPECT_GE(told(conflict, "finding", "opened"), 3);
}

TEST(MetricsTest, TheCensusesSayWhatIsThere) {
  SampleDemo& demo = SampleDemo::Get();
  const auto shows = [&](const char* process, const char* series, double least) {
    EXPECT_TRUE(WaitUntil([&] { return Value(Scrape(demo.suite, process), series) >= least; }, absl::Minutes(3)))
        << series << " " << Value(Scrape(demo.suite, process), series);
  };
  const double partners = demo.summary["partners_active"].get<double>();
  shows("partner", "tributary_partner_partners{state=\"ACTIVE\"}", partners);
  shows("partner", "tributary_partner_applications{state=\"CONVERTED\"}", partners);
  shows("inventory", "tributary_inventory_ledger_balanced", 1);
  shows("inventory", "tributary_census_time_seconds{census=\"ledger\"}", 1);
  shows("incentive", "tributary_incentive_programs{state=\"ACTIVE\"}", 1);
  shows("incentive", "tributary_incentive_accruals{stated=\"true\"}", demo.summary["statements"].get<double>());
  shows("conflict", "tributary_conflict_open_findings{kind=\"DUPLICATE_DEAL\"}", 1);
  shows("conflict", "tributary_conflict_open_findings{kind=\"EXCLUSIVE_OVERLAP\"}", 1);
  shows("conflict", "tributary_conflict_open_findings{kind=\"OUT_OF_TERRITORY\"}", 1);
  const std::string incentive = Scrape(demo.suite, "incentive");
  EXPECT_NE(incentive.find("tributary_incentive_stated_amount{currency=\""), std::string::npos);
}

}  // namespace
}  // namespace tributary::testing
