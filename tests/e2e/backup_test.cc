// docs/howto/backup-and-restore.md, done.

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/channel.h"
#include "tests/support/imports.h"
#include "tributary/events/v1/feed.pb.h"

namespace tributary::testing {
namespace {

using ::testing::HasSubstr;

std::string EpochOf(TestSuite& suite, const std::string& feed) {
  events::v1::FeedHead head;
  EXPECT_TRUE(suite.client(feed)
                  .Call("tributary.events.v1.FeedService/GetFeedHead", events::v1::GetFeedHeadRequest(), &head)
                  .ok());
  return head.feed_epoch();
}

// The ./dev lines of the how-to's blocks, in their order.
std::vector<std::string> Steps() {
  std::vector<std::string> steps;
  for (const std::string& line : LinesOf(SourceFolder() + "/docs/howto/backup-and-restore.md")) {
    if (line.starts_with("./dev ")) steps.push_back(line);
  }
  return steps;
}

class BackupTest : public ::testing::Test {
 protected:
  BackupTest() {
    suite_.Up();
    EXPECT_EQ(suite_.Ctl({"sample", "--out", folder_}).code, 0);
    LoadChannelWithoutFacts(suite_, "sample", folder_);
    lines_ = LinesOf(folder_ + "/sell_in.csv");
  }
  std::string Part(size_t from, size_t to) {
    std::vector<std::string> part = {lines_[0]};
    part.insert(part.end(), lines_.begin() + from, lines_.begin() + to);
    WriteLines(folder_ + "/part.csv", part);
    return folder_ + "/part.csv";
  }

  TestSuite suite_;
  const std::string folder_ = suite_.var() + "/sample";
  std::vector<std::string> lines_;
};

TEST_F(BackupTest, ARestoredSuiteIsOfOneMomentAndGoesOn) {
  ASSERT_EQ(Import(suite_, "sample/sell_in", Part(1, 4001)).accepted, 4000);
  const ChannelFigures at_backup = ReadFigures(suite_);
  const std::string epoch = EpochOf(suite_, "inventory");

  // The how-to's own lines, the copy in this installation's folder; between the backup and the rest more is loaded.
  const std::vector<std::string> steps = Steps();
  ASSERT_EQ(steps, (std::vector<std::string>{"./dev backup var/backup", "./dev down", "./dev restore var/backup",
                                             "./dev up"}));
  for (const std::string& step : steps) {
    SCOPED_TRACE(step);
    std::string line = step;
    if (const size_t var = line.find(" var/"); var != std::string::npos) line.replace(var + 1, 3, suite_.var());
    const Outcome outcome = RunCommand({.arguments = {"bash", "-c", line}, .environment = suite_.Environment()});
    ASSERT_EQ(outcome.code, 0) << outcome.ToString();
    if (step.find("backup") != std::string::npos && step.find("restore") == std::string::npos) {
      ASSERT_EQ(Import(suite_, "sample/sell_in", Part(4001, 6001)).accepted, 2000);
      EXPECT_NE(ReadFigures(suite_), at_backup);
    }
  }
  EXPECT_EQ(ReadFigures(suite_), at_backup);
  // Whoever follows from outside is told; our own consumers go on.
  EXPECT_NE(EpochOf(suite_, "inventory"), epoch);
  events::v1::StreamEventsRequest stream;
  stream.set_feed_epoch(epoch);
  stream.add_cursors()->set_shard(0);
  events::v1::StreamEventsResponse response;
  const auto reader = suite_.client("inventory").OpenStream("tributary.events.v1.FeedService/StreamEvents", stream);
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_THAT(std::string(reader->Finish().ToString()), HasSubstr("epoch"));

  EXPECT_EQ(Import(suite_, "sample/sell_in", folder_ + "/sell_in.csv").accepted,
            static_cast<int64_t>(lines_.size()) - 1 - 4000);
  EXPECT_EQ(ReadFigures(suite_), FiguresOf(ComputeSellIn(lines_, SampleColumns())));
}

TEST_F(BackupTest, ABackupUnderLoadRestoresIntoAnotherInstallation) {
  RunningCommand load(suite_.CtlCommand(
      {"import", "--mapping", "sample/sell_in", "--batch", "20", "--callers", "2", folder_ + "/sell_in.csv"}));
  ASSERT_TRUE(WaitUntil([&] { return LinesLoaded(suite_) > 100; }, absl::Minutes(1)));
  const int64_t before = LinesLoaded(suite_);
  const std::string copy = suite_.var() + "/backup-under-load";
  const Outcome backup = suite_.Dev({"backup", copy});
  ASSERT_EQ(backup.code, 0) << backup.ToString();
  const int64_t after = LinesLoaded(suite_);
  EXPECT_EQ(load.Wait().code, 0);
  // A folder that is there already is left alone; a running suite is not restored over.
  EXPECT_THAT(suite_.Dev({"backup", copy}).err, HasSubstr("exists already"));
  EXPECT_THAT(suite_.Dev({"restore", copy}).err, HasSubstr("./dev down stops it"));
  EXPECT_EQ(suite_.Dev({"down"}).code, 0);

  TestSuite restored;
  EXPECT_THAT(restored.Dev({"restore", folder_}).err, HasSubstr("is no backup"));
  const Outcome restore = restored.Dev({"restore", copy});
  ASSERT_EQ(restore.code, 0) << restore.ToString();
  restored.Up();
  const ChannelFigures figures = ReadFigures(restored);  // having waited for the feed
  EXPECT_GE(figures.lines, before);
  EXPECT_LE(figures.lines, after);
  EXPECT_TRUE(figures.balanced);
  EXPECT_EQ(figures.lines, LinesLoaded(restored));
  // The import goes on where the copy ends.
  const ImportOutcome rest = Import(restored, "sample/sell_in", folder_ + "/sell_in.csv");
  EXPECT_EQ(rest.duplicate, figures.lines) << rest.command.ToString();
  EXPECT_EQ(ReadFigures(restored), FiguresOf(ComputeSellIn(lines_, SampleColumns())));
}

}  // namespace
}  // namespace tributary::testing
