// Consumers in this process and in processes that are killed, with a source that serves its feed.

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/events/consumer.h"
#include "common/events/testing_services.h"
#include "prometheus/text_serializer.h"
#include "tributary/events/v1/feed.pb.h"

namespace tributary::events {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string Scrape(const prometheus::Registry& registry) {
  return prometheus::TextSerializer().Serialize(registry.Collect());
}

class ConsumerTest : public ::testing::Test {
 protected:
  ConsumerTest() : client_(source_.NewClient()) {}

  ConsumerOptions Options(const std::string& owner) {
    return {.feed = "source", .payload_types = {"test.Thing"}, .owner = owner, .lease = absl::Milliseconds(600)};
  }
  std::unique_ptr<Consumer> Start(ConsumerOptions options, prometheus::Registry* registry = nullptr) {
    auto consumer =
        std::make_unique<Consumer>(sink_.database(), *client_, clock_, std::move(options), ApplyEffects, registry);
    consumer->Start();
    return consumer;
  }
  bool CaughtUp() {
    return Eventually([this] { return sink_.Applied() == source_.Head(); });
  }

  Source source_;
  Sink sink_;
  SystemClock clock_;
  std::unique_ptr<rpc::Client> client_;
};

TEST_F(ConsumerTest, AppliesEachEventOnceAndSaysHowFarItIs) {
  source_.Tell(NewNames(300));
  prometheus::Registry registry;
  std::atomic<int> told = 0;
  ConsumerOptions options = Options("a");
  options.batch = 70;
  options.committed = [&] { ++told; };
  const auto consumer = Start(options, &registry);
  ASSERT_TRUE(CaughtUp());
  source_.Tell(NewNames(20));
  source_.Tell(NewNames(20), "created", "test.Other");  // not asked for, yet passed
  ASSERT_TRUE(CaughtUp());
  EXPECT_TRUE(Eventually(
      [&] { return Scrape(registry).find("consumer_lag_events{feed=\"source\"} 0\n") != std::string::npos; }));
  consumer->Stop();
  sink_.ExpectEachOnce(320);
  EXPECT_GE(told, 5);
  const std::string metrics = Scrape(registry);
  EXPECT_THAT(metrics, HasSubstr("tributary_feed_consumer_applied_events_total{feed=\"source\"} 320\n"));
  EXPECT_THAT(metrics, HasSubstr("tributary_feed_consumer_halted{feed=\"source\"} 0\n"));
  EXPECT_EQ(sink_.Number("SELECT COUNT(*) FROM consumer WHERE owner <> ''"), 0);
  EXPECT_EQ(sink_.Number("SELECT COUNT(*) FROM consumer_owner"), 0);
}

TEST_F(ConsumerTest, WhatCannotBeAppliedIsParkedAndShown) {
  const std::vector<std::string> good = NewNames(100);
  source_.Tell({good.begin(), good.begin() + 50});
  source_.Tell({"bad/1"}, "poison");
  source_.Tell({good.begin() + 50, good.end()});
  source_.Tell({"bad/2", "bad/3"}, "poison");
  const auto consumer = Start(Options("a"));
  ASSERT_TRUE(CaughtUp());
  consumer->Stop();
  sink_.ExpectEachOnce(100);
  EXPECT_EQ(sink_.Number("SELECT COUNT(*) FROM parked_event"), 3);

  // The consuming process shows them.
  FeedService service(nullptr);
  v1::ListConsumerPositionsResponse positions;
  v1::ListParkedEventsResponse page, rest;
  ASSERT_OK(sink_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    rpc::Unit unit(sql);
    positions.Clear();
    RETURN_IF_ERROR(service.ListConsumerPositions({}, unit, {}, &positions));
    v1::ListParkedEventsRequest request;
    request.set_page_size(2);
    page.Clear();
    RETURN_IF_ERROR(service.ListParkedEvents({}, unit, request, &page));
    request.set_page_token(page.next_page_token());
    rest.Clear();
    RETURN_IF_ERROR(service.ListParkedEvents({}, unit, request, &rest));
    request.set_page_token("nonsense");
    v1::ListParkedEventsResponse none;
    EXPECT_THAT(service.ListParkedEvents({}, unit, request, &none), HasReason(Reason::kPageTokenInvalid));
    return absl::OkStatus();
  }));
  ASSERT_THAT(positions.positions(), SizeIs(1));
  EXPECT_EQ(positions.positions(0).feed(), "source");
  EXPECT_EQ(positions.positions(0).parked(), 3);
  EXPECT_EQ(positions.positions(0).feed_epoch(), source_.feed().epoch());
  EXPECT_THAT(page.parked_events(), SizeIs(2));
  EXPECT_THAT(rest.parked_events(), SizeIs(1));
  EXPECT_EQ(rest.next_page_token(), "");
  std::set<std::string> names;
  for (const auto* some : {&page, &rest}) {
    for (const v1::ParkedEvent& parked : some->parked_events()) {
      names.insert(parked.event().name());
      EXPECT_EQ(parked.feed(), "source");
      EXPECT_THAT(parked.error(), HasSubstr("got 'poison'"));
      EXPECT_EQ(parked.event().payload().value(), "payload");
    }
  }
  EXPECT_THAT(names, ElementsAre("bad/1", "bad/2", "bad/3"));
}

TEST_F(ConsumerTest, TwoShareTheShardsAndOneTakesOver) {
  std::atomic<bool> writing = true;
  std::atomic<int> written = 0;
  std::thread writer([&] {
    while (writing) {
      source_.Tell(NewNames(7));
      written += 7;
    }
  });
  const auto shards_of = [&](const std::string& owner) {
    return sink_.Number(StrCat("SELECT COUNT(*) FROM consumer WHERE owner = '", owner, "'"));
  };
  const auto a = Start(Options("a"));
  EXPECT_TRUE(Eventually([&] { return shards_of("a") == kShards && sink_.Effects() > 100; }));
  auto b = Start(Options("b"));
  EXPECT_TRUE(Eventually([&] { return shards_of("a") == kShards / 2 && shards_of("b") == kShards / 2; }));
  auto c = Start(Options("c"));
  EXPECT_TRUE(Eventually([&] { return shards_of("c") >= 20 && shards_of("a") <= 22 && shards_of("b") <= 22; }));
  const int64_t before = sink_.Effects();
  EXPECT_TRUE(Eventually([&] { return sink_.Effects() > before + 100; }));
  c.reset();
  b->Stop();
  EXPECT_TRUE(Eventually([&] { return shards_of("a") == kShards; }));
  writing = false;
  writer.join();
  ASSERT_TRUE(CaughtUp());
  a->Stop();
  sink_.ExpectEachOnce(written);
}

// Two that race for the same shards without knowing it: the lease does not keep them apart, the fence does.
TEST_F(ConsumerTest, TwoOfOneNameStillApplyEachEventOnce) {
  std::atomic<bool> writing = true;
  std::atomic<int> written = 0;
  std::thread writer([&] {
    while (writing) {
      source_.Tell(NewNames(3));
      written += 3;
    }
  });
  const auto one = Start(Options("same"));
  const auto two = Start(Options("same"));
  EXPECT_TRUE(Eventually([&] { return sink_.Effects() > 1000; }));
  writing = false;
  writer.join();
  one->Stop();
  ASSERT_TRUE(CaughtUp());
  two->Stop();
  sink_.ExpectEachOnce(written);
}

// A process that was held up beyond its lease wakes in the midst of its work.
TEST_F(ConsumerTest, AnOwnerThatWakesTooLateChangesNothing) {
  source_.Tell(NewNames(100));
  std::mutex mutex;
  std::condition_variable changed;
  bool asleep = false;
  bool wake = false;
  ConsumerOptions late = Options("late");
  late.at_step = [&](std::string_view step) {
    if (step != "begun") return;
    std::unique_lock lock(mutex);
    if (asleep) return;
    asleep = true;
    changed.notify_all();
    changed.wait(lock, [&] { return wake; });
  };
  const auto sleeper = Start(late);
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return asleep; });
  }
  EXPECT_EQ(sink_.Effects(), 0);
  const auto other = Start(Options("other"));
  ASSERT_TRUE(CaughtUp());
  {
    std::lock_guard lock(mutex);
    wake = true;
    changed.notify_all();
  }
  source_.Tell(NewNames(100));
  ASSERT_TRUE(CaughtUp());
  EXPECT_TRUE(
      Eventually([&] { return sink_.Number("SELECT COUNT(*) FROM consumer WHERE owner = 'late'") == kShards / 2; }));
  sleeper->Stop();
  other->Stop();
  sink_.ExpectEachOnce(200);
}

TEST_F(ConsumerTest, GoesOnWhenTheSourceComesBack) {
  source_.Tell(NewNames(50));
  const auto consumer = Start(Options("a"));
  ASSERT_TRUE(CaughtUp());
  const std::string address = source_.address();
  source_.StopServing();
  source_.Tell(NewNames(50));
  source_.Serve(address);
  ASSERT_TRUE(CaughtUp());
  consumer->Stop();
  sink_.ExpectEachOnce(100);
}

TEST_F(ConsumerTest, GoesOnWhenTheDatabaseComesBack) {
  source_.Tell(NewNames(500));
  ConsumerOptions options = Options("a");
  options.batch = 20;
  std::atomic<int> commits = 0;
  options.committed = [&] { ++commits; };
  const auto consumer = Start(options);
  ASSERT_TRUE(Eventually([&] { return commits >= 3; }));
  testing::SharedDatabase().Kill();
  testing::SharedDatabase().Restart();
  ASSERT_TRUE(Eventually(
      [&] { return sink_.database().Ping(absl::Seconds(1)).ok() && source_.database().Ping(absl::Seconds(1)).ok(); }));
  source_.Tell(NewNames(50));
  ASSERT_TRUE(CaughtUp());
  consumer->Stop();
  sink_.ExpectEachOnce(550);
}

TEST_F(ConsumerTest, StopsForGoodWhereTheFeedWasRewound) {
  source_.Tell(NewNames(50));
  prometheus::Registry registry;
  const auto consumer = Start(Options("a"), &registry);
  ASSERT_TRUE(CaughtUp());
  EXPECT_FALSE(consumer->halted());
  ASSERT_OK(source_.database().Transact({}, [](mysql::Transaction& sql) {
    return sql.Execute("DELETE FROM feed_epoch").status();  // as whoever restores a backup does
  }));
  ASSERT_TRUE(Eventually([&] { return consumer->halted(); }));
  source_.Tell(NewNames(50));
  EXPECT_THAT(Scrape(registry), HasSubstr("tributary_feed_consumer_halted{feed=\"source\"} 1\n"));
  consumer->Stop();
  // Nor does another process begin.
  const auto other = Start(Options("b"));
  ASSERT_TRUE(Eventually([&] { return other->halted(); }));
  sink_.ExpectEachOnce(50);
}

// A real process, killed by SIGKILL at one step after the other; the next one goes on from what it left.
TEST_F(ConsumerTest, KilledBetweenAnyTwoStepsEachEffectIsThereOnce) {
  const std::string program =
      (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "events_testing_consumer").string();
  const mysql::Options& options = sink_.database().options();
  const std::string token = source_.Token();
  const auto run = [&](const std::string& owner, std::string_view step, int times) {
    std::vector<std::string> words = {
        program,           options.address, options.user, options.password,      options.schema,
        source_.address(), token,           owner,        StrCat(source_.Head())};
    if (!step.empty()) words.insert(words.end(), {std::string(step), StrCat(times)});
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t pid = 0;
    EXPECT_EQ(posix_spawn(&pid, program.c_str(), nullptr, nullptr, arguments.data(), environ), 0);
    int status = 0;
    EXPECT_EQ(waitpid(pid, &status, 0), pid);
    return status;
  };

  int64_t good = 0;
  int64_t poison = 0;
  for (int times = 1; times <= 2; ++times) {
    for (const std::string_view step : kConsumerSteps) {
      const bool once_a_life = step == "signed-in" || step == "claimed" || step == "released";
      if (once_a_life && times == 2) continue;
      source_.Tell(NewNames(24));
      good += 24;
      source_.Tell(NewNames(2), "poison");
      poison += 2;
      // A successor of the same name takes over at once, one of another name when the lease is over.
      const int status = run(times == 1 ? "pod-0" : StrCat("pod-", good), step, times);
      EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
          << step << ": never came there, status " << status;
      EXPECT_LE(sink_.Effects(), good) << step;
    }
  }
  EXPECT_EQ(run("last", "", 0), 0);
  EXPECT_EQ(sink_.Applied(), source_.Head());
  sink_.ExpectEachOnce(good);
  EXPECT_EQ(sink_.Number("SELECT COUNT(*) FROM parked_event"), poison);
}

}  // namespace
}  // namespace tributary::events
