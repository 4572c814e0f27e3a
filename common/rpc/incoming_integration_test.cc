// Client streams: what ends them, what they leave, and that nobody waits for ever.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "common/rpc/server.h"
#include "common/rpc/testing_server.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"

namespace tributary::rpc::testing {
namespace {

using api::v1::StreamPostResponse;
using inventory::v1::StreamPostShipmentsRequest;
using Next = IncomingStream::Next;
using ::testing::AnyOf;
using ::testing::HasSubstr;

StreamPostShipmentsRequest Message(int row = 1, const std::string& import = "") {
  StreamPostShipmentsRequest message;
  message.set_import(import);
  message.add_rows()->set_row(row);
  return message;
}

// Reads all and counts the rows.
absl::Status CountAll(const Call&, IncomingStream& stream, StreamPostResponse* reply) {
  StreamPostShipmentsRequest message;
  while (true) {
    ASSIGN_OR_RETURN(const Next next, stream.Read(&message));
    if (next == Next::kEnd) return absl::OkStatus();
    reply->set_received(reply->received() + message.rows_size());
  }
}

absl::Status Insert(Unit& unit, const std::string& id) {
  RETURN_IF_ERROR(
      unit.sql().Execute("INSERT INTO thing (id, uid, text) VALUES (?, ?, '')", {id, std::string(16, 'u')}));
  partner::v1::Partner partner;
  partner.set_name(StrCat("partners/", id));
  unit.Emit(events::Draft(id, "created", partner.name(), partner));
  return absl::OkStatus();
}

// Stores one thing for each message, named after its row.
absl::Status StoreEach(const Call&, IncomingStream& stream, StreamPostResponse* reply) {
  StreamPostShipmentsRequest message;
  while (true) {
    ASSIGN_OR_RETURN(const Next next, stream.Read(&message));
    if (next == Next::kEnd) return absl::OkStatus();
    RETURN_IF_ERROR(stream.Transact(message.import(), [&](const Call& call, Unit& unit) {
      EXPECT_TRUE(call.streamed);
      return Insert(unit, StrCat("t-", message.rows(0).row()));
    }));
    reply->set_accepted(reply->accepted() + 1);
  }
}

double Handled(TestingServer& server, const std::string& code) {
  return server.Metric(StrCat("grpc_server_handled_total{grpc_code=\"", code,
                              "\",grpc_method=\"StreamPostShipments\","
                              "grpc_service=\"tributary.inventory.v1.ShipmentService\",grpc_type=\"client_stream\"}"));
}

bool NoneOpen(TestingServer& server) {
  return Eventually([&] { return server.Metric("tributary_rpc_open_streams") == 0; });
}

TEST(IncomingTest, AStreamIsReadToItsEndAndAnswered) {
  TestingServer server({.handlers = {.stream_post = [](const Call& call, IncomingStream& stream, auto* reply) {
                          EXPECT_EQ(call.identity->subject, "manager");
                          return CountAll(call, stream, reply);
                        }}});
  const auto client = server.NewClient();
  for (const int messages : {0, 1, 5000}) {
    StreamPostResponse reply;
    const auto stream = client->OpenOutgoing(kStreamPost, &reply, {.stream_timeout = absl::Minutes(1)});
    for (int i = 0; i < messages; ++i) ASSERT_TRUE(stream->Write(Message(i + 1)));
    EXPECT_OK(stream->Finish());
    EXPECT_EQ(reply.received(), messages);
  }
  EXPECT_EQ(Handled(server, "OK"), 3);
  EXPECT_TRUE(NoneOpen(server));
}

TEST(IncomingTest, EachTransactionIsStoredAuditedAndTold) {
  std::atomic<int> told{0};
  TestingServer server({.handlers = {.stream_post = StoreEach}, .committed = [&] { ++told; }});
  StreamPostResponse reply;
  const auto stream = server.NewClient()->OpenOutgoing(kStreamPost, &reply);
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(stream->Write(Message(i, "imports/x")));
  EXPECT_OK(stream->Finish());
  EXPECT_EQ(reply.accepted(), 3);
  EXPECT_EQ(told, 3);
  EXPECT_EQ(server.Number("SELECT COUNT(*) FROM thing"), 3);
  EXPECT_EQ(server.Number("SELECT COUNT(*) FROM event"), 3);
  EXPECT_EQ(server.Number("SELECT COUNT(*) FROM audit WHERE resource = 'imports/x' AND principal = 'manager' AND "
                          "method LIKE '%/StreamPostShipments'"),
            3);
}

TEST(IncomingTest, WhatFailsIsRolledBackAndWhatWasStoredStays) {
  std::atomic<int> told{0};
  TestingServer server(
      {.handlers = {.stream_post = [](const Call&, IncomingStream& stream, StreamPostResponse*) -> absl::Status {
         RETURN_IF_ERROR(stream.Transact("", [](const Call&, Unit& unit) { return Insert(unit, "first"); }));
         return stream.Transact("", [](const Call&, Unit& unit) -> absl::Status {
           RETURN_IF_ERROR(Insert(unit, "second"));
           return Error(Reason::kStateConflict, "got a refusal, want none");
         });
       }},
       .committed = [&] { ++told; }});
  StreamPostResponse reply;
  const auto stream = server.NewClient()->OpenOutgoing(kStreamPost, &reply);
  EXPECT_THAT(stream->Finish(), HasReason(Reason::kStateConflict));
  EXPECT_EQ(server.Number("SELECT COUNT(*) FROM thing WHERE id = 'first'"), 1);
  EXPECT_EQ(server.Number("SELECT COUNT(*) FROM thing"), 1);
  EXPECT_EQ(told, 1);
}

TEST(IncomingTest, ABadMessageEndsTheStreamAndIsNamed) {
  TestingServer server({.handlers = {.stream_post = StoreEach}});
  const auto client = server.NewClient();
  StreamPostShipmentsRequest empty, broken = Message(7);
  broken.set_import("\xff");
  const struct {
    const StreamPostShipmentsRequest& bad;
    Reason reason;
    const char* says;
  } cases[] = {{empty, Reason::kInvalidField, "messages[2].rows"}, {broken, Reason::kMalformedRequest, "messages[2]"}};
  int row = 0;
  for (const auto& c : cases) {
    StreamPostResponse reply;
    const auto stream = client->OpenOutgoing(kStreamPost, &reply);
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(stream->Write(Message(++row)));
    stream->Write(c.bad);
    stream->Write(Message(1000));
    const absl::Status status = stream->Finish();
    EXPECT_THAT(status, HasReason(c.reason));
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.says));
    if (c.reason == Reason::kInvalidField) {
      EXPECT_THAT(status, Blames("messages[2].rows"));
    }
    EXPECT_EQ(server.Number("SELECT COUNT(*) FROM thing"), row) << "the messages before it";
  }
  EXPECT_EQ(Handled(server, "InvalidArgument"), 2);
}

TEST(IncomingTest, WhoMayNotCallIsRefusedBeforeAnythingIsRead) {
  std::atomic<int> ran{0};
  TestingServer server({.handlers = {.stream_post = [&](const Call& call, IncomingStream& stream, auto* reply) {
                          ++ran;
                          return CountAll(call, stream, reply);
                        }}});
  const auto client = server.NewClient();
  std::string forged = server.Token();
  forged[forged.size() / 2] = forged[forged.size() / 2] == 'x' ? 'y' : 'x';
  const struct {
    std::string token;
    Reason reason;
  } cases[] = {
      {server.PartnerToken("p-1"), Reason::kPermissionDenied},
      {server.Token({.subject = "auditor", .roles = {api::v1::AUDITOR}}), Reason::kPermissionDenied},
      {forged, Reason::kUnauthenticated},
      {server.Token({.subject = "late", .roles = {api::v1::SERVICE}}, -absl::Minutes(1)), Reason::kTokenExpired},
  };
  for (const auto& c : cases) {
    StreamPostResponse reply;
    // Nothing is sent, and not even the end: the answer does not wait for it.
    const auto stream = client->OpenOutgoing(kStreamPost, &reply, {.token = c.token});
    EXPECT_THAT(stream->Finish(), HasReason(c.reason));
  }
  EXPECT_EQ(ran, 0);
}

TEST(IncomingTest, AStreamNoticesThatItsCallerHasGone) {
  std::atomic<int> running{0};
  std::atomic<int> cancelled{0};
  TestingServer server({.handlers = {.stream_post = [&](const Call& call, IncomingStream& stream, auto* reply) {
                          ++running;
                          const absl::Status status = CountAll(call, stream, reply);
                          cancelled += absl::IsCancelled(status);
                          --running;
                          return status;
                        }}});
  const auto client = server.NewClient();
  StreamPostResponse first_reply, second_reply;
  const auto cancels = client->OpenOutgoing(kStreamPost, &first_reply);
  auto vanishes = client->OpenOutgoing(kStreamPost, &second_reply);
  EXPECT_TRUE(cancels->Write(Message()));
  EXPECT_TRUE(vanishes->Write(Message()));
  ASSERT_TRUE(Eventually([&] { return running == 2; }));
  cancels->Cancel();
  EXPECT_TRUE(Eventually([&] { return running == 1; }));
  vanishes.reset();  // without a word
  EXPECT_TRUE(Eventually([&] { return running == 0; }));
  EXPECT_EQ(cancelled, 2);
  EXPECT_EQ(cancels->Finish().code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(NoneOpen(server));
  EXPECT_EQ(Handled(server, "Canceled"), 2);
}

TEST(IncomingTest, TheDeadlineEndsAStreamThatDoesNot) {
  TestingServer server(
      {.handlers = {.stream_post = CountAll}, .options = {.incoming_deadline = absl::Milliseconds(300)}});
  const auto client = server.NewClient();
  for (const absl::Duration timeout : {absl::Milliseconds(200), absl::InfiniteDuration()}) {
    StreamPostResponse reply;
    const auto stream = client->OpenOutgoing(kStreamPost, &reply, {.stream_timeout = timeout});
    const absl::Time began = absl::Now();
    while (stream->Write(Message())) {
      ASSERT_LT(absl::Now() - began, absl::Seconds(30));
    }
    EXPECT_EQ(stream->Finish().code(), absl::StatusCode::kDeadlineExceeded);
    EXPECT_TRUE(NoneOpen(server));
  }
}

TEST(IncomingTest, AStreamHasAnEnd) {
  TestingServer server({.handlers = {.stream_post = CountAll}, .options = {.incoming_messages = 3}});
  const auto client = server.NewClient();
  for (const int messages : {3, 4}) {
    StreamPostResponse reply;
    const auto stream = client->OpenOutgoing(kStreamPost, &reply);
    for (int i = 0; i < messages; ++i) stream->Write(Message());
    if (messages == 3) {
      EXPECT_OK(stream->Finish());
    } else {
      EXPECT_THAT(stream->Finish(), HasReason(Reason::kPayloadTooLarge));
    }
  }
}

TEST(IncomingTest, PlacesAreLimited) {
  TestingServer server({.handlers = {.stream_post = CountAll}, .options = {.stream_limit = 1}});
  const auto client = server.NewClient();
  StreamPostResponse reply;
  const auto first = client->OpenOutgoing(kStreamPost, &reply);
  EXPECT_TRUE(first->Write(Message()));
  ASSERT_TRUE(Eventually([&] { return server.Metric("tributary_rpc_open_streams") == 1; }));
  StreamPostResponse none;
  const absl::Status shed = client->OpenOutgoing(kStreamPost, &none)->Finish();
  EXPECT_THAT(shed, HasReason(Reason::kOverloaded));
  EXPECT_TRUE(DetailOf(shed).retry_after.has_value());
  EXPECT_EQ(server.Metric("tributary_rpc_shed_total"), 1);
  EXPECT_OK(first->Finish());
  EXPECT_EQ(reply.received(), 1);
}

TEST(IncomingTest, WhoDoesNotReadMakesTheCallerWait) {
  absl::Notification all_written;
  TestingServer server({.handlers = {.stream_post = [&](const Call& call, IncomingStream& stream, auto* reply) {
                          EXPECT_FALSE(all_written.WaitForNotificationWithTimeout(absl::Milliseconds(500)));
                          return CountAll(call, stream, reply);
                        }}});
  const auto client = server.NewClient();
  StreamPostResponse reply;
  const auto stream = client->OpenOutgoing(kStreamPost, &reply, {.stream_timeout = absl::Minutes(1)});
  StreamPostShipmentsRequest large = Message();
  large.mutable_rows(0)->mutable_line()->set_document(std::string(1 << 20, 'x'));
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(stream->Write(large));
  all_written.Notify();
  EXPECT_OK(stream->Finish());
  EXPECT_EQ(reply.received(), 100);
}

TEST(IncomingTest, ABodyMayWaitForAMomentOnly) {
  absl::Notification waited;
  TestingServer server(
      {.handlers = {.stream_post = [&](const Call&, IncomingStream& stream, StreamPostResponse* reply) -> absl::Status {
         StreamPostShipmentsRequest message;
         ASSIGN_OR_RETURN(Next next, stream.Read(&message, absl::Now() + absl::Milliseconds(5)));
         EXPECT_EQ(next, Next::kNothingYet);
         waited.Notify();
         ASSIGN_OR_RETURN(next, stream.Read(&message));
         EXPECT_EQ(next, Next::kMessage);
         reply->set_received(message.rows(0).row());
         return absl::OkStatus();  // without having read the end
       }}});
  const auto client = server.NewClient();
  StreamPostResponse reply;
  const auto stream = client->OpenOutgoing(kStreamPost, &reply);
  waited.WaitForNotification();
  EXPECT_TRUE(stream->Write(Message(42)));
  // The answer comes although the stream has not ended here.
  EXPECT_TRUE(Eventually([&] { return !stream->Write(Message()); }));
  EXPECT_OK(stream->Finish());
  EXPECT_EQ(reply.received(), 42);
}

TEST(IncomingTest, StreamsLeaveConnectionsToTheOthers) {
  std::atomic<int> storing{0}, most{0};
  absl::Notification two;
  std::once_flag once;
  TestingServer server(
      {.handlers = {.stream_post = [&](const Call&, IncomingStream& stream, StreamPostResponse*) -> absl::Status {
         for (int i = 0; i < 20; ++i) {
           RETURN_IF_ERROR(stream.Transact("", [&](const Call&, Unit& unit) {
             const int now = ++storing;
             if (now > most) most = now;
             if (now == 2) std::call_once(once, [&] { two.Notify(); });
             two.WaitForNotification();
             const absl::Status status = unit.sql().Query("SELECT 1").status();
             --storing;
             return status;
           }));
         }
         return absl::OkStatus();
       }},
       .options = {.database_workers = 4}});
  std::vector<std::jthread> callers;
  for (int t = 0; t < 8; ++t) {
    callers.emplace_back([&] {
      StreamPostResponse reply;
      EXPECT_OK(server.NewClient()->OpenOutgoing(kStreamPost, &reply)->Finish());
    });
  }
  callers.clear();
  EXPECT_EQ(most, 2) << "half of the workers";
}

TEST(IncomingTest, WhatABodyThrowsIsOurFault) {
  TestingServer server({.handlers = {.stream_post = [](const Call&, IncomingStream&, auto*) -> absl::Status {
                          throw std::runtime_error("secret");
                        }}});
  StreamPostResponse reply;
  const absl::Status status = server.NewClient()->OpenOutgoing(kStreamPost, &reply)->Finish();
  EXPECT_THAT(status, HasReason(Reason::kInternal));
  EXPECT_THAT(std::string(status.message()), ::testing::Not(HasSubstr("secret")));
}

TEST(IncomingTest, ADrainEndsStreamsAndKeepsWhatIsStored) {
  TestingServer server({.handlers = {.stream_post = StoreEach}, .options = {.grace_period = absl::Minutes(1)}});
  const auto client = server.NewClient(false);
  StreamPostResponse reply;
  const auto stream = client->OpenOutgoing(kStreamPost, &reply);
  ASSERT_TRUE(stream->Write(Message(1)));
  ASSERT_TRUE(Eventually([&] { return server.Number("SELECT COUNT(*) FROM thing") == 1; }));
  std::jthread drain([&] { server.server().Drain(); });
  // The body waits for a message; the caller learns of the drain without sending one.
  int row = 1;
  EXPECT_TRUE(Eventually([&] { return !stream->Write(Message(++row)); }));
  // Where a Write meets the connection that the server has closed after its answer, the answer is lost with it.
  EXPECT_THAT(stream->Finish(), AnyOf(HasReason(Reason::kDraining), HasReason(Reason::kServiceUnavailable)));
  drain.join();
  EXPECT_GE(server.Number("SELECT COUNT(*) FROM thing WHERE id = 't-1'"), 1);
}

TEST(IncomingTest, ManyStreamsAtTheMomentOfADrainLeaveNothing) {
  const auto database = NewDatabase();
  for (int round = 0; round < 10; ++round) {
    TestingServer server({.handlers = {.stream_post = CountAll},
                          .options = {.stream_limit = 4, .grace_period = absl::Seconds(5)},
                          .database = database.get()});
    std::atomic<bool> stop{false};
    std::atomic<int> answered{0};
    std::vector<std::jthread> callers;
    for (int t = 0; t < 4; ++t) {
      callers.emplace_back([&, t] {
        const auto client = server.NewClient(false);
        while (!stop) {
          StreamPostResponse reply;
          const auto stream = client->OpenOutgoing(kStreamPost, &reply);
          for (int i = 0; i < 20 && stream->Write(Message()); ++i) continue;
          if (t == 0 && answered % 2 == 0) stream->Cancel();
          const absl::Status status = stream->Finish();
          EXPECT_THAT(status.code(), AnyOf(absl::StatusCode::kOk, absl::StatusCode::kUnavailable,
                                           absl::StatusCode::kCancelled, absl::StatusCode::kResourceExhausted))
              << status;
          ++answered;
        }
      });
    }
    ASSERT_TRUE(Eventually([&] { return answered > 50; }));
    server.server().Drain();
    stop = true;
  }
}

}  // namespace
}  // namespace tributary::rpc::testing
