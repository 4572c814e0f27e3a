// One sale a call, recorded with its posting and its position: under no load, one call in its median time, against a
// bare client that sends the same statements in one transaction, and a call of a bare echo before it; and a crowd of
// clients that record sales of one partner, whose rows they all want, against as many such bare clients.

#include <atomic>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "common/ids/uuid.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/testing_service.h"
#include "tests/bench/bench.h"
#include "tests/bench/load.h"
#include "tests/support/database_server.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"

namespace tributary::bench {
namespace {

using inventory::v1::CreateSellThroughSaleRequest;
using inventory::v1::SellThroughSale;
constexpr char kMethod[] = "tributary.inventory.v1.SellThroughSaleService/CreateSellThroughSale";
constexpr char kPath[] = "/tributary.inventory.v1.SellThroughSaleService/CreateSellThroughSale";

CreateSellThroughSaleRequest Sale(int n) {
  CreateSellThroughSaleRequest request;
  request.set_parent("partners/acme");
  request.set_request_id(Uuid::New(absl::Now()).ToString());
  SellThroughSale& sale = *request.mutable_sell_through_sale();
  sale.set_document(StrCat("INV-", n));
  sale.set_line(1);
  *sale.mutable_sale_date() = wire::ToProto(Date::FromYmd(2026, 6, 1).value());
  sale.set_product("products/bike");
  sale.mutable_quantity()->set_value("1");
  sale.set_region("regions/aw-1");
  sale.set_end_customer("EC1");
  return request;
}

// What recording one sale sends to the database.
absl::Status Statements(mysql::Transaction& sql, int n, std::string_view request_id, std::string_view reply) {
  const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(absl::Now()));
  const Date day = Date::FromYmd(2026, 6, 1).value();
  const std::string document = StrCat("INV-", n), name = StrCat("partners/acme/sales/", document, ".1");
  const int shard = events::ShardOf("acme");
  RETURN_IF_ERROR(sql.Query("SELECT id, product_line, kind FROM product WHERE id IN (?)", {"bike"}));
  RETURN_IF_ERROR(sql.Query("SELECT generation FROM sell_through_sale WHERE document = ? AND partner = ? AND line = ?",
                            {document, "acme", 1}));
  RETURN_IF_ERROR(sql.InsertRows(
      "INSERT INTO stock_position (partner, site, product, lot, bucket, quantity, update_time) VALUES", 7,
      {"acme", "main", "bike", "", 1, Decimal::FromInt(-1), now},
      "ON DUPLICATE KEY UPDATE quantity = quantity + VALUES(quantity), update_time = GREATEST(update_time, "
      "VALUES(update_time))"));
  RETURN_IF_ERROR(sql.Query("SELECT partner, site, last_closing FROM counted_site WHERE partner IN (?)", {"acme"}));
  RETURN_IF_ERROR(sql.InsertRows("INSERT INTO bench_request (id, at, reply) VALUES", 3, {request_id, now, reply}));
  RETURN_IF_ERROR(sql.InsertRows("INSERT INTO bench_audit (id, at, name) VALUES", 3, {request_id, now, name}));
  RETURN_IF_ERROR(sql.InsertRowsAs("INSERT INTO feed (shard, seq, at) VALUES", "(?, ?, UTC_TIMESTAMP(6))", 2,
                                   {shard, 1},
                                   "ON DUPLICATE KEY UPDATE seq = seq + VALUES(seq), at = GREATEST(at, VALUES(at))"));
  ASSIGN_OR_RETURN(const mysql::Rows head, sql.Query("SELECT shard, seq, at FROM feed WHERE shard = ?", {shard}));
  const int64_t seq = head.at(0).Int(1);
  RETURN_IF_ERROR(sql.InsertRows(
      "INSERT INTO bench_sale (document, partner, line, generation, product, product_line, quantity, shard, seq, "
      "recorded_at, sale_date, region, end_customer) VALUES",
      13, {document, "acme", 1, 0, "bike", "bikes", Decimal::FromInt(1), shard, seq, now, day, "aw-1", "EC1"}));
  return sql.InsertRows(
      "INSERT INTO stock_posting (partner, product, shard, seq, n, lot, from_place, to_place, quantity, "
      "effective_date, cause, recorded_at) VALUES",
      12, {"acme", "bike", shard, seq, 1, "", "main", "@customer", Decimal::FromInt(1), day, name, now});
}

// Tables of the frame and of the fact, with the columns that the statements above fill.
absl::Status MakeTables(mysql::Database& database) {
  return database.Transact({}, [](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(
        sql.Execute("CREATE TABLE bench_request (id VARBINARY(64) NOT NULL PRIMARY KEY, at DATETIME(6) NOT "
                    "NULL, reply BLOB NOT NULL) ENGINE=InnoDB"));
    RETURN_IF_ERROR(
        sql.Execute("CREATE TABLE bench_audit (id VARBINARY(64) NOT NULL PRIMARY KEY, at DATETIME(6) NOT "
                    "NULL, name VARBINARY(255) NOT NULL) ENGINE=InnoDB"));
    return sql
        .Execute(
            "CREATE TABLE bench_sale (document VARBINARY(64) NOT NULL, partner VARBINARY(64) NOT NULL, line INT NOT "
            "NULL, generation INT NOT NULL, product VARBINARY(64) NOT NULL, product_line VARBINARY(64) NOT NULL, "
            "quantity DECIMAL(38,6) NOT NULL, shard SMALLINT NOT NULL, seq BIGINT NOT NULL, recorded_at DATETIME(6) "
            "NOT NULL, sale_date DATE NOT NULL, region VARBINARY(64) NOT NULL, end_customer VARBINARY(255) NOT NULL, "
            "PRIMARY KEY (document, partner, line, generation), UNIQUE KEY by_position (shard, seq)) ENGINE=InnoDB")
        .status();
  });
}

constexpr int kClients = 32;

// The service, and a schema for the bare client.
class Sales {
 public:
  Sales()
      : partners_(keys_, testing::FreshDatabase(inventory::PartnerSchemas())),
        database_(testing::FreshDatabase(inventory::InventorySchemas())),
        process_(keys_, *database_, partners_.address()),
        raw_(OpenWith(kClients)) {
    partners_.Know("acme");
    Must(inventory::Inventory(process_.client()).MakeProducts({"bike"}), "products");
    Must(MakeTables(*raw_), "tables");
  }

  const inventory::TestKeys& keys() const { return keys_; }
  void Create() {
    Must(process_.client().Call<SellThroughSale>(kMethod, Sale(++n_)).status(), "CreateSellThroughSale");
  }
  // `reply` gives the bytes to be kept with the request id.
  void Store(absl::FunctionRef<std::string(const CreateSellThroughSaleRequest&)> reply) {
    const int n = ++n_;
    const CreateSellThroughSaleRequest request = Sale(n);
    const std::string bytes = reply(request);
    Must(raw_->Transact({}, [&](mysql::Transaction& sql) { return Statements(sql, n, request.request_id(), bytes); }),
         "statements");
  }

 private:
  inventory::TestKeys keys_;
  inventory::TestPartners partners_;
  const std::unique_ptr<mysql::Database> database_;
  inventory::TestInventory process_;
  const std::unique_ptr<mysql::Database> raw_;
  std::atomic<int> n_{0};
};

}  // namespace

void OnePosting(const Settings& settings) {
  Sales sales;
  const BareServer echo(kPath, BareServer::Handler<CreateSellThroughSaleRequest, SellThroughSale>(
                                   [](grpc::CallbackServerContext* context, const CreateSellThroughSaleRequest* request,
                                      SellThroughSale* reply) {
                                     *reply = request->sell_through_sale();
                                     grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
                                     reactor->Finish(grpc::Status::OK);
                                     return reactor;
                                   }));
  rpc::Client client(
      {.address = echo.address(), .token = [&sales] { return sales.keys().Token(api::v1::ADMINISTRATOR); }});
  Compare(
      {.name = "one_posting",
       .unit = "postings/s, one at a time",
       .peer = "a bare echo and the same statements by a bare client",
       .goal = 0.67},
      settings, [&] { return MedianRate(settings.round, [&] { sales.Create(); }); },
      [&] {
        return MedianRate(settings.round, [&] {
          sales.Store([&](const CreateSellThroughSaleRequest& request) {
            const auto reply = client.Call<SellThroughSale>(kMethod, request);
            Must(reply.status(), "echo");
            return reply->SerializeAsString();
          });
        });
      });
}

void CrowdedPostings(const Settings& settings) {
  Sales sales;
  Compare(
      {.name = "crowded_postings",
       .unit = "postings/s of one partner, 32 clients",
       .peer = "the same statements, one transaction a posting, 32 bare clients",
       .goal = 1},
      settings, [&] { return RateOf(kClients, settings.round, [&] { sales.Create(); }); },
      [&] {
        return RateOf(kClients, settings.round, [&] {
          sales.Store([](const CreateSellThroughSaleRequest& request) {
            return request.sell_through_sale().SerializeAsString();
          });
        });
      });
}

}  // namespace tributary::bench
