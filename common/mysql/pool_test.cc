#include "common/mysql/pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "tests/support/database_server.h"

namespace tributary::mysql {
namespace {

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

// name{last label} -> value of all counters and gauges.
std::map<std::string, double> Shown(const prometheus::Registry& registry) {
  std::map<std::string, double> shown;
  for (const auto& family : registry.Collect()) {
    for (const auto& metric : family.metric) {
      std::string name = family.name;
      for (const auto& label : metric.label) {
        if (label.name != "schema") name += "{" + label.value + "}";
      }
      shown[name] = family.type == prometheus::MetricType::Histogram
                        ? static_cast<double>(metric.histogram.sample_count)
                        : metric.counter.value + metric.gauge.value;
    }
  }
  return shown;
}

class PoolTest : public ::testing::Test {
 protected:
  Options options() {
    Options options = testing::SharedDatabase().options("mysql");
    options.pool_size = 2;
    return options;
  }
};

TEST_F(PoolTest, LendsTheOneUsedLastAndNoMoreThanItMay) {
  prometheus::Registry registry;
  Pool pool(options(), &registry);
  ASSERT_OK_AND_ASSIGN(Pool::Lease a, pool.Acquire(Soon()));
  ASSERT_OK_AND_ASSIGN(Pool::Lease b, pool.Acquire(Soon()));
  const uint64_t first = a->server_id(), second = b->server_id();
  EXPECT_NE(first, second);
  EXPECT_THAT(pool.Acquire(absl::Now() + absl::Milliseconds(20)), HasReason(Reason::kDeadlineExceeded));
  EXPECT_EQ(Shown(registry)["tributary_mysql_pool_connections{in_use}"], 2);
  b.Release();
  a.Release();
  ASSERT_OK_AND_ASSIGN(Pool::Lease c, pool.Acquire(Soon()));
  EXPECT_EQ(c->server_id(), first);
  const auto shown = Shown(registry);
  EXPECT_EQ(shown.at("tributary_mysql_pool_connections{idle}"), 1);
  EXPECT_EQ(shown.at("tributary_mysql_pool_connections{in_use}"), 1);
  EXPECT_EQ(shown.at("tributary_mysql_pool_limit"), 2);
  EXPECT_EQ(shown.at("tributary_mysql_pool_opened_total"), 2);
  EXPECT_EQ(shown.at("tributary_mysql_pool_wait_expired_total"), 1);
  EXPECT_EQ(shown.at("tributary_mysql_pool_wait_seconds"), 3);
}

TEST_F(PoolTest, AWaiterGetsWhatIsGivenBack) {
  Pool pool(options(), nullptr);
  ASSERT_OK_AND_ASSIGN(Pool::Lease a, pool.Acquire(Soon()));
  ASSERT_OK_AND_ASSIGN(Pool::Lease b, pool.Acquire(absl::InfiniteFuture()));
  std::vector<std::thread> waiters;
  for (int i = 0; i < 4; ++i) {
    waiters.emplace_back([&] { EXPECT_OK(pool.Acquire(absl::InfiniteFuture()).status()); });
  }
  a.Release();
  for (std::thread& waiter : waiters) waiter.join();
}

TEST_F(PoolTest, AnOldConnectionIsNotKept) {
  Options old = options();
  old.max_age = absl::ZeroDuration();
  prometheus::Registry registry;
  Pool pool(old, &registry);
  for (int i = 0; i < 3; ++i) EXPECT_OK(pool.Acquire(Soon()).status());
  EXPECT_EQ(Shown(registry)["tributary_mysql_pool_opened_total"], 3);
  EXPECT_EQ(Shown(registry)["tributary_mysql_pool_closed_total{age}"], 3);
}

TEST_F(PoolTest, ALostConnectionIsNotKept) {
  prometheus::Registry registry;
  Pool pool(options(), &registry);
  ASSERT_OK_AND_ASSIGN(Pool::Lease a, pool.Acquire(Soon()));
  ASSERT_OK_AND_ASSIGN(Pool::Lease b, pool.Acquire(Soon()));
  ASSERT_OK(b->Run(StrCat("KILL ", a->server_id())));
  EXPECT_THAT(a->Ping(), HasReason(Reason::kDatabaseUnavailable));
  a.Release();
  EXPECT_EQ(Shown(registry)["tributary_mysql_pool_closed_total{lost}"], 1);
  ASSERT_OK_AND_ASSIGN(Pool::Lease c, pool.Acquire(Soon()));
  EXPECT_OK(c->Ping());
}

TEST_F(PoolTest, WhatIsUnderSuspicionIsAskedFirst) {
  Pool pool(options(), nullptr);
  ASSERT_OK_AND_ASSIGN(Pool::Lease a, pool.Acquire(Soon()));
  ASSERT_OK_AND_ASSIGN(Pool::Lease b, pool.Acquire(Soon()));
  const uint64_t killed = a->server_id();
  a.Release();
  ASSERT_OK(b->Run(StrCat("KILL ", killed)));
  pool.Suspect();
  ASSERT_OK_AND_ASSIGN(Pool::Lease c, pool.Acquire(Soon()));
  EXPECT_NE(c->server_id(), killed);
  EXPECT_OK(c->Ping());
}

TEST_F(PoolTest, AServerThatRefusesLeavesThePlaceFree) {
  Options wrong = options();
  wrong.password = "wrong";
  Pool pool(wrong, nullptr);
  for (int i = 0; i < 5; ++i) EXPECT_THAT(pool.Acquire(Soon()), HasReason(Reason::kDatabaseUnavailable));
}

}  // namespace
}  // namespace tributary::mysql
