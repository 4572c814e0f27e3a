// Payouts through a real server and database: from a wallet to a bank, and back.

#include <atomic>
#include <thread>

#include "common/time/today.h"
#include "incentive-service/testing_wallets.h"
#include "tributary/incentive/v1/ledger_entry.pb.h"
#include "tributary/incentive/v1/opening_balance.pb.h"
#include "tributary/incentive/v1/payout.pb.h"
#include "tributary/partner/v1/relationship.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kPayouts[] = "tributary.incentive.v1.PayoutService/";

google::type::Money Yuan(int64_t units) { return UnitsOf("CNY", units); }

class PayoutServiceTest : public WalletsTest {
 protected:
  // p2 has 2,000 in its wallet and a payable account.
  void SetUp() override {
    v1::CreateOpeningBalanceRequest request;
    request.set_parent("partners/p2");
    request.set_opening_balance_id("go-live");
    v1::OpeningBalance& balance = *request.mutable_opening_balance();
    *balance.mutable_date() = DateOf("2026-03-31");
    balance.set_currency("CNY");
    balance.set_document("GL-7");
    v1::OpeningBalance::Lot& lot = *balance.add_wallet_lots();
    lot.set_lot("w1");
    *lot.mutable_amount() = Yuan(2000);
    *lot.mutable_expires_on() = DateOf("2099-06-30");
    ASSERT_OK(world_.finance().Call<v1::OpeningBalance>(
        "tributary.incentive.v1.OpeningBalanceService/CreateOpeningBalance", request));
    TellAccount("p2", "CNY", true);
    world_.CatchUp();
  }
  std::unique_ptr<rpc::Client> Clerk(api::v1::Role role, const std::string& subject) {
    return keys_.NewClient(world_.port(), role, "", subject);
  }
  v1::CreatePayoutRequest NewPayout(const std::string& id, int64_t units, const std::string& account = "p2") {
    v1::CreatePayoutRequest request;
    request.set_parent("partners/p2");
    request.set_payout_id(id);
    request.set_request_id(NewRequestId());
    *request.mutable_payout()->mutable_amount() = Yuan(units);
    request.mutable_payout()->set_bank_account(StrCat("partners/", account, "/bankAccounts/main"));
    return request;
  }
  absl::StatusOr<v1::Payout> Ask(const v1::CreatePayoutRequest& request) {
    return partner_->Call<v1::Payout>(StrCat(kPayouts, "CreatePayout"), request);
  }
  template <typename Request>
  absl::StatusOr<v1::Payout> Do(rpc::Client& client, std::string_view method, Request request, const std::string& id) {
    request.set_name("partners/p2/payouts/" + id);
    request.set_request_id(NewRequestId());
    return client.Call<v1::Payout>(StrCat(kPayouts, method), request);
  }
  absl::StatusOr<v1::Payout> ApproveIt(rpc::Client& client, const std::string& id) {
    return Do(client, "ApprovePayout", v1::ApprovePayoutRequest(), id);
  }
  absl::StatusOr<v1::Payout> PayIt(rpc::Client& client, const std::string& id) {
    v1::PayPayoutRequest request;
    request.set_bank_reference("SEPA-1");
    return Do(client, "PayPayout", request, id);
  }
  absl::StatusOr<v1::Payout> FailIt(rpc::Client& client, const std::string& id) {
    v1::FailPayoutRequest request;
    request.set_reason("The account is closed");
    return Do(client, "FailPayout", request, id);
  }
  std::string WalletText() { return WalletsTest::WalletText("p2", "CNY"); }
  // "PAYOUT PAID -1500, PAID_OUT 1500" for each entry of the payout.
  std::vector<std::string> Entries(const std::string& id) {
    v1::ListLedgerEntriesRequest request;
    request.set_parent("partners/p2");
    request.set_filter(StrCat("item = 'partners/p2/payouts/", id, "'"));
    const auto page = partner_->Call<v1::ListLedgerEntriesResponse>(
        "tributary.incentive.v1.LedgerService/ListLedgerEntries", request);
    EXPECT_OK(page);
    std::vector<std::string> texts;
    if (!page.ok()) return texts;
    for (const v1::LedgerEntry& entry : page->ledger_entries()) {
      std::string legs;
      for (const v1::LedgerEntry::Leg& leg : entry.legs()) {
        StrAppend(&legs, legs.empty() ? "" : ", ", v1::LedgerEntry::Account_Name(leg.account()), " ",
                  leg.amount().units());
      }
      texts.push_back(StrCat(v1::LedgerEntry::Kind_Name(entry.kind()), " ", legs));
    }
    return texts;
  }

  const std::unique_ptr<rpc::Client> partner_ = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p2", "clerk");
};

TEST_F(PayoutServiceTest, MoneyLeavesByThreePeopleAndComesBackWhenTheBankReturnsIt) {
  ASSERT_OK_AND_ASSIGN(v1::Payout payout, Ask(NewPayout("x1", 1500)));
  EXPECT_EQ(payout.name(), "partners/p2/payouts/x1");
  EXPECT_EQ(payout.state(), v1::Payout::REQUESTED);
  EXPECT_EQ(payout.requester(), "clerk");
  EXPECT_THAT(payout.hold(), HasSubstr("partners/p2/wallets/CNY/holds/"));
  EXPECT_EQ(WalletText(), "2000/1500/500");
  EXPECT_THAT(Ask(NewPayout("x2", 501)), HasReason(Reason::kAllocationExceeds));
  EXPECT_THAT(Ask(NewPayout("x1", 1)), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(PayIt(*cashier_, "x1"), HasReason(Reason::kStateConflict));

  ASSERT_OK_AND_ASSIGN(payout, ApproveIt(*treasurer_, "x1"));
  EXPECT_EQ(payout.decider(), "treasurer");
  EXPECT_THAT(PayIt(*treasurer_, "x1"), HasReason(Reason::kSecondPersonRequired));
  EXPECT_EQ(WalletText(), "2000/1500/500");
  EXPECT_THAT(Entries("x1"), ElementsAre());

  ASSERT_OK_AND_ASSIGN(payout, PayIt(*cashier_, "x1"));
  EXPECT_EQ(payout.state(), v1::Payout::PAID);
  EXPECT_EQ(payout.bank_reference(), "SEPA-1");
  EXPECT_TRUE(payout.has_pay_time());
  EXPECT_EQ(WalletText(), "500/0/500");
  EXPECT_THAT(Entries("x1"), ElementsAre("PAYOUT PAID -1500, PAID_OUT 1500"));
  EXPECT_EQ(Mismatches(), 0);

  EXPECT_THAT(FailIt(*cashier_, "x1"), HasReason(Reason::kSecondPersonRequired));
  ASSERT_OK_AND_ASSIGN(payout, FailIt(*treasurer_, "x1"));
  EXPECT_EQ(payout.state(), v1::Payout::FAILED);
  EXPECT_EQ(payout.failure(), "The account is closed");
  EXPECT_EQ(WalletText(), "2000/0/2000");
  EXPECT_THAT(Entries("x1"), ElementsAre("PAYOUT PAID -1500, PAID_OUT 1500", "RETURN PAID 1500, PAID_OUT -1500"));
  EXPECT_THAT(FailIt(*cashier_, "x1"), HasReason(Reason::kStateConflict));
  EXPECT_EQ(Mismatches(), 0);
}

// 100.00 CNY at 0.13725 are 13.725 USD: half to even, 13.72.
TEST_F(PayoutServiceTest, IsPaidInAnotherCurrencyByTheRateOfTheDay) {
  v1::CreatePayoutRequest request = NewPayout("x1", 100);
  request.mutable_payout()->set_paid_in("USD");
  EXPECT_THAT(Ask(request), Blames("payout.rate_type"));
  request.mutable_payout()->set_rate_type("spot");
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Ask(request), HasReason(Reason::kRateNotFound));
  // A rate holds for its own day; the test may run at midnight.
  for (const int day : {0, 1}) {
    TellRate("spot", "CNY", "USD", UtcToday(absl::Now()).AddDays(day), "0.13725");
  }
  world_.CatchUp();
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Ask(request), HasReason(Reason::kReferenceNotFound)) << "the account is in CNY";
  TellAccount("p2", "USD", true);
  world_.CatchUp();
  EXPECT_THAT(Ask(NewPayout("x2", 100)), HasReason(Reason::kReferenceNotFound)) << "the account is in USD";
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Payout asked, Ask(request));
  EXPECT_EQ(Amount(asked.paid_amount()), "USD 13.720000000");
  EXPECT_EQ(asked.rate().value(), "0.13725");
  EXPECT_TRUE(asked.has_rate_date());
  EXPECT_EQ(WalletText(), "2000/100/1900");
  ASSERT_OK(ApproveIt(*treasurer_, "x1"));
  ASSERT_OK(PayIt(*cashier_, "x1"));
  EXPECT_EQ(WalletText(), "1900/0/1900");
  EXPECT_THAT(Entries("x1"), ElementsAre("PAYOUT PAID -100, EXCHANGED 100", "PAYOUT PAID_OUT 13, EXCHANGED -13"));
  EXPECT_EQ(Mismatches(), 0);
  ASSERT_OK(FailIt(*treasurer_, "x1"));
  EXPECT_EQ(WalletText(), "2000/0/2000");
  EXPECT_EQ(Mismatches(), 0);
  // One that is paid in the wallet's currency has no rate.
  request = NewPayout("x3", 100);
  request.mutable_payout()->set_rate_type("spot");
  EXPECT_THAT(Ask(request), Blames("payout.rate_type"));
}

TEST_F(PayoutServiceTest, WhatIsNotPaidIsBackInTheWallet) {
  ASSERT_OK(Ask(NewPayout("rejected", 100)));
  ASSERT_OK(Ask(NewPayout("withdrawn", 200)));
  ASSERT_OK(Ask(NewPayout("failed", 400)));
  EXPECT_EQ(WalletText(), "2000/700/1300");
  v1::RejectPayoutRequest reject;
  reject.set_note("Not before May");
  ASSERT_OK_AND_ASSIGN(v1::Payout payout, Do(*treasurer_, "RejectPayout", reject, "rejected"));
  EXPECT_EQ(payout.state(), v1::Payout::REJECTED);
  EXPECT_EQ(payout.decision_note(), "Not before May");
  EXPECT_EQ(WalletText(), "2000/600/1400");
  ASSERT_OK_AND_ASSIGN(payout, Do(*partner_, "WithdrawPayout", v1::WithdrawPayoutRequest(), "withdrawn"));
  EXPECT_EQ(payout.state(), v1::Payout::WITHDRAWN);
  EXPECT_EQ(WalletText(), "2000/400/1600");
  ASSERT_OK(ApproveIt(*treasurer_, "failed"));
  ASSERT_OK(FailIt(*treasurer_, "failed"));
  EXPECT_EQ(WalletText(), "2000/0/2000");
  EXPECT_THAT(Entries("failed"), ElementsAre()) << "it had not left";
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(PayoutServiceTest, NobodyApprovesWhatHeAsksFor) {
  ASSERT_OK(treasurer_->Call<v1::Payout>(StrCat(kPayouts, "CreatePayout"), NewPayout("x1", 10)));
  EXPECT_THAT(ApproveIt(*treasurer_, "x1"), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(ApproveIt(*partner_, "x1"), HasReason(Reason::kPermissionDenied));
  ASSERT_OK(ApproveIt(*cashier_, "x1"));
  EXPECT_THAT(PayIt(*treasurer_, "x1"), HasReason(Reason::kSecondPersonRequired));
  ASSERT_OK(PayIt(*Clerk(api::v1::ADMINISTRATOR, "third"), "x1"));
}

TEST_F(PayoutServiceTest, NobodyElseMovesItsHold) {
  ASSERT_OK_AND_ASSIGN(const v1::Payout payout, Ask(NewPayout("x1", 1500)));
  v1::CaptureWalletHoldRequest capture;
  capture.set_name(payout.hold());
  EXPECT_THAT(cashier_->Call<v1::WalletHold>("tributary.incentive.v1.WalletService/CaptureWalletHold", capture),
              HasReason(Reason::kInUse));
  v1::ReleaseWalletHoldRequest release;
  release.set_name(payout.hold());
  EXPECT_THAT(cashier_->Call<v1::WalletHold>("tributary.incentive.v1.WalletService/ReleaseWalletHold", release),
              HasReason(Reason::kInUse));
  v1::CreateWalletHoldRequest hold;
  hold.set_parent("partners/p2/wallets/CNY");
  *hold.mutable_wallet_hold()->mutable_amount() = Yuan(1);
  hold.mutable_wallet_hold()->set_use(v1::WalletHold::CASH);
  EXPECT_THAT(partner_->Call<v1::WalletHold>("tributary.incentive.v1.WalletService/CreateWalletHold", hold),
              HasReason(Reason::kInvalidField));
}

TEST_F(PayoutServiceTest, GoesWhereThePayeeOfTheDayIsPaid) {
  EXPECT_THAT(Ask(NewPayout("x0", 10, "p9")), HasReason(Reason::kReferenceNotFound));
  tributary::partner::v1::PartnerRelationship payee;
  payee.set_name("partners/p2/relationships/pay");
  payee.set_kind(tributary::partner::v1::PartnerRelationship::PAYEE);
  payee.set_other_partner("partners/p9");
  *payee.mutable_valid_from() = DateOf("2025-01-01");
  // Asked for before the partner had a payee, it may no longer go to its own account.
  ASSERT_OK(Ask(NewPayout("x1", 10)));
  TellAccount("p9", "CNY", true);
  feed_.TellFact(payee);
  world_.CatchUp();
  EXPECT_THAT(ApproveIt(*treasurer_, "x1"), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(Ask(NewPayout("x2", 10)), HasReason(Reason::kReferenceNotFound));
  ASSERT_OK(Ask(NewPayout("x3", 10, "p9")));
  ASSERT_OK(ApproveIt(*treasurer_, "x3"));
  // An account that is no longer payable, or in another currency, is none.
  TellAccount("p9", "CNY", false);
  world_.CatchUp();
  EXPECT_THAT(PayIt(*cashier_, "x3"), HasReason(Reason::kReferenceNotFound));
  TellAccount("p9", "USD", true);
  world_.CatchUp();
  EXPECT_THAT(PayIt(*cashier_, "x3"), HasReason(Reason::kReferenceNotFound));
  TellAccount("p9", "CNY", true);
  world_.CatchUp();
  ASSERT_OK(PayIt(*cashier_, "x3"));
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(PayoutServiceTest, PayoutsAtOnceNeverExceedTheWallet) {
  std::atomic<int> made{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, &made, i] {
      absl::StatusOr<v1::Payout> asked;
      do {
        asked = Ask(NewPayout(StrCat("x", i), 600));
      } while (ReasonOf(asked.status()) == Reason::kConflictRetry || ReasonOf(asked.status()) == Reason::kOverloaded);
      EXPECT_THAT(asked, AnyOf(IsOk(), HasReason(Reason::kAllocationExceeds)));
      if (asked.ok()) ++made;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made, 3);
  EXPECT_EQ(WalletText(), "2000/1800/200");
  // Paid twice at once, it is paid once.
  v1::ListPayoutsRequest list;
  list.set_parent("partners/-");
  list.set_page_size(1);
  list.set_filter("state = REQUESTED");
  ASSERT_OK_AND_ASSIGN(const auto page, partner_->Call<v1::ListPayoutsResponse>(StrCat(kPayouts, "ListPayouts"), list));
  ASSERT_EQ(page.payouts_size(), 1);
  EXPECT_FALSE(page.next_page_token().empty());
  const std::string id = page.payouts(0).name().substr(std::string("partners/p2/payouts/").size());
  ASSERT_OK(ApproveIt(*treasurer_, id));
  std::atomic<int> paid{0};
  threads.clear();
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this, &paid, &id] { paid += PayIt(*cashier_, id).ok() ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(paid, 1);
  EXPECT_EQ(WalletText(), "1400/1200/200");
  EXPECT_EQ(Mismatches(), 0);
}

}  // namespace
}  // namespace tributary::incentive
