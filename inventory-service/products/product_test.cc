#include "inventory-service/products/product.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"

namespace tributary::inventory {
namespace {

Product Bike() {
  Product product;
  product.id = "349";
  product.sku = "BK-M82S-38";
  product.display_name = "Mountain-100 Silver, 38";
  product.product_line = "bikes";
  product.base_unit = "each";
  return product;
}

Money Cny(const char* amount) { return {"CNY", Decimal::Parse(amount).value()}; }

// Everything that a product can say of itself.
Product Rich() {
  Product product = Bike();
  product.base_unit_step = Decimal::FromInt(1);
  product.gtin = "4006381333931";
  product.tracking = Tracking::kSerial;
  product.edition = "pro";
  product.shelf_life_days = 30;
  product.standard_costs = {{Day("2026-01-01"), Cny("500")}, {Day("2026-07-01"), Cny("520.5")}};
  product.components = {{"wheel", Decimal::FromInt(2), {Day("2026-01-01"), OpenEnd()}}};
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
                {"base_unit", [](Product& p) { p.base_unit = "pair"; }},
                {"base_unit_step", [](Product& p) { p.base_unit_step = Decimal::FromInt(1); }},
                {"gtin", [](Product& p) { p.gtin = "4006381333931"; }},
                {"tracking", [](Product& p) { p.tracking = Tracking::kLot; }},
                {"edition", [](Product& p) { p.edition = "pro"; }},
                {"shelf_life_days", [](Product& p) { p.shelf_life_days = 30; }},
                {"standard_costs", [](Product& p) {
                   p.standard_costs = {{Day("2026-01-01"), Cny("1")}};
                 }}};
  EXPECT_FALSE(FirstDifference(Bike(), Bike()).has_value());
  for (const auto& c : kCases) {
    Product stated = Bike();
    c.change(stated);
    const auto difference = FirstDifference(Bike(), stated);
    ASSERT_TRUE(difference.has_value()) << c.field;
    EXPECT_EQ(difference->field, c.field);
  }
}

// A file that knows only what it always knew stays a duplicate after more was said of the product.
TEST(Product, WhatARowLeavesUnsetIsNotCompared) { EXPECT_FALSE(FirstDifference(Rich(), Bike()).has_value()); }

TEST(Product, ItsForm) {
  const struct {
    const char* what;
    void (*change)(Product&);
    std::vector<std::string> fields;
  } kCases[] = {{"all of it", [](Product&) {}, {}},
                {"a wrong check digit", [](Product& p) { p.gtin = "4006381333932"; }, {"gtin"}},
                {"two costs on a day",
                 [](Product& p) { p.standard_costs[1].effective_from = Day("2026-01-01"); },
                 {"standard_costs[1].effective_from"}},
                {"itself a part",
                 [](Product& p) {
                   p.gtin = "1";
                   p.components[0].product = p.id;
                 },
                 {"gtin", "components[0].product"}}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    Product product = Rich();
    c.change(product);
    std::vector<std::string> fields;
    for (const FieldViolation& violation : DetailOf(CheckForm(product)).violations) fields.push_back(violation.field);
    EXPECT_EQ(fields, c.fields);
  }
}

TEST(Product, CostsWhatTheDaySays) {
  const std::vector<StandardCost> costs = Rich().standard_costs;
  EXPECT_EQ(CostAsOf(costs, Day("2025-12-31")), nullptr);
  EXPECT_EQ(CostAsOf(costs, Day("2026-01-01"))->cost, Cny("500"));
  EXPECT_EQ(CostAsOf(costs, Day("2026-06-30"))->cost, Cny("500"));
  EXPECT_EQ(CostAsOf(costs, Day("2026-07-01"))->cost, Cny("520.5"));
  EXPECT_EQ(CostAsOf({}, Day("2026-07-01")), nullptr);
}

TEST(Product, WhatMayChange) {
  const struct {
    const char* what;
    bool posted;
    void (*change)(Product&);
    Reason reason;  // kUnspecified: it may
  } kCases[] = {{"kind, before", false, [](Product& p) { p.kind = ProductKind::kService; }, Reason::kUnspecified},
                {"kind", true, [](Product& p) { p.kind = ProductKind::kService; }, Reason::kInUse},
                {"tracking", true, [](Product& p) { p.tracking = Tracking::kLot; }, Reason::kInUse},
                {"tracking, cleared", true, [](Product& p) { p.tracking = Tracking::kUnset; }, Reason::kInUse},
                {"base unit", true, [](Product& p) { p.base_unit = "pair"; }, Reason::kInUse},
                {"what is left", true,
                 [](Product& p) {
                   p.sku = "new";
                   p.display_name = "New";
                   p.product_line = "";
                   p.base_unit_step = Decimal();
                   p.gtin = "";
                   p.edition = "";
                   p.shelf_life_days = 0;
                   p.standard_costs.clear();
                   p.components.clear();
                 },
                 Reason::kUnspecified}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const Product known = Admit<Product>(nullptr, Rich(), kNow);
    Product stated = known;
    c.change(stated);
    const auto changed = Change(known, stated, c.posted, kNow + absl::Seconds(1));
    if (c.reason != Reason::kUnspecified) {
      EXPECT_THAT(changed, HasReason(c.reason));
      continue;
    }
    ASSERT_OK(changed);
    EXPECT_EQ(changed->version, 2);
    EXPECT_EQ(changed->uid, known.uid);
    EXPECT_EQ(changed->update_time, kNow + absl::Seconds(1));
    EXPECT_EQ(changed->sku, stated.sku);
  }
  const Product out = Deactivate(Admit<Product>(nullptr, Rich(), kNow), kNow);
  EXPECT_THAT(Change(out, out, false, kNow), HasReason(Reason::kStateConflict));
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
