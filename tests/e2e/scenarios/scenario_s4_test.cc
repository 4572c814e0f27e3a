// Scenario 4, whole: goods that wander. Files of a partner that overlap become sales, reports a mass balance, scans
// odds, and enough of them one case; what the case comes to is taken from statements, wallets and levels, once each.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/text/text.h"
#include "gmock/gmock.h"
#include "tests/e2e/scenarios/masked_answer.h"
#include "tests/e2e/scenarios/wandering_goods.h"

namespace tributary::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class ScenarioS4 : public WanderingGoods {
 protected:
  ScenarioS4() : WanderingGoods("s4", /*acts_between_kills=*/7) {}

  // From a base on, the rate, or the amount for each unit.
  static json Tier(int from, const char* measure, const char* value) {
    json tier = {{"fromAmount", Units(from)}};
    tier[measure]["value"] = value;
    return tier;
  }
  // A program of one partner's from the period on that begins on the day.
  void NewProgram(std::string_view word, const std::string& partner, const std::string& from, json terms,
                  const std::vector<json>& tiers) {
    terms["displayName"] = std::string(word);
    terms["currency"] = "CNY";
    terms["timeZone"] = "Asia/Shanghai";
    terms["effectiveFrom"] = On(from);
    terms["tiers"] = tiers;
    terms["eligibility"]["partners"] = json::array({partner});
    Do(StrCat("/v1/programs?programId=", Id(word)), terms);
    Do(StrCat("/v1/programs/", Id(word), ":activate"));
  }
  // Closes the period and issues what that states to the partner; the statement, by its number.
  json Close(std::string_view program, const std::string& period, const std::string& partner, int number) {
    CatchUp();
    Do(StrCat("/v1/programs/", Id(program), "/closes/", period, ":close"));
    json body = json::object();
    body["period"] = period;
    Do(StrCat("/v1/", partner, "/statements:batchIssue"), body);
    return Get(StrCat("/v1/", partner, "/statements/", number));
  }
  void Settle(const std::string& partner, int number) {
    json body = json::object();
    body["expiresOn"] = On("2099-12-31");
    const json settled =
        Do(As("FINANCE", "treasurer"), StrCat("/v1/", partner, "/statements/", number, ":settle"), body);
    EXPECT_EQ(TextAt(settled, "/state"), "SETTLED") << settled;
  }
  std::string WalletOf(const std::string& partner) {
    return MoneyAt(Get(StrCat("/v1/", partner, "/wallets/CNY")), "/balance");
  }
  int LevelOf(const std::string& sanction) { return Get(StrCat("/v1/", sanction)).value("level", 0); }

  // Each of the two knows its own part and nothing of the other's.
  void ExpectPrivacy() {
    struct View {
      std::string own, other, units;
      std::vector<std::string> secrets;
    };
    const std::vector<View> views = {{acme_, cogs_, "40", {"45", "98", "35"}},
                                     {cogs_, acme_, "-45", {"40", "59", "35"}}};
    const json known = Get(StrCat("/v1/", case_));
    for (const View& view : views) {
      SCOPED_TRACE(view.own);
      const GatewayUser user = As("PARTNER_USER", StrCat("clerk-of-", view.own), view.own.substr(9));
      json mine = user.Get(StrCat("/v1/", view.own, "/cases/1"));
      EXPECT_EQ(TextAt(mine, "/lot"), "L9") << mine;
      EXPECT_EQ(TextAt(mine, "/product"), lamp_);
      EXPECT_EQ(TextAt(mine, "/units/value"), view.units);
      EXPECT_EQ(mine["regions"], json::array({"regions/cn-44"}));
      EXPECT_NE(TextAt(mine, "/dueTime"), "");
      std::vector<std::string> secrets = view.secrets;
      const json other = Get(StrCat("/v1/", view.other));
      for (const std::string& more : {WordOf(view.other), WordOf(bolt_), TextAt(other, "/uid"), TextAt(known, "/uid"),
                                      case_.substr(6), TextAt(known, "/evidenceSha256"), std::string("massBalances")}) {
        ASSERT_NE(more, "");
        secrets.push_back(more);
      }
      json told = json::object();
      told["one"] = mine;
      told["all"] = user.Get(StrCat("/v1/", view.own, "/cases"))["partnerCases"];
      for (json* one : {&told["one"], &told["all"][0]}) {
        one->erase("createTime");  // their digits may be any
        one->erase("dueTime");
      }
      for (const std::string& secret : secrets) EXPECT_THAT(told.dump(), Not(HasSubstr(secret)));
      // What is the other's, or the staff's, answers as what is not there.
      const std::string absent = StrCat("cases/", std::string(case_.size() - 6, 'a'));
      for (const auto& [there, not_there] :
           {std::pair(StrCat(view.other, "/cases/1"), StrCat(view.other, "/cases/7")), std::pair(case_, absent),
            std::pair(StrCat(case_, "/remedies/1"), StrCat(case_, "/remedies/7"))}) {
        EXPECT_EQ(MaskedAnswer(user, "GET", there), MaskedAnswer(user, "GET", not_there)) << there;
      }
    }
  }
};

TEST_P(ScenarioS4, GoodsThatWander) {
  // What both have been paid for June's quarter before anybody looked.
  NewProgram("volume", acme_, "2024-04-01", {{"basis", "SELL_IN"}, {"shape", "RETROACTIVE"}, {"period", "QUARTER"}},
             {Tier(0, "rate", "0.02"), Tier(200000, "rate", "0.03")});
  NewProgram("growing", acme_, "2024-07-01", {{"basis", "SELL_IN"}, {"shape", "MARGINAL"}, {"period", "MONTH"}},
             {Tier(0, "rate", "0"), Tier(1000000, "rate", "0.01")});
  NewProgram("bonus", cogs_, "2024-04-01",
             {{"basis", "SELL_THROUGH"}, {"shape", "PER_UNIT"}, {"measure", "QUANTITY"}, {"period", "QUARTER"}},
             {Tier(0, "amount", "10")});
  Tell({Ship(acme_, "A-3", "2024-04-10", cart_, 110)});
  ASSERT_NO_FATAL_FAILURE(FindTheCase());
  EXPECT_EQ(MoneyAt(Close("volume", "2024Q2", acme_, 1), "/total"), "6300.00");
  Settle(acme_, 1);
  const std::string holds = StrCat("/v1/", acme_, "/wallets/CNY/holds");
  Do(StrCat(holds, "?walletHoldId=spent"),
     {{"amount", Yuan(4300)}, {"use", "PAYMENT"}, {"order", StrCat(acme_, "/orders/spent")}});
  Do(StrCat(holds, "/spent:capture"));
  EXPECT_EQ(WalletOf(acme_), "2000.00");
  const json warned = Do(StrCat("/v1/", acme_, "/sanctions"), {{"kind", "WARNING"}, {"reason", "A file came late"}});
  EXPECT_EQ(LevelOf(TextAt(warned, "/name")), 1) << warned;

  ASSERT_NO_FATAL_FAILURE(Confirm());
  ExpectPrivacy();
  const std::string remedy = ApplyRemedy(Measures());
  ASSERT_EQ(remedy, StrCat(case_, "/remedies/1"));
  ASSERT_NO_FATAL_FAILURE(ApprovePosting(acme_, remedy));
  ASSERT_NO_FATAL_FAILURE(ApprovePosting(cogs_, remedy));
  ExpectSoon([&] { return StatesOf(remedy); }, "APPLIED: APPLIED APPLIED APPLIED");
  EXPECT_EQ(LevelOf(TextAt(Get(StrCat("/v1/", remedy)), "/steps/2/result")), 2);

  // Acme's next statement has nothing of its own: the wallet pays what it can, and what it cannot is owed.
  Tell({Ship(acme_, "A-4", "2024-07-10", cart_, 50)});
  const json clawback = Close("growing", "2024-07", acme_, 2);
  EXPECT_EQ(MoneyAt(clawback, "/entries/0/amount"), "0.00") << clawback;
  EXPECT_EQ(MoneyAt(clawback, "/adjustments/0/amount"), "-2800.00") << clawback;
  EXPECT_EQ(MoneyAt(clawback, "/total"), "-2800.00");
  Settle(acme_, 2);
  EXPECT_EQ(WalletOf(acme_), "-800.00");
  EXPECT_EQ(MoneyAt(Close("volume", "2024Q3", acme_, 3), "/total"), "1000.00");
  Settle(acme_, 3);
  EXPECT_EQ(WalletOf(acme_), "200.00");

  // The bonus was for 98 units; 53 are supported by what it had, bought and has.
  const json bonus = Close("bonus", "2024Q2", cogs_, 1);
  EXPECT_EQ(MoneyAt(bonus, "/entries/0/amount"), "980.00") << bonus;
  EXPECT_EQ(MoneyAt(bonus, "/adjustments/0/amount"), "-450.00") << bonus;
  EXPECT_EQ(MoneyAt(bonus, "/total"), "530.00");
  Settle(cogs_, 1);
  EXPECT_EQ(WalletOf(cogs_), "530.00");
  EXPECT_EQ(TextAt(Do(StrCat("/v1/", case_, ":close")), "/state"), "CLOSED");
  EXPECT_EQ(Cases().size(), 1u) << "nothing of it makes another";
}

INSTANTIATE_TEST_SUITE_P(Tellings, ScenarioS4, ::testing::ValuesIn(kTellings), NameOfRun);

class RemedyOfS4 : public WanderingGoods {
 protected:
  RemedyOfS4() : WanderingGoods("s4-remedy", /*acts_between_kills=*/1) {}

  // kill -9 of incentive-service, and another one on the same database.
  void Replace() {
    suite_.Kill("incentive");
    suite_.Up();
  }
  // What the postings of the partner that the remedy asked for come to, and how many there are.
  std::string SumOf(const std::string& partner, const std::string& remedy) const {
    int sum = 0;
    const std::vector<json> postings = PostingsOf(partner, remedy);
    for (const json& posting : postings) {
      EXPECT_EQ(TextAt(posting, "/state"), "APPROVED") << posting;
      sum += std::stoi(MoneyAt(posting, "/amount"));
    }
    return StrCat(sum, " in ", postings.size());
  }
};

// Whoever carries out a step may end at any moment: what was asked for is there once, and what is refused leaves
// nothing.
TEST_P(RemedyOfS4, EachPostingIsThereOnceOrTakenBack) {
  ASSERT_NO_FATAL_FAILURE(FindTheCase());
  ASSERT_NO_FATAL_FAILURE(Confirm());
  const std::string remedy = ApplyRemedy(Measures());
  Replace();
  ASSERT_NO_FATAL_FAILURE(ApprovePosting(acme_, remedy));
  Replace();
  ASSERT_NO_FATAL_FAILURE(ApprovePosting(cogs_, remedy));
  Replace();
  ExpectSoon([&] { return StatesOf(remedy); }, "APPLIED: APPLIED APPLIED APPLIED");
  CatchUp();
  EXPECT_EQ(SumOf(acme_, remedy), "-2800 in 1");
  EXPECT_EQ(SumOf(cogs_, remedy), "-450 in 1");

  // Nobody is warned who is no partner any more.
  EXPECT_EQ(TextAt(Do(StrCat("/v1/", acme_, ":terminate")), "/state"), "TERMINATED");
  // The units are clawed back once; a penalty of as much has no such bound.
  json measures = Measures();
  measures[0]["kind"] = "PENALTY";
  measures[0].erase("units");
  const std::string refused = ApplyRemedy(measures);
  ASSERT_EQ(refused, StrCat(case_, "/remedies/2"));
  ASSERT_NO_FATAL_FAILURE(ApprovePosting(acme_, refused));
  ASSERT_NO_FATAL_FAILURE(ApprovePosting(cogs_, refused));
  ExpectSoon([&] { return StatesOf(refused); }, "COMPENSATED: COMPENSATED COMPENSATED REFUSED");
  EXPECT_EQ(SumOf(acme_, refused), "0 in 2");
  EXPECT_EQ(SumOf(cogs_, refused), "0 in 2");
  EXPECT_EQ(StatesOf(remedy), "APPLIED: APPLIED APPLIED APPLIED");
}

INSTANTIATE_TEST_SUITE_P(Once, RemedyOfS4, ::testing::Values(Telling::kInOrder), NameOfRun);

}  // namespace
}  // namespace tributary::testing
