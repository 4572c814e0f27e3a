#include "incentive-service/payouts/payout.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "incentive-service/ledger/testing_ledger.h"
#include "incentive-service/payouts/testing_payouts.h"

namespace tributary::incentive {
namespace {

using ::testing::HasSubstr;

constexpr absl::Time kNoon = absl::UnixEpoch();

// "COST ..." of what a change moves; empty where nothing moves.
std::string MovedBy(const Payout& before, const Payout& after) {
  std::string moved;
  for (const LedgerEntry& entry : MovesOf(before, after)) {
    StrAppend(&moved, moved.empty() ? "" : "; ", Text(entry), after.exchange.has_value() ? " " : "",
              after.exchange.has_value() ? entry.item.currency : "");
  }
  return moved;
}

TEST(PayoutTest, GoesFromRequestToTheBankByThreePeople) {
  const Payout asked = PayoutOf("x1");
  const auto approved = Approve(asked, "treasurer", "fine", kNoon);
  ASSERT_OK(approved);
  EXPECT_EQ(approved->state, PayoutState::kApproved);
  EXPECT_EQ(approved->decider, "treasurer");
  EXPECT_EQ(approved->decision_note, "fine");
  EXPECT_EQ(approved->version, 2);
  EXPECT_EQ(MovedBy(asked, *approved), "");
  const auto paid = Pay(*approved, "cashier", "SEPA-1", kNoon + absl::Hours(1));
  ASSERT_OK(paid);
  EXPECT_EQ(paid->state, PayoutState::kPaid);
  EXPECT_EQ(paid->payer, "cashier");
  EXPECT_EQ(paid->bank_reference, "SEPA-1");
  EXPECT_EQ(paid->pay_time, kNoon + absl::Hours(1));
  EXPECT_EQ(MovedBy(*approved, *paid), "PAYOUT payouts/x1: PAID -1500, PAID_OUT 1500");
}

TEST(PayoutTest, AFailureBringsTheMoneyBack) {
  const Payout approved = *Approve(PayoutOf("x1"), "treasurer", "", kNoon);
  const auto refused = Fail(approved, "treasurer", "closed", kNoon);
  ASSERT_OK(refused);
  EXPECT_EQ(refused->state, PayoutState::kFailed);
  EXPECT_EQ(refused->failure, "closed");
  EXPECT_EQ(MovedBy(approved, *refused), "") << "it had not left";
  const Payout paid = *Pay(approved, "cashier", "SEPA-1", kNoon);
  EXPECT_THAT(Fail(paid, "cashier", "came back", kNoon), HasReason(Reason::kSecondPersonRequired)) << "who paid it";
  const auto returned = Fail(paid, "treasurer", "came back", kNoon);
  ASSERT_OK(returned);
  EXPECT_EQ(MovedBy(paid, *returned), "RETURN payouts/x1: PAID 1500, PAID_OUT -1500");
  EXPECT_EQ(returned->bank_reference, "SEPA-1");
}

// Who may say what in which state: in the order of states REQUESTED to WITHDRAWN.
TEST(PayoutTest, EachVerbWantsItsStateAndItsPerson) {
  const std::vector<std::string> states = {"REQUESTED", "APPROVED", "REJECTED", "PAID", "FAILED", "WITHDRAWN"};
  const struct {
    const char* verb;
    std::vector<std::string> from;
    bool requester, decider;  // whether they may
  } kCases[] = {
      {"approve", {"REQUESTED"}, false, true},     {"reject", {"REQUESTED"}, false, true},
      {"withdraw", {"REQUESTED"}, true, true},     {"pay", {"APPROVED"}, false, false},
      {"fail", {"APPROVED", "PAID"}, false, true},
  };
  const auto run = [](const std::string& verb, const Payout& payout, std::string_view who) -> absl::Status {
    if (verb == "approve") return Approve(payout, who, "", kNoon).status();
    if (verb == "reject") return Reject(payout, who, "no", kNoon).status();
    if (verb == "withdraw") return Withdraw(payout, kNoon).status();
    if (verb == "pay") return Pay(payout, who, "SEPA-1", kNoon).status();
    return Fail(payout, who, "closed", kNoon).status();
  };
  for (const auto& c : kCases) {
    for (size_t i = 0; i < states.size(); ++i) {
      SCOPED_TRACE(StrCat(c.verb, " ", states[i]));
      Payout payout = PayoutOf("x1");
      payout.state = static_cast<PayoutState>(i + 1);
      EXPECT_EQ(NameOf(payout.state), states[i]);
      payout.decider = "treasurer";
      if (std::find(c.from.begin(), c.from.end(), states[i]) == c.from.end()) {
        EXPECT_THAT(run(c.verb, payout, "clerk"), HasReason(Reason::kStateConflict));
        continue;
      }
      EXPECT_OK(run(c.verb, payout, "cashier"));
      EXPECT_EQ(ReasonOf(run(c.verb, payout, "clerk")),
                c.requester ? Reason::kUnspecified : Reason::kSecondPersonRequired);
      EXPECT_EQ(ReasonOf(run(c.verb, payout, "treasurer")),
                c.decider ? Reason::kUnspecified : Reason::kSecondPersonRequired);
    }
  }
}

TEST(PayoutTest, GoesToAPayableAccountOfThePayeeAlone) {
  const Payout payout = PayoutOf("x1");
  EXPECT_OK(CheckBankAccount(payout, "p2", BankAccount{"CNY", true}));
  const absl::Status unknown = CheckBankAccount(payout, "p2", std::nullopt);
  EXPECT_THAT(unknown, HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(std::string(unknown.message()),
              HasSubstr("got partners/p2/bankAccounts/main, want a bank account in CNY of partners/p2"));
  // No word tells what is wrong with an account.
  EXPECT_EQ(CheckBankAccount(payout, "p2", BankAccount{"CNY", false}).message(), unknown.message());
  EXPECT_EQ(CheckBankAccount(payout, "p2", BankAccount{"USD", true}).message(), unknown.message());
  const absl::Status another = CheckBankAccount(payout, "p9", BankAccount{"CNY", true});
  EXPECT_THAT(another, HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(std::string(another.message()), HasSubstr("of partners/p9"));
}

// 15.00 CNY at a rate; half to even, once.
TEST(PayoutTest, IsPaidInAnotherCurrencyByTheRateOfItsDay) {
  Payout asked = PayoutOf("x1");
  asked.exchange = PayoutExchange{.currency = "USD", .rate_type = "spot", .date = *Date::Parse("2026-05-20")};
  const absl::Status none = Exchange(asked, std::nullopt).status();
  EXPECT_THAT(none, HasReason(Reason::kRateNotFound));
  EXPECT_THAT(std::string(none.message()), HasSubstr("got spot, want a type with a rate of CNY in USD on 2026-05-20"));
  const struct {
    int64_t amount;
    const char* currency;
    const char* rate;
    int64_t paid;
  } kCases[] = {
      {1500, "USD", "0.1373", 206},     // 2.0595
      {100, "USD", "0.125", 12},        // 0.125
      {300, "USD", "0.125", 38},        // 0.375
      {1500, "JPY", "20.5", 308},       // 307.5: yen have no decimals
      {1500, "JPY", "20.433333", 306},  // 306.499995
      {1500, "KWD", "0.0425", 638},     // 0.6375: three decimals
  };
  for (const auto& c : kCases) {
    Payout payout = asked;
    payout.amount = c.amount;
    payout.exchange->currency = c.currency;
    ASSERT_OK_AND_ASSIGN(const Payout exchanged, Exchange(payout, *Rational::ParseDecimal(c.rate)));
    EXPECT_EQ(exchanged.exchange->amount, c.paid) << c.currency << " at " << c.rate;
    EXPECT_EQ(exchanged.amount, c.amount);
  }
  EXPECT_THAT(Exchange(asked, *Rational::ParseDecimal("0.0001")), Blames("payout.amount"));

  const Payout exchanged = *Exchange(asked, *Rational::ParseDecimal("0.1373"));
  EXPECT_EQ(exchanged.paid_in(), "USD");
  EXPECT_OK(CheckBankAccount(exchanged, "p2", BankAccount{"USD", true}));
  EXPECT_THAT(CheckBankAccount(exchanged, "p2", BankAccount{"CNY", true}), HasReason(Reason::kReferenceNotFound));
  const Payout approved = *Approve(exchanged, "treasurer", "", kNoon);
  const Payout paid = *Pay(approved, "cashier", "SEPA-1", kNoon);
  EXPECT_EQ(MovedBy(exchanged, approved), "");
  EXPECT_EQ(MovedBy(approved, paid),
            "PAYOUT payouts/x1: PAID -1500, EXCHANGED 1500 CNY; PAYOUT payouts/x1: PAID_OUT 206, EXCHANGED -206 USD");
  EXPECT_EQ(MovedBy(paid, *Fail(paid, "treasurer", "came back", kNoon)),
            "RETURN payouts/x1: PAID 1500, EXCHANGED -1500 CNY; RETURN payouts/x1: PAID_OUT -206, EXCHANGED 206 USD");
}

TEST(PayoutTest, ItsHoldIsForCash) {
  const WalletHold hold = HoldFor(PayoutOf("x1"));
  EXPECT_EQ(hold.name(), "partners/p2/wallets/CNY/holds/h1");
  EXPECT_EQ(hold.use, WalletUse::kCash);
  EXPECT_EQ(hold.amount, 1500);
  EXPECT_EQ(hold.order, "");
}

}  // namespace
}  // namespace tributary::incentive
