// Scenario S2: order to cash, with a credit limit, a wallet, a stack of programs, one that pays for paying early and
// one that gives free goods. The scenario's year is 2026; here it is 2025, so that its quarter has ended, and the
// wallet's lots last until 2099. Which units are free of charge the order itself states; how many are due the program
// says.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/scenarios/scenario_world.h"

namespace tributary::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

// Partners with a credit limit of 100,000 and a wallet of 3,000 and 5,000, and what they order.
class OrderToCash : public ScenarioTest {
 protected:
  using ScenarioTest::ScenarioTest;

  // Its name. `word` is a word in the ids.
  std::string NewBuyer(const char* word) {
    const std::string partner = NewPartner(word), all = StrCat("/v1/", partner);
    finance_.Do(all + "/creditLines?creditLineId=main",
                {{"limit", Yuan(100000)}, {"paymentTermsDays", 30}, {"validFrom", On("2025-01-01")}});
    const json w1 = {{"lot", "w1"}, {"amount", Yuan(3000)}, {"expiresOn", On("2099-06-30")}};
    const json w2 = {{"lot", "w2"}, {"amount", Yuan(5000)}, {"expiresOn", On("2099-12-31")}};
    finance_.Do(all + "/openingBalances?openingBalanceId=go-live",
                {{"date", On("2025-03-31")}, {"currency", "CNY"}, {"walletLots", json::array({w1, w2})}});
    finance_.Ask("PATCH", all + "/wallets/CNY", {{"priceShareLimit", {{"value", "0.1"}}}});
    CatchUp();
    EXPECT_EQ(MoneyAt(Exposure(partner), "/limit"), "100000.00");
    return partner;
  }
  // The vendor's stock: 90, then 60.
  std::string NewSuppliedProduct(const char* word) {
    const std::string product = NewProduct(word);
    for (const auto& [day, units] : std::map<std::string, int>{{"2025-04-01", 90}, {"2025-04-20", 60}}) {
      admin_.Do(StrCat("/v1/supplies?supplyId=", Id(word), "-", units),
                {{"product", product}, {"availableDate", On(day)}, {"quantity", Units(units)}});
    }
    return product;
  }

  // 100 at 800, and two that are free of charge, with a hold of the same id.
  json Order(const std::string& partner, const std::string& product, const std::string& id) const {
    const json line = {{"line", 1},
                       {"product", product},
                       {"quantity", Units(100)},
                       {"listPrice", Yuan(800)},
                       {"netAmount", Yuan(80000)},
                       {"grossAmount", Yuan(80000)}};
    const json free = {{"line", 2},
                       {"product", product},
                       {"quantity", Units(2)},
                       {"listPrice", Yuan(800)},
                       {"netAmount", Yuan(0)},
                       {"grossAmount", Yuan(0)},
                       {"freeOfCharge", true}};
    return {{"orderDate", On("2025-04-01")},
            {"requestedDate", On("2025-04-01")},
            {"walletHold", StrCat(partner, "/wallets/CNY/holds/", id)},
            {"lines", json::array({line, free})}};
  }
  static json Hold(const std::string& partner, const std::string& id) {
    return {{"amount", Yuan(8000)}, {"use", "PRICE"}, {"order", StrCat(partner, "/orders/", id)}};
  }

  Fact Ship(const std::string& partner, const std::string& product, const char* document, const char* date,
            const std::map<int, int>& parts) {
    json lines = json::array();
    for (const auto& [number, units] : parts) {
      json line = Shipped(partner, document, date, product, units, Yuan(800), Yuan(number == 1 ? 720 * units : 0),
                          {{"order", StrCat(partner, "/orders/o1")}, {"orderLine", number}});
      line["line"] = number;
      lines.push_back(line);
    }
    return Document(partner, "shipments", lines);
  }
  // Of the order where it is of more than one unit.
  Fact Bill(const std::string& partner, const std::string& product, const char* document, const char* date,
            const char* due, int units, int amount) {
    json line = {{"partner", partner},       {"document", document},      {"line", 1},
                 {"invoiceDate", On(date)},  {"dueDate", On(due)},        {"product", product},
                 {"quantity", Units(units)}, {"netAmount", Yuan(amount)}, {"grossAmount", Yuan(amount)}};
    if (units > 1) line.update({{"order", StrCat(partner, "/orders/o1")}, {"orderLine", 1}});
    return Document(partner, "invoices", json::array({line}));
  }
  Fact Pay(const std::string& partner, const char* id, const char* date, int amount, const char* invoice = nullptr) {
    json payment = {{"paymentDate", On(date)}, {"amount", Yuan(amount)}};
    if (invoice != nullptr) {
      const json part = {{"invoice", StrCat(partner, "/invoices/", invoice)}, {"amount", Yuan(amount)}};
      payment["remittance"] = json::array({part});
    }
    return [this, partner, id, payment] { Do(StrCat("/v1/", partner, "/payments?paymentId=", id), payment); };
  }

  json Exposure(const std::string& partner) const {
    return Get(StrCat("/v1/", partner, "/creditExposure?currencyCode=CNY&", Query("date", On("2025-04-01"))));
  }
  std::string State(const std::string& partner, const std::string& order) const {
    return TextAt(Get(StrCat("/v1/", partner, "/orders/", order)), "/state");
  }
  static json Check(const json& order, const char* kind) {
    for (const json& check : order.at("checks")) {
      if (TextAt(check, "/kind") == kind) return check;
    }
    return json::object();
  }
  // "800.00/800.00/0.00: w2 0.00+800.00": balance, held and available, and of each lot what is left and what is held.
  std::string Wallet(const std::string& partner) const {
    const json wallet = Get(StrCat("/v1/", partner, "/wallets/CNY"));
    std::string text =
        StrCat(MoneyAt(wallet, "/balance"), "/", MoneyAt(wallet, "/held"), "/", MoneyAt(wallet, "/available"), ":");
    for (const json& lot : wallet.value("lots", json::array())) {
      StrAppend(&text, " ", TextAt(lot, "/lot"), " ", MoneyAt(lot, "/remaining"), "+", MoneyAt(lot, "/held"));
    }
    return text;
  }
  void ExpectWallet(const std::string& partner, const std::string& want) {
    ExpectSoon([&] { return Wallet(partner); }, want);
  }
  // "w1 3000.00-3000.00-0.00, w2 ...": of each lot what was taken, captured and released.
  std::string HoldOf(const std::string& partner) const {
    const json hold = Get(StrCat("/v1/", partner, "/wallets/CNY/holds/o1"));
    std::string text;
    for (const json& lot : hold.at("lots")) {
      StrAppend(&text, text.empty() ? "" : ", ", TextAt(lot, "/lot"), " ", MoneyAt(lot, "/amount"), "-",
                MoneyAt(lot, "/captured"), "-", MoneyAt(lot, "/released"));
    }
    return text;
  }

  const GatewayUser finance_ = As("FINANCE", "finance-1");
};

class ScenarioS2Test : public OrderToCash {
 protected:
  ScenarioS2Test() : OrderToCash("s2", /*acts_between_kills=*/2) {}

  static json Tier(const char* pays, const char* value, const char* from = "0") {
    return {{"fromAmount", {{"value", from}}}, {pays, {{"value", value}}}};
  }
  // Active for the partners from the quarter's first day.
  void MakeProgram(const std::string& word, json terms, const std::vector<std::string>& partners) {
    terms.update({{"displayName", word},
                  {"period", "QUARTER"},
                  {"currency", "CNY"},
                  {"effectiveFrom", On("2025-04-01")},
                  {"eligibility", {{"partners", partners}}}});
    finance_.Do(StrCat("/v1/programs?programId=", Id(word)), terms);
    finance_.Do(StrCat("/v1/", Program(word), ":activate"));
  }
  // Programs A, B and C and how they stack, made in another order in each run.
  void MakeStack(const std::vector<std::string>& partners) {
    const json a = {{"shape", "FLAT"}, {"tiers", json::array({Tier("rate", "0.05")})}};
    const json b = {{"shape", "FLAT"}, {"tiers", json::array({Tier("rate", "0.03")})}};
    const json c = {
        {"shape", "PER_UNIT"}, {"tiers", json::array({Tier("amount", "25")})}, {"cap", {{"value", "2000"}}}};
    const std::map<std::string, json> terms = {{"a", a}, {"b", b}, {"c", c}};
    std::array<std::string, 3> order = {"a", "b", "c"};
    for (int i = 0; i < static_cast<int>(GetParam()); ++i) std::next_permutation(order.begin(), order.end());
    for (const std::string& word : order) {
      json program = terms.at(word);
      program["basis"] = "INVOICED";
      MakeProgram(word, program, partners);
    }
    const json net_of = {{"program", Program("b")}, {"upstream", Program("a")}};
    const json first = {{"program", Program("c")}}, second = {{"program", Program("b")}};
    const json group = {{"group", "volume"}, {"scope", "PARTNER_PERIOD"}, {"members", json::array({first, second})}};
    const json cap = {
        {"cap", "together"}, {"members", json::array({Program("a"), Program("b")})}, {"rate", {{"value", "0.075"}}}};
    finance_.Do(StrCat("/v1/stackingPlans?stackingPlanId=", Id("stack")), {{"displayName", "Stack 叠加"},
                                                                           {"effectiveFrom", On("2025-04-01")},
                                                                           {"netOf", json::array({net_of})},
                                                                           {"groups", json::array({group})},
                                                                           {"caps", json::array({cap})}});
    finance_.Do(StrCat("/v1/stackingPlans/", Id("stack"), ":activate"));
  }
  // 3 % within 30 days, 2 % within 60, 1 % within 90; two units on top of each hundred of an order.
  void MakeTheOthers(const std::vector<std::string>& partners) {
    const json bands = json::array(
        {Tier("rate", "0.03"), Tier("rate", "0.02", "31"), Tier("rate", "0.01", "61"), Tier("rate", "0", "91")});
    const json early = {{"basis", "PAID"}, {"measure", "DAYS_TO_PAY"}, {"shape", "MARGINAL"}, {"tiers", bands}};
    const json two_per_hundred = {
        {"paidUnits", Units(100)}, {"freeUnits", Units(2)}, {"scope", "ORDER"}, {"kind", "EXCLUSIVE"}};
    const json goods = {{"basis", "ORDER"},
                        {"measure", "FREE_GOODS"},
                        {"shape", "FLAT"},
                        {"tiers", json::array({Tier("rate", "0")})},
                        {"freeGoods", two_per_hundred}};
    MakeProgram("early", early, partners);
    MakeProgram("goods", goods, partners);
  }
  std::string Program(const std::string& word) const { return StrCat("programs/", Id(word)); }

  // "a 3439.49, b 1960.51, c 0.00, early 2212.00, goods 0.00: 7612.00".
  std::string Text(const json& statement) const {
    std::string text;
    for (const json& entry : statement.at("entries")) {
      StrAppend(&text, text.empty() ? "" : ", ", TextAt(entry, "/program").substr(Program("").size()), " ",
                MoneyAt(entry, "/amount"));
    }
    return StrCat(text, ": ", MoneyAt(statement, "/total"));
  }
  // "due 2 for 100, given 2", of an accrual or of an entry.
  static std::string GoodsText(const json& said) {
    const auto units = [&](const char* which) { return TextAt(said, StrCat("/evaluation/goods/", which, "/value")); };
    return StrCat("due ", units("due"), " for ", units("paid"), ", given ", units("given"));
  }
  std::string Goods(const std::string& partner) const {
    return GoodsText(Get(StrCat("/v1/", partner, "/accruals/", Id("goods"), ".2025Q2")));
  }
  // "2212.00" -> 221200.
  static int64_t Cents(std::string amount) {
    amount.erase(amount.find('.'), 1);
    return std::stoll(amount);
  }
  // What the statement says that paying earned, in cents, by payment and days: "P1 30d". A payment that inventory had
  // to allocate anew has several lines of the same days; which ones, the order of the facts decides, but not their sum.
  std::map<std::string, int64_t> EarnedByPaying(const std::string& partner) const {
    const std::string payments = StrCat(partner, "/payments/");
    std::map<std::string, int64_t> earned;
    for (const json& line : List(StrCat("/v1/", partner, "/statements/1/lines"), "statementLines")) {
      const std::string fact = TextAt(line, "/fact");
      if (!fact.starts_with(payments)) continue;
      const std::string payment = fact.substr(payments.size(), fact.find('/', payments.size()) - payments.size());
      earned[StrCat(payment, " ", TextAt(line, "/countedAs"), "d")] += Cents(MoneyAt(line, "/share"));
    }
    return earned;
  }
  // "INV1 40000.00 30d" of each part of a payment.
  std::vector<std::string> PartsOf(const std::string& partner, const char* payment) const {
    std::vector<std::string> parts;
    for (const json& part : Get(StrCat("/v1/", partner, "/payments/", payment)).value("allocations", json::array())) {
      parts.push_back(StrCat(TextAt(part, "/invoice").substr(StrCat(partner, "/invoices/").size()), " ",
                             MoneyAt(part, "/amount"), " ", part.value("daysToPay", 0), "d"));
    }
    return parts;
  }

  // Until 90 of the order are confirmed and ten are held.
  void OrderAndConfirm(const std::string& partner, const std::string& product) {
    const GatewayUser clerk = As("PARTNER_USER", "clerk", partner.substr(partner.find('/') + 1));
    const std::string orders = StrCat("/v1/", partner, "/orders");
    Tell({Bill(partner, product, "INV0", "2025-02-20", "2025-03-22", 1, 30000)});
    Do(clerk, orders + "?orderId=o1", Order(partner, product, "o1"));
    EXPECT_EQ(TextAt(Do(clerk, orders + "/o1:place"), "/state"), "PENDING_FUNDS");
    EXPECT_EQ(admin_.Refusal(orders + "/o1:confirm"), "STATE_CONFLICT");
    Do(clerk, StrCat("/v1/", partner, "/wallets/CNY/holds?walletHoldId=o1"), Hold(partner, "o1"));
    ExpectSoon([&] { return State(partner, "o1"); }, "ON_HOLD");
    const json placed = Get(orders + "/o1");
    EXPECT_EQ(TextAt(Check(placed, "WALLET"), "/outcome"), "PASSED") << placed;
    EXPECT_EQ(TextAt(Check(placed, "CREDIT"), "/got/value"), "102000") << placed;
    EXPECT_EQ(MoneyAt(placed, "/lines/0/billedNetAmount"), "72000.00");
    EXPECT_EQ(HoldOf(partner), "w1 3000.00-0.00-0.00, w2 5000.00-0.00-0.00");

    const json part = Do(orders + "/o1:confirm");
    EXPECT_EQ(TextAt(part, "/lines/0/confirmed/value"), "90") << part;
    EXPECT_THAT(TextAt(part, "/lines/1/confirmed/value"), ::testing::AnyOf("", "0")) << part;
    EXPECT_EQ(MoneyAt(part, "/openAmount"), "64800.00");
    EXPECT_EQ(MoneyAt(Exposure(partner), "/exposure"), "94800.00");
    EXPECT_EQ(TextAt(part, "/state"), "ON_HOLD");
    EXPECT_EQ(TextAt(Check(part, "CREDIT"), "/got/value"), "102000");
    EXPECT_THAT(TextAt(Check(part, "CREDIT"), "/why"), HasSubstr("short by 2000"));
    EXPECT_EQ(admin_.Refusal(orders + "/o1:release"), "ORDER_CHECK_FAILED");
    EXPECT_EQ(Wallet(partner), "8000.00/8000.00/0.00: w1 0.00+3000.00 w2 0.00+5000.00");
  }
};

TEST_P(ScenarioS2Test, FromTheOrderToTheWallet) {
  const std::string product = NewSuppliedProduct("bike"), other = NewSuppliedProduct("other");
  const std::string p2 = NewBuyer("p2"), canceling = NewBuyer("canceling");
  MakeStack({p2, canceling});
  MakeTheOthers({p2, canceling});
  const std::string order = StrCat("/v1/", p2, "/orders/o1");
  OrderAndConfirm(p2, product);

  Tell({Ship(p2, product, "SH1", "2025-04-02", {{1, 90}}),
        Bill(p2, product, "INV1", "2025-04-02", "2025-05-02", 90, 64800), Pay(p2, "P0", "2025-04-22", 30000, "INV0")});
  ExpectWallet(p2, "800.00/800.00/0.00: w2 0.00+800.00");
  EXPECT_EQ(HoldOf(p2), "w1 3000.00-3000.00-0.00, w2 5000.00-4200.00-0.00");
  EXPECT_EQ(Goods(p2), "due 0 for 90, given 0");
  EXPECT_EQ(TextAt(Check(Do(order + ":release"), "CREDIT"), "/got/value"), "72000");
  const json rest = {{"line", 1}, {"quantity", Units(10)}, {"promisedDate", On("2025-04-23")}};
  const json free = {{"line", 2}, {"quantity", Units(2)}, {"promisedDate", On("2025-04-23")}};
  EXPECT_EQ(TextAt(Do(order + ":confirm", {{"parts", json::array({rest, free})}}), "/state"), "CONFIRMED");
  EXPECT_EQ(MoneyAt(Exposure(p2), "/exposure"), "72000.00");

  Tell({Ship(p2, product, "SH2", "2025-04-23", {{1, 10}, {2, 2}}),
        Bill(p2, product, "INV2", "2025-04-23", "2025-05-23", 10, 7200), Pay(p2, "P1", "2025-05-02", 40000),
        Pay(p2, "P2", "2025-05-03", 32000)});
  ExpectWallet(p2, "0.00/0.00/0.00:");
  EXPECT_EQ(HoldOf(p2), "w1 3000.00-3000.00-0.00, w2 5000.00-5000.00-0.00");
  ExpectSoon([&] { return TextAt(Get(order), "/fulfillment"); }, "SETTLED");
  EXPECT_EQ(TextAt(Get(order), "/state"), "CONFIRMED");
  EXPECT_EQ(MoneyAt(Get(order), "/walletUsedAmount"), "8000.00");
  EXPECT_EQ(MoneyAt(Exposure(p2), "/exposure"), "0.00");
  EXPECT_EQ(MoneyAt(Exposure(p2), "/unallocatedPayments"), "0.00");
  const json available = Get(StrCat("/v1/", product, ":checkAvailability?", Query("date", On("2025-04-23"))));
  EXPECT_EQ(TextAt(available, "/available/value"), "48");
  EXPECT_EQ(TextAt(available, "/shipped/value"), "102");
  EXPECT_EQ(OnHand(p2, product, "2025-05-03"), "102");
  EXPECT_EQ(Goods(p2), "due 2 for 100, given 2");
  EXPECT_THAT(PartsOf(p2, "P0"), ElementsAre("INV0 30000.00 61d"));
  EXPECT_THAT(PartsOf(p2, "P1"), ElementsAre("INV1 40000.00 30d"));
  EXPECT_THAT(PartsOf(p2, "P2"), ElementsAre("INV1 24800.00 31d", "INV2 7200.00 10d"));
  EXPECT_EQ(Get("/v1/ledger:check")["balanced"], true);

  // The other one cancels what is held: 800 are back in w2, which expires when it did. On 64,800 it is C that wins. It
  // pays nothing, and 90 are too few for free units.
  OrderAndConfirm(canceling, other);
  Tell({Ship(canceling, other, "SH1", "2025-04-02", {{1, 90}}),
        Bill(canceling, other, "INV1", "2025-04-02", "2025-05-02", 90, 64800)});
  Do(StrCat("/v1/", canceling, "/orders/o1:cancel"));
  ExpectWallet(canceling, "800.00/0.00/800.00: w2 800.00+0.00");
  EXPECT_EQ(HoldOf(canceling), "w1 3000.00-3000.00-0.00, w2 5000.00-4200.00-800.00");
  EXPECT_EQ(Get(StrCat("/v1/", canceling, "/wallets/CNY"))["lots"][0]["expiresOn"], On("2099-12-31"));
  EXPECT_EQ(MoneyAt(Exposure(canceling), "/exposure"), "94800.00");

  const json closed = Do(finance_, StrCat("/v1/stackingPlans/", Id("stack"), ":closePeriod"), {{"period", "2025Q2"}});
  EXPECT_TRUE(closed.contains("response")) << closed;
  for (const char* word : {"early", "goods"}) {
    const json other_close = Do(finance_, StrCat("/v1/", Program(word), "/closes/2025Q2:close"));
    EXPECT_TRUE(other_close.contains("response")) << other_close;
  }
  const GatewayUser treasurer = As("FINANCE", "finance-2");
  for (const auto& [partner, want, wallet] :
       {std::array<std::string, 3>{p2, "a 3439.49, b 1960.51, c 0.00, early 2212.00, goods 0.00: 7612.00",
                                   "7612.00/0.00/7612.00: statement-1 7612.00+0.00"},
        std::array<std::string, 3>{canceling, "a 3240.00, b 0.00, c 2000.00, goods 0.00: 5240.00",
                                   "6040.00/0.00/6040.00: w2 800.00+0.00 statement-1 5240.00+0.00"}}) {
    const std::string statement = StrCat("/v1/", partner, "/statements/1");
    Do(finance_, StrCat("/v1/", partner, "/statements:batchIssue"), {{"period", "2025Q2"}});
    const json issued = Get(statement);
    EXPECT_EQ(Text(issued), want);
    EXPECT_EQ(MoneyAt(issued, "/entries/0/qualifyingAmount"), partner == p2 ? "72000.00" : "64800.00");
    const json goods = issued.at("entries").back();
    EXPECT_EQ(GoodsText(goods), partner == p2 ? "due 2 for 100, given 2" : "due 0 for 90, given 0");
    EXPECT_EQ(TextAt(goods, "/goods/value"), partner == p2 ? "2" : "0");
    if (partner == p2) {
      EXPECT_THAT(EarnedByPaying(p2), ElementsAre(Pair("P0 61d", 30000), Pair("P1 30d", 120000), Pair("P2 10d", 21600),
                                                  Pair("P2 31d", 49600)));
      EXPECT_EQ(TextAt(issued, "/entries/1/stacked/exactBase"), "68400");
      EXPECT_EQ(TextAt(issued, "/entries/1/stacked/exactOwnValue"), "2052");
      EXPECT_EQ(TextAt(issued, "/entries/2/evaluation/beforeLimits"), "2500");
      EXPECT_EQ(TextAt(issued, "/entries/2/stacked/losses/0/winner"), Program("b"));
    }
    Do(treasurer, statement + ":settle", {{"expiresOn", On("2099-12-31")}});
    EXPECT_EQ(Wallet(partner), wallet);
    // The ledger: what was stated is what went into the wallet, and all legs sum to nothing.
    std::map<std::string, int64_t> accounts;
    int64_t stated = 0, all = 0;
    for (const json& entry : List(StrCat("/v1/", partner, "/ledgerEntries"), "ledgerEntries")) {
      for (const json& leg : entry.at("legs")) {
        const int64_t cents = Cents(MoneyAt(leg, "/amount"));
        accounts[TextAt(leg, "/account")] += cents;
        all += cents;
        if (TextAt(entry, "/kind") == "ISSUE" && TextAt(leg, "/account") == "STATED") stated += cents;
      }
    }
    EXPECT_EQ(stated, partner == p2 ? 761200 : 524000);
    EXPECT_EQ(accounts["STATED"], 0);
    EXPECT_EQ(accounts["PAID"], stated + 800000);
    EXPECT_EQ(all, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Facts, ScenarioS2Test, ::testing::ValuesIn(kTellings), NameOfRun);

class ScenarioS2CrowdTest : public OrderToCash {
 protected:
  ScenarioS2CrowdTest() : OrderToCash("s2-crowd", /*acts_between_kills=*/1) {}
};

// 64 clients order with all that the wallet has.
TEST_P(ScenarioS2CrowdTest, HoldsNeverExceedTheWallet) {
  constexpr int kClients = 64;
  const std::string product = NewSuppliedProduct("bike"), p2 = NewBuyer("p2"), all = StrCat("/v1/", p2);
  std::atomic<int> held = 0;
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < kClients; ++i) {
      clients.emplace_back([&, i] {
        const GatewayUser client = As("PARTNER_USER", StrCat("client-", i), Id("p2"));
        const std::string id = StrCat("o", i);
        client.Do(StrCat(all, "/orders?orderId=", id), Order(p2, product, id));
        client.Do(StrCat(all, "/orders/", id, ":place"));
        const http::Response hold = client.Give(StrCat(all, "/wallets/CNY/holds?walletHoldId=", id), Hold(p2, id));
        if (hold.status == 200) {
          ++held;
        } else {
          EXPECT_THAT(hold.body, HasSubstr("ALLOCATION_EXCEEDS"));
        }
      });
    }
  }
  EXPECT_EQ(held, 1);
  EXPECT_EQ(Wallet(p2), "8000.00/8000.00/0.00: w1 0.00+3000.00 w2 0.00+5000.00");
  ExpectSoon(
      [&] {
        int waiting = 0, backed = 0;
        for (const json& order : List(all + "/orders", "orders")) {
          waiting += TextAt(order, "/state") == "PENDING_FUNDS";
          backed += MoneyAt(order, "/walletAmount") == "8000.00";
        }
        return StrCat(backed, " backed, ", waiting, " waiting");
      },
      "1 backed, 63 waiting");
}

INSTANTIATE_TEST_SUITE_P(Facts, ScenarioS2CrowdTest, ::testing::Values(Telling::kInOrder), NameOfRun);

}  // namespace
}  // namespace tributary::testing
