// The main job on the sample channel, started as a user starts it: ./dev demo.

#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/channel.h"

namespace tributary::testing {
namespace {

using nlohmann::json;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

// What the sample channel of seed 1 comes to. A change of these is a change of the sample or of the rules.
constexpr int64_t kPartners = 200;
constexpr int64_t kLines = 20000;
constexpr int64_t kDirectLines = 2000;
constexpr int64_t kUnits = 395578;
constexpr char kNet[] = "101709496.502";
constexpr int64_t kStatements = 1038;
constexpr char kMarginal[] = "2572262.19";
constexpr char kRetroactive[] = "3374762.19";

// Of the vendor's own sales, those that fell into what has become exclusive.
constexpr int kDirectFindings = 110;

json Findings(int overlap, int duplicate, int territory, int direct) {
  return {{"EXCLUSIVE_OVERLAP", overlap},
          {"DUPLICATE_DEAL", duplicate},
          {"OUT_OF_TERRITORY", territory},
          {"DIRECT_VS_PARTNER", direct}};
}

class DemoTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(demo_.outcome.code, 0) << demo_.outcome.ToString(); }
  SampleDemo& demo_ = SampleDemo::Get();
};

TEST_F(DemoTest, ReachesThePinnedTotals) {
  const json& s = demo_.summary;
  EXPECT_EQ(s["partners_active"], kPartners);
  EXPECT_EQ(s["sell_in_lines"], kLines);
  EXPECT_EQ(s["sell_in_units"], kUnits);
  EXPECT_EQ(s["sell_in_net_amount"], kNet);
  EXPECT_EQ(s["direct_lines"], kDirectLines);
  EXPECT_EQ(s["statements"], kStatements);
  EXPECT_EQ(s["verified_statements"], kStatements);
  EXPECT_EQ(s["rebate_total_marginal"], kMarginal);
  EXPECT_EQ(s["rebate_total_retroactive"], kRetroactive);
  EXPECT_EQ(s["ledger_balanced"], true);
  EXPECT_EQ(s["conflicts_found_before"], Findings(0, 0, 0, 0));
  EXPECT_EQ(s["conflicts_found"], Findings(1, 1, 1, kDirectFindings));
  EXPECT_GT(s["seconds"]["total"].get<double>(), 0);
}

TEST_F(DemoTest, AgreesWithTheFilesRecomputed) {
  const SellInTotals want = ComputeSellIn(LinesOf(demo_.data() + "/sell_in.csv"), SampleColumns());
  const json& s = demo_.summary;
  EXPECT_EQ(s["sell_in_lines"], want.lines);
  EXPECT_EQ(s["sell_in_units"], want.units);
  EXPECT_EQ(s["sell_in_net_amount"], want.net);
  EXPECT_EQ(s["statements"], want.statements);
  EXPECT_EQ(s["rebate_total_marginal"], want.rebate_marginal);
  EXPECT_EQ(s["rebate_total_retroactive"], want.rebate_retroactive);
  EXPECT_EQ(s["direct_lines"], static_cast<int64_t>(LinesOf(demo_.data() + "/direct_sales.csv").size()) - 1);
}

TEST_F(DemoTest, VerifyRecomputesEveryStatement) {
  const Outcome verify = demo_.suite.Ctl({"verify"});
  EXPECT_EQ(verify.code, 0) << verify.ToString();
  // The demo's own, and those that how-tos have made since.
  const json statements = demo_.suite.CtlJson({"list", "partners/-/statements", "--limit", "0"});
  EXPECT_GE(static_cast<int64_t>(statements.size()), demo_.summary["statements"].get<int64_t>());
  const std::string count = std::to_string(statements.size());
  EXPECT_THAT(verify.err, HasSubstr(count + " of " + count + " statements verified"));
  EXPECT_THAT(verify.err, HasSubstr(" entries of the ledger verified, 0 differences"));
}

TEST_F(DemoTest, FindsOneConflictOfEachKindBetweenThoseInvolved) {
  std::map<std::string, int> kinds;
  for (const json& finding : demo_.suite.CtlJson({"list", "findings"})) {
    ++kinds[finding["kind"].get<std::string>()];
    EXPECT_EQ(finding["state"], "OPEN");
    EXPECT_FALSE(finding["subjects"].empty()) << finding;
  }
  // How-tos', where they ran before; of DIRECT_VS_PARTNER the sample has its own too.
  for (const char* kind : {"DIVERSION", "DIRECT_VS_PARTNER", "BELOW_PRICE", "PRICE_WAR", "PROTECTED_DEAL"}) {
    kinds.erase(kind);
  }
  EXPECT_EQ(kinds,
            (std::map<std::string, int>{{"EXCLUSIVE_OVERLAP", 1}, {"DUPLICATE_DEAL", 1}, {"OUT_OF_TERRITORY", 1}}));
}

TEST_F(DemoTest, AnEmptyListIsSaidToPeopleAndEmptyForScripts) {
  const Outcome table = demo_.suite.Ctl({"list", "partners", "--filter", "legal_name = nobody"});
  EXPECT_EQ(table.code, 0) << table.ToString();
  EXPECT_EQ(table.out, "");
  EXPECT_THAT(table.err, HasSubstr("nothing in partners matches legal_name = nobody\n"));
  const Outcome whole = demo_.suite.Ctl({"-o", "csv", "list", "partners/s-1199/reconciliations"});
  EXPECT_EQ(whole.out, "");
  EXPECT_THAT(whole.err, HasSubstr("nothing in partners/s-1199/reconciliations\n"));
  const Outcome program = demo_.suite.Ctl({"-o", "json", "list", "partners/s-1199/reconciliations"});
  EXPECT_EQ(program.out, "[]\n");
  EXPECT_EQ(program.err, "");
}

TEST_F(DemoTest, PrintsAReportAndWhatToTryNext) {
  EXPECT_THAT(demo_.outcome.out, HasSubstr("Partners active      200"));
  EXPECT_THAT(demo_.outcome.out, HasSubstr("Ledger               balanced"));
  EXPECT_THAT(demo_.outcome.out, HasSubstr("The suite stays up. Try:"));
  EXPECT_THAT(demo_.outcome.out, HasSubstr(demo_.suite.address("gateway")));
}

TEST_F(DemoTest, EveryProcessShowsItsMetrics) {
  for (const std::string& part : TestSuite::Parts()) {
    if (part == "database") continue;
    const Outcome metrics =
        RunCommand({.arguments = {"curl", "-sf", "--noproxy", "*",
                                  "http://127.0.0.1:" + std::to_string(demo_.suite.admin_port(part)) + "/metrics"}});
    EXPECT_EQ(metrics.code, 0) << part;
    EXPECT_THAT(metrics.out, HasSubstr("# TYPE ")) << part;
    EXPECT_THAT(metrics.out, Not(ContainsRegex(" [Nn]a[Nn]\n"))) << part;
  }
}

TEST_F(DemoTest, ASecondUpIsHarmless) {
  std::map<std::string, pid_t> before, after;
  for (const std::string& part : TestSuite::Parts()) before[part] = demo_.suite.pid(part);
  const Outcome up = demo_.suite.Dev({"up"});
  EXPECT_EQ(up.code, 0) << up.ToString();
  for (const std::string& part : TestSuite::Parts()) {
    after[part] = demo_.suite.pid(part);
    EXPECT_GT(after[part], 0) << part;
  }
  EXPECT_EQ(before, after);
}

// Also: --once ends the suite, and what was stored is there when it is started again.
TEST_F(DemoTest, ASecondRunChangesNothing) {
  const ChannelFigures before = ReadFigures(demo_.suite);
  const Outcome again = demo_.suite.Dev({"demo", "--once"}, absl::Minutes(10));
  ASSERT_EQ(again.code, 0) << again.ToString();
  for (const std::string& part : TestSuite::Parts()) EXPECT_EQ(demo_.suite.pid(part), 0) << part << " still runs";
  json summary = json::parse(ReadTestFile(demo_.suite.var() + "/demo/summary.json"));
  json first = demo_.summary;
  // The conflicts were injected by the first run; the times differ.
  EXPECT_EQ(summary["conflicts_found_before"], Findings(1, 1, 1, kDirectFindings));
  for (json* one : {&summary, &first}) {
    one->erase("conflicts_found_before");
    one->erase("seconds");
  }
  EXPECT_EQ(summary, first);

  demo_.suite.Up();
  EXPECT_EQ(ReadFigures(demo_.suite), before);
}

TEST(UsageTest, SaysWhatItGotAndWants) {
  TestSuite suite;
  const Outcome command = suite.Dev({"launch"});
  EXPECT_EQ(command.code, 2);
  EXPECT_THAT(command.err, HasSubstr("got 'launch', want one of"));
  const Outcome folder = suite.Dev({"demo", "--data", "/no/such/folder"});
  EXPECT_EQ(folder.code, 1);
  EXPECT_THAT(folder.err, HasSubstr("there is no folder /no/such/folder"));
  const Outcome dataset = suite.Dev({"demo", "--data", SourceFolder() + "/docs"});
  EXPECT_EQ(dataset.code, 1);
  EXPECT_THAT(dataset.err, HasSubstr("there are no mappings"));
  const Outcome down = suite.Ctl({"list", "partners"});
  EXPECT_EQ(down.code, 4) << down.ToString();
  EXPECT_THAT(down.err, HasSubstr("./dev up starts one"));
}

}  // namespace
}  // namespace tributary::testing
