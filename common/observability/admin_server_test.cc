#include "common/observability/admin_server.h"

#include <atomic>

#include "common/http/fetch.h"
#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/counter.h"
#include "prometheus/registry.h"

namespace tributary::observability {
namespace {

using testing::HasSubstr;

TEST(AdminServerTest, Answers) {
  const auto registry = std::make_shared<prometheus::Registry>();
  auto& counter = prometheus::BuildCounter()
                      .Name("tributary_test_total")
                      .Help("A test.")
                      .Register(*registry)
                      .Add({{"kind", "a\"b\\c\nd"}});
  counter.Increment(3);
  std::atomic<bool> ready = false;
  AdminServer server("127.0.0.1:0", registry, [&] { return ready.load(); });
  ASSERT_TRUE(server.Start().ok());
  const std::string address = StrCat("127.0.0.1:", server.port());
  const auto fetch = [&](std::string method, std::string target) {
    auto answer = http::Fetch(address, {.method = std::move(method), .target = std::move(target)});
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *answer : http::Response{.status = 0};
  };
  const http::Response metrics = fetch("GET", "/metrics");
  EXPECT_EQ(metrics.status, 200);
  EXPECT_THAT(metrics.content_type, HasSubstr("version=0.0.4"));
  EXPECT_THAT(metrics.body, HasSubstr("# TYPE tributary_test_total counter"));
  EXPECT_THAT(metrics.body, HasSubstr("tributary_test_total{kind=\"a\\\"b\\\\c\\nd\"} 3"));
  EXPECT_EQ(fetch("GET", "/metrics?x=1").status, 200);
  EXPECT_EQ(fetch("GET", "/healthz").status, 200);
  EXPECT_EQ(fetch("GET", "/readyz").status, 503);
  ready = true;
  EXPECT_EQ(fetch("GET", "/readyz").status, 200);
  EXPECT_EQ(fetch("GET", "/").status, 404);
  EXPECT_EQ(fetch("DELETE", "/metrics").status, 405);

  AdminServer second(address, registry, [] { return true; });
  const absl::Status busy = second.Start();
  EXPECT_EQ(busy.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(busy.message()), HasSubstr(address));

  server.Stop();
  EXPECT_FALSE(http::Fetch(address, {.method = "GET", .target = "/healthz"}).ok());
}

}  // namespace
}  // namespace tributary::observability
