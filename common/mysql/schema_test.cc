#include "common/mysql/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/mysql/connection.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "tests/support/database_server.h"

namespace tributary::mysql {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class SchemaTest : public ::testing::Test {
 protected:
  SchemaTest() : database_(testing::FreshDatabase()) {}

  // "component/number name" of what was applied, in order.
  std::string Applied() {
    auto connection = Connection::Open(database_->options());
    EXPECT_OK(connection.status());
    auto rows = (*connection)
                    ->Ask(
                        "SELECT CONCAT(component, '/', name) FROM schema_version WHERE number > 0"
                        " ORDER BY component, number");
    EXPECT_OK(rows.status());
    std::vector<std::string> names;
    for (const Row& row : *rows) names.push_back(row.Text(0));
    return StrJoin(names, " ");
  }

  std::unique_ptr<Database> database_;
};

constexpr std::string_view kOne = "CREATE TABLE IF NOT EXISTS one (id INT PRIMARY KEY) ENGINE=InnoDB;\n";
constexpr std::string_view kTwo = "CREATE TABLE IF NOT EXISTS two (id INT PRIMARY KEY) ENGINE=InnoDB";

TEST_F(SchemaTest, AppliesEachFileOnceAndInOrder) {
  const Schema first{"partner", {{2, "0002_two.sql", kTwo}, {1, "0001_one.sql", kOne}}};
  EXPECT_OK(database_->ApplySchema(first));
  EXPECT_OK(database_->ApplySchema(first));
  EXPECT_EQ(Applied(), "partner/0001_one.sql partner/0002_two.sql");
  // Components count for themselves, and a newer release adds to its own.
  EXPECT_OK(database_->ApplySchema({"events", {{1, "0001_feed.sql", "CREATE TABLE feed (id INT) ENGINE=InnoDB"}}}));
  const Schema second{"partner", {{1, "0001_one.sql", kOne}, {2, "0002_two.sql", kTwo}, {3, "0003_three.sql", "DO 1"}}};
  EXPECT_OK(database_->ApplySchema(second));
  // The release before runs on it.
  EXPECT_OK(database_->ApplySchema(first));
  EXPECT_EQ(Applied(), "events/0001_feed.sql partner/0001_one.sql partner/0002_two.sql partner/0003_three.sql");
}

TEST_F(SchemaTest, RefusesWhatDoesNotGoForward) {
  ASSERT_OK(database_->ApplySchema({"partner", {{2, "0002_two.sql", kTwo}}}));
  struct Case {
    Schema schema;
    const char* text;
  };
  const Case cases[] = {
      {{"partner", {{2, "0002_two.sql", kOne}}}, "partner/0002_two.sql was applied"},
      {{"partner", {{2, "0002_zwei.sql", kTwo}}}, "partner/0002_zwei.sql was applied, as 0002_two.sql"},
      {{"partner", {{1, "0001_one.sql", kOne}, {2, "0002_two.sql", kTwo}}}, "partner/0001_one.sql is new"},
      {{"partner", {{2, "0002_two.sql", kTwo}, {3, "0003_a.sql", kOne}, {3, "0003_b.sql", kOne}}}, "have one number"},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(
        database_->ApplySchema(c.schema),
        AllOf(HasReason(Reason::kStateConflict), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(c.text))));
  }
}

TEST_F(SchemaTest, AFileThatFailsIsNamedAndTriedAgain) {
  EXPECT_THAT(database_->ApplySchema({"partner", {{1, "0001_one.sql", "CREATE TABLE one (id NONSENSE)"}}}),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("partner/0001_one.sql")));
  EXPECT_EQ(Applied(), "");
  EXPECT_OK(database_->ApplySchema({"partner", {{1, "0001_one.sql", kOne}}}));
}

// The first file takes longer than a lock is waited for and than a statement may usually take.
TEST_F(SchemaTest, OfManyAtOnceOneWorksAndTheRestWait) {
  Options options = database_->options();
  options.statement_timeout = absl::Seconds(1);
  const Schema schema{"partner",
                      {{1, "0001_slow.sql", "CREATE TABLE slow ENGINE=InnoDB AS SELECT SLEEP(2.5) AS s"},
                       {2, "0002_two.sql", "CREATE TABLE two (id INT PRIMARY KEY) ENGINE=InnoDB"}}};
  std::vector<std::thread> runners;
  for (int i = 0; i < 3; ++i) runners.emplace_back([&] { EXPECT_OK(RunSchema(options, schema)); });
  for (std::thread& runner : runners) runner.join();
  EXPECT_EQ(Applied(), "partner/0001_slow.sql partner/0002_two.sql");
}

}  // namespace
}  // namespace tributary::mysql
