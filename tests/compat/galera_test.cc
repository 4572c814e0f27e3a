// What a Galera cluster does that one server does not, as far as the suite stands on it. The suite writes to one node;
// that nothing is lost where two are written to, or the writer changes, is what makes a change of the writer safe.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/connection.h"
#include "common/status/status.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "events_schema.h"
#include "tests/support/database_server.h"

namespace tributary::mysql {
namespace {

using ::testing::HasSubstr;

absl::Status Do(Database& database, absl::FunctionRef<absl::Status(Transaction&)> body) {
  return database.Transact({.deadline = absl::Now() + absl::Seconds(60)}, body);
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

std::unique_ptr<Database> OpenDatabase(const Options& options) {
  auto database = Database::Open(options);
  EXPECT_OK(database.status());
  return database.ok() ? *std::move(database) : nullptr;
}

// One schema as the writer and as the other node have it.
class GaleraTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(testing::ProductUnderTest(), testing::DatabaseProduct::kGalera);
    const Options options = testing::SharedDatabase().options();
    writer_ = OpenDatabase(options);
    ASSERT_NE(writer_, nullptr);
    ASSERT_OK(Do(*writer_, "CREATE TABLE accounts (id INT NOT NULL PRIMARY KEY, v BIGINT NOT NULL) ENGINE=InnoDB"));
    ASSERT_OK(Do(*writer_, "INSERT INTO accounts VALUES (1, 0), (2, 0)"));
    peer_ = OpenDatabase(testing::SharedDatabase().peer_options(options.schema));
    ASSERT_NE(peer_, nullptr);
  }
  Database& writer() { return *writer_; }
  Database& peer() { return *peer_; }
  std::unique_ptr<Database> writer_, peer_;
};

TEST_F(GaleraTest, WhatOneNodeAcknowledgedTheOtherReads) {
  EXPECT_EQ(Number(writer(),
                   "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
                   " WHERE VARIABLE_NAME = 'wsrep_cluster_size'"),
            2);
  for (int i = 1; i <= 300; ++i) {
    ASSERT_OK(Do(writer(), "UPDATE accounts SET v = v + 1 WHERE id = 1"));
    ASSERT_EQ(Number(peer(), "SELECT v FROM accounts WHERE id = 1"), i);
  }
}

TEST_F(GaleraTest, WhatTheClusterRefusesAtCommitRunsAgain) {
  int attempts = 0;
  EXPECT_OK(Do(writer(), [&](Transaction& t) -> absl::Status {
    RETURN_IF_ERROR(t.Execute("UPDATE accounts SET v = v + 10 WHERE id = 1"));
    // The other node is first; it knows nothing of our lock.
    if (++attempts == 1) RETURN_IF_ERROR(Do(peer(), "UPDATE accounts SET v = v + 1 WHERE id = 1"));
    return absl::OkStatus();
  }));
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(Number(writer(), "SELECT v FROM accounts WHERE id = 1"), 11);
}

TEST_F(GaleraTest, WritersOnBothNodesLoseNothing) {
  std::atomic<int64_t> acknowledged{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      Database& database = i % 2 == 0 ? writer() : peer();
      for (int round = 0; round < 50; ++round) {
        acknowledged += Do(database, [&](Transaction& t) -> absl::Status {
                          ASSIGN_OR_RETURN(const Rows rows, t.Query("SELECT v FROM accounts WHERE id = 1 FOR UPDATE"));
                          return t.Execute("UPDATE accounts SET v = ? WHERE id = 1", {rows[0].Int(0) + 1}).status();
                        }).ok();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(acknowledged, 0);
  EXPECT_EQ(Number(writer(), "SELECT v FROM accounts WHERE id = 1"), acknowledged);
  EXPECT_EQ(Number(peer(), "SELECT v FROM accounts WHERE id = 1"), acknowledged);
}

TEST_F(GaleraTest, TheFeedHasOneSequenceWhicheverNodeWritesIt) {
  ASSERT_OK(writer().ApplySchema(schema::events()));
  constexpr int kEach = 60;
  std::vector<std::thread> threads;
  for (Database* database : {&writer(), &peer()}) {
    threads.emplace_back([database, name = database == &writer() ? "a" : "b"] {
      for (int i = 0; i < kEach; ++i) {
        EXPECT_OK(Do(*database, [&](Transaction& t) {
          events::Outbox outbox;
          outbox.Add({"p-1", "created", StrCat(name, i), "test.Thing", "x"});
          return outbox.Write(t);
        }));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  events::Feed feed(peer(), {}, nullptr);
  ASSERT_OK(feed.Start());
  ASSERT_OK(feed.Refresh());
  const int shard = events::ShardOf("p-1");
  ASSERT_EQ(feed.Heads()[shard], 2 * kEach);
  std::vector<events::Event> events;
  std::vector<events::Cursor> read_to;
  const std::vector<events::ShardRange> all = {{shard, 0, 2 * kEach}};
  ASSERT_OK(feed.Read(all, std::numeric_limits<int>::max(), &events, &read_to));
  ASSERT_EQ(events.size(), 2u * kEach);
  std::set<std::string> names;
  for (int i = 0; i < 2 * kEach; ++i) {
    EXPECT_EQ(events[i].cursor.seq, i + 1);
    names.insert(events[i].name);
  }
  EXPECT_EQ(names.size(), 2u * kEach);
}

TEST_F(GaleraTest, UnsafeSettingsOfANodeAreRefusedByName) {
  const Options options = testing::SharedDatabase().peer_options(writer().options().schema);
  const auto connection = Connection::Open(options);
  ASSERT_OK(connection.status());
  const struct {
    const char* name;
    const char* unsafe;
    const char* safe;
  } cases[] = {
      {"wsrep_sync_wait", "0", "1"}, {"wsrep_dirty_reads", "ON", "OFF"}, {"wsrep_osu_method", "'RSU'", "'TOI'"}};
  for (const auto& c : cases) {
    ASSERT_OK((*connection)->Run(StrCat("SET GLOBAL ", c.name, " = ", c.unsafe)));
    const auto opened = Database::Open(options);
    EXPECT_THAT(opened, HasReason(Reason::kUnsafeSettings)) << c.name;
    EXPECT_THAT(std::string(opened.status().message()), HasSubstr(c.name));
    ASSERT_OK((*connection)->Run(StrCat("SET GLOBAL ", c.name, " = ", c.safe)));
  }
  EXPECT_OK(Database::Open(options).status());
}

TEST(GaleraFailoverTest, TheOtherNodeHasWhatAKilledWriterAcknowledged) {
  testing::DatabaseServer cluster;
  const auto database = OpenDatabase(cluster.options("failover"));
  ASSERT_NE(database, nullptr);
  ASSERT_OK(Do(*database, "CREATE TABLE rows_kept (id INT NOT NULL PRIMARY KEY) ENGINE=InnoDB"));
  std::atomic<bool> ended{false};
  std::atomic<int> next{0};
  std::vector<std::vector<int>> stored(4);
  std::vector<std::thread> writers;
  for (auto& mine : stored) {
    writers.emplace_back([&] {
      while (!ended) {
        const int id = next++;
        if (Do(*database, "INSERT INTO rows_kept VALUES (?)", {id}).ok()) mine.push_back(id);
      }
    });
  }
  while (next < 400) std::this_thread::yield();
  cluster.Kill();
  ended = true;
  for (std::thread& writer : writers) writer.join();

  // As soon as it knows that the other has gone it is the whole cluster.
  Options options = cluster.peer_options("failover");
  absl::StatusOr<std::unique_ptr<Database>> peer = Database::Open(options);
  for (const absl::Time give_up = absl::Now() + absl::Seconds(60); !peer.ok() && absl::Now() < give_up;) {
    absl::SleepFor(absl::Milliseconds(50));
    peer = Database::Open(options);
  }
  ASSERT_OK(peer.status());
  for (const auto& mine : stored) {
    for (const int id : mine) ASSERT_EQ(Number(**peer, "SELECT COUNT(*) FROM rows_kept WHERE id = ?", {id}), 1) << id;
  }
  ASSERT_OK(Do(**peer, "INSERT INTO rows_kept VALUES (-1)"));

  // The old writer comes back with what happened without it.
  cluster.Restart();
  EXPECT_EQ(Number(*database, "SELECT COUNT(*) FROM rows_kept WHERE id = -1"), 1);
  EXPECT_EQ(Number(*database, "SELECT COUNT(*) FROM rows_kept"), Number(**peer, "SELECT COUNT(*) FROM rows_kept"));
}

}  // namespace
}  // namespace tributary::mysql
