// The gateway before a real gRPC server: a small region service on the real frame, and three services that are down.

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/auth/tokens.h"
#include "common/http/fetch.h"
#include "common/http/server.h"
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
#include "tributary/api/v1/import.pb.h"
#include "tributary/partner/v1/region.pb.h"

namespace tributary::gateway {
namespace {

using nlohmann::json;
using partner::v1::BatchImportRegionsRequest;
using partner::v1::GetRegionRequest;
using partner::v1::ListRegionsRequest;
using partner::v1::ListRegionsResponse;
using partner::v1::Region;
using testing::HasSubstr;

// Knows one region, cn-51, and tells what came with the call.
class Regions {
 public:
  void Register(rpc::Server& server) {
    server.Add("tributary.partner.v1.RegionService", this)
        .Unary("GetRegion", &Regions::Get)
        .Unary("ListRegions", &Regions::List)
        .Unary("BatchImportRegions", &Regions::Import);
  }
  void Release() { released_.set_value(); }

 private:
  absl::Status Get(const rpc::Call& call, rpc::Unit&, const GetRegionRequest& request, Region* reply) {
    if (request.name() == "regions/slow") {
      released_.get_future().wait();
      return absl::OkStatus();
    }
    if (request.name() == "regions/throws") throw std::runtime_error("x");
    if (request.name() != "regions/cn-51") return NotFound(request.name());
    reply->set_name(request.name());
    reply->set_uid(call.trace_id);
    reply->set_etag(call.identity->subject);
    reply->set_scheme(Region::ISO_3166_2);
    reply->set_display_name_zh("四川");
    reply->mutable_create_time()->set_seconds(1);
    reply->set_code(StrCat(absl::ToInt64Seconds(call.deadline - absl::Now() + absl::Milliseconds(500))));
    return absl::OkStatus();
  }
  absl::Status List(const rpc::Call&, rpc::Unit&, const ListRegionsRequest& request, ListRegionsResponse* reply) {
    for (int i = 0; i < request.page_size(); ++i) reply->add_regions()->set_name(StrCat("regions/r", i));
    reply->set_next_page_token(request.filter());
    return absl::OkStatus();
  }
  absl::Status Import(const rpc::Call&, rpc::Unit&, const BatchImportRegionsRequest& request,
                      api::v1::BatchImportResponse* reply) {
    if (request.import().empty()) return InvalidField("import", "", "imports/{import}");
    (void)reply;
    return absl::OkStatus();
  }

  std::promise<void> released_;
};

class FrontTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto keys = auth::TokenSigner::NewKeyPair("test");
    ASSERT_TRUE(keys.ok());
    signer_ = *auth::TokenSigner::FromJwk(keys->private_jwk);
    verifier_ = *auth::TokenVerifier::FromJwks(keys->public_jwks);
    server_ = std::make_unique<rpc::Server>(
        rpc::Frame{.clock = &clock_, .verifier = verifier_.get(), .registry = registry_.get()},
        rpc::ServerOptions{.address = "127.0.0.1:0", .database_workers = 4, .grace_period = absl::Seconds(2)});
    regions_.Register(*server_);
    ASSERT_TRUE(server_->Start().ok());
    partner_ = std::make_unique<rpc::Client>(rpc::ClientOptions{.address = StrCat("127.0.0.1:", server_->port())});
    down_ = std::make_unique<rpc::Client>(rpc::ClientOptions{.address = "127.0.0.1:1"});
    auto front = Front::Of({.clock = &clock_,
                            .verifier = verifier_.get(),
                            .registry = registry_.get(),
                            .backends = {{"tributary.partner.v1", partner_.get()},
                                         {"tributary.inventory.v1", down_.get()},
                                         {"tributary.incentive.v1", down_.get()},
                                         {"tributary.conflict.v1", down_.get()}}});
    ASSERT_TRUE(front.ok()) << front.status();
    front_ = *std::move(front);
    http_ = std::make_unique<http::Server>(
        http::ServerOptions{
            .address = "127.0.0.1:0",
            .max_body_bytes = JsonLimits().max_bytes,
            .grace_period = absl::Milliseconds(300),
            .refusal = [this](int status, std::string_view why) { return front_->Refusal(status, why); }},
        [this](http::Request request, http::Responder respond) {
          front_->Handle(std::move(request), std::move(respond));
        });
    ASSERT_TRUE(http_->Start().ok());
  }
  void TearDown() override {
    http_->Drain();
    server_->Drain();
  }

  std::string Token(api::v1::Role role = api::v1::AUDITOR, absl::Duration lifetime = absl::Minutes(5)) {
    return *signer_->Sign({"users/7", {role}, role == api::v1::PARTNER_USER ? "acme" : ""}, clock_.Now(), lifetime);
  }
  http::Response Send(http::Request request) {
    auto answer = http::Fetch(StrCat("127.0.0.1:", http_->port()), request);
    EXPECT_TRUE(answer.ok()) << request.target << ": " << answer.status();
    return answer.ok() ? *std::move(answer) : http::Response{.status = 0};
  }
  http::Response Get(std::string target, http::Headers more = {}) {
    more.emplace_back("authorization", "Bearer " + Token());
    return Send({.method = "GET", .target = std::move(target), .headers = std::move(more)});
  }
  static json Json(const http::Response& response) {
    const json parsed = json::parse(response.body, nullptr, false);
    EXPECT_TRUE(parsed.is_object()) << response.body;
    return parsed.is_object() ? parsed : json::object();
  }
  static std::string ReasonIn(const http::Response& response) {
    const json parsed = Json(response);
    return parsed.contains("details") ? parsed["details"][0].value("reason", "") : "";
  }
  std::string Metrics() { return prometheus::TextSerializer().Serialize(registry_->Collect()); }

  SystemClock clock_;
  std::shared_ptr<prometheus::Registry> registry_ = std::make_shared<prometheus::Registry>();
  std::unique_ptr<auth::TokenSigner> signer_;
  std::unique_ptr<auth::TokenVerifier> verifier_;
  Regions regions_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<rpc::Client> partner_, down_;
  std::unique_ptr<Front> front_;
  std::unique_ptr<http::Server> http_;
};

TEST_F(FrontTest, PassesACallOn) {
  const std::string trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
  const http::Response answer = Get(
      "/v1/regions/cn-51", {{"traceparent", "00-" + trace_id + "-00f067aa0ba902b7-01"}, {"x-timeout-seconds", "7"}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.content_type, "application/json; charset=utf-8");
  EXPECT_EQ(answer.Header("x-trace-id"), trace_id);
  EXPECT_EQ(answer.Header("cache-control"), "no-store");
  const json region = Json(answer);
  EXPECT_EQ(region["name"], "regions/cn-51");
  EXPECT_EQ(region["uid"], trace_id) << "the service sees the same trace";
  EXPECT_EQ(region["etag"], "users/7") << "the service sees the caller's own token";
  EXPECT_EQ(region["code"], "7") << "the service sees the deadline";
  EXPECT_EQ(region["scheme"], "ISO_3166_2");
  EXPECT_EQ(region["displayNameZh"], "四川");
  EXPECT_EQ(region["createTime"], "1970-01-01T00:00:01Z");
  EXPECT_FALSE(region.contains("displayName")) << "what is absent is left out";
  EXPECT_EQ(Json(Get("/v1/regions/cn-51"))["code"], "10") << "the default deadline";
  EXPECT_EQ(Json(Get("/v1/regions/cn-51", {{"x-timeout-seconds", "86400"}}))["code"], "60") << "the greatest deadline";
}

TEST_F(FrontTest, ParametersReachTheService) {
  const json page = Json(Get("/v1/regions?pageSize=2&filter=a%20b"));
  EXPECT_EQ(page["regions"].size(), 2u);
  EXPECT_EQ(page["nextPageToken"], "a b");
}

TEST_F(FrontTest, WantsAToken) {
  const auto status_with = [&](const http::Headers& headers) {
    const http::Response answer = Send({.method = "GET", .target = "/v1/regions/cn-51", .headers = headers});
    EXPECT_TRUE(answer.status == 200 || Json(answer)["code"] == 16) << answer.body;
    EXPECT_EQ(answer.Header("www-authenticate"), answer.status == 401 ? "Bearer" : "");
    return answer.status;
  };
  const std::string token = Token();
  EXPECT_EQ(status_with({{"authorization", "Bearer " + token}}), 200);
  EXPECT_EQ(status_with({{"authorization", "bearer   " + token + " "}}), 200);
  EXPECT_EQ(status_with({}), 401);
  EXPECT_EQ(status_with({{"authorization", ""}}), 401);
  EXPECT_EQ(status_with({{"authorization", "Bearer"}}), 401);
  EXPECT_EQ(status_with({{"authorization", "Bearer "}}), 401);
  EXPECT_EQ(status_with({{"authorization", "Basic dTpw"}}), 401);
  EXPECT_EQ(status_with({{"authorization", token}}), 401);
  EXPECT_EQ(status_with({{"authorization", "Bearer " + token + "x"}}), 401);
  EXPECT_EQ(status_with({{"authorization", "Bearer " + token}, {"authorization", "Bearer " + token}}), 401);
  EXPECT_EQ(status_with({{"cookie", "token=" + token}}), 401);
  const http::Response expired =
      Send({.method = "GET",
            .target = "/v1/regions/cn-51",
            .headers = {{"authorization", "Bearer " + Token(api::v1::AUDITOR, -absl::Seconds(1))}}});
  EXPECT_EQ(expired.status, 401);
  EXPECT_EQ(ReasonIn(expired), "TOKEN_EXPIRED");
  EXPECT_EQ(Send({.method = "GET", .target = "/no/such/path"}).status, 401) << "nothing is told to nobody";
}

TEST_F(FrontTest, ErrorsOfTheServiceComeThrough) {
  const http::Response missing = Get("/v1/regions/xx", {{"accept-language", "zh-CN,zh;q=0.9"}});
  EXPECT_EQ(missing.status, 404);
  const json error = Json(missing);
  EXPECT_EQ(error["code"], 5);
  EXPECT_EQ(error["details"][0]["reason"], "NOT_FOUND");
  EXPECT_EQ(error["details"].back()["locale"], "zh-CN");
  EXPECT_EQ(error["details"].back()["message"], "资源不存在。");

  EXPECT_EQ(Get("/v1/regions/throws").status, 500);

  const http::Response refused = Send({.method = "POST",
                                       .target = "/v1/regions:batchImport",
                                       .headers = {{"authorization", "Bearer " + Token()}},
                                       .body = R"({"import": "imports/1", "rows": [{"row": 1}]})"});
  EXPECT_EQ(refused.status, 403) << "an auditor changes nothing: " << refused.body;
  const http::Response invalid = Send({.method = "POST",
                                       .target = "/v1/regions:batchImport",
                                       .headers = {{"authorization", "Bearer " + Token(api::v1::ADMINISTRATOR)}},
                                       .body = R"({"rows": []})"});
  EXPECT_EQ(invalid.status, 400);
  EXPECT_EQ(Json(invalid)["details"][1]["fieldViolations"][0]["field"], "rows") << invalid.body;
}

TEST_F(FrontTest, RefusesBeforeTheService) {
  struct Row {
    const char* method;
    const char* target;
    std::string body;
    int status;
    const char* reason;
  };
  for (const Row& row : std::vector<Row>{
           {"GET", "/", "", 404, "METHOD_NOT_FOUND"},
           {"GET", "/v1/nothing", "", 404, "METHOD_NOT_FOUND"},
           {"GET", "/metrics", "", 404, "METHOD_NOT_FOUND"},
           {"GET", "/v1/regions/cn-51:explode", "", 404, "METHOD_NOT_FOUND"},
           {"GET", "/tributary.partner.v1.RegionService/GetRegion", "", 404, "METHOD_NOT_FOUND"},
           {"DELETE", "/v1/regions/cn-51", "", 405, "METHOD_NOT_FOUND"},
           {"BREW", "/v1/regions/cn-51", "", 405, "METHOD_NOT_FOUND"},
           {"GET", "/v1/regions/%zz", "", 400, "INVALID_FIELD"},
           {"GET", "/v1/regions?size=1", "", 400, "INVALID_FIELD"},
           {"POST", "/v1/regions:batchImport", "{\"a\":1,}", 400, "MALFORMED_JSON"},
           {"POST", "/v1/regions:batchImport", "{\"a\":1}", 400, "INVALID_FIELD"},
           {"POST", "/v1/regions:batchImport", std::string(5 << 20, ' '), 413, "PAYLOAD_TOO_LARGE"},
       }) {
    const http::Response answer = Send({.method = row.method,
                                        .target = row.target,
                                        .headers = {{"authorization", "Bearer " + Token(api::v1::ADMINISTRATOR)}},
                                        .body = row.body});
    EXPECT_EQ(answer.status, row.status) << row.method << " " << row.target << ": " << answer.body;
    EXPECT_EQ(ReasonIn(answer), row.reason) << row.method << " " << row.target;
    EXPECT_EQ(answer.Header("allow"), row.status == 405 ? "GET" : "");
  }
  for (const char* seconds : {"0", "-1", "abc", "1e3", "nan", "1s"}) {
    EXPECT_EQ(ReasonIn(Get("/v1/regions/cn-51", {{"x-timeout-seconds", seconds}})), "INVALID_FIELD") << seconds;
  }
}

TEST_F(FrontTest, SaysWhatIsDownWithoutItsAddress) {
  const http::Response answer = Get("/v1/partners/acme/shipments/s1", {{"x-timeout-seconds", "0.5"}});
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(ReasonIn(answer), "SERVICE_UNAVAILABLE");
  EXPECT_EQ(Json(answer)["message"], "inventory-service cannot be reached");
  EXPECT_THAT(answer.body, testing::Not(HasSubstr("127.0.0.1")));
  // A method that the process does not serve.
  const http::Response unknown = Get("/v1/partners/acme");
  EXPECT_EQ(unknown.status, 501) << unknown.body;
}

TEST_F(FrontTest, TheDeadlineEndsASlowCallAndNoThreadWaits) {
  const absl::Time began = absl::Now();
  std::vector<std::thread> waiting;
  std::atomic<int> late = 0;
  for (int i = 0; i < 8; ++i) {
    waiting.emplace_back([&] {
      // More calls than the gateway has threads.
      const http::Response answer = Get("/v1/regions/cn-52", {{"x-timeout-seconds", "0.5"}});
      late += answer.status == 404;
    });
  }
  const http::Response answer = Get("/v1/regions/slow", {{"x-timeout-seconds", "0.2"}});
  EXPECT_EQ(answer.status, 504) << answer.body;
  EXPECT_EQ(ReasonIn(answer), "DEADLINE_EXCEEDED");
  for (std::thread& thread : waiting) thread.join();
  EXPECT_EQ(late, 8);
  EXPECT_LT(absl::Now() - began, absl::Seconds(5));
  regions_.Release();
}

TEST_F(FrontTest, MayEndWhileACallIsUnderWay) {
  std::thread caller([&] {
    const auto answer = http::Fetch(
        StrCat("127.0.0.1:", http_->port()),
        {.method = "GET", .target = "/v1/regions/slow", .headers = {{"authorization", "Bearer " + Token()}}});
    EXPECT_EQ(answer.status().code(), absl::StatusCode::kUnavailable) << answer.status();
  });
  const absl::Time limit = absl::Now() + absl::Seconds(10);
  while (Metrics().find("requests_in_flight 1") == std::string::npos && absl::Now() < limit) std::this_thread::yield();
  http_->Drain();
  caller.join();
  front_.reset();
  regions_.Release();  // the service answers, and finds nobody
}

TEST_F(FrontTest, CountsByRouteAndNotByPath) {
  for (int i = 0; i < 5; ++i) Get(StrCat("/v1/regions/r", i));
  Get("/v1/regions/cn-51");
  for (int i = 0; i < 3; ++i) Get(StrCat("/v1/nothing/", i));
  const std::string metrics = Metrics();
  EXPECT_THAT(metrics,
              HasSubstr(R"(tributary_gateway_requests_total{code="404",method="GET",route="/v1/{name=regions/*}"} 5)"));
  EXPECT_THAT(metrics,
              HasSubstr(R"(tributary_gateway_requests_total{code="200",method="GET",route="/v1/{name=regions/*}"} 1)"));
  EXPECT_THAT(metrics, HasSubstr(R"(tributary_gateway_requests_total{code="404",method="any",route="none"} 3)"));
  EXPECT_THAT(metrics, HasSubstr("tributary_gateway_requests_in_flight 0"));
  EXPECT_THAT(metrics, testing::Not(HasSubstr("nothing")));
}

}  // namespace
}  // namespace tributary::gateway
