#include "partner-service/approvals/approval_task.h"

#include <gmock/gmock.h>

#include <functional>
#include <string>

#include "common/status/status_matchers.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using State = ApprovalTaskState;

const absl::Time kNow = absl::FromUnixSeconds(1700000000);
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
