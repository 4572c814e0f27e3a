// Approvals over the wire: what is asked for and its task are one truth, whichever of the two is decided.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "partner-service/approvals/approval_expiry.h"
#include "partner-service/approvals/testing_approvals.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(ApprovalsTest, APolicyIsAnAdministratorsAndOneOfItsKind) {
  EXPECT_THAT(CreatePolicy(*finance_, "accounts", AccountsPolicy()), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(CreatePolicy(*user_, "accounts", AccountsPolicy()), HasReason(Reason::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(const v1::ApprovalPolicy made, CreatePolicy(*administrator_, "accounts", AccountsPolicy()));
  EXPECT_EQ(made.name(), "approvalPolicies/accounts");
  EXPECT_THAT(CreatePolicy(*administrator_, "again", AccountsPolicy()), HasReason(Reason::kStateConflict));
  ASSERT_OK(CreatePolicy(*administrator_, "limits", LimitsPolicy()));
  v1::ApprovalPolicy wrong = LimitsPolicy();
  wrong.mutable_bands(0)->add_approver_roles(api::v1::AUDITOR);
  EXPECT_THAT(CreatePolicy(*administrator_, "x", wrong), Blames("approval_policy.bands[0].approver_roles"));
  wrong = LimitsPolicy();
  wrong.mutable_bands(1)->mutable_from()->set_value("1");
  EXPECT_THAT(CreatePolicy(*administrator_, "x", wrong), Blames("approval_policy.bands[1].from"));
  wrong.mutable_bands(1)->mutable_from()->set_value("-1");
  EXPECT_THAT(CreatePolicy(*administrator_, "x", wrong), Blames("approval_policy.bands[1].from"));

  v1::UpdateApprovalPolicyRequest update;
  *update.mutable_approval_policy() = made;
  update.mutable_approval_policy()->set_due_hours(48);
  update.mutable_update_mask()->add_paths("due_hours");
  update.set_request_id(NewRequestId());
  EXPECT_THAT(As<v1::ApprovalPolicy>(*finance_, kPolicies, "UpdateApprovalPolicy", update),
              HasReason(Reason::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(const auto changed,
                       As<v1::ApprovalPolicy>(*administrator_, kPolicies, "UpdateApprovalPolicy", update));
  EXPECT_EQ(changed.due_hours(), 48);
  update.set_request_id(NewRequestId());
  EXPECT_THAT(As<v1::ApprovalPolicy>(*administrator_, kPolicies, "UpdateApprovalPolicy", update),
              HasReason(Reason::kEtagMismatch));
  v1::ListApprovalPoliciesRequest list;
  list.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(auto page,
                       As<v1::ListApprovalPoliciesResponse>(*finance_, kPolicies, "ListApprovalPolicies", list));
  EXPECT_EQ(page.approval_policies(0).name(), "approvalPolicies/accounts");
  list.set_page_token(page.next_page_token());
  page = *As<v1::ListApprovalPoliciesResponse>(*finance_, kPolicies, "ListApprovalPolicies", list);
  EXPECT_EQ(page.approval_policies(0).name(), "approvalPolicies/limits");
  EXPECT_EQ(page.next_page_token(), "");
}

TEST_F(ApprovalsTest, WithoutItsPolicyWhatIsAskedForIsAsBefore) {
  ASSERT_OK_AND_ASSIGN(const v1::ApprovalPolicy made, CreatePolicy(*administrator_, "limits", LimitsPolicy()));
  ASSERT_OK(CreateLine(*finance_, "first", "200000"));
  const v1::ApprovalTask waits = Waiting();
  const auto remove = [&](rpc::Client& client, const std::string& etag) {
    v1::DeleteApprovalPolicyRequest request;
    request.set_name(made.name());
    request.set_etag(etag);
    request.set_request_id(NewRequestId());
    return As<google::protobuf::Empty>(client, kPolicies, "DeleteApprovalPolicy", request);
  };
  EXPECT_THAT(remove(*finance_, made.etag()), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(remove(*administrator_, "\"v9\""), HasReason(Reason::kEtagMismatch));
  ASSERT_OK(remove(*administrator_, made.etag()));
  EXPECT_THAT(remove(*administrator_, ""), HasReason(Reason::kNotFound));
  // What waits, waits on for those whom the policy named; limits hold at once from now on.
  EXPECT_EQ(Waiting().etag(), waits.etag());
  EXPECT_OK(Approve(*cfo_, waits));
  EXPECT_EQ(Line("partners/p-1/creditLines/first").limit().units(), 200000);
  EXPECT_EQ(SetLimit(*finance_, "partners/p-1/creditLines/first", "300000")->limit().units(), 300000);
  EXPECT_THAT(Tasks("state = PENDING"), IsEmpty());
  EXPECT_OK(CreatePolicy(*administrator_, "limits", LimitsPolicy()));
}

TEST_F(ApprovalsTest, ADelegationIsRevoked) {
  ASSERT_OK(CreateAccount(*finance_, "main"));
  ASSERT_OK(Delegate(*cfo_, Waiting(), "manager-1"));
  const auto revoke = [&](rpc::Client& client, const char* delegate) {
    v1::RevokeApprovalTaskDelegationRequest request;
    request.set_name(Waiting().name());
    request.set_delegate(delegate);
    request.set_request_id(NewRequestId());
    return As<v1::ApprovalTask>(client, kTasks, "RevokeApprovalTaskDelegation", request);
  };
  const auto deputy = service_.ClientOf({.subject = "manager-1", .roles = {api::v1::CHANNEL_MANAGER}});
  EXPECT_THAT(revoke(*user_, "manager-1"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(revoke(*deputy, "manager-1"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(revoke(*finance_, "manager-1"), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(revoke(*cfo_, "somebody"), Blames("delegate"));
  ASSERT_OK_AND_ASSIGN(const v1::ApprovalTask task, revoke(*cfo_, "manager-1"));
  ASSERT_THAT(task.delegations(), SizeIs(1));
  EXPECT_EQ(task.delegations(0).revoked_by(), "cfo");
  EXPECT_THAT(Approve(*deputy, task), HasReason(Reason::kPermissionDenied));
  EXPECT_OK(Approve(*cfo_, task));
}

TEST_F(ApprovalsTest, ToApproveTheTaskIsToVerifyTheAccount) {
  ASSERT_OK_AND_ASSIGN(const v1::BankAccount made, CreateAccount(*finance_, "main"));
  const v1::ApprovalTask task = Waiting();
  EXPECT_EQ(task.subject(), made.name());
  EXPECT_EQ(task.subject_kind(), v1::ApprovalPolicy::BANK_ACCOUNT);
  EXPECT_EQ(task.subject_etag(), made.etag());
  EXPECT_EQ(task.partner(), "partners/p-1");
  EXPECT_THAT(task.requesters(), ElementsAre("finance-1"));
  EXPECT_EQ(task.policy(), "");
  EXPECT_THAT(task.approver_roles(), ElementsAre(api::v1::FINANCE, api::v1::ADMINISTRATOR));
  EXPECT_THAT(Approve(*finance_, task), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(Approve(*manager_, task), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Approve(*user_, task), HasReason(Reason::kPermissionDenied));
  EXPECT_EQ(Account(made.name()).state(), v1::BankAccount::PENDING);
  ASSERT_OK_AND_ASSIGN(const v1::ApprovalTask approved, Approve(*second_, task));
  EXPECT_EQ(approved.state(), v1::ApprovalTask::APPROVED);
  EXPECT_EQ(approved.decided_by(), "finance-2");
  EXPECT_EQ(approved.comment(), "called back");
  EXPECT_EQ(Account(made.name()).state(), v1::BankAccount::VERIFIED);
  EXPECT_TRUE(Account(made.name()).payable());
  EXPECT_THAT(Approve(*second_, approved), HasReason(Reason::kStateConflict));
  // It is on record like any other verification.
  EXPECT_THAT(Records("partners/p-1"), ElementsAre("CREATED main finance-1 - -", "VERIFIED main finance-2 - -"));
  const std::multiset<std::string> told = Told();
  EXPECT_EQ(told.count(StrCat("asked ", task.name())), 1u);
  EXPECT_EQ(told.count(StrCat("approved ", task.name())), 1u);
  EXPECT_EQ(told.count(StrCat("verified ", made.name())), 1u);
}

TEST_F(ApprovalsTest, ToVerifyTheAccountIsToApproveTheTask) {
  ASSERT_OK_AND_ASSIGN(const v1::BankAccount made, CreateAccount(*user_, "main"));
  const v1::ApprovalTask task = Waiting();
  ASSERT_OK(Verify(*second_, made));
  EXPECT_THAT(Tasks("state = PENDING"), IsEmpty());
  ASSERT_THAT(Tasks("state = APPROVED"), SizeIs(1));
  EXPECT_EQ(Tasks("")[0].decided_by(), "finance-2");
  EXPECT_THAT(Approve(*finance_, task), HasReason(Reason::kEtagMismatch));

  // A change is another task; a rejection leaves what was verified before.
  ASSERT_OK(Rename(*user_, made.name(), "Acme SE"));
  const v1::ApprovalTask change = Waiting();
  EXPECT_NE(change.name(), task.name());
  ASSERT_OK_AND_ASSIGN(const v1::ApprovalTask rejected, Reject(*finance_, change));
  EXPECT_EQ(rejected.state(), v1::ApprovalTask::REJECTED);
  EXPECT_EQ(rejected.comment(), "not theirs");
  EXPECT_EQ(Account(made.name()).state(), v1::BankAccount::VERIFIED);
  EXPECT_FALSE(Account(made.name()).has_pending());

  // Who asked takes it back; what is deleted waits no more.
  ASSERT_OK(Rename(*finance_, made.name(), "Acme AG"));
  ASSERT_OK_AND_ASSIGN(const v1::ApprovalTask back, Reject(*finance_, Waiting()));
  EXPECT_EQ(back.state(), v1::ApprovalTask::WITHDRAWN);
  ASSERT_OK(Rename(*user_, made.name(), "Acme AG"));
  v1::DeleteBankAccountRequest remove;
  remove.set_name(made.name());
  remove.set_request_id(NewRequestId());
  ASSERT_OK(As<google::protobuf::Empty>(*user_, kBankAccounts, "DeleteBankAccount", remove));
  EXPECT_THAT(Tasks("state = PENDING"), IsEmpty());
  EXPECT_THAT(Tasks("state = WITHDRAWN"), SizeIs(2));
}

TEST_F(ApprovalsTest, ThePolicySaysWhoVerifiesAlsoWhereTheTaskIsNotNamed) {
  ASSERT_OK(CreatePolicy(*administrator_, "accounts", AccountsPolicy()));
  ASSERT_OK_AND_ASSIGN(const v1::BankAccount made, CreateAccount(*user_, "main"));
  EXPECT_THAT(Verify(*finance_, made), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Verify(*administrator_, made), HasReason(Reason::kPermissionDenied));
  EXPECT_EQ(Account(made.name()).state(), v1::BankAccount::PENDING);
  const v1::ApprovalTask task = Waiting();
  EXPECT_EQ(task.policy(), "approvalPolicies/accounts");
  EXPECT_THAT(task.approver_subjects(), ElementsAre("finance-2"));
  EXPECT_TRUE(task.has_due_time());
  // Delegated to somebody without the authority, and by nobody else.
  EXPECT_THAT(Delegate(*finance_, task, "finance-1"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Delegate(*second_, task, "user-of-p-1"), HasReason(Reason::kSecondPersonRequired));
  ASSERT_OK_AND_ASSIGN(const v1::ApprovalTask delegated, Delegate(*second_, task, "manager-1"));
  EXPECT_EQ(delegated.delegations(0).delegator(), "finance-2");
  EXPECT_EQ(delegated.delegations(0).comment(), "away");
  EXPECT_THAT(Approve(*manager_, task), HasReason(Reason::kEtagMismatch));
  ASSERT_OK(Approve(*manager_, delegated));
  EXPECT_EQ(Account(made.name()).state(), v1::BankAccount::VERIFIED);
}

TEST_F(ApprovalsTest, AHigherLimitWaitsAndALowerOneDoesNot) {
  ASSERT_OK(CreatePolicy(*administrator_, "limits", LimitsPolicy()));
  // Below the first band nobody is asked.
  ASSERT_OK_AND_ASSIGN(v1::CreditLine line, CreateLine(*finance_, "main", "99999.99"));
  EXPECT_FALSE(line.has_pending_limit());
  EXPECT_THAT(Tasks(""), IsEmpty());

  ASSERT_OK_AND_ASSIGN(line, SetLimit(*finance_, line.name(), "100000"));
  EXPECT_EQ(line.limit().units(), 99999);
  EXPECT_EQ(line.pending_limit().units(), 100000);
  const v1::ApprovalTask lower = Waiting();
  EXPECT_EQ(lower.amount().units(), 100000);
  EXPECT_THAT(lower.approver_roles(), ElementsAre(api::v1::FINANCE));
  // Asked again, for more: others decide, and the two who asked do not.
  ASSERT_OK_AND_ASSIGN(line, SetLimit(*second_, line.name(), "2000000"));
  const v1::ApprovalTask upper = Waiting();
  EXPECT_EQ(upper.name(), lower.name());
  EXPECT_THAT(upper.requesters(), ElementsAre("finance-1", "finance-2"));
  EXPECT_THAT(upper.approver_subjects(), ElementsAre("cfo"));
  EXPECT_THAT(Approve(*Finance("finance-3"), upper), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Approve(*cfo_, lower), HasReason(Reason::kEtagMismatch));
  ASSERT_OK(Approve(*cfo_, upper));
  EXPECT_EQ(Line(line.name()).limit().units(), 2000000);
  EXPECT_FALSE(Line(line.name()).has_pending_limit());

  // Lower, also within a band, holds at once; and takes the place of what waits.
  ASSERT_OK(SetLimit(*finance_, line.name(), "3000000"));
  EXPECT_EQ(Waiting().amount().units(), 3000000);
  ASSERT_OK_AND_ASSIGN(line, SetLimit(*finance_, line.name(), "500000"));
  EXPECT_EQ(line.limit().units(), 500000);
  EXPECT_FALSE(line.has_pending_limit());
  EXPECT_THAT(Tasks("state = PENDING"), IsEmpty());

  // What else changes leaves a limit waiting.
  ASSERT_OK(SetLimit(*finance_, line.name(), "600000"));
  v1::UpdateCreditLineRequest hold;
  hold.mutable_credit_line()->set_name(line.name());
  hold.mutable_credit_line()->set_on_hold(true);
  hold.mutable_update_mask()->add_paths("on_hold");
  hold.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(line, As<v1::CreditLine>(*finance_, kCreditLines, "UpdateCreditLine", hold));
  EXPECT_TRUE(line.on_hold());
  EXPECT_EQ(line.pending_limit().units(), 600000);
  ASSERT_OK(Reject(*second_, Waiting()));
  EXPECT_EQ(Line(line.name()).limit().units(), 500000);
  EXPECT_FALSE(Line(line.name()).has_pending_limit());
}

TEST_F(ApprovalsTest, ANewLineAboveItsBandGrantsNothingBefore) {
  ASSERT_OK(CreatePolicy(*administrator_, "limits", LimitsPolicy()));
  ASSERT_OK_AND_ASSIGN(const v1::CreditLine line, CreateLine(*finance_, "main", "150000"));
  EXPECT_EQ(line.limit().units(), 0);
  EXPECT_EQ(line.limit().currency_code(), "EUR");
  EXPECT_EQ(line.pending_limit().units(), 150000);
  ASSERT_OK(Approve(*second_, Waiting()));
  EXPECT_EQ(Line(line.name()).limit().units(), 150000);
  // Another currency has no policy.
  v1::CreateCreditLineRequest dollars;
  dollars.set_parent("partners/p-1");
  *dollars.mutable_credit_line()->mutable_limit() = wire::ToProto(Money{"USD", Decimal::FromInt(150000)});
  *dollars.mutable_credit_line()->mutable_valid_from() = wire::ToProto(*Date::Parse("2026-01-01"));
  EXPECT_EQ(As<v1::CreditLine>(*finance_, kCreditLines, "CreateCreditLine", dollars)->limit().units(), 150000);
}

TEST_F(ApprovalsTest, IsToldOnceToBeOverdueByAnyNumberOfProcesses) {
  ASSERT_OK(CreatePolicy(*administrator_, "accounts", AccountsPolicy()));
  ASSERT_OK(CreateAccount(*user_, "main"));
  FakeClock clock(absl::Now() + absl::Hours(23));
  ApprovalExpiry one(service_.database(), clock, [] {}), two(service_.database(), clock, [] {});
  EXPECT_EQ(*one.ExpireDue(), 0);
  clock.Advance(absl::Hours(2));
  std::atomic<int> told = 0;
  std::thread first([&] { told += *one.ExpireDue(); });
  std::thread other([&] { told += *two.ExpireDue(); });
  first.join();
  other.join();
  EXPECT_EQ(told, 1);
  EXPECT_EQ(*one.ExpireDue(), 0);
  const v1::ApprovalTask task = Waiting();
  EXPECT_TRUE(task.overdue());
  EXPECT_EQ(Told().count(StrCat("overdue ", task.name())), 1u);
  EXPECT_OK(Approve(*second_, task));
}

// Both ways at once, and a change between: the account and its task never tell different things.
TEST_F(ApprovalsTest, BothWaysAtOnceAreOneDecision) {
  for (int round = 0; round < 8; ++round) {
    ASSERT_OK_AND_ASSIGN(const v1::BankAccount made, CreateAccount(*user_, StrCat("race-", round)));
    const v1::ApprovalTask task = Tasks(StrCat("subject = \"", made.name(), "\"")).front();
    std::atomic<int> decided = 0;
    std::vector<std::thread> threads;
    threads.emplace_back([&] { decided += Verify(*finance_, made).ok(); });
    threads.emplace_back([&] { decided += Approve(*second_, task).ok(); });
    threads.emplace_back([&] { decided += Reject(*cfo_, task).ok(); });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(decided, 1);
    const v1::BankAccount account = Account(made.name());
    const v1::ApprovalTask after = Tasks(StrCat("subject = \"", made.name(), "\"")).front();
    EXPECT_EQ(account.state() == v1::BankAccount::VERIFIED, after.state() == v1::ApprovalTask::APPROVED);
    EXPECT_EQ(account.state() == v1::BankAccount::REJECTED, after.state() == v1::ApprovalTask::REJECTED);
  }
  EXPECT_THAT(Tasks("state = PENDING"), IsEmpty());
}

}  // namespace
}  // namespace tributary::partner
