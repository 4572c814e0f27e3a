// Shipment lines from a feed into durable accruals: what the consumer of incentive-service does from the stream to the
// COMMIT, one fact row a line, one accrual row a touched group and batch, told on the own feed. The peer inserts the
// same fact rows into the same table (in a schema of its own on the same server), 1,000 in a transaction, values at
// hand.

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/clock.h"
#include "common/money/money.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "events_schema.h"
#include "incentive-service/facts/fact_consumer.h"
#include "incentive-service/facts/fact_proto.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/testing_facts.h"
#include "incentive-service/testing_service.h"
#include "incentive_schema.h"
#include "rpc_schema.h"
#include "tests/bench/bench.h"
#include "tests/support/database_server.h"

namespace tributary::bench {
namespace {

using incentive::Program;
using inventory::v1::ShipmentLine;

constexpr int kBatch = 1000;    // lines of a transaction
constexpr int kDocument = 20;   // lines of a document
constexpr int kPartners = 200;  // each document is of one of them
constexpr int kProducts = 100;
constexpr int kDays = 90;  // over which the documents of a round are spread

// Line `n` of all that a side ever makes.
struct Numbers {
  explicit Numbers(int n)
      : document(n / kDocument),
        line(1 + n % kDocument),
        partner(StrCat("p-", document % kPartners)),
        name(StrCat("SO-", document)),
        product(StrCat("products/product-", (document * 7 + line * 13) % kProducts)),
        day(Date::FromDays(Date::FromYmd(2026, 1, 1)->days() + document % kDays)),
        net(Decimal::FromMicros(1'000'000 + n % 977 * 12'345'600LL)) {}
  int document;
  int line;
  std::string partner, name, product;
  Date day;
  Decimal net;
};

ShipmentLine LineOf(int n) {
  const Numbers of(n);
  ShipmentLine message;
  message.set_partner("partners/" + of.partner);
  message.set_name(StrCat(message.partner(), "/shipments/", of.name, "/lines/", of.line));
  message.set_document(of.name);
  message.set_line(of.line);
  *message.mutable_order_date() = wire::ToProto(of.day);
  *message.mutable_ship_date() = wire::ToProto(of.day);
  message.set_product(of.product);
  message.set_product_line("productLines/bikes");
  message.mutable_quantity()->set_value("3");
  *message.mutable_net_amount() = wire::ToProto(Money{"USD", of.net});
  return message;
}

// How many lines a round takes.
int LinesOf(const Settings& settings) { return std::clamp(settings.lines / 200, 100, 50'000); }

class Ours {
 public:
  explicit Ours(int lines)
      : lines_(lines),
        inventory_(testing::FreshDatabase({&schema::events(), &schema::rpc()})),
        database_(testing::FreshDatabase({&schema::events(), &schema::rpc(), &schema::incentive()})),
        feed_(keys_, *inventory_),
        client_(keys_.NewClient(feed_.port(), api::v1::SERVICE)) {
    Program program = incentive::GrowthProgram("growth");
    program.state = incentive::ProgramState::kActive;
    Must(database_->Transact({}, [&](mysql::Transaction& sql) { return programs_.Insert(sql, program); }), "program");
  }

  // Tells lines, and follows the feed until all of them are in; lines a second of the latter.
  double Round() {
    for (int end = next_ + lines_; next_ < end;) {
      std::vector<ShipmentLine> batch;
      while (batch.size() < kBatch && next_ < end) batch.push_back(LineOf(next_++));
      feed_.Tell(batch);
    }
    const std::vector<int64_t> heads = feed_.Heads();
    events::Consumer consumer(
        *database_, *client_, clock_,
        {.feed = "inventory",
         .payload_types = {std::string(incentive::kShipmentLineType)},
         .owner = "bench",
         .batch = incentive::kFactBatch},
        [this](mysql::Transaction& sql, absl::Span<const events::Event> events, events::Outbox& outbox) {
          return facts_.Apply(sql, events, outbox);
        },
        &registry_);
    const absl::Time start = absl::Now();
    consumer.Start();
    while (!Reached(heads)) absl::SleepFor(absl::Milliseconds(5));
    const absl::Duration took = absl::Now() - start;
    consumer.Stop();
    return lines_ / absl::ToDoubleSeconds(took);
  }

  // That nothing was left out.
  void Check() {
    Must(database_->Transact({},
                             [&](mysql::Transaction& sql) -> absl::Status {
                               ASSIGN_OR_RETURN(const mysql::Rows accrued, sql.Query("SELECT SUM(line_count) FROM "
                                                                                     "accrual"));
                               ASSIGN_OR_RETURN(const mysql::Rows facts, sql.Query("SELECT COUNT(*) FROM fact_line"));
                               if (accrued[0].Text(0) == StrCat(next_) && facts[0].Int(0) == next_) {
                                 return absl::OkStatus();
                               }
                               return absl::DataLossError(StrCat(next_, " lines told, ", facts[0].Int(0),
                                                                 " facts, accrued ", accrued[0].Text(0)));
                             }),
         "accrual_ingest");
  }

 private:
  bool Reached(const std::vector<int64_t>& heads) {
    bool reached = true;
    Must(database_->Transact({.autocommit_reads = true},
                             [&](mysql::Transaction& sql) -> absl::Status {
                               std::vector<int64_t> applied(heads.size());
                               ASSIGN_OR_RETURN(const auto cursors, events::AppliedCursors(sql, "inventory"));
                               for (const events::Cursor& cursor : cursors) applied[cursor.shard] = cursor.seq;
                               reached = applied == heads;
                               return absl::OkStatus();
                             }),
         "cursors");
    return reached;
  }

  const int lines_;
  int next_ = 0;
  const SystemClock clock_;
  prometheus::Registry registry_;
  const incentive::TestKeys keys_;
  const std::unique_ptr<mysql::Database> inventory_, database_;
  incentive::ShipmentFeed feed_;
  const std::unique_ptr<rpc::Client> client_;
  incentive::ProgramStore programs_;
  incentive::FactConsumer facts_;
};

// The same fact rows.
class Theirs {
 public:
  explicit Theirs(int lines)
      : lines_(lines), database_(testing::FreshDatabase({&schema::events(), &schema::rpc(), &schema::incentive()})) {}

  double Round() {
    std::vector<Batch> batches((lines_ + kBatch - 1) / kBatch);
    for (Batch& batch : batches) Fill(&batch);
    const absl::Time start = absl::Now();
    for (const Batch& batch : batches) {
      Must(database_->Transact({},
                               [&](mysql::Transaction& sql) { return sql.InsertRows(kInsert, kWidth, batch.values); }),
           "raw rows");
    }
    return lines_ / absl::ToDoubleSeconds(absl::Now() - start);
  }

 private:
  static constexpr std::string_view kInsert =
      "INSERT INTO fact_line (partner, fact, source, kind, refers, shard, seq, recorded_at, document, line, "
      "order_date, "
      "ship_date, product, product_line, quantity, net_amount, currency, order_basis, ship_basis, reversed_seq, "
      "reversed_at, original_seq, original_at, discount, wallet_amount) VALUES";
  static constexpr size_t kWidth = 25;

  struct Batch {
    std::deque<std::string> texts;
    mysql::Values values;
  };

  void Fill(Batch* batch) {
    const auto text = [&](std::string value) -> std::string_view {
      return batch->texts.emplace_back(std::move(value));
    };
    const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(absl::Now()));
    const int round_end = (next_ / lines_ + 1) * lines_;
    for (int i = 0; i < kBatch && next_ < round_end; ++i, ++next_) {
      const Numbers of(next_);
      const std::string_view fact = text(StrCat("shipments/", of.name, "/lines/", of.line));
      batch->values.insert(batch->values.end(), {text(of.partner),
                                                 fact,
                                                 1,
                                                 1,
                                                 std::nullopt,
                                                 events::ShardOf(of.partner),
                                                 next_ + 1,
                                                 now,
                                                 text(of.name),
                                                 of.line,
                                                 of.day,
                                                 of.day,
                                                 text(of.product),
                                                 "productLines/bikes",
                                                 Decimal::FromInt(3),
                                                 of.net,
                                                 "USD",
                                                 of.day,
                                                 of.day,
                                                 std::nullopt,
                                                 std::nullopt,
                                                 std::nullopt,
                                                 std::nullopt,
                                                 Decimal(),
                                                 Decimal()});
    }
  }

  const int lines_;
  const std::unique_ptr<mysql::Database> database_;
  int next_ = 0;
};

}  // namespace

void AccrualIngest(const Settings& settings) {
  const int lines = LinesOf(settings);
  Ours ours(lines);
  Theirs theirs(lines);
  Compare(
      {.name = "accrual_ingest", .unit = "lines/s", .peer = "raw 1,000-row INSERTs of the same fact rows", .goal = 0.3},
      settings, [&] { return ours.Round(); }, [&] { return theirs.Round(); });
  ours.Check();
}

}  // namespace tributary::bench
