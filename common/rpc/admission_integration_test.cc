// What stands before a handler and after it: identity, access, form, queue, deadline, faults; and what is counted.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "common/rpc/testing_server.h"
#include "common/rpc/wire_status.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "google/rpc/error_details.pb.h"
#include "grpcpp/client_context.h"

namespace tributary::rpc::testing {
namespace {

using partner::v1::CreatePartnerRequest;
using partner::v1::GetPartnerRequest;
using partner::v1::GetRegionRequest;
using partner::v1::ListPartnersRequest;
using partner::v1::ListPartnersResponse;
using partner::v1::Partner;
using partner::v1::Region;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

GetPartnerRequest Get(const std::string& name) {
  GetPartnerRequest request;
  request.set_name(name);
  return request;
}

TEST(AdmissionTest, WhoComesWithoutAValidTokenIsRefused) {
  TestingServer server, stranger;
  const auth::Identity manager{.subject = "m", .roles = {api::v1::CHANNEL_MANAGER}};
  std::string tampered = server.Token();
  tampered[tampered.find('.') + 5] ^= 1;
  const std::string expiring = server.Token(manager, absl::Seconds(30));
  const std::string good = server.Token();
  const std::string bytes = Get("partners/p-1").SerializeAsString();
  ASSERT_EQ(server.Raw(kGetPartner, bytes, {{"authorization", StrCat("Bearer ", expiring)}}).status.error_code(),
            grpc::StatusCode::NOT_FOUND);
  server.clock().Advance(absl::Minutes(1));
  const struct {
    const char* what;
    std::vector<std::pair<std::string, std::string>> metadata;
    Reason reason;
  } cases[] = {
      {"none", {}, Reason::kUnauthenticated},
      {"empty", {{"authorization", ""}}, Reason::kUnauthenticated},
      {"another scheme", {{"authorization", StrCat("Basic ", good)}}, Reason::kUnauthenticated},
      {"no token", {{"authorization", "Bearer "}}, Reason::kUnauthenticated},
      {"nonsense", {{"authorization", "Bearer x.y.z"}}, Reason::kUnauthenticated},
      {"tampered with", {{"authorization", StrCat("Bearer ", tampered)}}, Reason::kUnauthenticated},
      {"another's signature", {{"authorization", StrCat("Bearer ", stranger.Token())}}, Reason::kUnauthenticated},
      {"expired since it was last seen", {{"authorization", StrCat("Bearer ", expiring)}}, Reason::kTokenExpired},
  };
  for (const auto& c : cases) {
    const grpc::Status status = server.Raw(kGetPartner, bytes, c.metadata).status;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << c.what;
    EXPECT_THAT(FromGrpc(status), HasReason(c.reason)) << c.what;
    EXPECT_THAT(status.error_message(), Not(HasSubstr("eyJ"))) << "a token is quoted: " << c.what;
  }
  const grpc::Status lower = server.Raw(kGetPartner, bytes, {{"authorization", StrCat("bearer ", good)}}).status;
  EXPECT_EQ(lower.error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST(AdmissionTest, AForeignNameIsRefusedWithoutALook) {
  std::atomic<int> looks{0};
  TestingServer server(
      {.handlers = {.get_partner = [&](const Call& call, Unit& unit, const auto& request, Partner* reply) {
         ++looks;
         return Handlers::Get(call, unit, request, reply);
       }}});
  const auto client = server.NewClient(false);
  ASSERT_OK(client->Call<Partner>(kCreatePartner, CreateRequest("p-2")));
  const CallOptions as_p1{.token = server.PartnerToken("p-1")};
  const absl::Status there = client->Call<Partner>(kGetPartner, Get("partners/p-2"), as_p1).status();
  const absl::Status absent = client->Call<Partner>(kGetPartner, Get("partners/p-3"), as_p1).status();
  EXPECT_THAT(there, HasReason(Reason::kPermissionDenied));
  EXPECT_EQ(there.message(), absent.message());
  EXPECT_EQ(there.code(), absent.code());
  // Also where the name is no name: who may not ask is not told what is wrong with the question.
  EXPECT_THAT(client->Call<Partner>(kGetPartner, Get("partners/"), as_p1), HasReason(Reason::kPermissionDenied));
  EXPECT_EQ(looks, 0);
  EXPECT_THAT(client->Call<Partner>(kGetPartner, Get("partners/p-1"), as_p1), HasReason(Reason::kNotFound));
  EXPECT_EQ(looks, 1);
  EXPECT_THAT(client->Call<ListPartnersResponse>(kListPartners, ListPartnersRequest(), as_p1),
              HasReason(Reason::kPermissionDenied));
  const CallOptions auditor{.token = server.Token({.subject = "a", .roles = {api::v1::AUDITOR}})};
  EXPECT_THAT(client->Call<Partner>(kCreatePartner, CreateRequest("p-9"), auditor),
              HasReason(Reason::kPermissionDenied));
}

TEST(AdmissionTest, BytesThatAreNoRequestAreNamedAndDoNoHarm) {
  TestingServer server;
  const std::vector<std::pair<std::string, std::string>> manager{{"authorization", StrCat("Bearer ", server.Token())}};
  const struct {
    const char* what;
    std::string method;
    std::string bytes;
  } cases[] = {
      {"a cut length", kGetPartner, "\x0a\x7f"},
      {"a wrong wire type", kGetPartner, "\x0f"},
      {"invalid UTF-8", kGetPartner, "\x0a\x02\xc3\x28"},
      {"invalid UTF-8 deep inside", kCreatePartner, "\x12\x05\x3a\x03\xed\xa0\x80"},
      {"random", kGetPartner, std::string(1000, '\xff')},
      {"of a stream", kStreamEvents, "\x0a\x7f"},
  };
  for (const auto& c : cases) {
    const grpc::Status status = server.Raw(c.method, c.bytes, manager).status;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << c.what << status.error_message();
    EXPECT_THAT(FromGrpc(status), HasReason(Reason::kMalformedRequest)) << c.what;
  }
  // Too large is gRPC's own answer.
  EXPECT_EQ(server.Raw(kGetPartner, std::string(9 << 20, 'x'), manager).status.error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(server.Raw("tributary.partner.v1.PartnerService/Nothing", "", manager).status.error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  // Unknown fields pass, and the process is up.
  EXPECT_EQ(
      server.Raw(kGetPartner, Get("partners/p-1").SerializeAsString() + "\xba\x3e\x01x", manager).status.error_code(),
      grpc::StatusCode::NOT_FOUND);
}

TEST(AdmissionTest, EveryViolationArrivesWithItsFieldAndTheTextInTheCallersLanguage) {
  TestingServer server;
  const auto client = server.NewClient(false);
  CreatePartnerRequest request = CreateRequest("Not An Id");
  request.mutable_partner()->clear_legal_name();
  request.mutable_partner()->set_currency("DOLLARS");
  const absl::Status status = client->Call<Partner>(kCreatePartner, request).status();
  EXPECT_THAT(status, HasReason(Reason::kInvalidField));
  EXPECT_THAT(status, AllOf(Blames("partner_id"), Blames("partner.legal_name"), Blames("partner.currency")));

  const std::string bytes = request.SerializeAsString();
  const auto text = [&](const std::string& language) {
    const grpc::Status raw =
        server
            .Raw(kCreatePartner, bytes,
                 {{"authorization", StrCat("Bearer ", server.Token())}, {"accept-language", language}})
            .status;
    google::rpc::Status wire;
    EXPECT_TRUE(wire.ParseFromString(raw.error_details()));
    google::rpc::LocalizedMessage message;
    for (const auto& any : wire.details()) (void)any.UnpackTo(&message);
    return StrCat(message.locale(), " ", message.message());
  };
  EXPECT_EQ(text("zh-CN,zh;q=0.9"), StrCat("zh-CN ", InfoOf(Reason::kInvalidField).zh));
  EXPECT_EQ(text("fr"), StrCat("en ", InfoOf(Reason::kInvalidField).en));
}

TEST(AdmissionTest, AHandlerThatThrowsIsAFaultWithATrace) {
  const auto thrower = [](const auto& request) {
    if (request.name().find("number") != std::string::npos) throw 42;
    throw std::runtime_error("secret of the library");
  };
  TestingServer server(
      {.handlers = {.get_partner = [&](const Call&, Unit&, const auto& request, Partner*) -> absl::Status {
                      thrower(request);
                      return absl::OkStatus();
                    },
                    .region_from_memory =
                        [&](const Call&, const auto& request, Region*) {
                          thrower(request);
                          return true;
                        },
                    .stream_events = [](const Call&, const auto&, StreamWriter&) -> absl::Status {
                      throw std::runtime_error("secret of the library");
                    }}});
  const auto client = server.NewClient(false);
  const std::string trace = "0af7651916cd43dd8448eb211c80319c";
  const CallOptions traced{.traceparent = StrCat("00-", trace, "-b7ad6b7169203331-01")};
  const auto check = [&](const absl::Status& status, const char* what) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInternal) << what;
    EXPECT_THAT(status, HasReason(Reason::kInternal)) << what;
    EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr(trace), Not(HasSubstr("secret")))) << what;
    EXPECT_EQ(DetailOf(status).metadata, (std::vector<std::pair<std::string, std::string>>{{"trace_id", trace}}));
  };
  check(client->Call<Partner>(kGetPartner, Get("partners/p-1"), traced).status(), "on a worker");
  check(client->Call<Partner>(kGetPartner, Get("partners/number"), traced).status(), "no exception of the library's");
  GetRegionRequest region;
  region.set_name("regions/r-1");
  check(client->Call<Region>(kGetRegion, region, traced).status(), "on the network's thread");
  events::v1::StreamEventsRequest stream;
  stream.add_cursors();
  const auto reader = client->OpenStream(kStreamEvents, stream, traced);
  events::v1::StreamEventsResponse message;
  EXPECT_FALSE(reader->Read(&message));
  check(reader->Finish(), "in a stream");
  EXPECT_EQ(server.Handled("GetPartner", "Internal"), 2);
}

TEST(AdmissionTest, ACallThatWaitedTooLongIsNotHandled) {
  absl::Notification started, go;
  std::atomic<int> late{0};
  TestingServer server({.handlers = {.get_partner =
                                         [&](const Call&, Unit&, const auto& request, Partner*) {
                                           if (request.name() == "partners/slow") {
                                             started.Notify();
                                             go.WaitForNotification();
                                           } else {
                                             ++late;
                                           }
                                           return absl::OkStatus();
                                         }},
                        .options = {.database_workers = 1}});
  const auto client = server.NewClient(false);
  std::jthread slow([&] { EXPECT_OK(client->Call<Partner>(kGetPartner, Get("partners/slow"))); });
  started.WaitForNotification();
  const absl::Status status =
      client->Call<Partner>(kGetPartner, Get("partners/late"), {.timeout = absl::Milliseconds(50)}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(server.Metric("tributary_rpc_queued_calls"), 1);
  go.Notify();
  EXPECT_TRUE(Eventually([&] { return server.Handled("GetPartner", "DeadlineExceeded") == 1; }));
  EXPECT_EQ(late, 0);
  EXPECT_EQ(server.Metric("tributary_rpc_queued_calls"), 0);
}

TEST(AdmissionTest, AFullQueueShedsAndAPatientCallerGetsThrough) {
  absl::Notification go;
  std::atomic<int> running{0};
  TestingServer server({.handlers = {.get_partner =
                                         [&](const Call&, Unit&, const auto&, Partner*) {
                                           ++running;
                                           go.WaitForNotification();
                                           return absl::OkStatus();
                                         }},
                        .options = {.database_workers = 1, .queue_limit = 1}});
  const auto impatient = server.NewClient(false), patient = server.NewClient();
  std::jthread first([&] { EXPECT_OK(impatient->Call<Partner>(kGetPartner, Get("partners/p-1"))); });
  ASSERT_TRUE(Eventually([&] { return running == 1; }));
  std::jthread second([&] { EXPECT_OK(impatient->Call<Partner>(kGetPartner, Get("partners/p-2"))); });
  ASSERT_TRUE(Eventually([&] { return server.Metric("tributary_rpc_queued_calls") == 1; }));

  const absl::Status shed = impatient->Call<Partner>(kGetPartner, Get("partners/p-3")).status();
  EXPECT_EQ(shed.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(shed, HasReason(Reason::kOverloaded));
  ASSERT_TRUE(DetailOf(shed).retry_after.has_value());
  EXPECT_EQ(server.Handled("GetPartner", "ResourceExhausted"), 1);

  // The other lane has workers and a queue of its own.
  partner::v1::ActivatePartnerRequest activate;
  activate.set_name("partners/p-1");
  EXPECT_OK(impatient->Call<Partner>(kActivatePartner, activate));

  std::jthread third([&] { EXPECT_OK(patient->Call<Partner>(kGetPartner, Get("partners/p-4"))); });
  ASSERT_TRUE(Eventually([&] { return server.Metric("tributary_rpc_shed_total") >= 2; }));
  go.Notify();
}

TEST(AdmissionTest, ReadsFromMemoryNeedNoWorker) {
  absl::Notification go;
  TestingServer server({.handlers = {.get_partner =
                                         [&](const Call&, Unit&, const auto&, Partner*) {
                                           go.WaitForNotification();
                                           return absl::OkStatus();
                                         },
                                     .region_from_memory =
                                         [](const Call&, const auto& request, Region* reply) {
                                           reply->set_name(request.name());
                                           reply->set_code("from memory");
                                           return request.name() != "regions/elsewhere";
                                         },
                                     .get_region =
                                         [](const Call&, Unit&, const auto& request, Region* reply) {
                                           reply->set_name(request.name());
                                           return absl::OkStatus();
                                         }},
                        .options = {.database_workers = 1}});
  const auto client = server.NewClient(false);
  GetRegionRequest request;
  request.set_name("regions/elsewhere");
  ASSERT_OK_AND_ASSIGN(const Region elsewhere, client->Call<Region>(kGetRegion, request));
  EXPECT_EQ(elsewhere.code(), "") << "what memory began to say is left in the answer";
  std::jthread blocked([&] { EXPECT_OK(client->Call<Partner>(kGetPartner, Get("partners/p-1"))); });
  request.set_name("regions/r-1");
  ASSERT_OK_AND_ASSIGN(const Region region, client->Call<Region>(kGetRegion, request));
  EXPECT_EQ(region.code(), "from memory");
  go.Notify();
}

TEST(AdmissionTest, CallsAreCountedByMethodAndCode) {
  TestingServer server;
  const auto client = server.NewClient(false);
  ASSERT_OK(client->Call<Partner>(kCreatePartner, CreateRequest("p-1")));
  for (int i = 0; i < 3; ++i) ASSERT_OK(client->Call<Partner>(kGetPartner, Get("partners/p-1")));
  EXPECT_THAT(client->Call<Partner>(kGetPartner, Get("partners/none")), HasReason(Reason::kNotFound));
  EXPECT_THAT(client->Call<Partner>(kGetPartner, Get("")), HasReason(Reason::kInvalidField));
  EXPECT_THAT(client->Call<Partner>(kGetPartner, Get("partners/p-1"), {.token = "x"}),
              HasReason(Reason::kUnauthenticated));
  EXPECT_EQ(server.Handled("GetPartner", "OK"), 3);
  EXPECT_EQ(server.Handled("GetPartner", "NotFound"), 1);
  EXPECT_EQ(server.Handled("GetPartner", "InvalidArgument"), 1);
  EXPECT_EQ(server.Handled("GetPartner", "Unauthenticated"), 1);
  EXPECT_EQ(server.Handled("GetPartner", "Internal"), -1);
  EXPECT_EQ(server.Handled("CreatePartner", "OK"), 1);
  const std::string labels =
      "grpc_method=\"GetPartner\",grpc_service=\"tributary.partner.v1.PartnerService\",grpc_type=\"unary\"";
  EXPECT_EQ(server.Metric(StrCat("grpc_server_started_total{", labels, "}")), 6);
  EXPECT_EQ(server.Metric(StrCat("grpc_server_handling_seconds_count{", labels, ",outcome=\"ok\"}")), 3);
  EXPECT_EQ(server.Metric(StrCat("grpc_server_handling_seconds_count{", labels, ",outcome=\"client_error\"}")), 3);
  EXPECT_EQ(server.Metric(StrCat("grpc_server_handling_seconds_count{", labels, ",outcome=\"server_error\"}")), 0);
}

}  // namespace
}  // namespace tributary::rpc::testing
