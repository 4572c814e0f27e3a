#include "cli/verify/claims_by_facts.h"

#include <functional>

#include "cli/verify/testing_statement.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::cli {
namespace {

using incentive::v1::Claim;
using incentive::v1::PriceChange;
using incentive::v1::SpecialPriceAuthorization;
using incentive::v1::Spiff;
using incentive::v1::StockRotation;
using inventory::v1::PriceProtectionExposure;
using inventory::v1::SellThroughSale;
using inventory::v1::ShipmentLine;
using inventory::v1::StockMovement;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kDecided = 1780000000;  // seconds; facts came before

// 100 lamps at 115; 25 and 20 of them were sold to Harbor, 5 sent back. Claimed are 25 and 15 at 15 each beyond 100, a
// reward of 2 for each of the same 25, the 40 that lay there on 1 July when 110 became the price, at 5 each, and the 5
// less a tenth.
struct LampWorld {
  std::vector<SellThroughSale> sales = {Parse<SellThroughSale>(R"pb(
                                          name: "partners/p1/sales/a.1"
                                          sale_date { year: 2026 month: 6 day: 3 }
                                          product: "products/lamp"
                                          quantity { value: "25" }
                                          end_customer: "Harbor"
                                          activity: SALE
                                          record_time { seconds: 1770000000 }
                                        )pb"),
                                        Parse<SellThroughSale>(R"pb(
                                          name: "partners/p1/sales/b.1"
                                          sale_date { year: 2026 month: 6 day: 15 }
                                          product: "products/lamp"
                                          quantity { value: "20" }
                                          end_customer: "Harbor"
                                          activity: SALE
                                          record_time { seconds: 1770000000 }
                                        )pb")};
  ShipmentLine shipped = Parse<ShipmentLine>(R"pb(
    name: "partners/p1/shipments/S/lines/1"
    partner: "partners/p1"
    document: "S"
    line: 1
    ship_date { year: 2026 month: 4 day: 1 }
    order_date { year: 2026 month: 4 day: 1 }
    product: "products/lamp"
    quantity { value: "100" }
    net_amount { currency_code: "CNY" units: 11500 }
    record_time { seconds: 1770000000 }
  )pb");
  StockMovement moved = Parse<StockMovement>(R"pb(
    name: "partners/p1/movements/m.1"
    effective_date { year: 2026 month: 6 day: 20 }
    product: "products/lamp"
    quantity { value: "5" }
    from_location: "partners/p1/sites/main/on_hand"
    to_location: "vendor"
    reason: ROTATION
    record_time { seconds: 1770000000 }
  )pb");
  SpecialPriceAuthorization special = Parse<SpecialPriceAuthorization>(R"pb(
    name: "partners/p1/specialPrices/s"
    state: APPROVED
    product: "products/lamp"
    end_customer: "Harbor"
    sale_from { year: 2026 month: 6 day: 1 }
    sale_to { year: 2026 month: 7 day: 1 }
    approved_cost { currency_code: "CNY" units: 100 }
    quantity { value: "40" }
    claim_deadline { year: 2099 month: 12 day: 31 }
  )pb");
  PriceChange change = Parse<PriceChange>(R"pb(
    name: "priceChanges/cut"
    state: ANNOUNCED
    product: "products/lamp"
    effective_date { year: 2026 month: 7 day: 1 }
    new_price { currency_code: "CNY" units: 110 }
    claim_deadline { year: 2099 month: 12 day: 31 }
  )pb");
  PriceProtectionExposure exposure = Parse<PriceProtectionExposure>(R"pb(
    book_units { value: "50" }
    lines {
      layer {
        shipment_line: "partners/p1/shipments/S/lines/1"
        remaining { value: "40" }
      }
      outcome: PROTECTED
    }
    lines {
      layer {
        shipment_line: "partners/p1/shipments/S/lines/1"
        remaining { value: "10" }
      }
      outcome: NOT_REPORTED
    }
  )pb");
  Spiff spiff = Parse<Spiff>(R"pb(
    name: "spiffs/lamps"
    state: ANNOUNCED
    product: "products/lamp"
    sale_from { year: 2026 month: 6 day: 1 }
    sale_to { year: 2026 month: 7 day: 1 }
    reward { currency_code: "CNY" units: 2 }
    claim_deadline { year: 2099 month: 12 day: 31 }
  )pb");
  StockRotation rotation = Parse<StockRotation>(R"pb(
    name: "partners/p1/stockRotations/slow"
    state: APPROVED
    way: RETURN
    move_from { year: 2026 month: 6 day: 1 }
    move_to { year: 2026 month: 7 day: 1 }
    purchases_from { year: 2026 month: 4 day: 1 }
    purchases_to { year: 2026 month: 7 day: 1 }
    limit_rate { value: "0.05" }
    restocking_fee_rate { value: "0.1" }
    currency: "CNY"
    claim_deadline { year: 2099 month: 12 day: 31 }
  )pb");
  Claim debit = Parse<Claim>(R"pb(
    name: "partners/p1/claims/debit"
    create_time { seconds: 1779000000 }
    state: PAID
    kind: SHIP_AND_DEBIT
    special_price: "partners/p1/specialPrices/s"
    product: "products/lamp"
    amount { currency_code: "CNY" units: 675 }
    approved { currency_code: "CNY" units: 600 }
    lines {
      sale: "partners/p1/sales/a.1"
      quantity { value: "25" }
      unit_amount { currency_code: "CNY" units: 15 }
      approved_quantity { value: "25" }
      approved { currency_code: "CNY" units: 375 }
      layers {
        shipment_line: "partners/p1/shipments/S/lines/1"
        quantity { value: "25" }
      }
    }
    lines {
      sale: "partners/p1/sales/b.1"
      quantity { value: "20" }
      unit_amount { currency_code: "CNY" units: 15 }
      approved_quantity { value: "15" }
      approved { currency_code: "CNY" units: 225 }
      layers {
        shipment_line: "partners/p1/shipments/S/lines/1"
        quantity { value: "15" }
      }
    }
  )pb");
  Claim protection = Parse<Claim>(R"pb(
    name: "partners/p1/claims/protection"
    create_time { seconds: 1779000000 }
    state: APPROVED
    kind: PRICE_PROTECTION
    price_change: "priceChanges/cut"
    product: "products/lamp"
    amount { currency_code: "CNY" units: 480 }
    approved { currency_code: "CNY" units: 200 }
    lines {
      quantity { value: "40" }
      unit_amount { currency_code: "CNY" units: 12 }
      approved_quantity { value: "40" }
      approved { currency_code: "CNY" units: 200 }
      layers {
        shipment_line: "partners/p1/shipments/S/lines/1"
        quantity { value: "40" }
      }
    }
  )pb");
  Claim reward = Parse<Claim>(R"pb(
    name: "partners/p1/claims/reward"
    create_time { seconds: 1779000000 }
    state: APPROVED
    kind: SPIFF
    spiff: "spiffs/lamps"
    product: "products/lamp"
    amount { currency_code: "CNY" units: 75 }
    approved { currency_code: "CNY" units: 50 }
    lines {
      sale: "partners/p1/sales/a.1"
      quantity { value: "25" }
      unit_amount { currency_code: "CNY" units: 3 }
      approved_quantity { value: "25" }
      approved { currency_code: "CNY" units: 50 }
    }
  )pb");
  Claim slow = Parse<Claim>(R"pb(
    name: "partners/p1/claims/slow"
    create_time { seconds: 1779000000 }
    state: APPROVED
    kind: STOCK_ROTATION
    stock_rotation: "partners/p1/stockRotations/slow"
    product: "products/lamp"
    amount { currency_code: "CNY" units: 575 }
    approved { currency_code: "CNY" units: 517 nanos: 500000000 }
    lines {
      movement: "partners/p1/movements/m.1"
      quantity { value: "5" }
      unit_amount { currency_code: "CNY" units: 115 }
      approved_quantity { value: "5" }
      approved { currency_code: "CNY" units: 517 nanos: 500000000 }
      layers {
        shipment_line: "partners/p1/shipments/S/lines/1"
        quantity { value: "5" }
      }
    }
  )pb");

  // Of all claims, each with its name before it.
  ClaimFindings Found() const {
    ClaimGrounds grounds;
    PartnerFacts& facts = grounds.facts["partners/p1"];
    for (const SellThroughSale& sale : sales) facts.Add(sale);
    facts.Add(shipped);
    facts.Add(moved);
    grounds.special_prices[special.name()] = special;
    grounds.price_changes[change.name()] = change;
    grounds.spiffs[spiff.name()] = spiff;
    grounds.stock_rotations[rotation.name()] = rotation;
    grounds.exposures[{"partners/p1", change.name()}] = exposure;
    ClaimsByFacts book(grounds);
    ClaimFindings all;
    for (const Claim* claim : {&debit, &protection, &reward, &slow}) {
      grounds.decided[claim->name()] = kDecided * 1000000;
      const ClaimFindings found = book.Add(*claim);
      for (const std::string& what : found.differences) all.differences.push_back(claim->name() + ": " + what);
      for (const std::string& what : found.open) all.open.push_back(claim->name() + ": " + what);
    }
    return all;
  }
};

TEST(ClaimsByFactsTest, GoodClaimsAreWorkedOutAgain) {
  const ClaimFindings found = LampWorld().Found();
  EXPECT_THAT(found.differences, IsEmpty());
  EXPECT_THAT(found.open, IsEmpty());
}

TEST(ClaimsByFactsTest, SaysWhatTheFactsDoNotBearOut) {
  const struct {
    std::function<void(LampWorld*)> spoil;
    const char* difference;
  } kCases[] = {
      {[](LampWorld* w) { w->sales.pop_back(); }, "claims/debit: lines[1]: partners/p1/sales/b.1: no such sale"},
      {[](LampWorld* w) { w->sales[0].set_product("products/bulb"); },
       "claims/debit: lines[0]: partners/p1/sales/a.1: product: stated products/lamp, by the facts products/bulb"},
      {[](LampWorld* w) { w->sales[0].set_end_customer("Garden"); },
       "claims/debit: lines[0]: partners/p1/sales/a.1: customer: stated Harbor, by the facts Garden"},
      {[](LampWorld* w) { w->sales[1].mutable_sale_date()->set_month(7); },
       "claims/debit: lines[1]: partners/p1/sales/b.1: date: stated 2026-06-01 to before 2026-07-01, by the facts "
       "2026-07-15"},
      {[](LampWorld* w) { w->sales[0].mutable_quantity()->set_value("24"); },
       "claims/debit: lines[0]: partners/p1/sales/a.1: units of all claims of its kind: stated 25, by the facts at "
       "most "
       "24"},
      {[](LampWorld* w) { w->special.mutable_quantity()->set_value("39"); },
       "claims/debit: partners/p1/specialPrices/s: units of all claims: stated 40, by the facts at most 39"},
      {[](LampWorld* w) { w->special.mutable_approved_cost()->set_units(101); },
       "claims/debit: approved: stated 600, by the facts 560"},
      {[](LampWorld* w) {
         w->debit.mutable_lines(0)->mutable_approved()->set_units(374);
         w->debit.mutable_lines(1)->mutable_approved()->set_units(226);
       },
       "claims/debit: lines[1]: approved: stated 226, by the facts 225"},
      {[](LampWorld* w) { w->special.set_state(SpecialPriceAuthorization::REJECTED); },
       "claims/debit: special_price: stated REJECTED, by the facts APPROVED"},
      {[](LampWorld* w) { w->special.mutable_claim_deadline()->set_year(2025); }, "claims/debit: create_time: stated "},
      {[](LampWorld* w) { w->debit.set_special_price("partners/p1/specialPrices/t"); },
       "claims/debit: partners/p1/specialPrices/t: there is none"},
      {[](LampWorld* w) { w->shipped.set_name("partners/p1/shipments/T/lines/1"); },
       "claims/protection: lines[0]: layers: partners/p1/shipments/S/lines/1: no line of the product"},
      {[](LampWorld* w) { w->exposure.mutable_lines(0)->mutable_layer()->mutable_remaining()->set_value("39"); },
       "claims/protection: lines[0]: partners/p1/shipments/S/lines/1: units of all claims: stated 40, by the books and "
       "reports at most 39"},
      {[](LampWorld* w) { w->change.mutable_new_price()->set_units(111); },
       "claims/protection: approved: stated 200, by the facts 160"},
      {[](LampWorld* w) { w->spiff.mutable_reward()->set_units(1); },
       "claims/reward: approved: stated 50, by the facts 25"},
      {[](LampWorld* w) { w->rotation.mutable_restocking_fee_rate()->set_value("0.2"); },
       "claims/slow: approved: stated 517.5, by the facts 460"},
      {[](LampWorld* w) { w->rotation.mutable_limit_rate()->set_value("0.04"); },
       "claims/slow: partners/p1/stockRotations/slow: credits of all claims: stated 517.5, by the facts at most 460"},
      {[](LampWorld* w) { w->rotation.set_way(StockRotation::SCRAP); },
       "claims/slow: lines[0]: partners/p1/movements/m.1: way: stated SCRAP, by the facts vendor"},
      {[](LampWorld* w) { w->moved.set_name("partners/p1/movements/n.1"); },
       "claims/slow: lines[0]: partners/p1/movements/m.1: units of all claims of its kind: stated 5, by the facts at "
       "most 0"},
  };
  for (const auto& c : kCases) {
    LampWorld bad;
    c.spoil(&bad);
    EXPECT_THAT(bad.Found().differences, Contains(HasSubstr(c.difference)));
  }
}

// A customer brings 5 back after the claim was approved: 35 are left of the 40.
TEST(ClaimsByFactsTest, WhatCameAfterADecisionIsNoDifference) {
  LampWorld world;
  SellThroughSale back = world.sales[0];
  back.set_name("partners/p1/sales/c.1");
  back.mutable_quantity()->set_value("-5");
  back.set_activity(SellThroughSale::RETURN);
  back.set_original_sale("partners/p1/sales/a.1");
  back.mutable_record_time()->set_seconds(kDecided + 1);
  world.sales.push_back(back);
  world.special.mutable_quantity()->set_value("35");
  EXPECT_THAT(world.Found().differences, IsEmpty());
  EXPECT_THAT(world.Found().open, IsEmpty());

  world.special.mutable_quantity()->set_value("34");
  const ClaimFindings found = world.Found();
  EXPECT_THAT(found.differences, IsEmpty());
  EXPECT_THAT(found.open,
              ElementsAre("partners/p1/claims/debit: partners/p1/specialPrices/s: units of all claims: stated "
                          "35, by the facts at most 34; facts came after it was approved"));
}

// After a cut a unit cost 112 or still 115, which is 12 to 15 beyond 100 for each of 40 units.
TEST(ClaimsByFactsTest, WhatTheFactsBoundIsOpen) {
  LampWorld world;
  world.change.mutable_effective_date()->set_month(5);
  world.change.mutable_new_price()->set_units(112);
  const ClaimFindings found = world.Found();
  EXPECT_THAT(found.open,
              Contains("partners/p1/claims/debit: approved: the facts tell 480 to 600; which price units had "
                       "by then they do not tell"));
  world.debit.mutable_approved()->set_units(601);
  EXPECT_THAT(world.Found().differences,
              Contains("partners/p1/claims/debit: approved: stated 601, by the facts 480 to 600"));
}

TEST(ClaimsByFactsTest, NamesWithoutTheirGeneration) {
  EXPECT_EQ(LineOf("partners/p1/shipments/S.1/lines/2.1"), "partners/p1/shipments/S.1/lines/2");
  EXPECT_EQ(LineOf("partners/p1/shipments/S/lines/2"), "partners/p1/shipments/S/lines/2");
  EXPECT_EQ(MovementOf("partners/p1/movements/m.1"), "partners/p1/movements/m.1");
  EXPECT_EQ(MovementOf("partners/p1/movements/m.1.r1"), "partners/p1/movements/m.1");
  EXPECT_EQ(MovementOf("partners/p1/movements/A.B.3.0"), "partners/p1/movements/A.B.3");
}

}  // namespace
}  // namespace tributary::cli
