// Rows that come as streams: what is stored, counted and told of them, and what a stream leaves that breaks.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "inventory-service/testing_goods.h"
#include "tributary/inventory/v1/direct_sale.pb.h"
#include "tributary/inventory/v1/receipt.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kShipments[] = "tributary.inventory.v1.ShipmentService/StreamPostShipments";
constexpr char kSales[] = "tributary.inventory.v1.SellThroughSaleService/StreamPostSellThroughSales";
constexpr char kMovements[] = "tributary.inventory.v1.MovementService/StreamPostStockMovements";
constexpr char kReceipts[] = "tributary.inventory.v1.ReceiptService/StreamPostReceipts";
constexpr char kDirectSales[] = "tributary.inventory.v1.DirectSaleService/StreamPostDirectSales";

// Lines of one each, over three partners and two products.
std::vector<v1::ShipmentLine> Lines(int count) {
  std::vector<v1::ShipmentLine> lines;
  for (int i = 0; i < count; ++i) {
    const char* partner = i % 3 == 0 ? "acme" : i % 3 == 1 ? "bolt" : "cogs";
    lines.push_back(NewLine(partner, StrCat("SO", i / 50, "-", i % 3), i % 50 + 1, i % 2 == 0 ? "bike" : "helmet", 1));
  }
  return lines;
}

// In messages of this many rows; 0: as many as fit, changing.
std::vector<v1::StreamPostShipmentsRequest> Messages(const std::vector<v1::ShipmentLine>& lines, int size,
                                                     const std::string& import_name = "") {
  std::vector<v1::StreamPostShipmentsRequest> messages;
  int row = 1;
  size_t at = 0;
  for (int n = 1; at < lines.size(); n = n * 3 % 1000 + 1) {
    v1::StreamPostShipmentsRequest& message = messages.emplace_back();
    if (messages.size() == 1) message.set_import(import_name);
    for (int i = 0; i < (size == 0 ? n : size) && at < lines.size(); ++i) {
      v1::ShipmentLineRow& next = *message.add_rows();
      next.set_row(++row);
      *next.mutable_line() = lines[at++];
    }
  }
  return messages;
}

class StreamPostTest : public GoodsTest {
 protected:
  template <typename Message>
  absl::StatusOr<api::v1::StreamPostResponse> Post(const char* method, const std::vector<Message>& messages,
                                                   const rpc::CallOptions& options = {
                                                       .stream_timeout = absl::Minutes(2)}) {
    api::v1::StreamPostResponse reply;
    const auto stream = service_.client().OpenOutgoing(method, &reply, options);
    for (const Message& message : messages) {
      if (!stream->Write(message)) break;
    }
    if (const absl::Status status = stream->Finish(); !status.ok()) return status;
    return reply;
  }
  int64_t Audited() {
    int64_t rows = -1;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const mysql::Rows found,
                       sql.Query("SELECT COUNT(*) FROM audit WHERE method LIKE '%/StreamPost%'"));
      rows = found.at(0).Int(0);
      return absl::OkStatus();
    }));
    return rows;
  }
};

TEST_F(StreamPostTest, RowsAreStoredInGroupsAndTheSameRowsAgainChangeNothing) {
  const std::vector<v1::ShipmentLine> lines = Lines(2600);
  const auto reply = Post(kShipments, Messages(lines, 0));
  ASSERT_OK(reply);
  EXPECT_EQ(reply->received(), 2600);
  EXPECT_EQ(reply->accepted(), 2600);
  EXPECT_THAT(reply->errors(), IsEmpty());
  EXPECT_GE(reply->groups(), 3);
  EXPECT_EQ(Audited(), reply->groups());
  const std::vector<std::string> positions = inventory_.Positions();
  EXPECT_THAT(positions, SizeIs(6));
  const auto totals = inventory_.Totals();
  ASSERT_OK(totals);
  EXPECT_EQ(totals->units().value(), "2600");

  for (const int size : {1, 999, 1000}) {
    const auto again = Post(kShipments, Messages(size == 1 ? Lines(200) : lines, size));
    ASSERT_OK(again);
    EXPECT_EQ(again->accepted(), 0);
    EXPECT_EQ(again->duplicate(), again->received());
  }
  EXPECT_EQ(inventory_.Positions(), positions);
  EXPECT_TRUE(inventory_.Check()->balanced());

  const auto nothing = Post(kShipments, std::vector<v1::StreamPostShipmentsRequest>());
  ASSERT_OK(nothing);
  EXPECT_EQ(nothing->received(), 0);
  EXPECT_EQ(nothing->groups(), 0);
}

TEST_F(StreamPostTest, ABadRowFailsAloneInItsGroup) {
  std::vector<v1::ShipmentLine> lines = Lines(20);
  lines[3].set_product("products/unknown");
  lines[5].mutable_quantity()->set_value("many");
  lines[7].set_partner("partners/nobody");
  lines[9] = lines[8];
  lines[9].mutable_quantity()->set_value("2");
  lines[11] = lines[10];
  const auto reply = Post(kShipments, Messages(lines, 5));
  ASSERT_OK(reply);
  EXPECT_EQ(reply->received(), 20);
  EXPECT_EQ(reply->accepted(), 15);
  EXPECT_EQ(reply->duplicate(), 1);
  EXPECT_EQ(reply->rejected(), 4);
  std::vector<std::string> errors;
  for (const api::v1::RowError& error : reply->errors()) {
    errors.push_back(StrCat(error.row(), " ", error.column(), " ", error.got(), " ", error.reason()));
  }
  std::sort(errors.begin(), errors.end());
  EXPECT_THAT(errors, ElementsAre("11 quantity 2 ROW_CONFLICT", "5 product products/unknown REFERENCE_NOT_FOUND",
                                  "7 quantity many INVALID_FIELD", "9 partner partners/nobody REFERENCE_NOT_FOUND"));
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(StreamPostTest, SalesAndMovementsStreamInTheSameWay) {
  v1::StreamPostStockMovementsRequest movements;
  for (int i = 1; i <= 3; ++i) {
    v1::StockMovementRow& row = *movements.add_rows();
    row.set_row(i);
    *row.mutable_stock_movement() =
        NewMovement("OPEN", i, v1::StockMovement::ADJUSTMENT, "adjustment", i < 3 ? "acme/main" : "nobody/main", 10);
  }
  const auto moved = Post(kMovements, std::vector{movements});
  ASSERT_OK(moved);
  EXPECT_EQ(moved->accepted(), 2);
  ASSERT_THAT(moved->errors(), SizeIs(1));
  EXPECT_EQ(moved->errors(0).column(), "to_location");

  v1::StreamPostSellThroughSalesRequest sales;
  for (int i = 1; i <= 2; ++i) {
    v1::SellThroughSaleRow& row = *sales.add_rows();
    row.set_row(i);
    row.set_parent(i == 1 ? "partners/acme" : "nonsense");
    *row.mutable_sell_through_sale() = NewSale("INV", 1, 3, "2026-06-11");
  }
  const auto sold = Post(kSales, std::vector{sales, sales});
  ASSERT_OK(sold);
  EXPECT_EQ(sold->accepted(), 1);
  EXPECT_EQ(sold->duplicate(), 1);
  EXPECT_EQ(sold->rejected(), 2);
  EXPECT_THAT(inventory_.Positions(), ElementsAre("partners/acme/positions/main.bike=17"));
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(StreamPostTest, ReceiptsAndDirectSalesStreamInTheSameWay) {
  v1::ShipmentLine shipped = NewLine("acme", "SO1", 1, "bike", 10);
  shipped.set_awaits_receipt(true);
  Shipped({shipped});
  // The first message has two receipts of the shipment, and one that names another partner's.
  std::vector<v1::StreamPostReceiptsRequest> receipts(2);
  for (int i = 1; i <= 4; ++i) {
    v1::ReceiptLineRow& row = *receipts[i / 4].add_rows();
    row.set_row(i);
    row.set_parent("partners/acme");
    v1::ReceiptLine& line = *row.mutable_line();
    line.set_document("RC1");
    line.set_line(i);
    line.set_shipment_line(StrCat("partners/", i == 3 ? "bolt" : "acme", "/shipments/SO1/lines/1"));
    *line.mutable_receive_date() = Day("2026-06-12");
    line.set_product("products/bike");
    line.mutable_quantity()->set_value(StrCat(i));
    line.set_lost(i == 4);
  }
  const auto received = Post(kReceipts, receipts);
  ASSERT_OK(received);
  EXPECT_EQ(received->accepted(), 3);
  ASSERT_THAT(received->errors(), SizeIs(1));
  EXPECT_EQ(received->errors(0).row(), 3);
  EXPECT_EQ(received->errors(0).column(), "shipment_line");
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bike"), "3 on hand, 3 in transit");
  const auto received_again = Post(kReceipts, receipts);
  ASSERT_OK(received_again);
  EXPECT_EQ(received_again->duplicate(), 3);
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bike"), "3 on hand, 3 in transit");

  v1::StreamPostDirectSalesRequest sales;
  sales.set_import(inventory_.NewImport("directSales").value());
  for (int i = 1; i <= 3; ++i) {
    v1::DirectSaleRow& row = *sales.add_rows();
    row.set_row(i);
    v1::DirectSale& sale = *row.mutable_direct_sale();
    sale.set_document("WEB1");
    sale.set_line(i < 3 ? i : 1);
    *sale.mutable_order_date() = Day("2026-06-11");
    sale.set_product("products/bike");
    sale.mutable_quantity()->set_value(StrCat(i));
    *sale.mutable_unit_price() = *sale.mutable_net_amount() = wire::ToProto(Money{"CNY", Decimal::FromInt(100)});
  }
  const auto sold = Post(kDirectSales, std::vector{sales, sales});
  ASSERT_OK(sold);
  EXPECT_EQ(sold->accepted(), 2);
  EXPECT_EQ(sold->duplicate(), 2);
  EXPECT_EQ(sold->rejected(), 2);  // another quantity under the number of the first line
  EXPECT_EQ(sold->errors(0).reason(), "ROW_CONFLICT");
  const auto totals =
      inventory_.Call<v1::DirectSaleTotals>("DirectSaleService/GetDirectSaleTotals", v1::GetDirectSaleTotalsRequest());
  ASSERT_OK(totals);
  EXPECT_EQ(totals->units().value(), "3");
  EXPECT_OK(inventory_.UndoImport(sales.import()));
  EXPECT_EQ(
      inventory_.Call<v1::DirectSaleTotals>("DirectSaleService/GetDirectSaleTotals", v1::GetDirectSaleTotalsRequest())
          ->lines(),
      0);
  for (const char* method : {kReceipts, kDirectSales}) {
    EXPECT_THAT(Post(method, std::vector<v1::StreamPostReceiptsRequest>(),
                     {.token = keys_.Token(api::v1::PARTNER_USER, "acme")}),
                HasReason(Reason::kPermissionDenied));
  }
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(StreamPostTest, AStreamMayBelongToAnImport) {
  const std::string import_name = inventory_.NewImport("shipments").value();
  const auto reply = Post(kShipments, Messages(Lines(1200), 100, import_name));
  ASSERT_OK(reply);
  EXPECT_EQ(inventory_.GetImport(import_name)->counts().accepted(), 1200);
  EXPECT_OK(inventory_.UndoImport(import_name));
  EXPECT_EQ(inventory_.Totals()->lines(), 0);

  // Undone, it takes no more; and imports that are not there, of other rows, or another one in the middle.
  EXPECT_THAT(Post(kShipments, Messages(Lines(10), 5, import_name)), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Post(kShipments, Messages(Lines(10), 5, "imports/nonsense")), Blames("import"));
  EXPECT_THAT(Post(kShipments, Messages(Lines(10), 5, inventory_.NewImport("sales").value())), Blames("import"));
  auto changing = Messages(Lines(10), 5);
  changing[1].set_import(inventory_.NewImport("shipments").value());
  EXPECT_THAT(Post(kShipments, changing), Blames("messages[1].import"));
  EXPECT_THAT(Post(kShipments, Messages(Lines(1), 1), {.token = keys_.Token(api::v1::PARTNER_USER, "acme")}),
              HasReason(Reason::kPermissionDenied));
}

TEST_F(StreamPostTest, WhatABrokenStreamLeftIsCompletedBySendingItAgain) {
  const std::vector<v1::ShipmentLine> lines = Lines(3000);
  const auto messages = Messages(lines, 100);
  {
    api::v1::StreamPostResponse reply;
    const auto stream = service_.client().OpenOutgoing(kShipments, &reply, {.stream_timeout = absl::Minutes(2)});
    for (size_t i = 0; i < 25; ++i) ASSERT_TRUE(stream->Write(messages[i]));
    ASSERT_TRUE(Eventually([&] { return inventory_.Totals()->lines() > 0; }));
    stream->Cancel();
    EXPECT_EQ(stream->Finish().code(), absl::StatusCode::kCancelled);
  }
  const auto again = Post(kShipments, messages);
  ASSERT_OK(again);
  EXPECT_GT(again->duplicate(), 0);
  EXPECT_EQ(again->accepted() + again->duplicate(), 3000);
  EXPECT_EQ(inventory_.Totals()->lines(), 3000);
  EXPECT_EQ(inventory_.Totals()->units().value(), "3000");
  EXPECT_TRUE(inventory_.Check()->balanced());
}

TEST_F(StreamPostTest, ManyStreamsOfTheSameRowsStoreEachOnce) {
  const std::vector<v1::ShipmentLine> lines = Lines(1500);
  std::vector<std::thread> callers;
  std::atomic<int64_t> accepted{0}, duplicate{0};
  for (int t = 0; t < 4; ++t) {
    callers.emplace_back([&, t] {
      std::vector<v1::ShipmentLine> mine = lines;
      std::shuffle(mine.begin(), mine.end(), std::mt19937(t));
      const auto reply = Post(kShipments, Messages(mine, 40 + t));
      ASSERT_OK(reply);
      accepted += reply->accepted();
      duplicate += reply->duplicate();
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(accepted, 1500);
  EXPECT_EQ(duplicate, 4500);
  EXPECT_EQ(inventory_.Totals()->lines(), 1500);
  EXPECT_TRUE(inventory_.Check()->balanced());
}

}  // namespace
}  // namespace tributary::inventory
