// kill -9 of each process while lines are being loaded: nothing acknowledged is lost, nothing is there twice.

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "gtest/gtest.h"
#include "tests/support/channel.h"
#include "tests/support/imports.h"
#include "tributary/api/v1/stream_post.pb.h"
#include "tributary/inventory/v1/ledger.pb.h"
#include "tributary/inventory/v1/stock_movement.pb.h"

namespace tributary::testing {
namespace {

TEST(CrashTest, AKilledProcessAndTheSameImportAgainGiveExactTotals) {
  TestSuite suite;
  suite.Up();
  const std::string folder = suite.var() + "/sample";
  ASSERT_EQ(suite.Ctl({"sample", "--out", folder}).code, 0);
  LoadChannelWithoutFacts(suite, "sample", folder);
  const std::vector<std::string> lines = LinesOf(folder + "/sell_in.csv");
  const std::vector<std::string> victims = {"inventory", "incentive", "partner", "database", "conflict", "gateway"};
  const size_t share = (lines.size() - 1 + victims.size() - 1) / victims.size();
  int64_t loaded = 0;
  for (size_t v = 0; v < victims.size(); ++v) {
    SCOPED_TRACE(victims[v]);
    std::vector<std::string> part = {lines[0]};
    const size_t end = std::min(lines.size(), 1 + (v + 1) * share);
    part.insert(part.end(), lines.begin() + 1 + v * share, lines.begin() + end);
    const auto rows = static_cast<int64_t>(part.size()) - 1;
    const std::string file = folder + "/part.csv";
    WriteLines(file, part);

    // Small batches, so that there is a middle to be killed in.
    RunningCommand load(suite.CtlCommand(
        {"-o", "json", "import", "--mapping", "sample/sell_in", "--batch", "10", "--callers", "2", file}));
    ASSERT_TRUE(WaitUntil([&] { return LinesLoaded(suite) > loaded || !load.running(); }, absl::Minutes(1)));
    ASSERT_TRUE(load.running()) << "the load ended before the kill: " << load.Wait().ToString();
    suite.Kill(victims[v]);
    suite.Up();
    // It waited for the process, or gave up; both are right.
    const ImportOutcome interrupted = ReadImport(load.Wait());
    const ImportOutcome again = Import(suite, "sample/sell_in", file);
    EXPECT_EQ(again.command.code, 0) << again.command.ToString() << interrupted.command.ToString();
    EXPECT_EQ(again.accepted + again.duplicate, rows) << again.command.ToString();
    loaded += rows;
    EXPECT_EQ(LinesLoaded(suite), loaded);
  }
  const ImportOutcome all = Import(suite, "sample/sell_in", folder + "/sell_in.csv");
  EXPECT_EQ(all.duplicate, static_cast<int64_t>(lines.size()) - 1) << all.command.ToString();
  EXPECT_EQ(ReadFigures(suite), FiguresOf(ComputeSellIn(lines, SampleColumns())));
}

// Rows that bring a unit each to s-1000, 20 a message.
std::vector<inventory::v1::StreamPostStockMovementsRequest> MessagesOf(int rows) {
  std::vector<inventory::v1::StreamPostStockMovementsRequest> messages(rows / 20);
  for (int i = 0; i < rows; ++i) {
    inventory::v1::StockMovementRow& row = *messages[i / 20].add_rows();
    row.set_row(i + 1);
    inventory::v1::StockMovement& movement = *row.mutable_stock_movement();
    movement.set_document(StrCat("CRASH-", i / 100));
    movement.set_line(i % 100 + 1);
    movement.mutable_effective_date()->set_year(2026);
    movement.mutable_effective_date()->set_month(6);
    movement.mutable_effective_date()->set_day(1);
    movement.set_product("products/sp-100");
    movement.mutable_quantity()->set_value("1");
    movement.set_from_location("adjustment");
    movement.set_to_location("partners/s-1000/sites/main/on_hand");
    movement.set_reason(inventory::v1::StockMovement::ADJUSTMENT);
    movement.set_reason_code("OPENING");
  }
  return messages;
}

// Rows of a stream, and a watch of what they do: the process is killed in the middle of both.
TEST(CrashTest, AKilledStreamSentAgainAndAResumedWatchEndAtTheSameFigures) {
  namespace inv = inventory::v1;
  constexpr int kRows = 10000;
  TestSuite suite;
  suite.Up();
  const std::string folder = suite.var() + "/sample";
  ASSERT_EQ(suite.Ctl({"sample", "--out", folder}).code, 0);
  LoadChannelWithoutFacts(suite, "sample", folder);

  const std::vector<inv::StreamPostStockMovementsRequest> messages = MessagesOf(kRows);
  rpc::Client& inventory = suite.client("inventory");
  std::atomic<bool> told{false};
  inv::WatchPositionsRequest watching;
  watching.set_parent("partners/s-1000");
  std::string known = "0";
  const auto watch_until = [&](const std::function<bool()>& enough) {
    const auto reader = inventory.OpenStream("tributary.inventory.v1.LedgerService/WatchPositions", watching,
                                             {.stream_timeout = absl::Minutes(2)});
    inv::WatchPositionsResponse message;
    while (!enough() && reader->Read(&message)) {
      for (const inv::Position& position : message.positions()) {
        EXPECT_LE(std::stoll(known), std::stoll(position.on_hand().value())) << "it went back";
        known = position.on_hand().value();
        told = true;
      }
      if (!message.resume_token().empty()) watching.set_resume_token(message.resume_token());
    }
    reader->Cancel();
    return reader->Finish();
  };
  const auto post = [&](api::v1::StreamPostResponse* reply) {
    const auto stream =
        inventory.OpenOutgoing("tributary.inventory.v1.MovementService/StreamPostStockMovements", reply);
    for (const auto& message : messages) {
      if (!stream->Write(message)) break;
    }
    return stream->Finish();
  };

  absl::Status killed;
  {
    std::jthread watch([&] { (void)watch_until([] { return false; }); });
    std::jthread load([&] {
      api::v1::StreamPostResponse reply;
      killed = post(&reply);
    });
    ASSERT_TRUE(WaitUntil([&] { return told.load(); }, absl::Minutes(1)));
    suite.Kill("inventory");
  }
  EXPECT_FALSE(killed.ok()) << "the stream ended before the kill";
  EXPECT_LT(std::stoll(known), kRows);
  suite.Up();
  api::v1::StreamPostResponse again;
  absl::Status answer;
  // It may take a moment to be met again.
  ASSERT_TRUE(WaitUntil([&] { return (answer = post(&again)).ok(); }, absl::Minutes(1))) << answer;
  EXPECT_EQ(again.accepted() + again.duplicate(), kRows) << again.ShortDebugString();
  EXPECT_GE(again.duplicate(), std::stoll(known)) << "what was told to the watch was stored";
  (void)watch_until([&] { return known == std::to_string(kRows); });
  EXPECT_EQ(known, std::to_string(kRows));
  EXPECT_TRUE(ReadFigures(suite).balanced);
}

// The database alone is killed in the middle of a stream: what was stored is there, and there once.
TEST(CrashTest, AStreamWhoseDatabaseIsKilledEndsAtTheSameFigures) {
  namespace inv = inventory::v1;
  constexpr int kRows = 10000;
  TestSuite suite;
  suite.Up();
  const std::string folder = suite.var() + "/sample";
  ASSERT_EQ(suite.Ctl({"sample", "--out", folder}).code, 0);
  LoadChannelWithoutFacts(suite, "sample", folder);
  const auto messages = MessagesOf(kRows);
  rpc::Client& inventory = suite.client("inventory");
  const auto stored = [&]() -> int64_t {
    inv::GetPositionRequest request;
    request.set_name("partners/s-1000/positions/main.sp-100");
    const auto position = inventory.Call<inv::Position>("tributary.inventory.v1.LedgerService/GetPosition", request);
    return position.ok() ? std::stoll(position->on_hand().value()) : 0;
  };
  const auto post = [&](api::v1::StreamPostResponse* reply) {
    const auto stream =
        inventory.OpenOutgoing("tributary.inventory.v1.MovementService/StreamPostStockMovements", reply);
    for (const auto& message : messages) {
      if (!stream->Write(message)) break;
    }
    return stream->Finish();
  };

  api::v1::StreamPostResponse interrupted;
  absl::Status first;
  std::atomic<bool> ended{false};
  int64_t before = 0;
  {
    std::jthread load([&] {
      first = post(&interrupted);
      ended = true;
    });
    ASSERT_TRUE(WaitUntil([&] { return (before = stored()) > 0; }, absl::Minutes(1)));
    ASSERT_FALSE(ended) << "the stream ended before the kill";
    suite.Kill("database");
    suite.Up();
  }
  // It waited for the database, or gave up; both are right.
  if (first.ok()) {
    EXPECT_EQ(interrupted.accepted() + interrupted.duplicate(), kRows) << interrupted.ShortDebugString();
  }
  api::v1::StreamPostResponse again;
  absl::Status answer;
  ASSERT_TRUE(WaitUntil([&] { return (answer = post(&again)).ok(); }, absl::Minutes(1))) << answer;
  EXPECT_EQ(again.accepted() + again.duplicate(), kRows) << again.ShortDebugString();
  EXPECT_GE(again.duplicate(), before) << "what was read was stored";
  EXPECT_EQ(stored(), kRows);
  EXPECT_TRUE(ReadFigures(suite).balanced);
}

}  // namespace
}  // namespace tributary::testing
