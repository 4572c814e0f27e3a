// Receipts and stock findings through the whole service.

#include "inventory-service/testing_goods.h"
#include "tributary/inventory/v1/receipt.pb.h"
#include "tributary/inventory/v1/stock_finding.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class FindingsTest : public GoodsTest {
 protected:
  // "NEGATIVE_STOCK acme 5 since 2026-06-04", of those that can be seen once the watch has looked at everything.
  std::vector<std::string> Findings(bool withdrawn_too = false, const rpc::CallOptions& options = {}) {
    EXPECT_OK(service_.stock_watch().CatchUp());
    v1::ListStockFindingsRequest request;
    request.set_parent("partners/-");
    request.set_show_deleted(withdrawn_too);
    const auto reply =
        inventory_.Call<v1::ListStockFindingsResponse>("StockFindingService/ListStockFindings", request, options);
    EXPECT_OK(reply);
    std::vector<std::string> lines;
    if (!reply.ok()) return lines;
    for (const v1::StockFinding& finding : reply->stock_findings()) {
      found_[v1::StockFinding::Rule_Name(finding.rule())] = finding;
      lines.push_back(StrCat(v1::StockFinding::Rule_Name(finding.rule()), " ",
                             finding.name().substr(9, finding.name().find('/', 9) - 9), " ", finding.quantity().value(),
                             " since ", wire::FromProto(finding.first_day())->ToString(),
                             finding.state() == v1::StockFinding::OPEN ? "" : " withdrawn"));
    }
    return lines;
  }
  v1::ReceiptLine NewReceiptLine(const std::string& document, int line, const std::string& shipment_line, int quantity,
                                 const char* date = "2026-06-12") {
    v1::ReceiptLine out;
    out.set_document(document);
    out.set_line(line);
    out.set_shipment_line(shipment_line);
    *out.mutable_receive_date() = Day(date);
    out.set_product("products/bike");
    out.mutable_quantity()->set_value(std::to_string(quantity));
    return out;
  }
  absl::StatusOr<v1::Receipt> Receive(const std::vector<v1::ReceiptLine>& lines, const rpc::CallOptions& options = {}) {
    v1::CreateReceiptRequest request;
    request.set_parent("partners/acme");
    for (const v1::ReceiptLine& line : lines) *request.mutable_receipt()->add_lines() = line;
    return inventory_.Call<v1::Receipt>("ReceiptService/CreateReceipt", request, options);
  }
  // "SO1/1 100-98-0 short 2 over 0".
  std::vector<std::string> Transits() {
    v1::ListTransitsRequest request;
    request.set_parent("partners/-");
    std::vector<std::string> lines;
    const auto reply = inventory_.Call<v1::ListTransitsResponse>("ReceiptService/ListTransits", request);
    EXPECT_OK(reply);
    if (!reply.ok()) return lines;
    for (const v1::Transit& transit : reply->transits()) lines.push_back(TextOf(transit));
    return lines;
  }
  static std::string TextOf(const v1::Transit& transit) {
    return StrCat(transit.shipment_line(), " ", transit.shipped().value(), "-", transit.received().value(), "-",
                  transit.lost().value(), " short ", transit.short_quantity().value(), " over ",
                  transit.over_quantity().value());
  }
  v1::ShipmentLine OnItsWay(const std::string& document, int quantity) {
    v1::ShipmentLine line = NewLine("acme", document, 1, "bike", quantity);
    line.set_awaits_receipt(true);
    *line.mutable_ship_date() = Day("2026-06-08");
    return line;
  }

  std::map<std::string, v1::StockFinding> found_;
};

TEST_F(FindingsTest, GoodsAreOnTheirWayUntilTheyAreReceived) {
  Shipped({OnItsWay("SO1", 100), OnItsWay("SO2", 10)});
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bike"), "0 on hand, 110 in transit");
  const std::string so1 = "partners/acme/shipments/SO1/lines/1";
  const std::string so2 = "partners/acme/shipments/SO2/lines/1";
  EXPECT_THAT(Transits(), ElementsAre(so1 + " 100-0-0 short 100 over 0", so2 + " 10-0-0 short 10 over 0"));

  v1::ReceiptLine lost = NewReceiptLine("R1", 2, so1, 5);
  lost.set_lost(true);
  ASSERT_OK(Receive({NewReceiptLine("R1", 1, so1, 90), lost, NewReceiptLine("R1", 3, so2, 12)}, As("acme")));
  EXPECT_EQ(UnitsAt("partners/acme/positions/main.bike"), "102 on hand, 3 in transit");
  EXPECT_THAT(Transits(), ElementsAre(so1 + " 100-90-5 short 5 over 0", so2 + " 10-12-0 short 0 over 2"));
  v1::GetReceiptRequest get;
  get.set_name("partners/acme/receipts/R1");
  const auto read = inventory_.Call<v1::Receipt>("ReceiptService/GetReceipt", get);
  ASSERT_OK(read);
  EXPECT_THAT(read->lines(), SizeIs(3));
  ASSERT_THAT(read->transits(), SizeIs(2));
  EXPECT_EQ(TextOf(read->transits(1)), so2 + " 10-12-0 short 0 over 2");
  EXPECT_TRUE(inventory_.Check()->balanced());

  // The rest comes by an import, which is undone: it is on its way again.
  v1::BatchImportReceiptsRequest batch;
  batch.set_import(inventory_.NewImport("receipts").value());
  for (int row = 0; row < 2; ++row) {
    v1::ReceiptLineRow& next = *batch.add_rows();
    next.set_row(row + 2);
    next.set_parent("partners/acme");
    *next.mutable_line() = NewReceiptLine("R2", row + 1, row == 0 ? so1 : "partners/bolt/shipments/SO1/lines/1", 5);
  }
  const auto taken = inventory_.Call<api::v1::BatchImportResponse>("ReceiptService/BatchImportReceipts", batch);
  ASSERT_OK(taken);
  EXPECT_EQ(taken->accepted(), 1);
  ASSERT_THAT(taken->errors(), SizeIs(1));
  EXPECT_EQ(taken->errors(0).column(), "shipment_line");
  EXPECT_THAT(Transits(), ElementsAre(so2 + " 10-12-0 short 0 over 2"));
  ASSERT_OK(inventory_.UndoImport(batch.import()));
  EXPECT_THAT(Transits(), SizeIs(2));
  EXPECT_THAT(Receive({NewReceiptLine("R1", 1, so1, 91)}), HasReason(Reason::kRowConflict));
  v1::ListReceiptsRequest list;
  list.set_parent("partners/-");
  EXPECT_THAT(inventory_.Call<v1::ListReceiptsResponse>("ReceiptService/ListReceipts", list)->receipts(), SizeIs(1));
  EXPECT_THAT(inventory_.Call<v1::ListReceiptsResponse>("ReceiptService/ListReceipts", list, As("bolt"))->receipts(),
              IsEmpty());
}

TEST_F(FindingsTest, AReceiptBeforeItsShipmentIsAFindingUntilThatComes) {
  const std::string so1 = "partners/acme/shipments/SO1/lines/1";
  ASSERT_OK(Receive({NewReceiptLine("R1", 1, so1, 7)}));
  EXPECT_THAT(Transits(), ElementsAre(so1 + " 0-7-0 short 0 over 7"));
  EXPECT_THAT(Findings(), ElementsAre("NEGATIVE_STOCK acme 7 since 2026-06-12"));
  EXPECT_EQ(found_["NEGATIVE_STOCK"].location(), "partners/acme/sites/main/in_transit");
  EXPECT_THAT(found_["NEGATIVE_STOCK"].evidence(), ElementsAre("partners/acme/receipts/R1/lines/1"));
  Shipped({OnItsWay("SO1", 7)});
  EXPECT_THAT(Transits(), IsEmpty());
  EXPECT_THAT(Findings(), IsEmpty());
  EXPECT_THAT(Findings(true), ElementsAre("NEGATIVE_STOCK acme 7 since 2026-06-12 withdrawn"));
}

TEST_F(FindingsTest, FactsThatContradictARuleAreKeptAndTold) {
  v1::CreateSiteRequest site;
  site.set_parent("partners/bolt");
  site.set_site_id("east");
  *site.mutable_site()->mutable_closed_on() = Day("2026-06-01");
  ASSERT_OK(inventory_.Call<v1::Site>("SiteService/CreateSite", site));
  ASSERT_OK(MakeLot("L1", "2026-06-05"));
  v1::ShipmentLine line = NewLine("acme", "SO1", 1, "bike", 2);
  line.set_lot("L1");
  line.add_serials("S1");
  line.add_serials("S2");
  *line.mutable_ship_date() = Day("2026-05-01");
  Shipped({line});
  v1::SellThroughSale expired = NewSale("S", 1, 1, "2026-06-06", "L1");
  expired.add_serials("S1");
  ASSERT_OK(Sell("acme", expired));
  v1::StockMovement closed = NewMovement("M", 1, v1::StockMovement::ADJUSTMENT, "adjustment", "bolt/east", 4);
  Moved({closed});
  v1::SellThroughSale elsewhere = NewSale("S", 1, 1, "2026-06-09");
  elsewhere.add_serials("S1");
  ASSERT_OK(Sell("bolt", elsewhere));
  EXPECT_THAT(Findings(), UnorderedElementsAre(
                              "EXPIRED_LOT acme 1 since 2026-06-06", "CLOSED_SITE bolt 4 since 2026-06-10",
                              "SERIAL_ELSEWHERE bolt 1 since 2026-06-09", "NEGATIVE_STOCK bolt 1 since 2026-06-09"));
  EXPECT_THAT(found_["SERIAL_ELSEWHERE"].evidence(), ElementsAre("partners/acme/sales/S.1", "partners/bolt/sales/S.1"));
  EXPECT_EQ(found_["EXPIRED_LOT"].lot(), "L1");
  EXPECT_EQ(found_["CLOSED_SITE"].location(), "partners/bolt/sites/east");

  // A partner's own people see their own, and nothing of the others in them.
  EXPECT_THAT(Findings(false, As("acme")), ElementsAre("EXPIRED_LOT acme 1 since 2026-06-06"));
  EXPECT_THAT(Findings(false, As("bolt")), SizeIs(3));
  EXPECT_THAT(found_["SERIAL_ELSEWHERE"].evidence(), ElementsAre("partners/bolt/sales/S.1"));
  v1::GetStockFindingRequest get;
  get.set_name(found_["SERIAL_ELSEWHERE"].name());
  EXPECT_THAT(inventory_.Call<v1::StockFinding>("StockFindingService/GetStockFinding", get, As("bolt"))->evidence(),
              SizeIs(1));
  EXPECT_THAT(inventory_.Call<v1::StockFinding>("StockFindingService/GetStockFinding", get, As("acme")),
              HasReason(Reason::kPermissionDenied));

  // What explains them comes later: S1 came back to acme and went on to bolt, the site closes later, the lot lasts
  // longer.
  v1::UpdateLotRequest lot;
  lot.mutable_lot()->set_name("products/bike/lots/L1");
  *lot.mutable_lot()->mutable_expires_on() = Day("2026-12-31");
  ASSERT_OK(inventory_.Call<v1::Lot>("LotService/UpdateLot", lot));
  v1::SellThroughSale back = NewSale("S", 2, -1, "2026-06-07", "L1");
  back.add_serials("S1");
  ASSERT_OK(Sell("acme", back));
  v1::StockMovement over = NewMovement("M", 2, v1::StockMovement::TRANSFER, "acme/main", "bolt/main", 1, "2026-06-08");
  over.set_lot("L1");
  over.add_serials("S1");
  Moved({over});
  v1::UpdateSiteRequest update;
  update.mutable_site()->set_name("partners/bolt/sites/east");
  *update.mutable_site()->mutable_closed_on() = Day("2026-07-01");
  ASSERT_OK(inventory_.Call<v1::Site>("SiteService/UpdateSite", update));
  EXPECT_THAT(Findings(), IsEmpty());
  EXPECT_THAT(Findings(true), SizeIs(4));

  // All of it was told.
  std::vector<std::string> verbs;
  for (const events::Event& event : Events()) {
    if (event.type == v1::StockFinding::descriptor()->full_name()) verbs.push_back(event.verb);
  }
  EXPECT_EQ(std::count(verbs.begin(), verbs.end(), "opened"), 4);
  EXPECT_EQ(std::count(verbs.begin(), verbs.end(), "withdrawn"), 4);
}

TEST_F(FindingsTest, ATransferOutsideTheTerritoryIsKeptAndTold) {
  const Date start = Date::FromYmd(2020, 1, 1).value();
  Shipped({NewLine("acme", "SO1", 1, "bike", 20)});
  const std::string import_name = inventory_.NewImport("movements").value();
  const auto moved =
      Move({NewMovement("M", 1, v1::StockMovement::TRANSFER, "acme/main", "bolt/main", 4, "2026-06-10")}, import_name);
  ASSERT_OK(moved);
  EXPECT_EQ(moved->accepted(), 1);
  // Nobody says yet in which region bolt's site lies: it is not judged.
  EXPECT_THAT(Findings(), IsEmpty());
  const auto becomes = [&](const std::vector<std::string>& want) {
    std::vector<std::string> found;
    const bool so = Eventually([&] { return (found = Findings()) == want; });
    if (!so) ADD_FAILURE() << "got " << ::testing::PrintToString(found);
    return so;
  };
  partners_.TellRegion("cn");
  partners_.TellRegion("cn-51", "cn");
  partners_.TellHome("bolt", "cn-51");
  ASSERT_TRUE(becomes({"OUTSIDE_TERRITORY bolt 4 since 2026-06-10"}));
  EXPECT_EQ(found_["OUTSIDE_TERRITORY"].location(), "partners/bolt/sites/main");
  EXPECT_THAT(found_["OUTSIDE_TERRITORY"].evidence(), ElementsAre("partners/acme/movements/M.1"));
  EXPECT_EQ(found_["OUTSIDE_TERRITORY"].explanation(),
            "4 units of products/bike were taken over from other partners at partners/bolt/sites/main, where no "
            "territory grant of partners/bolt covered them, first on 2026-06-10");
  // Whose territory it is not sees it, and not from whom it came; the other one sees nothing of it.
  EXPECT_THAT(Findings(false, As("bolt")), SizeIs(1));
  EXPECT_THAT(found_["OUTSIDE_TERRITORY"].evidence(), IsEmpty());
  EXPECT_THAT(Findings(false, As("acme")), IsEmpty());

  // A grant that is told late permits it from its first day on; taken back, it never did.
  partners_.TellGrant("bolt", "g", {"cn"}, Date::FromYmd(2026, 6, 11).value());
  partners_.TellGrant("bolt", "h", {"cn"}, start, {"bikes"});
  ASSERT_TRUE(becomes({}));
  partners_.TellGrant("bolt", "h", {"cn"}, start, {"bikes"}, /*active=*/false);
  ASSERT_TRUE(becomes({"OUTSIDE_TERRITORY bolt 4 since 2026-06-10"}));
  // A site of another region, which changes.
  v1::CreateSiteRequest site;
  site.set_parent("partners/bolt");
  site.set_site_id("east");
  site.mutable_site()->set_region("regions/us");
  ASSERT_OK(inventory_.Call<v1::Site>("SiteService/CreateSite", site));
  Moved({NewMovement("N", 1, v1::StockMovement::TRANSFER, "acme/main", "bolt/east", 3, "2026-06-12")});
  EXPECT_THAT(Findings(), UnorderedElementsAre("OUTSIDE_TERRITORY bolt 4 since 2026-06-10",
                                               "OUTSIDE_TERRITORY bolt 3 since 2026-06-12"));
  v1::UpdateSiteRequest update;
  update.mutable_site()->set_name("partners/bolt/sites/east");
  update.mutable_site()->set_region("regions/cn-51");
  ASSERT_OK(inventory_.Call<v1::Site>("SiteService/UpdateSite", update));
  EXPECT_THAT(Findings(), ElementsAre("OUTSIDE_TERRITORY bolt 4 since 2026-06-10"));
  // The movement itself is taken back.
  ASSERT_OK(inventory_.UndoImport(import_name));
  EXPECT_THAT(Findings(), IsEmpty());
  std::vector<std::string> verbs;
  for (const events::Event& event : Events()) {
    if (event.type == v1::StockFinding::descriptor()->full_name()) verbs.push_back(event.verb);
  }
  EXPECT_THAT(verbs, UnorderedElementsAre("opened", "withdrawn", "reopened", "withdrawn", "opened", "withdrawn"));
}

// Nobody has to ask.
TEST_F(FindingsTest, TheWatchLooksByItself) {
  ASSERT_OK(Sell("acme", NewSale("S", 1, 3, "2026-06-09")));
  v1::ListStockFindingsRequest request;
  request.set_parent("partners/acme");
  EXPECT_TRUE(Eventually([&] {
    const auto reply = inventory_.Call<v1::ListStockFindingsResponse>("StockFindingService/ListStockFindings", request);
    return reply.ok() && reply->stock_findings_size() == 1;
  }));
}

}  // namespace
}  // namespace tributary::inventory
