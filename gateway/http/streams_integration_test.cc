// Streams through the gateway, before a real gRPC server whose ledger tells what a test wants it to.

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"
#include "common/auth/tokens.h"
#include "common/http/fetch.h"
#include "common/http/server.h"
#include "common/http/testing_client.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/clock.h"
#include "gateway/http/front.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "prometheus/registry.h"
#include "prometheus/text_serializer.h"
#include "tributary/inventory/v1/ledger.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"

namespace tributary::gateway {
namespace {

namespace inv = inventory::v1;
using api::v1::StreamPostResponse;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr char kWatch[] = "/v1/partners/acme/positions:watch";
constexpr char kPost[] = "/v1/shipments:streamPost";

class Ledger {
 public:
  using Watch = std::function<absl::Status(const rpc::Call&, const inv::WatchPositionsRequest&, rpc::StreamWriter&)>;
  Watch watch;

  void Register(rpc::Server& server) {
    const inv::WatchPositionsResponse* const told = nullptr;
    const inv::StreamPostShipmentsRequest* const sent = nullptr;
    server.Add("tributary.inventory.v1.LedgerService", this)
        .Unary("GetPosition", &Ledger::Nothing<inv::GetPositionRequest, inv::Position>)
        .Unary("ListPositions", &Ledger::Nothing<inv::ListPositionsRequest, inv::ListPositionsResponse>)
        .Stream("WatchPositions", &Ledger::WatchPositions, told)
        .Unary("ListStockPostings", &Ledger::Nothing<inv::ListStockPostingsRequest, inv::ListStockPostingsResponse>)
        .Unary("CheckLedger", &Ledger::Nothing<inv::CheckLedgerRequest, inv::LedgerBalance>);
    server.Add("tributary.inventory.v1.ShipmentService", this)
        .Unary("GetShipment", &Ledger::Nothing<inv::GetShipmentRequest, inv::Shipment>)
        .Unary("ListShipments", &Ledger::Nothing<inv::ListShipmentsRequest, inv::ListShipmentsResponse>)
        .Unary("CreateShipment", &Ledger::Nothing<inv::CreateShipmentRequest, inv::Shipment>)
        .Unary("BatchImportShipments", &Ledger::Nothing<inv::BatchImportShipmentsRequest, api::v1::BatchImportResponse>)
        .ClientStream("StreamPostShipments", &Ledger::Post, sent)
        .Unary("GetSellInTotals", &Ledger::Nothing<inv::GetSellInTotalsRequest, inv::SellInTotals>);
  }

 private:
  template <typename Request, typename Reply>
  absl::Status Nothing(const rpc::Call&, rpc::Unit&, const Request&, Reply*) {
    return absl::OkStatus();
  }
  absl::Status WatchPositions(const rpc::Call& call, const inv::WatchPositionsRequest& request,
                              rpc::StreamWriter& writer) {
    return watch(call, request, writer);
  }
  absl::Status Post(const rpc::Call&, rpc::IncomingStream& stream, StreamPostResponse* reply) {
    inv::StreamPostShipmentsRequest message;
    while (true) {
      ASSIGN_OR_RETURN(const auto next, stream.Read(&message));
      if (next == rpc::IncomingStream::Next::kEnd) return absl::OkStatus();
      reply->set_received(reply->received() + message.rows_size());
      reply->set_groups(reply->groups() + 1);
    }
  }
};

// So many messages: positions n, tokens t-n.
absl::Status Tell(int messages, rpc::StreamWriter& writer) {
  for (int i = 1; i <= messages; ++i) {
    inv::WatchPositionsResponse message;
    message.add_positions()->set_name(StrCat("partners/acme/positions/main.p", i));
    message.set_resume_token(StrCat("t-", i));
    if (!writer.Write(message)) break;
  }
  return absl::OkStatus();
}

absl::Status UntilGone(rpc::StreamWriter& writer) {
  (void)Tell(1, writer);
  while (!writer.Gone()) absl::SleepFor(absl::Milliseconds(1));
  return absl::OkStatus();
}

class StreamsTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto keys = auth::TokenSigner::NewKeyPair("test");
    ASSERT_TRUE(keys.ok());
    signer_ = *auth::TokenSigner::FromJwk(keys->private_jwk);
    verifier_ = *auth::TokenVerifier::FromJwks(keys->public_jwks);
    server_ = std::make_unique<rpc::Server>(
        rpc::Frame{.clock = &clock_, .verifier = verifier_.get(), .registry = registry_.get()},
        rpc::ServerOptions{.address = "127.0.0.1:0", .grace_period = absl::Seconds(5)});
    ledger_.Register(*server_);
    ASSERT_TRUE(server_->Start().ok());
    inventory_ = std::make_unique<rpc::Client>(rpc::ClientOptions{.address = StrCat("127.0.0.1:", server_->port())});
    down_ = std::make_unique<rpc::Client>(rpc::ClientOptions{.address = "127.0.0.1:1"});
    front_ = *Front::Of({.clock = &clock_,
                         .verifier = verifier_.get(),
                         .registry = registry_.get(),
                         .backends = {{"tributary.partner.v1", down_.get()},
                                      {"tributary.inventory.v1", inventory_.get()},
                                      {"tributary.incentive.v1", down_.get()},
                                      {"tributary.conflict.v1", down_.get()}},
                         .stream_limit = 2});
    http_ = std::make_unique<http::Server>(
        http::ServerOptions{
            .address = "127.0.0.1:0", .max_body_bytes = JsonLimits().max_bytes, .grace_period = absl::Seconds(5)},
        [this](http::Request request, http::Responder respond) {
          front_->Handle(std::move(request), std::move(respond));
        });
    ASSERT_TRUE(http_->Start().ok());
  }
  void TearDown() override {
    front_->Stop();
    http_->Drain();
    server_->Drain();
  }

  std::string Token(api::v1::Role role = api::v1::ADMINISTRATOR) {
    return *signer_->Sign({"users/7", {role}, role == api::v1::PARTNER_USER ? "acme" : ""}, clock_.Now(),
                          absl::Minutes(5));
  }
  http::Response Send(const std::string& method, const std::string& target, http::Headers more = {},
                      const std::string& body = "") {
    more.emplace_back("authorization", "Bearer " + Token());
    auto answer =
        http::Fetch(StrCat("127.0.0.1:", http_->port()),
                    {.method = method, .target = target, .headers = std::move(more), .body = body}, absl::Seconds(30));
    EXPECT_TRUE(answer.ok()) << target << ": " << answer.status();
    return answer.ok() ? *std::move(answer) : http::Response{.status = 0};
  }
  // A client that stays; the answer's head has been sent when its first message has come.
  std::unique_ptr<http::RawClient> Listen(const std::string& first) {
    auto client = std::make_unique<http::RawClient>(http_->port());
    client->Send(StrCat("GET ", kWatch, " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ", Token(), "\r\n\r\n"));
    EXPECT_THAT(client->ReadThrough(first), HasSubstr(first));
    return client;
  }
  static json Json(const std::string& text) { return json::parse(text, nullptr, false); }
  static std::string ReasonIn(const json& error) { return error["details"][0].value("reason", ""); }
  double Metric(const std::string& name) {
    const std::string text = prometheus::TextSerializer().Serialize(registry_->Collect());
    const size_t at = text.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
  }
  static bool Eventually(const std::function<bool()>& holds) {
    const absl::Time limit = absl::Now() + absl::Seconds(30);
    while (!holds()) {
      if (absl::Now() > limit) return false;
      absl::SleepFor(absl::Milliseconds(1));
    }
    return true;
  }

  SystemClock clock_;
  std::shared_ptr<prometheus::Registry> registry_ = std::make_shared<prometheus::Registry>();
  std::unique_ptr<auth::TokenSigner> signer_;
  std::unique_ptr<auth::TokenVerifier> verifier_;
  Ledger ledger_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<rpc::Client> inventory_, down_;
  std::unique_ptr<Front> front_;
  std::unique_ptr<http::Server> http_;
};

TEST_F(StreamsTest, AServerStreamIsLinesOfJson) {
  ledger_.watch = [](const auto&, const inv::WatchPositionsRequest& request, rpc::StreamWriter& writer) {
    EXPECT_EQ(request.parent(), "partners/acme");
    EXPECT_EQ(request.product(), "products/bike");
    EXPECT_EQ(request.resume_token(), "mine");
    return Tell(3, writer);
  };
  const http::Response answer = Send("GET", StrCat(kWatch, "?product=products/bike&resumeToken=mine"),
                                     {{"last-event-id", "not this"}, {"accept", "*/*"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "application/x-ndjson");
  EXPECT_FALSE(answer.Header("x-trace-id").empty());
  const std::vector<std::string> lines = absl::StrSplit(answer.body, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 3u) << answer.body;
  EXPECT_EQ(Json(lines[2])["resumeToken"], "t-3");
  EXPECT_EQ(Json(lines[2])["positions"][0]["name"], "partners/acme/positions/main.p3");
  ledger_.watch = [](const auto&, const auto&, rpc::StreamWriter&) { return absl::OkStatus(); };
  const http::Response empty = Send("GET", kWatch);
  EXPECT_EQ(empty.status, 200);
  EXPECT_EQ(empty.body, "");
}

TEST_F(StreamsTest, OrEventsThatABrowserResumesByItself) {
  ledger_.watch = [](const auto&, const inv::WatchPositionsRequest& request, rpc::StreamWriter& writer) {
    EXPECT_EQ(request.resume_token(), "t-7");
    return Tell(2, writer);
  };
  const http::Response answer = Send("GET", kWatch, {{"last-event-id", "t-7"}, {"accept", "text/event-stream"}});
  EXPECT_EQ(answer.content_type, "text/event-stream");
  EXPECT_THAT(answer.body, StartsWith("id: t-1\ndata: {\"positions\":[{"));
  const std::vector<std::string> events = absl::StrSplit(answer.body, "\n\n", absl::SkipEmpty());
  EXPECT_EQ(events.size(), 2u);
}

TEST_F(StreamsTest, ErrorsBeforeTheFirstMessageHaveTheirCodeAndLaterOnesAreTheLastMessage) {
  int messages = 0;
  ledger_.watch = [&](const auto&, const auto&, rpc::StreamWriter& writer) {
    (void)Tell(messages, writer);
    return Error(Reason::kFeedRewound, "got a, want b");
  };
  const http::Response refused = Send("GET", kWatch, {{"accept", "text/event-stream"}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(ReasonIn(Json(refused.body)), "FEED_REWOUND");
  messages = 2;
  const http::Response late = Send("GET", kWatch);
  EXPECT_EQ(late.status, 200);
  const std::vector<std::string> lines = absl::StrSplit(late.body, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 3u) << late.body;
  EXPECT_EQ(ReasonIn(Json(lines[2])["error"]), "FEED_REWOUND");
  const http::Response event = Send("GET", kWatch, {{"accept", "text/event-stream"}, {"accept-language", "zh-CN"}});
  const size_t at = event.body.find("event: error\ndata: {");
  ASSERT_NE(at, std::string::npos) << event.body;
  const json error = Json(event.body.substr(at + 19));
  EXPECT_EQ(ReasonIn(error), "FEED_REWOUND");
  EXPECT_EQ(error["details"].back()["locale"], "zh-CN");

  // The frame's own refusals, and the gateway's.
  const auto status_with = [&](const std::string& target, const std::string& token) {
    return http::Fetch(StrCat("127.0.0.1:", http_->port()),
                       {.method = "GET", .target = target, .headers = {{"authorization", "Bearer " + token}}})
        ->status;
  };
  EXPECT_EQ(status_with("/v1/partners/bolt/positions:watch", Token(api::v1::PARTNER_USER)), 403);
  EXPECT_EQ(status_with(kWatch, Token() + "x"), 401);
  EXPECT_EQ(status_with(StrCat(kWatch, "?colour=red"), Token()), 400);
}

TEST_F(StreamsTest, LastsAsLongAsItIsTold) {
  ledger_.watch = [](const auto&, const auto&, rpc::StreamWriter& writer) { return UntilGone(writer); };
  const http::Response answer = Send("GET", kWatch, {{"x-timeout-seconds", "0.2"}});
  EXPECT_EQ(answer.status, 200);
  const std::vector<std::string> lines = absl::StrSplit(answer.body, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 2u) << answer.body;
  EXPECT_EQ(ReasonIn(Json(lines[1])["error"]), "DEADLINE_EXCEEDED");
  EXPECT_EQ(Send("GET", kWatch, {{"x-timeout-seconds", "soon"}}).status, 400);
}

TEST_F(StreamsTest, PlacesAreLimitedAndFreeWhenAClientHasGone) {
  // The last of them notices only when the server drains.
  const auto open = std::make_shared<std::atomic<int>>(0);
  ledger_.watch = [open](const auto&, const auto&, rpc::StreamWriter& writer) {
    ++*open;
    const absl::Status status = UntilGone(writer);
    --*open;
    return status;
  };
  auto first = Listen("t-1"), second = Listen("t-1");
  EXPECT_EQ(*open, 2);
  EXPECT_EQ(Metric("tributary_gateway_open_streams"), 2);
  const http::Response third = Send("GET", kWatch);
  EXPECT_EQ(third.status, 429);
  EXPECT_EQ(ReasonIn(Json(third.body)), "OVERLOADED");
  EXPECT_FALSE(third.Header("retry-after").empty());
  first.reset();  // although nothing is told to it
  EXPECT_TRUE(Eventually([&] { return *open == 1 && Metric("tributary_gateway_open_streams") == 1; }));
  Listen("t-1");
  EXPECT_TRUE(Eventually([&] { return Metric("tributary_gateway_open_streams") == 1; }));
}

TEST_F(StreamsTest, ADrainHasAWordForEachClient) {
  ledger_.watch = [](const auto&, const auto&, rpc::StreamWriter& writer) { return UntilGone(writer); };
  auto client = Listen("t-1");
  front_->Stop();
  EXPECT_THAT(client->ReadAll(), HasSubstr("DRAINING"));
  EXPECT_EQ(Send("GET", kWatch).status, 503);
}

TEST_F(StreamsTest, AClientStreamIsTheLinesOfABody) {
  const std::string line = R"({"rows": [{"row": 1}, {"row": 2}]})";
  const http::Headers lines = {{"content-type", "application/x-ndjson"}};
  const http::Response answer = Send("POST", kPost, lines, StrCat(line, "\r\n\n", line, "\n", line));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Json(answer.body)["received"], "6");
  EXPECT_EQ(Json(answer.body)["groups"], "3");
  EXPECT_EQ(Send("POST", kPost, lines, "").status, 200);

  struct Row {
    std::string body, field;
  };
  for (const Row& row :
       {Row{line + "\n{\"rows\": [{\"row\": \"x\"}]}", "messages[1].rows[0].row"},
        Row{line + "\n{\"colour\": 1}", "messages[1].colour"}, Row{line + "\n" + line + "\n{}", "messages[2].rows"}}) {
    const http::Response refused = Send("POST", kPost, lines, row.body);
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(Json(refused.body)["details"][1]["fieldViolations"][0]["field"], row.field) << refused.body;
  }
  const http::Response broken = Send("POST", kPost, lines, line + "\n{\"rows\": [");
  EXPECT_EQ(broken.status, 400);
  EXPECT_THAT(Json(broken.body)["message"].get<std::string>(), HasSubstr("messages[1]"));
  EXPECT_EQ(Send("POST", kPost, {{"content-type", "text/plain"}}, line).status, 400);
}

TEST_F(StreamsTest, AServiceThatIsDownIsNamed) {
  server_->Drain();
  for (const auto& [method, target] :
       std::vector<std::pair<std::string, std::string>>{{"GET", kWatch}, {"POST", kPost}}) {
    const http::Response answer = Send(method, target, {{"x-timeout-seconds", "2"}});
    EXPECT_EQ(answer.status, 503) << answer.body;
    EXPECT_THAT(answer.body, testing::Not(HasSubstr("127.0.0.1")));
  }
}

}  // namespace
}  // namespace tributary::gateway
