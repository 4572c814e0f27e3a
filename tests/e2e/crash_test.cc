// kill -9 of each process while lines are being loaded: nothing acknowledged is lost, nothing is there twice.

#include <algorithm>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/channel.h"
#include "tests/support/imports.h"

namespace tributary::testing {
namespace {

TEST(CrashTest, AKilledProcessAndTheSameImportAgainGiveExactTotals) {
  TestSuite suite;
  suite.Up();
  const std::string folder = suite.var() + "/sample";
  ASSERT_EQ(suite.Ctl({"sample", "--out", folder}).code, 0);
  LoadChannelWithoutFacts(suite, "sample", folder);
  const std::vector<std::string> lines = LinesOf(folder + "/sell_in.csv");
  const std::vector<std::string> victims = {"inventory", "incentive", "partner", "database", "conflict", "gateway"};
  const size_t share = (lines.size() - 1 + victims.size() - 1) / victims.size();
  int64_t loaded = 0;
  for (size_t v = 0; v < victims.size(); ++v) {
    SCOPED_TRACE(victims[v]);
    std::vector<std::string> part = {lines[0]};
    const size_t end = std::min(lines.size(), 1 + (v + 1) * share);
    part.insert(part.end(), lines.begin() + 1 + v * share, lines.begin() + end);
    const auto rows = static_cast<int64_t>(part.size()) - 1;
    const std::string file = folder + "/part.csv";
    WriteLines(file, part);

    // Small batches, so that there is a middle to be killed in.
    RunningCommand load(suite.CtlCommand(
        {"-o", "json", "import", "--mapping", "sample/sell_in", "--batch", "10", "--callers", "2", file}));
    ASSERT_TRUE(WaitUntil([&] { return LinesLoaded(suite) > loaded || !load.running(); }, absl::Minutes(1)));
    ASSERT_TRUE(load.running()) << "the load ended before the kill: " << load.Wait().ToString();
    suite.Kill(victims[v]);
    suite.Up();
    // It waited for the process, or gave up; both are right.
    const ImportOutcome interrupted = ReadImport(load.Wait());
    const ImportOutcome again = Import(suite, "sample/sell_in", file);
    EXPECT_EQ(again.command.code, 0) << again.command.ToString() << interrupted.command.ToString();
    EXPECT_EQ(again.accepted + again.duplicate, rows) << again.command.ToString();
    loaded += rows;
    EXPECT_EQ(LinesLoaded(suite), loaded);
  }
  const ImportOutcome all = Import(suite, "sample/sell_in", folder + "/sell_in.csv");
  EXPECT_EQ(all.duplicate, static_cast<int64_t>(lines.size()) - 1) << all.command.ToString();
  EXPECT_EQ(ReadFigures(suite), FiguresOf(ComputeSellIn(lines, SampleColumns())));
}

}  // namespace
}  // namespace tributary::testing
