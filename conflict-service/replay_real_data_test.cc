// AdventureWorks' 121,253 lines through all rules: they show nothing, and with thirty cases among them these thirty.

#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "conflict-service/testing_replay.h"
#include "conflict_schema.h"
#include "events_schema.h"
#include "tests/real_data/real_data.h"
#include "tests/support/database_server.h"

namespace tributary::conflict {
namespace {

using ::testing::IsEmpty;

class ConflictReplayTest : public ::testing::Test {
 protected:
  std::unique_ptr<mysql::Database> Fresh() {
    auto database = mysql::Database::Open(server_.options());
    EXPECT_THAT(database, IsOk());
    for (const mysql::Schema* schema : {&schema::events(), &schema::conflict()}) {
      EXPECT_THAT((*database)->ApplySchema(*schema), IsOk());
    }
    return *std::move(database);
  }
  static void TellLines(Replay& replay, const RealChannel& channel) {
    ASSERT_THAT(replay.TellSales(channel), IsOk());
    ASSERT_THAT(replay.TellDirectSales(channel), IsOk());
    ASSERT_THAT(replay.TellPrices(channel), IsOk());
  }

  testing::DatabaseServer server_;
};

TEST_F(ConflictReplayTest, FindsNothingAndThenWhatIsInjected) {
  const auto channel = ReadRealChannel(StrCat(testing_support::RealDataFolder(), "/adventureworks_dw"));
  ASSERT_THAT(channel, IsOk());
  EXPECT_EQ(channel->sale_lines, 60855u);
  EXPECT_EQ(channel->sale_lines + channel->direct_lines, 121253u);
  const Injected injected = InjectedInto(*channel);
  int64_t cases = 0;
  for (const auto& [kind, count] : injected.findings) cases += count;
  EXPECT_EQ(cases, 30);
  EXPECT_EQ(injected.findings.size(), std::size(kAllFindingKinds));

  const auto database = Fresh();
  Replay replay(*database);
  ASSERT_THAT(replay.TellTerms(*channel), IsOk());
  TellLines(replay, *channel);
  EXPECT_THAT(*replay.Count(), IsEmpty());
  ASSERT_THAT(replay.Tell(injected), IsOk());
  EXPECT_EQ(*replay.Count(), injected.findings);

  // The other way round, the same are open.
  const auto second_database = Fresh();
  Replay second(*second_database);
  ASSERT_THAT(second.TellTerms(*channel), IsOk());
  ASSERT_THAT(second.Tell(injected), IsOk());
  TellLines(second, *channel);
  EXPECT_EQ(*second.Open(), *replay.Open());
}

}  // namespace
}  // namespace tributary::conflict
