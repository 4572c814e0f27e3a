// Following the own feed on a real database.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/events/feed_watch.h"
#include "common/events/outbox.h"
#include "common/status/status.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "events_schema.h"
#include "tests/support/database_server.h"

namespace tributary::events {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const mysql::Schema kSeen{
    "seen",
    {{1, "0001_test_cursor.sql",
      "CREATE TABLE IF NOT EXISTS test_cursor (shard SMALLINT NOT NULL, seq BIGINT NOT NULL, PRIMARY KEY (shard)) "
      "ENGINE=InnoDB"},
     {2, "0002_seen.sql",
      "CREATE TABLE IF NOT EXISTS seen (name VARBINARY(64) NOT NULL, PRIMARY KEY (name)) ENGINE=InnoDB"}}};

class FeedWatchTest : public ::testing::Test {
 protected:
  FeedWatchTest() : database_(testing::FreshDatabase({&schema::events(), &kSeen})), feed_(*database_, {}, nullptr) {
    EXPECT_OK(feed_.Start());
  }
  ~FeedWatchTest() override { feed_.Stop(); }

  void Tell(const std::string& key, const std::string& name, const std::string& type = "test.Thing") {
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) {
      Outbox outbox;
      outbox.Add({key, "created", name, type, "x"});
      return outbox.Write(sql);
    }));
  }
  // A second time would fail, for a name is seen once.
  FeedWatch::Apply See() {
    return [this](mysql::Transaction& sql, const ShardRange&, absl::Span<const Event> events, Outbox&) -> absl::Status {
      for (const Event& event : events) {
        RETURN_IF_ERROR(sql.Execute("INSERT INTO seen (name) VALUES (?)", {event.name}).status());
        if (event.name == broken_) return absl::InternalError("broken");
      }
      return absl::OkStatus();
    };
  }
  FeedWatchOptions Options() { return {.name = "test", .cursor_table = "test_cursor", .types = {"test.Thing"}}; }
  std::vector<std::string> Seen() {
    std::vector<std::string> seen;
    EXPECT_OK(database_->Transact({.autocommit_reads = true}, [&](mysql::Transaction& sql) -> absl::Status {
      seen.clear();
      ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT name FROM seen ORDER BY name"));
      for (const mysql::Row& row : rows) seen.push_back(row.Text(0));
      return absl::OkStatus();
    }));
    return seen;
  }

  std::unique_ptr<mysql::Database> database_;
  Feed feed_;
  std::string broken_;
};

TEST_F(FeedWatchTest, SeveralSeeEachEventOnce) {
  for (int i = 0; i < 200; ++i)
    Tell(StrCat("p-", i % 7), StrCat("things/", i), i % 2 == 0 ? "test.Thing" : "test.Other");
  std::vector<std::jthread> watchers;
  for (int i = 0; i < 3; ++i) {
    watchers.emplace_back([&] {
      FeedWatch watch(*database_, feed_, Options(), See(), [] {});
      EXPECT_OK(watch.CatchUp());
    });
  }
  watchers.clear();
  EXPECT_EQ(Seen().size(), 100u);
}

TEST_F(FeedWatchTest, WhatFailsIsTriedAgainAndHoldsNoOtherShardUp) {
  // One of the first shards, so that the others come after it.
  std::string first;
  for (int i = 0; first.empty(); ++i) {
    if (ShardOf(StrCat("k-", i)) == 0) first = StrCat("k-", i);
  }
  std::string other;
  for (int i = 0; other.empty(); ++i) {
    if (ShardOf(StrCat("k-", i)) > 0) other = StrCat("k-", i);
  }
  broken_ = "things/bad";
  Tell(first, "things/bad");
  Tell(other, "things/good");
  FeedWatch watch(*database_, feed_, Options(), See(), [] {});
  EXPECT_FALSE(watch.CatchUp().ok());
  EXPECT_THAT(Seen(), ElementsAre("things/good"));
  EXPECT_FALSE(watch.CatchUp().ok());
  EXPECT_THAT(Seen(), ElementsAre("things/good"));
  broken_.clear();
  EXPECT_OK(watch.CatchUp());
  EXPECT_THAT(Seen(), ElementsAre("things/bad", "things/good"));
}

TEST_F(FeedWatchTest, WhatItTellsIsInTheTransactionThatMovesTheCursor) {
  std::atomic<int> committed{0};
  FeedWatch watch(
      *database_, feed_, Options(),
      [](mysql::Transaction&, const ShardRange&, absl::Span<const Event> events, Outbox& outbox) {
        for (const Event& event : events) outbox.Add({"p-1", "followed", event.name, "test.Other", "x"});
        return absl::OkStatus();
      },
      [&] { ++committed; });
  EXPECT_OK(watch.CatchUp());
  EXPECT_EQ(committed, 0);
  EXPECT_THAT(Seen(), IsEmpty());
  Tell("p-1", "things/1");
  EXPECT_OK(watch.CatchUp());
  EXPECT_EQ(committed, 1);
  EXPECT_OK(watch.CatchUp());
  EXPECT_EQ(committed, 1);
}

}  // namespace
}  // namespace tributary::events
