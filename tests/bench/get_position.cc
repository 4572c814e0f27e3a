// One position under no load, through the whole frame. The peer is a callback server of the bare library whose workers
// take a connection of a pool and select the same row.

#include "common/mysql/connection.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/testing_service.h"
#include "tests/bench/bench.h"
#include "tests/bench/load.h"
#include "tests/support/database_server.h"
#include "tributary/inventory/v1/ledger.pb.h"

namespace tributary::bench {
namespace {

using inventory::v1::GetPositionRequest;
using inventory::v1::Position;
constexpr char kMethod[] = "/tributary.inventory.v1.LedgerService/GetPosition";

grpc::Status Select(mysql::Connection& connection, Position* reply) {
  const auto rows = connection.Query(
      "SELECT partner, site, product, quantity, update_time FROM stock_position WHERE partner = ? AND "
      "site = ? AND product = ?",
      {"acme", "main", "bike"});
  if (!rows.ok() || rows->empty()) return {grpc::StatusCode::NOT_FOUND, "no row"};
  const mysql::Row& row = rows->front();
  reply->set_name(StrCat("partners/", row.Text(0), "/positions/", row.Text(1), ".", row.Text(2)));
  reply->set_site(StrCat("partners/", row.Text(0), "/sites/", row.Text(1)));
  reply->set_product(StrCat("products/", row.Text(2)));
  *reply->mutable_on_hand() = wire::ToProto(row.Dec(3));
  *reply->mutable_update_time() = wire::ToProto(row.Instant(4));
  return grpc::Status::OK;
}

}  // namespace

void GetPosition(const Settings& settings) {
  inventory::TestKeys keys;
  inventory::TestPartners partners(keys, testing::FreshDatabase(inventory::PartnerSchemas()));
  const auto database = testing::FreshDatabase(inventory::InventorySchemas());
  inventory::TestInventory process(keys, *database, partners.address());
  inventory::Inventory inventory(process.client());
  partners.Know("acme");
  Must(inventory.MakeProducts({"bike"}), "products");
  const auto import = inventory.NewImport("shipments");
  Must(import.status(), "import");
  Must(inventory.Ship(*import, {inventory::NewLine("acme", "SO-1", 1, "bike", 5)}).status(), "shipment");

  GetPositionRequest request;
  request.set_name("partners/acme/positions/main.bike");
  PooledReader reader(database->options());
  const BareServer peer(
      kMethod, BareServer::Handler<GetPositionRequest, Position>([&reader](grpc::CallbackServerContext* context,
                                                                           const GetPositionRequest*, Position* reply) {
        return reader.Run(context, [reply](mysql::Connection& connection) { return Select(connection, reply); });
      }));
  const std::string token = keys.Token(api::v1::ADMINISTRATOR);
  // One call at a time: the rate is that of one call in its usual time.
  Load ours({.address = process.address(), .method = kMethod, .token = token, .connections = 1, .outstanding = 1},
            request);
  Load theirs({.address = peer.address(), .method = kMethod, .token = token, .connections = 1, .outstanding = 1},
              request);
  Compare(
      {.name = "get_position",
       .unit = "calls/s, one at a time",
       .peer = "libgrpc++ callback server with one pooled SELECT",
       .goal = 0.77},
      settings, [&] { return ours.Run(settings.round); }, [&] { return theirs.Run(settings.round); });
}

}  // namespace tributary::bench
