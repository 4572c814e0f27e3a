// Feeds between processes: a source that serves its feed, and consumers with a database of their own.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "common/auth/tokens.h"
#include "common/events/consumer.h"
#include "common/events/feed.h"
#include "common/events/feed_service.h"
#include "common/events/testing_consumer.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "events_schema.h"
#include "prometheus/registry.h"
#include "prometheus/text_serializer.h"
#include "rpc_schema.h"
#include "tests/support/database_server.h"
#include "tributary/events/v1/feed.pb.h"

namespace tributary::events {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kService[] = "tributary.events.v1.FeedService/";
constexpr absl::Duration kPatience = absl::Seconds(60);

bool Eventually(const std::function<bool()>& holds) {
  const absl::Time deadline = absl::Now() + kPatience;
  while (!holds()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(2));
  }
  return true;
}

std::string Scrape(const prometheus::Registry& registry) {
  return prometheus::TextSerializer().Serialize(registry.Collect());
}

// A service that has a feed.
class Source {
 public:
  Source() : database_(testing::FreshDatabase({&schema::events(), &schema::rpc()})) {
    const auth::TokenSigner::KeyPair keys = *auth::TokenSigner::NewKeyPair("test");
    signer_ = *auth::TokenSigner::FromJwk(keys.private_jwk);
    verifier_ = *auth::TokenVerifier::FromJwks(keys.public_jwks);
    Serve("127.0.0.1:0");
  }
  ~Source() { StopServing(); }

  void Serve(const std::string& address) {
    feed_ = std::make_unique<Feed>(*database_, std::vector<RowSource>{}, nullptr);
    EXPECT_OK(feed_->Start());
    registry_ = std::make_unique<prometheus::Registry>();
    server_ = std::make_unique<rpc::Server>(
        rpc::Frame{
            .clock = &clock_, .database = database_.get(), .verifier = verifier_.get(), .registry = registry_.get()},
        rpc::ServerOptions{.address = address, .grace_period = absl::Seconds(5)});
    service_ = ServeFeed(*server_, *database_, feed_.get());
    EXPECT_OK(server_->Start());
    port_ = server_->port();
  }
  void StopServing() {
    if (server_ == nullptr) return;
    feed_->Stop();
    server_->Drain();
    server_.reset();
    service_.reset();
    feed_.reset();
  }

  std::string address() const { return StrCat("127.0.0.1:", port_); }
  std::string Token(api::v1::Role role = api::v1::SERVICE) const {
    return *signer_->Sign({.subject = "test", .roles = {role}}, absl::Now(), absl::Hours(1));
  }
  std::unique_ptr<rpc::Client> NewClient(api::v1::Role role = api::v1::SERVICE) const {
    return std::make_unique<rpc::Client>(
        rpc::ClientOptions{.address = address(), .token = [this, role] { return Token(role); }});
  }

  // One transaction; each name is a key of its own.
  void Tell(const std::vector<std::string>& names, const std::string& verb = "created",
            const std::string& type = "test.Thing") {
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) {
      Outbox outbox;
      for (const std::string& name : names) outbox.Add({name, verb, name, type, "payload"});
      return outbox.Write(sql);
    }));
    if (feed_ != nullptr) feed_->Poke();
  }
  int64_t Head() const {
    int64_t head = 0;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT CAST(COALESCE(SUM(seq), 0) AS SIGNED) FROM feed"));
      head = rows.at(0).Int(0);
      return absl::OkStatus();
    }));
    return head;
  }
  mysql::Database& database() { return *database_; }
  Feed& feed() { return *feed_; }

 private:
  SystemClock clock_;
  const std::unique_ptr<mysql::Database> database_;
  std::unique_ptr<auth::TokenSigner> signer_;
  std::unique_ptr<auth::TokenVerifier> verifier_;
  std::unique_ptr<prometheus::Registry> registry_;
  std::unique_ptr<Feed> feed_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<FeedService, void (*)(FeedService*)> service_{nullptr, [](FeedService*) {}};
  int port_ = 0;
};

// The database of a service that consumes.
class Sink {
 public:
  Sink() : database_(testing::FreshDatabase({&schema::events(), &schema::rpc(), &EffectSchema()})) {}

  mysql::Database& database() { return *database_; }
  std::vector<int64_t> Column(const std::string& sql_text) const {
    std::vector<int64_t> values;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      values.clear();
      ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(sql_text));
      for (const mysql::Row& row : rows) values.push_back(row.Int(0));
      return absl::OkStatus();
    }));
    return values;
  }
  int64_t Number(const std::string& sql_text) const { return Column(sql_text).at(0); }
  int64_t Applied() const { return Number("SELECT CAST(COALESCE(SUM(seq), 0) AS SIGNED) FROM consumer"); }
  int64_t Effects() const { return Number("SELECT COUNT(*) FROM effect"); }
  // Every event has its effect once: as many rows as (shard, seq), and as many events of this service's own.
  void ExpectEachOnce(int64_t want) const {
    EXPECT_EQ(Effects(), want);
    EXPECT_EQ(Number("SELECT COUNT(*) FROM (SELECT DISTINCT shard, seq FROM effect) d"), want);
    EXPECT_EQ(Number("SELECT COUNT(*) FROM event"), want);
    EXPECT_EQ(Number("SELECT COUNT(*) FROM (SELECT DISTINCT name FROM event) d"), want);
    EXPECT_EQ(Number("SELECT CAST(COALESCE(SUM(seq), 0) AS SIGNED) FROM feed"), want);
  }

 private:
  const std::unique_ptr<mysql::Database> database_;
};

std::vector<std::string> NewNames(int count) {
  static int next = 0;
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back(StrCat("things/", next++));
  return names;
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

class FeedServiceTest : public ConsumerTest {
 protected:
  static v1::StreamEventsRequest AllShards() {
    v1::StreamEventsRequest request;
    for (int shard = 0; shard < kShards; ++shard) request.add_cursors()->set_shard(shard);
    return request;
  }
  absl::Status Refusal(const v1::StreamEventsRequest& request, api::v1::Role role = api::v1::SERVICE) {
    const auto client = source_.NewClient(role);
    const auto stream = client->OpenStream(StrCat(kService, "StreamEvents"), request);
    v1::StreamEventsResponse message;
    if (stream->Read(&message)) {
      stream->Cancel();
      (void)stream->Finish();
      return absl::OkStatus();
    }
    return stream->Finish();
  }
};

TEST_F(FeedServiceTest, StreamsWhatIsThereAndWhatComes) {
  source_.Tell({"a", "b"});
  const auto stream = client_->OpenStream(StrCat(kService, "StreamEvents"), AllShards());
  std::vector<std::string> names;
  std::map<int, int64_t> cursors;
  v1::StreamEventsResponse message;
  const auto read_until = [&](size_t count) {
    while (names.size() < count && stream->Read(&message)) {
      EXPECT_EQ(message.feed_epoch(), source_.feed().epoch());
      for (const v1::Event& event : message.events()) {
        names.push_back(event.name());
        EXPECT_EQ(event.payload().type_url(), "type.googleapis.com/test.Thing");
        EXPECT_EQ(event.payload().value(), "payload");
        EXPECT_EQ(event.verb(), "created");
        EXPECT_GT(event.record_time().seconds(), 1600000000);
      }
      for (const v1::Cursor& cursor : message.cursors()) cursors[cursor.shard()] = cursor.seq();
    }
  };
  read_until(2);
  EXPECT_THAT(names, UnorderedElementsAre("a", "b"));
  source_.Tell({"a"});
  read_until(3);
  EXPECT_EQ(names.back(), "a");
  EXPECT_THAT(cursors, UnorderedElementsAre(Pair(ShardOf("a"), 2), Pair(ShardOf("b"), 1)));
  stream->Cancel();
  EXPECT_EQ(stream->Finish().code(), absl::StatusCode::kCancelled);

  ASSERT_OK_AND_ASSIGN(const auto head,
                       client_->Call<v1::FeedHead>(StrCat(kService, "GetFeedHead"), v1::GetFeedHeadRequest()));
  EXPECT_EQ(head.feed_epoch(), source_.feed().epoch());
  EXPECT_EQ(head.cursors_size(), 2);
}

TEST_F(FeedServiceTest, CursorsPassOverOtherTypes) {
  source_.Tell(NewNames(50), "created", "test.Other");
  v1::StreamEventsRequest request = AllShards();
  request.add_payload_types("test.Thing");
  const auto stream = client_->OpenStream(StrCat(kService, "StreamEvents"), request);
  int64_t passed = 0;
  v1::StreamEventsResponse message;
  while (passed < 50 && stream->Read(&message)) {
    EXPECT_THAT(message.events(), IsEmpty());
    for (const v1::Cursor& cursor : message.cursors()) passed += cursor.seq();
  }
  EXPECT_EQ(passed, 50);
  stream->Cancel();
  (void)stream->Finish();
}

TEST_F(FeedServiceTest, RefusesCursorsThatAreNotOfThisFeed) {
  source_.Tell({"a", "a", "a"});
  v1::StreamEventsRequest request;
  v1::Cursor& cursor = *request.add_cursors();
  cursor.set_shard(ShardOf("a"));
  EXPECT_OK(Refusal(request));
  cursor.set_seq(3);
  EXPECT_THAT(Refusal(request), Blames("feed_epoch"));
  request.set_feed_epoch(source_.feed().epoch());
  EXPECT_OK(Refusal(request));
  EXPECT_THAT(Refusal(request, api::v1::CHANNEL_MANAGER), HasReason(Reason::kPermissionDenied));
  cursor.set_seq(4);
  EXPECT_THAT(Refusal(request), HasReason(Reason::kFeedRewound));
  cursor.set_seq(1);
  request.set_feed_epoch("00000000-0000-7000-8000-000000000000");
  EXPECT_THAT(Refusal(request), HasReason(Reason::kFeedRewound));
  request.set_feed_epoch(source_.feed().epoch());
  *request.add_cursors() = cursor;
  EXPECT_THAT(Refusal(request), Blames("cursors[1].shard"));
  request.mutable_cursors()->RemoveLast();
  cursor.set_shard(64);
  EXPECT_THAT(Refusal(request), Blames("cursors[0].shard"));
  cursor.set_shard(ShardOf("a"));
  ASSERT_OK(source_.feed().Purge(absl::Now() + absl::Hours(1)));
  EXPECT_THAT(Refusal(request), HasReason(Reason::kFeedCursorExpired));
}

TEST_F(FeedServiceTest, AStreamEndsWhenTheDatabaseIsRestoredUnderIt) {
  source_.Tell({"a", "a", "a"});
  const auto stream = client_->OpenStream(StrCat(kService, "StreamEvents"), AllShards());
  v1::StreamEventsResponse message;
  size_t events = 0;
  while (events < 3 && stream->Read(&message)) events += message.events_size();
  ASSERT_OK(source_.database().Transact({}, [](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(sql.Execute("UPDATE feed SET seq = 1"));
    return sql.Execute("DELETE FROM event WHERE seq > 1").status();
  }));
  while (stream->Read(&message)) {
  }
  EXPECT_THAT(stream->Finish(), HasReason(Reason::kFeedRewound));
}

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
