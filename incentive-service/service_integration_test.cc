// From inventory's feed to verified statements, through real servers and databases.

#include <algorithm>
#include <map>
#include <random>
#include <thread>

#include "cli/verify/verify.h"
#include "events_schema.h"
#include "google/protobuf/text_format.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/testing_service.h"
#include "incentive_schema.h"
#include "rpc_schema.h"
#include "tests/support/database_server.h"
#include "tributary/events/v1/feed.pb.h"
#include "tributary/incentive/v1/accrual.pb.h"
#include "tributary/incentive/v1/operation.pb.h"
#include "tributary/incentive/v1/period_close.pb.h"
#include "tributary/incentive/v1/program.pb.h"
#include "tributary/incentive/v1/simulation.pb.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kPrograms[] = "tributary.incentive.v1.ProgramService/";
constexpr char kAccruals[] = "tributary.incentive.v1.AccrualService/";
constexpr char kCloses[] = "tributary.incentive.v1.PeriodCloseService/";
constexpr char kStatements[] = "tributary.incentive.v1.StatementService/";
constexpr char kSimulations[] = "tributary.incentive.v1.SimulationService/";
constexpr char kOperations[] = "tributary.incentive.v1.OperationService/GetOperation";

google::type::Date DateOf(std::string_view text) {
  const Date day = *Date::Parse(text);
  google::type::Date date;
  date.set_year(day.year());
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

ShipmentLine LineOf(const std::string& partner, const std::string& document, int line, std::string_view order_date,
                    std::string_view ship_date, int64_t units, int32_t nanos = 0, const std::string& currency = "USD") {
  ShipmentLine message;
  message.set_partner("partners/" + partner);
  message.set_name(message.partner() + "/shipments/" + document + "/lines/" + std::to_string(line));
  message.set_document(document);
  message.set_line(line);
  *message.mutable_order_date() = DateOf(order_date);
  *message.mutable_ship_date() = DateOf(ship_date);
  message.set_product("products/351");
  message.set_product_line("productLines/bikes");
  message.mutable_quantity()->set_value(units < 0 ? "-1" : "1");
  message.mutable_net_amount()->set_currency_code(currency);
  message.mutable_net_amount()->set_units(units);
  message.mutable_net_amount()->set_nanos(nanos);
  return message;
}

ShipmentLine ReversalOf(const ShipmentLine& line) {
  ShipmentLine reversal = line;
  reversal.set_name(line.name() + ".r1");
  reversal.set_reverses(line.name());
  reversal.mutable_quantity()->set_value("-1");
  reversal.mutable_net_amount()->set_units(-line.net_amount().units());
  reversal.mutable_net_amount()->set_nanos(-line.net_amount().nanos());
  return reversal;
}

v1::Program Terms(const std::string& more = "") {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                              display_name: "Quarterly growth"
                                                              basis: ORDER
                                                              shape: MARGINAL
                                                              tiers {
                                                                from_amount { value: "0" }
                                                                rate { value: "0.01" }
                                                              }
                                                              tiers {
                                                                from_amount { value: "20000" }
                                                                rate { value: "0.02" }
                                                              }
                                                              tiers {
                                                                from_amount { value: "60000" }
                                                                rate { value: "0.035" }
                                                              }
                                                              period: QUARTER
                                                              currency: "USD"
                                                              effective_from { year: 2025 month: 1 day: 1 }
                                                            )pb",
                                                            &program));
  v1::Program changes;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(more, &changes));
  program.MergeFrom(changes);
  return program;
}

std::string NewRequestId() { return Uuid::New(absl::Now()).ToString(); }

// A database and a process of this service, of its own or on the database of another.
class World {
 public:
  World(const TestKeys& keys, ShipmentFeed& feed)
      : keys_(keys),
        feed_(feed),
        database_(testing::FreshDatabase({&schema::events(), &schema::rpc(), &schema::incentive()})),
        process_(std::make_unique<IncentiveProcess>(keys, *database_, feed.port())),
        finance_(keys.NewClient(process_->port(), api::v1::FINANCE)) {}

  rpc::Client& finance() { return *finance_; }
  mysql::Database& database() { return *database_; }
  int port() const { return process_->port(); }
  void CatchUp() { EXPECT_TRUE(CaughtUp(feed_, *database_)); }

  absl::StatusOr<v1::Program> Create(const std::string& id, const v1::Program& terms) {
    v1::CreateProgramRequest request;
    request.set_program_id(id);
    *request.mutable_program() = terms;
    return finance_->Call<v1::Program>(std::string(kPrograms) + "CreateProgram", request);
  }
  absl::StatusOr<v1::Program> Activate(const std::string& id) {
    v1::ActivateProgramRequest request;
    request.set_name("programs/" + id);
    request.set_request_id(NewRequestId());
    return finance_->Call<v1::Program>(std::string(kPrograms) + "ActivateProgram", request);
  }
  void CreateActive(const std::string& id, const v1::Program& terms = Terms()) {
    EXPECT_OK(Create(id, terms));
    EXPECT_OK(Activate(id));
  }
  absl::StatusOr<v1::PeriodClose> Close(const std::string& program, const std::string& period) {
    v1::ClosePeriodRequest request;
    request.set_name("programs/" + program + "/closes/" + period);
    request.set_request_id(NewRequestId());
    ASSIGN_OR_RETURN(const auto operation,
                     finance_->Call<google::longrunning::Operation>(std::string(kCloses) + "ClosePeriod", request));
    return AnswerOf<v1::PeriodClose>(operation);
  }
  absl::StatusOr<v1::Accrual> GetAccrual(const std::string& name) {
    v1::GetAccrualRequest request;
    request.set_name(name);
    return finance_->Call<v1::Accrual>(std::string(kAccruals) + "GetAccrual", request);
  }
  std::vector<v1::Accrual> Accruals(const std::string& filter = "") {
    std::vector<v1::Accrual> accruals;
    v1::ListAccrualsRequest request;
    request.set_parent("partners/-");
    request.set_page_size(7);
    request.set_filter(filter);
    do {
      const auto page = finance_->Call<v1::ListAccrualsResponse>(std::string(kAccruals) + "ListAccruals", request);
      EXPECT_OK(page);
      accruals.insert(accruals.end(), page->accruals().begin(), page->accruals().end());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return accruals;
  }
  // What the accruals say, without when they moved.
  std::string AccrualTexts() {
    std::string texts;
    for (v1::Accrual& accrual : Accruals()) {
      accrual.clear_update_time();
      accrual.mutable_evaluation()->clear_program_etag();
      texts += accrual.ShortDebugString() + "\n";
    }
    return texts;
  }
  std::vector<v1::Statement> Statements(rpc::Client& client, const std::string& parent = "partners/-",
                                        const std::string& filter = "") {
    std::vector<v1::Statement> statements;
    v1::ListStatementsRequest request;
    request.set_parent(parent);
    request.set_page_size(3);
    request.set_filter(filter);
    do {
      const auto page = client.Call<v1::ListStatementsResponse>(std::string(kStatements) + "ListStatements", request);
      EXPECT_OK(page);
      if (!page.ok()) break;
      statements.insert(statements.end(), page->statements().begin(), page->statements().end());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return statements;
  }
  std::vector<v1::StatementLine> Lines(const std::string& statement) {
    std::vector<v1::StatementLine> lines;
    v1::ListStatementLinesRequest request;
    request.set_parent(statement);
    request.set_page_size(2);
    do {
      const auto page =
          finance_->Call<v1::ListStatementLinesResponse>(std::string(kStatements) + "ListStatementLines", request);
      EXPECT_OK(page);
      lines.insert(lines.end(), page->statement_lines().begin(), page->statement_lines().end());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return lines;
  }
  int64_t Parked() {
    const auto positions =
        keys_.NewClient(process_->port(), api::v1::SERVICE)
            ->Call<events::v1::ListConsumerPositionsResponse>("tributary.events.v1.FeedService/ListConsumerPositions",
                                                              events::v1::ListConsumerPositionsRequest());
    EXPECT_OK(positions);
    return positions->positions(0).parked();
  }

 private:
  const TestKeys& keys_;
  ShipmentFeed& feed_;
  const std::unique_ptr<mysql::Database> database_;
  std::unique_ptr<IncentiveProcess> process_;
  std::unique_ptr<rpc::Client> finance_;
};

class ServiceTest : public ::testing::Test {
 protected:
  const TestKeys keys_;
  const std::unique_ptr<mysql::Database> inventory_ = testing::FreshDatabase({&schema::events(), &schema::rpc()});
  ShipmentFeed feed_{keys_, *inventory_};
  World world_{keys_, feed_};
};

std::string Amount(const google::type::Money& money) {
  char text[64];
  std::snprintf(text, sizeof text, "%s %lld.%09d", money.currency_code().c_str(), static_cast<long long>(money.units()),
                money.nanos());
  return text;
}

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
  EXPECT_EQ(statements[0].terms().name(), "programs/growth");

  ASSERT_OK_AND_ASSIGN(const v1::Accrual stated, world_.GetAccrual(accruals[0].name()));
  EXPECT_TRUE(stated.stated());
  EXPECT_THAT(world_.Accruals("stated = false"), SizeIs(1));

  v1::GetPeriodCloseRequest get;
  get.set_name(close.name());
  ASSERT_OK_AND_ASSIGN(const auto kept,
                       world_.finance().Call<v1::PeriodClose>(std::string(kCloses) + "GetPeriodClose", get));
  EXPECT_EQ(kept.SerializeAsString(), close.SerializeAsString());

  // The second quarter's statement is p1's second.
  ASSERT_OK(world_.Close("growth", "2025Q2"));
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
    if (round == 1) EXPECT_OK(world.Create("growth", Terms()));
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
    for (const char* period : {"2025Q1", "2025Q2", "2025Q3"}) ASSERT_OK(world.Close("growth", period));
    for (v1::Statement& statement : world.Statements(world.finance())) {
      const std::vector<v1::StatementLine> its_lines = world.Lines(statement.name());
      EXPECT_THAT(cli::VerifyStatement(statement, its_lines), IsEmpty()) << statement.name();
      stated += statement.name() + " " + statement.period() + " " + statement.evaluation().exact_value() + " " +
                Amount(statement.total()) + "\n";
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

TEST_F(ServiceTest, ProgramsMoveThroughTheirLife) {
  ASSERT_OK_AND_ASSIGN(const v1::Program draft, world_.Create("growth", Terms()));
  EXPECT_EQ(draft.name(), "programs/growth");
  EXPECT_EQ(draft.state(), v1::Program::DRAFT);
  EXPECT_EQ(draft.bound(), v1::Program::FROM);
  EXPECT_EQ(draft.rounding(), v1::Program::HALF_EVEN);
  EXPECT_FALSE(draft.has_effective_to());
  EXPECT_THAT(world_.Create("growth", Terms()), HasReason(Reason::kAlreadyExists));
  ASSERT_OK_AND_ASSIGN(const v1::Program unnamed, world_.Create("", Terms()));
  EXPECT_EQ(unnamed.name(), "programs/" + unnamed.uid());

  v1::UpdateProgramRequest update;
  update.mutable_program()->set_name(draft.name());
  update.mutable_program()->set_shape(v1::Program::RETROACTIVE);
  update.mutable_program()->set_etag(draft.etag());
  update.mutable_update_mask()->add_paths("shape");
  const std::string update_method = std::string(kPrograms) + "UpdateProgram";
  ASSERT_OK_AND_ASSIGN(const auto updated, world_.finance().Call<v1::Program>(update_method, update));
  EXPECT_EQ(updated.shape(), v1::Program::RETROACTIVE);
  EXPECT_EQ(updated.tiers_size(), 3);
  EXPECT_THAT(world_.finance().Call<v1::Program>(update_method, update), HasReason(Reason::kEtagMismatch));
  update.mutable_program()->clear_etag();
  update.mutable_update_mask()->add_paths("effective_to");
  *update.mutable_program()->mutable_effective_to() = DateOf("2025-12-31");
  EXPECT_THAT(world_.finance().Call<v1::Program>(update_method, update), Blames("program.effective_to"));

  EXPECT_THAT(world_.Close("growth", "2025Q1"), HasReason(Reason::kStateConflict));
  ASSERT_OK_AND_ASSIGN(const v1::Program active, world_.Activate("growth"));
  EXPECT_EQ(active.state(), v1::Program::ACTIVE);
  EXPECT_THAT(world_.Activate("growth"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(world_.finance().Call<v1::Program>(update_method, update).status().code(),
              ::testing::AnyOf(absl::StatusCode::kFailedPrecondition, absl::StatusCode::kInvalidArgument));

  const Period running = PeriodOf(PeriodKind::kQuarter, DayOf(absl::Now()));
  EXPECT_THAT(world_.Close("growth", running.id), HasReason(Reason::kPeriodNotEnded));
  EXPECT_THAT(world_.Close("growth", "2024Q4"), Blames("name"));
  EXPECT_THAT(world_.Close("growth", "last"), Blames("name"));
  EXPECT_THAT(world_.Close("other", "2025Q1"), HasReason(Reason::kNotFound));

  // Ending keeps the running period and drops what is dated behind it.
  feed_.Tell({LineOf("p1", "SO1", 1, running.range.start.ToString(), running.range.start.ToString(), 10),
              LineOf("p1", "SO2", 1, running.range.end.ToString(), running.range.end.ToString(), 10)});
  world_.CatchUp();
  EXPECT_THAT(world_.Accruals(), SizeIs(2));
  v1::EndProgramRequest end;
  end.set_name("programs/growth");
  ASSERT_OK_AND_ASSIGN(const auto ended,
                       world_.finance().Call<v1::Program>(std::string(kPrograms) + "EndProgram", end));
  EXPECT_EQ(ended.state(), v1::Program::ENDED);
  EXPECT_EQ(ended.effective_to().SerializeAsString(), DateOf(running.range.end.ToString()).SerializeAsString());
  EXPECT_THAT(world_.Accruals(), SizeIs(1));
  feed_.Tell({LineOf("p1", "SO3", 1, running.range.start.ToString(), running.range.start.ToString(), 10),
              LineOf("p1", "SO4", 1, running.range.end.ToString(), running.range.end.ToString(), 10)});
  world_.CatchUp();
  ASSERT_THAT(world_.Accruals(), SizeIs(1));
  EXPECT_EQ(world_.Accruals()[0].lines(), 2);
  ASSERT_OK(world_.Close("growth", "2025Q1"));

  v1::ListProgramsRequest list;
  ASSERT_OK_AND_ASSIGN(auto page,
                       world_.finance().Call<v1::ListProgramsResponse>(std::string(kPrograms) + "ListPrograms", list));
  EXPECT_EQ(page.programs_size(), 1);
  list.set_show_deleted(true);
  ASSERT_OK_AND_ASSIGN(page,
                       world_.finance().Call<v1::ListProgramsResponse>(std::string(kPrograms) + "ListPrograms", list));
  EXPECT_EQ(page.programs_size(), 2);
}

TEST_F(ServiceTest, BadTermsAreNamedAllAtOnce) {
  const absl::Status status = world_
                                  .Create("bad", Terms(R"pb(
                                            tiers {
                                              from_amount { value: "60000" }
                                              rate { value: "0.1" }
                                            }
                                            effective_from { day: 2 }
                                            effective_to { year: 2025 month: 1 day: 1 }
                                          )pb"))
                                  .status();
  EXPECT_THAT(status, Blames("program.tiers[3].from_amount"));
  EXPECT_THAT(status, Blames("program.effective_from"));
  EXPECT_THAT(status, Blames("program.effective_to"));
  EXPECT_THAT(status.message(), HasSubstr("2025-01-02"));
}

TEST_F(ServiceTest, PartnersSeeTheirOwn) {
  world_.CreateActive("growth");
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 500),
              LineOf("p2", "SO1", 1, "2025-02-01", "2025-02-02", 700)});
  world_.CatchUp();
  ASSERT_OK(world_.Close("growth", "2025Q1"));
  const std::unique_ptr<rpc::Client> p1 = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p1");

  const std::vector<v1::Statement> own = world_.Statements(*p1);
  ASSERT_THAT(own, SizeIs(1));
  EXPECT_EQ(own[0].name(), "partners/p1/statements/1");
  v1::ListAccrualsRequest list;
  list.set_parent("partners/-");
  ASSERT_OK_AND_ASSIGN(const auto accruals,
                       p1->Call<v1::ListAccrualsResponse>(std::string(kAccruals) + "ListAccruals", list));
  ASSERT_EQ(accruals.accruals_size(), 1);
  EXPECT_EQ(accruals.accruals(0).name(), "partners/p1/accruals/growth.2025Q1");

  // There and not there answer alike under another's name.
  std::string denial;
  for (const char* name : {"partners/p2/statements/1", "partners/p2/statements/2", "partners/p3/statements/1"}) {
    v1::GetStatementRequest get;
    get.set_name(name);
    const absl::Status status = p1->Call<v1::Statement>(std::string(kStatements) + "GetStatement", get).status();
    EXPECT_THAT(status, HasReason(Reason::kPermissionDenied)) << name;
    v1::ListStatementLinesRequest lines;
    lines.set_parent(name);
    EXPECT_THAT(p1->Call<v1::ListStatementLinesResponse>(std::string(kStatements) + "ListStatementLines", lines),
                HasReason(Reason::kPermissionDenied))
        << name;
  }
  v1::ClosePeriodRequest close;
  close.set_name("programs/growth/closes/2025Q2");
  EXPECT_THAT(p1->Call<google::longrunning::Operation>(std::string(kCloses) + "ClosePeriod", close),
              HasReason(Reason::kPermissionDenied));
}

TEST_F(ServiceTest, ACloseHappensOnce) {
  world_.CreateActive("growth");
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 500)});
  world_.CatchUp();
  const std::string method = std::string(kCloses) + "ClosePeriod";
  v1::ClosePeriodRequest request;
  request.set_name("programs/growth/closes/2025Q1");
  request.set_request_id(NewRequestId());
  request.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const auto trial, world_.finance().Call<google::longrunning::Operation>(method, request));
  EXPECT_EQ(AnswerOf<v1::PeriodClose>(trial).statements(), 1);
  EXPECT_THAT(world_.Statements(world_.finance()), IsEmpty());

  request.set_validate_only(false);
  std::vector<absl::StatusOr<google::longrunning::Operation>> answers(8, absl::UnknownError(""));
  std::vector<std::thread> callers;
  for (size_t i = 0; i < answers.size(); ++i) {
    callers.emplace_back([&, i] {
      v1::ClosePeriodRequest mine = request;
      if (i % 2 == 1) mine.set_request_id(NewRequestId());
      answers[i] = world_.finance().Call<google::longrunning::Operation>(method, mine);
    });
  }
  for (std::thread& caller : callers) caller.join();
  int done = 0;
  std::string name;
  for (const auto& answer : answers) {
    if (!answer.ok()) {
      EXPECT_THAT(answer, HasReason(Reason::kPeriodClosed));
      continue;
    }
    ++done;
    if (!name.empty()) EXPECT_EQ(answer->name(), name) << "the same request, the same answer";
    name = answer->name();
  }
  EXPECT_GE(done, 1);
  EXPECT_THAT(world_.Statements(world_.finance()), SizeIs(1));

  v1::GetOperationRequest get;
  get.set_name(name);
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(kOperations, get));
  EXPECT_EQ(AnswerOf<v1::PeriodClose>(operation).name(), request.name());
}

TEST_F(ServiceTest, SimulationsStateNothing) {
  std::vector<ShipmentLine> lines;
  for (int i = 0; i < 40; ++i) {
    lines.push_back(LineOf("p" + std::to_string(i % 4), "SO" + std::to_string(i), 1,
                           i % 2 == 0 ? "2025-01-15" : "2025-05-15", "2025-06-01", 1000 * i, 500000));
  }
  feed_.Tell(lines);
  world_.CatchUp();
  const std::string method = std::string(kSimulations) + "CreateSimulation";
  v1::CreateSimulationRequest request;
  request.set_simulation_id("retroactive");
  request.set_request_id(NewRequestId());
  *request.mutable_simulation()->mutable_program() = Terms("shape: RETROACTIVE");
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(method, request));
  const auto simulation = AnswerOf<v1::Simulation>(operation);
  EXPECT_EQ(simulation.name(), "simulations/retroactive");
  EXPECT_EQ(simulation.statements(), 4);  // even documents are p0's and p2's and the first quarter's
  EXPECT_EQ(simulation.lines(), 40);
  ASSERT_EQ(simulation.periods_size(), 2);
  EXPECT_EQ(simulation.periods(0).period(), "2025Q1");
  EXPECT_EQ(simulation.periods(0).partners(), 2);
  EXPECT_THAT(world_.Accruals(), IsEmpty());
  EXPECT_THAT(world_.Statements(world_.finance()), IsEmpty());

  // The same terms in earnest come to the same.
  world_.CreateActive("earnest", Terms("shape: RETROACTIVE"));
  int64_t cents = 0;
  for (const char* period : {"2025Q1", "2025Q2"}) {
    ASSERT_OK_AND_ASSIGN(const v1::PeriodClose close, world_.Close("earnest", period));
    cents += close.total().units() * 100 + close.total().nanos() / 10000000;
  }
  EXPECT_EQ(simulation.total().units() * 100 + simulation.total().nanos() / 10000000, cents);

  v1::GetSimulationRequest get;
  get.set_name(simulation.name());
  ASSERT_OK_AND_ASSIGN(const auto kept,
                       world_.finance().Call<v1::Simulation>(std::string(kSimulations) + "GetSimulation", get));
  EXPECT_EQ(kept.SerializeAsString(), simulation.SerializeAsString());
  v1::ListSimulationsRequest list;
  ASSERT_OK_AND_ASSIGN(const auto page, world_.finance().Call<v1::ListSimulationsResponse>(
                                            std::string(kSimulations) + "ListSimulations", list));
  EXPECT_EQ(page.simulations_size(), 1);

  // An answer too large to be kept with the request is read again by its operation's name.
  request.set_simulation_id("large");
  request.set_request_id(NewRequestId());
  v1::Program& terms = *request.mutable_simulation()->mutable_program();
  terms.set_display_name(std::string(255, 'x'));
  for (int i = 3; i < 50; ++i) {
    v1::Program::Tier* tier = terms.add_tiers();
    tier->mutable_from_amount()->set_value(std::to_string(100000000 + i) + ".123456");
    tier->mutable_rate()->set_value("0.123456");
  }
  lines.clear();
  for (int year = 1990; year < 2025; ++year) {
    lines.push_back(LineOf("p1", "OLD" + std::to_string(year), 1, std::to_string(year) + "-01-01", "2025-06-01", 10));
    lines.push_back(LineOf("p1", "OLD" + std::to_string(year), 2, std::to_string(year) + "-04-01", "2025-06-01", 10));
    lines.push_back(LineOf("p1", "OLD" + std::to_string(year), 3, std::to_string(year) + "-07-01", "2025-06-01", 10));
  }
  *terms.mutable_effective_from() = DateOf("1990-01-01");
  feed_.Tell(lines);
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const auto large, world_.finance().Call<google::longrunning::Operation>(method, request));
  EXPECT_GT(large.ByteSizeLong(), 4096u);
  ASSERT_OK_AND_ASSIGN(const auto again, world_.finance().Call<google::longrunning::Operation>(method, request));
  EXPECT_EQ(again.SerializeAsString(), large.SerializeAsString());
}

}  // namespace
}  // namespace tributary::incentive
