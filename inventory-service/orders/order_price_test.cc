#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "inventory-service/orders/testing_order.h"

namespace tributary::inventory {
namespace {

TEST(OrderPriceTest, PricesAreComparedOnTheirBasis) {
  const struct {
    PriceCandidate price;
    CheckOutcome outcome;
  } kCases[] = {{Price("800"), CheckOutcome::kPassed},
                {Price("800.000001"), CheckOutcome::kFailed},
                {Price("720", PricingBasis::kNet), CheckOutcome::kPassed},
                {Price("720.000001", PricingBasis::kNet), CheckOutcome::kFailed},
                {Price("720", PricingBasis::kList, true), CheckOutcome::kPassed},
                {Price("721", PricingBasis::kList, true), CheckOutcome::kFailed}};
  for (const auto& c : kCases) {
    OrderInputs inputs = InputsOfS2();
    inputs.prices["x"] = {c.price};
    const auto checks = RunChecks(OfS2(), inputs);
    EXPECT_EQ(checks.back().kind, CheckKind::kPrice);
    EXPECT_EQ(checks.back().outcome, c.outcome) << c.price.entry.price.amount.ToString();
    EXPECT_EQ(checks.back().line, 1);  // the free line has no price to check
  }
}

// 100 units at a list price of 800, of an edition `pro`, by a partner of which a tier may be known.
TEST(OrderPriceTest, ThePriceIsTheOneForThePartnerAsFarAsItIsKnown) {
  const auto entry = [](
                         const char* id, const char* amount, void (*change)(PriceEntry&) = [](PriceEntry&) {}) {
    PriceCandidate candidate = Price(amount);
    candidate.entry.id = id;
    change(candidate.entry);
    return candidate;
  };
  const auto gold = [](PriceEntry& e) { e.tier = "gold"; };
  const auto gold_online = [](PriceEntry& e) { e.tier = "gold", e.channel = "online"; };
  const auto gold_from_100 = [](PriceEntry& e) { e.tier = "gold", e.min_quantity = D("100"); };
  const auto from_100 = [](PriceEntry& e) { e.min_quantity = D("100"); };
  const auto from_101 = [](PriceEntry& e) { e.min_quantity = D("101"); };
  const auto pro = [](PriceEntry& e) { e.edition = "pro"; };
  const auto lite = [](PriceEntry& e) { e.edition = "lite"; };
  const struct {
    const char* what;
    std::vector<PriceCandidate> prices;
    std::optional<std::string> tier;
    CheckOutcome outcome;
    const char* resource;
    const char* bound;
    const char* why;
  } kCases[] = {
      {"enough for everybody",
       {entry("all", "790"), entry("gold", "700", gold)},
       {},
       CheckOutcome::kPassed,
       "all",
       "790",
       "not below the list price 790 of priceLists/standard/entries/all, which applies, and states nothing; passed "
       "over: priceLists/standard/entries/gold (tier: not known, want gold)"},
      {"enough for gold",
       {entry("all", "810"), entry("gold", "800", gold)},
       {},
       CheckOutcome::kUndecided,
       "all",
       "810",
       "below the list price 810 of priceLists/standard/entries/all, which applies, and states nothing; not below the "
       "list price 800 of priceLists/standard/entries/gold, which would hold if the tier were gold, which is not "
       "known"},
      {"not even for gold",
       {entry("all", "810"), entry("gold", "801", gold)},
       {},
       CheckOutcome::kFailed,
       "all",
       "810",
       "passed over: priceLists/standard/entries/gold (tier: not known, want gold)"},
      {"of gold",
       {entry("all", "810"), entry("gold", "800", gold)},
       "gold",
       CheckOutcome::kPassed,
       "gold",
       "800",
       "which applies, and states tier; passed over: priceLists/standard/entries/all (states nothing; the winner "
       "states tier)"},
      {"of no tier",
       {entry("all", "810"), entry("gold", "800", gold)},
       "",
       CheckOutcome::kFailed,
       "all",
       "810",
       "(tier: got none, want gold)"},
      {"for gold alone",
       {entry("gold", "900", gold)},
       {},
       CheckOutcome::kNotChecked,
       "",
       "0",
       "no price is in force for the partner: priceLists/standard/entries/gold (tier: not known, want gold)"},
      {"two unknowns",
       {entry("all", "810"), entry("both", "800", gold_online), entry("gold", "805", gold)},
       {},
       CheckOutcome::kUndecided,
       "all",
       "810",
       "if the tier were gold and the channel were online, which is"},
      {"one of the two",
       {entry("all", "810"), entry("both", "800", gold_online)},
       "gold",
       CheckOutcome::kUndecided,
       "all",
       "810",
       "/both, which would hold if the channel were online, which is"},
      {"one that would be beaten",
       {entry("all", "810"), entry("gold", "800", gold), entry("more", "805", gold_from_100)},
       {},
       CheckOutcome::kFailed,
       "all",
       "810",
       "/gold (tier: not known, want gold), priceLists/standard/entries/more"},
      {"from the quantity on",
       {entry("all", "810"), entry("more", "800", from_100)},
       {},
       CheckOutcome::kPassed,
       "more",
       "800",
       "passed over: priceLists/standard/entries/all (from 0 on; the winner from 100 on)"},
      {"below the quantity",
       {entry("all", "810"), entry("more", "800", from_101)},
       {},
       CheckOutcome::kFailed,
       "all",
       "810",
       "(quantity: got 100, want 101 or more)"},
      {"the product's edition",
       {entry("all", "790"), entry("lite", "790", lite), entry("pro", "850", pro)},
       {},
       CheckOutcome::kFailed,
       "pro",
       "850",
       "/lite (edition: got pro, want lite)"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    OrderInputs inputs = InputsOfS2();
    inputs.exposure.terms.clear();
    inputs.editions["x"] = "pro";
    if (c.tier.has_value()) {
      inputs.buyer.tiers.emplace();
      if (!c.tier->empty()) inputs.buyer.tiers->push_back({.tier = *c.tier});
    }
    inputs.prices["x"] = c.prices;
    ASSERT_OK_AND_ASSIGN(const Order placed, Place(OfS2(), inputs, kNow));
    const OrderCheck& check = CheckOf(placed, CheckKind::kPrice);
    EXPECT_EQ(check.outcome, c.outcome);
    EXPECT_EQ(check.resource, *c.resource == '\0' ? "" : StrCat("priceLists/standard/entries/", c.resource));
    EXPECT_EQ(check.bound, D(c.bound));
    EXPECT_THAT(check.why, ::testing::HasSubstr(c.why));
    // What is undecided holds as what fails does; who confirms or releases it decides.
    const bool held = c.outcome == CheckOutcome::kFailed || c.outcome == CheckOutcome::kUndecided;
    EXPECT_EQ(placed.state, held ? OrderState::kOnHold : OrderState::kPlaced);
    const auto confirmed = Confirm(placed, {{1, D("90"), {}}}, inputs, kNow);
    if (c.outcome == CheckOutcome::kFailed) {
      EXPECT_THAT(confirmed, HasReason(Reason::kOrderCheckFailed));
      EXPECT_THAT(Release(placed, inputs, kNow), HasReason(Reason::kOrderCheckFailed));
      continue;
    }
    ASSERT_OK(confirmed);
    EXPECT_EQ(confirmed->order.state, held ? OrderState::kOnHold : OrderState::kPartConfirmed);
    if (!held) continue;
    ASSERT_OK_AND_ASSIGN(const Order released, Release(placed, inputs, kNow));
    EXPECT_EQ(released.state, OrderState::kPlaced);
  }
}

// 100 units are 3 packs of 33 1/3: a pack at 26,666.666666 is a millionth of a third too cheap, at 26,666.666667 it is
// not.
TEST(OrderPriceTest, APriceOfAUnitIsComparedExactly) {
  OrderInputs inputs = InputsOfS2();
  inputs.prices["x"] = {Price("800")};
  Order order = OfS2();
  order.lines[0].unit = "pack";
  order.lines[0].unit_quantity = D("3");
  const struct {
    const char* list_price;
    CheckOutcome outcome;
  } kCases[] = {{"26666.666667", CheckOutcome::kPassed}, {"26666.666666", CheckOutcome::kFailed}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.list_price);
    order.lines[0].list_price = D(c.list_price);
    const OrderCheck check = RunChecks(order, inputs).back();
    EXPECT_EQ(check.outcome, c.outcome);
    EXPECT_EQ(check.got, D(c.list_price));
    EXPECT_EQ(check.bound, D("26666.666667"));
    EXPECT_THAT(check.why, ::testing::HasSubstr("list price 800 x 100 for 3 pack of priceLists/standard/entries/x"));
  }
}

TEST(OrderPriceTest, ThePriceCheckTellsWhatWasPassedOver) {
  OrderInputs inputs = InputsOfS2();
  PriceCandidate of_many = Price("700");
  of_many.entry.id = "many";
  of_many.entry.min_quantity = D("200");
  PriceCandidate of_tier = Price("650");
  of_tier.entry.id = "tier";
  of_tier.entry.tier = "gold";
  inputs.prices["x"] = {of_tier, Price("800.5"), of_many};
  inputs.buyer.tiers.emplace();  // known to have none
  const OrderCheck below = RunChecks(OfS2(), inputs).back();
  EXPECT_EQ(below.resource, "priceLists/standard/entries/x");
  EXPECT_EQ(below.why,
            "below the list price 800.5 of priceLists/standard/entries/x, which applies, and states nothing; passed "
            "over: priceLists/standard/entries/many (quantity: got 100, want 200 or more), "
            "priceLists/standard/entries/tier (tier: got none, want gold)");
  inputs.prices["x"] = {of_tier};
  EXPECT_EQ(RunChecks(OfS2(), inputs).back().why,
            "no price is in force for the partner: priceLists/standard/entries/tier (tier: got none, want gold)");
}

}  // namespace
}  // namespace tributary::inventory
