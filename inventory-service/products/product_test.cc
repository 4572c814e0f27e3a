#include "inventory-service/products/product.h"

#include <gtest/gtest.h>

namespace tributary::inventory {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1700000000);

Product Bike() {
  Product product;
  product.id = "349";
  product.sku = "BK-M82S-38";
  product.display_name = "Mountain-100 Silver, 38";
  product.product_line = "bikes";
  product.base_unit = "each";
  return product;
}

TEST(Product, TheFirstDifference) {
  const struct {
    const char* field;
    void (*change)(Product&);
  } kCases[] = {{"sku", [](Product& p) { p.sku = "x"; }},
                {"display_name", [](Product& p) { p.display_name = "x"; }},
                {"kind", [](Product& p) { p.kind = ProductKind::kService; }},
                {"product_line", [](Product& p) { p.product_line = ""; }},
                {"base_unit", [](Product& p) { p.base_unit = "pair"; }}};
  EXPECT_FALSE(FirstDifference(Bike(), Bike()).has_value());
  for (const auto& c : kCases) {
    Product stated = Bike();
    c.change(stated);
    const auto difference = FirstDifference(Bike(), stated);
    ASSERT_TRUE(difference.has_value()) << c.field;
    EXPECT_EQ(difference->field, c.field);
  }
}

TEST(Product, ComesBackUnderItsOldUidAfterItWasTakenOut) {
  const Product made = Admit<Product>(nullptr, Bike(), kNow);
  EXPECT_EQ(made.version, 1);
  EXPECT_EQ(made.state, LifeState::kActive);
  EXPECT_EQ(made.create_time, kNow);
  const Product out = Deactivate(made, kNow + absl::Seconds(1));
  EXPECT_EQ(out.state, LifeState::kInactive);
  EXPECT_EQ(out.version, 2);
  Product stated = Bike();
  stated.sku = "another";
  const Product back = Admit(&out, stated, kNow + absl::Seconds(2));
  EXPECT_EQ(back.state, LifeState::kActive);
  EXPECT_EQ(back.version, 3);
  EXPECT_EQ(back.uid, made.uid);
  EXPECT_EQ(back.create_time, kNow);
  EXPECT_EQ(back.update_time, kNow + absl::Seconds(2));
  EXPECT_EQ(back.sku, "another");
}

}  // namespace
}  // namespace tributary::inventory
