#include "incentive-service/statements/settlement.h"

#include "common/status/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "incentive-service/ledger/testing_ledger.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr absl::Time kNow = absl::UnixEpoch();

TEST(SettlementTest, AStatementIsItsEntriesAndAdjustments) {
  Statement statement = TakeUp(
      StatementOf({70, -20}), {{.adjustment = "a1", .program = "g9", .amount = 5}, {.adjustment = "a2", .amount = -1}});
  EXPECT_EQ(statement.total, 54);
  EXPECT_THAT(ItemsOf(statement),
              ElementsAre(StatementItem{1, "g1", "2026Q1", 70}, StatementItem{2, "g2", "2026Q1", -20},
                          StatementItem{3, "g9", "", 5}, StatementItem{4, "", "", -1}));
  EXPECT_THAT(Texts(IssueOf(statement)), ElementsAre("ISSUE statements/3/entries/1: COST -70, STATED 70",
                                                     "ISSUE statements/3/entries/2: COST 20, STATED -20",
                                                     "ISSUE statements/3/entries/3: COST -5, STATED 5",
                                                     "ISSUE statements/3/entries/4: COST 1, STATED -1"));
  EXPECT_THAT(IssueOf(StatementOf({0})), IsEmpty());
  EXPECT_EQ(IssueOf(statement)[0].item, (LedgerItem{"p2", "statements/3/entries/1", "g1", "2026Q1", 3, "CNY"}));
}

// 98.00 were stated and all came back; a cap takes 10.00 back.
TEST(SettlementTest, WhatIsWaivedIsOutOfCost) {
  Statement statement = StatementOf({-1000});
  statement.entries[0].value = 8800;
  statement.entries[0].stated_before = 9800;
  statement.entries[0].clawback = ClawbackSteps{9800, 8800, 8800, 0};
  EXPECT_THAT(Texts(IssueOf(statement)),
              ElementsAre("ISSUE statements/3/entries/1: COST 9800, STATED -1000, CLAWBACK_WAIVED -8800"));
  const auto settled = SettleItems(statement, ItemsOf(statement), "p2", "treasurer", kNow);
  ASSERT_OK(settled);
  EXPECT_THAT(Texts(settled->entries),
              ElementsAre("SETTLEMENT statements/3/entries/1: STATED 1000, CLAWED_BACK -1000"));
  // 4.00 of it are sold anew: nothing is paid, and less is waived.
  statement.entries[0].stated_before = 8800;
  statement.entries[0].clawback = ClawbackSteps{9800, 8800, 8400, 8800};
  EXPECT_THAT(Texts(IssueOf(statement)), ElementsAre("ISSUE statements/3/entries/1: COST -400, CLAWBACK_WAIVED 400"));
}

TEST(SettlementTest, GoesIntoTheWalletOrOutOfItAsAWhole) {
  const Statement plus = StatementOf({70, -20});
  const auto paid = SettleItems(plus, ItemsOf(plus), "p2", "treasurer", kNow);
  ASSERT_OK(paid);
  EXPECT_EQ(paid->amount, 50);
  EXPECT_TRUE(paid->first);
  EXPECT_FALSE(paid->entry_of_payee.has_value());
  EXPECT_THAT(paid->statement.payments, ElementsAre(StatementPayment{"p2", 50, Date()}));
  EXPECT_EQ(paid->statement.state, StatementState::kSettled);
  EXPECT_EQ(paid->statement.settled, 50);
  EXPECT_EQ(paid->statement.version, 2);
  EXPECT_THAT(Texts(paid->entries), ElementsAre("SETTLEMENT statements/3/entries/1: STATED -70, PAID 70",
                                                "SETTLEMENT statements/3/entries/2: STATED 20, PAID -20"));
  const Statement minus = StatementOf({10, -20}, StatementState::kAccepted);
  const auto clawed_back = SettleItems(minus, ItemsOf(minus), "p2", "treasurer", kNow);
  ASSERT_OK(clawed_back);
  EXPECT_EQ(clawed_back->amount, -10);
  EXPECT_THAT(Texts(clawed_back->entries),
              ElementsAre("SETTLEMENT statements/3/entries/1: STATED -10, CLAWED_BACK 10",
                          "SETTLEMENT statements/3/entries/2: STATED 20, CLAWED_BACK -20"));
}

// PAYEE: what p2 earned is credited to p9, and is taken back from there.
TEST(SettlementTest, GoesToThePayee) {
  const Statement plus = StatementOf({70, -20});
  const auto paid = SettleItems(plus, ItemsOf(plus), "p9", "treasurer", kNow);
  ASSERT_OK(paid);
  EXPECT_EQ(paid->amount, 50);
  EXPECT_EQ(paid->statement.settled, 50);
  EXPECT_THAT(paid->statement.payments, ElementsAre(StatementPayment{"p9", 50, Date()}));
  EXPECT_THAT(Texts(paid->entries), ElementsAre("SETTLEMENT statements/3/entries/1: STATED -70, PASSED_ON 70",
                                                "SETTLEMENT statements/3/entries/2: STATED 20, PASSED_ON -20"));
  ASSERT_TRUE(paid->entry_of_payee.has_value());
  EXPECT_EQ(Text(*paid->entry_of_payee), "SETTLEMENT wallets/CNY: PAID 50, PASSED_ON -50");
  EXPECT_EQ(paid->entry_of_payee->item, (LedgerItem{"p9", "wallets/CNY", "", "", 0, "CNY"}));
  const Statement minus = StatementOf({10, -20});
  const auto clawed_back = SettleItems(minus, ItemsOf(minus), "p9", "treasurer", kNow);
  ASSERT_OK(clawed_back);
  ASSERT_TRUE(clawed_back->entry_of_payee.has_value());
  EXPECT_EQ(Text(*clawed_back->entry_of_payee), "SETTLEMENT wallets/CNY: CLAWED_BACK -10, PASSED_ON 10");
  // Nothing in sum moves no wallet, and items all the same.
  const Statement even = StatementOf({20, -20});
  const auto nothing = SettleItems(even, ItemsOf(even), "p9", "treasurer", kNow);
  ASSERT_OK(nothing);
  EXPECT_FALSE(nothing->entry_of_payee.has_value());
  EXPECT_THAT(nothing->statement.payments, IsEmpty());
  EXPECT_THAT(nothing->entries, ::testing::SizeIs(2));
}

TEST(SettlementTest, WhatIsWithheldWaits) {
  const Statement statement = StatementOf({70, 30}, StatementState::kPartDisputed);
  std::vector<StatementItem> items = ItemsOf(statement);
  items[0].withheld = 40;
  const auto part = SettleItems(statement, items, "p2", "treasurer", kNow);
  ASSERT_OK(part);
  EXPECT_EQ(part->amount, 60);
  EXPECT_EQ(part->statement.state, StatementState::kPartDisputed);
  EXPECT_EQ(part->statement.settled, 60);
  EXPECT_EQ(part->statement.withheld, 40);
  EXPECT_THAT(Texts(part->entries), ElementsAre("SETTLEMENT statements/3/entries/1: STATED -30, PAID 30",
                                                "SETTLEMENT statements/3/entries/2: STATED -30, PAID 30"));
  // Again there is nothing to settle.
  EXPECT_THAT(SettleItems(part->statement, part->items, "p2", "treasurer", kNow), HasReason(Reason::kStateConflict));
  // Once the dispute is resolved, the rest.
  Statement resolved = part->statement;
  resolved.state = StatementState::kAccepted;
  std::vector<StatementItem> rest = part->items;
  rest[0].withheld = 0;
  const auto settled = SettleItems(resolved, rest, "p2", "treasurer", kNow);
  ASSERT_OK(settled);
  EXPECT_EQ(settled->amount, 40);
  EXPECT_FALSE(settled->first);
  EXPECT_EQ(settled->statement.state, StatementState::kSettled);
  EXPECT_EQ(settled->statement.settled, 100);
}

// What DeductItems took is taken back, the last first.
TEST(SettlementTest, WhatWasDeductedIsOpenAgain) {
  const Statement statement = StatementOf({70, -20, 50});
  const auto whole = DeductItems(statement, ItemsOf(statement), 100, "treasurer", kNow);
  ASSERT_OK(whole);
  EXPECT_EQ(whole->statement.state, StatementState::kSettled);
  const auto back = UndeductItems(whole->statement, whole->items, {{1, 70}, {2, -20}, {3, 50}}, 100, "treasurer", kNow);
  ASSERT_OK(back);
  EXPECT_EQ(back->statement.state, StatementState::kIssued);
  EXPECT_EQ(back->statement.settled, 0);
  EXPECT_EQ(back->items, ItemsOf(statement));
  EXPECT_THAT(Texts(back->entries), ElementsAre("DEDUCTION statements/3/entries/1: STATED 70, DEDUCTED -70",
                                                "DEDUCTION statements/3/entries/2: STATED -20, DEDUCTED 20",
                                                "DEDUCTION statements/3/entries/3: STATED 50, DEDUCTED -50"));
  // A part of it.
  const auto part = DeductItems(statement, ItemsOf(statement), 90, "treasurer", kNow);
  ASSERT_OK(part);
  const auto some = UndeductItems(part->statement, part->items, {{1, 70}, {3, 20}}, 30, "treasurer", kNow);
  ASSERT_OK(some);
  EXPECT_EQ(some->statement.settled, 60);
  EXPECT_THAT(Texts(some->entries), ElementsAre("DEDUCTION statements/3/entries/1: STATED 10, DEDUCTED -10",
                                                "DEDUCTION statements/3/entries/3: STATED 20, DEDUCTED -20"));
  EXPECT_THAT(UndeductItems(part->statement, part->items, {{1, 70}, {3, 20}}, 91, "treasurer", kNow),
              HasReason(Reason::kAllocationExceeds));
  EXPECT_THAT(UndeductItems(part->statement, part->items, {{1, 70}, {3, 20}}, 30, "clerk", kNow),
              HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(UndeductItems(StatementOf({70}, StatementState::kDraft), {}, {}, 1, "treasurer", kNow),
              HasReason(Reason::kStateConflict));
}

TEST(SettlementTest, IsRefused) {
  const auto refused = [](StatementState state, std::string_view principal) {
    const Statement statement = StatementOf({70}, state);
    return SettleItems(statement, ItemsOf(statement), "p2", principal, kNow).status();
  };
  EXPECT_THAT(refused(StatementState::kDraft, "treasurer"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(refused(StatementState::kSettled, "treasurer"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(refused(StatementState::kSettled, "clerk"), HasReason(Reason::kStateConflict));
  for (const StatementState state :
       {StatementState::kIssued, StatementState::kAccepted, StatementState::kPartDisputed}) {
    EXPECT_THAT(refused(state, "clerk"), HasReason(Reason::kSecondPersonRequired));
    EXPECT_THAT(refused(state, "treasurer"), IsOk());
  }
}

}  // namespace
}  // namespace tributary::incentive
