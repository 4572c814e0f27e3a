// Calls that wait for a database that has fallen silent.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/time/clock.h"
#include "common/rpc/database_watch.h"
#include "common/rpc/testing_server.h"
#include "common/status/status_matchers.h"
#include "tests/support/database_server.h"

namespace tributary::rpc::testing {
namespace {

using partner::v1::CreatePartnerRequest;
using partner::v1::GetPartnerRequest;
using partner::v1::Partner;

TEST(DatabaseWatchTest, AnEighthOfTheTimeIsLeftAtMostHalfASecond) {
  const absl::Time now = absl::Now();
  EXPECT_EQ(AnswerBy(now, now + absl::Milliseconds(800)), now + absl::Milliseconds(700));
  EXPECT_EQ(AnswerBy(now, now + absl::Seconds(4)), now + absl::Milliseconds(3500));
  EXPECT_EQ(AnswerBy(now, now + absl::Minutes(1)), now + absl::Milliseconds(59500));
}

constexpr char kStarted[] =
    "grpc_server_started_total{grpc_method=\"CreatePartner\",grpc_service=\"tributary.partner.v1.PartnerService\","
    "grpc_type=\"unary\"}";

TEST(DatabaseWatchTest, ASilentDatabaseIsToldBeforeTheDeadlineToThoseAtWorkAndThoseInTheQueue) {
  tributary::testing::DatabaseServer node;
  absl::StatusOr<std::unique_ptr<mysql::Database>> database = mysql::Database::Open(node.options("watched"));
  ASSERT_THAT(database, IsOk());
  ASSERT_THAT(MakeTables(**database), IsOk());
  TestingServer server({.options = {.database_workers = 1}, .database = database->get()});
  const std::unique_ptr<Client> client = server.NewClient(/*retries=*/false);
  ASSERT_THAT(client->Call<Partner>(kCreatePartner, CreateRequest("before"), {}), IsOk());

  node.Freeze();
  GetPartnerRequest get;
  get.set_name("partners/before");
  const CreatePartnerRequest create = CreateRequest("meanwhile");
  constexpr absl::Duration kTimeout = absl::Seconds(8);
  constexpr int kReaders = 4;
  absl::Status read[kReaders], written;
  const absl::Time start = absl::Now();
  {
    std::vector<std::jthread> callers;
    callers.emplace_back(
        [&] { written = client->Call<Partner>(kCreatePartner, create, {.timeout = kTimeout}).status(); });
    // The one worker's, on the connection that was used before; whoever comes behind it waits in the queue.
    EXPECT_TRUE(
        Eventually([&] { return server.Metric(kStarted) == 2 && server.Metric("tributary_rpc_queued_calls") == 0; }));
    for (absl::Status& answer : read) {
      callers.emplace_back([&] { answer = client->Call<Partner>(kGetPartner, get, {.timeout = kTimeout}).status(); });
    }
    EXPECT_THAT((*database)->Ping(absl::Seconds(1)), HasReason(Reason::kDatabaseUnavailable));
  }
  EXPECT_LT(absl::Now() - start, kTimeout);
  EXPECT_THAT(written, HasReason(Reason::kCommitUnknown));
  for (const absl::Status& answer : read) EXPECT_THAT(answer, HasReason(Reason::kDatabaseUnavailable));
  EXPECT_EQ(server.Handled("GetPartner", "Unavailable"), kReaders);
  EXPECT_EQ(server.Handled("CreatePartner", "Unavailable"), 1);

  // The same request again: once, whatever became of the first.
  node.Resume();
  // A node of a cluster has to come up with the others first.
  ASSERT_TRUE(Eventually([&] { return (*database)->Ping(absl::Seconds(10)).ok(); }));
  EXPECT_THAT(client->Call<Partner>(kCreatePartner, create, {.timeout = absl::Minutes(1)}), IsOk());
  EXPECT_THAT(client->Call<Partner>(kGetPartner, get, {}), IsOk());
  EXPECT_EQ(server.Number("SELECT COUNT(*) FROM thing WHERE id = 'meanwhile'"), 1);
}

}  // namespace
}  // namespace tributary::rpc::testing
