// Scenario S1: a quarter that will not stay closed. The scenario's year is 2026; here it is 2025, so that its quarters
// have ended. Everything is recorded while the test runs, long after any days of grace, so R1 has no limit and L7 comes
// after R1's second close; what a limit does to L7 is shown by a partner of a program that has one.

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/scenarios/scenario_world.h"

namespace tributary::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ScenarioS1Test : public ScenarioTest {
 protected:
  ScenarioS1Test() : ScenarioTest("s1", /*acts_between_kills=*/5) {}

  // A tier from so much on.
  static json Tier(const char* from, const char* rate) {
    return {{"fromAmount", {{"value", from}}}, {"rate", {{"value", rate}}}};
  }
  // Its name, once it is active.
  std::string NewProgram(const char* word, json terms, const std::vector<std::string>& partners) {
    terms.update({{"displayName", Id(word)},
                  {"basis", "SELL_IN"},
                  {"currency", "CNY"},
                  {"rateType", Id("spot")},
                  {"timeZone", "Asia/Shanghai"},
                  {"effectiveFrom", On("2025-01-01")},
                  {"eligibility", {{"partners", partners}}}});
    const std::string name = TextAt(Do(finance_, StrCat("/v1/programs?programId=", Id(word)), terms), "/name");
    EXPECT_EQ(TextAt(Do(finance_, StrCat("/v1/", name, ":activate")), "/state"), "ACTIVE");
    return name;
  }
  json R1() const {
    return {{"shape", "RETROACTIVE"},
            {"period", "QUARTER"},
            {"tiers", json::array({Tier("0", "0.02"), Tier("50000", "0.03"), Tier("100000", "0.04")})}};
  }
  json R2() const {
    return {{"shape", "MARGINAL"},
            {"period", "YEAR"},
            {"payoutPeriod", "QUARTER"},
            {"tiers", json::array({Tier("0", "0"), Tier("100000", "0.01"), Tier("200000", "0.02")})}};
  }

  // Dollars in yuan on a day.
  Fact Rate(const char* date, const char* rate) {
    return [this, date, rate] {
      Do("/v1/exchangeRates", {{"rateType", Id("spot")},
                               {"fromCurrency", "USD"},
                               {"toCurrency", "CNY"},
                               {"date", On(date)},
                               {"sourceText", rate}});
    };
  }
  // A document of one line; `original` is that of the line that comes back.
  Fact Ship(const std::string& partner, const char* document, const char* date, int units, const char* currency,
            const char* net, const char* original = nullptr) {
    json more = json::object();
    if (original != nullptr)
      more["originalLine"] = StrCat(partner, "/shipments/", ShipmentId(partner, original), "/lines/1");
    return Document(partner, "shipments",
                    json::array({Shipped(partner, document, date, product_, units, Amount(currency, "100"),
                                         Amount(currency, net), more)}));
  }
  Fact L1(const std::string& partner) { return Ship(partner, "L1", "2025-01-15", 400, "CNY", "40000.00"); }
  Fact L2(const std::string& partner) { return Ship(partner, "L2", "2025-02-20", 350, "USD", "5000.00"); }
  Fact L3(const std::string& partner) { return Ship(partner, "L3", "2025-03-30", 200, "CNY", "20000.0050"); }
  Fact L4(const std::string& partner) { return Ship(partner, "L4", "2025-03-31", 60, "CNY", "6000.00"); }
  Fact L7(const std::string& partner) { return Ship(partner, "L7", "2025-02-10", 300, "CNY", "30000.00"); }

  void Close(const std::string& program, const char* period) {
    const json operation = Do(finance_, StrCat("/v1/", program, "/closes/", period, ":close"));
    EXPECT_TRUE(operation.contains("response")) << operation;
  }
  void Issue(const std::string& partner, const char* period) {
    const json issued = Do(finance_, StrCat("/v1/", partner, "/statements:batchIssue"), {{"period", period}});
    EXPECT_TRUE(issued.contains("issued") && issued["issued"] == 1) << issued;
  }
  json Accrual(const std::string& partner, const std::string& program, const char* period) {
    return Get(StrCat("/v1/", partner, "/accruals/", program.substr(program.find('/') + 1), ".", period));
  }
  // "amount" of the statement's entries of this program and kind.
  static std::vector<std::string> Entries(const json& statement, const std::string& program, const char* kind) {
    std::vector<std::string> amounts;
    for (const json& entry : statement.at("entries")) {
      if (TextAt(entry, "/program") == program && TextAt(entry, "/kind") == kind)
        amounts.push_back(MoneyAt(entry, "/amount"));
    }
    return amounts;
  }
  // Verifies exported statements by themselves.
  Outcome VerifyDocuments(const std::vector<std::string>& documents) {
    std::vector<std::string> arguments = {"verify", "--documents"};
    for (const std::string& document : documents) {
      arguments.push_back(StrCat(suite_.var(), "/", Id("statement-"), arguments.size(), ".csv"));
      WriteTestFile(arguments.back(), document);
    }
    return suite_.Ctl(arguments);
  }

  const GatewayUser finance_ = As("FINANCE", "finance-1");
  std::string product_;
};

TEST_P(ScenarioS1Test, AQuarterThatWillNotStayClosed) {
  product_ = NewProduct("bike");
  const std::string p1 = NewPartner("p1"), half = NewPartner("half"), late = NewPartner("late");
  const std::string r1 = NewProgram("r1", R1(), {p1, half}), r2 = NewProgram("r2", R2(), {p1});
  json limited = R1();
  limited["graceDays"] = 60;
  const std::string strict = NewProgram("strict", limited, {late});

  // Beside P1: a world in which half of L2 was shipped, nothing came back, and all was in time.
  Tell({Rate("2025-02-20", "7.1234"), Rate("2025-05-20", "7.0000"), L1(p1), L2(p1), L3(p1), L1(half),
        Ship(half, "L2", "2025-02-20", 175, "USD", "2500.00"), L3(half), L4(half), L1(late), L2(late), L3(late)});
  const absl::Time first_close = absl::Now();
  const json next = Get(StrCat("/v1/", p1, "/accruals/", Id("r1"), ".2025Q1:whatNext"));
  EXPECT_EQ(TextAt(next, "/missingAmount/value"), "4382.995");
  EXPECT_EQ(MoneyAt(next, "/valueNow"), "2868.51");  // 1,131.49 less than
  EXPECT_EQ(MoneyAt(next, "/valueThen"), "4000.00");

  Close(r1, "2025Q1");
  Close(r2, "2025Q1");
  Close(strict, "2025Q1");
  for (const std::string& partner : {p1, half, late}) Issue(partner, "2025Q1");
  const json q1 = Get(StrCat("/v1/", p1, "/statements/1"));
  EXPECT_EQ(MoneyAt(q1, "/total"), "2868.51");
  EXPECT_THAT(Entries(q1, r1, "EARNED"), ElementsAre("2868.51"));
  for (const std::string& amount : Entries(q1, r2, "EARNED")) EXPECT_EQ(amount, "0.00");
  std::vector<std::string> shares;
  for (const json& line : List(StrCat("/v1/", p1, "/statements/1/lines"), "statementLines")) {
    const json entry = q1.at("entries").at(line.at("entry").get<size_t>() - 1);
    if (TextAt(entry, "/program") == r1) shares.push_back(MoneyAt(line, "/share"));
  }
  EXPECT_THAT(shares, ElementsAre("1200.00", "1068.51", "600.00"));
  EXPECT_EQ(MoneyAt(Get(StrCat("/v1/", half, "/statements/1")), "/total"), "2514.26");
  EXPECT_EQ(MoneyAt(Get(StrCat("/v1/", late, "/statements/1")), "/total"), "2868.51");

  // Late, in the next quarter, and back from the one before: at the rate that it was sold at.
  Tell({L4(p1), Ship(p1, "L5", "2025-05-10", 600, "CNY", "60000.00"),
        Ship(p1, "L6", "2025-05-20", -175, "USD", "-2500.00", "L2")});
  const absl::Time after_the_return = absl::Now();
  const json reopened = Accrual(p1, r1, "2025Q1");
  EXPECT_EQ(MoneyAt(reopened, "/statedAmount"), "2868.51");
  EXPECT_EQ(MoneyAt(reopened, "/evaluation/value"), "2514.26");
  EXPECT_EQ(MoneyAt(reopened, "/unstatedAmount"), "-354.25");
  std::vector<std::string> true_ups;
  for (const json& true_up : reopened.at("trueUps")) true_ups.push_back(MoneyAt(true_up, "/amount"));
  if (GetParam() == Telling::kInOrder || GetParam() == Telling::kKilled) {
    EXPECT_THAT(true_ups, ElementsAre("1196.17", "-1550.42"));
  }

  Close(r1, "2025Q2");
  EXPECT_EQ(MoneyAt(Accrual(p1, r1, "2025Q1"), "/statedAmount"), "2514.26");
  Tell({L7(p1), L7(late)});
  const absl::Time after_the_grace = absl::Now();
  Close(r2, "2025Q2");
  Issue(p1, "2025Q2");
  const json q2 = Get(StrCat("/v1/", p1, "/statements/2"));
  EXPECT_THAT(Entries(q2, r1, "EARNED"), ElementsAre("1800.00"));
  EXPECT_THAT(Entries(q2, r1, "TRUE_UP"), ElementsAre("-354.25"));
  EXPECT_THAT(Entries(q2, r2, "EARNED"), ElementsAre("738.09"));
  EXPECT_EQ(q2.at("entries").size(), 3u);
  EXPECT_EQ(MoneyAt(q2, "/total"), "2183.84");
  EXPECT_EQ(MoneyAt(Accrual(p1, r2, "2025Q2"), "/qualifyingAmount"), "173808.505");

  // Beyond the days of grace an addition stays out, and says so.
  EXPECT_EQ(MoneyAt(Accrual(late, strict, "2025Q1"), "/evaluation/value"), "2868.51");
  const json why =
      Get(StrCat("/v1/", late, "/shipments/", ShipmentId(late, "L7"), "/lines/1:explainAbsence?program=", strict));
  EXPECT_EQ(TextAt(why, "/absences/0/reason"), "LATE_BEYOND_GRACE") << why;
  EXPECT_EQ(TextAt(why, "/absences/0/want"), "before 2025-05-30T16:00:00Z");
  const json counts =
      Get(StrCat("/v1/", p1, "/shipments/", ShipmentId(p1, "L7"), "/lines/1:explainAbsence?program=", r2));
  EXPECT_EQ(TextAt(counts, "/absences/0/program"), r2) << counts;
  EXPECT_EQ(TextAt(counts, "/absences/0/reason"), "") << counts;

  EXPECT_EQ(OnHand(p1, product_, "2025-03-31", first_close), "950");
  EXPECT_EQ(OnHand(p1, product_, "2025-03-31", after_the_return), "1010");
  EXPECT_EQ(OnHand(p1, product_, "2025-03-31", after_the_grace), "1310");
  EXPECT_EQ(OnHand(p1, product_, "2025-07-05", after_the_grace), "1735");
  EXPECT_EQ(Get("/v1/ledger:check")["balanced"], true);

  // The partner's own view, and proof without any service.
  const GatewayUser clerk = As("PARTNER_USER", "clerk", Id("p1"));
  std::vector<std::string> documents;
  for (const char* number : {"1", "2"}) {
    const std::string name = StrCat("/v1/", p1, "/statements/", number);
    EXPECT_EQ(MoneyAt(clerk.Get(name), "/total"), documents.empty() ? "2868.51" : "2183.84");
    documents.push_back(TextAt(clerk.Get(name + ":export"), "/csv"));
  }
  EXPECT_EQ(TextAt(q2, "/previousHash"), TextAt(q1, "/hash"));
  const Outcome proof = VerifyDocuments(documents);
  EXPECT_EQ(proof.code, 0) << proof.ToString();
  EXPECT_THAT(proof.err, HasSubstr("2 documents verified"));
  std::string forged = documents[0];
  const size_t rate = forged.find("7.1234");
  ASSERT_NE(rate, std::string::npos);
  forged[rate + 5] = '5';
  EXPECT_NE(VerifyDocuments({forged}).code, 0) << "a digit of L2's rate is changed";
  EXPECT_NE(VerifyDocuments({forged, documents[1]}).code, 0);
}

INSTANTIATE_TEST_SUITE_P(Facts, ScenarioS1Test, ::testing::ValuesIn(kTellings), NameOfRun);

}  // namespace
}  // namespace tributary::testing
