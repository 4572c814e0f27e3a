// What an order's prices are held against: price lists, by what is known of the partner; who reads what of them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "inventory-service/orders/testing_orders.h"
#include "inventory-service/partners/buyer.h"
#include "inventory-service/partners/partner_directory.h"
#include "tributary/inventory/v1/price_entry.pb.h"
#include "tributary/inventory/v1/price_list.pb.h"

namespace tributary::inventory {
namespace {

constexpr char kGold[] = "partnerPrograms/stars/levels/gold";

class OrderPricesTest : public OrdersTest {
 protected:
  struct Whom {
    std::string channel, tier;
  };

  void MakePriceList() {
    v1::CreatePriceListRequest list;
    list.set_price_list_id("trade");
    list.mutable_price_list()->set_display_name("Trade");
    ASSERT_OK(inventory_.Call<v1::PriceList>("PriceListService/CreatePriceList", list));
  }
  void MakePrice(int yuan, const Whom& whom = {}) {
    v1::CreatePriceEntryRequest entry;
    entry.set_parent("priceLists/trade");
    entry.mutable_price_entry()->set_product("products/bike");
    entry.mutable_price_entry()->set_channel(whom.channel);
    entry.mutable_price_entry()->set_tier(whom.tier);
    *entry.mutable_price_entry()->mutable_price() = Yuan(yuan);
    *entry.mutable_price_entry()->mutable_effective_from() = On("01-01");
    ASSERT_OK(inventory_.Call<v1::PriceEntry>("PriceEntryService/CreatePriceEntry", entry));
  }
};

TEST_F(OrderPricesTest, APartnerPlacesItsOwnAndTheVendorConfirms) {
  Supplied("04-01", 100);
  rpc::Client user(
      {.address = service_.address(), .token = [this] { return keys_.Token(api::v1::PARTNER_USER, "acme"); }});
  Inventory own(user);
  v1::CreateDistributorOrderRequest create;
  create.set_parent("partners/acme");
  create.set_order_id("mine");
  *create.mutable_order()->mutable_order_date() = On("04-01");
  *create.mutable_order()->mutable_requested_date() = On("04-01");
  *create.mutable_order()->add_lines() = Line(1, 1, 720);
  ASSERT_OK(own.Call<Order>("DistributorOrderService/CreateDistributorOrder", create));
  MakePriceList();
  MakePrice(790);
  MakePrice(700, {.tier = kGold});
  v1::PlaceDistributorOrderRequest place;
  place.set_name("partners/acme/orders/mine");
  const auto placed = own.Call<Order>("DistributorOrderService/PlaceDistributorOrder", place);
  ASSERT_OK(placed);
  // The vendor reads which entry decided and which were passed over, partners do not.
  EXPECT_EQ(CheckOf(*placed, v1::OrderCheck::PRICE).why(), "not below the price that holds for the partner");
  EXPECT_EQ(CheckOf(*placed, v1::OrderCheck::PRICE).resource(), "");
  v1::ListDistributorOrdersRequest all;
  all.set_parent("partners/-");
  for (auto* who : {&own, &inventory_}) {
    const bool partner = who == &own;
    v1::GetDistributorOrderRequest get;
    get.set_name(place.name());
    const auto got = who->Call<Order>("DistributorOrderService/GetDistributorOrder", get);
    const auto listed =
        who->Call<v1::ListDistributorOrdersResponse>("DistributorOrderService/ListDistributorOrders", all);
    ASSERT_OK(got);
    ASSERT_OK(listed);
    for (const Order& order : {*got, listed->orders(0)}) {
      EXPECT_EQ(order.ShortDebugString().find("priceLists") == std::string::npos, partner);
      EXPECT_EQ(order.ShortDebugString().find("gold") == std::string::npos, partner);
    }
  }
  v1::ConfirmDistributorOrderRequest confirm;
  confirm.set_name(place.name());
  EXPECT_THAT(own.Call<Order>("DistributorOrderService/ConfirmDistributorOrder", confirm),
              HasReason(Reason::kPermissionDenied));

  // Enough for gold alone, and nobody knows whether the partner is: it is told that it fails, as for everybody.
  create.set_order_id("gold");
  *create.mutable_order()->mutable_lines(0)->mutable_list_price() = Yuan(700);
  ASSERT_OK(own.Call<Order>("DistributorOrderService/CreateDistributorOrder", create));
  place.set_name("partners/acme/orders/gold");
  const auto held = own.Call<Order>("DistributorOrderService/PlaceDistributorOrder", place);
  ASSERT_OK(held);
  EXPECT_EQ(held->state(), Order::ON_HOLD);
  EXPECT_EQ(CheckOf(*held, v1::OrderCheck::PRICE).outcome(), v1::OrderCheck::FAILED);
  EXPECT_EQ(CheckOf(*held, v1::OrderCheck::PRICE).limit().value(), "790");
  EXPECT_EQ(CheckOf(*held, v1::OrderCheck::PRICE).why(), "below the price that holds for the partner");
  EXPECT_EQ(CheckOf(*Get("gold"), v1::OrderCheck::PRICE).outcome(), v1::OrderCheck::UNDECIDED);
  EXPECT_THAT(
      CheckOf(*Get("gold"), v1::OrderCheck::PRICE).why(),
      ::testing::EndsWith("which would hold if the tier were partnerPrograms/stars/levels/gold, which is not known"));
  const auto released = Release("gold");
  ASSERT_OK(released);
  EXPECT_EQ(released->state(), Order::PLACED);
  create.set_parent("partners/bolt");
  EXPECT_THAT(own.Call<Order>("DistributorOrderService/CreateDistributorOrder", create),
              HasReason(Reason::kPermissionDenied));
  v1::CheckAvailabilityRequest check;
  check.set_product("products/bike");
  *check.mutable_date() = On("04-01");
  EXPECT_THAT(own.Call<v1::Availability>("SupplyService/CheckAvailability", check),
              HasReason(Reason::kPermissionDenied));
}

TEST_F(OrderPricesTest, AChannelsPriceHoldsForThePartnersInIt) {
  Supplied("04-01", 100);
  MakePriceList();
  MakePrice(790);
  MakePrice(740, {.channel = "online"});
  const auto price_check = [&](const char* order) {
    v1::OrderLine line = Line(1, 1, 740);
    *line.mutable_list_price() = Yuan(740);
    EXPECT_OK(Draft(order, {line}));
    const auto placed = Place(order);
    EXPECT_OK(placed);
    return CheckOf(*placed, v1::OrderCheck::PRICE);
  };
  const auto told = [&](const std::string& channel) {
    partners_.TellHome("acme", "cn", channel);
    return Eventually([&] {
      std::optional<std::string> known;
      EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
        ASSIGN_OR_RETURN(known, ChannelOf(sql, "acme"));
        return absl::OkStatus();
      }));
      return known == channel;
    });
  };
  // It sells in no channel.
  ASSERT_TRUE(told(""));
  EXPECT_EQ(price_check("o1").outcome(), v1::OrderCheck::FAILED);
  EXPECT_EQ(price_check("o2").limit().value(), "790");
  ASSERT_TRUE(told("online"));
  const v1::OrderCheck in_it = price_check("o3");
  EXPECT_EQ(in_it.outcome(), v1::OrderCheck::PASSED);
  EXPECT_EQ(in_it.limit().value(), "740");
  ASSERT_TRUE(told("retail"));
  EXPECT_EQ(price_check("o4").outcome(), v1::OrderCheck::FAILED);
}

TEST_F(OrderPricesTest, ATiersPriceHoldsForThePartnersThatHaveItOnTheOrdersDate) {
  Supplied("04-01", 100);
  MakePriceList();
  MakePrice(790);
  MakePrice(700, {.tier = kGold});
  const auto price_check = [&](const char* order) {
    v1::OrderLine line = Line(1, 1, 700);
    *line.mutable_list_price() = Yuan(700);
    EXPECT_OK(Draft(order, {line}));
    const auto placed = Place(order);
    EXPECT_OK(placed);
    return CheckOf(*placed, v1::OrderCheck::PRICE);
  };
  const auto tiers = [&] {
    std::string told;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const auto held, TiersOf(sql, "acme", Date::Parse("2026-04-01").value()));
      told.clear();
      for (const HeldTier& one : held) StrAppend(&told, one.tier, " ");
      return absl::OkStatus();
    }));
    return told;
  };
  EXPECT_EQ(price_check("o1").outcome(), v1::OrderCheck::UNDECIDED) << "nobody has told of the partner";
  partners_.Tell("acme");
  partners_.TellTier("acme", "a1", "partnerPrograms/stars/levels/silver", Date::Parse("2026-01-01").value());
  ASSERT_TRUE(Eventually([&] { return tiers() == "partnerPrograms/stars/levels/silver "; }));
  const v1::OrderCheck silver = price_check("o2");
  EXPECT_EQ(silver.outcome(), v1::OrderCheck::FAILED);
  EXPECT_EQ(silver.limit().value(), "790");
  EXPECT_THAT(silver.why(),
              ::testing::HasSubstr(StrCat("tier: got partnerPrograms/stars/levels/silver, want ", kGold)));
  // Gold from the day after the order's date on does not help; on the date itself it does.
  partners_.TellTier("acme", "a1", "partnerPrograms/stars/levels/silver", Date::Parse("2026-01-01").value(),
                     Date::Parse("2026-04-01").value());
  partners_.TellTier("acme", "a2", kGold, Date::Parse("2026-04-02").value());
  ASSERT_TRUE(Eventually([&] { return tiers().empty(); }));
  EXPECT_EQ(price_check("o3").outcome(), v1::OrderCheck::FAILED);
  partners_.TellTier("acme", "a2", kGold, Date::Parse("2026-04-01").value());
  ASSERT_TRUE(Eventually([&] { return !tiers().empty(); }));
  const v1::OrderCheck gold = price_check("o4");
  EXPECT_EQ(gold.outcome(), v1::OrderCheck::PASSED);
  EXPECT_EQ(gold.limit().value(), "700");
  EXPECT_THAT(gold.why(), ::testing::HasSubstr("by partners/acme/tierAssignments/a2, from 2026-04-01 on"));
  // What was held for the price is let go once the tier is known.
  const auto released = Release("o2");
  ASSERT_OK(released);
  EXPECT_EQ(CheckOf(*released, v1::OrderCheck::PRICE).outcome(), v1::OrderCheck::PASSED);
}

}  // namespace
}  // namespace tributary::inventory
