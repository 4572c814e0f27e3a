// Scenario S3: a price cut, late rows and a count. The scenario's year is 2026; here it is 2025.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/clock.h"
#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/scenarios/scenario_world.h"

namespace tributary::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ScenarioS3Test : public ScenarioTest {
 protected:
  ScenarioS3Test() : ScenarioTest("s3", /*acts_between_kills=*/4) {}

  // A layer: units at a price.
  Fact Layer(const char* document, const char* date, int units, int price, const json& more = json::object()) {
    return Layer(product_, document, date, units, price, more);
  }
  Fact Layer(const std::string& product, const char* document, const char* date, int units, int price,
             const json& more = json::object()) {
    return Document(
        p3_, "shipments",
        json::array({Shipped(p3_, document, date, product, units, Yuan(price), Yuan(units * price), more)}));
  }
  Fact Sold(const char* document, const char* date, int units, const char* customer) {
    return Sold(product_, document, date, units, customer);
  }
  Fact Sold(const std::string& product, const char* document, const char* date, int units, const char* customer) {
    return [this, product, document, date, units, customer] {
      Do(StrCat("/v1/", p3_, "/sales"), {{"document", document},
                                         {"line", 1},
                                         {"saleDate", On(date)},
                                         {"product", product},
                                         {"quantity", Units(units)},
                                         {"region", "regions/cn-44"},
                                         {"endCustomer", customer}});
    };
  }
  // The partner's own report of what it has after closing.
  Fact Reported(const char* date, int units) {
    return [this, date, units] {
      json cells = json::array();
      for (const auto& [column, value] :
           std::map<std::string, std::string>{{"date", date},
                                              {"product", product_.substr(product_.find('/') + 1)},
                                              {"quantity", StrCat(units)},
                                              {"boundary", "AFTER_CLOSING"}}) {
        const json cell = {{"column", column}, {"value", value}};
        cells.push_back(cell);
      }
      const json report = {{"coverage", {{"fromDate", On(date)}, {"toDate", On(date)}}}, {"revision", 1}};
      clerk_.Ask("POST", StrCat("/v1/", p3_, "/reports:streamRows"),
                 {{"partnerReport", report}, {"rows", json::array({{{"row", 1}, {"cells", cells}}})}});
    };
  }

  // "58300.00: book 6500, reported 7000, unexplained 500 = B 3500 at 115 17500.00; D 400 at 122 in transit 4800.00".
  std::string Exposure(std::string_view change = "cut") {
    const json preview = finance_.Get(StrCat("/v1/priceChanges/", Id(change), ":previewExposure"));
    std::string text = StrCat(MoneyAt(preview, "/credit"), ":");
    for (const json& one : preview.at("exposures")) {
      EXPECT_EQ(TextAt(one, "/partner"), p3_);
      StrAppend(&text, " book ", TextAt(one, "/bookUnits/value"), ", reported ", TextAt(one, "/reportedUnits/value"),
                ", unexplained ", TextAt(one, "/unexplainedUnits/value"), " =");
      std::string before = " ";
      for (const json& layer : one.at("layers")) {
        const std::string line =
            TextAt(layer, "/shipmentLine").substr(StrCat(p3_, "/shipments/", ShipmentId(p3_, "")).size());
        StrAppend(&text, before, line.substr(0, line.find('/')), " ", TextAt(layer, "/quantity/value"), " at ",
                  TextAt(layer, "/unitPrice"), layer.value("inTransit", false) ? " in transit " : " ",
                  MoneyAt(layer, "/credit"));
        before = "; ";
      }
    }
    return text;
  }
  // Lamps cost 45 from the day of the cut on.
  void CutLamps() {
    Do(manager_, StrCat("/v1/priceChanges?priceChangeId=", Id("lamps")),
       {{"product", lamp_},
        {"effectiveDate", On("2025-06-10")},
        {"newPrice", Yuan(45)},
        {"lookbackDays", 90},
        {"claimDeadline", On("2099-07-31")}});
    Do(finance_, StrCat("/v1/priceChanges/", Id("lamps"), ":announce"));
  }
  // "6500 units, 768500.00, sold 292500.00": price layers at the end of a day.
  std::string Layers(const char* date) {
    const json layers = Get(StrCat("/v1/", p3_, "/priceLayers?product=", product_, "&", Query("asOfDate", On(date))));
    return StrCat(TextAt(layers, "/units/value"), " units, ", MoneyAt(layers, "/value"), ", sold ",
                  MoneyAt(layers, "/soldCost"));
  }
  // "500 of 7000 against 6500": what of the report nothing explains.
  std::string Unexplained() {
    const json run = Do(StrCat("/v1/", p3_, "/reconciliations:run"),
                        {{"fromDate", On("2025-06-01")}, {"toDate", On("2025-06-09")}, {"product", product_}});
    return StrCat(TextAt(run, "/gaps/0/unexplained/value"), " of ", TextAt(run, "/gaps/0/reported/value"), " against ",
                  TextAt(run, "/gaps/0/book/value"));
  }

  std::string Claims(const char* claim) const { return StrCat("/v1/", p3_, "/claims/", claim); }
  void Claim(const char* claim, const json& what, const json& lines) {
    json body = what;
    body["lines"] = lines;
    Do(clerk_, StrCat("/v1/", p3_, "/claims?claimId=", claim), body);
  }
  json ClaimedSale(const char* document, int units, int each) const {
    return {{"sale", StrCat(p3_, "/sales/", document, ".1")}, {"quantity", Units(units)}, {"unitAmount", Yuan(each)}};
  }
  // "5250.00 of 6250.00 APPROVED: 250 3750.00; 150 1500.00, OVER_AUTHORIZED_QUANTITY 50 500.00".
  static std::string TextOf(const json& claim) {
    std::string text =
        StrCat(MoneyAt(claim, "/approved"), " of ", MoneyAt(claim, "/amount"), " ", TextAt(claim, "/state"), ":");
    std::string before = " ";
    for (const json& line : claim.at("lines")) {
      const std::string units = TextAt(line, "/approvedQuantity/value");
      StrAppend(&text, before, units.empty() ? "0" : units, " ", MoneyAt(line, "/approved"));
      for (const json& denial : line.value("denials", json::array())) {
        StrAppend(&text, ", ", TextAt(denial, "/reason"), " ", TextAt(denial, "/quantity/value"), " ",
                  MoneyAt(denial, "/amount"));
      }
      before = "; ";
    }
    return text;
  }
  void Pay(const char* claim) { Do(finance_, StrCat(Claims(claim), ":pay"), {{"expiresOn", On("2099-12-31")}}); }
  json TrueUp(const char* claim) {
    return Do(finance_, StrCat(Claims(claim), ":trueUp"), {{"expiresOn", On("2099-12-31")}});
  }
  std::string Balance() const { return MoneyAt(clerk_.Get(StrCat("/v1/", p3_, "/wallets/CNY")), "/balance"); }

  // Every adjustment of the count that was recorded by then.
  std::vector<std::string> Adjustments(const std::string& query = "") {
    const json count = Get(StrCat("/v1/", p3_, "/counts/june", query));
    std::vector<std::string> adjustments;
    for (const json& one : count.at("lines").at(0).value("adjustments", json::array())) {
      adjustments.push_back(TextAt(one, "/quantity/value"));
    }
    return adjustments;
  }
  void ExpectBalanced() { EXPECT_EQ(Get("/v1/ledger:check")["balanced"], true); }

  const std::string product_ = NewProduct("x"), lamp_ = NewProduct("lamp");
  // Two lamps.
  const std::string pair_ = NewProduct(
      "pair", {{"components",
                json::array({{{"product", lamp_}, {"quantity", Units(2)}, {"effectiveFrom", On("2025-01-01")}}})}});
  const std::string p3_ = NewPartner("p3");
  const GatewayUser clerk_ = As("PARTNER_USER", "clerk", Id("p3"));
  const GatewayUser manager_ = As("CHANNEL_MANAGER", "manager"), finance_ = As("FINANCE", "finance");
};

TEST_P(ScenarioS3Test, APriceCutLateRowsAndACount) {
  Do(StrCat("/v1/", p3_, "/reportProfiles?reportProfileId=stock"),
     {{"kind", "ON_HAND"}, {"format", "CSV"}, {"defaultProfile", true}});
  const json receipt = {{"document", "R1"},
                        {"line", 1},
                        {"shipmentLine", StrCat(p3_, "/shipments/", ShipmentId(p3_, "D"), "/lines/1")},
                        {"receiveDate", On("2025-06-12")},
                        {"product", product_},
                        {"quantity", Units(400)}};
  Tell({Layer("A", "2025-03-15", 1000, 120), Layer("B", "2025-04-01", 5000, 115), Layer("C", "2025-05-01", 3000, 122),
        Layer("D", "2025-06-08", 400, 122, {{"awaitsReceipt", true}}),
        Document(p3_, "receipts", json::array({receipt})), Sold("S0", "2025-05-20", 2000, "EC7"),
        Sold("S1", "2025-06-03", 250, "EC1"), Sold("S4", "2025-06-08", 250, "EC9"), Reported("2025-06-09", 7000),
        Layer(lamp_, "E", "2025-05-01", 100, 50), Sold(pair_, "P1", "2025-06-03", 10, "EC1")});
  EXPECT_EQ(OnHand(p3_, product_, "2025-06-09"), "6500");
  EXPECT_EQ(Layers("2025-06-09"), "6500 units, 768500.00, sold 292500.00");
  EXPECT_EQ(Unexplained(), "500 of 7000 against 6500");
  ExpectBalanced();

  Do(manager_, StrCat("/v1/priceChanges?priceChangeId=", Id("cut")),
     {{"product", product_},
      {"effectiveDate", On("2025-06-10")},
      {"newPrice", Yuan(110)},
      {"inTransitDays", 7},
      {"lookbackDays", 90},
      {"claimDeadline", On("2099-07-31")}});
  EXPECT_EQ(Exposure(),
            "58300.00: book 6500, reported 7000, unexplained 500 = B 3500 at 115 17500.00; C 3000 at 122 36000.00; "
            "D 400 at 122 in transit 4800.00");
  Do(finance_, StrCat("/v1/priceChanges/", Id("cut"), ":announce"));
  Claim("cut", {{"kind", "PRICE_PROTECTION"}, {"priceChange", StrCat("priceChanges/", Id("cut"))}},
        json::array({{{"quantity", Units(7400)}, {"unitAmount", Yuan(12)}}}));
  Do(manager_, StrCat(Claims("cut"), ":approve"));
  const json cut = clerk_.Get(Claims("cut"));
  EXPECT_EQ(TextOf(cut),
            "58300.00 of 88800.00 APPROVED: 6900 58300.00, LAYER_PRICE 3500 24500.00, UNEXPLAINED 500 6000.00");
  EXPECT_EQ(MoneyAt(cut, "/denied"), "30500.00");
  // From here on the layers have the new price.
  Do(StrCat("/v1/", p3_, "/priceProtections"), {{"document", "PC-2025-06"},
                                                {"line", 1},
                                                {"effectiveDate", On("2025-06-10")},
                                                {"product", product_},
                                                {"newPrice", Yuan(110)},
                                                {"inTransitDays", 7},
                                                {"lookbackDays", 90}});

  // Of 100 lamps 20 were sold in pairs.
  CutLamps();
  EXPECT_EQ(Exposure("lamps"), "400.00: book 80, reported , unexplained 0 = E 80 at 50 400.00");
  EXPECT_EQ(OnHand(p3_, lamp_, "2025-06-09"), "80");
  Claim("lamps", {{"kind", "PRICE_PROTECTION"}, {"priceChange", StrCat("priceChanges/", Id("lamps"))}},
        json::array({{{"quantity", Units(100)}, {"unitAmount", Yuan(5)}}}));
  Do(manager_, StrCat(Claims("lamps"), ":approve"));
  EXPECT_EQ(TextOf(clerk_.Get(Claims("lamps"))), "400.00 of 500.00 APPROVED: 80 400.00, NOT_ON_HAND 20 100.00");

  Do(clerk_, StrCat("/v1/", p3_, "/specialPrices?specialPriceId=ec1"),
     {{"product", product_},
      {"endCustomer", "EC1"},
      {"saleFrom", On("2025-06-01")},
      {"saleTo", On("2025-07-01")},
      {"approvedCost", Yuan(100)},
      {"quantity", Units(400)},
      {"claimDeadline", On("2099-07-31")}});
  Do(manager_, StrCat("/v1/", p3_, "/specialPrices/ec1:approve"));
  Tell({Sold("S2", "2025-06-15", 200, "EC1"), Sold("S3", "2025-06-16", 50, "EC2")});
  Claim("ec1", {{"kind", "SHIP_AND_DEBIT"}, {"specialPrice", StrCat(p3_, "/specialPrices/ec1")}},
        json::array({ClaimedSale("S1", 250, 15), ClaimedSale("S2", 200, 10), ClaimedSale("S3", 50, 10)}));
  Do(manager_, StrCat(Claims("ec1"), ":approve"));
  const std::string debit =
      ": 250 3750.00; 150 1500.00, OVER_AUTHORIZED_QUANTITY 50 500.00; 0 0.00, WRONG_CUSTOMER 50 500.00";
  EXPECT_EQ(TextOf(clerk_.Get(Claims("ec1"))), "5250.00 of 6250.00 APPROVED" + debit);
  Pay("cut");
  Pay("ec1");
  EXPECT_EQ(Balance(), "63550.00");

  EXPECT_EQ(OnHand(p3_, product_, "2025-06-30"), "6650");
  Do(clerk_, StrCat("/v1/", p3_, "/counts?countId=june"),
     {{"site", StrCat(p3_, "/sites/main")},
      {"date", On("2025-06-30")},
      {"boundary", "AFTER_CLOSING"},
      {"lines", json::array({{{"product", product_}, {"counted", Units(6300)}}})}});
  Do(clerk_, StrCat("/v1/", p3_, "/counts/june:submit"));
  EXPECT_EQ(TextAt(Do(StrCat("/v1/", p3_, "/counts/june:approve")), "/lines/0/adjustment/value"), "-350");
  EXPECT_EQ(OnHand(p3_, product_, "2025-06-30"), "6300");
  const absl::Time counted = absl::Now();
  ExpectBalanced();

  // A sale of before the cut becomes known after the count.
  Tell({Sold("S5", "2025-06-05", 300, "EC3"), Sold(pair_, "P2", "2025-06-09", 5, "EC2")});
  EXPECT_EQ(Exposure("lamps"), "350.00: book 70, reported , unexplained 0 = E 70 at 50 350.00");
  EXPECT_EQ(Exposure(),
            "56800.00: book 6200, reported 7000, unexplained 800 = B 3200 at 115 16000.00; C 3000 at 122 36000.00; "
            "D 400 at 122 in transit 4800.00");
  const json true_up = TrueUp("cut").at("trueUps");
  ASSERT_EQ(true_up.size(), 1u);
  EXPECT_EQ(MoneyAt(true_up, "/0/amount"), "-1500.00");
  EXPECT_EQ(MoneyAt(true_up, "/0/due"), "56800.00");
  EXPECT_THAT(TrueUp("ec1").value("trueUps", json::array()), IsEmpty());
  EXPECT_EQ(TextOf(clerk_.Get(Claims("ec1"))), "5250.00 of 6250.00 PAID" + debit);
  EXPECT_EQ(Balance(), "62050.00");
  EXPECT_EQ(Unexplained(), "800 of 7000 against 6200");

  EXPECT_EQ(TextAt(Get(StrCat("/v1/", p3_, "/counts/june")), "/lines/0/book/value"), "6350");
  EXPECT_EQ(TextAt(Get(StrCat("/v1/", p3_, "/counts/june")), "/lines/0/adjustment/value"), "-50");
  EXPECT_THAT(Adjustments(), ElementsAre("-350", "300"));
  EXPECT_THAT(Adjustments("?" + Query("knownTime", counted)), ElementsAre("-350"));
  EXPECT_EQ(OnHand(p3_, product_, "2025-06-30"), "6300");
  EXPECT_EQ(OnHand(p3_, product_, "2025-06-30", counted), "6300");
  EXPECT_EQ(Layers("2025-06-30"), "6300 units, 693000.00, sold 360000.00");
  ExpectBalanced();
  // incentive-service, which keeps the book by the feed, has what was counted.
  Do(manager_, StrCat("/v1/priceChanges?priceChangeId=", Id("july")),
     {{"product", product_},
      {"effectiveDate", On("2025-07-01")},
      {"newPrice", Yuan(100)},
      {"lookbackDays", 120},
      {"claimDeadline", On("2099-07-31")}});
  EXPECT_EQ(Exposure("july"),
            "63000.00: book 6300, reported , unexplained 0 = B 2900 at 110 29000.00; C 3000 at 110 30000.00; "
            "D 400 at 110 4000.00");
}

INSTANTIATE_TEST_SUITE_P(Facts, ScenarioS3Test, ::testing::ValuesIn(kTellings), NameOfRun);

}  // namespace
}  // namespace tributary::testing
