// What our client makes of a server's answers: which calls it repeats, and how often at most.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/rpc/client.h"
#include "common/rpc/testing_server.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"

namespace tributary::rpc::testing {
namespace {

using partner::v1::CreatePartnerRequest;
using partner::v1::GetPartnerRequest;
using partner::v1::Partner;

GetPartnerRequest Get() {
  GetPartnerRequest request;
  request.set_name("partners/p-1");
  return request;
}

// Waits for the answer of a call that nobody waits for.
absl::Status Async(Client& client, const char* method, const google::protobuf::Message& request, Partner* reply) {
  auto shared = std::make_shared<Partner>();
  auto done = std::make_shared<std::promise<absl::Status>>();
  std::future<absl::Status> answer = done->get_future();
  client.CallAsync(method, request, shared, {}, [done](absl::Status status) { done->set_value(std::move(status)); });
  const absl::Status status = answer.get();
  *reply = *shared;
  return status;
}

TEST(ClientTest, OnlyWhatMayBeRepeatedIsRepeated) {
  CreatePartnerRequest with_id = CreateRequest("p-1"), without_id = CreateRequest("p-1");
  without_id.clear_request_id();
  const GetPartnerRequest read = Get();
  const absl::Status shed = WithDetail(absl::StatusCode::kResourceExhausted, "full",
                                       {.reason = Reason::kOverloaded, .retry_after = absl::Milliseconds(20)});
  const struct {
    const char* what;
    const google::protobuf::Message& request;
    absl::Status failure;  // of the first two attempts
    int attempts;
  } cases[] = {
      {"a read", read, Error(Reason::kDraining, "x"), 3},
      {"a read that was shed", read, shed, 3},
      {"a write with an id", with_id, Error(Reason::kCommitUnknown, "x"), 3},
      {"a write with an id that was shed", with_id, shed, 3},
      {"a write without an id", without_id, Error(Reason::kDraining, "x"), 1},
      {"a write without an id that was shed", without_id, shed, 1},
      {"exhausted for good", read, absl::ResourceExhaustedError("too large"), 1},
      {"refused", read, Error(Reason::kStateConflict, "x"), 1},
      {"a conflict is for who read", with_id, Error(Reason::kEtagMismatch, "x"), 1},
      {"a fault", read, absl::InternalError("x"), 1},
  };
  for (const auto& c : cases) {
    for (const bool async : {false, true}) {
      SCOPED_TRACE(StrCat(c.what, async ? ", not waited for" : ""));
      std::atomic<int> attempts{0};
      const auto handle = [&](const Call&, Unit&, const auto&, Partner* reply) {
        reply->set_name("partners/p-1");
        return ++attempts <= 2 ? c.failure : absl::OkStatus();
      };
      TestingServer server({.handlers = {.get_partner = handle, .create_partner = handle}});
      const auto client = server.NewClient();
      const char* method = &c.request == &read ? kGetPartner : kCreatePartner;
      Partner reply;
      const absl::Status status =
          async ? Async(*client, method, c.request, &reply) : client->Call(method, c.request, &reply);
      EXPECT_EQ(status.ok(), c.attempts == 3) << status;
      EXPECT_EQ(reply.name(), c.attempts == 3 ? "partners/p-1" : "");
      EXPECT_EQ(attempts, c.attempts);
    }
  }
}

TEST(ClientTest, AnOutageIsNotAnsweredWithAStorm) {
  std::atomic<int> attempts{0};
  TestingServer server({.handlers = {.get_partner = [&](const Call&, Unit&, const auto&, Partner*) {
                          ++attempts;
                          return Error(Reason::kDraining, "x");
                        }}});
  const auto client = server.NewClient();
  constexpr int kCalls = 100;
  for (int i = 0; i < kCalls; ++i) {
    const absl::Status status =
        client->Call<Partner>(kGetPartner, Get(), {.timeout = absl::Milliseconds(200)}).status();
    EXPECT_TRUE(absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status)) << status;
  }
  EXPECT_GT(attempts, kCalls);
  EXPECT_LE(attempts, kCalls + 20 + kCalls / 10) << "a tenth of the calls, and twenty to begin with";
}

TEST(ClientTest, NobodyThereIsUnavailableWithinTheTimeOut) {
  std::string address;
  {
    TestingServer server;
    address = server.address();
  }
  Client client({.address = address});
  const absl::Time start = absl::Now();
  const absl::Status status = client.Call<Partner>(kGetPartner, Get(), {.timeout = absl::Seconds(1)}).status();
  EXPECT_TRUE(absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status)) << status;
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  EXPECT_NE(ReasonOf(status), Reason::kUnspecified);
}

TEST(ClientTest, MetThereAgainAfterARestart) {
  auto server = std::make_unique<TestingServer>();
  const std::string address = server->address();
  const auto client = server->NewClient();
  EXPECT_THAT(client->Call<Partner>(kGetPartner, Get()), HasReason(Reason::kNotFound));
  server.reset();
  const absl::Status down = client->Call<Partner>(kGetPartner, Get(), {.timeout = absl::Milliseconds(300)}).status();
  EXPECT_TRUE(absl::IsUnavailable(down) || absl::IsDeadlineExceeded(down)) << down;
  server = std::make_unique<TestingServer>(TestingServer::Setup{.options = {.address = address}});
  // Another process with other keys: that it refuses our token shows that it was met.
  EXPECT_THAT(client->Call<Partner>(kGetPartner, Get(), {.timeout = absl::Seconds(30)}),
              HasReason(Reason::kUnauthenticated));
}

TEST(ClientTest, MetadataThatNoHeaderCanCarryHarmsNobody) {
  TestingServer server;
  const auto client = server.NewClient();
  const std::string bad = "a\r\nb\x01\xff";
  EXPECT_THAT(client->Call<Partner>(kGetPartner, Get(), {.token = bad}), HasReason(Reason::kUnauthenticated));
  EXPECT_THAT(client->Call<Partner>(kGetPartner, Get(), {.traceparent = bad, .language = bad}),
              HasReason(Reason::kNotFound));
  events::v1::StreamEventsRequest stream;
  stream.add_cursors();
  const auto reader = client->OpenStream(kStreamEvents, stream, {.traceparent = bad});
  events::v1::StreamEventsResponse message;
  EXPECT_FALSE(reader->Read(&message));
  EXPECT_OK(reader->Finish());
}

TEST(ClientTest, ManyCallsAtOnceOfManyThreadsAllArrive) {
  std::atomic<int> handled{0};
  TestingServer server({.handlers = {.get_partner =
                                         [&](const Call&, Unit&, const auto& request, Partner* reply) {
                                           ++handled;
                                           reply->set_name(request.name());
                                           return absl::OkStatus();
                                         }},
                        .options = {.queue_limit = 10000}});
  auto client = server.NewClient();
  constexpr int kThreads = 4, kEach = 500;
  absl::BlockingCounter answers(kThreads * kEach);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i) {
          GetPartnerRequest request;
          request.set_name(StrCat("partners/p-", t, "-", i));
          auto reply = std::make_shared<Partner>();
          client->CallAsync(kGetPartner, request, reply, {.timeout = absl::Minutes(1)},
                            [&answers, reply, name = request.name()](absl::Status status) {
                              EXPECT_OK(status);
                              EXPECT_EQ(reply->name(), name);
                              answers.DecrementCount();
                            });
        }
      });
    }
  }
  answers.Wait();
  EXPECT_EQ(handled, kThreads * kEach);
}

// Whether they are under way, wait to be repeated or have just been answered; and none is the last to hold the channel.
TEST(ClientTest, AClientThatGoesEndsItsCalls) {
  std::atomic<bool> slow{true};
  TestingServer server({.handlers = {.get_partner = [&slow](const Call&, Unit&, const auto& request, Partner* reply) {
                          if (slow) absl::SleepFor(absl::Milliseconds(300));
                          reply->set_name(request.name());
                          return absl::OkStatus();
                        }}});
  constexpr int kCalls = 4;
  const auto ended = [&](absl::Duration before_it_goes) {
    auto client = server.NewClient();
    auto ends = std::make_shared<std::atomic<int>>(0);
    for (int i = 0; i < kCalls; ++i) {
      client->CallAsync(kGetPartner, Get(), std::make_shared<Partner>(), {.timeout = absl::Minutes(1)},
                        [ends](const absl::Status& status) {
                          EXPECT_TRUE(status.ok() || absl::IsUnavailable(status)) << status;
                          ++*ends;
                        });
    }
    absl::SleepFor(before_it_goes);
    const absl::Time start = absl::Now();
    client.reset();
    EXPECT_LT(absl::Now() - start, absl::Seconds(30));
    return ends->load();
  };
  EXPECT_EQ(ended(absl::Milliseconds(20)), kCalls);
  slow = false;
  for (int i = 0; i < 200; ++i) ASSERT_EQ(ended(absl::Microseconds(50 * (i % 20))), kCalls) << i;
}

}  // namespace
}  // namespace tributary::rpc::testing
