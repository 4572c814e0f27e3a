// Webhooks over the wire and over real connections: what is delivered, how it is signed, and what receivers do to it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/http/server.h"
#include "google/protobuf/empty.pb.h"
#include "partner-service/notifications/notification_maker.h"
#include "partner-service/testing_partners.h"
#include "partner-service/webhooks/webhook_sender.h"
#include "partner-service/webhooks/webhook_signature.h"
#include "partner-service/webhooks/webhook_store.h"
#include "tributary/partner/v1/notification.pb.h"
#include "tributary/partner/v1/webhook_delivery.pb.h"
#include "tributary/partner/v1/webhook_endpoint.pb.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kEndpoints[] = "tributary.partner.v1.WebhookEndpointService/";
constexpr char kDeliveries[] = "tributary.partner.v1.WebhookDeliveryService/";

// An HTTP server on this machine that answers as a test says and keeps what came.
class Receiver {
 public:
  Receiver()
      : server_({.address = "127.0.0.1:0"}, [this](http::Request request, http::Responder respond) {
          std::function<void(http::Responder)> answer;
          {
            std::lock_guard lock(mutex_);
            got_.push_back(request);
            answer = answer_;
          }
          answer(std::move(respond));
        }) {
    EXPECT_OK(server_.Start());
  }
  std::string url(std::string_view path = "/hook") const { return StrCat("http://127.0.0.1:", server_.port(), path); }
  void Answer(std::function<void(http::Responder)> answer) {
    std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }
  void Answer(int status, http::Headers headers = {}, std::string body = "") {
    Answer([=](http::Responder respond) { respond({.status = status, .body = body, .headers = headers}); });
  }
  std::vector<http::Request> got() const {
    std::lock_guard lock(mutex_);
    return got_;
  }
  std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (const http::Request& request : got()) ids.emplace_back(request.Header("webhook-id"));
    return ids;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<http::Request> got_;                                                              // guarded by mutex_
  std::function<void(http::Responder)> answer_ = [](http::Responder respond) { respond({}); };  // guarded by mutex_
  http::Server server_;
};

// Takes connections, reads a little and closes them without an answer, until it goes.
class ClosingServer {
 public:
  ClosingServer() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(socket_, 8), 0);
    socklen_t size = sizeof address;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] {
      for (int one; (one = accept(socket_, nullptr, nullptr)) >= 0; close(one)) {
        char some[64];
        if (recv(one, some, sizeof some, 0) < 0) continue;
      }
    });
  }
  ~ClosingServer() {
    shutdown(socket_, SHUT_RDWR);
    thread_.join();
    close(socket_);
  }
  int port() const { return port_; }

 private:
  const int socket_;
  int port_ = 0;
  std::thread thread_;
};

class WebhooksTest : public PartnersTest {
 protected:
  void SetUp() override {
    for (const char* id : {"p-1", "p-2"}) ASSERT_OK(CreatePartner(id));
  }
  std::unique_ptr<WebhookSender> Sender(bool allow_loopback = true) {
    return std::make_unique<WebhookSender>(
        service_.database(), clock_,
        WebhookSenderOptions{.client = {.timeout = absl::Milliseconds(1500), .allow_loopback = allow_loopback}}, [] {},
        nullptr);
  }
  absl::StatusOr<v1::WebhookEndpoint> Create(rpc::Client& client, const std::string& id, const std::string& url,
                                             const std::vector<v1::Notification::Topic>& topics = {},
                                             const std::string& partner = "p-1") {
    v1::CreateWebhookEndpointRequest request;
    request.set_parent("partners/" + partner);
    request.set_webhook_endpoint_id(id);
    request.mutable_webhook_endpoint()->set_url(url);
    for (const auto topic : topics) request.mutable_webhook_endpoint()->add_topics(topic);
    request.set_request_id(NewRequestId());
    return As<v1::WebhookEndpoint>(client, kEndpoints, "CreateWebhookEndpoint", request);
  }
  v1::WebhookEndpoint Endpoint(const std::string& name) {
    v1::GetWebhookEndpointRequest request;
    request.set_name(name);
    return *As<v1::WebhookEndpoint>(*user_, kEndpoints, "GetWebhookEndpoint", request);
  }
  template <typename Request>
  absl::StatusOr<v1::WebhookEndpoint> Verb(const char* method, const std::string& name) {
    Request request;
    request.set_name(name);
    request.set_request_id(NewRequestId());
    return As<v1::WebhookEndpoint>(*user_, kEndpoints, method, request);
  }
  absl::StatusOr<v1::WebhookDelivery> SendTest(const std::string& name) {
    v1::TestWebhookEndpointRequest request;
    request.set_name(name);
    request.set_request_id(NewRequestId());
    return As<v1::WebhookDelivery>(*user_, kEndpoints, "TestWebhookEndpoint", request);
  }
  absl::StatusOr<v1::WebhookDelivery> Redeliver(const std::string& name) {
    v1::RedeliverWebhookDeliveryRequest request;
    request.set_name(name);
    request.set_request_id(NewRequestId());
    return As<v1::WebhookDelivery>(*user_, kDeliveries, "RedeliverWebhookDelivery", request);
  }
  v1::WebhookDelivery Delivery(const std::string& name) {
    v1::GetWebhookDeliveryRequest request;
    request.set_name(name);
    return *As<v1::WebhookDelivery>(*user_, kDeliveries, "GetWebhookDelivery", request);
  }
  std::vector<v1::WebhookDelivery> Deliveries(const std::string& endpoint, const std::string& filter = "") {
    v1::ListWebhookDeliveriesRequest request;
    request.set_parent(endpoint);
    request.set_filter(filter);
    request.set_page_size(1000);
    const auto reply = As<v1::ListWebhookDeliveriesResponse>(*user_, kDeliveries, "ListWebhookDeliveries", request);
    EXPECT_OK(reply);
    return {reply->deliveries().begin(), reply->deliveries().end()};
  }
  // An agreement that is proposed is notified of.
  void Propose() {
    ASSERT_OK_AND_ASSIGN(const v1::Agreement agreement, CreateAgreement("partners/p-1", *Date::Parse("2020-01-01")));
    ASSERT_OK((Do<v1::Agreement, v1::ProposeAgreementRequest>(kAgreements, "ProposeAgreement", agreement.name())));
    MakeNotifications();
  }
  void MakeNotifications() {
    ASSERT_OK(service_.feed().Refresh());
    NotificationMaker maker(service_.database(), service_.feed(), clock_, [] {});
    ASSERT_OK(maker.CatchUp());
  }
  WebhookEndpoint Stored(std::string_view id) {
    WebhookEndpoint endpoint;
    EXPECT_OK(service_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(endpoint, WebhookStore().Get(sql, "p-1", id));
      return absl::OkStatus();
    }));
    return endpoint;
  }
  void Store(const WebhookEndpoint& endpoint) {
    ASSERT_OK(
        service_.database().Transact({}, [&](mysql::Transaction& sql) { return WebhookStore().Put(sql, endpoint); }));
  }

  FakeClock clock_{absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) + 60)};
  Receiver receiver_;
  const std::unique_ptr<rpc::Client> user_ = service_.UserOf("p-1"), stranger_ = service_.UserOf("p-2");
};

TEST_F(WebhooksTest, ANotificationArrivesSigned) {
  ASSERT_OK_AND_ASSIGN(const v1::WebhookEndpoint made, Create(*user_, "main", receiver_.url()));
  EXPECT_EQ(made.state(), v1::WebhookEndpoint::ENABLED);
  ASSERT_THAT(made.secret(), HasSubstr("whsec_"));
  ASSERT_OK(Create(*user_, "other", receiver_.url("/other"), {v1::Notification::LEAD_OFFERED}));
  ASSERT_OK(Create(*stranger_, "main", receiver_.url("/stranger"), {}, "p-2"));
  Propose();
  EXPECT_EQ(*Sender()->SendDue(), 1);
  ASSERT_THAT(receiver_.got(), SizeIs(1));
  const http::Request got = receiver_.got()[0];
  EXPECT_EQ(got.method, "POST");
  EXPECT_EQ(got.target, "/hook");
  EXPECT_EQ(got.Header("content-type"), "application/json");
  EXPECT_EQ(got.Header("webhook-timestamp"), StrCat(absl::ToUnixSeconds(clock_.Now())));
  EXPECT_EQ(got.Header("webhook-signature"),
            WebhookSignature({made.secret()}, got.Header("webhook-id"), absl::ToUnixSeconds(clock_.Now()), got.body));
  EXPECT_THAT(got.body, HasSubstr(R"({"type":"AGREEMENT_PROPOSED","timestamp":")"));
  EXPECT_THAT(got.body, HasSubstr(R"("data":{"name":"partners/p-1/notifications/1","topic":"AGREEMENT_PROPOSED",)"));

  const std::vector<v1::WebhookDelivery> log = Deliveries(made.name());
  ASSERT_THAT(log, SizeIs(1));
  EXPECT_EQ(log[0].name(), made.name() + "/deliveries/1");
  EXPECT_EQ(log[0].uid(), got.Header("webhook-id"));
  EXPECT_TRUE(log[0].delivered());
  EXPECT_EQ(log[0].topic(), v1::Notification::AGREEMENT_PROPOSED);
  EXPECT_EQ(log[0].notification(), "partners/p-1/notifications/1");
  EXPECT_EQ(log[0].attempts(), 1);
  EXPECT_EQ(log[0].status_code(), 200);
  EXPECT_TRUE(log[0].has_deliver_time());
  EXPECT_FALSE(log[0].has_next_attempt_time());
  EXPECT_THAT(Deliveries("partners/p-1/webhookEndpoints/other"), IsEmpty());
  EXPECT_EQ(*Sender()->SendDue(), 0);
}

TEST_F(WebhooksTest, TheSecretIsShownOnceAndRotates) {
  v1::CreateWebhookEndpointRequest request;
  request.set_parent("partners/p-1");
  request.set_webhook_endpoint_id("main");
  request.mutable_webhook_endpoint()->set_url(receiver_.url());
  request.set_request_id(NewRequestId());
  const auto create = [&] { return As<v1::WebhookEndpoint>(*user_, kEndpoints, "CreateWebhookEndpoint", request); };
  ASSERT_OK_AND_ASSIGN(const v1::WebhookEndpoint made, create());
  EXPECT_EQ(create()->secret(), made.secret());  // the stored answer
  EXPECT_EQ(Endpoint(made.name()).secret(), "");
  v1::ListWebhookEndpointsRequest list;
  list.set_parent("partners/-");
  ASSERT_OK_AND_ASSIGN(const auto own,
                       As<v1::ListWebhookEndpointsResponse>(*user_, kEndpoints, "ListWebhookEndpoints", list));
  ASSERT_EQ(own.webhook_endpoints_size(), 1);
  EXPECT_EQ(own.webhook_endpoints(0).secret(), "");
  ASSERT_OK_AND_ASSIGN(const v1::WebhookEndpoint rotated,
                       (Verb<v1::RotateWebhookEndpointSecretRequest>("RotateWebhookEndpointSecret", made.name())));
  EXPECT_NE(rotated.secret(), made.secret());
  EXPECT_TRUE(rotated.has_previous_secret_expire_time());
  ASSERT_OK(SendTest(made.name()));
  EXPECT_EQ(*Sender()->SendDue(), 1);
  const auto expected = [&](const http::Request& got, const std::vector<std::string>& secrets) {
    return WebhookSignature(secrets, got.Header("webhook-id"), absl::ToUnixSeconds(clock_.Now()), got.body);
  };
  EXPECT_EQ(receiver_.got()[0].Header("webhook-signature"),
            expected(receiver_.got()[0], {rotated.secret(), made.secret()}));
  EXPECT_THAT(receiver_.got()[0].body, HasSubstr(R"({"type":"TEST",)"));
  clock_.Advance(absl::Hours(25));
  ASSERT_OK(SendTest(made.name()));
  EXPECT_EQ(*Sender()->SendDue(), 1);
  EXPECT_EQ(receiver_.got()[1].Header("webhook-signature"), expected(receiver_.got()[1], {rotated.secret()}));
  // The feed has no secret.
  ASSERT_OK(service_.feed().Refresh());
  const int shard = events::ShardOf("p-1");
  std::vector<events::Event> told;
  std::vector<events::Cursor> read_to;
  ASSERT_OK(service_.feed().Read(std::vector<events::ShardRange>{{shard, 0, service_.feed().Heads()[shard]}}, 1000,
                                 &told, &read_to));
  for (const events::Event& event : told) EXPECT_THAT(event.payload, Not(HasSubstr("whsec_")));
}

// A receiver that fails, redirects, closes, is silent or says too much.
TEST_F(WebhooksTest, WhatIsNoSuccessIsSentAgain) {
  ASSERT_OK_AND_ASSIGN(const v1::WebhookEndpoint made, Create(*user_, "main", receiver_.url()));
  ASSERT_OK_AND_ASSIGN(const v1::WebhookDelivery delivery, SendTest(made.name()));
  const auto sender = Sender();
  const auto attempt = [&]() -> v1::WebhookDelivery {
    EXPECT_EQ(*sender->SendDue(), 1);
    EXPECT_EQ(*sender->SendDue(), 0);  // not before the next is due
    clock_.Advance(absl::Hours(1));
    return Delivery(delivery.name());
  };
  const auto set_url = [&](const std::string& url) {
    v1::UpdateWebhookEndpointRequest update;
    update.mutable_webhook_endpoint()->set_name(made.name());
    update.mutable_webhook_endpoint()->set_url(url);
    update.mutable_update_mask()->add_paths("url");
    update.set_request_id(NewRequestId());
    ASSERT_OK(As<v1::WebhookEndpoint>(*user_, kEndpoints, "UpdateWebhookEndpoint", update));
  };
  receiver_.Answer(503);
  v1::WebhookDelivery after = attempt();
  EXPECT_FALSE(after.delivered());
  EXPECT_EQ(after.status_code(), 503);
  EXPECT_EQ(after.error(), "HTTP 503");
  EXPECT_EQ(after.attempts(), 1);
  const absl::Duration wait = wire::FromProto(after.next_attempt_time()) - wire::FromProto(after.last_attempt_time());
  EXPECT_GE(wait, absl::Milliseconds(2500));
  EXPECT_LE(wait, absl::Seconds(5));
  EXPECT_TRUE(Endpoint(made.name()).has_failing_since());

  receiver_.Answer(307, {{"location", receiver_.url("/elsewhere")}});
  after = attempt();
  EXPECT_EQ(after.status_code(), 307);
  EXPECT_EQ(after.error(), "redirects are not followed");
  for (const http::Request& request : receiver_.got()) EXPECT_EQ(request.target, "/hook");

  // Silent: the answer comes once the attempt has ended.
  std::vector<http::Responder> held;
  std::mutex mutex;
  receiver_.Answer([&](http::Responder respond) {
    std::lock_guard lock(mutex);
    held.push_back(std::move(respond));
  });
  after = attempt();
  EXPECT_EQ(after.status_code(), 0);
  EXPECT_EQ(after.error(), "no answer in time");
  {
    std::lock_guard lock(mutex);
    for (const http::Responder& respond : held) respond({});
    held.clear();
  }

  {
    ClosingServer closing;
    set_url(StrCat("http://127.0.0.1:", closing.port(), "/"));
    after = attempt();
    EXPECT_EQ(after.error(), "the connection ended before the answer did");
    set_url(StrCat("https://127.0.0.1:", closing.port(), "/"));
    EXPECT_THAT(attempt().error(), HasSubstr("TLS"));
    set_url(StrCat("http://127.0.0.1:", closing.port(), "/"));
  }
  EXPECT_EQ(attempt().error(), "no connection could be made");

  set_url(receiver_.url());
  receiver_.Answer(200, {}, std::string(1024 * 1024, 'x'));
  after = attempt();
  EXPECT_TRUE(after.delivered());
  EXPECT_EQ(after.attempts(), 7);
  EXPECT_EQ(after.error(), "");
  EXPECT_FALSE(Endpoint(made.name()).has_failing_since());
  EXPECT_TRUE(Endpoint(made.name()).has_last_success_time());
  // However often: one id.
  const std::vector<std::string> ids = receiver_.ids();
  EXPECT_THAT(std::set<std::string>(ids.begin(), ids.end()), ElementsAre(delivery.uid()));
}

TEST_F(WebhooksTest, GoInOrderAndAFailureHoldsUpWhatIsBehindItAlone) {
  Receiver other;
  ASSERT_OK_AND_ASSIGN(const v1::WebhookEndpoint a, Create(*user_, "a", receiver_.url()));
  ASSERT_OK_AND_ASSIGN(const v1::WebhookEndpoint b, Create(*user_, "b", other.url()));
  std::vector<std::string> sent_to_a, sent_to_b;
  for (int i = 0; i < 5; ++i) {
    sent_to_a.push_back(SendTest(a.name())->uid());
    sent_to_b.push_back(SendTest(b.name())->uid());
  }
  receiver_.Answer(500);
  EXPECT_EQ(*Sender()->SendDue(), 6);
  EXPECT_EQ(other.ids(), sent_to_b);
  EXPECT_THAT(receiver_.ids(), ElementsAre(sent_to_a[0]));
  // Only the first one that waits says when it is due.
  EXPECT_TRUE(Delivery(a.name() + "/deliveries/1").has_next_attempt_time());
  EXPECT_FALSE(Delivery(a.name() + "/deliveries/2").has_next_attempt_time());
  receiver_.Answer(200);
  clock_.Advance(absl::Seconds(5));
  EXPECT_EQ(*Sender()->SendDue(), 5);
  std::vector<std::string> expected = {sent_to_a[0]};
  expected.insert(expected.end(), sent_to_a.begin(), sent_to_a.end());
  EXPECT_EQ(receiver_.ids(), expected);

  // Again by call, under the same id.
  ASSERT_OK_AND_ASSIGN(const v1::WebhookDelivery again, Redeliver(a.name() + "/deliveries/3"));
  EXPECT_FALSE(again.delivered());
  EXPECT_TRUE(again.has_next_attempt_time());
  clock_.Advance(absl::Minutes(10));
  EXPECT_EQ(*Sender()->SendDue(), 1);
  EXPECT_EQ(receiver_.ids().back(), sent_to_a[2]);
  EXPECT_EQ(Delivery(again.name()).attempts(), 2);
}

// Many senders, threads and endpoints, with receivers that are well: each once, in order.
TEST_F(WebhooksTest, AnyNumberOfSendersDeliverEachOnce) {
  constexpr int kSenders = 3, kEach = 20;
  std::map<std::string, std::vector<std::string>> sent;  // by path
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_OK_AND_ASSIGN(const v1::WebhookEndpoint made, Create(*user_, id, receiver_.url(StrCat("/", id))));
    for (int i = 0; i < kEach; ++i) sent[StrCat("/", id)].push_back(SendTest(made.name())->uid());
  }
  std::vector<std::unique_ptr<WebhookSender>> senders;
  for (int i = 0; i < kSenders; ++i) {
    senders.push_back(Sender());
    senders.back()->Start();
  }
  const absl::Time end = absl::Now() + absl::Seconds(60);
  while (receiver_.got().size() < 3 * kEach && absl::Now() < end) std::this_thread::yield();
  senders.clear();
  std::map<std::string, std::vector<std::string>> got;
  for (const http::Request& request : receiver_.got()) got[request.target].emplace_back(request.Header("webhook-id"));
  EXPECT_EQ(got, sent);
}

// Who had it in hand has died: its lease runs out, and another goes on.
TEST_F(WebhooksTest, WhatADeadSenderHadInHandIsSent) {
  ASSERT_OK_AND_ASSIGN(const v1::WebhookEndpoint made, Create(*user_, "main", receiver_.url()));
  ASSERT_OK_AND_ASSIGN(const v1::WebhookDelivery delivery, SendTest(made.name()));
  WebhookEndpoint held = Stored("main");
  held.lease += 1;
  held.lease_until = clock_.Now() + absl::Seconds(20);
  Store(held);
  EXPECT_EQ(*Sender()->SendDue(), 0);
  clock_.Advance(absl::Seconds(20));
  EXPECT_EQ(*Sender()->SendDue(), 1);
  EXPECT_THAT(receiver_.ids(), ElementsAre(delivery.uid()));
}

// Who comes back after another has taken over changes nothing.
TEST_F(WebhooksTest, WhatALateSenderDidIsDoneAgain) {
  ASSERT_OK_AND_ASSIGN(const v1::WebhookEndpoint made, Create(*user_, "main", receiver_.url()));
  ASSERT_OK_AND_ASSIGN(const v1::WebhookDelivery delivery, SendTest(made.name()));
  receiver_.Answer([&](http::Responder respond) {
    std::thread([this, respond = std::move(respond)] {
      WebhookEndpoint held = Stored("main");
      held.lease += 1;
      held.lease_until.reset();
      Store(held);
      receiver_.Answer(200);
      respond({});
    }).detach();
  });
  EXPECT_EQ(*Sender()->SendDue(), 2);
  EXPECT_THAT(receiver_.ids(), ElementsAre(delivery.uid(), delivery.uid()));
  EXPECT_EQ(Delivery(delivery.name()).attempts(), 1);
  EXPECT_TRUE(Delivery(delivery.name()).delivered());
}

TEST_F(WebhooksTest, AnEndpointThatFailsForFiveDaysIsDisabledAndItsPartnerNotified) {
  ASSERT_OK_AND_ASSIGN(const v1::WebhookEndpoint made, Create(*user_, "main", receiver_.url()));
  ASSERT_OK_AND_ASSIGN(const v1::WebhookDelivery delivery, SendTest(made.name()));
  receiver_.Answer(500);
  EXPECT_EQ(*Sender()->SendDue(), 1);
  clock_.Advance(absl::Hours(24 * 5));
  EXPECT_EQ(*Sender()->SendDue(), 1);
  EXPECT_EQ(Endpoint(made.name()).state(), v1::WebhookEndpoint::FAILED);
  EXPECT_NE(Endpoint(made.name()).etag(), made.etag());
  clock_.Advance(absl::Hours(24));
  EXPECT_EQ(*Sender()->SendDue(), 0);
  EXPECT_THAT(SendTest(made.name()), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Redeliver(delivery.name()), HasReason(Reason::kStateConflict));
  MakeNotifications();
  v1::ListNotificationsRequest list;
  list.set_parent("partners/p-1");
  list.set_filter("topic = WEBHOOK_ENDPOINT_DISABLED");
  ASSERT_OK_AND_ASSIGN(const auto notified,
                       As<v1::ListNotificationsResponse>(*user_, "tributary.partner.v1.NotificationService/",
                                                         "ListNotifications", list));
  ASSERT_EQ(notified.notifications_size(), 1);
  EXPECT_EQ(notified.notifications(0).subject(), made.name());

  // What waited goes on; what happened meanwhile was not for it.
  receiver_.Answer(200);
  ASSERT_OK((Verb<v1::EnableWebhookEndpointRequest>("EnableWebhookEndpoint", made.name())));
  EXPECT_EQ(*Sender()->SendDue(), 1);
  EXPECT_TRUE(Delivery(delivery.name()).delivered());
  EXPECT_THAT(Deliveries(made.name()), SizeIs(1));
}

TEST_F(WebhooksTest, ADisabledOneIsLeftAloneAndADeletedOneIsGone) {
  ASSERT_OK_AND_ASSIGN(const v1::WebhookEndpoint made, Create(*user_, "main", receiver_.url()));
  ASSERT_OK(SendTest(made.name()));
  ASSERT_OK((Verb<v1::DisableWebhookEndpointRequest>("DisableWebhookEndpoint", made.name())));
  EXPECT_THAT((Verb<v1::DisableWebhookEndpointRequest>("DisableWebhookEndpoint", made.name())),
              HasReason(Reason::kStateConflict));
  Propose();
  EXPECT_EQ(*Sender()->SendDue(), 0);
  EXPECT_THAT(Deliveries(made.name(), "delivered = false"), SizeIs(1));
  ASSERT_OK((Verb<v1::EnableWebhookEndpointRequest>("EnableWebhookEndpoint", made.name())));
  EXPECT_EQ(*Sender()->SendDue(), 1);
  ASSERT_OK(SendTest(made.name()));
  v1::DeleteWebhookEndpointRequest remove;
  remove.set_name(made.name());
  remove.set_request_id(NewRequestId());
  ASSERT_OK(As<google::protobuf::Empty>(*user_, kEndpoints, "DeleteWebhookEndpoint", remove));
  EXPECT_EQ(*Sender()->SendDue(), 0);
  EXPECT_THAT(receiver_.got(), SizeIs(1));
  // The same id again is another endpoint, with deliveries of its own.
  ASSERT_OK(Create(*user_, "main", receiver_.url()));
  EXPECT_THAT(Deliveries(made.name()), IsEmpty());
}

TEST_F(WebhooksTest, AreAPartnersOwn) {
  ASSERT_OK_AND_ASSIGN(const v1::WebhookEndpoint made, Create(*user_, "main", receiver_.url()));
  EXPECT_THAT(Create(*manager_, "x", receiver_.url()), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Create(*stranger_, "x", receiver_.url()), HasReason(Reason::kPermissionDenied));
  v1::GetWebhookEndpointRequest get;
  get.set_name(made.name());
  EXPECT_OK(As<v1::WebhookEndpoint>(*manager_, kEndpoints, "GetWebhookEndpoint", get));
  EXPECT_THAT(As<v1::WebhookEndpoint>(*stranger_, kEndpoints, "GetWebhookEndpoint", get),
              HasReason(Reason::kPermissionDenied));
  v1::ListWebhookDeliveriesRequest list;
  list.set_parent(made.name());
  EXPECT_THAT(As<v1::ListWebhookDeliveriesResponse>(*stranger_, kDeliveries, "ListWebhookDeliveries", list),
              HasReason(Reason::kPermissionDenied));
  for (const char* url : {"http://hooks.example.com/", "https://10.0.0.1/", "https://169.254.169.254/", "ftp://x/"}) {
    EXPECT_THAT(Create(*user_, "x", url), Blames("webhook_endpoint.url")) << url;
  }
  for (int i = 1; i < kMostWebhookEndpoints; ++i) ASSERT_OK(Create(*user_, StrCat("e-", i), receiver_.url()));
  EXPECT_THAT(Create(*user_, "too-many", receiver_.url()), HasReason(Reason::kStateConflict));
}

// What was let in by a switch of development goes nowhere without it; nor does a name of this machine.
TEST_F(WebhooksTest, NothingGoesToThisMachineWithoutTheSwitch) {
  ASSERT_OK_AND_ASSIGN(const v1::WebhookEndpoint made, Create(*user_, "main", receiver_.url()));
  ASSERT_OK(SendTest(made.name()));
  EXPECT_EQ(*Sender(/*allow_loopback=*/false)->SendDue(), 1);
  EXPECT_EQ(Deliveries(made.name())[0].error(), "the URL is not allowed");
  // localhost.localdomain and ip6-localhost are names of /etc/hosts on many machines; libcurl makes localhost one
  // itself.
  const WebhookClient client({.timeout = absl::Seconds(2), .allow_loopback = false});
  const WebhookEndpoint sly{.url = StrCat("https://foo.localhost:", receiver_.url().substr(17, 5), "/"),
                            .secret = "whsec_"};
  const WebhookOutcome outcome = client.Post(sly, {.body = "{}"}, clock_.Now());
  EXPECT_EQ(outcome.status_code, 0);
  EXPECT_EQ(outcome.error, "the host has no address that may be connected to");
  EXPECT_THAT(receiver_.got(), IsEmpty());
}

}  // namespace
}  // namespace tributary::partner
