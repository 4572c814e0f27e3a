// Leases and the fence on a real database.

#include "common/events/consumer_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/events/consumer.h"
#include "common/events/shard_leases.h"
#include "common/status/status_matchers.h"
#include "events_schema.h"
#include "tests/support/database_server.h"

namespace tributary::events {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ConsumerStoreTest : public ::testing::Test {
 protected:
  ConsumerStoreTest() : database_(testing::FreshDatabase({&schema::events()})) {
    Must([](mysql::Transaction& sql) { return ConsumerStore("inventory", "a").Prepare(sql); });
  }

  void Must(absl::FunctionRef<absl::Status(mysql::Transaction&)> body) { EXPECT_OK(database_->Transact({}, body)); }
  template <typename T>
  T Get(absl::FunctionRef<absl::StatusOr<T>(mysql::Transaction&)> body) {
    T result{};
    Must([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(result, body(sql));
      return absl::OkStatus();
    });
    return result;
  }
  bool Claim(const ConsumerStore& store, int shard, absl::Duration lease = absl::Minutes(1)) {
    return Get<bool>([&](mysql::Transaction& sql) { return store.Claim(sql, shard, lease); });
  }
  std::vector<HeldShard> Held(const ConsumerStore& store) {
    return Get<std::vector<HeldShard>>([&](mysql::Transaction& sql) { return store.Held(sql); });
  }
  // Advances in a transaction that is rolled back where the fence says no.
  bool Advance(const ConsumerStore& store, const std::vector<Move>& moves, const std::string& epoch = "e") {
    bool moved = false;
    (void)database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(moved, store.Advance(sql, moves, epoch));
      return moved ? absl::OkStatus() : absl::AbortedError("fence");
    });
    return moved;
  }
  std::vector<Cursor> Applied() {
    return Get<std::vector<Cursor>>([&](mysql::Transaction& sql) { return AppliedCursors(sql, "inventory"); });
  }

  const std::unique_ptr<mysql::Database> database_;
  const ConsumerStore a_{"inventory", "a"};
  const ConsumerStore b_{"inventory", "b"};
};

TEST_F(ConsumerStoreTest, AShardHasOneOwnerUntilItsLeaseIsOver) {
  EXPECT_TRUE(Claim(a_, 3));
  EXPECT_FALSE(Claim(b_, 3));
  ASSERT_THAT(Held(a_), SizeIs(1));
  EXPECT_EQ(Held(a_)[0].epoch, 1);
  Must([&](mysql::Transaction& sql) { return a_.Release(sql, {3}); });
  EXPECT_TRUE(Claim(b_, 3));
  EXPECT_EQ(Held(b_)[0].epoch, 2);
  EXPECT_THAT(Held(a_), IsEmpty());
  // Run out.
  EXPECT_TRUE(Claim(a_, 4, -absl::Seconds(1)));
  EXPECT_TRUE(Claim(b_, 4));
  // Prolonged in time.
  EXPECT_TRUE(Claim(a_, 5, -absl::Seconds(1)));
  Must([&](mysql::Transaction& sql) { return a_.Renew(sql, absl::Minutes(1)); });
  EXPECT_FALSE(Claim(b_, 5));
  // An owner that comes back under its name takes its own at once, with a new fence.
  EXPECT_TRUE(Claim(a_, 5));
  EXPECT_EQ(Held(a_)[0].epoch, 2);
}

TEST_F(ConsumerStoreTest, PreparingAgainKeepsWhatIsThere) {
  EXPECT_TRUE(Claim(a_, 3));
  EXPECT_TRUE(Advance(a_, {{3, 1, 0, 9}}));
  Must([&](mysql::Transaction& sql) { return b_.Prepare(sql); });
  EXPECT_EQ(Held(a_)[0].seq, 9);
  EXPECT_EQ(Held(a_)[0].source_epoch, "e");
  EXPECT_THAT(Get<std::vector<int>>([&](mysql::Transaction& sql) { return b_.Claimable(sql); }), SizeIs(kShards - 1));
}

TEST_F(ConsumerStoreTest, TheFenceLetsOneThrough) {
  EXPECT_TRUE(Claim(a_, 3, -absl::Seconds(1)));
  EXPECT_TRUE(Claim(b_, 3));
  EXPECT_FALSE(Advance(a_, {{3, 1, 0, 5}})) << "the former owner";
  EXPECT_TRUE(Advance(b_, {{3, 2, 0, 5}}));
  EXPECT_FALSE(Advance(b_, {{3, 2, 0, 5}})) << "the same again";
  EXPECT_FALSE(Advance(b_, {{3, 2, 4, 6}})) << "from somewhere else";
  EXPECT_EQ(Applied()[3], (Cursor{3, 5}));
}

TEST_F(ConsumerStoreTest, TheFenceIsAllOrNothing) {
  std::vector<Move> moves;
  for (int shard = 0; shard < 23; ++shard) {
    EXPECT_TRUE(Claim(a_, shard));
    moves.push_back({shard, 1, 0, 100 + shard});
  }
  moves[20].from = 7;
  EXPECT_FALSE(Advance(a_, moves));
  for (const Cursor& cursor : Applied()) EXPECT_EQ(cursor.seq, 0);
  moves[20].from = 0;
  EXPECT_TRUE(Advance(a_, moves));
  for (const Cursor& cursor : Applied()) EXPECT_EQ(cursor.seq, cursor.shard < 23 ? 100 + cursor.shard : 0);
  // Another feed is another matter.
  EXPECT_FALSE(Advance(ConsumerStore("partner", "a"), {{0, 1, 100, 101}}));
}

TEST_F(ConsumerStoreTest, LiveOwnersCount) {
  const auto sign_in = [&](const ConsumerStore& store, absl::Duration lease) {
    return Get<int>([&](mysql::Transaction& sql) { return store.SignIn(sql, lease); });
  };
  EXPECT_EQ(sign_in(a_, absl::Minutes(1)), 1);
  EXPECT_EQ(sign_in(b_, absl::Minutes(1)), 2);
  EXPECT_EQ(sign_in(a_, absl::Minutes(1)), 2);
  EXPECT_EQ(sign_in(ConsumerStore("partner", "c"), absl::Minutes(1)), 1);
  Must([&](mysql::Transaction& sql) { return b_.Leave(sql); });
  EXPECT_EQ(sign_in(a_, -absl::Seconds(1)), 1);
  EXPECT_EQ(sign_in(b_, absl::Minutes(1)), 1) << "the other's lease is over";
}

TEST_F(ConsumerStoreTest, ParkedEventsAreListedInOrder) {
  const absl::Time now = absl::FromUnixSeconds(1700000000);
  const auto park = [&](int shard, int64_t seq, const std::string& error) {
    Must([&](mysql::Transaction& sql) {
      return a_.Park(sql, {{shard, seq}, now, "created", "partners/p", "test.Thing", std::string("\0x", 2)}, error,
                     now);
    });
  };
  park(4, 7, "second");
  park(3, 9, "first \xff");
  park(4, 7, "second again");
  park(5, 1, std::string(5000, 'x'));
  const auto read = [&](const std::string& feed, Cursor cursor) {
    return Get<std::vector<ParkedEvent>>([&](mysql::Transaction& sql) { return ReadParked(sql, feed, cursor, 10); });
  };
  const std::vector<ParkedEvent> all = read("", {});
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[0].event.cursor, (Cursor{3, 9}));
  EXPECT_EQ(all[0].error, "first \\xff");
  EXPECT_EQ(all[0].event.payload, std::string("\0x", 2));
  EXPECT_EQ(all[1].error, "second again");
  EXPECT_EQ(all[1].parked_at, now);
  EXPECT_LT(all[2].error.size(), 1000u);
  EXPECT_THAT(read("inventory", {4, 7}), SizeIs(1));
  EXPECT_THAT(read("partner", {}), IsEmpty());
}

// A consumer that begins anew (its source was away) while another has joined must not sit on what exceeds its share.
TEST_F(ConsumerStoreTest, AfterARestartTheSharesAreFairAgain) {
  const auto none = [](std::string_view) {};
  ShardLeases first(*database_, a_, absl::Minutes(10), none);
  ShardLeases second(*database_, b_, absl::Minutes(10), none);
  bool changed = false;
  EXPECT_OK(first.Begin());
  EXPECT_OK(first.Tick(&changed));
  EXPECT_THAT(first.held(), SizeIs(kShards));
  EXPECT_OK(second.Begin());
  EXPECT_OK(second.Tick(&changed));
  EXPECT_THAT(second.held(), IsEmpty());
  EXPECT_OK(first.Begin());
  EXPECT_OK(first.Tick(&changed));
  EXPECT_THAT(first.held(), SizeIs(kShards / 2));
  EXPECT_OK(second.Tick(&changed));
  EXPECT_THAT(second.held(), SizeIs(kShards / 2));
}

}  // namespace
}  // namespace tributary::events
