#pragma once

// For tests: a world of this service with a feed to follow, and what is asked of it again and again.

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/wire.h"
#include "events_schema.h"
#include "google/protobuf/text_format.h"
#include "incentive-service/testing_service.h"
#include "incentive-service/testing_terms.h"
#include "incentive_schema.h"
#include "rpc_schema.h"
#include "tests/support/database_server.h"
#include "tributary/events/v1/feed.pb.h"
#include "tributary/incentive/v1/accrual.pb.h"
#include "tributary/incentive/v1/period_close.pb.h"
#include "tributary/incentive/v1/program_service.pb.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::incentive {

inline constexpr char kPrograms[] = "tributary.incentive.v1.ProgramService/";
inline constexpr char kAccruals[] = "tributary.incentive.v1.AccrualService/";
inline constexpr char kCloses[] = "tributary.incentive.v1.PeriodCloseService/";
inline constexpr char kStatements[] = "tributary.incentive.v1.StatementService/";
inline constexpr char kSimulations[] = "tributary.incentive.v1.SimulationService/";
inline constexpr char kOperations[] = "tributary.incentive.v1.OperationService/GetOperation";

inline google::type::Date DateOf(std::string_view text) { return wire::ToProto(*Date::Parse(text)); }

inline inventory::v1::ShipmentLine LineOf(const std::string& partner, const std::string& document, int line,
                                          std::string_view order_date, std::string_view ship_date, int64_t units,
                                          int32_t nanos = 0, const std::string& currency = "USD") {
  inventory::v1::ShipmentLine message;
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

inline inventory::v1::ShipmentLine ReversalOf(const inventory::v1::ShipmentLine& line) {
  inventory::v1::ShipmentLine reversal = line;
  reversal.set_name(line.name() + ".r1");
  reversal.set_reverses(line.name());
  reversal.mutable_quantity()->set_value("-1");
  reversal.mutable_net_amount()->set_units(-line.net_amount().units());
  reversal.mutable_net_amount()->set_nanos(-line.net_amount().nanos());
  return reversal;
}

// Marginal 1 %, from 20,000 2 %, from 60,000 3.5 %, on order dates from 2025 on; `more` is text format.
inline v1::Program Terms(const std::string& more = "") {
  v1::Program program = QuarterlyTerms("Quarterly growth", 2025, 1);
  v1::Program changes;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(more, &changes));
  program.MergeFrom(changes);
  return program;
}

inline std::string NewRequestId() { return Uuid::New(absl::Now()).ToString(); }

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
  absl::StatusOr<v1::BatchIssueStatementsResponse> Issue(const std::string& period,
                                                         const std::string& parent = "partners/-") {
    v1::BatchIssueStatementsRequest request;
    request.set_parent(parent);
    request.set_period(period);
    request.set_request_id(NewRequestId());
    return finance_->Call<v1::BatchIssueStatementsResponse>(std::string(kStatements) + "BatchIssueStatements", request);
  }
  // Closes the period of the program and issues what that made.
  absl::StatusOr<v1::PeriodClose> CloseAndIssue(const std::string& program, const std::string& period) {
    ASSIGN_OR_RETURN(v1::PeriodClose close, Close(program, period));
    RETURN_IF_ERROR(Issue(period).status());
    return close;
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
    int64_t parked = 0;
    for (const auto& position : positions->positions()) parked += position.parked();
    return parked;
  }

 private:
  const TestKeys& keys_;
  ShipmentFeed& feed_;
  const std::unique_ptr<mysql::Database> database_;
  std::unique_ptr<IncentiveProcess> process_;
  std::unique_ptr<rpc::Client> finance_;
};

inline std::string Amount(const google::type::Money& money) {
  char text[64];
  std::snprintf(text, sizeof text, "%s %lld.%09d", money.currency_code().c_str(), static_cast<long long>(money.units()),
                std::abs(money.nanos()));
  return text;
}

// A feed, and one world that follows it.
class WorldTest : public ::testing::Test {
 protected:
  const TestKeys keys_;
  const std::unique_ptr<mysql::Database> inventory_ = testing::FreshDatabase({&schema::events(), &schema::rpc()});
  ShipmentFeed feed_{keys_, *inventory_};
  World world_{keys_, feed_};
};

}  // namespace tributary::incentive
