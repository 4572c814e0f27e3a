#include "partner-service/approvals/approval_task.h"

#include <gmock/gmock.h>

#include <functional>
#include <string>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using State = ApprovalTaskState;

const Approver kClerk{.subject = "clerk", .roles = {ApproverRole::kFinance}};
const Approver kFinance{.subject = "finance-2", .roles = {ApproverRole::kFinance}};
const Approver kManager{.subject = "manager", .roles = {ApproverRole::kChannelManager}};
const Approver kNamed{.subject = "cfo"};

ApprovalAsk Asked() {
  return {.kind = ApprovalSubjectKind::kCreditLine,
          .subject = "partners/p-1/creditLines/main",
          .partner_id = "p-1",
          .subject_version = 3,
          .requesters = {"clerk"},
          .amount = Money{"CNY", Decimal::FromInt(500000)}};
}
ApprovalAuthority Authority() {
  return {.policy_id = "limits", .roles = {ApproverRole::kFinance}, .subjects = {"cfo"}, .due = absl::Hours(24)};
}
ApprovalTask Pending() { return NewTask(Asked(), Authority(), kNow); }

absl::StatusOr<ApprovalTask> Approve(const ApprovalTask& task, const Approver& by) {
  return Decide(task, ApprovalVerdict::kApprove, by, "", kNow);
}
absl::StatusOr<ApprovalTask> Reject(const ApprovalTask& task, const Approver& by) {
  return Decide(task, ApprovalVerdict::kReject, by, "no", kNow);
}

// Every state, every verb.
TEST(ApprovalTaskTest, MovesByItsVerbs) {
  const ApprovalTask pending = Pending();
  ApprovalTask overdue = *Overdue(pending, kNow + absl::Hours(24));
  const ApprovalTask approved = *Approve(pending, kFinance), rejected = *Reject(pending, kFinance),
                     withdrawn = Withdraw(pending, "clerk", kNow);
  const auto approve = [](const ApprovalTask& task) { return Approve(task, kFinance); };
  const auto reject = [](const ApprovalTask& task) { return Reject(task, kFinance); };
  const auto take_back = [](const ApprovalTask& task) { return Reject(task, kClerk); };
  const auto delegate = [](const ApprovalTask& task) { return Delegate(task, kFinance, "manager", "", kNow); };
  const auto revoke = [](const ApprovalTask& task) { return RevokeDelegation(task, kFinance, "manager", kNow); };
  const auto by_service = [](const ApprovalTask& task) { return WithdrawByService(task, "incentive", kNow); };
  const ApprovalTask delegated = *delegate(pending), overdue_delegated = *delegate(overdue);
  using Verb = std::function<absl::StatusOr<ApprovalTask>(const ApprovalTask&)>;
  const struct {
    const char* what;
    const ApprovalTask& from;
    Verb verb;
    bool allowed;
    State to;
  } kCases[] = {
      {"pending approve", pending, approve, true, State::kApproved},
      {"pending reject", pending, reject, true, State::kRejected},
      {"pending take back", pending, take_back, true, State::kWithdrawn},
      {"pending delegate", pending, delegate, true, State::kPending},
      {"overdue approve", overdue, approve, true, State::kApproved},
      {"overdue reject", overdue, reject, true, State::kRejected},
      {"overdue take back", overdue, take_back, true, State::kWithdrawn},
      {"overdue delegate", overdue, delegate, true, State::kPending},
      {"approved approve", approved, approve, false, State::kApproved},
      {"approved reject", approved, reject, false, State::kApproved},
      {"approved take back", approved, take_back, false, State::kApproved},
      {"approved delegate", approved, delegate, false, State::kApproved},
      {"rejected approve", rejected, approve, false, State::kRejected},
      {"rejected reject", rejected, reject, false, State::kRejected},
      {"rejected take back", rejected, take_back, false, State::kRejected},
      {"rejected delegate", rejected, delegate, false, State::kRejected},
      {"withdrawn approve", withdrawn, approve, false, State::kWithdrawn},
      {"withdrawn reject", withdrawn, reject, false, State::kWithdrawn},
      {"withdrawn take back", withdrawn, take_back, false, State::kWithdrawn},
      {"withdrawn delegate", withdrawn, delegate, false, State::kWithdrawn},
      {"pending revoke", delegated, revoke, true, State::kPending},
      {"overdue revoke", overdue_delegated, revoke, true, State::kPending},
      {"approved revoke", approved, revoke, false, State::kApproved},
      {"rejected revoke", rejected, revoke, false, State::kRejected},
      {"withdrawn revoke", withdrawn, revoke, false, State::kWithdrawn},
      {"approved by service", approved, by_service, false, State::kApproved},
      {"rejected by service", rejected, by_service, false, State::kRejected},
      {"withdrawn by service", withdrawn, by_service, false, State::kWithdrawn},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const auto to = c.verb(c.from);
    EXPECT_EQ(to.ok(), c.allowed);
    if (!c.allowed) {
      EXPECT_THAT(to, HasReason(Reason::kStateConflict));
      continue;
    }
    EXPECT_EQ(to->state, c.to);
    EXPECT_EQ(to->revision.version, c.from.revision.version + 1);
    EXPECT_EQ(to->decide_time.has_value(), c.to != State::kPending);
  }
}

TEST(ApprovalTaskTest, IsDecidedByThoseWhoMay) {
  EXPECT_OK(Approve(Pending(), kFinance));
  EXPECT_OK(Approve(Pending(), kNamed));
  EXPECT_EQ(Approve(Pending(), kNamed)->decided_by, "cfo");
  EXPECT_THAT(Approve(Pending(), kManager), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Reject(Pending(), kManager), HasReason(Reason::kPermissionDenied));
  // The role is there, and yet: he asked.
  EXPECT_THAT(Approve(Pending(), kClerk), HasReason(Reason::kSecondPersonRequired));
  ApprovalAsk both = Asked();
  both.requesters.push_back("cfo");
  EXPECT_THAT(Approve(NewTask(both, Authority(), kNow), kNamed), HasReason(Reason::kSecondPersonRequired));
  // Of two reasons the first in order is told: who asked before who may not; the state before both.
  ApprovalAsk by_manager = Asked();
  by_manager.requesters = {"manager"};
  EXPECT_THAT(Approve(NewTask(by_manager, Authority(), kNow), kManager), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(Approve(*Approve(Pending(), kFinance), kClerk), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Decide(Pending(), ApprovalVerdict::kReject, kFinance, "a\nb", kNow), Blames("comment"));
}

TEST(ApprovalTaskTest, IsDelegatedByThoseWhoMayToThoseWhoDidNotAsk) {
  const ApprovalTask delegated = *Delegate(Pending(), kFinance, "manager", "I am away", kNow);
  EXPECT_THAT(delegated.delegations, ElementsAre(ApprovalDelegation{.delegator = "finance-2",
                                                                    .delegate = "manager",
                                                                    .comment = "I am away",
                                                                    .time = kNow,
                                                                    .by_own_authority = true}));
  EXPECT_OK(Approve(delegated, kManager));
  EXPECT_OK(Approve(delegated, kFinance));
  // On to a third, who has it through both.
  const Approver third{.subject = "third"};
  const ApprovalTask further = *Delegate(delegated, kManager, "third", "", kNow);
  EXPECT_FALSE(further.delegations.back().by_own_authority);
  EXPECT_OK(Approve(further, third));

  EXPECT_THAT(Delegate(Pending(), kManager, "third", "", kNow), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Delegate(Pending(), kClerk, "third", "", kNow), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(Delegate(Pending(), kFinance, "clerk", "", kNow), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(Delegate(Pending(), kFinance, "finance-2", "", kNow), Blames("delegate"));
  EXPECT_THAT(Delegate(delegated, kNamed, "manager", "", kNow), Blames("delegate"));
  ApprovalTask full = Pending();
  for (int i = 0; i < 20; ++i) full = *Delegate(full, kFinance, StrCat("d-", i), "", kNow);
  EXPECT_THAT(Delegate(full, kFinance, "one-more", "", kNow), Blames("delegate"));
}

// A delegation counts nothing where it goes back to somebody who has come to have a part in what is asked for, at any
// step of the way.
TEST(ApprovalTaskTest, NobodyApprovesThroughADelegate) {
  const Approver third{.subject = "third"};
  ApprovalTask task = *Delegate(*Delegate(Pending(), kFinance, "manager", "", kNow), kManager, "third", "", kNow);
  task.ask.requesters = {"clerk", "manager"};
  EXPECT_THAT(Approve(task, third), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Approve(task, kManager), HasReason(Reason::kSecondPersonRequired));
  task.ask.requesters = {"clerk", "finance-2"};
  EXPECT_THAT(Approve(task, third), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Approve(task, kManager), HasReason(Reason::kPermissionDenied));
  EXPECT_OK(Approve(task, kNamed));
}

TEST(ApprovalTaskTest, ADelegationIsRevokedWithAllThatFollowsFromIt) {
  const Approver third{.subject = "third"};
  const ApprovalTask further =
      *Delegate(*Delegate(Pending(), kFinance, "manager", "", kNow), kManager, "third", "", kNow);
  const absl::Time later = kNow + absl::Hours(1);
  const auto revoke = [&](const Approver& by, std::string_view delegate) {
    return RevokeDelegation(further, by, delegate, later);
  };
  // By who made it, though he may approve by delegation alone; by others who may themselves.
  const ApprovalTask last = *revoke(kManager, "third");
  EXPECT_THAT(Approve(last, third), HasReason(Reason::kPermissionDenied));
  EXPECT_OK(Approve(last, kManager));
  EXPECT_EQ(last.delegations[1].revoked_by, "manager");
  EXPECT_EQ(last.delegations[1].revoke_time, later);
  EXPECT_EQ(last.delegations[0], further.delegations[0]);
  EXPECT_OK(revoke(kNamed, "third"));
  // The way of the third went through it.
  const ApprovalTask first = *revoke(kFinance, "manager");
  EXPECT_THAT(Approve(first, kManager), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Approve(first, third), HasReason(Reason::kPermissionDenied));
  // It stays on record, and can be made again; what followed from the first follows from it no more.
  const ApprovalTask again = *Delegate(first, kFinance, "manager", "", later);
  EXPECT_EQ(again.delegations.size(), 3u);
  EXPECT_OK(Approve(again, kManager));
  EXPECT_THAT(Approve(again, third), HasReason(Reason::kPermissionDenied));

  EXPECT_THAT(revoke(kFinance, "nobody"), Blames("delegate"));
  EXPECT_THAT(RevokeDelegation(first, kFinance, "manager", later), Blames("delegate"));
  EXPECT_THAT(revoke(third, "manager"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(revoke(kClerk, "manager"), HasReason(Reason::kSecondPersonRequired));
}

TEST(ApprovalTaskTest, WhatAnotherServiceAsksFor) {
  const ApprovalAsk claim{.kind = ApprovalSubjectKind::kClaim,
                          .subject = "partners/p-1/claims/c-1",
                          .partner_id = "p-1",
                          .subject_version = 3,
                          .requesters = {"clerk"},
                          .amount = Money{"CNY", Decimal::FromInt(700)}};
  EXPECT_OK(CheckAsk(claim));
  const struct {
    std::function<void(ApprovalAsk&)> spoil;
    const char* field;
  } kCases[] = {
      {[](ApprovalAsk& ask) { ask.subject = "partners/p-1/claims"; }, "subject"},
      {[](ApprovalAsk& ask) { ask.subject = "partners//claims/c"; }, "subject"},
      {[](ApprovalAsk& ask) { ask.subject = ""; }, "subject"},
      {[](ApprovalAsk& ask) { ask.subject = "/partners/p-1"; }, "subject"},
      {[](ApprovalAsk& ask) { ask.subject = "partners/p-1/"; }, "subject"},
      {[](ApprovalAsk& ask) { ask.subject = "pro grams/p"; }, "subject"},
      {[](ApprovalAsk& ask) { ask.subject = "partners/p-1/bankAccounts/main"; }, "subject"},
      {[](ApprovalAsk& ask) { ask.subject = "partners/p-1/creditLines/main"; }, "subject"},
      {[](ApprovalAsk& ask) { ask.requesters.push_back("a\nb"); }, "requesters[1]"},
      {[](ApprovalAsk& ask) { ask.amount->currency = "XXZ"; }, "amount.currency_code"},
      {[](ApprovalAsk& ask) { ask.amount->amount = Decimal::FromInt(-1); }, "amount"},
  };
  for (const auto& c : kCases) {
    ApprovalAsk ask = claim;
    c.spoil(ask);
    EXPECT_THAT(CheckAsk(ask), Blames(c.field)) << ask.subject;
  }
  const ApprovalTask task = NewTask(claim, Authority(), kNow);
  EXPECT_EQ(*IsAskedAlready(task, claim), true);
  ApprovalAsk other = claim;
  other.subject_version = 4;
  EXPECT_EQ(*IsAskedAlready(task, other), false);
  other.subject_version = 2;
  EXPECT_THAT(IsAskedAlready(task, other), HasReason(Reason::kStateConflict));
  other = claim;
  other.amount->amount = Decimal::FromInt(701);
  EXPECT_THAT(IsAskedAlready(task, other), Blames("amount"));
  other = claim;
  other.requesters = {"clerk-2"};
  EXPECT_THAT(IsAskedAlready(task, other), Blames("requesters"));
  // It is withdrawn by the service; a subject of this one is not.
  const absl::Time later = kNow + absl::Hours(1);
  EXPECT_EQ(WithdrawByService(task, "incentive", later)->state, State::kWithdrawn);
  EXPECT_THAT(WithdrawByService(Pending(), "incentive", later), Blames("name"));
  // Nobody need approve it.
  const ApprovalTask passed = Passed(NewTask(claim, {}, kNow), kNow);
  EXPECT_EQ(passed.state, State::kApproved);
  EXPECT_EQ(passed.decided_by, "");
  EXPECT_EQ(passed.decide_time, kNow);
}

TEST(ApprovalTaskTest, AChangeOfWhatIsAskedForBeginsAnew) {
  const ApprovalTask before = *Overdue(*Delegate(Pending(), kFinance, "manager", "", kNow), kNow + absl::Hours(30));
  ApprovalAsk more = Asked();
  more.subject_version = 4;
  more.requesters = {"clerk", "clerk-2"};
  more.amount->amount = Decimal::FromInt(2000000);
  const ApprovalAuthority higher{.policy_id = "limits", .subjects = {"ceo"}, .due = absl::Hours(1)};
  const absl::Time later = kNow + absl::Hours(40);
  const ApprovalTask again = AskAgain(before, more, higher, later);
  EXPECT_EQ(again.id, before.id);
  EXPECT_EQ(again.revision, before.revision.Next(later));
  EXPECT_THAT(again.delegations, IsEmpty());
  EXPECT_EQ(again.due_time, later + absl::Hours(1));
  EXPECT_FALSE(again.overdue);
  EXPECT_EQ(again.ask.amount, more.amount);
  EXPECT_THAT(Approve(again, kManager), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Approve(again, kFinance), HasReason(Reason::kPermissionDenied));
  EXPECT_OK(Approve(again, {.subject = "ceo"}));
}

TEST(ApprovalTaskTest, IsToldOnceToBeOverdue) {
  EXPECT_EQ(Overdue(Pending(), kNow + absl::Hours(24) - absl::Microseconds(1)), std::nullopt);
  const auto overdue = Overdue(Pending(), kNow + absl::Hours(24));
  ASSERT_TRUE(overdue.has_value());
  EXPECT_TRUE(overdue->overdue);
  EXPECT_EQ(Overdue(*overdue, kNow + absl::Hours(25)), std::nullopt);
  EXPECT_EQ(Overdue(*Approve(Pending(), kFinance), kNow + absl::Hours(25)), std::nullopt);
  ApprovalAuthority never = Authority();
  never.due.reset();
  EXPECT_EQ(Overdue(NewTask(Asked(), never, kNow), kNow + absl::Hours(100000)), std::nullopt);
}

}  // namespace
}  // namespace tributary::partner
