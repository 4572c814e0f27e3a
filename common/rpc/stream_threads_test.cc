#include "common/rpc/stream_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "absl/synchronization/notification.h"

namespace tributary::rpc {
namespace {

TEST(StreamThreadsTest, SoManyAtATime) {
  absl::Notification end;
  std::atomic<int> ran{0};
  StreamThreads threads(2);
  const auto body = [&] {
    end.WaitForNotification();
    ++ran;
  };
  EXPECT_TRUE(threads.TryRun(body));
  EXPECT_TRUE(threads.TryRun(body));
  EXPECT_FALSE(threads.TryRun([] { FAIL() << "was not taken"; }));
  end.Notify();
  threads.Join();
  EXPECT_EQ(ran, 2);
  EXPECT_TRUE(threads.TryRun(body));
  threads.Join();
  EXPECT_EQ(ran, 3);
}

TEST(StreamThreadsTest, AfterJoinEvenWhatAThreadPutsAwayAtItsEndIsDone) {
  static std::atomic<int> put_away;
  put_away = 0;
  struct Own {
    ~Own() { ++put_away; }
  };
  constexpr int kRounds = 200, kEach = 8;
  for (int round = 1; round <= kRounds; ++round) {
    auto threads = std::make_unique<StreamThreads>(kEach);
    for (int i = 0; i < kEach; ++i) {
      ASSERT_TRUE(threads->TryRun([] { thread_local const Own own; }));
    }
    threads.reset();
    ASSERT_EQ(put_away, round * kEach);
  }
}

TEST(StreamThreadsTest, ABodyIsPutAwayBeforeItsPlaceIsFree) {
  auto held = std::make_shared<int>(1);
  StreamThreads threads(1);
  ASSERT_TRUE(threads.TryRun([held] {}));
  threads.Join();
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace tributary::rpc
