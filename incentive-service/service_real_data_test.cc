// AdventureWorks' reseller lines through the service: from a feed to statements that verify. The totals were computed
// independently of this code.

#include <array>
#include <cstdio>
#include <fstream>
#include <string_view>
#include <unordered_map>

#include "cli/verify/verify.h"
#include "common/money/money.h"
#include "common/wire/wire.h"
#include "events_schema.h"
#include "incentive-service/testing_service.h"
#include "incentive-service/testing_terms.h"
#include "incentive_schema.h"
#include "rpc_schema.h"
#include "tests/real_data/real_data.h"
#include "tests/support/database_server.h"
#include "tributary/incentive/v1/period_close.pb.h"
#include "tributary/incentive/v1/program_service.pb.h"
#include "tributary/incentive/v1/simulation.pb.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::IsEmpty;

// One line of the file; it quotes nothing, so a comma always ends a field.
ShipmentLine Read(std::string_view row) {
  std::array<std::string_view, 21> field;
  for (std::string_view& one : field) {
    one = row.substr(0, row.find(','));
    row.remove_prefix(std::min(row.size(), one.size() + 1));
  }
  const auto date = [](std::string_view text) { return wire::ToProto(*Date::Parse(text)); };
  ShipmentLine line;
  line.set_partner("partners/r" + std::string(field[5]));
  line.set_document(std::string(field[0]));
  line.set_line(std::stoi(std::string(field[1])));
  line.set_name(line.partner() + "/shipments/" + line.document() + "/lines/" + std::string(field[1]));
  *line.mutable_order_date() = date(field[2]);
  *line.mutable_ship_date() = date(field[4]);
  line.set_product("products/" + std::string(field[6]));
  line.mutable_quantity()->set_value(std::string(field[11]));
  *line.mutable_net_amount() = wire::ToProto(Money{"USD", *Decimal::Parse(field[16])});
  return line;
}

v1::Program Terms(v1::Program::Shape shape) {
  v1::Program program = QuarterlyTerms("Quarterly rebate", 2010, 10);
  program.set_shape(shape);
  return program;
}

class Stopwatch {
 public:
  // Says how long it took since the last time.
  void Tell(std::string_view what) {
    const absl::Time now = absl::Now();
    std::printf("%-12s %6.2f s\n", std::string(what).c_str(), absl::ToDoubleSeconds(now - last_));
    last_ = now;
  }

 private:
  absl::Time last_ = absl::Now();
};

TEST(ServiceRealDataTest, StatesAndVerifiesEveryQuarter) {
  testing::DatabaseServer server;
  const auto open = [&](std::vector<const mysql::Schema*> schemas) {
    std::unique_ptr<mysql::Database> database = *mysql::Database::Open(server.options());
    for (const mysql::Schema* schema : schemas) EXPECT_OK(database->ApplySchema(*schema));
    return database;
  };
  const std::unique_ptr<mysql::Database> inventory = open({&schema::events(), &schema::rpc()});
  const std::unique_ptr<mysql::Database> database = open({&schema::events(), &schema::rpc(), &schema::incentive()});
  const TestKeys keys;
  ShipmentFeed feed(keys, *inventory);

  std::unordered_map<std::string, ShipmentLine> facts;
  std::ifstream file(testing_support::RealDataFolder() + "/adventureworks_dw/reseller_order_lines.csv");
  std::string row;
  ASSERT_TRUE(std::getline(file, row));
  Stopwatch stopwatch;
  std::vector<ShipmentLine> batch;
  while (std::getline(file, row)) {
    batch.push_back(Read(row));
    facts[batch.back().name()] = batch.back();
    if (batch.size() < 1000) continue;
    feed.Tell(batch);
    batch.clear();
  }
  feed.Tell(batch);
  ASSERT_EQ(facts.size(), 60855u);
  stopwatch.Tell("told");

  IncentiveProcess process(keys, *database, feed.port());
  const std::unique_ptr<rpc::Client> finance = keys.NewClient(process.port(), api::v1::FINANCE);
  v1::CreateProgramRequest create;
  create.set_program_id("rebate");
  *create.mutable_program() = Terms(v1::Program::MARGINAL);
  ASSERT_OK(finance->Call<v1::Program>("tributary.incentive.v1.ProgramService/CreateProgram", create));
  v1::ActivateProgramRequest activate;
  activate.set_name("programs/rebate");
  ASSERT_OK(finance->Call<v1::Program>("tributary.incentive.v1.ProgramService/ActivateProgram", activate));
  ASSERT_TRUE(CaughtUp(feed, *database));
  stopwatch.Tell("accrued");

  int64_t stated = 0, cents = 0, lines = 0;
  for (int year = 2010; year <= 2013; ++year) {
    for (int quarter = year == 2010 ? 4 : 1; quarter <= 4; ++quarter) {
      v1::ClosePeriodRequest close;
      close.set_name("programs/rebate/closes/" + std::to_string(year) + "Q" + std::to_string(quarter));
      ASSERT_OK_AND_ASSIGN(const auto operation, finance->Call<google::longrunning::Operation>(
                                                     "tributary.incentive.v1.PeriodCloseService/ClosePeriod", close));
      const auto closed = AnswerOf<v1::PeriodClose>(operation);
      stated += closed.statements();
      lines += closed.lines();
      cents += closed.total().units() * 100 + closed.total().nanos() / 10000000;
      v1::BatchIssueStatementsRequest issue;
      issue.set_parent("partners/-");
      issue.set_period(close.name().substr(close.name().rfind('/') + 1));
      ASSERT_OK_AND_ASSIGN(const auto issued,
                           finance->Call<v1::BatchIssueStatementsResponse>(
                               "tributary.incentive.v1.StatementService/BatchIssueStatements", issue));
      EXPECT_EQ(issued.left(), 0);
    }
  }
  EXPECT_EQ(stated, 3742);
  EXPECT_EQ(lines, 60855);
  EXPECT_EQ(FormatMinorUnits(cents, "USD"), "1328342.98");
  stopwatch.Tell("closed and issued");

  v1::CreateSimulationRequest simulate;
  *simulate.mutable_simulation()->mutable_program() = Terms(v1::Program::RETROACTIVE);
  ASSERT_OK_AND_ASSIGN(const auto operation,
                       finance->Call<google::longrunning::Operation>(
                           "tributary.incentive.v1.SimulationService/CreateSimulation", simulate));
  const auto simulation = AnswerOf<v1::Simulation>(operation);
  EXPECT_EQ(simulation.statements(), 3742);
  EXPECT_EQ(simulation.lines(), 60855);
  EXPECT_EQ(simulation.total().units(), 1935042);
  EXPECT_EQ(simulation.total().nanos(), 980000000);
  stopwatch.Tell("simulated");

  const cli::FactLookup lookup = [&](const std::string& name) -> std::optional<ShipmentLine> {
    const auto fact = facts.find(name);
    if (fact == facts.end()) return std::nullopt;
    return fact->second;
  };
  int64_t verified = 0;
  v1::ListStatementsRequest list;
  list.set_parent("partners/-");
  list.set_page_size(1000);
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, finance->Call<v1::ListStatementsResponse>(
                                              "tributary.incentive.v1.StatementService/ListStatements", list));
    for (const v1::Statement& statement : page.statements()) {
      v1::ListStatementLinesRequest request;
      request.set_parent(statement.name());
      request.set_page_size(1000);
      ASSERT_OK_AND_ASSIGN(const auto its, finance->Call<v1::ListStatementLinesResponse>(
                                               "tributary.incentive.v1.StatementService/ListStatementLines", request));
      ASSERT_TRUE(its.next_page_token().empty());
      const std::vector<v1::StatementLine> all(its.statement_lines().begin(), its.statement_lines().end());
      EXPECT_THAT(cli::VerifyStatement(statement, all, lookup), IsEmpty()) << statement.name();
      ++verified;
    }
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  EXPECT_EQ(verified, 3742);
  stopwatch.Tell("verified");
}

}  // namespace
}  // namespace tributary::incentive
