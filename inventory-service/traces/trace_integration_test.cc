// Traces, recalls and packs through the whole service.

#include "inventory-service/testing_goods.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using M = v1::StockMovement;

class TraceTest : public GoodsTest {
 protected:
  absl::StatusOr<v1::SerialUnit> Pack(const char* serial, const char* pack, const std::string& etag = "",
                                      const rpc::CallOptions& options = {}) {
    v1::UpdateSerialUnitRequest request;
    request.mutable_serial_unit()->set_name(StrCat("products/bike/serials/", serial));
    request.mutable_serial_unit()->set_parent_pack(pack);
    request.mutable_serial_unit()->set_etag(etag);
    request.mutable_update_mask()->add_paths("parent_pack");
    return inventory_.Call<v1::SerialUnit>("TraceService/UpdateSerialUnit", request, options);
  }
  // "S1 S2": units that the filter finds.
  std::string Units(const std::string& filter) {
    v1::ListSerialUnitsRequest request;
    request.set_parent("products/bike");
    request.set_filter(filter);
    request.set_page_size(2);
    std::string text;
    do {
      const auto page = inventory_.Call<v1::ListSerialUnitsResponse>("TraceService/ListSerialUnits", request);
      EXPECT_OK(page);
      if (!page.ok()) return text;
      for (const v1::SerialUnit& unit : page->serial_units()) {
        StrAppend(&text, text.empty() ? "" : " ", unit.name().substr(unit.name().rfind('/') + 1));
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return text;
  }
  v1::TraceStockRequest Of(const std::string& serial, const std::string& lot = "") {
    v1::TraceStockRequest request;
    request.set_parent("partners/-");
    request.set_product("products/bike");
    request.set_serial(serial);
    request.set_lot(lot);
    return request;
  }
  absl::StatusOr<v1::TraceStockResponse> Trace(const v1::TraceStockRequest& request,
                                               const rpc::CallOptions& options = {}) {
    return inventory_.Call<v1::TraceStockResponse>("TraceService/TraceStock", request, options);
  }
  // The causes of all steps, page by page, and how many pages there were.
  std::vector<std::string> Steps(v1::TraceStockRequest request, int page_size, int* pages) {
    std::vector<std::string> causes;
    *pages = 0;
    request.set_page_size(page_size);
    do {
      const auto page = Trace(request);
      EXPECT_OK(page);
      if (!page.ok()) return causes;
      EXPECT_LE(page->steps_size(), page_size);
      for (const v1::TraceStep& step : page->steps()) {
        causes.push_back(StrCat(wire::FromProto(step.effective_date())->ToString(), " ", step.cause(), " ",
                                step.from_location(), " ", step.to_location()));
      }
      request.set_page_token(page->next_page_token());
      ++*pages;
    } while (!request.page_token().empty());
    return causes;
  }
};

TEST_F(TraceTest, APackHoldsUnitsAndMovesNone) {
  v1::ShipmentLine line = NewLine("acme", "SO1", 1, "bike", 4);
  for (const char* serial : {"S1", "S2", "S3", "S4"}) line.add_serials(serial);
  Shipped({line});
  constexpr char kPack[] = "106141412345678908";  // an SSCC
  const auto packed = Pack("S1", kPack);
  ASSERT_OK(packed);
  EXPECT_EQ(packed->parent_pack(), kPack);
  EXPECT_EQ(packed->location(), "partners/acme/sites/main/on_hand");
  ASSERT_OK(Pack("S2", kPack));
  ASSERT_OK(Pack("S3", kPack));
  EXPECT_EQ(Units(StrCat("parent_pack = \"", kPack, "\"")), "S1 S2 S3");
  EXPECT_EQ(Units("NOT parent_pack:*"), "S4");
  EXPECT_EQ(Units(""), "S1 S2 S3 S4");
  // The trace shows it, to whom the unit's place may be seen.
  EXPECT_EQ(Trace(Of("S1"))->parent_pack(), kPack);
  EXPECT_EQ(Trace(Of("S1"), As("acme"))->parent_pack(), kPack);
  EXPECT_EQ(Trace(Of("S1"), As("bolt"))->parent_pack(), "");
  EXPECT_EQ(Trace(Of("S4"))->parent_pack(), "");

  // The pack moves by a fact that names its units; it still holds them.
  M over = NewMovement("M", 1, M::TRANSFER, "acme/main", "bolt/main", 3);
  for (const char* serial : {"S1", "S2", "S3"}) over.add_serials(serial);
  Moved({over});
  EXPECT_EQ(Trace(Of("S2"), As("bolt"))->parent_pack(), kPack);
  EXPECT_EQ(Trace(Of("S2"), As("acme"))->parent_pack(), "");

  // Somebody takes one out.
  EXPECT_THAT(Pack("S1", "", "\"v7\""), HasReason(Reason::kEtagMismatch));
  const auto taken_out = Pack("S1", "", packed->etag());
  ASSERT_OK(taken_out);
  EXPECT_EQ(taken_out->parent_pack(), "");
  EXPECT_EQ(Units(StrCat("parent_pack = \"", kPack, "\"")), "S2 S3");
  EXPECT_EQ(Pack("S1", "")->etag(), taken_out->etag()) << "the same again is no change";

  EXPECT_THAT(Pack("S9", kPack), HasReason(Reason::kNotFound));
  EXPECT_THAT(Pack("S2", "S2"), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Pack("S2", "two words"), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Pack("S2", kPack, "", As("bolt")), HasReason(Reason::kPermissionDenied));
  v1::UpdateSerialUnitRequest other;
  other.mutable_serial_unit()->set_name("products/bike/serials/S2");
  other.mutable_serial_unit()->set_location("partners/cogs/sites/main/on_hand");
  other.mutable_update_mask()->add_paths("location");
  EXPECT_THAT(inventory_.Call<v1::SerialUnit>("TraceService/UpdateSerialUnit", other),
              HasReason(Reason::kInvalidField));
  std::vector<std::string> events;
  for (const events::Event& event : Events()) {
    if (event.type == v1::SerialUnit::descriptor()->full_name()) events.push_back(StrCat(event.verb, " ", event.name));
  }
  EXPECT_THAT(events, SizeIs(4));
}

TEST_F(TraceTest, AWayIsReadPageByPage) {
  std::vector<v1::ShipmentLine> lines;
  for (int i = 0; i < 12; ++i) {
    v1::ShipmentLine line = NewLine(i % 3 == 0 ? "bolt" : "acme", StrCat("SO", i), 1, "bike", 2);
    line.set_lot("L1");
    *line.mutable_ship_date() = Day(i % 2 == 0 ? "2026-06-01" : "2026-06-02");
    if (i == 1) {
      line.add_serials("S1");
      line.add_serials("S2");
    }
    lines.push_back(line);
  }
  Shipped(lines);
  for (int i = 1; i <= 7; ++i) {
    v1::SellThroughSale sale = NewSale("S", i, i == 4 ? -1 : 1, "2026-06-10", "L1");
    // Sold and brought back, again and again.
    if (i == 7) sale.add_serials("S1");
    ASSERT_OK(Sell("acme", sale));
  }
  M shown = NewMovement("M", 1, M::DEMO, "acme/main", "acme/main/demo", 1, "2026-06-05");
  M back = NewMovement("M", 2, M::DEMO, "acme/main/demo", "acme/main", 1, "2026-06-06");
  for (M* movement : {&shown, &back}) {
    movement->set_lot("L1");
    movement->add_serials("S1");
  }
  Moved({shown, back});

  int pages = 0;
  const std::vector<std::string> all = Steps(Of("", "L1"), 1000, &pages);
  EXPECT_EQ(pages, 1);
  EXPECT_THAT(all, SizeIs(21));
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const std::string& a, const std::string& b) {
    return a.substr(0, 10) < b.substr(0, 10);
  }));
  EXPECT_EQ(Steps(Of("", "L1"), 4, &pages), all);
  EXPECT_EQ(pages, 6);
  EXPECT_EQ(Steps(Of("", "L1"), 7, &pages), all);
  EXPECT_EQ(pages, 3);
  const std::vector<std::string> unit = Steps(Of("S1"), 1000, &pages);
  EXPECT_THAT(unit, SizeIs(4));
  EXPECT_EQ(Steps(Of("S1"), 3, &pages), unit);
  EXPECT_EQ(pages, 2);

  // A token is of one question of one caller.
  v1::TraceStockRequest request = Of("", "L1");
  request.set_page_size(4);
  request.set_page_token(Trace(request)->next_page_token());
  ASSERT_FALSE(request.page_token().empty());
  EXPECT_THAT(Trace(request, As("acme")), HasReason(Reason::kPageTokenInvalid));
  request.set_lot("");
  request.set_serial("S1");
  EXPECT_THAT(Trace(request), HasReason(Reason::kPageTokenInvalid));
  request.set_page_token("made up");
  EXPECT_THAT(Trace(request), HasReason(Reason::kPageTokenInvalid));
  request.set_page_token("");
  request.set_page_size(-1);
  EXPECT_THAT(Trace(request), HasReason(Reason::kInvalidField));

  // So are the buyers of a recall; who holds the lot is on every page.
  v1::RecallLotRequest recall;
  recall.set_parent("partners/-");
  recall.set_product("products/bike");
  recall.set_lot("L1");
  recall.set_page_size(3);
  std::vector<int> sizes;
  std::vector<std::string> sales;
  do {
    const auto page = inventory_.Call<v1::RecallLotResponse>("TraceService/RecallLot", recall);
    ASSERT_OK(page);
    EXPECT_THAT(page->holdings(), SizeIs(2));
    EXPECT_EQ(page->total().sold().value(), "5");
    EXPECT_TRUE(page->total().balanced());
    sizes.push_back(page->buyers_size());
    for (const v1::LotBuyer& buyer : page->buyers()) sales.push_back(buyer.sale());
    recall.set_page_token(page->next_page_token());
  } while (!recall.page_token().empty());
  EXPECT_THAT(sizes, ElementsAre(3, 3, 1));
  EXPECT_THAT(sales, ElementsAre("partners/acme/sales/S.1", "partners/acme/sales/S.2", "partners/acme/sales/S.3",
                                 "partners/acme/sales/S.4", "partners/acme/sales/S.5", "partners/acme/sales/S.6",
                                 "partners/acme/sales/S.7"));
  EXPECT_THAT(Trace(Of("S8"))->steps(), IsEmpty());

  // That nobody holds a lot of it is not said of a product that is none.
  recall.set_product("products/none");
  EXPECT_THAT(inventory_.Call<v1::RecallLotResponse>("TraceService/RecallLot", recall), HasReason(Reason::kNotFound));
  request = Of("S1");
  request.set_product("products/none");
  EXPECT_THAT(Trace(request), HasReason(Reason::kNotFound));
}

}  // namespace
}  // namespace tributary::inventory
