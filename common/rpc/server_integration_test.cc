// A server's own life: what it refuses to start with, health, streams, drain, a database that goes and comes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/rpc/server.h"
#include "common/rpc/testing_server.h"
#include "common/rpc/wire_status.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "google/longrunning/operations.pb.h"
#include "tests/support/database_server.h"

namespace tributary::rpc::testing {
namespace {

using events::v1::StreamEventsRequest;
using events::v1::StreamEventsResponse;
using partner::v1::GetPartnerRequest;
using partner::v1::GetRegionRequest;
using partner::v1::ListPartnersRequest;
using partner::v1::ListPartnersResponse;
using partner::v1::Partner;
using partner::v1::Region;
using ::testing::HasSubstr;

GetPartnerRequest Get(const std::string& id = "p-1") {
  GetPartnerRequest request;
  request.set_name(StrCat("partners/", id));
  return request;
}

StreamEventsRequest Stream() {
  StreamEventsRequest request;
  request.add_cursors();
  return request;
}

constexpr char kPartners[] = "tributary.partner.v1.PartnerService";

// A service that answers nothing, in many wrong ways.
struct Wrong {
  template <typename Request, typename Reply>
  absl::Status Do(const Call&, Unit&, const Request&, Reply*) {
    return absl::OkStatus();
  }
  absl::Status DoStream(const Call&, const GetPartnerRequest&, StreamWriter&) { return absl::OkStatus(); }
  absl::Status DoIncoming(const Call&, IncomingStream&, Partner*) { return absl::OkStatus(); }
};

TEST(ServerTest, WhatIsPutTogetherWronglyDoesNotStart) {
  using W = Wrong;
  const struct {
    std::function<void(Server&, W*)> add;
    const char* says;
  } cases[] = {
      {[](Server& s, W* w) { s.Add(kPartners, w).Unary("GetPartner", &W::Do<GetPartnerRequest, Partner>); },
       "nobody handles tributary.partner.v1.PartnerService.ListPartners"},
      {[](Server& s, W* w) { s.Add(kPartners, w).Unary("ReadPartner", &W::Do<GetPartnerRequest, Partner>); },
       "no proto declares the method tributary.partner.v1.PartnerService.ReadPartner"},
      {[](Server& s, W* w) { s.Add(kPartners, w).Unary("GetPartner", &W::Do<GetRegionRequest, Partner>); },
       "takes tributary.partner.v1.GetRegionRequest"},
      {[](Server& s, W* w) { s.Add(kPartners, w).Unary("GetPartner", &W::Do<GetPartnerRequest, Region>); },
       "answers tributary.partner.v1.Region"},
      {[](Server& s, W* w) {
         s.Add(kPartners, w)
             .Unary("GetPartner", &W::Do<GetPartnerRequest, Partner>)
             .Unary("GetPartner", &W::Do<GetPartnerRequest, Partner>);
       },
       "two handlers for tributary.partner.v1.PartnerService.GetPartner"},
      {[](Server& s, W* w) { s.Add(kPartners, w).Stream("GetPartner", &W::DoStream, static_cast<Partner*>(nullptr)); },
       "GetPartner is registered as a server stream"},
      {[](Server& s, W* w) {
         s.Add("tributary.events.v1.FeedService", w)
             .Unary("StreamEvents", &W::Do<StreamEventsRequest, StreamEventsResponse>);
       },
       "StreamEvents is registered as a unary method"},
      {[](Server& s, W* w) {
         s.Add(kPartners, w).ClientStream("GetPartner", &W::DoIncoming, static_cast<GetPartnerRequest*>(nullptr));
       },
       "GetPartner is registered as a client stream"},
      {[](Server& s, W* w) {
         s.Add("google.longrunning.Operations", w)
             .Unary("GetOperation", &W::Do<google::longrunning::GetOperationRequest, google::longrunning::Operation>);
       },
       "google.longrunning.Operations.GetOperation has no tributary.api.v1.access option"},
  };
  prometheus::Registry registry;
  const SystemClock clock;
  for (const auto& c : cases) {
    Wrong wrong;
    Server server({.clock = &clock, .registry = &registry}, {.address = "127.0.0.1:0"});
    c.add(server, &wrong);
    EXPECT_THAT(server.Start(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(c.says)));
  }
}

TEST(ServerTest, TwoCannotShareAPort) {
  TestingServer first;
  TestingServer second({.options = {.address = first.address()}}, /*start=*/false);
  EXPECT_THAT(second.server().Start(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(first.address())));
  TestingServer nowhere({.options = {.address = "192.0.2.1:1"}}, /*start=*/false);
  EXPECT_THAT(nowhere.server().Start(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("192.0.2.1:1")));
  EXPECT_THAT(first.NewClient()->Call<Partner>(kGetPartner, Get()), HasReason(Reason::kNotFound));
}

// However long the handler takes; what is refused before it is told at once.
TEST(ServerTest, AnswersLeaveInSteps) {
  static constexpr absl::Duration kStep = absl::Milliseconds(150);
  static constexpr absl::Duration kRounding = absl::Milliseconds(1);  // of the two clocks
  std::atomic<int> running{0};
  TestingServer server({.handlers = {.get_partner =
                                         [&running](const Call&, Unit&, const GetPartnerRequest& request, Partner*) {
                                           ++running;
                                           if (request.name() == "partners/slow") absl::SleepFor(kStep + kStep / 10);
                                           --running;
                                           return NotFound(request.name());
                                         }},
                        .options = {.database_workers = 1}},
                       /*start=*/false);
  server.server().SetAnswerStep(kPartners, "GetPartner", kStep);
  ASSERT_OK(server.server().Start());
  const auto client = server.NewClient(false);
  const auto took = [&](const std::string& id) {
    const absl::Time start = absl::Now();
    EXPECT_THAT(client->Call<Partner>(kGetPartner, Get(id)), HasReason(Reason::kNotFound));
    return absl::Now() - start;
  };
  EXPECT_GE(took("p-1"), kStep - kRounding);
  EXPECT_GE(took("slow"), 2 * kStep - kRounding);
  // The only worker does not wait with them: four at once take less than one after the other would.
  const absl::Time start = absl::Now();
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 4; ++i) callers.emplace_back([&] { took("p-1"); });
  }
  EXPECT_LT(absl::Now() - start, 4 * kStep);
  EXPECT_EQ(running, 0);
  const absl::Time asked = absl::Now();
  Client nobody({.address = server.address(), .retries = false});
  EXPECT_THAT(nobody.Call<Partner>(kGetPartner, Get()), HasReason(Reason::kUnauthenticated));
  EXPECT_LT(absl::Now() - asked, kStep);
}

TEST(ServerTest, HealthIsOfTheProcessAndOfEachService) {
  TestingServer server;
  for (const bool serving : {true, false, true}) {
    server.server().SetServing(serving);
    for (const char* service : {"", "tributary.partner.v1.PartnerService", "tributary.events.v1.FeedService"}) {
      EXPECT_EQ(server.Health(service), serving ? "SERVING" : "NOT_SERVING") << service;
    }
  }
  EXPECT_THAT(server.Health("tributary.partner.v1.Nothing"), HasSubstr("5: "));  // NOT_FOUND
}

TEST(ServerTest, AStreamCarriesItsMessagesAndItsEnd) {
  TestingServer server({.handlers = {.stream_events = [](const Call& call, const auto& request, StreamWriter& writer) {
                          for (int i = 1; i <= 1000; ++i) {
                            StreamEventsResponse message;
                            message.set_feed_epoch(StrCat(i));
                            if (!writer.Write(message)) return absl::OkStatus();
                          }
                          EXPECT_EQ(call.identity->subject, "manager");
                          return request.feed_epoch().empty() ? absl::OkStatus()
                                                              : Error(Reason::kFeedRewound, "got x, want y");
                        }}});
  const auto client = server.NewClient();
  for (const bool well : {true, false}) {
    StreamEventsRequest request = Stream();
    if (!well) request.set_feed_epoch("x");
    const auto reader = client->OpenStream(kStreamEvents, request);
    StreamEventsResponse message;
    int read = 0;
    while (reader->Read(&message)) EXPECT_EQ(message.feed_epoch(), StrCat(++read));
    EXPECT_EQ(read, 1000);
    const absl::Status end = reader->Finish();
    if (well) {
      EXPECT_OK(end);
    } else {
      EXPECT_THAT(end, HasReason(Reason::kFeedRewound));
    }
  }
  // Refused before their bodies ran.
  const auto foreign = client->OpenStream(kStreamEvents, Stream(), {.token = server.PartnerToken("p-1")});
  StreamEventsResponse message;
  EXPECT_FALSE(foreign->Read(&message));
  EXPECT_THAT(foreign->Finish(), HasReason(Reason::kPermissionDenied));
  const auto invalid = client->OpenStream(kStreamEvents, StreamEventsRequest());
  EXPECT_FALSE(invalid->Read(&message));
  EXPECT_THAT(invalid->Finish(), Blames("cursors"));
}

constexpr char kStreamLabels[] =
    "grpc_method=\"StreamEvents\",grpc_service=\"tributary.events.v1.FeedService\",grpc_type=\"server_stream\"";

TEST(ServerTest, AStreamNoticesThatItsCallerHasGone) {
  std::atomic<int> running{0};
  TestingServer server({.handlers = {.stream_events =
                                         [&](const Call&, const auto& request, StreamWriter& writer) {
                                           ++running;
                                           StreamEventsResponse message;
                                           message.set_feed_epoch(std::string(100000, 'x'));
                                           if (request.feed_epoch().empty()) {
                                             while (!writer.Gone()) absl::SleepFor(absl::Milliseconds(1));
                                           } else {  // stuck in flow control, since nobody reads
                                             while (writer.Write(message)) continue;
                                           }
                                           EXPECT_FALSE(writer.Write(message));
                                           --running;
                                           return absl::OkStatus();
                                         }},
                        .options = {.stream_limit = 2}});
  const auto client = server.NewClient();
  StreamEventsRequest full = Stream();
  full.set_feed_epoch("full");
  auto idle = client->OpenStream(kStreamEvents, Stream()), stuck = client->OpenStream(kStreamEvents, full);
  ASSERT_TRUE(Eventually([&] { return running == 2; }));
  EXPECT_EQ(server.Metric("tributary_rpc_open_streams"), 2);

  auto third = client->OpenStream(kStreamEvents, Stream());
  StreamEventsResponse message;
  EXPECT_FALSE(third->Read(&message));
  const absl::Status shed = third->Finish();
  EXPECT_THAT(shed, HasReason(Reason::kOverloaded));
  EXPECT_TRUE(DetailOf(shed).retry_after.has_value());

  idle->Cancel();
  EXPECT_TRUE(Eventually([&] { return running == 1; }));
  stuck.reset();  // without a word
  EXPECT_TRUE(Eventually([&] { return running == 0; }));
  EXPECT_TRUE(Eventually([&] { return server.Metric("tributary_rpc_open_streams") == 0; }));
  EXPECT_TRUE(Eventually([&] {
    return server.Metric(StrCat("grpc_server_handled_total{grpc_code=\"Canceled\",", kStreamLabels, "}")) == 2;
  }));
  EXPECT_EQ(idle->Finish().code(), absl::StatusCode::kCancelled);
}

TEST(ServerTest, DrainLetsRunningCallsFinishEndsStreamsAndTakesNoNewOnes) {
  absl::Notification started, go;
  std::atomic<int> streams{0};
  TestingServer server({.handlers = {.get_partner =
                                         [&](const Call&, Unit&, const auto& request, Partner*) {
                                           if (request.name() == "partners/running") {
                                             started.Notify();
                                             go.WaitForNotification();
                                           }
                                           return absl::OkStatus();
                                         },
                                     .stream_events =
                                         [&](const Call&, const auto& request, StreamWriter& writer) {
                                           ++streams;
                                           if (!request.feed_epoch().empty()) {  // ends by itself, whatever comes
                                             go.WaitForNotification();
                                             return absl::OkStatus();
                                           }
                                           while (!writer.Gone()) absl::SleepFor(absl::Milliseconds(1));
                                           return absl::OkStatus();
                                         }},
                        .options = {.database_workers = 1, .grace_period = absl::Minutes(1)}});
  const auto client = server.NewClient(false);
  std::jthread running([&] { EXPECT_OK(client->Call<Partner>(kGetPartner, Get("running"))); });
  started.WaitForNotification();
  std::jthread queued([&] { EXPECT_OK(client->Call<Partner>(kGetPartner, Get("queued"))); });
  ASSERT_TRUE(Eventually([&] { return server.Metric("tributary_rpc_queued_calls") == 1; }));
  const auto endless = client->OpenStream(kStreamEvents, Stream());
  StreamEventsRequest finite_request = Stream();
  finite_request.set_feed_epoch("finite");
  const auto finite = client->OpenStream(kStreamEvents, finite_request);
  ASSERT_TRUE(Eventually([&] { return streams == 2; }));

  std::jthread drain([&] { server.server().Drain(); });
  StreamEventsResponse message;
  EXPECT_FALSE(endless->Read(&message));
  EXPECT_THAT(endless->Finish(), HasReason(Reason::kDraining));
  const auto late = server.NewClient(false);
  EXPECT_EQ(late->Call<Partner>(kGetPartner, Get("late")).status().code(), absl::StatusCode::kUnavailable);
  go.Notify();
  EXPECT_FALSE(finite->Read(&message));
  EXPECT_OK(finite->Finish());
  drain.join();
  server.server().Drain();  // a second one is harmless
}

TEST(ServerTest, AfterTheGracePeriodCallersAreLeftButNoHandlerIsCutShort) {
  absl::Notification started, go;
  std::atomic<bool> finished{false};
  TestingServer server({.handlers = {.get_partner =
                                         [&](const Call&, Unit&, const auto&, Partner*) {
                                           started.Notify();
                                           go.WaitForNotification();
                                           finished = true;
                                           return absl::OkStatus();
                                         }},
                        .options = {.grace_period = absl::Milliseconds(50)}});
  const auto client = server.NewClient(false);
  std::jthread caller([&] {
    const absl::Status status = client->Call<Partner>(kGetPartner, Get()).status();
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
    go.Notify();  // only now can the handler end
  });
  started.WaitForNotification();
  server.server().Drain();
  EXPECT_TRUE(finished);
}

TEST(ServerTest, ManyStartsAndEndsUnderLoadLeaveNothing) {
  // Calls and streams at the very moment of the drain: what a race would break, over and over.
  const auto database = NewDatabase();
  for (int round = 0; round < 10; ++round) {
    TestingServer server({.handlers = {.stream_events =
                                           [&](const Call&, const auto&, StreamWriter& writer) {
                                             StreamEventsResponse message;
                                             while (writer.Write(message)) continue;
                                             return absl::OkStatus();
                                           }},
                          .options = {.database_workers = 2, .queue_limit = 4, .grace_period = absl::Seconds(5)},
                          .database = database.get()});
    std::atomic<bool> stop{false};
    std::atomic<int> answered{0};
    std::vector<std::jthread> callers;
    for (int t = 0; t < 4; ++t) {
      callers.emplace_back([&, t] {
        const auto client = server.NewClient(false);
        while (!stop) {
          if (t == 0) {
            const auto reader = client->OpenStream(kStreamEvents, Stream());
            StreamEventsResponse message;
            for (int i = 0; i < 10 && reader->Read(&message); ++i) ++answered;
            if (answered % 2 == 0) reader->Cancel();
          } else {
            const absl::Status status = client->Call<Partner>(kGetPartner, Get()).status();
            EXPECT_TRUE(absl::IsNotFound(status) || absl::IsUnavailable(status) || absl::IsResourceExhausted(status))
                << status;
            ++answered;
          }
        }
      });
    }
    ASSERT_TRUE(Eventually([&] { return answered > 50; }));
    server.server().Drain();
    stop = true;
  }
}

TEST(ServerTest, ADatabaseThatDiesIsUnavailableWithinTheDeadlineAndMetAgainWithoutARestart) {
  tributary::testing::DatabaseServer database_server;
  auto database = mysql::Database::Open(database_server.options("dies"));
  ASSERT_OK(database.status());
  ASSERT_OK(MakeTables(**database));
  TestingServer server({.database = database->get()});
  const auto client = server.NewClient();
  ASSERT_OK(client->Call<Partner>(kCreatePartner, CreateRequest("p-1")));

  database_server.Kill();
  const auto request = CreateRequest("p-2");
  for (const char* method : {kGetPartner, kCreatePartner}) {
    const absl::Time start = absl::Now();
    const absl::Status status = method == kGetPartner
                                    ? client->Call<Partner>(method, Get(), {.timeout = absl::Seconds(3)}).status()
                                    : client->Call<Partner>(method, request, {.timeout = absl::Seconds(3)}).status();
    EXPECT_THAT(status, HasReason(Reason::kDatabaseUnavailable)) << method;
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  }
  database_server.Restart();
  EXPECT_OK(client->Call<Partner>(kGetPartner, Get(), {.timeout = absl::Seconds(30)}));
  EXPECT_OK(client->Call<Partner>(kCreatePartner, request, {.timeout = absl::Seconds(30)}));
  EXPECT_EQ(server.Number("SELECT COUNT(*) FROM thing"), 2);
}

}  // namespace
}  // namespace tributary::rpc::testing
