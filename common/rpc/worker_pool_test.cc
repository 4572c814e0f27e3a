#include "common/rpc/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"

namespace tributary::rpc {
namespace {

TEST(WorkerPoolTest, TakesNoMoreThanItsQueueHolds) {
  absl::Notification go;
  absl::BlockingCounter busy(2), done(5);
  WorkerPool pool(2, 3);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(pool.TryRun([&] {
      busy.DecrementCount();
      go.WaitForNotification();
      done.DecrementCount();
    }));
  }
  busy.Wait();
  EXPECT_EQ(pool.queued(), 0);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(pool.TryRun([&] { done.DecrementCount(); }));
  EXPECT_EQ(pool.queued(), 3);
  EXPECT_FALSE(pool.TryRun([] { FAIL() << "was refused"; }));
  go.Notify();
  done.Wait();
}

TEST(WorkerPoolTest, FinishesWhatIsQueuedBeforeItEnds) {
  std::atomic<int> ran{0};
  absl::Notification go;
  auto pool = std::make_unique<WorkerPool>(1, 100);
  ASSERT_TRUE(pool->TryRun([&] { go.WaitForNotification(); }));
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(pool->TryRun([&] { ++ran; }));
  std::thread end([&] { pool.reset(); });
  go.Notify();
  end.join();
  EXPECT_EQ(ran, 50);
}

TEST(WorkerPoolTest, EveryTaskRunsOnceUnderLoad) {
  constexpr int kThreads = 4, kEach = 5000;
  std::vector<std::atomic<int>> ran(kThreads * kEach);
  {
    WorkerPool pool(3, 64);
    std::vector<std::jthread> callers;
    for (int t = 0; t < kThreads; ++t) {
      callers.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i) {
          while (!pool.TryRun([&ran, n = t * kEach + i] { ++ran[n]; })) std::this_thread::yield();
        }
      });
    }
  }
  for (const auto& count : ran) EXPECT_EQ(count, 1);
}

}  // namespace
}  // namespace tributary::rpc
