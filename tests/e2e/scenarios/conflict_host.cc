#include "tests/e2e/scenarios/conflict_host.h"

#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "common/text/text.h"
#include "gtest/gtest.h"
#include "tests/support/command.h"

namespace tributary::testing {
namespace {

// The value, or the end of the test's process: nothing can be tested without it.
template <typename T>
T Needed(absl::StatusOr<T> value, const char* what) {
  if (value.ok()) return *std::move(value);
  std::fprintf(stderr, "%s: %s\n", what, std::string(value.status().message()).c_str());
  std::exit(1);
}

// As a process reads it: without the newline at its end.
std::string SecretIn(const std::string& path) {
  std::string text = ReadTestFile(path);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

mysql::Options DatabaseOf(const TestSuite& suite) {
  mysql::Options options;
  options.address = StrCat("unix://", suite.var(), "/run/mysqld.sock");
  options.user = options.schema = "conflict";
  options.password = SecretIn(StrCat(suite.var(), "/secrets/conflict.password"));
  options.pool_size = 32;
  return options;
}

}  // namespace

absl::Time NoonOf(Date day) { return absl::UnixEpoch() + absl::Hours(24) * day.days() + absl::Hours(12); }

ConflictHost::ConflictHost(TestSuite& suite, Date day)
    : clock_(NoonOf(day)),
      verifier_(Needed(auth::TokenVerifier::FromJwks(ReadTestFile(suite.var() + "/keys/jwks.json")), "jwks")),
      page_tokens_(SecretIn(suite.var() + "/keys/page_token.key")),
      database_(Needed(mysql::Database::Open(DatabaseOf(suite)), "database")),
      partner_(NewClient(suite, "partner")),
      inventory_(NewClient(suite, "inventory")),
      incentive_(NewClient(suite, "incentive")),
      server_(rpc::Frame{.clock = &clock_,
                         .database = database_.get(),
                         .verifier = verifier_.get(),
                         .registry = &registry_,
                         .committed = [this] { service_.Committed(); }},
              rpc::ServerOptions{.address = suite.address("conflict"), .grace_period = absl::Seconds(1)}),
      service_({.database = *database_,
                .clock = clock_,
                .page_tokens = page_tokens_,
                .partner_service = *partner_,
                .inventory_service = *inventory_,
                .incentive_service = *incentive_,
                .server = server_,
                .registry = &registry_,
                .owner = "host"}) {
  // It drains and gives back what it follows.
  const pid_t process = suite.pid("conflict");
  kill(process, SIGTERM);
  EXPECT_TRUE(WaitUntil([&] { return suite.pid("conflict") != process; }, absl::Minutes(1)));
  const absl::Status serving = server_.Start();
  EXPECT_TRUE(serving.ok()) << std::string(serving.message());
  const absl::Status started = service_.Start();
  EXPECT_TRUE(started.ok()) << std::string(started.message());
}

ConflictHost::~ConflictHost() {
  service_.Stop();
  server_.Drain();
}

std::unique_ptr<rpc::Client> ConflictHost::NewClient(TestSuite& suite, const char* part) const {
  return std::make_unique<rpc::Client>(
      rpc::ClientOptions{.address = suite.address(part), .token = [&suite] { return suite.Token("SERVICE"); }});
}

}  // namespace tributary::testing
