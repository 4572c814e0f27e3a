// The inventory part of a price cut with late rows, told together with the cut and what is missing: facts in order,
// reversed, shuffled and doubled, and the same layers.

#include "inventory-service/testing_price_cut.h"
#include "tributary/inventory/v1/product.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::SizeIs;

class PriceLayersTest : public PriceCutScenario {};

TEST_F(PriceLayersTest, APriceCutWithLateRowsAndACountInAnyOrder) {
  const std::vector<Tell> after = {Protect(), Sale("S2", 200, "2026-06-15", "EC1"), Sale("S3", 50, "2026-06-16", "EC2"),
                                   Sale("S5", 300, "2026-06-05", "EC3"), Missing(50, "2026-06-30")};
  InAnyOrder([&](Inventory& inventory, const TellAll& tell) {
    tell(after);
    // Without the protection that is recorded now, and with the late row.
    EXPECT_EQ(LayersOf(inventory, "2026-06-09"), "3200 at 115.00, 3000 at 122.00: 734000.00, sold 327000.00");
    EXPECT_EQ(LayersOf(inventory, "2026-06-30"),
              "2900 at 110.00, 3000 at 110.00, 400 at 110.00: 693000.00, sold 360000.00");
    EXPECT_EQ(LayersOf(inventory, "2026-06-30", 1), LayersOf(inventory, "2026-06-30", 50));
    v1::GetPositionRequest position;
    position.set_name("partners/acme/positions/main.bike");
    EXPECT_EQ(inventory.Call<v1::Position>("LedgerService/GetPosition", position)->on_hand().value(), "6300");
    EXPECT_TRUE(inventory.Check()->balanced());
    v1::ListPriceProtectionsRequest list;
    list.set_parent("partners/acme");
    EXPECT_THAT(inventory.Call<v1::ListPriceProtectionsResponse>("PriceLayerService/ListPriceProtections", list)
                    ->price_protections(),
                SizeIs(1));
  });
}

TEST_F(PriceLayersTest, TheLateRowTruesItUp) {
  ASSERT_OK(MakeProfile(inventory_));
  for (const Tell& fact : {Ship(Line("A", 1000, 120, "2026-03-15")), Ship(Line("B", 5000, 115, "2026-04-01")),
                           Ship(Line("C", 3000, 122, "2026-05-01")), Sale("S0", 2500, "2026-05-20", "EC1")}) {
    ASSERT_OK(fact(inventory_));
  }
  EXPECT_EQ(ExposureOf(inventory_), "53500.00 of 6500, 0 unexplained");
  ASSERT_OK(ReportOnHand("2026-06-09", 7000)(inventory_));
  EXPECT_EQ(ExposureOf(inventory_), "53500.00 of 6500, 500 unexplained");
  ASSERT_OK(Sale("S5", 300, "2026-06-05", "EC3")(inventory_));
  EXPECT_EQ(ExposureOf(inventory_), "52000.00 of 6200, 800 unexplained");
  // Once it is recorded, the same cut costs nothing more.
  ASSERT_OK(Protect()(inventory_));
  EXPECT_EQ(ExposureOf(inventory_), "0.00 of 6200, 800 unexplained");
  EXPECT_EQ(LayersOf(inventory_, "2026-06-10"), "3200 at 110.00, 3000 at 110.00: 682000.00, sold 327000.00");

  // What a cut costs is the vendor's business; its layers are the partner's.
  EXPECT_THAT(ExposureOf(inventory_, As("acme")), ::testing::HasSubstr("PERMISSION_DENIED"));
  v1::ListPriceLayersRequest layers;
  layers.set_parent("partners/acme");
  layers.set_product("products/bike");
  EXPECT_OK(inventory_.Call<v1::ListPriceLayersResponse>("PriceLayerService/ListPriceLayers", layers, As("acme")));
  EXPECT_THAT(inventory_.Call<v1::ListPriceLayersResponse>("PriceLayerService/ListPriceLayers", layers, As("bolt")),
              HasReason(Reason::kPermissionDenied));
}

// 100 bikes, 80 of which are reported, and 10 pairs.
TEST_F(PriceLayersTest, KitsThatAreReportedAreTheirParts) {
  ASSERT_OK(MakeProfile(inventory_));
  ASSERT_OK(inventory_.MakeProducts({"pair"}));
  v1::UpdateProductRequest update;
  update.mutable_product()->set_name("products/pair");
  v1::Component& bikes = *update.mutable_product()->add_components();
  bikes.set_product("products/bike");
  bikes.mutable_quantity()->set_value("2");
  *bikes.mutable_effective_from() = Day("2026-01-01");
  update.mutable_update_mask()->add_paths("components");
  ASSERT_OK(inventory_.Call<v1::Product>("ProductService/UpdateProduct", update));
  ASSERT_OK(Ship(Line("A", 100, 120, "2026-05-01"))(inventory_));
  ASSERT_OK(ReportOnHand("2026-06-09", 80, "2026-06-09,pair,10,AFTER_CLOSING\n")(inventory_));
  EXPECT_EQ(ExposureOf(inventory_), "1000.00 of 100, 0 unexplained");
}

}  // namespace
}  // namespace tributary::inventory
