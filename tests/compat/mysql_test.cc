// What MySQL has that MariaDB has not, as far as the suite stands on it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "common/mysql/connection.h"
#include "common/mysql/settings.h"
#include "common/status/status.h"
#include "common/status/status_matchers.h"
#include "tests/support/database_server.h"

namespace tributary::mysql {
namespace {

using ::testing::IsEmpty;
using ::testing::StartsWith;

std::unique_ptr<Connection> Connect() {
  Options options = testing::SharedDatabase().options();
  EXPECT_OK(Database::Open(options).status());  // makes the schema
  auto connection = Connection::Open(options);
  EXPECT_OK(connection.status());
  return *std::move(connection);
}

TEST(MySqlTest, TheSettingsThatShipPassUnderItsOwnNames) {
  ASSERT_EQ(testing::ProductUnderTest(), testing::DatabaseProduct::kMySql);
  const auto connection = Connect();
  EXPECT_FALSE(connection->is_mariadb());
  ASSERT_OK_AND_ASSIGN(Settings settings, LoadSettings(*connection));
  EXPECT_THAT(settings["version"], StartsWith("9."));
  EXPECT_THAT(CheckSettings(settings, testing::SharedDatabase().options()), IsEmpty());
  EXPECT_FALSE(settings.contains("tx_isolation"));
  EXPECT_FALSE(settings.contains("max_statement_time"));
  // A binary log is on unless somebody turns it off, and synced with every commit.
  EXPECT_EQ(settings["log_bin"], "ON");
  for (const char* name : {"max_execution_time", "sync_binlog", "innodb_flush_log_at_trx_commit"}) {
    Settings unsafe = settings;
    unsafe[name] = "0";
    const auto found = CheckSettings(unsafe, {});
    ASSERT_EQ(found.size(), 1u) << name;
    EXPECT_EQ(found[0].name, name);
  }
}

TEST(MySqlTest, AccountsSignInByCachingSha2) {
  const auto connection = Connect();
  ASSERT_OK_AND_ASSIGN(const Rows rows,
                       connection->Query("SELECT plugin FROM mysql.user WHERE user = ?", Values{testing::kTestUser}));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].Text(0), "caching_sha2_password");
  Options wrong = testing::SharedDatabase().options("mysql");
  wrong.password = "another";
  EXPECT_THAT(Connection::Open(wrong), HasReason(Reason::kDatabaseUnavailable));
}

// MySQL's clock of statements stops reads alone. What a write can wait for is a lock, and that has its own limit.
TEST(MySqlTest, AWriteWaitsForALockNoLongerThanItsDeadline) {
  const auto database = testing::FreshDatabase();
  const auto run = [&](absl::Duration within, const std::string& sql) {
    return database->Transact({.deadline = absl::Now() + within},
                              [&](Transaction& t) { return t.Execute(sql).status(); });
  };
  ASSERT_OK(run(absl::Seconds(30), "CREATE TABLE held (id INT PRIMARY KEY, v INT NOT NULL) ENGINE=InnoDB"));
  ASSERT_OK(run(absl::Seconds(30), "INSERT INTO held VALUES (1, 0)"));
  EXPECT_OK(database->Transact({}, [&](Transaction& t) -> absl::Status {
    RETURN_IF_ERROR(t.Execute("UPDATE held SET v = 1 WHERE id = 1"));
    const absl::Time start = absl::Now();
    EXPECT_THAT(run(absl::Seconds(3), "UPDATE held SET v = 2 WHERE id = 1"), HasReason(Reason::kConflictRetry));
    EXPECT_LT(absl::Now() - start, absl::Seconds(9));
    return absl::OkStatus();
  }));
  EXPECT_OK(run(absl::Seconds(30), "UPDATE held SET v = 3 WHERE id = 1"));
}

}  // namespace
}  // namespace tributary::mysql
