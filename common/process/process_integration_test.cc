// A whole process but for its own binary: command line, keys, schemas, health, a database that dies, SIGTERM.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "common/auth/tokens.h"
#include "common/http/fetch.h"
#include "common/process/process.h"
#include "common/rpc/testing_server.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "events_schema.h"
#include "rpc_schema.h"
#include "tests/support/database_server.h"
#include "tributary/events/v1/feed.pb.h"

namespace tributary::process {
namespace {

using rpc::testing::Eventually;
using ::testing::HasSubstr;

constexpr char kHead[] = "tributary.events.v1.FeedService/GetFeedHead";

// A service of one table, in FeedService's clothes.
class Service {
 public:
  void Register(rpc::Server& server) {
    using namespace events::v1;  // NOLINT: requests and replies
    server.Add("tributary.events.v1.FeedService", this)
        .Unary("GetFeedHead", &Service::Head)
        .Stream("StreamEvents", &Service::Stream, static_cast<const StreamEventsResponse*>(nullptr))
        .Unary("ListConsumerPositions", &Service::Nothing<ListConsumerPositionsRequest, ListConsumerPositionsResponse>)
        .Unary("ListParkedEvents", &Service::Nothing<ListParkedEventsRequest, ListParkedEventsResponse>);
  }

 private:
  template <typename Request, typename Reply>
  absl::Status Nothing(const rpc::Call&, rpc::Unit&, const Request&, Reply*) {
    return absl::OkStatus();
  }
  absl::Status Head(const rpc::Call&, rpc::Unit& unit, const events::v1::GetFeedHeadRequest&,
                    events::v1::FeedHead* reply) {
    ASSIGN_OR_RETURN(const mysql::Rows rows, unit.sql().Query("SELECT COUNT(*) FROM event"));
    reply->set_feed_epoch(rows[0].Text(0));
    return absl::OkStatus();
  }
  absl::Status Stream(const rpc::Call&, const events::v1::StreamEventsRequest&, rpc::StreamWriter&) {
    return absl::OkStatus();
  }
};

class ProcessTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string folder = (std::filesystem::temp_directory_path() / "tributary-process-XXXXXX").string();
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    const auto keys = auth::TokenSigner::NewKeyPair("test");
    ASSERT_OK(keys.status());
    Write("jwks.json", keys->public_jwks);
    Write("key.json", keys->private_jwk);
    Write("page-tokens", std::string(32, 'k') + "\n");
    signer_ = *auth::TokenSigner::FromJwk(keys->private_jwk);
    const mysql::Options options = database_.options("process");
    Write("password", options.password + "\n");
    arguments_ = {"test-service",
                  "--listen=127.0.0.1:0",
                  StrCat("--admin-listen=127.0.0.1:", FreePort()),
                  StrCat("--jwks=", Path("jwks.json")),
                  StrCat("--database=", options.address),
                  StrCat("--database-user=", options.user),
                  StrCat("--database-password-file=", Path("password")),
                  StrCat("--database-schema=", options.schema),
                  StrCat("--page-token-key=", Path("page-tokens")),
                  "--workers=2",
                  "--grace-period-seconds=5",
                  "--log-level=error"};
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& file) const { return (folder_ / file).string(); }
  void Write(const std::string& file, const std::string& text) const { std::ofstream(Path(file)) << text; }
  // One that was free a moment ago.
  static int FreePort() {
    const auto registry = std::make_shared<prometheus::Registry>();
    observability::AdminServer server("127.0.0.1:0", registry, [] { return true; });
    EXPECT_OK(server.Start());
    return server.port();
  }
  std::string admin_address() const { return arguments_[2].substr(arguments_[2].find('=') + 1); }

  // On a thread of its own: the process blocks its signals from its beginning on.
  std::unique_ptr<Process> Make(std::vector<std::string>& arguments) const {
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    return std::make_unique<Process>(Program{.name = "test-service", .schemas = {&schema::events(), &schema::rpc()}},
                                     static_cast<int>(argv.size()), argv.data());
  }
  absl::Status OpenWith(const std::string& option, const std::string& value) {
    std::vector<std::string> arguments = arguments_;
    for (std::string& argument : arguments) {
      if (argument.rfind(StrCat("--", option, "="), 0) == 0) argument = StrCat("--", option, "=", value);
    }
    return std::async(std::launch::async, [&] { return Make(arguments)->Open(); }).get();
  }

  int Ready() const {
    const auto answer = http::Fetch(admin_address(), {.method = "GET", .target = "/readyz"});
    return answer.ok() ? answer->status : 0;
  }

  std::filesystem::path folder_;
  tributary::testing::DatabaseServer database_;
  std::unique_ptr<auth::TokenSigner> signer_;
  std::vector<std::string> arguments_;
};

TEST_F(ProcessTest, WhatIsWrongInItsFilesIsNamedBeforeItServes) {
  Write("short", "too short");
  const struct {
    const char* option;
    std::string value;
    const char* says;
  } cases[] = {
      {"jwks", Path("none"), "none"},
      {"jwks", Path("key.json"), "jwks"},
      {"page-token-key", Path("short"), "want 32 or more"},
      {"database", "tcp://127.0.0.1:1", "127.0.0.1:1"},
      {"database-user", "stranger", "stranger"},
  };
  for (const auto& c : cases) {
    const absl::Status status = OpenWith(c.option, c.value);
    EXPECT_FALSE(status.ok()) << c.option;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.says)) << c.option;
  }
}

TEST_F(ProcessTest, ServesOutlivesItsDatabaseAndDrainsWhenTold) {
  absl::Notification serving;
  std::atomic<bool> ready{true}, stopping{false};
  std::atomic<int> port{0};
  pthread_t thread;
  std::thread runner([&] {
    thread = pthread_self();
    const auto process = Make(arguments_);
    ASSERT_OK(process->Open());
    Service service;
    service.Register(process->server());
    const int code = process->Serve({.started =
                                         [&] {
                                           EXPECT_EQ(Ready(), 503);  // not before this returns
                                           port = process->server().port();
                                           serving.Notify();
                                           return absl::OkStatus();
                                         },
                                     .stopping = [&] { stopping = true; },
                                     .ready = [&] { return ready.load(); }});
    EXPECT_EQ(code, 0);
  });
  serving.WaitForNotification();
  EXPECT_TRUE(Eventually([&] { return Ready() == 200; }));
  const std::string token = *signer_->Sign({.subject = "s", .roles = {api::v1::SERVICE}}, absl::Now(), absl::Hours(1));
  rpc::Client client({.address = StrCat("127.0.0.1:", port.load()), .token = [&] { return token; }});
  const auto call = [&](absl::Duration timeout) {
    return client.Call<events::v1::FeedHead>(kHead, events::v1::GetFeedHeadRequest(), {.timeout = timeout}).status();
  };
  EXPECT_OK(call(absl::Seconds(30)));

  ready = false;
  EXPECT_EQ(Ready(), 503);
  ready = true;
  EXPECT_EQ(Ready(), 200);

  database_.Kill();
  EXPECT_THAT(call(absl::Seconds(3)), HasReason(Reason::kDatabaseUnavailable));
  EXPECT_TRUE(Eventually([&] { return Ready() == 503; }));
  database_.Restart();
  EXPECT_TRUE(Eventually([&] { return Ready() == 200; }));
  EXPECT_OK(call(absl::Seconds(30)));
  const auto metrics = http::Fetch(admin_address(), {.method = "GET", .target = "/metrics"});
  ASSERT_OK(metrics.status());
  EXPECT_THAT(metrics->body, HasSubstr("grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"GetFeedHead\""));

  EXPECT_FALSE(stopping);
  pthread_kill(thread, SIGTERM);
  runner.join();
  EXPECT_TRUE(stopping);
  EXPECT_EQ(Ready(), 0);
}

TEST_F(ProcessTest, ThatCannotBeginEndsWithoutServing) {
  std::thread([&] {
    const auto process = Make(arguments_);
    ASSERT_OK(process->Open());
    Service service;
    service.Register(process->server());
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(process->Serve({.started = [] { return absl::FailedPreconditionError("no feed to follow"); }}), 1);
    EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("test-service: no feed to follow"));
    // It has let go of its port.
    EXPECT_EQ(Ready(), 0);
  }).join();
}

}  // namespace
}  // namespace tributary::process
