#include "common/mysql/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/mysql/connection.h"
#include "common/mysql/pool.h"
#include "common/mysql/transaction_state.h"
#include "common/status/status.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "tests/support/database_server.h"

namespace tributary::mysql {
namespace {

using ::testing::HasSubstr;

absl::Status Do(Database& database, absl::FunctionRef<absl::Status(Transaction&)> body) {
  return database.Transact({.deadline = absl::Now() + absl::Seconds(30)}, body);
}

absl::Status Do(Database& database, const std::string& sql, const Values& args = {}) {
  return Do(database, [&](Transaction& t) { return t.Execute(sql, args).status(); });
}

int64_t Number(Database& database, const std::string& sql, const Values& args = {}) {
  int64_t number = -1;
  EXPECT_OK(Do(database, [&](Transaction& t) -> absl::Status {
    ASSIGN_OR_RETURN(const Rows rows, t.Query(sql, args));
    number = rows.at(0).Int(0);
    return absl::OkStatus();
  }));
  return number;
}

class DatabaseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = testing::FreshDatabase();
    ASSERT_OK(Do(*database_, "CREATE TABLE accounts (id INT NOT NULL PRIMARY KEY, v BIGINT NOT NULL) ENGINE=InnoDB"));
    ASSERT_OK(Do(*database_, "INSERT INTO accounts VALUES (1, 0), (2, 0), (3, 0)"));
  }
  Database& db() { return *database_; }
  std::unique_ptr<Database> database_;
};

TEST_F(DatabaseTest, AnErrorOfTheBodyUndoesAll) {
  const absl::Status status = Do(db(), [](Transaction& t) -> absl::Status {
    RETURN_IF_ERROR(t.Execute("UPDATE accounts SET v = 7 WHERE id = ?", {1}));
    return Error(Reason::kStateConflict, "no");
  });
  EXPECT_THAT(status, HasReason(Reason::kStateConflict));
  EXPECT_EQ(Number(db(), "SELECT v FROM accounts WHERE id = 1"), 0);
}

TEST_F(DatabaseTest, AFailedStatementDoomsTheTransactionEvenIfTheBodyGoesOn) {
  const absl::Status status = Do(db(), [](Transaction& t) -> absl::Status {
    EXPECT_OK(t.Execute("UPDATE accounts SET v = 7 WHERE id = ?", {1}));
    EXPECT_THAT(t.Execute("INSERT INTO accounts VALUES (?, ?)", {1, 1}), HasReason(Reason::kAlreadyExists));
    EXPECT_THAT(t.Query("SELECT 1"), HasReason(Reason::kAlreadyExists));
    return absl::OkStatus();
  });
  EXPECT_THAT(status, HasReason(Reason::kAlreadyExists));
  EXPECT_EQ(Number(db(), "SELECT v FROM accounts WHERE id = 1"), 0);
}

TEST_F(DatabaseTest, ADuplicateThatWasTriedLeavesTheTransactionUsable) {
  EXPECT_OK(Do(db(), [](Transaction& t) -> absl::Status {
    EXPECT_THAT(t.TryInsert("INSERT INTO accounts VALUES (?, ?)", {4, 4}), IsOkAndHolds(true));
    EXPECT_THAT(t.TryInsert("INSERT INTO accounts VALUES (?, ?)", {1, 1}), IsOkAndHolds(false));
    return t.Execute("UPDATE accounts SET v = v + 1 WHERE id = ?", {4}).status();
  }));
  EXPECT_EQ(Number(db(), "SELECT v FROM accounts WHERE id = 4"), 5);
}

TEST_F(DatabaseTest, ABodyThatFoundOutTooLateRunsAgain) {
  int runs = 0;
  EXPECT_OK(Do(db(), [&](Transaction& t) -> absl::Status {
    EXPECT_OK(t.Execute("UPDATE accounts SET v = v + 1 WHERE id = ?", {1}));
    return ++runs < 3 ? t.RunAgain("the key was taken meanwhile") : absl::OkStatus();
  }));
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(Number(db(), "SELECT v FROM accounts WHERE id = 1"), 1);
  const absl::Status late = db().Transact({.deadline = absl::Now() + absl::Milliseconds(50)},
                                          [](Transaction& t) { return t.RunAgain("again"); });
  EXPECT_THAT(late, HasReason(Reason::kConflictRetry));
}

TEST_F(DatabaseTest, RowsThatWereTriedAreAllInOrAllOut) {
  const auto rows = [](int from, int count) {
    Values values;
    for (int i = 0; i < count; ++i) {
      values.push_back(from + i);
      values.push_back(1);
    }
    return values;
  };
  EXPECT_OK(Do(db(), [&](Transaction& t) -> absl::Status {
    constexpr char kHead[] = "INSERT INTO accounts (id, v) VALUES";
    EXPECT_THAT(t.TryInsertRows(kHead, 2, rows(100, 1500)), IsOkAndHolds(true));
    EXPECT_THAT(t.TryInsertRows(kHead, 2, rows(20000, 2998)), IsOkAndHolds(true));
    // 3,000 of these come before the duplicate, in statements of their own.
    EXPECT_THAT(t.TryInsertRows(kHead, 2, rows(17000, 3001)), IsOkAndHolds(false));
    EXPECT_THAT(t.TryInsertRows(kHead, 2, {}), IsOkAndHolds(true));
    EXPECT_THAT(t.TryInsertRows(kHead, 2, rows(1, 1)), IsOkAndHolds(false));
    return absl::OkStatus();
  }));
  EXPECT_EQ(Number(db(), "SELECT COUNT(*) FROM accounts"), 3 + 1500 + 2998);
}

TEST_F(DatabaseTest, InsertRowsTakesAnyNumberOfRows) {
  for (const int count : {0, 1, 3, 17, 999, 1000, 2345}) {
    ASSERT_OK(Do(db(), "DELETE FROM accounts"));
    Values values;
    for (int i = 0; i < count; ++i) values.insert(values.end(), {Value(i), Value(i)});
    EXPECT_OK(Do(db(), [&](Transaction& t) {
      return t.InsertRows("INSERT INTO accounts (id, v) VALUES", 2, values, "ON DUPLICATE KEY UPDATE v = VALUES(v)");
    }));
    EXPECT_EQ(Number(db(), "SELECT COALESCE(SUM(v), 0) FROM accounts"), int64_t{count} * (count - 1) / 2);
  }
  EXPECT_OK(Do(db(), [&](Transaction& t) {
    return t.InsertRowsAs("INSERT INTO accounts (id, v) VALUES", "(?, 40 + ?)", 2, {9001, 2});
  }));
  EXPECT_EQ(Number(db(), "SELECT v FROM accounts WHERE id = 9001"), 42);
  EXPECT_THAT(Do(db(), [&](Transaction& t) { return t.InsertRows("INSERT INTO accounts (id, v) VALUES", 2, {1}); }),
              HasReason(Reason::kInternal));
}

TEST_F(DatabaseTest, RowsTooLargeForOnePacketGoInSeveral) {
  ASSERT_OK(Do(db(), "CREATE TABLE large (id INT PRIMARY KEY, b LONGBLOB) ENGINE=InnoDB"));
  const std::string big(100 << 10, 'x');
  Values values;
  for (int i = 0; i < 1000; ++i) values.insert(values.end(), {Value(i), Value(big)});
  EXPECT_OK(Do(db(), [&](Transaction& t) { return t.InsertRows("INSERT INTO large (id, b) VALUES", 2, values); }));
  EXPECT_EQ(Number(db(), "SELECT SUM(LENGTH(b)) FROM large"), int64_t{1000} * (100 << 10));
}

}  // namespace
}  // namespace tributary::mysql
