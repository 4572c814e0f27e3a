#include "common/rpc/lookout.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"

namespace tributary::rpc {
namespace {

TEST(LookoutTest, LooksAgainAfterThePauseOfEachLook) {
  absl::Notification third;
  int looks = 0;
  Lookout lookout;
  lookout.Start("test", [&] {
    if (++looks == 3) third.Notify();
    return looks < 3 ? absl::Milliseconds(1) : absl::Hours(1);
  });
  third.WaitForNotification();
  lookout.Stop();
  EXPECT_EQ(looks, 3);
}

TEST(LookoutTest, AStopEndsPausesAtOnce) {
  absl::BlockingCounter looked(3);
  Lookout lookout;
  lookout.Start(
      "test",
      [&] {
        looked.DecrementCount();
        return absl::Hours(1);
      },
      absl::ZeroDuration(), 3);
  looked.Wait();
  const absl::Time before = absl::Now();
  lookout.Stop();
  EXPECT_LT(absl::Now() - before, absl::Minutes(1));
}

TEST(LookoutTest, TheFirstLookWaits) {
  std::atomic<bool> looked{false};
  {
    Lookout lookout;
    lookout.Start(
        "test",
        [&] {
          looked = true;
          return absl::Hours(1);
        },
        absl::Hours(1));
  }
  EXPECT_FALSE(looked);
}

TEST(LookoutTest, ALongLookIsWaitedForAndLearnsThatItIsToEnd) {
  absl::Notification began;
  std::atomic<bool> ended{false};
  Lookout lookout;
  lookout.Start("test", [&] {
    began.Notify();
    while (!lookout.stopping()) std::this_thread::yield();
    ended = true;
    return absl::ZeroDuration();
  });
  began.WaitForNotification();
  EXPECT_FALSE(lookout.stopping());
  lookout.Stop();
  EXPECT_TRUE(ended);
}

TEST(LookoutTest, ALookThatThrowsIsMadeAgain) {
  absl::Notification again;
  int looks = 0;
  Lookout lookout;
  lookout.Start("test", [&]() -> absl::Duration {
    if (++looks == 1) throw std::runtime_error("not now");
    if (looks == 2) throw 1;
    again.Notify();
    return absl::Hours(1);
  });
  again.WaitForNotification();
  lookout.Stop();
  EXPECT_EQ(looks, 3);
}

}  // namespace
}  // namespace tributary::rpc
