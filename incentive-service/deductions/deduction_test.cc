#include "incentive-service/deductions/deduction.h"

#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "incentive-service/claims/claim_ledger.h"
#include "incentive-service/ledger/testing_ledger.h"
#include "incentive-service/statements/settlement.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr absl::Time kMorning = absl::UnixEpoch();

Deduction TakenOf(int64_t amount) {
  return {.partner = "p2",
          .id = "d1",
          .invoice = "I1",
          .currency = "CNY",
          .amount = amount,
          .taken_on = *Date::Parse("2026-04-01"),
          .reason = "The fair",
          .recorder = "clerk"};
}

Claim ApprovedClaim(int64_t approved) {
  return {.partner = "p2",
          .id = "c1",
          .state = ClaimState::kApproved,
          .currency = "CNY",
          .amount = approved,
          .claimant = "partner",
          .decider = "manager",
          .approved = approved};
}

std::string MovedBy(const Claim& before, const Claim& after) {
  const auto entry = MoveOf(&before, after);
  return entry.has_value() ? Text(*entry) : "";
}

TEST(DeductionTest, IsMatchedInPartsUntilNothingIsOpen) {
  EXPECT_THAT(Match(TakenOf(1000), "claims/c1", 600, "clerk", kMorning), HasReason(Reason::kSecondPersonRequired));
  const auto part = Match(TakenOf(1000), "claims/c1", 600, "treasurer", kMorning);
  ASSERT_OK(part);
  EXPECT_EQ(part->state, DeductionState::kOpen);
  EXPECT_EQ(part->open(), 400);
  EXPECT_EQ(part->version, 2);
  const auto more = Match(*part, "statements/3", 401, "treasurer", kMorning);
  EXPECT_THAT(more, HasReason(Reason::kAllocationExceeds));
  EXPECT_THAT(std::string(more.status().message()), HasSubstr("got 4.01, want at most 4.00 CNY"));
  EXPECT_THAT(Match(*part, "statements/3", 0, "treasurer", kMorning), HasReason(Reason::kInvalidField));
  const auto whole = Match(*part, "statements/3", 400, "cashier", kMorning);
  ASSERT_OK(whole);
  EXPECT_EQ(whole->state, DeductionState::kMatched);
  EXPECT_EQ(whole->open(), 0);
  EXPECT_THAT(whole->matches, ElementsAre(DeductionMatch{"claims/c1", 600, "treasurer", kMorning},
                                          DeductionMatch{"statements/3", 400, "cashier", kMorning}));
  EXPECT_THAT(Match(*whole, "claims/c1", 1, "treasurer", kMorning), HasReason(Reason::kStateConflict));
  EXPECT_FALSE(MoveOf(*part, *whole).has_value()) << "what is matched moves with the statement";
}

TEST(DeductionTest, AMatchIsTakenBackWithAReason) {
  const Deduction part = *Match(TakenOf(1000), "claims/c1", 600, "treasurer", kMorning);
  const Deduction whole = *Match(part, "statements/3", 400, "treasurer", kMorning);
  const auto back = Unmatch(whole, "claims/c1", "cashier", "Another fair", kMorning);
  ASSERT_OK(back);
  EXPECT_EQ(back->state, DeductionState::kOpen);
  EXPECT_EQ(back->open(), 600);
  EXPECT_EQ(back->version, 4);
  EXPECT_EQ(back->matches.back(), (DeductionMatch{"claims/c1", -600, "cashier", kMorning, "Another fair"}));
  EXPECT_FALSE(MoveOf(whole, *back).has_value()) << "it moves with the claim";
  EXPECT_THAT(Unmatch(*back, "claims/c1", "cashier", "", kMorning), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Unmatch(whole, "claims/c2", "cashier", "", kMorning), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Unmatch(whole, "claims/c1", "clerk", "", kMorning), HasReason(Reason::kSecondPersonRequired));
  const Deduction charged_back = *ChargeBack(part, "treasurer", "", kMorning);
  EXPECT_THAT(Unmatch(charged_back, "claims/c1", "treasurer", "", kMorning), HasReason(Reason::kStateConflict));
}

TEST(DeductionTest, IsWithinTheInvoiceAndOnlyOnce) {
  Deduction first = TakenOf(600), second = TakenOf(300);
  first.id = "a";
  second.id = "b";
  const auto reason = [](const Deduction& one, int64_t gross, const std::vector<Deduction>& others) {
    return ReasonOf(CheckTaken(one, gross, others));
  };
  EXPECT_OK(CheckTaken(first, 600, {}));
  EXPECT_EQ(reason(first, 599, {}), Reason::kAllocationExceeds);
  EXPECT_OK(CheckTaken(second, 900, {first}));
  EXPECT_EQ(reason(second, 899, {first}), Reason::kAllocationExceeds);
  Deduction again = first;
  again.id = "c";
  EXPECT_EQ(reason(again, 5000, {first, second}), Reason::kAlreadyExists);
  again.taken_on = again.taken_on.AddDays(1);
  EXPECT_OK(CheckTaken(again, 5000, {first, second}));
  first.state = DeductionState::kChargedBack;
  again.taken_on = first.taken_on;
  EXPECT_OK(CheckTaken(again, 900, {first, second}));
  // What of one was granted before the rest was charged back stays taken.
  const Deduction granted = *Match(TakenOf(600), "claims/c1", 200, "treasurer", kMorning);
  const Deduction rest = *ChargeBack(granted, "treasurer", "", kMorning);
  EXPECT_OK(CheckTaken(again, 800, {rest}));
  EXPECT_EQ(reason(again, 799, {rest}), Reason::kAllocationExceeds);
}

TEST(DeductionTest, ClaimsAreApprovedAgain) {
  const Claim paid = *Deduct(ApprovedClaim(500), 500, "treasurer", kMorning);
  const auto back = Undeduct(paid, 500, "cashier", kMorning);
  ASSERT_OK(back);
  EXPECT_EQ(back->state, ClaimState::kApproved);
  EXPECT_EQ(back->deducted, 0);
  EXPECT_EQ(back->payer, "");
  EXPECT_EQ(MovedBy(paid, *back), "DEDUCTION claims/c1: APPROVED 500, DEDUCTED -500");
  EXPECT_THAT(Undeduct(paid, 500, "manager", kMorning), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(Undeduct(paid, 500, "partner", kMorning), HasReason(Reason::kSecondPersonRequired));
  // The rest of this one is in the wallet.
  Claim half = *Deduct(ApprovedClaim(500), 200, "treasurer", kMorning);
  half.state = ClaimState::kPaid;
  EXPECT_THAT(Undeduct(half, 200, "cashier", kMorning), HasReason(Reason::kStateConflict));
}

TEST(DeductionTest, TheRestIsWrittenOffByASecondPersonOrChargedBack) {
  const Deduction part = *Match(TakenOf(1000), "claims/c1", 600, "treasurer", kMorning);
  EXPECT_THAT(WriteOff(part, "clerk", "small", kMorning), HasReason(Reason::kSecondPersonRequired));
  const auto written_off = WriteOff(part, "treasurer", "small", kMorning);
  ASSERT_OK(written_off);
  EXPECT_EQ(written_off->state, DeductionState::kWrittenOff);
  EXPECT_EQ(written_off->written_off, 400);
  EXPECT_EQ(written_off->open(), 0);
  EXPECT_EQ(Text(*MoveOf(part, *written_off)), "WRITE_OFF deductions/d1: COST -400, DEDUCTED 400");
  const auto charged_back = ChargeBack(part, "clerk", "not agreed", kMorning);
  ASSERT_OK(charged_back);
  EXPECT_EQ(charged_back->state, DeductionState::kChargedBack);
  EXPECT_EQ(charged_back->written_off, 0);
  EXPECT_EQ(charged_back->resolution_note, "not agreed");
  EXPECT_FALSE(MoveOf(part, *charged_back).has_value());
  EXPECT_THAT(ChargeBack(*written_off, "clerk", "", kMorning), HasReason(Reason::kStateConflict));
  EXPECT_THAT(WriteOff(*charged_back, "treasurer", "", kMorning), HasReason(Reason::kStateConflict));
}

TEST(DeductionTest, WhatIsMalformedIsNamedAtOnce) {
  EXPECT_OK(CheckDeduction(TakenOf(1), *Date::Parse("2026-04-01")));
  const absl::Status bad = CheckDeduction(TakenOf(0), *Date::Parse("2026-03-31"));
  EXPECT_THAT(bad, HasReason(Reason::kInvalidField));
  EXPECT_EQ(DetailOf(bad).violations.size(), 2u);
}

TEST(DeductionTest, AreAgedByTheDayOfThePayment) {
  std::vector<Deduction> open;
  for (const auto& [currency, day] :
       {std::pair("CNY", "2026-01-29"), std::pair("CNY", "2026-01-30"), std::pair("CNY", "2026-03-31"),
        std::pair("CNY", "2026-04-30"), std::pair("USD", "2026-04-30")}) {
    open.push_back(TakenOf(100));
    open.back().currency = currency;
    open.back().taken_on = *Date::Parse(day);
  }
  const std::vector<AgedDeductions> aged = Age(open, *Date::Parse("2026-04-30"));
  ASSERT_EQ(aged.size(), 2u);
  EXPECT_THAT(aged[0].by_age, ElementsAre(200, 0, 100, 100));
  EXPECT_EQ(aged[0].total, 400);
  EXPECT_EQ(aged[0].deductions.size(), 4u);
  EXPECT_THAT(aged[1].by_age, ElementsAre(100, 0, 0, 0));
  EXPECT_THAT(Age(std::vector<Deduction>(), *Date::Parse("2026-04-30")), IsEmpty());
}

// What a claim is matched for is not paid again.
TEST(DeductionTest, AClaimIsPaidByWhatWasTaken) {
  const Claim claim = ApprovedClaim(1000);
  const auto part = Deduct(claim, 600, "treasurer", kMorning);
  ASSERT_OK(part);
  EXPECT_EQ(part->state, ClaimState::kApproved);
  EXPECT_EQ(MovedBy(claim, *part), "DEDUCTION claims/c1: APPROVED -600, DEDUCTED 600");
  EXPECT_THAT(Deduct(*part, 401, "treasurer", kMorning), HasReason(Reason::kAllocationExceeds));
  const Date today = *Date::Parse("2026-04-01");
  const auto paid = Pay(*part, today, "treasurer", today, kMorning);
  ASSERT_OK(paid);
  EXPECT_EQ(paid->lot.amount, 400);
  EXPECT_EQ(MovedBy(*part, paid->claim), "PAYMENT claims/c1: APPROVED -400, PAID 400");
  EXPECT_THAT(Deduct(paid->claim, 1, "treasurer", kMorning), HasReason(Reason::kStateConflict));
  const auto whole = Deduct(*part, 400, "treasurer", kMorning);
  ASSERT_OK(whole);
  EXPECT_EQ(whole->state, ClaimState::kPaid);
  EXPECT_EQ(whole->payer, "treasurer");
  EXPECT_EQ(MovedBy(*part, *whole), "DEDUCTION claims/c1: APPROVED -400, DEDUCTED 400");
  for (const char* party : {"partner", "manager"}) {
    EXPECT_THAT(Deduct(claim, 1, party, kMorning), HasReason(Reason::kSecondPersonRequired)) << party;
  }
}

TEST(DeductionTest, AStatementIsSettledByWhatWasTaken) {
  const Statement statement = StatementOf({70, -20, 30});
  const auto part = DeductItems(statement, ItemsOf(statement), 75, "treasurer", kMorning);
  ASSERT_OK(part);
  EXPECT_EQ(part->statement.state, StatementState::kIssued);
  EXPECT_EQ(part->statement.settled, 75);
  EXPECT_EQ(part->statement.version, 2);
  EXPECT_THAT(Texts(part->entries), ElementsAre("DEDUCTION statements/3/entries/1: STATED -70, DEDUCTED 70",
                                                "DEDUCTION statements/3/entries/3: STATED -5, DEDUCTED 5"));
  // The rest goes into the wallet, or is taken too.
  const auto settled = SettleItems(part->statement, part->items, part->statement.partner, "treasurer", kMorning);
  ASSERT_OK(settled);
  EXPECT_EQ(settled->amount, 5);
  EXPECT_FALSE(settled->first);
  EXPECT_EQ(settled->statement.state, StatementState::kSettled);
  EXPECT_THAT(Texts(settled->entries), ElementsAre("SETTLEMENT statements/3/entries/2: STATED 20, PAID -20",
                                                   "SETTLEMENT statements/3/entries/3: STATED -25, PAID 25"));
  const auto whole = DeductItems(part->statement, part->items, 5, "treasurer", kMorning);
  ASSERT_OK(whole);
  EXPECT_EQ(whole->statement.state, StatementState::kSettled);
  EXPECT_EQ(whole->statement.settled, 80);
  EXPECT_THAT(DeductItems(whole->statement, whole->items, 1, "treasurer", kMorning), HasReason(Reason::kStateConflict));
  EXPECT_THAT(DeductItems(part->statement, part->items, 6, "treasurer", kMorning),
              HasReason(Reason::kAllocationExceeds));
  EXPECT_THAT(DeductItems(statement, ItemsOf(statement), 1, "clerk", kMorning),
              HasReason(Reason::kSecondPersonRequired));
}

// What is disputed cannot be taken.
TEST(DeductionTest, WhatIsHeldBackOfAStatementIsNotOpen) {
  const Statement statement = StatementOf({70, 30}, StatementState::kPartDisputed);
  std::vector<StatementItem> items = ItemsOf(statement);
  items[0].withheld = 70;
  EXPECT_THAT(DeductItems(statement, items, 31, "treasurer", kMorning), HasReason(Reason::kAllocationExceeds));
  const auto taken = DeductItems(statement, items, 30, "treasurer", kMorning);
  ASSERT_OK(taken);
  EXPECT_EQ(taken->statement.state, StatementState::kPartDisputed);
  EXPECT_EQ(taken->items[1].settled, 30);
}

}  // namespace
}  // namespace tributary::incentive
