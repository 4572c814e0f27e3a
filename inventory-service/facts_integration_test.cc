// Shipments through the whole service: what is taken, what is told, what the books then say, and what undoing leaves.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "inventory-service/testing_facts.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST_F(FactsTest, ShipsAndReadsBack) {
  const std::string import_name = inventory_.NewImport("shipments").value();
  const auto reply =
      inventory_.Ship(import_name, {NewLine("acme", "SO1", 1, "bike", 3), NewLine("acme", "SO1", 2, "helmet", 10),
                                    NewLine("bolt", "SO2", 1, "bike", 1), NewLine("bolt", "SO2", 2, "fitting", 1)});
  ASSERT_OK(reply);
  EXPECT_EQ(reply->accepted(), 4);
  EXPECT_THAT(reply->errors(), IsEmpty());

  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/main.bike=3", "partners/acme/positions/main.helmet=10",
                          "partners/bolt/positions/main.bike=1"));  // services move no stock
  const auto totals = inventory_.Totals();
  ASSERT_OK(totals);
  EXPECT_EQ(totals->lines(), 4);
  EXPECT_EQ(totals->units().value(), "15");
  EXPECT_EQ(Net(*totals), "185.184 USD;");  // 15 x 12.3456
  EXPECT_EQ(totals->partners(), 2);
  EXPECT_EQ(totals->documents(), 2);
  EXPECT_EQ(inventory_.Totals("partners/bolt")->lines(), 2);
  EXPECT_EQ(inventory_.Totals("partners/cogs")->lines(), 0);

  const auto balance = inventory_.Check();
  ASSERT_OK(balance);
  EXPECT_TRUE(balance->balanced());
  EXPECT_EQ(balance->postings(), 3);
  EXPECT_EQ(balance->positions(), 3);
  EXPECT_EQ(balance->partner_units().value(), "14");

  v1::GetShipmentRequest get;
  get.set_name("partners/acme/shipments/SO1");
  const auto shipment = inventory_.Call<v1::Shipment>("ShipmentService/GetShipment", get);
  ASSERT_OK(shipment);
  ASSERT_THAT(shipment->lines(), SizeIs(2));
  const v1::ShipmentLine& line = shipment->lines(0);
  EXPECT_EQ(line.name(), "partners/acme/shipments/SO1/lines/1");
  EXPECT_EQ(line.product_line(), "productLines/bikes");
  EXPECT_EQ(line.import(), import_name);
  EXPECT_EQ(wire::FromProto(line.net_amount())->amount.ToString(), "37.0368");
  EXPECT_TRUE(line.has_record_time());
  get.set_name("partners/bolt/shipments/SO1");
  EXPECT_THAT(inventory_.Call<v1::Shipment>("ShipmentService/GetShipment", get), HasReason(Reason::kNotFound));

  v1::ListStockPostingsRequest postings;
  postings.set_parent("partners/acme");
  const auto listed = inventory_.Call<v1::ListStockPostingsResponse>("LedgerService/ListStockPostings", postings);
  ASSERT_OK(listed);
  ASSERT_THAT(listed->stock_postings(), SizeIs(2));
  EXPECT_EQ(listed->stock_postings(0).from_location(), "vendor");
  EXPECT_EQ(listed->stock_postings(0).to_location(), "partners/acme/sites/main/on_hand");
  EXPECT_EQ(listed->stock_postings(0).cause(), "partners/acme/shipments/SO1/lines/1");
  EXPECT_EQ(listed->stock_postings(0).effective_date().day(), 27);

  // The rows are the events.
  std::vector<std::string> told;
  for (const events::Event& event : Events()) {
    if (event.type != v1::ShipmentLine::descriptor()->full_name()) continue;
    v1::ShipmentLine payload;
    ASSERT_TRUE(payload.ParseFromString(event.payload));
    EXPECT_EQ(payload.name(), event.name);
    EXPECT_EQ(event.cursor.shard, events::ShardOf(payload.partner().substr(9)));
    told.push_back(StrCat(event.verb, " ", event.name));
  }
  EXPECT_THAT(told, UnorderedElementsAre("recorded partners/acme/shipments/SO1/lines/1",
                                         "recorded partners/acme/shipments/SO1/lines/2",
                                         "recorded partners/bolt/shipments/SO2/lines/1",
                                         "recorded partners/bolt/shipments/SO2/lines/2"));
}

TEST_F(FactsTest, GoodRowsGoInAndBadOnesAreToldByRowAndField) {
  const std::string import_name = inventory_.NewImport("shipments").value();
  std::vector<v1::ShipmentLine> lines;
  for (int i = 1; i <= 11; ++i) lines.push_back(NewLine("acme", "SO1", i, "bike", 2));
  lines[1].mutable_order_date()->set_month(13);
  lines[2].mutable_quantity()->set_value("two");
  lines[3].mutable_quantity()->set_value("-2");
  lines[4].mutable_net_amount()->set_currency_code("XXQ");
  lines[5].mutable_unit_price()->set_currency_code("EUR");
  lines[6].set_document("SO 1");
  lines[7].clear_product();
  lines[8].set_partner("partners/nobody");
  lines[8].set_product("products/nothing");
  lines[9] = lines[0];
  lines[10] = lines[0];
  lines[10].mutable_quantity()->set_value("3");
  const auto reply = inventory_.Ship(import_name, lines);
  ASSERT_OK(reply);
  EXPECT_EQ(reply->accepted(), 1);
  EXPECT_EQ(reply->duplicate(), 1);
  std::vector<std::string> errors;
  for (const api::v1::RowError& e : reply->errors())
    errors.push_back(StrCat(e.row(), " ", e.column(), " ", e.reason()));
  EXPECT_THAT(errors, ::testing::UnorderedElementsAre(
                          ::testing::StartsWith("3 order_date"), ::testing::StartsWith("4 quantity"),
                          "5 quantity INVALID_FIELD", "6 net_amount.currency_code INVALID_FIELD",
                          "7 unit_price.currency_code INVALID_FIELD", ::testing::StartsWith("8 document"),
                          "9 product INVALID_FIELD", "10 partner REFERENCE_NOT_FOUND", "10 product REFERENCE_NOT_FOUND",
                          "12 quantity ROW_CONFLICT"))
      << reply->DebugString();

  const api::v1::ImportCounts counts = inventory_.GetImport(import_name)->counts();
  EXPECT_EQ(counts.received(), 11);
  EXPECT_EQ(counts.accepted(), 1);
  EXPECT_EQ(counts.duplicate(), 1);
  EXPECT_EQ(counts.rejected(), 9);
  api::v1::ListImportRowErrorsRequest kept;
  kept.set_parent(import_name);
  const auto page = inventory_.Call<api::v1::ListImportRowErrorsResponse>("ImportService/ListImportRowErrors", kept);
  ASSERT_OK(page);
  EXPECT_EQ(page->row_errors_size(), reply->errors_size());
  EXPECT_TRUE(inventory_.Check()->balanced());
}

// As the document states it, a part of the discount.
TEST_F(FactsTest, WhatTheWalletGaveIsToldWithTheLine) {
  const std::string import_name = inventory_.NewImport("shipments").value();
  std::vector<v1::ShipmentLine> lines;
  for (int i = 1; i <= 4; ++i) {
    lines.push_back(NewLine("acme", "SO1", i, "bike", 1));
    *lines.back().mutable_discount() = wire::ToProto(Money{"USD", Decimal::FromInt(5)});
    *lines.back().mutable_wallet_amount() = wire::ToProto(Money{"USD", Decimal::FromInt(i == 2 ? 6 : 2)});
  }
  lines[2].mutable_wallet_amount()->set_currency_code("EUR");
  lines[3].clear_discount();
  const auto reply = inventory_.Ship(import_name, lines);
  ASSERT_OK(reply);
  std::vector<std::string> errors;
  for (const api::v1::RowError& e : reply->errors()) errors.push_back(StrCat(e.row(), " ", e.column()));
  EXPECT_THAT(errors, UnorderedElementsAre("3 wallet_amount", "4 wallet_amount.currency_code", "5 wallet_amount"));
  v1::GetShipmentRequest get;
  get.set_name("partners/acme/shipments/SO1");
  const auto shipment = inventory_.Call<v1::Shipment>("ShipmentService/GetShipment", get);
  ASSERT_OK(shipment);
  ASSERT_THAT(shipment->lines(), SizeIs(1));
  EXPECT_EQ(wire::FromProto(shipment->lines(0).wallet_amount())->amount.ToString(), "2");
}

TEST_F(FactsTest, ValidateOnlyTellsTheSameAndStoresNothing) {
  v1::BatchImportShipmentsRequest request;
  request.set_validate_only(true);
  for (const char* product : {"bike", "nothing"}) {
    v1::ShipmentLineRow& row = *request.add_rows();
    row.set_row(request.rows_size() + 1);
    *row.mutable_line() = NewLine("acme", "SO1", request.rows_size(), product, 2);
  }
  const auto reply = inventory_.Call<api::v1::BatchImportResponse>("ShipmentService/BatchImportShipments", request);
  ASSERT_OK(reply);
  EXPECT_EQ(reply->accepted(), 1);
  EXPECT_THAT(reply->errors(), SizeIs(1));
  EXPECT_EQ(inventory_.Totals()->lines(), 0);
  EXPECT_THAT(inventory_.Positions(), IsEmpty());
}

TEST_F(FactsTest, AnUndoneImportLeavesTheBooksAsIfItHadNeverBeenAndItsKeysFree) {
  const std::string first = inventory_.NewImport("shipments").value();
  ASSERT_OK(inventory_.Ship(first, {NewLine("acme", "SO1", 1, "bike", 3), NewLine("bolt", "SO2", 1, "pump", 5)}));
  const std::string second = inventory_.NewImport("shipments").value();
  // One line is of the first import and stays when the second is undone.
  ASSERT_OK(inventory_.Ship(second, {NewLine("acme", "SO1", 1, "bike", 3), NewLine("acme", "SO1", 2, "helmet", 7),
                                     NewLine("cogs", "SO3", 1, "bike", 1)}));
  auto undone = inventory_.UndoImport(second);
  ASSERT_OK(undone);
  EXPECT_EQ(undone->counts().undone(), 2);
  EXPECT_EQ(inventory_.Totals()->lines(), 2);
  EXPECT_EQ(inventory_.Totals()->units().value(), "8");
  EXPECT_EQ(inventory_.Totals()->partners(), 2);
  EXPECT_EQ(inventory_.Totals()->documents(), 2);
  EXPECT_EQ(Net(*inventory_.Totals()), "98.7648 USD;");
  EXPECT_TRUE(inventory_.Check()->balanced());
  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/main.bike=3", "partners/acme/positions/main.helmet=0",
                          "partners/bolt/positions/main.pump=5", "partners/cogs/positions/main.bike=0"));
  v1::ListShipmentsRequest list;
  list.set_parent("partners/-");
  auto shipments = inventory_.Call<v1::ListShipmentsResponse>("ShipmentService/ListShipments", list);
  ASSERT_OK(shipments);
  ASSERT_THAT(shipments->shipments(), SizeIs(2));  // SO3 has no line that stands
  EXPECT_THAT(shipments->shipments(0).lines(), SizeIs(1));

  // Free again, also for other content.
  const std::string third = inventory_.NewImport("shipments").value();
  const auto again =
      inventory_.Ship(third, {NewLine("acme", "SO1", 2, "helmet", 9), NewLine("cogs", "SO3", 1, "bike", 1),
                              NewLine("bolt", "SO2", 1, "pump", 5)});
  ASSERT_OK(again);
  EXPECT_EQ(again->accepted(), 2);
  EXPECT_EQ(again->duplicate(), 1);
  EXPECT_EQ(inventory_.Totals()->lines(), 4);
  EXPECT_TRUE(inventory_.Check()->balanced());
  ASSERT_OK(inventory_.UndoImport(third));
  EXPECT_EQ(inventory_.Totals()->lines(), 2);

  // What was told: each statement and each reversal, which names what it takes back and negates its numbers.
  std::map<std::string, v1::ShipmentLine> told;
  for (const events::Event& event : Events()) {
    if (event.type != v1::ShipmentLine::descriptor()->full_name()) continue;
    v1::ShipmentLine line;
    ASSERT_TRUE(line.ParseFromString(event.payload));
    if (line.document() == "SO1" && line.line() == 2) told[line.name()] = line;
    EXPECT_EQ(event.verb, line.reverses().empty() ? "recorded" : "reversed");
  }
  const std::string name = "partners/acme/shipments/SO1/lines/2";
  ASSERT_EQ(told.size(), 4u);
  EXPECT_EQ(told.at(name + ".r1").reverses(), name);
  EXPECT_EQ(told.at(name + ".r1").quantity().value(), "-7");
  EXPECT_EQ(wire::FromProto(told.at(name + ".r1").net_amount())->amount.ToString(), "-86.4192");
  EXPECT_EQ(told.at(name + ".1").quantity().value(), "9");
  EXPECT_EQ(told.at(name + ".r2").reverses(), name + ".1");

  // An undone import takes no rows and cannot be undone again.
  EXPECT_THAT(inventory_.Ship(third, {NewLine("acme", "SO9", 1, "bike", 1)}), HasReason(Reason::kStateConflict));
  EXPECT_THAT(inventory_.UndoImport(third), HasReason(Reason::kStateConflict));
}

TEST_F(FactsTest, AProductThatIsTakenOutIsNoLongerNamedButItsFactsStayReversible) {
  const std::string import_name = inventory_.NewImport("shipments").value();
  ASSERT_OK(inventory_.Ship(import_name, {NewLine("acme", "SO1", 1, "bike", 3)}));
  api::v1::ListImportsRequest list;
  list.set_filter("target = products");
  const auto imports = inventory_.Call<api::v1::ListImportsResponse>("ImportService/ListImports", list);
  ASSERT_OK(imports);
  ASSERT_THAT(imports->imports(), SizeIs(1));
  EXPECT_EQ(inventory_.UndoImport(imports->imports(0).name())->counts().undone(), 4);

  v1::GetProductRequest get;
  get.set_name("products/bike");
  EXPECT_EQ(inventory_.Call<v1::Product>("ProductService/GetProduct", get)->state(), v1::Product::INACTIVE);
  const auto refused = inventory_.Ship(import_name, {NewLine("acme", "SO1", 2, "bike", 3)});
  ASSERT_OK(refused);
  ASSERT_THAT(refused->errors(), SizeIs(1));
  EXPECT_EQ(refused->errors(0).reason(), "REFERENCE_NOT_FOUND");
  // What is known of it is known.
  EXPECT_EQ(inventory_.Ship(import_name, {NewLine("acme", "SO1", 1, "bike", 3)})->duplicate(), 1);
  ASSERT_OK(inventory_.UndoImport(import_name));
  EXPECT_THAT(inventory_.Positions(), ElementsAre("partners/acme/positions/main.bike=0"));
  EXPECT_TRUE(inventory_.Check()->balanced());

  ASSERT_OK(inventory_.MakeProducts({"bike"}));
  EXPECT_EQ(inventory_.Call<v1::Product>("ProductService/GetProduct", get)->state(), v1::Product::ACTIVE);
}

TEST_F(FactsTest, OneShipmentAtATime) {
  v1::CreateShipmentRequest request;
  request.set_parent("partners/acme");
  *request.mutable_shipment()->add_lines() = NewLine("acme", "SO1", 2, "bike", 3);
  *request.mutable_shipment()->add_lines() = NewLine("acme", "SO1", 10, "pump", 1);
  const auto made = inventory_.Call<v1::Shipment>("ShipmentService/CreateShipment", request);
  ASSERT_OK(made);
  EXPECT_EQ(made->name(), "partners/acme/shipments/SO1");
  ASSERT_THAT(made->lines(), SizeIs(2));
  EXPECT_EQ(made->lines(1).name(), "partners/acme/shipments/SO1/lines/10");
  EXPECT_EQ(made->lines(0).product_line(), "productLines/bikes");
  // The same again changes nothing.
  ASSERT_OK(inventory_.Call<v1::Shipment>("ShipmentService/CreateShipment", request));
  EXPECT_EQ(inventory_.Totals()->lines(), 2);

  // Goods that come back name the line that they were shipped on.
  v1::CreateShipmentRequest back;
  back.set_parent("partners/acme");
  v1::ShipmentLine& line = *back.mutable_shipment()->add_lines();
  line = NewLine("acme", "RT1", 1, "bike", -1);
  const auto refused = inventory_.Call<v1::Shipment>("ShipmentService/CreateShipment", back);
  ASSERT_THAT(refused, HasReason(Reason::kInvalidField));
  EXPECT_EQ(DetailOf(refused.status()).violations.at(0).field, "shipment.lines[0].quantity");
  line.set_original_line("partners/acme/shipments/SO1/lines/2");
  ASSERT_OK(inventory_.Call<v1::Shipment>("ShipmentService/CreateShipment", back));
  EXPECT_THAT(inventory_.Positions(),
              ElementsAre("partners/acme/positions/main.bike=2", "partners/acme/positions/main.pump=1"));

  // All or nothing, and everything that is wrong at once.
  v1::CreateShipmentRequest bad;
  bad.set_parent("partners/acme");
  *bad.mutable_shipment()->add_lines() = NewLine("acme", "SO4", 1, "bike", 1);
  *bad.mutable_shipment()->add_lines() = NewLine("bolt", "SO5", 2, "bike", 1);
  const auto several = inventory_.Call<v1::Shipment>("ShipmentService/CreateShipment", bad);
  ASSERT_THAT(several, HasReason(Reason::kInvalidField));
  EXPECT_THAT(DetailOf(several.status()).violations, SizeIs(2));
  bad.clear_shipment();
  *bad.mutable_shipment()->add_lines() = NewLine("acme", "SO1", 3, "bike", 1);
  *bad.mutable_shipment()->add_lines() = NewLine("acme", "SO1", 2, "bike", 4);
  EXPECT_THAT(inventory_.Call<v1::Shipment>("ShipmentService/CreateShipment", bad), HasReason(Reason::kRowConflict));
  *bad.mutable_shipment()->mutable_lines(1) = NewLine("acme", "SO1", 4, "nothing", 4);
  EXPECT_THAT(inventory_.Call<v1::Shipment>("ShipmentService/CreateShipment", bad),
              HasReason(Reason::kReferenceNotFound));
  bad.set_parent("partners/nobody");
  for (auto& each : *bad.mutable_shipment()->mutable_lines()) each.set_partner("partners/nobody");
  EXPECT_THAT(inventory_.Call<v1::Shipment>("ShipmentService/CreateShipment", bad),
              HasReason(Reason::kReferenceNotFound));
  EXPECT_EQ(inventory_.Totals()->lines(), 3);
}

}  // namespace
}  // namespace tributary::inventory
