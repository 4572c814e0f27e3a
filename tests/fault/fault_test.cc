// What is left when things break: frozen and killed databases, processes killed over and over.

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "gmock/gmock.h"
#include "google/protobuf/wrappers.pb.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/channel.h"
#include "tests/support/imports.h"
#include "tributary/partner/v1/application.pb.h"
#include "tributary/partner/v1/partner.pb.h"

namespace tributary::testing {
namespace {

using nlohmann::json;

const std::vector<std::string> kServices = {"partner", "inventory", "incentive", "conflict"};

class FaultTest : public ::testing::Test {
 protected:
  FaultTest() {
    suite_.Up();
    EXPECT_EQ(suite_.Ctl({"sample", "--out", folder_}).code, 0);
    LoadChannelWithoutFacts(suite_, "sample", folder_);
    lines_ = LinesOf(folder_ + "/sell_in.csv");
  }

  absl::Status ReadPartner(absl::Duration timeout) {
    partner::v1::GetPartnerRequest get;
    get.set_name("partners/s-1000");
    return suite_.client("partner")
        .Call<partner::v1::Partner>("tributary.partner.v1.PartnerService/GetPartner", get, {.timeout = timeout})
        .status();
  }
  absl::Status WriteApplication(absl::Duration timeout) {
    partner::v1::CreateApplicationRequest create;
    create.mutable_application()->set_legal_name("Ironbridge Systems Ltd.");
    create.mutable_application()->set_kind(partner::v1::Partner::DEALER);
    create.mutable_application()->set_currency("CNY");
    return suite_.client("partner")
        .Call<partner::v1::Application>("tributary.partner.v1.ApplicationService/CreateApplication", create,
                                        {.timeout = timeout})
        .status();
  }
  // 1 SERVING, 2 NOT_SERVING: gRPC's own health service, whose messages are a text and a number in field 1.
  int Health(const std::string& service) {
    google::protobuf::StringValue request;
    google::protobuf::Int32Value reply;
    const absl::Status status =
        suite_.client(service).Call("grpc.health.v1.Health/Check", request, &reply, {.timeout = absl::Seconds(5)});
    return status.ok() ? reply.value() : 0;
  }
  std::map<std::string, pid_t> Processes() {
    std::map<std::string, pid_t> processes;
    for (const std::string& part : TestSuite::Parts()) {
      if (part != "database") processes[part] = suite_.pid(part);
    }
    return processes;
  }
  void ExpectDatabaseGone() {
    for (const auto& call : {&FaultTest::ReadPartner, &FaultTest::WriteApplication}) {
      const absl::Time start = absl::Now();
      const absl::Status status = (this->*call)(absl::Seconds(4));
      EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << std::string(status.ToString());
      EXPECT_LT(absl::Now() - start, absl::Seconds(6));
    }
    EXPECT_EQ(suite_.Http("GET", "/v1/partners/s-1000", suite_.Token("AUDITOR")).status, 503);
    for (const std::string& service : kServices) {
      EXPECT_TRUE(WaitUntil([&] { return suite_.Readiness(service) == 503; }, absl::Seconds(30))) << service;
      EXPECT_TRUE(WaitUntil([&] { return Health(service) == 2; }, absl::Seconds(30))) << service;
    }
  }
  void ExpectRecovered() {
    for (const std::string& service : kServices) {
      EXPECT_TRUE(WaitUntil([&] { return suite_.Readiness(service) == 200 && Health(service) == 1; }, absl::Minutes(1)))
          << service;
    }
    EXPECT_TRUE(WaitUntil([&] { return ReadPartner(absl::Seconds(5)).ok(); }, absl::Minutes(1)));
    EXPECT_THAT(WriteApplication(absl::Seconds(10)), IsOk());
    EXPECT_EQ(suite_.Http("GET", "/v1/partners/s-1000", suite_.Token("AUDITOR")).status, 200);
  }
  ChannelFigures Wanted() const { return FiguresOf(ComputeSellIn(lines_, SampleColumns())); }

  TestSuite suite_;
  const std::string folder_ = suite_.var() + "/sample";
  std::vector<std::string> lines_;
};

TEST_F(FaultTest, AFrozenDatabaseIsToldWithinTheDeadlineAndComesBack) {
  const auto before = Processes();
  ASSERT_THAT(ReadPartner(absl::Seconds(10)), IsOk());
  suite_.Freeze("database");
  ExpectDatabaseGone();
  suite_.Resume("database");
  ExpectRecovered();
  EXPECT_EQ(Processes(), before) << "a process was started again";
  EXPECT_EQ(Import(suite_, "sample/sell_in", folder_ + "/sell_in.csv").rejected, 0);
  EXPECT_EQ(ReadFigures(suite_), Wanted());
}

TEST_F(FaultTest, AKilledDatabaseIsToldAndComesBack) {
  const auto before = Processes();
  suite_.Kill("database");
  ExpectDatabaseGone();
  suite_.Up();  // starts the database alone
  ExpectRecovered();
  EXPECT_EQ(Processes(), before) << "a process was started again";
}

TEST_F(FaultTest, AFrozenServiceCostsNoMoreThanTheDeadline) {
  suite_.Freeze("partner");
  const absl::Time start = absl::Now();
  const http::Response response =
      suite_.Http("GET", "/v1/partners/s-1000", suite_.Token("AUDITOR"), "", {{"x-timeout-seconds", "2"}});
  EXPECT_EQ(response.status, 504) << response.body;
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  // The others go on.
  EXPECT_EQ(suite_.Http("GET", "/v1/products/sp-100", suite_.Token("AUDITOR")).status, 200);
  suite_.Resume("partner");
  EXPECT_TRUE(WaitUntil([&] { return ReadPartner(absl::Seconds(5)).ok(); }, absl::Minutes(1)));
}

// Everything is killed again and again, one part at a time, while lines are loaded: no line is lost, none is twice.
TEST_F(FaultTest, KillsInALoopLoseNothing) {
  std::mt19937 random(20240101);
  const std::string file = folder_ + "/sell_in.csv";
  constexpr size_t kRounds = 12;
  const size_t share = (lines_.size() - 1) / kRounds;
  int kills = 0;
  for (size_t round = 0; round < kRounds; ++round) {
    // Lines of its own, so that there is something left to be killed in.
    std::vector<std::string> part = {lines_[0]};
    part.insert(part.end(), lines_.begin() + 1 + round * share, lines_.begin() + 1 + (round + 1) * share);
    const std::string part_file = folder_ + "/part.csv";
    WriteLines(part_file, part);
    RunningCommand load(
        suite_.CtlCommand({"import", "--mapping", "sample/sell_in", "--batch", "10", "--callers", "2", part_file}));
    const std::string victim = TestSuite::Parts()[random() % TestSuite::Parts().size()];
    SCOPED_TRACE("round " + std::to_string(round) + ", " + victim);
    // Somewhere in the load: after a number of further lines that the round draws.
    const int64_t loaded = LinesLoaded(suite_);
    const int64_t some = 50 + static_cast<int64_t>(random() % 500);
    ASSERT_TRUE(WaitUntil([&] { return !load.running() || LinesLoaded(suite_) >= loaded + some; }, absl::Minutes(2)));
    kills += load.running();
    suite_.Kill(victim);
    suite_.Up();
    // This caller dies too.
    if (round % 3 == 2 && load.running()) kill(load.pid(), SIGKILL);
    load.Wait();
    const int64_t now = LinesLoaded(suite_);
    EXPECT_GE(now, loaded);
  }
  EXPECT_GT(kills, 3);
  const ImportOutcome last = Import(suite_, "sample/sell_in", file);
  EXPECT_EQ(last.command.code, 0) << last.command.ToString();
  EXPECT_EQ(last.accepted + last.duplicate, static_cast<int64_t>(lines_.size()) - 1);
  EXPECT_EQ(ReadFigures(suite_), Wanted());
  const Outcome demo = suite_.Ctl({"demo", "--dataset", "sample", "--data", folder_, "--stop-after", "verify"});
  EXPECT_EQ(demo.code, 0) << demo.ToString();
}

// The database alone, in the middle of transactions: what was acknowledged is there.
TEST_F(FaultTest, AcknowledgedLinesSurviveKillsOfTheDatabase) {
  for (int round = 0; round < 5; ++round) {
    std::vector<std::string> part = {lines_[0]};
    const size_t from = 1 + static_cast<size_t>(round) * 4000;
    for (size_t i = from; i < from + 4000 && i < lines_.size(); ++i) part.push_back(lines_[i]);
    WriteLines(folder_ + "/part.csv", part);
    const int64_t loaded = LinesLoaded(suite_);
    RunningCommand load(suite_.CtlCommand(
        {"import", "--mapping", "sample/sell_in", "--batch", "10", "--callers", "2", folder_ + "/part.csv"}));
    ASSERT_TRUE(WaitUntil([&] { return !load.running() || LinesLoaded(suite_) > loaded + 50; }, absl::Minutes(1)));
    const int64_t acknowledged = LinesLoaded(suite_);
    suite_.Kill("database");
    suite_.Up();
    EXPECT_GE(LinesLoaded(suite_), acknowledged);
    load.Wait();
    EXPECT_EQ(Import(suite_, "sample/sell_in", folder_ + "/part.csv").rejected, 0);
  }
  EXPECT_EQ(ReadFigures(suite_), Wanted());
}

}  // namespace
}  // namespace tributary::testing
