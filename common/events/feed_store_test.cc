// The feed on a real database: what Outbox::Write leaves is what Feed reads.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "events_schema.h"
#include "tests/support/database_server.h"

namespace tributary::events {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

const mysql::Schema kFacts{"facts",
                           {{1, "0001_fact.sql",
                             "CREATE TABLE IF NOT EXISTS fact (shard SMALLINT NOT NULL, seq BIGINT NOT NULL, "
                             "recorded_at DATETIME(6) NOT NULL, "
                             "text VARBINARY(100) NOT NULL, PRIMARY KEY (shard, seq)) ENGINE=InnoDB"}}};

// Facts are rows that are events themselves.
RowBatch Facts(std::string_view key, const std::vector<std::string>& texts) {
  return {
      "fact", "recorded", std::vector<int>(texts.size(), ShardOf(key)),
      [texts](mysql::Transaction& sql, absl::Span<const Stamp> stamps) {
        mysql::Values values;
        for (size_t i = 0; i < texts.size(); ++i) {
          values.insert(values.end(), {stamps[i].cursor.shard, stamps[i].cursor.seq, stamps[i].recorded_at, texts[i]});
        }
        return sql.InsertRows("INSERT INTO fact (shard, seq, recorded_at, text) VALUES", 4, values);
      }};
}

RowSource FactSource() {
  return {
      "test.Fact", [](mysql::Transaction& sql, absl::Span<const ShardRange> ranges, std::vector<Event>* events) {
        for (const ShardRange& range : ranges) {
          ASSIGN_OR_RETURN(const mysql::Rows rows,
                           sql.Query("SELECT seq, recorded_at, text FROM fact WHERE shard = ? AND seq > ? AND seq <= ?",
                                     {range.shard, range.after, range.upto}));
          for (const mysql::Row& row : rows) {
            events->push_back({{range.shard, row.Int(0)}, row.Instant(1), "recorded", row.Text(2), "test.Fact", ""});
          }
        }
        return absl::OkStatus();
      }};
}

EventDraft Thing(std::string key, std::string name) {
  return {std::move(key), "created", std::move(name), "test.Thing", "x"};
}

class FeedStoreTest : public ::testing::Test {
 protected:
  FeedStoreTest() : database_(testing::FreshDatabase({&schema::events(), &kFacts})) {}

  absl::Status Write(const std::function<void(Outbox&)>& fill) {
    return database_->Transact({}, [&](mysql::Transaction& sql) {
      Outbox outbox;
      fill(outbox);
      return outbox.Write(sql);
    });
  }
  std::unique_ptr<Feed> MakeFeed(std::vector<RowSource> sources = {FactSource()}) {
    auto feed = std::make_unique<Feed>(*database_, std::move(sources), nullptr);
    EXPECT_OK(feed->Start());
    return feed;
  }
  // Everything from the beginning to the head.
  static absl::StatusOr<std::vector<Event>> ReadAll(Feed& feed, int limit = 1 << 20,
                                                    std::vector<std::string> types = {}) {
    RETURN_IF_ERROR(feed.Refresh());
    const std::vector<int64_t> heads = feed.Heads();
    std::vector<int64_t> cursors(kShards, 0);
    std::vector<Event> events;
    while (cursors != heads) {
      std::vector<ShardRange> ranges;
      for (int shard = 0; shard < kShards; ++shard) ranges.push_back({shard, cursors[shard], heads[shard]});
      std::vector<Cursor> read_to;
      RETURN_IF_ERROR(feed.Read(ranges, limit, &events, &read_to, types));
      for (const Cursor& cursor : read_to) cursors[cursor.shard] = cursor.seq;
    }
    return events;
  }

  std::unique_ptr<mysql::Database> database_;
};

std::vector<std::string> Names(const std::vector<Event>& events) {
  std::vector<std::string> names;
  for (const Event& event : events) names.push_back(event.name);
  return names;
}

TEST_F(FeedStoreTest, EventsAndRowsShareOneSequence) {
  ASSERT_OK(Write([](Outbox& outbox) {
    outbox.Add(Thing("p-1", "e1"));
    outbox.AddRows(Facts("p-1", {"f1", "f2"}));
    outbox.Add(Thing("p-1", "e2"));
  }));
  ASSERT_OK(Write([](Outbox& outbox) { outbox.AddRows(Facts("p-1", {"f3"})); }));
  const auto feed = MakeFeed();
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> events, ReadAll(*feed));
  EXPECT_THAT(Names(events), ElementsAre("e1", "e2", "f1", "f2", "f3"));
  for (size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].cursor, (Cursor{ShardOf("p-1"), static_cast<int64_t>(i + 1)}));
  }
  EXPECT_EQ(events[0].verb, "created");
  EXPECT_EQ(events[0].type, "test.Thing");
  EXPECT_EQ(events[0].payload, "x");
  EXPECT_GT(events[0].recorded_at, absl::Now() - absl::Minutes(5));
}

TEST_F(FeedStoreTest, ReadsManyShardsInPiecesInOrder) {
  for (int round = 0; round < 3; ++round) {
    ASSERT_OK(Write([&](Outbox& outbox) {
      for (int i = 0; i < 300; ++i) {
        outbox.Add(Thing(StrCat("p-", i), StrCat("partners/p-", i, "/", round)));
        outbox.AddRows(Facts(StrCat("p-", i), {StrCat("fact ", i)}));
      }
    }));
  }
  const auto feed = MakeFeed();
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> events, ReadAll(*feed, 100));
  EXPECT_THAT(events, SizeIs(1800));
  std::vector<int64_t> last(kShards, 0);
  std::vector<absl::Time> time(kShards, absl::InfinitePast());
  for (const Event& event : events) {
    EXPECT_EQ(event.cursor.seq, ++last[event.cursor.shard]);
    EXPECT_GE(event.recorded_at, time[event.cursor.shard]);
    time[event.cursor.shard] = event.recorded_at;
  }
  // Events of one type; the others are passed over.
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> facts, ReadAll(*feed, 100, {"test.Fact"}));
  EXPECT_THAT(facts, SizeIs(900));
  // The limit holds.
  std::vector<Event> some;
  std::vector<Cursor> read_to;
  std::vector<ShardRange> ranges;
  for (int shard = 0; shard < kShards; ++shard) ranges.push_back({shard, 0, last[shard]});
  ASSERT_OK(feed->Read(ranges, 10, &some, &read_to));
  EXPECT_THAT(some, SizeIs(10));
}

TEST_F(FeedStoreTest, WhatIsRolledBackLeavesNoGap) {
  EXPECT_FALSE(database_
                   ->Transact({},
                              [&](mysql::Transaction& sql) -> absl::Status {
                                Outbox outbox;
                                outbox.Add(Thing("p-1", "lost"));
                                RETURN_IF_ERROR(outbox.Write(sql));
                                return absl::InvalidArgumentError("no");
                              })
                   .ok());
  ASSERT_OK(Write([](Outbox& outbox) { outbox.Add(Thing("p-1", "kept")); }));
  const auto feed = MakeFeed();
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> events, ReadAll(*feed));
  EXPECT_THAT(Names(events), ElementsAre("kept"));
  EXPECT_EQ(events[0].cursor.seq, 1);
}

TEST_F(FeedStoreTest, AnyNumberOfShardsGetsExactlyItsNumbers) {
  std::vector<int64_t> expected(kShards, 0);
  for (const int shards : {1, 2, 3, 4, 5, 16, 17, 63, 64}) {
    // From the highest down, shard s with s % 3 + 1 facts, so that the last one is not always the same.
    RowBatch batch = Facts("p-1", {});
    for (int shard = kShards - shards; shard < kShards; ++shard) {
      for (int i = 0; i <= shard % 3; ++i) batch.shards.push_back(shard);
      expected[shard] += shard % 3 + 1;
    }
    const size_t facts = batch.shards.size();
    batch.write = Facts("p-1", std::vector<std::string>(facts, "fact")).write;
    ASSERT_OK(Write([&](Outbox& outbox) { outbox.AddRows(batch); })) << shards;
  }
  const auto feed = MakeFeed();
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> events, ReadAll(*feed));
  EXPECT_EQ(feed->Heads(), expected);
  std::vector<int64_t> last(kShards, 0);
  for (const Event& event : events) EXPECT_EQ(event.cursor.seq, ++last[event.cursor.shard]);
  EXPECT_EQ(last, expected);
}

TEST_F(FeedStoreTest, WritersOfManyShardsNeitherBlockForEverNorLeaveGaps) {
  constexpr int kWriters = 8;
  constexpr int kRounds = 25;
  std::vector<std::thread> writers;
  std::atomic<int> failed = 0;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; i < kRounds; ++i) {
        const absl::Status status = Write([&](Outbox& outbox) {
          // Shards in an order of each writer's own: locks are taken ascending all the same.
          for (int k = 0; k < 6; ++k)
            outbox.Add(Thing(StrCat("p-", (w * 7 + k * 13 + i) % 20), StrCat(w, "/", i, "/", k)));
        });
        if (!status.ok()) ++failed;
      }
    });
  }
  const auto feed = MakeFeed();
  // A reader beside them meets no gap either.
  while (true) {
    ASSERT_OK_AND_ASSIGN(const std::vector<Event> events, ReadAll(*feed));
    if (events.size() == kWriters * kRounds * 6 || failed > 0) break;
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(failed, 0);
}

TEST_F(FeedStoreTest, WakesWhoWaits) {
  const auto feed = MakeFeed();
  std::vector<int64_t> seen(kShards, 0);
  EXPECT_FALSE(feed->WaitBeyond(seen, absl::Now() + absl::Milliseconds(20)));
  std::thread writer([&] { ASSERT_OK(Write([](Outbox& outbox) { outbox.Add(Thing("p-1", "e1")); })); });
  EXPECT_TRUE(feed->WaitBeyond(seen, absl::Now() + absl::Seconds(10)));
  writer.join();
  EXPECT_EQ(feed->Heads()[ShardOf("p-1")], 1);
  // Who does not care for that shard sleeps on, until the feed stops.
  seen.assign(kShards, std::numeric_limits<int64_t>::max());
  std::thread stopper([&] { feed->Stop(); });
  EXPECT_FALSE(feed->WaitBeyond(seen, absl::Now() + absl::Seconds(30)));
  stopper.join();
}

TEST_F(FeedStoreTest, AStopWakesWhoWaitsOrRestsAndNobodyElse) {
  const auto feed = MakeFeed();
  const std::vector<int64_t> seen(kShards, 0);
  std::stop_source stop;
  const absl::Time start = absl::Now();
  std::jthread waits([&] { EXPECT_FALSE(feed->WaitBeyond(seen, start + absl::Seconds(60), stop.get_token())); });
  std::jthread rests([&] { feed->Rest(start + absl::Seconds(60), stop.get_token()); });
  std::jthread other([&] { EXPECT_TRUE(feed->WaitBeyond(seen, start + absl::Seconds(60))); });
  stop.request_stop();
  waits.join();
  rests.join();
  // Who comes with a stop that has been asked for waits no more.
  feed->Rest(start + absl::Seconds(60), stop.get_token());
  ASSERT_OK(Write([](Outbox& outbox) { outbox.Add(Thing("p-1", "e1")); }));
  other.join();
  EXPECT_LT(absl::Now() - start, absl::Seconds(30));
  // What the feed has is told to nobody who was stopped; a rest lasts whatever happens.
  EXPECT_FALSE(feed->WaitBeyond(seen, absl::InfiniteFuture(), stop.get_token()));
  const absl::Time until = absl::Now() + absl::Milliseconds(20);
  feed->Rest(until);
  EXPECT_GE(absl::Now(), until);
}

TEST_F(FeedStoreTest, FollowsFromTheBeginningAndLive) {
  ASSERT_OK(Write([](Outbox& outbox) {
    outbox.Add(Thing("p-1", "old"));
    outbox.AddRows(Facts("p-1", {"fact"}));
  }));
  const auto feed = MakeFeed();
  std::mutex mutex;
  std::vector<std::string> names;
  ASSERT_OK(feed->Follow({"test.Thing"}, [&](const Event& event) {
    std::lock_guard lock(mutex);
    names.push_back(event.name);
  }));
  {
    std::lock_guard lock(mutex);
    EXPECT_THAT(names, ElementsAre("old"));
  }
  ASSERT_OK(Write([](Outbox& outbox) { outbox.Add(Thing("p-1", "new")); }));
  feed->Poke();
  const absl::Time deadline = absl::Now() + absl::Seconds(10);
  while (absl::Now() < deadline) {
    std::lock_guard lock(mutex);
    if (names.size() == 2) break;
  }
  feed->Stop();
  EXPECT_THAT(names, ElementsAre("old", "new"));
}

TEST_F(FeedStoreTest, AGapIsAnErrorAndNotPassedOver) {
  ASSERT_OK(Write([](Outbox& outbox) {
    for (int i = 0; i < 3; ++i) outbox.Add(Thing("p-1", StrCat("e", i)));
  }));
  ASSERT_OK(database_->Transact(
      {}, [](mysql::Transaction& sql) { return sql.Execute("DELETE FROM event WHERE seq = 2").status(); }));
  const auto feed = MakeFeed();
  EXPECT_THAT(ReadAll(*feed), HasReason(Reason::kInternal));
  EXPECT_THAT(feed->Follow({}, [](const Event&) {}), HasReason(Reason::kInternal));
}

TEST_F(FeedStoreTest, TwoRowsOfOneNumberAreAnError) {
  ASSERT_OK(Write([](Outbox& outbox) { outbox.Add(Thing("p-1", "e1")); }));
  ASSERT_OK(database_->Transact({}, [](mysql::Transaction& sql) {
    return sql.Execute("INSERT INTO fact VALUES (?, 1, UTC_TIMESTAMP(6), 'twice')", {ShardOf("p-1")}).status();
  }));
  const auto feed = MakeFeed();
  EXPECT_THAT(ReadAll(*feed), HasReason(Reason::kInternal));
}

TEST_F(FeedStoreTest, PurgedEventsAreSaidToBe) {
  ASSERT_OK(Write([](Outbox& outbox) {
    for (int i = 0; i < 5; ++i) outbox.Add(Thing("p-1", StrCat("old", i)));
  }));
  const auto feed = MakeFeed();
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> old, ReadAll(*feed));
  ASSERT_OK(Write([](Outbox& outbox) { outbox.Add(Thing("p-1", "young")); }));
  ASSERT_OK(feed->Purge(old.back().recorded_at + absl::Microseconds(1)));
  ASSERT_OK(feed->Refresh());
  const int shard = ShardOf("p-1");
  std::vector<Event> events;
  std::vector<Cursor> read_to;
  const ShardRange late[] = {{shard, 5, 6}};
  ASSERT_OK(feed->Read(late, 100, &events, &read_to));
  EXPECT_THAT(Names(events), ElementsAre("young"));
  const ShardRange early[] = {{shard, 4, 6}};
  EXPECT_THAT(feed->Read(early, 100, &events, &read_to), HasReason(Reason::kFeedCursorExpired));
  EXPECT_THAT(feed->Read(early, 100, &events, &read_to, std::vector<std::string>{"test.Fact"}),
              HasReason(Reason::kFeedCursorExpired));
}

TEST_F(FeedStoreTest, AllProcessesAgreeOnTheEpochUntilTheDatabaseIsRestored) {
  const auto feed = MakeFeed();
  const auto other = MakeFeed();
  const std::string first = feed->epoch();
  EXPECT_FALSE(first.empty());
  EXPECT_EQ(other->epoch(), first);
  ASSERT_OK(Write([](Outbox& outbox) {
    for (int i = 0; i < 5; ++i) outbox.Add(Thing("p-1", StrCat("e", i)));
  }));
  ASSERT_OK(feed->Refresh());
  ASSERT_OK(other->Refresh());
  EXPECT_EQ(feed->epoch(), first);
  // A backup comes back under the feet of running processes.
  ASSERT_OK(database_->Transact({}, [](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(sql.Execute("DELETE FROM event WHERE seq > 2"));
    return sql.Execute("UPDATE feed SET seq = 2 WHERE shard = ?", {ShardOf("p-1")}).status();
  }));
  ASSERT_OK(feed->Refresh());
  ASSERT_OK(other->Refresh());
  EXPECT_NE(feed->epoch(), first);
  EXPECT_EQ(other->epoch(), feed->epoch());
  EXPECT_EQ(feed->Heads()[ShardOf("p-1")], 2);
  // Whoever restores a backup deletes the epoch.
  const std::string second = feed->epoch();
  ASSERT_OK(
      database_->Transact({}, [](mysql::Transaction& sql) { return sql.Execute("DELETE FROM feed_epoch").status(); }));
  ASSERT_OK(other->Refresh());
  ASSERT_OK(feed->Refresh());
  EXPECT_NE(feed->epoch(), second);
  EXPECT_EQ(other->epoch(), feed->epoch());
}

TEST_F(FeedStoreTest, SettledKnownTimeStaysAsItIs) {
  ASSERT_OK(Write([](Outbox& outbox) { outbox.Add(Thing("p-1", "e1")); }));
  absl::Time settled;
  ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows now, sql.Query("SELECT UTC_TIMESTAMP(6)"));
    settled = now.at(0).Instant(0) - absl::Milliseconds(1);
    return SettleKnownTime(sql, settled);
  }));
  // Even where the clock is set back: as if the shard had been written to in the future.
  const absl::Time future = settled + absl::Hours(1);
  ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) {
    return sql.Execute("UPDATE feed SET at = ? WHERE shard = ?", {future, ShardOf("p-1")}).status();
  }));
  ASSERT_OK(Write([](Outbox& outbox) {
    outbox.Add(Thing("p-1", "e2"));
    outbox.Add(Thing("p-2", "e3"));
  }));
  const auto feed = MakeFeed();
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> events, ReadAll(*feed));
  std::map<std::string, absl::Time> times;
  for (const Event& event : events) times[event.name] = event.recorded_at;
  EXPECT_EQ(times["e2"], future);
  EXPECT_GT(times["e3"], settled);
  EXPECT_THAT(database_->Transact({}, [&](mysql::Transaction& sql) { return SettleKnownTime(sql, future); }),
              HasReason(Reason::kStateConflict));
}

}  // namespace
}  // namespace tributary::events
