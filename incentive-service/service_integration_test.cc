// From inventory's feed to verified statements, through real servers and databases.

#include <algorithm>
#include <map>
#include <random>
#include <thread>

#include "cli/verify/verify.h"
#include "incentive-service/testing_world.h"

namespace tributary::incentive {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using ServiceTest = WorldTest;

TEST_F(ServiceTest, FromLinesToVerifiedStatements) {
  world_.CreateActive("growth");
  std::map<std::string, ShipmentLine> facts;
  std::vector<ShipmentLine> lines = {
      LineOf("p1", "SO1", 2, "2025-03-31", "2025-04-02", 40000),
      LineOf("p1", "SO1", 10, "2025-03-31", "2025-04-02", 35617, 5000000),
      LineOf("p1", "SO2", 1, "2025-02-01", "2025-02-01", -10000),
      LineOf("p1", "SO3", 1, "2025-04-01", "2025-04-02", 100),
      LineOf("p1", "SO3", 2, "2025-03-01", "2025-04-02", 999, 0, "CNY"),
      LineOf("p2", "SO4", 1, "2025-01-01", "2025-01-02", 0, 990000000),
      LineOf("p2", "SO5", 1, "2024-12-31", "2025-01-02", 5),
  };
  for (const ShipmentLine& line : lines) facts[line.name()] = line;
  feed_.Tell(lines);
  world_.CatchUp();

  const std::vector<v1::Accrual> accruals = world_.Accruals();
  ASSERT_THAT(accruals, SizeIs(3));
  EXPECT_EQ(accruals[0].name(), "partners/p1/accruals/growth.2025Q1");
  EXPECT_EQ(accruals[0].lines(), 3);
  EXPECT_EQ(accruals[0].other_currency_lines(), 1);
  EXPECT_EQ(Amount(accruals[0].qualifying_amount()), "USD 65617.005000000");
  EXPECT_EQ(Amount(accruals[0].evaluation().value()), "USD 1196.600000000");
  EXPECT_EQ(accruals[0].evaluation().exact_value(), "47863807/40000");
  EXPECT_FALSE(accruals[0].stated());
  EXPECT_EQ(accruals[1].name(), "partners/p1/accruals/growth.2025Q2");
  EXPECT_EQ(accruals[2].name(), "partners/p2/accruals/growth.2025Q1");

  v1::WhatNextRequest next;
  next.set_name("partners/p2/accruals/growth.2025Q1");
  ASSERT_OK_AND_ASSIGN(const auto missing,
                       world_.finance().Call<v1::NextTier>(std::string(kAccruals) + "WhatNext", next));
  EXPECT_EQ(missing.from_amount().value(), "20000");
  EXPECT_EQ(missing.missing_amount().value(), "19999.01");
  EXPECT_EQ(Amount(missing.value_then()), "USD 200.000000000");

  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose close, world_.Close("growth", "2025Q1"));
  EXPECT_EQ(close.statements(), 2);
  EXPECT_EQ(close.lines(), 4);
  EXPECT_EQ(close.other_currency_lines(), 1);
  EXPECT_EQ(Amount(close.total()), "USD 1196.610000000");
  int64_t told = 0;
  for (const auto& cursor : close.watermark()) told += cursor.seq();
  EXPECT_EQ(told, 7);
  EXPECT_THAT(world_.Close("growth", "2025Q1"), HasReason(Reason::kPeriodClosed));
  EXPECT_EQ(world_.Statements(world_.finance())[0].state(), v1::Statement::DRAFT);
  ASSERT_OK_AND_ASSIGN(const v1::BatchIssueStatementsResponse issued, world_.Issue("2025Q1"));
  EXPECT_EQ(issued.issued(), 2);
  EXPECT_EQ(issued.left(), 0);

  const cli::FactLookup lookup = [&](const std::string& name) -> std::optional<ShipmentLine> { return facts.at(name); };
  const std::vector<v1::Statement> statements = world_.Statements(world_.finance());
  ASSERT_THAT(statements, SizeIs(2));
  for (const v1::Statement& statement : statements) {
    EXPECT_THAT(cli::VerifyStatement(statement, world_.Lines(statement.name()), lookup), IsEmpty()) << statement.name();
    v1::GetStatementRequest get;
    get.set_name(statement.name());
    ASSERT_OK_AND_ASSIGN(const auto again,
                         world_.finance().Call<v1::Statement>(std::string(kStatements) + "GetStatement", get));
    EXPECT_EQ(again.SerializeAsString(), statement.SerializeAsString());
  }
  EXPECT_EQ(statements[0].name(), "partners/p1/statements/1");
  EXPECT_EQ(statements[0].entries(0).terms().name(), "programs/growth");

  ASSERT_OK_AND_ASSIGN(const v1::Accrual stated, world_.GetAccrual(accruals[0].name()));
  EXPECT_TRUE(stated.stated());
  EXPECT_THAT(world_.Accruals("stated = false"), SizeIs(1));

  v1::GetPeriodCloseRequest get;
  get.set_name(close.name());
  ASSERT_OK_AND_ASSIGN(const auto kept,
                       world_.finance().Call<v1::PeriodClose>(std::string(kCloses) + "GetPeriodClose", get));
  EXPECT_EQ(kept.SerializeAsString(), close.SerializeAsString());

  // The second quarter's statement is p1's second, and issued by its name, once.
  ASSERT_OK(world_.Close("growth", "2025Q2"));
  v1::IssueStatementRequest issue;
  issue.set_name("partners/p1/statements/2");
  issue.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const auto second,
                       world_.finance().Call<v1::Statement>(std::string(kStatements) + "IssueStatement", issue));
  EXPECT_EQ(second.state(), v1::Statement::ISSUED);
  issue.set_request_id(NewRequestId());
  EXPECT_THAT(world_.finance().Call<v1::Statement>(std::string(kStatements) + "IssueStatement", issue),
              HasReason(Reason::kStateConflict));
  EXPECT_THAT(world_.Statements(world_.finance(), "partners/p1"), SizeIs(2));
  EXPECT_EQ(world_.Statements(world_.finance(), "partners/p1", "period = \"2025Q2\"")[0].name(),
            "partners/p1/statements/2");

  // What was told to others: the program, the statements, the closes.
  std::map<std::string, int> events;
  ASSERT_OK(world_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT type, verb FROM event"));
    for (const mysql::Row& row : rows) ++events[row.Text(0).substr(23) + " " + row.Text(1)];
    return absl::OkStatus();
  }));
  EXPECT_GT(events["AccrualMove moved"], 0);  // one for each batch that moves an accrual, so their number is the feed's
  events.erase("AccrualMove moved");
  EXPECT_THAT(events, ElementsAre(std::pair("PeriodClose closed", 2), std::pair("Program activated", 1),
                                  std::pair("Program created", 1), std::pair("Statement issued", 3)));
}

// Lines in another order, told twice, in other batches, with the program activated before, between or after: the same
// accruals, the same statements.
TEST_F(ServiceTest, NeitherOrderNorRepetitionNorTheTimeOfActivationLeavesATrace) {
  std::mt19937 random(42);
  std::vector<ShipmentLine> lines;
  for (int i = 0; i < 200; ++i) {
    const std::string partner = "p" + std::to_string(i % 9);
    lines.push_back(LineOf(partner, "SO" + std::to_string(i / 3), i % 3 + 1, i % 4 == 0 ? "2025-03-31" : "2025-04-01",
                           "2025-04-03", static_cast<int64_t>(random() % 30000),
                           static_cast<int32_t>(random() % 10000) * 100000));
    if (i % 10 == 0) lines.push_back(ReversalOf(lines.back()));
    if (i % 15 == 0) {
      ShipmentLine back = LineOf(partner, "RT" + std::to_string(i), 1, "2025-08-08", "2025-08-09", -77, -500000000);
      back.set_original_line(lines[random() % lines.size()].partner() == back.partner()
                                 ? lines.back().name()
                                 : "partners/" + partner + "/shipments/none/lines/1");
      lines.push_back(back);
    }
  }

  std::string accruals, statements;
  for (int round = 0; round < 3; ++round) {
    const std::unique_ptr<mysql::Database> inventory = testing::FreshDatabase({&schema::events(), &schema::rpc()});
    ShipmentFeed feed(keys_, *inventory);
    World world(keys_, feed);
    // A second replica shares the shards.
    IncentiveProcess second(keys_, world.database(), feed.port(), "two");
    std::vector<ShipmentLine> told = lines;
    if (round > 0) {
      for (int i = 0; i < 50; ++i) told.push_back(lines[random() % lines.size()]);
      std::shuffle(told.begin(), told.end(), random);
    }
    if (round == 0) world.CreateActive("growth");
    if (round == 1) {
      EXPECT_OK(world.Create("growth", Terms()));
    }
    std::thread activation;
    for (size_t at = 0; at < told.size();) {
      const size_t count = std::min<size_t>(round == 0 ? told.size() : 1 + random() % 20, told.size() - at);
      feed.Tell({told.begin() + at, told.begin() + at + count});
      at += count;
      // While lines come in.
      if (round == 1 && at > told.size() / 2 && !activation.joinable()) {
        activation = std::thread([&] { EXPECT_OK(world.Activate("growth")); });
      }
    }
    if (activation.joinable()) activation.join();
    EXPECT_TRUE(CaughtUp(feed, world.database()));
    if (round == 2) world.CreateActive("growth");
    EXPECT_EQ(world.Parked(), 0);

    const std::string accrued = world.AccrualTexts();
    EXPECT_THAT(accrued, HasSubstr("growth.2025Q2"));
    std::string stated;
    for (const char* period : {"2025Q1", "2025Q2", "2025Q3"}) ASSERT_OK(world.CloseAndIssue("growth", period));
    for (v1::Statement& statement : world.Statements(world.finance())) {
      const std::vector<v1::StatementLine> its_lines = world.Lines(statement.name());
      EXPECT_THAT(cli::VerifyStatement(statement, its_lines), IsEmpty()) << statement.name();
      stated += statement.name() + " " + statement.period() + " " + statement.entries(0).evaluation().exact_value() +
                " " + Amount(statement.total()) + "\n";
      for (const v1::StatementLine& line : its_lines) stated += line.ShortDebugString() + "\n";
    }
    if (round == 0) {
      accruals = accrued;
      statements = stated;
    }
    EXPECT_EQ(accrued, accruals) << round;
    EXPECT_EQ(stated, statements) << round;
  }
}

TEST_F(ServiceTest, AReversalLeavesNothingBehind) {
  world_.CreateActive("growth");
  const ShipmentLine line = LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 500);
  feed_.Tell({line, LineOf("p2", "SO2", 1, "2025-02-01", "2025-02-02", 7)});
  world_.CatchUp();
  EXPECT_OK(world_.GetAccrual("partners/p1/accruals/growth.2025Q1"));
  feed_.Tell({ReversalOf(line)});
  world_.CatchUp();
  EXPECT_THAT(world_.GetAccrual("partners/p1/accruals/growth.2025Q1"), HasReason(Reason::kNotFound));
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose close, world_.Close("growth", "2025Q1"));
  EXPECT_EQ(close.statements(), 1);
  EXPECT_THAT(world_.Statements(world_.finance(), "partners/p1"), IsEmpty());
}

// Whatever cannot be applied is set aside and shown; the rest goes on.
TEST_F(ServiceTest, ALineThatContradictsIsParked) {
  world_.CreateActive("growth");
  const ShipmentLine line = LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 500);
  ShipmentLine other = line;
  other.mutable_net_amount()->set_units(501);
  ShipmentLine dateless = LineOf("p1", "SO2", 1, "2025-02-01", "2025-02-02", 3);
  dateless.mutable_order_date()->set_month(13);
  feed_.Tell({line, other, dateless, LineOf("p1", "SO3", 1, "2025-02-01", "2025-02-02", 20)});
  world_.CatchUp();
  EXPECT_EQ(world_.Parked(), 2);
  ASSERT_OK_AND_ASSIGN(const v1::Accrual accrual, world_.GetAccrual("partners/p1/accruals/growth.2025Q1"));
  EXPECT_EQ(Amount(accrual.qualifying_amount()), "USD 520.000000000");
}

}  // namespace
}  // namespace tributary::incentive
