#include "common/mysql/group.h"

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
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "tests/support/database_server.h"

namespace tributary::mysql {
namespace {

TransactOptions Soon() { return {.deadline = absl::Now() + absl::Seconds(60)}; }

class GroupTest : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = testing::FreshDatabase();
    ASSERT_OK(Run("CREATE TABLE cells (id INT NOT NULL PRIMARY KEY, v BIGINT NOT NULL) ENGINE=InnoDB"));
  }

  absl::Status Run(const std::string& sql) {
    return database_->Transact(Soon(), [&](Transaction& t) { return t.Execute(sql).status(); });
  }

  int64_t Number(const std::string& sql) {
    int64_t number = -1;
    EXPECT_OK(database_->Transact(Soon(), [&](Transaction& t) -> absl::Status {
      ASSIGN_OR_RETURN(const Rows rows, t.Query(sql));
      number = rows.at(0).Int(0);
      return absl::OkStatus();
    }));
    return number;
  }

  // Hands in a unit that holds its lane, then `bodies` in order, each on a thread of its own; lets go when all are
  // queued, so that they form one group. The answers.
  std::vector<absl::Status> Together(GroupCommitter& group,
                                     const std::vector<std::function<absl::Status(Transaction&)>>& bodies,
                                     const TransactOptions& options = Soon()) {
    absl::Notification holding, release;
    std::thread holder([&] {
      EXPECT_OK(group.Commit("k", Soon(), [&](Transaction&) {
        holding.Notify();
        release.WaitForNotification();
        return absl::OkStatus();
      }));
    });
    holding.WaitForNotification();
    std::vector<absl::Status> answers(bodies.size());
    std::vector<std::thread> threads;
    for (size_t i = 0; i < bodies.size(); ++i) {
      threads.emplace_back([&, i] { answers[i] = group.Commit("k", options, bodies[i]); });
      while (group.waiting() < i + 1) std::this_thread::yield();
    }
    release.Notify();
    holder.join();
    for (std::thread& thread : threads) thread.join();
    return answers;
  }

  static absl::Status Add(Transaction& t, int id, int v = 1) {
    return t.Execute("INSERT INTO cells VALUES (?, ?)", {id, v}).status();
  }

  // Ends the session of `t` from another connection.
  void Kill(Transaction& t) {
    auto id = t.Query("SELECT CONNECTION_ID()");
    ASSERT_OK(id.status());
    auto other = Connection::Open(database_->options());
    ASSERT_OK(other.status());
    ASSERT_OK((*other)->Run(StrCat("KILL ", (*id)[0].Int(0))));
  }

  std::unique_ptr<Database> database_;
};

TEST_F(GroupTest, ManyWritersLoseNothing) {
  GroupCommitter group(*database_, {.lanes = 3, .most_units = 16});
  ASSERT_OK(Run("INSERT INTO cells VALUES (0, 0), (1, 0), (2, 0), (3, 0), (4, 0)"));
  constexpr int kThreads = 16, kEach = 60;
  std::vector<std::thread> threads;
  std::atomic<int> refused{0};
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < kEach; ++n) {
        const int cell = (i + n) % 5;
        const absl::Status status = group.Commit(StrCat(cell), Soon(), [&](Transaction& t) -> absl::Status {
          RETURN_IF_ERROR(t.Execute("UPDATE cells SET v = v + 1 WHERE id = ?", {cell}));
          // One in six changes its mind after it has written.
          return n % 6 == 0 ? Error(Reason::kStateConflict, "no") : absl::OkStatus();
        });
        if (n % 6 == 0) {
          EXPECT_THAT(status, HasReason(Reason::kStateConflict));
          ++refused;
        } else {
          EXPECT_OK(status);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(refused, kThreads * kEach / 6);
  EXPECT_EQ(Number("SELECT SUM(v) FROM cells"), kThreads * kEach - refused);
}

TEST_F(GroupTest, UnitsShareATransactionAndKeepTheirOrder) {
  GroupCommitter group(*database_);
  std::vector<std::function<absl::Status(Transaction&)>> bodies;
  std::vector<int> order;  // written by the one lane
  std::vector<int64_t> sessions;
  for (int i = 0; i < 10; ++i) {
    bodies.push_back([&, i](Transaction& t) -> absl::Status {
      order.push_back(i);
      // What came before is there.
      ASSIGN_OR_RETURN(const Rows rows, t.Query("SELECT COUNT(*), CONNECTION_ID() FROM cells"));
      EXPECT_EQ(rows[0].Int(0), i);
      sessions.push_back(rows[0].Int(1));
      return Add(t, i);
    });
  }
  for (const absl::Status& answer : Together(group, bodies)) EXPECT_OK(answer);
  EXPECT_THAT(order, ::testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_THAT(sessions, ::testing::Each(sessions[0]));
}

TEST_F(GroupTest, AUnitsErrorIsItsOwn) {
  GroupCommitter group(*database_);
  const auto answers =
      Together(group, {[](Transaction& t) -> absl::Status {  // the first of the group changes its mind
                         RETURN_IF_ERROR(Add(t, 90));
                         return Error(Reason::kStateConflict, "no");
                       },
                       [](Transaction& t) { return Add(t, 1); },
                       [](Transaction& t) -> absl::Status {  // a duplicate after a row that must go with it
                         RETURN_IF_ERROR(Add(t, 91));
                         return Add(t, 1);
                       },
                       [](Transaction& t) -> absl::Status {  // goes on after a failed statement
                         static_cast<void>(Add(t, 92));
                         static_cast<void>(t.Execute("NONSENSE"));
                         static_cast<void>(Add(t, 93));
                         return absl::OkStatus();
                       },
                       [](Transaction& t) -> absl::Status {  // handles its own duplicate
                         ASSIGN_OR_RETURN(const bool added, t.TryInsert("INSERT INTO cells VALUES (?, ?)", {1, 1}));
                         EXPECT_FALSE(added);
                         return Add(t, 2);
                       },
                       [](Transaction&) { return Error(Reason::kNotFound, "wrote nothing"); },
                       [](Transaction& t) { return Add(t, 3); }});
  EXPECT_THAT(answers[0], HasReason(Reason::kStateConflict));
  EXPECT_OK(answers[1]);
  EXPECT_THAT(answers[2], HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(answers[3], HasReason(Reason::kInternal));
  EXPECT_OK(answers[4]);
  EXPECT_THAT(answers[5], HasReason(Reason::kNotFound));
  EXPECT_OK(answers[6]);
  EXPECT_EQ(Number("SELECT GROUP_CONCAT(id ORDER BY id SEPARATOR '') FROM cells"), 123);
}

TEST_F(GroupTest, ALostGroupRunsOneByOne) {
  GroupCommitter group(*database_);
  std::vector<std::function<absl::Status(Transaction&)>> bodies;
  std::vector<int> runs(5);
  for (int i = 0; i < 5; ++i) {
    bodies.push_back([&, i](Transaction& t) -> absl::Status {
      RETURN_IF_ERROR(Add(t, i));
      if (++runs[i] == 1 && i == 3) Kill(t);
      return t.Execute("UPDATE cells SET v = v + 1 WHERE id = ?", {i}).status();
    });
  }
  for (const absl::Status& answer : Together(group, bodies)) EXPECT_OK(answer);
  EXPECT_THAT(runs, ::testing::ElementsAre(2, 2, 2, 2, 1));
  EXPECT_EQ(Number("SELECT SUM(v) FROM cells"), 10);
}

TEST_F(GroupTest, ACommitWithoutAnswerIsResolvedForEachUnit) {
  GroupCommitter group(*database_);
  for (const bool can_resolve : {false, true}) {
    ASSERT_OK(Run("DELETE FROM cells"));
    std::atomic<int> resolved{0};
    bool killed = false;
    std::vector<std::function<absl::Status(Transaction&)>> bodies;
    for (int i = 0; i < 3; ++i) {
      bodies.push_back([&, i](Transaction& t) -> absl::Status {
        RETURN_IF_ERROR(Add(t, i));
        if (i == 2 && !std::exchange(killed, true)) Kill(t);
        return absl::OkStatus();
      });
    }
    TransactOptions options = Soon();
    if (can_resolve) {
      options.resolve = [&](Transaction& t) -> absl::StatusOr<CommitOutcome> {
        ++resolved;
        ASSIGN_OR_RETURN(const Rows rows, t.Query("SELECT id FROM cells WHERE id = 0 FOR UPDATE"));
        return rows.empty() ? CommitOutcome::kNotCommitted : CommitOutcome::kCommitted;
      };
    }
    const auto answers = Together(group, bodies, options);
    for (const absl::Status& answer : answers) {
      if (can_resolve) {
        EXPECT_OK(answer);
      } else {
        EXPECT_THAT(answer, HasReason(Reason::kCommitUnknown));
      }
    }
    EXPECT_EQ(Number("SELECT COUNT(*) FROM cells"), can_resolve ? 3 : 0);
  }
}

TEST_F(GroupTest, ADeadlineThatPassesInTheQueueRunsNothing) {
  GroupCommitter group(*database_);
  bool ran = false;
  const auto body = [&](Transaction&) {
    ran = true;
    return absl::OkStatus();
  };
  const auto answers = Together(group, {body, body}, {.deadline = absl::Now() - absl::Seconds(1)});
  for (const absl::Status& answer : answers) EXPECT_THAT(answer, HasReason(Reason::kDeadlineExceeded));
  EXPECT_FALSE(ran);
}

TEST_F(GroupTest, AFullQueueRefuses) {
  GroupCommitter group(*database_, {.lanes = 1, .longest_queue = 1});
  absl::Status refused;
  const auto answers = Together(group, {[](Transaction& t) { return Add(t, 1); }}, Soon());
  EXPECT_OK(answers[0]);
  absl::Notification holding, release;
  std::thread holder([&] {
    EXPECT_OK(group.Commit("a", Soon(), [&](Transaction&) {
      holding.Notify();
      release.WaitForNotification();
      return absl::OkStatus();
    }));
  });
  holding.WaitForNotification();
  std::thread queued([&] { EXPECT_OK(group.Commit("b", Soon(), [](Transaction& t) { return Add(t, 2); })); });
  while (group.waiting() < 1) std::this_thread::yield();
  EXPECT_THAT(group.Commit("c", Soon(), [](Transaction& t) { return Add(t, 3); }), HasReason(Reason::kOverloaded));
  release.Notify();
  holder.join();
  queued.join();
  EXPECT_EQ(Number("SELECT COUNT(*) FROM cells"), 2);
}

TEST_F(GroupTest, EndingFinishesWhatIsQueued) {
  auto group = std::make_unique<GroupCommitter>(*database_, GroupOptions{.lanes = 1});
  std::vector<std::thread> threads;
  absl::Notification holding, release;
  threads.emplace_back([&] {
    EXPECT_OK(group->Commit("k", Soon(), [&](Transaction&) {
      holding.Notify();
      release.WaitForNotification();
      return absl::OkStatus();
    }));
  });
  holding.WaitForNotification();
  for (int i = 0; i < 5; ++i) {
    threads.emplace_back([&, i] { EXPECT_OK(group->Commit("k", Soon(), [&](Transaction& t) { return Add(t, i); })); });
    while (group->waiting() < static_cast<size_t>(i) + 1) std::this_thread::yield();
  }
  std::thread ender([&] { group.reset(); });
  release.Notify();
  ender.join();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Number("SELECT COUNT(*) FROM cells"), 5);
}

}  // namespace
}  // namespace tributary::mysql
