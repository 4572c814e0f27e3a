// A program simulated over everything that is recorded, from the call to the stored answer: CreateSimulation with other
// terms each time, over 60,855 lines of AdventureWorks and 541,909 of UCI Online Retail, whose customers stand for
// partners and whose sales for shipments in the same currency (where TRIBUTARY_REAL_DATA names the folder; else as many
// that are made up). The peer is a bare client that has the database add up the same sums in one GROUP BY, and values
// and stores nothing. simulate_year does the same over so many million lines of a year.

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/time/clock.h"
#include "common/csv/csv_reader.h"
#include "common/mysql/connection.h"
#include "common/text/text.h"
#include "events_schema.h"
#include "google/longrunning/operations.pb.h"
#include "incentive-service/facts/fact_rows.h"
#include "incentive-service/facts/resident_fact_store.h"
#include "incentive-service/simulations/simulation_service.h"
#include "incentive-service/testing_service.h"
#include "incentive-service/testing_terms.h"
#include "incentive_schema.h"
#include "rpc_schema.h"
#include "tests/bench/bench.h"
#include "tests/support/database_server.h"
#include "tributary/incentive/v1/simulation.pb.h"

namespace tributary::bench {
namespace {

using incentive::FactLine;
namespace pb = incentive::v1;

constexpr int kBatch = 1000;            // lines of a transaction
constexpr int kRealLines = 602'764;     // of both files
constexpr int kMadeUpPartners = 5'000;  // where lines are made up

template <typename T>
T Value(absl::StatusOr<T> value, const char* what) {
  Must(value.status(), what);
  return *std::move(value);
}

Date DayOf(std::string_view text) { return Value(Date::Parse(text.substr(0, 10)), "date"); }
Decimal NumberOf(std::string_view text) { return Value(Decimal::Parse(text), "number"); }

FactLine LineOf(std::string partner, std::string document, int64_t line, Date ordered, Date shipped) {
  FactLine fact;
  fact.partner = std::move(partner);
  fact.fact = StrCat("shipments/", document, "/lines/", line);
  fact.document = std::move(document);
  fact.line = line;
  fact.order_date = fact.order_basis = ordered;
  fact.ship_date = fact.ship_basis = shipped;
  fact.product_line = "productLines/all";
  fact.currency = "USD";
  return fact;
}

// Writes lines as the consumer leaves them, with its cursors.
class Writer {
 public:
  Writer(mysql::Database& database, int most) : database_(database), most_(most) {}

  bool full() const { return count_ == most_; }
  void Add(FactLine line) {
    if (full()) return;
    ++count_;
    line.shard = events::ShardOf(line.partner);
    line.seq = ++heads_[line.shard];
    line.recorded_at = absl::FromUnixSeconds(1'767'225'600);
    batch_.push_back(std::move(line));
    if (batch_.size() == kBatch) Write();
  }
  int Finish() {
    Write();
    return count_;
  }

 private:
  void Write() {
    mysql::Values cursors;
    for (const auto& [shard, head] : heads_) cursors.insert(cursors.end(), {"inventory", shard, head, "", "", 0});
    Must(database_.Transact(
             {},
             [&](mysql::Transaction& sql) -> absl::Status {
               RETURN_IF_ERROR(sql.InsertRows(StrCat("INSERT INTO fact_line (", incentive::kFactColumns, ") VALUES"),
                                              incentive::kFactWidth, incentive::FactValues(batch_)));
               return sql.InsertRowsAs(
                   "INSERT INTO consumer (feed, shard, seq, source_epoch, owner, epoch, lease_until) "
                   "VALUES",
                   "(?, ?, ?, ?, ?, ?, NOW(6))", 6, cursors, "ON DUPLICATE KEY UPDATE seq = VALUES(seq)");
             }),
         "lines");
    batch_.clear();
  }

  mysql::Database& database_;
  const int most_;
  int count_ = 0;
  std::map<int, int64_t> heads_;  // by shard
  std::vector<FactLine> batch_;
};

// Each row of the file but its head, until the writer is full.
void EachRow(const std::string& path, const Writer& writer,
             const std::function<void(const std::vector<std::string>&)>& take) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) Must(absl::NotFoundError(path), "simulate_program");
  const absl::Cleanup close = [file] { std::fclose(file); };
  CsvReader reader(CsvReader::FromFile(file));
  CsvRow row;
  while (!writer.full() && reader.Next(&row)) {
    Must(row.status, path);
    if (row.number > 1) take(row.fields);
  }
  Must(reader.status(), path);
}

void WriteReal(const std::string& folder, Writer* writer) {
  EachRow(folder + "/adventureworks_dw/reseller_order_lines.csv", *writer, [&](const auto& field) {
    FactLine line = LineOf("r" + field[5], field[0], std::atoi(field[1].c_str()), DayOf(field[2]), DayOf(field[4]));
    line.product = "products/" + field[6];
    line.quantity = NumberOf(field[11]);
    line.net = NumberOf(field[16]);
    writer->Add(std::move(line));
  });
  struct Order {
    std::string partner, invoice;
    Date date;
  };
  std::map<std::string, Order> orders;
  EachRow(folder + "/uci_online_retail/orders.csv", *writer, [&](const auto& field) {
    orders[field[0]] = {field[3].empty() ? "uci-nobody" : "uci-" + field[3], field[1], DayOf(field[2])};
  });
  int64_t number = 0;
  EachRow(folder + "/uci_online_retail/order_lines.csv", *writer, [&](const auto& field) {
    const Order& order = orders.at(field[0]);
    FactLine line = LineOf(order.partner, "U" + order.invoice, ++number, order.date, order.date);
    line.product = "products/uci-" + field[1];
    line.quantity = NumberOf(field[2]);
    // Whole units, so the product is in millionths too.
    line.net = Decimal::FromMicros(NumberOf(field[3]).micros() * (line.quantity.micros() / Decimal::kUnit));
    writer->Add(std::move(line));
  });
}

// Of a year, amounts to 2,000 with four decimals; of 25 lines one takes back.
void WriteMadeUp(Writer* writer) {
  std::mt19937_64 random(20260101);
  const auto pick = [&](int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random);
  };
  const Date first = DayOf("2025-01-01");
  for (int64_t number = 0; !writer->full(); ++number) {
    const Date day = first.AddDays(static_cast<int>(pick(0, 364)));
    FactLine line = LineOf(StrCat("m", pick(1, kMadeUpPartners)), StrCat("M", number), 1, day, day);
    line.product = StrCat("products/", pick(1, 4'000));
    line.quantity = Decimal::FromInt(pick(1, 12));
    line.net = Decimal::FromMicros(pick(1, 20'000'000) * 100 * (pick(1, 25) == 1 ? -1 : 1));
    writer->Add(std::move(line));
  }
}

// The service's method behind its frame.
class Simulator {
 public:
  explicit Simulator(mysql::Database& database)
      : resident_(database),
        service_(page_tokens_, resident_),
        server_(
            rpc::Frame{.clock = &clock_, .database = &database, .verifier = &keys_.verifier(), .registry = &registry_},
            rpc::ServerOptions{.address = "127.0.0.1:0"}) {
    service_.Register(server_);
    Must(server_.Start(), "server");
    client_ = keys_.NewClient(server_.port(), api::v1::FINANCE);
    *request_.mutable_simulation()->mutable_program() = incentive::QuarterlyTerms("Try", 2009, 1);
  }
  ~Simulator() { server_.Drain(); }

  // Other terms each time.
  pb::Simulation Simulate() {
    request_.mutable_simulation()->mutable_program()->mutable_tiers(1)->mutable_rate()->set_value(
        StrCat("0.02", 1000 + ++round_ % 9000));
    const auto operation =
        Value(client_->Call<google::longrunning::Operation>("tributary.incentive.v1.SimulationService/CreateSimulation",
                                                            request_, {.timeout = absl::Minutes(10)}),
              "CreateSimulation");
    pb::Simulation simulation;
    if (!operation.response().UnpackTo(&simulation)) Must(absl::DataLossError("no simulation"), "simulate_program");
    return simulation;
  }
  int64_t resident_lines() {
    const auto reading = Value(resident_.Read(absl::InfiniteFuture()), "resident lines");
    return reading.has_value() ? reading->lines() : 0;
  }

 private:
  const SystemClock clock_;
  const PageTokens page_tokens_{"page tokens are sealed with this, in benchmarks alone"};
  prometheus::Registry registry_;
  const incentive::TestKeys keys_;
  incentive::ResidentFactStore resident_;
  incentive::SimulationService service_;
  rpc::Server server_;
  std::unique_ptr<rpc::Client> client_;
  pb::CreateSimulationRequest request_;
  int round_ = 0;
};

// The same sums from the database: lines of all groups, and how many groups there are.
class GroupBy {
 public:
  explicit GroupBy(mysql::Options options) {
    options.statement_timeout = absl::Minutes(10);
    connection_ = Value(mysql::Connection::Open(options), "peer");
  }

  std::pair<int64_t, int64_t> Ask() {
    const mysql::Rows rows = Value(
        connection_->Query("SELECT partner, YEAR(order_basis), QUARTER(order_basis), SUM(net_amount), COUNT(*) FROM "
                           "fact_line WHERE source = 1 AND kind < 3 AND reversed_seq IS NULL AND currency = 'USD' "
                           "GROUP BY partner, YEAR(order_basis), QUARTER(order_basis)"),
        "GROUP BY");
    int64_t lines = 0;
    for (const mysql::Row& row : rows) lines += row.Int(4);
    return {lines, static_cast<int64_t>(rows.size())};
  }

 private:
  std::unique_ptr<mysql::Connection> connection_;
};

void SimulateOver(const char* name, const Settings& settings, int lines, double goal,
                  const std::function<void(Writer*)>& write) {
  const auto database = testing::FreshDatabase({&schema::events(), &schema::rpc(), &schema::incentive()});
  Writer writer(*database, lines);
  write(&writer);
  const int written = writer.Finish();
  Simulator simulator(*database);
  const absl::Time start = absl::Now();
  const pb::Simulation first = simulator.Simulate();
  std::fprintf(stderr, "%s: %d lines; the first simulation, which loads them, took %.2f s\n", name, written,
               absl::ToDoubleSeconds(absl::Now() - start));
  if (simulator.resident_lines() != written) Must(absl::DataLossError("not all lines are in memory"), name);
  GroupBy peer(database->options());
  if (peer.Ask() != std::pair<int64_t, int64_t>(first.lines(), first.statements()) || first.lines() != written) {
    Must(absl::DataLossError("the peer adds up other lines"), name);
  }
  Line line{name};
  line.unit = "lines/s";
  line.peer = "a bare client, the same sums in one GROUP BY";
  line.goal = goal;
  Compare(
      line, settings, [&] { return written * MedianRate(settings.round, [&] { simulator.Simulate(); }); },
      [&] { return written * MedianRate(settings.round, [&] { peer.Ask(); }); });
}

}  // namespace

void SimulateProgram(const Settings& settings) {
  const char* const folder = std::getenv("TRIBUTARY_REAL_DATA");
  if (folder == nullptr) std::fprintf(stderr, "simulate_program: lines are made up: TRIBUTARY_REAL_DATA is unset\n");
  SimulateOver("simulate_program", settings, std::min(settings.lines, kRealLines), 5,
               [&](Writer* writer) { folder == nullptr ? WriteMadeUp(writer) : WriteReal(folder, writer); });
}

void SimulateYear(const Settings& settings) {
  if (settings.millions == 0) return;
  Settings few = settings;
  few.rounds = std::min(settings.rounds, 3);
  SimulateOver("simulate_year", few, settings.millions * 1'000'000, 10, WriteMadeUp);
}

}  // namespace tributary::bench
