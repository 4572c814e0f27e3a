// Price lists, entries and the price that holds, through the wire.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/text/text.h"
#include "inventory-service/testing_catalog.h"
#include "tributary/inventory/v1/price_entry.pb.h"
#include "tributary/inventory/v1/price_list.pb.h"
#include "tributary/inventory/v1/product.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kGold[] = "partnerPrograms/stars/levels/gold";

class PricesTest : public CatalogTest {
 protected:
  PricesTest() {
    v1::CreatePriceListRequest list;
    list.set_price_list_id("trade");
    list.mutable_price_list()->set_display_name("Trade 2026");
    EXPECT_OK(inventory_.Call<v1::PriceList>("PriceListService/CreatePriceList", list));
  }

  static v1::PriceEntry Entry(const char* amount, const char* from = "2026-01-01") {
    v1::PriceEntry entry;
    entry.set_product("products/bike");
    *entry.mutable_price() = Amount("CNY", amount);
    *entry.mutable_effective_from() = Day(from);
    return entry;
  }
  absl::StatusOr<v1::PriceEntry> Create(const std::string& id, const v1::PriceEntry& entry,
                                        const std::string& list = "trade") {
    v1::CreatePriceEntryRequest request;
    request.set_parent(StrCat("priceLists/", list));
    request.set_price_entry_id(id);
    *request.mutable_price_entry() = entry;
    return inventory_.Call<v1::PriceEntry>("PriceEntryService/CreatePriceEntry", request);
  }
  static v1::ResolvePriceRequest Question(const char* quantity = "1", const char* date = "2026-06-01") {
    v1::ResolvePriceRequest request;
    request.set_name("priceLists/-");
    request.set_product("products/bike");
    request.set_tier(kGold);
    request.set_channel("online");
    *request.mutable_quantity() = Number(quantity);
    *request.mutable_date() = Day(date);
    request.set_currency("CNY");
    return request;
  }
  absl::StatusOr<v1::ResolvedPrice> Resolve(const v1::ResolvePriceRequest& request) {
    return inventory_.Call<v1::ResolvedPrice>("PriceEntryService/ResolvePrice", request, As(api::v1::FINANCE));
  }
  // "id VERDICT" for each candidate.
  static std::vector<std::string> Told(const absl::StatusOr<v1::ResolvedPrice>& resolved) {
    EXPECT_OK(resolved);
    std::vector<std::string> told;
    for (const v1::PriceCandidate& candidate : resolved->candidates()) {
      const std::string& name = candidate.price_entry().name();
      told.push_back(
          StrCat(name.substr(name.rfind('/') + 1), " ", v1::PriceCandidate::Verdict_Name(candidate.verdict())));
      EXPECT_FALSE(candidate.why().empty());
    }
    return told;
  }
  absl::StatusOr<api::v1::BatchImportResponse> Import(const std::string& import_name,
                                                      const std::vector<v1::PriceEntry>& entries) {
    v1::BatchImportPriceEntriesRequest batch;
    batch.set_import(import_name);
    for (const v1::PriceEntry& entry : entries) {
      v1::PriceEntryRow& row = *batch.add_rows();
      row.set_row(batch.rows_size() + 1);
      *row.mutable_price_entry() = entry;
    }
    return inventory_.Call<api::v1::BatchImportResponse>("PriceEntryService/BatchImportPriceEntries", batch);
  }
};

TEST_F(PricesTest, ThePriceThatHoldsIsExplained) {
  ASSERT_OK(Create("all", Entry("800")));
  v1::PriceEntry gold = Entry("720.5");
  gold.set_tier(kGold);
  ASSERT_OK(Create("gold", gold));
  *gold.mutable_min_quantity() = Number("100");
  *gold.mutable_price() = Amount("CNY", "700");
  gold.set_pricing_basis(v1::PriceEntry::NET);
  ASSERT_OK(Create("gold-100", gold));
  v1::PriceEntry silver = Entry("760");
  silver.set_tier("partnerPrograms/stars/levels/silver");
  ASSERT_OK(Create("silver", silver));
  ASSERT_OK(Create("next-year", Entry("900", "2027-01-01")));

  const auto one = Resolve(Question("1"));
  EXPECT_THAT(Told(one), ElementsAre("gold WON", "all LESS_SPECIFIC", "gold-100 BELOW_MINIMUM",
                                     "next-year NOT_YET_IN_FORCE", "silver OTHER_TIER"));
  EXPECT_EQ(one->price_entry().price().units(), 720);
  EXPECT_EQ(one->price_entry().pricing_basis(), v1::PriceEntry::LIST);
  EXPECT_EQ(one->candidates(1).why(), "states nothing; the winner states tier");
  EXPECT_THAT(Told(Resolve(Question("100"))), ElementsAre("gold-100 WON", "gold LOWER_MINIMUM", "all LESS_SPECIFIC",
                                                          "next-year NOT_YET_IN_FORCE", "silver OTHER_TIER"));
  // The product's own edition, where the question states none.
  v1::CreateProductRequest product;
  product.set_product_id("bike-pro");
  product.mutable_product()->set_sku("B-PRO");
  product.mutable_product()->set_display_name("The pro");
  product.mutable_product()->set_kind(v1::Product::STOCKED);
  product.mutable_product()->set_base_unit("each");
  product.mutable_product()->set_edition("pro");
  ASSERT_OK(inventory_.Call<v1::Product>("ProductService/CreateProduct", product));
  v1::PriceEntry pro = Entry("990");
  pro.set_product("products/bike-pro");
  pro.set_edition("pro");
  ASSERT_OK(Create("pro", pro));
  v1::ResolvePriceRequest of_pro = Question();
  of_pro.set_product("products/bike-pro");
  EXPECT_THAT(Told(Resolve(of_pro)), ElementsAre("pro WON"));
  of_pro.set_edition("lite");
  EXPECT_THAT(Told(Resolve(of_pro)), ElementsAre("pro OTHER_EDITION"));
  // Without any that applies: no price, and why.
  const auto before = Resolve(Question("1", "2025-12-31"));
  EXPECT_FALSE(before->has_price_entry());
  EXPECT_THAT(before->candidates(), SizeIs(5));
  v1::ResolvePriceRequest other = Question();
  other.set_product("products/trike");
  EXPECT_THAT(Resolve(other)->candidates(), IsEmpty());
  other.set_name("priceLists/nothing");
  EXPECT_THAT(Resolve(other), HasReason(Reason::kNotFound));

  // A list out of use gives no price.
  v1::DeactivatePriceListRequest out;
  out.set_name("priceLists/trade");
  ASSERT_OK(inventory_.Call<v1::PriceList>("PriceListService/DeactivatePriceList", out));
  EXPECT_FALSE(Resolve(Question())->has_price_entry());
  EXPECT_THAT(inventory_.Call<v1::PriceList>("PriceListService/DeactivatePriceList", out),
              HasReason(Reason::kStateConflict));
  EXPECT_THAT(Create("late", Entry("1")), HasReason(Reason::kReferenceNotFound));
}

TEST_F(PricesTest, APartnersChannelAndTiersAreThoseOfTheDay) {
  const auto day = [](const char* text) { return Date::Parse(text).value(); };
  ASSERT_OK(Create("all", Entry("800")));
  v1::PriceEntry gold = Entry("720");
  gold.set_tier(kGold);
  ASSERT_OK(Create("gold", gold));
  const auto of_acme = [&](const char* date) {
    v1::ResolvePriceRequest request = Question("1", date);
    request.clear_tier();
    request.clear_channel();
    request.set_partner("partners/acme");
    return Resolve(request);
  };
  const auto nobody_knows = of_acme("2026-06-01");
  EXPECT_THAT(Told(nobody_knows), ElementsAre("all WON", "gold OTHER_TIER"));
  EXPECT_TRUE(nobody_knows->partner_not_known());
  EXPECT_EQ(nobody_knows->candidates(1).why(), StrCat("tier: not known, want ", kGold));

  partners_.Tell("acme");
  partners_.TellTier("acme", "a1", "partnerPrograms/stars/levels/silver", day("2026-01-01"), day("2026-05-01"));
  partners_.TellTier("acme", "a2", kGold, day("2026-05-01"), day("2026-07-01"));
  partners_.TellTier("acme", "a3", "partnerPrograms/stars", day("2026-07-01"));  // demoted to none
  partners_.TellTier("acme", "b1", "partnerPrograms/experts/levels/basic", day("2026-01-01"));
  ASSERT_TRUE(Eventually([&] { return of_acme("2026-06-01")->tiers_size() == 2; }));
  const auto in_june = of_acme("2026-06-30");
  EXPECT_THAT(Told(in_june), ElementsAre("gold WON", "all LESS_SPECIFIC"));
  EXPECT_FALSE(in_june->partner_not_known());
  EXPECT_EQ(in_june->candidates(0).why(),
            "applies, and states tier, by partners/acme/tierAssignments/a2, from 2026-05-01 to before 2026-07-01");
  ASSERT_EQ(in_june->tiers_size(), 2);
  EXPECT_EQ(in_june->tiers(0).tier(), kGold);
  EXPECT_EQ(in_june->tiers(0).tier_assignment(), "partners/acme/tierAssignments/a2");
  EXPECT_EQ(in_june->tiers(1).tier(), "partnerPrograms/experts/levels/basic");
  EXPECT_FALSE(in_june->tiers(1).has_valid_to());
  // The first day of the next assignment is the first without the price.
  const auto in_july = of_acme("2026-07-01");
  EXPECT_THAT(Told(in_july), ElementsAre("all WON", "gold OTHER_TIER"));
  EXPECT_EQ(in_july->candidates(1).why(), StrCat("tier: got partnerPrograms/experts/levels/basic, want ", kGold));
  EXPECT_THAT(Told(of_acme("2026-04-30")), ElementsAre("all WON", "gold OTHER_TIER"));
  // An assignment that is told again is as it was told last.
  partners_.TellTier("acme", "a2", kGold, day("2026-05-01"), day("2026-06-15"));
  EXPECT_TRUE(Eventually([&] { return of_acme("2026-06-30")->tiers_size() == 1; }));
  // Who states a partner states neither its channel nor its tier, and a tier is a level's name.
  v1::ResolvePriceRequest both = Question();
  both.set_partner("partners/acme");
  EXPECT_THAT(Resolve(both), Blames("channel"));
  both.clear_channel();
  EXPECT_THAT(Resolve(both), Blames("tier"));
  gold.set_tier("gold");
  EXPECT_THAT(Create("2", gold), Blames("price_entry.tier"));
}

TEST_F(PricesTest, AnEntryLives) {
  EXPECT_THAT(Create("1", Entry("800"), "nothing"), HasReason(Reason::kReferenceNotFound));
  v1::PriceEntry of_nothing = Entry("800");
  of_nothing.set_product("products/nothing");
  EXPECT_THAT(Create("1", of_nothing), HasReason(Reason::kReferenceNotFound));
  v1::PriceEntry backwards = Entry("800");
  *backwards.mutable_effective_to() = Day("2026-01-01");
  EXPECT_THAT(Create("1", backwards), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Create("1", Entry("-1")), HasReason(Reason::kInvalidField));
  // A price and a quantity are multiplied: neither may be as large as to hinder that.
  EXPECT_THAT(Create("1", Entry("1000000000000.000001")), Blames("price_entry.price"));
  v1::PriceEntry absurd = Entry("800");
  *absurd.mutable_min_quantity() = Number("1000000000.000001");
  EXPECT_THAT(Create("1", absurd), Blames("price_entry.min_quantity"));
  EXPECT_THAT(Resolve(Question("1000000000.000001")), Blames("quantity"));
  const auto made = Create("1", Entry("800"));
  ASSERT_OK(made);
  EXPECT_THAT(Create("1", Entry("800")), HasReason(Reason::kAlreadyExists));

  v1::UpdatePriceEntryRequest update;
  update.mutable_price_entry()->set_name(made->name());
  update.mutable_price_entry()->set_etag(made->etag());
  *update.mutable_price_entry()->mutable_effective_to() = Day("2026-07-01");
  const auto change = [&] { return inventory_.Call<v1::PriceEntry>("PriceEntryService/UpdatePriceEntry", update); };
  const auto changed = change();
  ASSERT_OK(changed);
  EXPECT_EQ(changed->price().units(), 800);
  EXPECT_THAT(change(), HasReason(Reason::kEtagMismatch));
  update.mutable_price_entry()->clear_etag();
  update.mutable_price_entry()->set_tier(kGold);
  update.mutable_update_mask()->add_paths("tier");
  EXPECT_THAT(change(), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Told(Resolve(Question("1", "2026-07-01"))), ElementsAre("1 NO_LONGER_IN_FORCE"));

  v1::DeactivatePriceEntryRequest out;
  out.set_name(made->name());
  ASSERT_OK(inventory_.Call<v1::PriceEntry>("PriceEntryService/DeactivatePriceEntry", out));
  EXPECT_THAT(inventory_.Call<v1::PriceEntry>("PriceEntryService/DeactivatePriceEntry", out),
              HasReason(Reason::kStateConflict));
  EXPECT_THAT(Told(Resolve(Question())), ElementsAre("1 ENTRY_INACTIVE"));
  v1::ListPriceEntriesRequest list;
  list.set_parent("priceLists/-");
  const auto listed = [&] {
    return inventory_.Call<v1::ListPriceEntriesResponse>("PriceEntryService/ListPriceEntries", list);
  };
  EXPECT_THAT(listed()->price_entries(), IsEmpty());
  list.set_show_deleted(true);
  list.set_filter("product = \"products/bike\" AND currency = CNY AND pricing_basis = LIST");
  EXPECT_THAT(listed()->price_entries(), SizeIs(1));
  // Its id may be given again.
  const auto again = Create("1", Entry("790"));
  ASSERT_OK(again);
  EXPECT_EQ(again->uid(), made->uid());
}

TEST_F(PricesTest, AreReadByNameAndByPages) {
  v1::CreatePriceListRequest retail;
  retail.set_price_list_id("retail");
  retail.mutable_price_list()->set_display_name("Retail");
  ASSERT_OK(inventory_.Call<v1::PriceList>("PriceListService/CreatePriceList", retail));
  ASSERT_OK(Create("1", Entry("800")));
  ASSERT_OK(Create("2", Entry("790", "2026-03-01")));
  const auto list_of = [&](const char* name) {
    v1::GetPriceListRequest get;
    get.set_name(name);
    return inventory_.Call<v1::PriceList>("PriceListService/GetPriceList", get);
  };
  EXPECT_EQ(list_of("priceLists/trade")->display_name(), "Trade 2026");
  EXPECT_THAT(list_of("priceLists/nothing"), HasReason(Reason::kNotFound));
  EXPECT_THAT(list_of("priceLists/trade/entries/1"), Blames("name"));
  const auto entry_of = [&](const char* name) {
    v1::GetPriceEntryRequest get;
    get.set_name(name);
    return inventory_.Call<v1::PriceEntry>("PriceEntryService/GetPriceEntry", get);
  };
  EXPECT_EQ(entry_of("priceLists/trade/entries/2")->price().units(), 790);
  EXPECT_THAT(entry_of("priceLists/trade/entries/3"), HasReason(Reason::kNotFound));
  EXPECT_THAT(entry_of("priceLists/retail/entries/1"), HasReason(Reason::kNotFound));
  EXPECT_THAT(entry_of("priceLists/trade"), Blames("name"));

  v1::ListPriceListsRequest lists;
  lists.set_page_size(1);
  const auto first = inventory_.Call<v1::ListPriceListsResponse>("PriceListService/ListPriceLists", lists);
  ASSERT_OK(first);
  EXPECT_EQ(first->price_lists(0).name(), "priceLists/retail");
  v1::ListPriceEntriesRequest entries;
  entries.set_parent("priceLists/trade");
  entries.set_page_size(1);
  const auto entry = inventory_.Call<v1::ListPriceEntriesResponse>("PriceEntryService/ListPriceEntries", entries);
  ASSERT_OK(entry);
  EXPECT_EQ(entry->price_entries(0).name(), "priceLists/trade/entries/1");
  // A token goes on with its own list alone.
  entries.set_page_token(first->next_page_token());
  EXPECT_THAT(inventory_.Call<v1::ListPriceEntriesResponse>("PriceEntryService/ListPriceEntries", entries),
              HasReason(Reason::kPageTokenInvalid));
  lists.set_page_token(entry->next_page_token());
  EXPECT_THAT(inventory_.Call<v1::ListPriceListsResponse>("PriceListService/ListPriceLists", lists),
              HasReason(Reason::kPageTokenInvalid));
  lists.set_page_token(first->next_page_token());
  const auto second = inventory_.Call<v1::ListPriceListsResponse>("PriceListService/ListPriceLists", lists);
  ASSERT_OK(second);
  EXPECT_EQ(second->price_lists(0).name(), "priceLists/trade");
}

TEST_F(PricesTest, EntriesComeByFileAndGoWithIt) {
  const std::string import_name = inventory_.NewImport("priceEntries").value();
  std::vector<v1::PriceEntry> entries(5, Entry("800"));
  entries[0].set_name("priceLists/trade/entries/1");
  entries[1].set_name("priceLists/trade/entries/2");
  entries[1].set_tier(kGold);
  entries[2].set_name("priceLists/nothing/entries/1");
  entries[3].set_name("priceLists/trade/entries/3");
  entries[3].set_product("products/nothing");
  entries[4].set_name("priceLists/trade/entries/1");  // again, at another price
  *entries[4].mutable_price() = Amount("CNY", "801");
  const auto first = Import(import_name, entries);
  ASSERT_OK(first);
  EXPECT_EQ(first->accepted(), 2);
  std::vector<std::string> errors;
  for (const api::v1::RowError& error : first->errors()) {
    errors.push_back(StrCat(error.row(), " ", error.column(), " ", error.reason()));
  }
  EXPECT_THAT(errors, ::testing::UnorderedElementsAre("4 name REFERENCE_NOT_FOUND", "5 product REFERENCE_NOT_FOUND",
                                                      "6 price ROW_CONFLICT"));
  EXPECT_EQ(Import(import_name, {entries[0], entries[1]})->duplicate(), 2);
  EXPECT_THAT(Told(Resolve(Question())), ElementsAre("2 WON", "1 LESS_SPECIFIC"));
  ASSERT_OK(inventory_.UndoImport(import_name));
  EXPECT_THAT(Told(Resolve(Question())), ElementsAre("1 ENTRY_INACTIVE", "2 ENTRY_INACTIVE"));
  EXPECT_EQ(Import(inventory_.NewImport("priceEntries").value(), {entries[4]})->accepted(), 1);
}

TEST_F(PricesTest, AreNotForPartners) {
  const rpc::CallOptions partner = As(api::v1::PARTNER_USER, "acme");
  EXPECT_THAT(inventory_.Call<v1::ListPriceListsResponse>("PriceListService/ListPriceLists",
                                                          v1::ListPriceListsRequest(), partner),
              HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(inventory_.Call<v1::ResolvedPrice>("PriceEntryService/ResolvePrice", Question(), partner),
              HasReason(Reason::kPermissionDenied));
  v1::ListPriceListsRequest all;
  EXPECT_THAT(inventory_.Call<v1::ListPriceListsResponse>("PriceListService/ListPriceLists", all)->price_lists(),
              SizeIs(1));
  v1::UpdatePriceListRequest rename;
  rename.mutable_price_list()->set_name("priceLists/trade");
  rename.mutable_price_list()->set_display_name("Trade");
  EXPECT_EQ(inventory_.Call<v1::PriceList>("PriceListService/UpdatePriceList", rename)->display_name(), "Trade");
}

}  // namespace
}  // namespace tributary::inventory
