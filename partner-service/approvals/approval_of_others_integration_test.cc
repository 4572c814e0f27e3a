// Approvals of what other services have, over the wire.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "partner-service/approvals/testing_approvals.h"

namespace tributary::partner {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class ApprovalsOfOthersTest : public ApprovalsTest {};

// A service asks for what it has: who may is said by policy, each revision is asked for once, and the feed tells.
TEST_F(ApprovalsOfOthersTest, AnotherServiceAsks) {
  v1::ApprovalPolicy policy = LimitsPolicy();
  policy.set_subject_kind(v1::ApprovalPolicy::CLAIM);
  ASSERT_OK(CreatePolicy(*administrator_, "claims", policy));
  const auto incentive = service_.ClientOf({.subject = "incentive-service", .roles = {api::v1::SERVICE}});
  const auto ask = [&](rpc::Client& client, const std::string& subject, int64_t revision, const char* amount) {
    v1::CreateApprovalTaskRequest request;
    request.mutable_approval_task()->set_subject(subject);
    request.mutable_approval_task()->set_subject_revision(revision);
    request.mutable_approval_task()->add_requesters("finance-1");
    if (*amount != '\0') {
      *request.mutable_approval_task()->mutable_amount() = wire::ToProto(Money{"EUR", *Decimal::Parse(amount)});
    }
    request.set_request_id(NewRequestId());
    return As<v1::ApprovalTask>(client, kTasks, "CreateApprovalTask", request);
  };
  const std::string claim = "partners/p-1/claims/c-1";
  for (rpc::Client* client : {user_.get(), finance_.get(), administrator_.get()}) {
    EXPECT_THAT(ask(*client, claim, 1, "200000"), HasReason(Reason::kPermissionDenied));
  }
  EXPECT_THAT(ask(*incentive, "partners/nobody/claims/c-1", 1, "1"), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(ask(*incentive, "partners/p-1/bankAccounts/main", 1, ""), Blames("approval_task.subject"));
  EXPECT_THAT(ask(*incentive, "no name", 1, ""), Blames("approval_task.subject"));
  EXPECT_THAT(ask(*incentive, claim, 0, "1"), Blames("approval_task.subject_revision"));
  EXPECT_THAT(ask(*incentive, claim, 1, "-1"), Blames("approval_task.amount"));

  ASSERT_OK_AND_ASSIGN(const v1::ApprovalTask first, ask(*incentive, claim, 1, "200000"));
  EXPECT_EQ(first.state(), v1::ApprovalTask::PENDING);
  EXPECT_EQ(first.subject_kind(), v1::ApprovalPolicy::CLAIM);
  EXPECT_EQ(first.partner(), "partners/p-1");
  EXPECT_EQ(first.policy(), "approvalPolicies/claims");
  EXPECT_THAT(first.approver_roles(), ElementsAre(api::v1::FINANCE));
  // The same again is the same task; the same revision is no other claim.
  EXPECT_EQ(ask(*incentive, claim, 1, "200000")->etag(), first.etag());
  EXPECT_THAT(ask(*incentive, claim, 1, "200001"), Blames("approval_task.amount"));
  // A later revision takes the place of what waits, and another has to approve it.
  ASSERT_OK_AND_ASSIGN(const v1::ApprovalTask second, ask(*incentive, claim, 2, "1000000"));
  EXPECT_EQ(second.name(), first.name());
  EXPECT_THAT(second.approver_subjects(), ElementsAre("cfo"));
  EXPECT_THAT(ask(*incentive, claim, 1, "200000"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Approve(*cfo_, first), HasReason(Reason::kEtagMismatch));
  EXPECT_THAT(Approve(*finance_, second), HasReason(Reason::kSecondPersonRequired));
  ASSERT_OK_AND_ASSIGN(const v1::ApprovalTask approved, Approve(*cfo_, second));
  EXPECT_EQ(approved.state(), v1::ApprovalTask::APPROVED);
  EXPECT_EQ(ask(*incentive, claim, 2, "1000000")->state(), v1::ApprovalTask::APPROVED);
  // One that is decided is not undone by the next, which is another task.
  ASSERT_OK_AND_ASSIGN(const v1::ApprovalTask third, ask(*incentive, claim, 3, "200000"));
  EXPECT_NE(third.name(), first.name());
  EXPECT_EQ(Reject(*cfo_, third)->state(), v1::ApprovalTask::REJECTED);
  // Below the first band nobody need approve; without a policy somebody has to.
  ASSERT_OK_AND_ASSIGN(const v1::ApprovalTask small, ask(*incentive, claim, 4, "99999.99"));
  EXPECT_EQ(small.state(), v1::ApprovalTask::APPROVED);
  EXPECT_EQ(small.decided_by(), "");
  ASSERT_OK_AND_ASSIGN(const v1::ApprovalTask program, ask(*incentive, "programs/rebate", 1, ""));
  EXPECT_EQ(program.partner(), "");
  EXPECT_EQ(program.subject_kind(), v1::ApprovalPolicy::PROGRAM);
  EXPECT_THAT(program.approver_roles(), ElementsAre(api::v1::FINANCE, api::v1::ADMINISTRATOR));

  // The service takes its own back, and nobody else's.
  const auto withdraw = [&](rpc::Client& client, const std::string& name) {
    v1::WithdrawApprovalTaskRequest request;
    request.set_name(name);
    request.set_request_id(NewRequestId());
    return As<v1::ApprovalTask>(client, kTasks, "WithdrawApprovalTask", request);
  };
  ASSERT_OK(CreateAccount(*finance_, "main"));
  EXPECT_THAT(withdraw(*incentive, Tasks("subject_kind = BANK_ACCOUNT").front().name()), Blames("name"));
  EXPECT_THAT(withdraw(*finance_, program.name()), HasReason(Reason::kPermissionDenied));
  EXPECT_EQ(withdraw(*incentive, program.name())->state(), v1::ApprovalTask::WITHDRAWN);
  EXPECT_THAT(withdraw(*incentive, program.name()), HasReason(Reason::kStateConflict));

  const auto told = [&](const std::string& name) {
    EXPECT_OK(service_.feed().Refresh());
    const int shard = events::ShardOf(name);
    std::vector<events::Event> events;
    std::vector<events::Cursor> read_to;
    EXPECT_OK(service_.feed().Read(std::vector<events::ShardRange>{{shard, 0, service_.feed().Heads()[shard]}}, 1000,
                                   &events, &read_to, {{v1::ApprovalTask::descriptor()->full_name()}}));
    std::vector<std::string> verbs;
    for (const events::Event& event : events) {
      if (event.name == name) verbs.push_back(event.verb);
    }
    return verbs;
  };
  EXPECT_THAT(told(first.name()), ElementsAre("asked", "asked", "approved"));
  EXPECT_THAT(told(third.name()), ElementsAre("asked", "rejected"));
  EXPECT_THAT(told(small.name()), ElementsAre("approved"));
  EXPECT_THAT(told(program.name()), ElementsAre("asked", "withdrawn"));
}

// Claims against SPIFFs that pay in points are asked for in them.
TEST_F(ApprovalsOfOthersTest, PointsAreAskedForToo) {
  v1::ApprovalPolicy policy = LimitsPolicy();
  policy.set_subject_kind(v1::ApprovalPolicy::CLAIM);
  policy.set_currency("PTS");
  ASSERT_OK(CreatePolicy(*administrator_, "points", policy));
  const auto incentive = service_.ClientOf({.subject = "incentive-service", .roles = {api::v1::SERVICE}});
  v1::CreateApprovalTaskRequest request;
  request.mutable_approval_task()->set_subject("partners/p-1/claims/points");
  request.mutable_approval_task()->set_subject_revision(1);
  request.mutable_approval_task()->add_requesters("finance-1");
  *request.mutable_approval_task()->mutable_amount() = wire::ToProto(Money{"PTS", *Decimal::Parse("200000")});
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::ApprovalTask task,
                       As<v1::ApprovalTask>(*incentive, kTasks, "CreateApprovalTask", request));
  EXPECT_EQ(task.state(), v1::ApprovalTask::PENDING);
  EXPECT_EQ(task.policy(), "approvalPolicies/points");
  EXPECT_EQ(task.amount().currency_code(), "PTS");
}

// Many replicas of a service ask at once: there is one task.
TEST_F(ApprovalsOfOthersTest, AServiceAsksManyTimesAtOnce) {
  for (const std::string subject : {"partners/p-1/statements/1", "programs/rebate"}) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        const auto service = service_.ClientOf({.subject = "incentive-service", .roles = {api::v1::SERVICE}});
        v1::CreateApprovalTaskRequest request;
        request.mutable_approval_task()->set_subject(subject);
        request.mutable_approval_task()->set_subject_revision(1);
        request.mutable_approval_task()->add_requesters("finance-1");
        request.set_request_id(NewRequestId());
        EXPECT_OK(As<v1::ApprovalTask>(*service, kTasks, "CreateApprovalTask", request));
      });
    }
    for (std::thread& thread : threads) thread.join();
    const std::vector<v1::ApprovalTask> tasks = Tasks(StrCat("subject = \"", subject, "\""));
    ASSERT_THAT(tasks, SizeIs(1));
    // And one decision, however many decide at once.
    threads.clear();
    std::atomic<int> decided = 0;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        const auto answer = i % 2 == 0 ? Approve(*cfo_, tasks[0]) : Reject(*cfo_, tasks[0]);
        if (answer.ok()) {
          ++decided;
        } else {
          EXPECT_THAT(answer, AnyOf(HasReason(Reason::kStateConflict), HasReason(Reason::kEtagMismatch)));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(decided, 1);
  }
}

}  // namespace
}  // namespace tributary::partner
