// Shipment lines from a client through BatchImportShipments into facts, postings and positions, with their request ids,
// counts and feed. The peer writes the same rows to the same tables (in a schema of its own on the same server): for
// each batch one transaction of 1,000-row INSERTs and an upsert of the positions, values at hand.

#include <atomic>
#include <cstdio>
#include <map>
#include <thread>
#include <tuple>
#include <vector>

#include "common/ids/uuid.h"
#include "common/text/text.h"
#include "inventory-service/testing_service.h"
#include "tests/bench/bench.h"
#include "tests/bench/load.h"
#include "tests/support/database_server.h"

namespace tributary::bench {
namespace {

using inventory::v1::BatchImportShipmentsRequest;
using inventory::v1::StreamPostShipmentsRequest;

constexpr int kBatch = 1000;    // lines
constexpr int kBatches = 40;    // of a round
constexpr int kSenders = 4;     // batches at a time
constexpr int kMessage = 100;   // lines of a message of a stream
constexpr int kDocument = 20;   // lines of a document
constexpr int kPartners = 200;  // each document is of one of them
constexpr int kProducts = 100;

constexpr std::string_view kInsertLines =
    "INSERT INTO shipment_line (document, line, generation, partner, product, product_line, lot, quantity, posted, "
    "import_id, shard, seq, recorded_at, serials, order_date, ship_date, currency, unit_price, discount, net_amount, "
    "original_line, order_id, order_line, site, awaits_receipt, wallet_amount) VALUES";
constexpr size_t kLineColumns = 26;
constexpr std::string_view kInsertPostings =
    "INSERT INTO stock_posting (partner, product, shard, seq, n, lot, from_place, to_place, quantity, effective_date, "
    "cause, recorded_at) VALUES";

std::string PartnerOfDocument(int document) { return StrCat("p-", document % kPartners); }
std::string ProductOfLine(int document, int line) { return StrCat("product-", (document * 7 + line * 13) % kProducts); }

// A round's batches; lines a second.
double Send(const std::function<void(int batch)>& send) { return kBatch * BatchRate(kSenders, kBatches, send); }

class Ours {
 public:
  Ours()
      : partners_(keys_, testing::FreshDatabase(inventory::PartnerSchemas())),
        database_(testing::FreshDatabase(inventory::InventorySchemas())),
        process_(keys_, *database_, partners_.address()),
        inventory_(process_.client()) {
    for (int i = 0; i < kPartners; ++i) partners_.Know(StrCat("p-", i));
    std::vector<std::string> products;
    products.reserve(kProducts);
    for (int i = 0; i < kProducts; ++i) products.push_back(StrCat("product-", i));
    Must(inventory_.MakeProducts(products), "products");
    const auto import = inventory_.NewImport("shipments");
    Must(import.status(), "import");
    import_ = *import;
  }

  double Round() {
    std::vector<BatchImportShipmentsRequest> requests(kBatches);
    for (BatchImportShipmentsRequest& request : requests) request = NextBatch();
    return Send([&](int batch) {
      const auto reply = inventory_.Call<api::v1::BatchImportResponse>("ShipmentService/BatchImportShipments",
                                                                       requests[batch], {.timeout = absl::Minutes(1)});
      Must(reply.status(), "BatchImportShipments");
      if (reply->accepted() != kBatch) Must(absl::UnknownError(reply->ShortDebugString()), "BatchImportShipments");
    });
  }

  // The same lines over as many streams as there are senders.
  double StreamRound() {
    std::vector<std::vector<StreamPostShipmentsRequest>> streams(kSenders);
    for (int batch = 0; batch < kBatches; ++batch) {
      BatchImportShipmentsRequest rows = NextBatch();
      for (int i = 0; i < rows.rows_size(); ++i) {
        auto& stream = streams[batch % kSenders];
        if (i % kMessage == 0) stream.emplace_back().set_import(import_);
        *stream.back().add_rows() = std::move(*rows.mutable_rows(i));
      }
    }
    const absl::Time start = absl::Now();
    {
      std::vector<std::jthread> senders;
      for (const auto& messages : streams) {
        senders.emplace_back([&] {
          api::v1::StreamPostResponse reply;
          const auto stream =
              process_.client().OpenOutgoing("tributary.inventory.v1.ShipmentService/StreamPostShipments", &reply);
          for (const StreamPostShipmentsRequest& message : messages) stream->Write(message);
          Must(stream->Finish(), "StreamPostShipments");
          if (reply.accepted() != kBatch * kBatches / kSenders) {
            Must(absl::UnknownError(reply.ShortDebugString()), "StreamPostShipments");
          }
        });
      }
    }
    return kBatch * kBatches / absl::ToDoubleSeconds(absl::Now() - start);
  }

 private:
  BatchImportShipmentsRequest NextBatch() {
    BatchImportShipmentsRequest request;
    request.set_import(import_);
    for (int i = 0; i < kBatch / kDocument; ++i, ++document_) {
      for (int line = 1; line <= kDocument; ++line) {
        auto& row = *request.add_rows();
        row.set_row(++row_);
        *row.mutable_line() = inventory::NewLine(PartnerOfDocument(document_), StrCat("SO-", document_), line,
                                                 ProductOfLine(document_, line), 3);
      }
    }
    return request;
  }

  inventory::TestKeys keys_;
  inventory::TestPartners partners_;
  const std::unique_ptr<mysql::Database> database_;
  inventory::TestInventory process_;
  inventory::Inventory inventory_;
  std::string import_;
  int document_ = 0;
  int row_ = 1;
};

// One batch as rows.
struct RawBatch {
  std::vector<std::string> texts;  // what the values point to
  mysql::Values lines, postings, positions;
};

class Theirs {
 public:
  Theirs() : database_(testing::FreshDatabase(inventory::InventorySchemas())) {}

  double Round() {
    std::vector<RawBatch> batches(kBatches);
    for (RawBatch& batch : batches) Fill(&batch);
    return Send([&](int i) {
      const RawBatch& batch = batches[i];
      Must(database_->Transact({},
                               [&](mysql::Transaction& sql) -> absl::Status {
                                 RETURN_IF_ERROR(sql.InsertRows(
                                     "INSERT INTO stock_position (partner, site, product, lot, bucket, quantity, "
                                     "update_time) VALUES",
                                     7, batch.positions,
                                     "ON DUPLICATE KEY UPDATE quantity = quantity + VALUES(quantity), "
                                     "update_time = GREATEST(update_time, VALUES(update_time))"));
                                 RETURN_IF_ERROR(sql.InsertRows(kInsertLines, kLineColumns, batch.lines));
                                 return sql.InsertRows(kInsertPostings, 12, batch.postings);
                               }),
           "raw rows");
    });
  }

 private:
  void Fill(RawBatch* batch) {
    batch->texts.reserve(kBatch * 4);
    const auto text = [&](std::string value) -> std::string_view {
      return batch->texts.emplace_back(std::move(value));
    };
    const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(absl::Now()));
    const Date ordered = Date::FromYmd(2013, 11, 20).value(), shipped = Date::FromYmd(2013, 11, 27).value();
    const Decimal quantity = Decimal::FromInt(3), price = Decimal::Parse("12.3456").value(),
                  net = Decimal::Parse("37.0368").value();
    std::map<std::pair<std::string_view, std::string_view>, int64_t> positions;
    for (int i = 0; i < kBatch / kDocument; ++i, ++document_) {
      const std::string_view document = text(StrCat("SO-", document_)), partner = text(PartnerOfDocument(document_));
      const int shard = events::ShardOf(partner);
      for (int line = 1; line <= kDocument; ++line) {
        const std::string_view product = text(ProductOfLine(document_, line));
        const std::string_view cause = text(StrCat("partners/", partner, "/shipments/", document, "/lines/", line));
        const int64_t seq = ++seqs_[shard];
        batch->lines.insert(
            batch->lines.end(),
            {document, line,    0,     partner, product,   "bikes", "", quantity, 1, import_, shard, seq,      now, "",
             ordered,  shipped, "USD", price,   Decimal(), net,     "", "",       0, "",      0,     Decimal()});
        batch->postings.insert(batch->postings.end(),
                               {partner, product, shard, seq, 1, "", "@vendor", "main", quantity, shipped, cause, now});
        positions[{partner, product}] += 3;
      }
    }
    for (const auto& [key, units] : positions) {
      batch->positions.insert(batch->positions.end(),
                              {key.first, "main", key.second, "", 1, Decimal::FromInt(units), now});
    }
  }

  const std::unique_ptr<mysql::Database> database_;
  const Uuid import_ = Uuid::New(absl::Now());
  int document_ = 0;
  std::map<int, int64_t> seqs_;  // by shard
};

// The same rows, each posting in a transaction of its own, over 32 connections.
class Singles {
 public:
  Singles() : database_(OpenWith(kClients)) {}

  double Round(absl::Duration round) {
    return RateOf(kClients, round, [this] { PostOne(); });
  }

 private:
  static constexpr int kClients = 32;

  void PostOne() {
    const int n = next_++;
    const int number = n / kDocument, line = 1 + n % kDocument;
    const std::string document = StrCat("SO-", number), partner = PartnerOfDocument(number),
                      product = ProductOfLine(number, line),
                      cause = StrCat("partners/", partner, "/shipments/", document, "/lines/", line);
    const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(absl::Now()));
    const Date day = Date::FromYmd(2013, 11, 27).value();
    const Decimal quantity = Decimal::FromInt(3), price = Decimal::Parse("12.3456").value();
    const int shard = n % events::kShards;
    Must(database_->Transact(
             {},
             [&](mysql::Transaction& sql) -> absl::Status {
               RETURN_IF_ERROR(
                   sql.InsertRows("INSERT INTO stock_position (partner, site, product, lot, bucket, quantity, "
                                  "update_time) VALUES",
                                  7, {partner, "main", product, "", 1, quantity, now},
                                  "ON DUPLICATE KEY UPDATE quantity = quantity + VALUES(quantity), "
                                  "update_time = GREATEST(update_time, VALUES(update_time))"));
               RETURN_IF_ERROR(sql.InsertRows(kInsertLines, kLineColumns,
                                              {document,  line,  0,  partner, product, "bikes", "",  quantity, 1,
                                               import_,   shard, n,  now,     "",      day,     day, "USD",    price,
                                               Decimal(), price, "", "",      0,       "",      0,   Decimal()}));
               return sql.InsertRows(kInsertPostings, 12,
                                     {partner, product, shard, n, 1, "", "@vendor", "main", quantity, day, cause, now});
             }),
         "one posting");
  }

  const std::unique_ptr<mysql::Database> database_;
  const Uuid import_ = Uuid::New(absl::Now());
  std::atomic<int> next_{0};
};

}  // namespace

void SellIn(const Settings& settings) {
  Ours ours;
  Theirs theirs;
  Compare(
      {.name = "sell_in",
       .unit = "postings/s",
       .peer = "raw 1,000-row INSERTs and upsert of the same rows",
       .goal = 0.75},
      settings, [&] { return ours.Round(); }, [&] { return theirs.Round(); });
}

void SellInStream(const Settings& settings) {
  Ours ours;
  Theirs theirs;
  Compare(
      {.name = "sell_in_stream",
       .unit = "postings/s",
       .peer = "raw 1,000-row INSERTs and upsert of the same rows",
       .goal = 0.75},
      settings, [&] { return ours.StreamRound(); }, [&] { return theirs.Round(); });
}

void SellInAgainstSingles(const Settings& settings) {
  Ours ours;
  Singles singles;
  Compare(
      {.name = "sell_in_singles",
       .unit = "postings/s",
       .peer = "the same rows, one transaction a posting, 32 clients",
       .goal = 10},
      settings, [&] { return ours.Round(); }, [&] { return singles.Round(settings.round); });
}

void SellInGrowth(const Settings& settings) {
  if (settings.millions == 0) return;
  Ours ours;
  const auto million = [&] {
    const absl::Time start = absl::Now();
    for (int i = 0; i < 1000000 / (kBatch * kBatches); ++i) ours.Round();
    return 1000000 / absl::ToDoubleSeconds(absl::Now() - start);
  };
  const double first = million();
  double last = first;
  for (int i = 2; i <= settings.millions; ++i) {
    last = million();
    std::fprintf(stderr, "sell_in_growth: million %d at %.0f postings/s, %.3f of the first\n", i, last, last / first);
  }
  Print({.name = "sell_in_growth",
         .value = last,
         .unit = "postings/s",
         .peer = "the first million of the same run",
         .peer_value = first,
         .ratio = last / first,
         .goal = 0.9});
}

}  // namespace tributary::bench
