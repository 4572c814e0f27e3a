#pragma once

// For tests of goods that move: the requests that they need most.

#include <initializer_list>
#include <string>
#include <vector>

#include "inventory-service/testing_facts.h"
#include "tributary/inventory/v1/lot.pb.h"
#include "tributary/inventory/v1/return_authorization.pb.h"
#include "tributary/inventory/v1/stock_movement.pb.h"
#include "tributary/inventory/v1/trace.pb.h"

namespace tributary::inventory {

inline google::type::Date Day(const char* text) { return wire::ToProto(Date::Parse(text).value()); }

// "acme/main" -> its free stock, "acme/main/demo" -> what is shown there; boundaries stand for themselves.
inline std::string LocationAt(const std::string& place) {
  const size_t slash = place.find('/');
  if (slash == std::string::npos) return place;
  const std::string rest = place.substr(slash + 1);
  return StrCat("partners/", place.substr(0, slash), "/sites/", rest,
                rest.find('/') == std::string::npos ? "/on_hand" : "");
}

// A movement of bikes.
inline v1::StockMovement NewMovement(const std::string& document, int line, v1::StockMovement::Reason reason,
                                     const std::string& from, const std::string& to, int quantity,
                                     const char* date = "2026-06-10") {
  v1::StockMovement movement;
  movement.set_document(document);
  movement.set_line(line);
  *movement.mutable_effective_date() = Day(date);
  movement.set_product("products/bike");
  movement.mutable_quantity()->set_value(std::to_string(quantity));
  movement.set_from_location(LocationAt(from));
  movement.set_to_location(LocationAt(to));
  movement.set_reason(reason);
  if (reason == v1::StockMovement::ADJUSTMENT) movement.set_reason_code("OPENING");
  return movement;
}

class GoodsTest : public FactsTest {
 protected:
  absl::StatusOr<api::v1::BatchImportResponse> Move(const std::vector<v1::StockMovement>& movements,
                                                    std::string import_name = "") {
    if (import_name.empty()) import_name = inventory_.NewImport("movements").value();
    v1::BatchImportStockMovementsRequest request;
    request.set_import(import_name);
    for (const v1::StockMovement& movement : movements) {
      v1::StockMovementRow& row = *request.add_rows();
      row.set_row(request.rows_size() + 1);
      *row.mutable_stock_movement() = movement;
    }
    return inventory_.Call<api::v1::BatchImportResponse>("MovementService/BatchImportStockMovements", request);
  }
  // All rows must go in.
  void Moved(const std::vector<v1::StockMovement>& movements) {
    const auto reply = Move(movements);
    ASSERT_OK(reply);
    EXPECT_THAT(reply->errors(), ::testing::IsEmpty()) << reply->DebugString();
  }
  void Shipped(const std::vector<v1::ShipmentLine>& lines) {
    const auto reply = inventory_.Ship(inventory_.NewImport("shipments").value(), lines);
    ASSERT_OK(reply);
    EXPECT_THAT(reply->errors(), ::testing::IsEmpty()) << reply->DebugString();
  }
  v1::SellThroughSale NewSale(const std::string& document, int line, int quantity, const char* date,
                              const std::string& lot = "") {
    v1::SellThroughSale sale;
    sale.set_document(document);
    sale.set_line(line);
    *sale.mutable_sale_date() = Day(date);
    sale.set_product("products/bike");
    sale.set_lot(lot);
    sale.mutable_quantity()->set_value(std::to_string(quantity));
    sale.set_region("regions/cn-44");
    sale.set_end_customer("EC1");
    return sale;
  }
  absl::StatusOr<v1::SellThroughSale> Sell(const std::string& partner, const v1::SellThroughSale& sale) {
    v1::CreateSellThroughSaleRequest request;
    request.set_parent(StrCat("partners/", partner));
    *request.mutable_sell_through_sale() = sale;
    return inventory_.Call<v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request);
  }
  absl::Status MakeLot(const std::string& id, const char* expires_on) {
    v1::CreateLotRequest request;
    request.set_parent("products/bike");
    request.set_lot_id(id);
    *request.mutable_lot()->mutable_expires_on() = Day(expires_on);
    return inventory_.Call<v1::Lot>("LotService/CreateLot", request).status();
  }
  // "12 on hand, 3 demo" of a position; "none" where nothing was ever posted.
  std::string UnitsAt(const std::string& name) {
    v1::GetPositionRequest request;
    request.set_name(name);
    const auto position = inventory_.Call<v1::Position>("LedgerService/GetPosition", request);
    if (!position.ok()) return "none";
    std::string text = StrCat(position->on_hand().value(), " on hand");
    const auto add = [&](const google::type::Decimal& units, const char* bucket) {
      if (units.value() != "0") StrAppend(&text, ", ", units.value(), " ", bucket);
    };
    add(position->reserved(), "reserved");
    add(position->quarantine(), "quarantine");
    add(position->demo(), "demo");
    add(position->in_transit(), "in transit");
    return text;
  }
  rpc::CallOptions As(const std::string& partner) { return {.token = keys_.Token(api::v1::PARTNER_USER, partner)}; }
};

}  // namespace tributary::inventory
