#include "common/mysql/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/mysql/connection.h"
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
    EXPECT_THAT(t.TryInsertRowsAs(kHead, "(?, 40 + ?)", 2, rows(30000, 300)), IsOkAndHolds(true));
    EXPECT_THAT(t.TryInsertRowsAs(kHead, "(?, 40 + ?)", 2, rows(29999, 2)), IsOkAndHolds(false));
    return absl::OkStatus();
  }));
  EXPECT_EQ(Number(db(), "SELECT COUNT(*) FROM accounts"), 3 + 1500 + 2998 + 300);
  EXPECT_EQ(Number(db(), "SELECT COUNT(*) FROM accounts WHERE v = 41"), 300);
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

TEST_F(DatabaseTest, RowsBoundAheadAreSentWithTheLateValuesTheyHaveThen) {
  ASSERT_OK(Do(db(), "CREATE TABLE late (id INT NOT NULL PRIMARY KEY, t VARBINARY(20) NOT NULL, seq BIGINT NOT NULL)"));
  constexpr char kHead[] = "INSERT INTO late (id, t, seq) VALUES";
  constexpr char kRow[] = "(?,?,?)";
  std::deque<std::string> texts;
  const auto rows = [&](int from, int count) {
    Values values;
    for (int i = from; i < from + count; ++i) {
      values.insert(values.end(), {i, texts.emplace_back(StrCat("t", i)), std::nullopt});
    }
    return values;
  };
  const auto number = [](int from, Values* values) {
    for (size_t i = 2; i < values->size(); i += 3) (*values)[i] = from++ + 7;
  };
  constexpr int kOthers = 100000;
  for (const auto& [count, statements] :
       std::vector<std::pair<int, size_t>>{{0, 0}, {10, 0}, {250, 1}, {999, 3}, {1000, 4}, {1300, 4}, {2345, 4}}) {
    SCOPED_TRACE(count);
    for (const bool others : {false, true}) {
      for (const bool try_them : {false, true}) {
        const auto body = [&, count = count, statements = statements](Transaction& t, bool give_up) -> absl::Status {
          Values values = rows(0, count), between = rows(kOthers, 600);
          ASSIGN_OR_RETURN(const BoundRows bound, t.BindRows(kHead, kRow, 3, values, 1));
          EXPECT_EQ(bound.statements, statements);
          if (give_up) return Error(Reason::kStateConflict, "no");
          if (others) {  // through the same statements
            number(kOthers, &between);
            RETURN_IF_ERROR(t.InsertRowsAs(kHead, kRow, 3, between));
          }
          number(0, &values);
          if (!try_them) return t.InsertRowsAs(kHead, kRow, 3, values, {}, bound);
          ASSIGN_OR_RETURN(const bool all, t.TryInsertRowsAs(kHead, kRow, 3, values, bound));
          EXPECT_TRUE(all);
          return absl::OkStatus();
        };
        // What a transaction leaves bound that comes to nothing is not taken for the next one's.
        EXPECT_THAT(Do(db(), [&](Transaction& t) { return body(t, true); }), HasReason(Reason::kStateConflict));
        EXPECT_OK(Do(db(), [&](Transaction& t) { return body(t, false); }));
        EXPECT_EQ(Number(db(), "SELECT COUNT(*) FROM late WHERE id < 100000"), count);
        EXPECT_EQ(Number(db(), "SELECT COUNT(*) FROM late WHERE seq = id + 7 AND t = CONCAT('t', id)"),
                  count + (others ? 600 : 0));
        ASSERT_OK(Do(db(), "DELETE FROM late"));
      }
    }
  }
}

TEST_F(DatabaseTest, RowsTooLargeForOnePacketGoInSeveral) {
  ASSERT_OK(Do(db(), "CREATE TABLE large (id INT PRIMARY KEY, b LONGBLOB) ENGINE=InnoDB"));
  const std::string big(100 << 10, 'x');
  Values values;
  for (int i = 0; i < 1000; ++i) values.insert(values.end(), {Value(i), Value(big)});
  EXPECT_OK(Do(db(), [&](Transaction& t) { return t.InsertRows("INSERT INTO large (id, b) VALUES", 2, values); }));
  EXPECT_EQ(Number(db(), "SELECT SUM(LENGTH(b)) FROM large"), int64_t{1000} * (100 << 10));
}

TEST_F(DatabaseTest, NothingIsOpenedBeforeTheFirstWrite) {
  const Options options = db().options();
  const auto locked = [&] {
    auto other = Connection::Open(options);
    return !other.ok() || !(*other)->Query("SELECT v FROM accounts WHERE id = 1 FOR UPDATE NOWAIT").ok();
  };
  // MySQL does not tell a session whether a transaction is open.
  const char* in_transaction =
      testing::ProductUnderTest() == testing::DatabaseProduct::kMySql ? "SELECT NULL" : "SELECT @@in_transaction";
  EXPECT_OK(Do(db(), [&](Transaction& t) -> absl::Status {
    EXPECT_FALSE(t.open());
    ASSIGN_OR_RETURN(const Rows before, t.Query(in_transaction));
    EXPECT_TRUE(t.open());
    if (!before[0].IsNull(0)) {
      EXPECT_EQ(before[0].Int(0), 0);
    }
    EXPECT_FALSE(locked());
    RETURN_IF_ERROR(t.Query("SELECT v FROM accounts WHERE id = 1 FOR UPDATE"));
    ASSIGN_OR_RETURN(const Rows after, t.Query(in_transaction));
    if (!after[0].IsNull(0)) {
      EXPECT_EQ(after[0].Int(0), 1);
    }
    EXPECT_TRUE(locked());
    return absl::OkStatus();
  }));
}

TEST_F(DatabaseTest, ASnapshotStandsStillAndOnlyReads) {
  EXPECT_OK(db().Transact({.snapshot = true}, [&](Transaction& t) -> absl::Status {
    RETURN_IF_ERROR(t.Query("SELECT 1"));
    RETURN_IF_ERROR(Do(db(), "UPDATE accounts SET v = 9 WHERE id = 1"));
    ASSIGN_OR_RETURN(const Rows rows, t.Query("SELECT v FROM accounts WHERE id = 1"));
    EXPECT_EQ(rows[0].Int(0), 0);
    return absl::OkStatus();
  }));
  // The connection is an ordinary one again.
  EXPECT_OK(Do(db(), "UPDATE accounts SET v = v + 1 WHERE id = 1"));
  EXPECT_EQ(Number(db(), "SELECT v FROM accounts WHERE id = 1"), 10);
  for (const TransactOptions& options :
       {TransactOptions{.snapshot = true}, TransactOptions{.autocommit_reads = true}}) {
    for (const char* sql : {"UPDATE accounts SET v = 1", "SELECT v FROM accounts FOR UPDATE",
                            "select v from accounts lock in share mode"}) {
      EXPECT_THAT(db().Transact(options, [&](Transaction& t) { return t.Query(sql).status(); }),
                  HasReason(Reason::kInternal))
          << sql;
    }
  }
}

TEST_F(DatabaseTest, TwoThatCrossAreBothDone) {
  std::atomic<int> attempts{0}, arrived{0};
  const auto move = [&](int first, int second) {
    bool waited = false;
    EXPECT_OK(Do(db(), [&](Transaction& t) -> absl::Status {
      ++attempts;
      RETURN_IF_ERROR(t.Execute("UPDATE accounts SET v = v - 1 WHERE id = ?", {first}));
      // Both hold their first row before either asks for its second.
      if (!std::exchange(waited, true)) {
        ++arrived;
        while (arrived < 2) std::this_thread::yield();
      }
      return t.Execute("UPDATE accounts SET v = v + 1 WHERE id = ?", {second}).status();
    }));
  };
  std::thread one([&] { move(1, 2); }), two([&] { move(2, 1); });
  one.join();
  two.join();
  EXPECT_GE(attempts, 3);
  EXPECT_EQ(Number(db(), "SELECT SUM(ABS(v)) FROM accounts"), 0);
}

TEST_F(DatabaseTest, NoUpdateIsLost) {
  constexpr int kThreads = 6, kEach = 50;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < kEach; ++n) {
        // Half read with a lock, half write on condition.
        EXPECT_OK(Do(db(), [&](Transaction& t) -> absl::Status {
          if (i % 2 == 0) {
            ASSIGN_OR_RETURN(const Rows rows, t.Query("SELECT v FROM accounts WHERE id = ? FOR UPDATE", {1}));
            return t.Execute("UPDATE accounts SET v = ? WHERE id = ?", {rows[0].Int(0) + 1, 1}).status();
          }
          for (int64_t matched = 0; matched == 0;) {
            ASSIGN_OR_RETURN(const Rows rows, t.Query("SELECT v FROM accounts WHERE id = ?", {1}));
            const int64_t v = rows[0].Int(0);
            ASSIGN_OR_RETURN(matched, t.Execute("UPDATE accounts SET v = ? WHERE id = ? AND v = ?", {v + 1, 1, v}));
          }
          return absl::OkStatus();
        }));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Number(db(), "SELECT v FROM accounts WHERE id = 1"), kThreads * kEach);
}

TEST_F(DatabaseTest, ALockHeldTooLongIsAConflict) {
  absl::Notification held, release;
  std::thread holder([&] {
    EXPECT_OK(Do(db(), [&](Transaction& t) -> absl::Status {
      RETURN_IF_ERROR(t.Execute("UPDATE accounts SET v = 1 WHERE id = 1"));
      held.Notify();
      release.WaitForNotification();
      return absl::OkStatus();
    }));
  });
  held.WaitForNotification();
  int attempts = 0;
  const absl::Status status = db().Transact({.deadline = absl::Now() + absl::Seconds(1)}, [&](Transaction& t) {
    ++attempts;
    return t.Execute("UPDATE accounts SET v = 2 WHERE id = 1").status();
  });
  EXPECT_THAT(status, HasReason(Reason::kConflictRetry));
  EXPECT_EQ(attempts, 1);
  release.Notify();
  holder.join();
}

TEST_F(DatabaseTest, APassedDeadlineSendsNothing) {
  EXPECT_THAT(db().Transact({.deadline = absl::Now() - absl::Seconds(1)},
                            [](Transaction& t) { return t.Execute("UPDATE accounts SET v = 1").status(); }),
              HasReason(Reason::kDeadlineExceeded));
  EXPECT_EQ(Number(db(), "SELECT SUM(v) FROM accounts"), 0);
}

// Ends the session of `t` from another connection.
void Kill(Database& database, Transaction& t) {
  auto id = t.Query("SELECT CONNECTION_ID()");
  ASSERT_OK(id.status());
  auto other = Connection::Open(database.options());
  ASSERT_OK(other.status());
  ASSERT_OK((*other)->Run(StrCat("KILL ", (*id)[0].Int(0))));
}

TEST_F(DatabaseTest, AConnectionThatBreaksBeforeTheCommitIsReplaced) {
  int attempts = 0;
  EXPECT_OK(Do(db(), [&](Transaction& t) -> absl::Status {
    RETURN_IF_ERROR(t.Execute("UPDATE accounts SET v = v + 1 WHERE id = 1"));
    if (++attempts == 1) Kill(db(), t);
    return t.Execute("UPDATE accounts SET v = v + 1 WHERE id = 2").status();
  }));
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(Number(db(), "SELECT SUM(v) FROM accounts"), 2);
}

TEST_F(DatabaseTest, ACommitWithoutAnswerIsUnknownUnlessItCanBeResolved) {
  int attempts = 0;
  const auto body = [&](Transaction& t) -> absl::Status {
    RETURN_IF_ERROR(t.Execute("INSERT INTO accounts VALUES (77, 1)"));
    if (++attempts == 1) Kill(db(), t);
    return absl::OkStatus();
  };
  EXPECT_THAT(Do(db(), body), HasReason(Reason::kCommitUnknown));
  EXPECT_EQ(attempts, 1);
  EXPECT_EQ(Number(db(), "SELECT COUNT(*) FROM accounts WHERE id = 77"), 0);

  attempts = 0;
  int resolved = 0;
  TransactOptions options{.deadline = absl::Now() + absl::Seconds(30)};
  options.resolve = [&](Transaction& t) -> absl::StatusOr<CommitOutcome> {
    ++resolved;
    ASSIGN_OR_RETURN(const Rows rows, t.Query("SELECT id FROM accounts WHERE id = ? FOR UPDATE", {77}));
    return rows.empty() ? CommitOutcome::kNotCommitted : CommitOutcome::kCommitted;
  };
  EXPECT_OK(db().Transact(options, body));
  EXPECT_EQ(resolved, 1);
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(Number(db(), "SELECT COUNT(*) FROM accounts WHERE id = 77"), 1);
}

// From here on the server suffers, so that each test has its own.
class FaultTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Options options = server_.options("fault");
    options.statement_timeout = absl::Seconds(1);
    options.connect_timeout = absl::Seconds(1);
    auto opened = Database::Open(options);
    ASSERT_OK(opened.status());
    database_ = *std::move(opened);
    ASSERT_OK(Do(*database_, "CREATE TABLE accounts (id INT NOT NULL PRIMARY KEY, v BIGINT NOT NULL) ENGINE=InnoDB"));
    ASSERT_OK(Do(*database_, "INSERT INTO accounts VALUES (1, 0), (2, 0), (3, 0)"));
  }
  Database& db() { return *database_; }
  testing::DatabaseServer server_;
  std::unique_ptr<Database> database_;
};

TEST_F(FaultTest, ACommitThatWasStoredWithoutAnswerIsFoundStored) {
  int attempts = 0;
  TransactOptions options{.deadline = absl::Now() + absl::Seconds(60)};
  options.resolve = [&](Transaction& t) -> absl::StatusOr<CommitOutcome> {
    server_.Resume();  // it now meets the COMMIT whose sender has gone
    ASSIGN_OR_RETURN(const Rows rows, t.Query("SELECT id FROM accounts WHERE id = ? FOR UPDATE", {77}));
    return rows.empty() ? CommitOutcome::kNotCommitted : CommitOutcome::kCommitted;
  };
  EXPECT_OK(db().Transact(options, [&](Transaction& t) -> absl::Status {
    ++attempts;
    RETURN_IF_ERROR(t.Execute("INSERT INTO accounts VALUES (77, 1)"));
    server_.Freeze();
    return absl::OkStatus();
  }));
  EXPECT_EQ(attempts, 1);
  EXPECT_EQ(Number(db(), "SELECT v FROM accounts WHERE id = 77"), 1);
}

TEST_F(FaultTest, AKilledServerUndoesWhatWasOpenAndIsMetAgainAfterItsRestart) {
  const absl::Status status = Do(db(), [&](Transaction& t) -> absl::Status {
    RETURN_IF_ERROR(t.Execute("UPDATE accounts SET v = 7 WHERE id = 1"));
    server_.Kill();
    return t.Execute("UPDATE accounts SET v = 7 WHERE id = 2").status();
  });
  EXPECT_THAT(status, HasReason(Reason::kDatabaseUnavailable));
  EXPECT_THAT(db().Ping(absl::Seconds(1)), HasReason(Reason::kDatabaseUnavailable));
  server_.Restart();
  EXPECT_OK(db().Ping(absl::Seconds(5)));
  EXPECT_EQ(Number(db(), "SELECT SUM(v) FROM accounts"), 0);
}

TEST_F(FaultTest, ASilentServerIsToldWithinThePingsTimeHoweverLongStatementsMayTake) {
  Options options = server_.options("fault");
  options.statement_timeout = absl::Minutes(1);
  absl::StatusOr<std::unique_ptr<Database>> patient = Database::Open(options);
  ASSERT_OK(patient.status());
  EXPECT_TRUE((*patient)->answers());
  ASSERT_OK((*patient)->Ping(absl::Seconds(1)));
  server_.Freeze();
  for (const char* which : {"the kept connection", "a fresh one"}) {
    const absl::Time start = absl::Now();
    EXPECT_THAT((*patient)->Ping(absl::Seconds(1)), HasReason(Reason::kDatabaseUnavailable)) << which;
    EXPECT_LT(absl::Now() - start, absl::Seconds(10)) << which;
    EXPECT_FALSE((*patient)->answers());
  }
  server_.Resume();
  EXPECT_OK((*patient)->Ping(absl::Seconds(10)));
  EXPECT_TRUE((*patient)->answers());
}

TEST_F(FaultTest, ConnectionsOfBeforeARestartTroubleNobody) {
  // Several idle connections.
  std::atomic<int> inside{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      EXPECT_OK(Do(db(), [&](Transaction& t) -> absl::Status {
        RETURN_IF_ERROR(t.Query("SELECT 1"));
        for (++inside; inside < 4;) std::this_thread::yield();
        return absl::OkStatus();
      }));
    });
  }
  for (std::thread& thread : threads) thread.join();
  server_.Stop();
  server_.Restart();
  for (int i = 0; i < 6; ++i) EXPECT_OK(Do(db(), "UPDATE accounts SET v = v + 1 WHERE id = 1"));
  EXPECT_EQ(Number(db(), "SELECT v FROM accounts WHERE id = 1"), 6);
}

TEST_F(FaultTest, WhatWasAcknowledgedSurvivesAKill) {
  std::atomic<bool> ended{false};
  std::atomic<int> next{1000};
  std::vector<std::vector<int>> stored(4);
  std::vector<std::thread> writers;
  for (auto& mine : stored) {
    writers.emplace_back([&] {
      while (!ended) {
        const int id = next++;
        if (Do(db(), "INSERT INTO accounts VALUES (?, 1)", {id}).ok()) mine.push_back(id);
      }
    });
  }
  while (next < 1500) std::this_thread::yield();
  server_.Kill();
  ended = true;
  for (std::thread& writer : writers) writer.join();
  server_.Restart();
  for (const auto& mine : stored) {
    for (const int id : mine) EXPECT_EQ(Number(db(), "SELECT COUNT(*) FROM accounts WHERE id = ?", {id}), 1) << id;
  }
}

TEST_F(FaultTest, AFrozenServerIsNotWaitedForForever) {
  server_.Freeze();
  const absl::Time start = absl::Now();
  const absl::Status status = db().Transact({.deadline = start + absl::Seconds(2)},
                                            [&](Transaction& t) { return t.Query("SELECT v FROM accounts").status(); });
  EXPECT_FALSE(status.ok());
  EXPECT_LT(absl::Now() - start, absl::Seconds(15));
  server_.Resume();
  EXPECT_EQ(Number(db(), "SELECT COUNT(*) FROM accounts"), 3);
}

TEST_F(FaultTest, UnsafeSettingsAreRefusedByName) {
  // MySQL's clock of statements has another name.
  const bool mysql = testing::ProductUnderTest() == testing::DatabaseProduct::kMySql;
  server_.Restart({"--innodb-flush-log-at-trx-commit=2", "--innodb-lock-wait-timeout=50",
                   "--sql-mode=", mysql ? "--max-execution-time=0" : "--max-statement-time=0", "--local-infile=1",
                   "--default-time-zone=+08:00"});
  const auto opened = Database::Open(server_.options("fault"));
  ASSERT_THAT(opened, HasReason(Reason::kUnsafeSettings));
  for (const char* name : {"innodb_flush_log_at_trx_commit", "innodb_lock_wait_timeout", "sql_mode",
                           mysql ? "max_execution_time" : "max_statement_time", "local_infile", "time_zone"}) {
    EXPECT_THAT(std::string(opened.status().message()), HasSubstr(name));
  }
}

TEST(OpenTest, ASchemaIsMadeWhereThereIsNone) {
  Options options = testing::SharedDatabase().options();
  ASSERT_OK(Database::Open(options).status());
  ASSERT_OK(Database::Open(options).status());
  options.schema = "no`such";
  EXPECT_THAT(Database::Open(options), HasReason(Reason::kInvalidField));
  options.schema = "fine";
  options.pool_size = 0;
  EXPECT_THAT(Database::Open(options), HasReason(Reason::kInvalidField));
}

TEST(OpenTest, AnAccountThatMayNotMakeSchemasUsesTheOneItHas) {
  Options options = testing::SharedDatabase().options();
  auto opened = Database::Open(options);
  ASSERT_OK(opened.status());
  const std::string user = options.schema;
  ASSERT_OK(Do(**opened, StrCat("CREATE USER '", user, "'@'%' IDENTIFIED BY 'x'")));
  ASSERT_OK(Do(**opened, StrCat("GRANT ALL ON ", options.schema, ".* TO '", user, "'@'%'")));
  options.user = user;
  options.password = "x";
  EXPECT_OK(Database::Open(options).status());
  options.schema += "_other";
  EXPECT_THAT(Database::Open(options), HasReason(Reason::kDatabaseUnavailable));
}

}  // namespace
}  // namespace tributary::mysql
