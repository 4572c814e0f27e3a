#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "incentive-service/claims/claim_ledger.h"
#include "incentive-service/ledger/aged_balances.h"
#include "incentive-service/ledger/testing_ledger.h"
#include "incentive-service/opening_balances/opening_balance.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;

Date DayOf(std::string_view text) { return *Date::Parse(text); }

std::string TextOf(const std::optional<LedgerEntry>& entry) { return entry.has_value() ? Text(*entry) : "nothing"; }

TEST(MoveTest, IsTheDifferenceAndTakesTheRestFromCost) {
  const struct {
    Standing before, after;
    const char* want;
  } cases[] = {
      {{}, {}, "nothing"},
      {{}, {{LedgerAccount::kStated, 0}}, "nothing"},
      {{{LedgerAccount::kPaid, 5}}, {{LedgerAccount::kPaid, 5}}, "nothing"},
      {{}, {{LedgerAccount::kStated, 70}}, "ISSUE x: COST -70, STATED 70"},
      {{}, {{LedgerAccount::kStated, -70}}, "ISSUE x: COST 70, STATED -70"},
      {{{LedgerAccount::kStated, 70}}, {{LedgerAccount::kPaid, 70}}, "ISSUE x: STATED -70, PAID 70"},
      {{{LedgerAccount::kClaimed, 70}}, {{LedgerAccount::kApproved, 50}}, "ISSUE x: COST 20, CLAIMED -70, APPROVED 50"},
      {{{LedgerAccount::kStated, 70}},
       {{LedgerAccount::kStated, 20}, {LedgerAccount::kWithheld, 30}, {LedgerAccount::kPaid, 20}},
       "ISSUE x: STATED -50, WITHHELD 30, PAID 20"},
  };
  for (const auto& [before, after, want] : cases) {
    const auto entry = Move({.partner = "p2", .path = "x", .currency = "CNY"}, LedgerKind::kIssue, before, after);
    EXPECT_EQ(entry.has_value() ? Text(*entry) : "nothing", want);
  }
}

TEST(ClaimLedgerTest, FollowsTheClaim) {
  Claim claim{.partner = "p2", .id = "c1", .currency = "CNY", .amount = 3000};
  EXPECT_EQ(TextOf(MoveOf(nullptr, claim)), "CLAIM claims/c1: COST -3000, CLAIMED 3000");
  Claim approved = claim;
  approved.state = ClaimState::kApproved;
  approved.approved = 2800;
  EXPECT_EQ(TextOf(MoveOf(&claim, approved)), "APPROVAL claims/c1: COST 200, CLAIMED -3000, APPROVED 2800");
  Claim less = approved;
  less.approved = 2000;
  EXPECT_EQ(TextOf(MoveOf(&approved, less)), "CORRECTION claims/c1: COST 800, APPROVED -800");
  Claim paid = approved;
  paid.state = ClaimState::kPaid;
  EXPECT_EQ(TextOf(MoveOf(&approved, paid)), "PAYMENT claims/c1: APPROVED -2800, PAID 2800");
  for (const ClaimState dropped : {ClaimState::kRejected, ClaimState::kWithdrawn}) {
    Claim gone = claim;
    gone.state = dropped;
    EXPECT_EQ(TextOf(MoveOf(&claim, gone)), "REFUSAL claims/c1: COST 3000, CLAIMED -3000");
  }
}

TEST(OpeningLedgerTest, WhatIsBroughtAlongIsPaidAlready) {
  const OpeningBalance balance{.partner = "p2",
                               .id = "go-live",
                               .currency = "CNY",
                               .lots = {{.id = "a", .amount = 3000}, {.id = "b", .amount = 5000}}};
  EXPECT_EQ(TextOf(MoveOf(balance)), "OPENING openingBalances/go-live: COST -8000, PAID 8000");
}

TEST(AgedBalancesTest, BucketsEndOnTheirLastDay) {
  const Date as_of = DayOf("2026-06-30");
  const std::vector<AgedBalance> balances =
      Age({{.currency = "CNY", .number = 1, .issue_date = as_of.AddDays(-91), .open = 1000},
           {.currency = "CNY", .number = 2, .issue_date = as_of.AddDays(-90), .open = 200, .withheld = 50},
           {.currency = "CNY", .number = 3, .issue_date = as_of.AddDays(-61), .open = 20},
           {.currency = "CNY", .number = 4, .issue_date = as_of.AddDays(-60), .open = -3},
           {.currency = "CNY", .number = 5, .issue_date = as_of.AddDays(-31), .open = 5},
           {.currency = "CNY", .number = 6, .issue_date = as_of.AddDays(-30), .open = 7},
           {.currency = "CNY", .number = 7, .issue_date = as_of, .open = 1},
           {.currency = "USD", .number = 8, .issue_date = as_of, .open = 9}},
          as_of);
  ASSERT_EQ(balances.size(), 2u);
  EXPECT_THAT(balances[0].by_age, ElementsAre(8, 2, 220, 1000));
  EXPECT_EQ(balances[0].total, 1230);
  EXPECT_EQ(balances[0].withheld, 50);
  EXPECT_EQ(balances[0].statements.size(), 7u);
  EXPECT_EQ(balances[0].statements[0].age_days, 91);
  EXPECT_THAT(balances[1].by_age, ElementsAre(9, 0, 0, 0));
  EXPECT_THAT(Age({}, as_of), ElementsAre());
}

}  // namespace
}  // namespace tributary::incentive
