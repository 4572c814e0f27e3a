// Scenario 5: one customer, two registrations. What was promised is kept: sales of others in a partner's cells become
// cases, and their remedies money.

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/text/text.h"
#include "gmock/gmock.h"
#include "tests/e2e/scenarios/two_registrations.h"

namespace tributary::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class ScenarioS5 : public TwoRegistrations {
 protected:
  ScenarioS5() : TwoRegistrations("s5", /*acts_between_kills=*/3) {}

  // Products of the three lines.
  void NewProducts() {
    json lines = json::object();
    lines["import"] = NewImport("productLines");
    lines["rows"] = json::array();
    for (const char* word : {"pl-a", "pl-b", "pl-c"}) {
      json row = json::object();
      row["row"] = lines["rows"].size() + 1;
      row["productLine"]["name"] = Line(word);
      row["productLine"]["displayName"] = word;
      lines["rows"].push_back(row);
    }
    admin_.Do("/v1/productLines:batchImport", lines);
    for (const char* word : {"pl-a", "pl-b", "pl-c"}) {
      json more = json::object();
      more["productLine"] = Line(word);
      NewProduct(word, more);
    }
  }
  std::string NewImport(const char* target) {
    json import = json::object();
    import["target"] = target;
    import["mapping"] = "tests/scenario";
    import["sourceSha256"] = std::string(64, '0');
    return TextAt(admin_.Do("/v1/inventory/imports", import), "/name");
  }
  std::string Product(std::string_view word) const { return StrCat("products/", Id(word)); }

  // The vendor itself sells to the customer.
  Fact SellDirect(std::string_view document, std::string_view product, const char* region) {
    json sale = json::object();
    sale["document"] = Id(document);
    sale["line"] = 1;
    sale["orderDate"] = OnDay("08-25");
    sale["product"] = Product(product);
    sale["quantity"] = Units(10);
    sale["unitPrice"] = Yuan(1000);
    sale["netAmount"] = Yuan(10000);
    sale["region"] = region;
    sale["customerCode"] = kWholeName;
    return [this, sale] {
      json row = json::object();
      row["row"] = 1;
      row["directSale"] = sale;
      json body = json::object();
      body["import"] = NewImport("directSales");
      body["rows"] = json::array();
      body["rows"].push_back(row);
      const json taken = Do("/v1/directSales:batchImport", body);
      EXPECT_FALSE(taken.contains("errors") && !taken["errors"].empty()) << taken;
    };
  }
  // A partner reports the one invoice.
  Fact Report(const std::string& partner) {
    json sale = json::object();
    sale["document"] = "INV-9";
    sale["line"] = 1;
    sale["saleDate"] = OnDay("09-01");
    sale["product"] = Product("pl-b");
    sale["quantity"] = Units(40);
    sale["netAmount"] = Yuan(40000);
    sale["region"] = "regions/cn-50";
    sale["endCustomer"] = kWholeName;
    return [this, partner, sale] { Do(StrCat("/v1/", partner, "/sales"), sale); };
  }
  // Who is a party of the case: "p1 p2 ".
  std::string PartiesOf(const json& one) const {
    std::string text;
    for (const json& party : one.value("parties", json::array())) {
      const std::string name = party.get<std::string>();
      if (name == p1_ || name == p2_) StrAppend(&text, name == p1_ ? "p1 " : "p2 ");
    }
    return text;
  }
  // The cases of a kind that the two are parties of, by parties.
  std::map<std::string, std::string> CasesOf(const char* kind) const {
    std::map<std::string, std::string> names;
    for (const json& one : List(StrCat("/v1/cases?filter=kind%20%3D%20", kind), "cases")) {
      const std::string parties = PartiesOf(one);
      if (parties.empty()) continue;
      EXPECT_TRUE(names.emplace(parties, TextAt(one, "/name")).second) << kind << " twice of " << parties;
    }
    return names;
  }
  static std::string KeysOf(const std::map<std::string, std::string>& cases) {
    std::string text;
    for (const auto& [parties, name] : cases) StrAppend(&text, parties, "; ");
    return text;
  }
  // Pays 5 % of the deals that the two win.
  void NewBonus() {
    json tier = json::object();
    tier["fromAmount"]["value"] = "0";
    tier["rate"]["value"] = "0.05";
    json program = json::object();
    program["displayName"] = "Deals won";
    program["basis"] = "WON_DEAL";
    program["shape"] = "FLAT";
    program["tiers"] = json::array();
    program["tiers"].push_back(tier);
    program["period"] = "QUARTER";
    program["currency"] = "CNY";
    program["effectiveFrom"] = On("2025-01-01");
    program["eligibility"]["partners"] = json::array();
    for (const std::string& partner : {p1_, p2_}) program["eligibility"]["partners"].push_back(partner);
    const GatewayUser finance = Staff("FINANCE", "finance");
    Do(finance, StrCat("/v1/programs?programId=", Id("bonus")), program);
    Do(finance, StrCat("/v1/programs/", Id("bonus"), ":activate"));
  }
  // What has accrued to the partner of deals that it won.
  int BonusOf(const std::string& partner) const {
    int sum = 0;
    for (const json& accrual : List(StrCat("/v1/", partner, "/accruals"), "accruals")) {
      const bool of_deals = TextAt(accrual, "/program") == StrCat("programs/", Id("bonus"));
      if (of_deals) sum += std::stoi(MoneyAt(accrual, "/evaluation/value"));
    }
    return sum;
  }
  // What has been approved for the partner and has accrued to it, in all.
  std::string TotalOf(const std::string& partner) {
    int sum = BonusOf(partner);
    for (const json& posting : List(StrCat("/v1/", partner, "/adjustments"), "adjustments")) {
      if (TextAt(posting, "/state") == "APPROVED") sum += std::stoi(MoneyAt(posting, "/amount"));
    }
    return StrCat(sum);
  }
  void ApproveTheOnlyOne(const std::string& partner) {
    const std::string list = StrCat("/v1/", partner, "/adjustments?filter=state%20%3D%20REQUESTED");
    ExpectSoon([&] { return StrCat(List(list, "adjustments").size()); }, "1");
    const std::vector<json> requested = List(list, "adjustments");
    ASSERT_EQ(requested.size(), 1u);
    Do(StrCat("/v1/", TextAt(requested[0], "/name"), ":approve"));
  }

  // Units of PL-B that the partner buys from us, and what it may claim for those of the invoice: 50 each.
  Fact Buy(const std::string& partner) {
    return Document(partner, "shipments",
                    json::array({Shipped(partner, "BUY-1", Day("07-10").ToString(), Product("pl-b"), 100, Yuan(1000),
                                         Yuan(100000))}));
  }
  void NewSpecialPrice(const std::string& partner, std::string_view id) {
    json price = json::object();
    price["product"] = Product("pl-b");
    price["endCustomer"] = kWholeName;
    price["saleFrom"] = OnDay("08-01");
    price["saleTo"] = OnDay("10-01");
    price["approvedCost"] = Yuan(950);
    price["quantity"] = Units(40);
    price["claimDeadline"] = On("2099-12-31");
    const json made = Do(UserOf(partner), StrCat("/v1/", partner, "/specialPrices?specialPriceId=", id), price);
    Do(manager_, StrCat("/v1/", TextAt(made, "/name"), ":approve"));
  }
  // The decision on a claim for the units of the invoice.
  json Claim(const std::string& partner, const std::string& special_price) {
    json line = json::object();
    line["sale"] = StrCat(partner, "/sales/INV-9.1");
    line["quantity"] = Units(40);
    line["unitAmount"] = Yuan(50);
    json claim = json::object();
    claim["kind"] = "SHIP_AND_DEBIT";
    claim["specialPrice"] = StrCat(partner, "/specialPrices/", special_price);
    claim["lines"] = json::array();
    claim["lines"].push_back(line);
    const json made = Do(UserOf(partner), StrCat("/v1/", partner, "/claims?claimId=", special_price), claim);
    return Do(manager_, StrCat("/v1/", TextAt(made, "/name"), ":approve"));
  }

  const GatewayUser manager_ = Staff("CHANNEL_MANAGER", "head-of-channels");
};

TEST_P(ScenarioS5, WhatWasPromisedIsKept) {
  NewProducts();
  NewBonus();
  // The second was there first here, and wins; the first is left with the rest.
  const std::string second = TextAt(Register(p2_, "second", Second()), "/name");
  EXPECT_EQ(SharesOf(Do(manager_, StrCat("/v1/", second, ":approve"))), "360 + 0");
  const std::string first = TextAt(Register(p1_, "first", First()), "/name");
  EXPECT_EQ(SharesOf(Do(manager_, StrCat("/v1/", first, ":approve"))), "270 + 24");
  EXPECT_EQ(SharesOf(Do(UserOf(p1_), StrCat("/v1/", first, ":accept"))), "294 + 0");
  const json won = Do(UserOf(p2_), StrCat("/v1/", second, ":win"));
  EXPECT_EQ(TextAt(won, "/state"), "WON");
  EXPECT_EQ(MoneyAt(won, "/value"), "100000.00");
  ExpectSoon([&] { return StrCat(BonusOf(p2_)); }, "5000");

  // Sales of others in a cell that is a partner's: the vendor's own, and the first partner's, which both report.
  Tell({SellDirect("direct-b", "pl-b", "regions/cn-50"), SellDirect("direct-a", "pl-a", "regions/cn-50"),
        SellDirect("direct-c", "pl-c", "regions/cn-51"), Report(p1_), Report(p2_), Buy(p1_), Buy(p2_)});
  ExpectSoon([&] { return KeysOf(CasesOf("DIRECT_VS_PARTNER")); }, "p1 ; p2 ; ");
  ExpectSoon([&] { return KeysOf(CasesOf("PROTECTED_DEAL")); }, "p1 p2 ; ");
  // Both report the one invoice.
  ExpectSoon([&] { return KeysOf(CasesOf("DUPLICATE_SALE")); }, "p1 p2 ; ");
  EXPECT_EQ(KeysOf(CasesOf("OUT_OF_TERRITORY")), "");
  const std::map<std::string, std::string> direct = CasesOf("DIRECT_VS_PARTNER");
  for (const auto& [parties, name] : direct) {
    const json finding = Get(StrCat("/v1/findings/", name.substr(6)));
    EXPECT_EQ(finding.value("subjects", json()).size(), 2u);
    EXPECT_THAT(finding.dump(), HasSubstr(parties == "p1 " ? first : second));
    EXPECT_THAT(finding.dump(), HasSubstr(Id(parties == "p1 " ? "direct-a" : "direct-b")));
  }

  // The first's sale in the second's cell, and not the second's own: 5 % of 40,000, by 70 and 30.
  const std::map<std::string, std::string> breaches = CasesOf("PROTECTED_DEAL");
  ASSERT_EQ(breaches.size(), 1u);
  const std::string breach = breaches.begin()->second;
  EXPECT_EQ(Get(StrCat("/v1/findings/", breach.substr(6))).value("subjects", json()),
            json::array({StrCat(p1_, "/sales/INV-9.1"), second}));
  Do(StrCat("/v1/", breach, ":triage"));
  json resolution = json::object();
  resolution["outcome"] = "CONFIRMED";
  resolution["resolution"] = "The deal is the second's, the sale is the first's.";
  Do(StrCat("/v1/", breach, ":resolve"), resolution);
  json split = json::object();
  split["kind"] = "SPLIT_CREDIT";
  split["amount"] = Yuan(2000);
  split["reason"] = "A sale in a cell that was protected";
  split["shares"] = json::array();
  for (const auto& [partner, weight] : {std::pair(p2_, 70), std::pair(p1_, 30)}) {
    json share = json::object();
    share["partner"] = partner;
    share["weight"] = Units(weight);
    split["shares"].push_back(share);
  }
  json remedy = json::object();
  remedy["measures"] = json::array();
  remedy["measures"].push_back(split);
  const std::string applied = TextAt(Do(manager_, StrCat("/v1/", breach, ":applyRemedy"), remedy), "/name");
  ASSERT_NO_FATAL_FAILURE(ApproveTheOnlyOne(p2_));
  ASSERT_NO_FATAL_FAILURE(ApproveTheOnlyOne(p1_));
  ExpectSoon([&] { return TextAt(Get(StrCat("/v1/", applied)), "/state"); }, "APPLIED");
  const json steps = Get(StrCat("/v1/", applied));
  EXPECT_EQ(MoneyAt(steps, "/steps/0/amount"), "1400.00") << steps;
  EXPECT_EQ(MoneyAt(steps, "/steps/1/amount"), "600.00") << steps;
  EXPECT_EQ(TotalOf(p2_), "6400");
  EXPECT_EQ(TotalOf(p1_), "600");

  // The units of the one invoice are paid for once, whoever reports them.
  NewSpecialPrice(p1_, "july");
  NewSpecialPrice(p2_, "july");
  EXPECT_EQ(MoneyAt(Claim(p1_, "july"), "/approved"), "2000.00");
  const json again = Claim(p2_, "july");
  EXPECT_EQ(TextAt(again, "/state"), "REJECTED") << again;
  EXPECT_EQ(TextAt(again, "/lines/0/denials/0/reason"), "UNIT_ALREADY_FUNDED") << again;
}

INSTANTIATE_TEST_SUITE_P(Tellings, ScenarioS5, ::testing::ValuesIn(kTellings), NameOfRun);

}  // namespace
}  // namespace tributary::testing
