// Deals whose approval partner-service takes care of, through both services, each on its own database.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/approvals/approval_asks.h"
#include "conflict-service/deals/testing_deals.h"
#include "partner-service/testing_process.h"
#include "tributary/partner/v1/approval_policy.pb.h"
#include "tributary/partner/v1/approval_task.pb.h"
#include "tributary/partner/v1/partner.pb.h"

namespace tributary::conflict {
namespace {

using approvals::AskState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// partner-service, which knows p-1 and p-2.
struct PartnerSide {
  PartnerSide() {
    for (const char* id : {"p-1", "p-2"}) {
      partner::v1::CreatePartnerRequest request;
      request.set_partner_id(id);
      request.mutable_partner()->set_legal_name(id);
      request.mutable_partner()->set_kind(partner::v1::Partner::DEALER);
      request.mutable_partner()->set_currency("USD");
      EXPECT_OK(
          partners.Manager()->Call<partner::v1::Partner>("tributary.partner.v1.PartnerService/CreatePartner", request));
    }
  }

  partner::RunningService partners;
  const std::unique_ptr<rpc::Client> asker =
      partners.ClientOf({.subject = "service/conflict-service", .roles = {api::v1::SERVICE}});
  const std::unique_ptr<rpc::Client> chief =
      partners.ClientOf({.subject = "chief-1", .roles = {api::v1::CHANNEL_MANAGER}});
};

class DealApprovalTest : protected PartnerSide, public DealsTest {
 protected:
  DealApprovalTest() : DealsTest(asker.get()) {}

  static bool Eventually(const std::function<bool()>& holds) {
    const absl::Time deadline = absl::Now() + absl::Seconds(60);
    while (!holds()) {
      if (absl::Now() > deadline) return false;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return true;
  }

  // Deals without a value are approved by chief-1 from when conflict-service knows it.
  void CoverDeals() {
    partner::v1::CreateApprovalPolicyRequest request;
    request.set_approval_policy_id("deals");
    request.mutable_approval_policy()->set_subject_kind(partner::v1::ApprovalPolicy::DEAL);
    request.mutable_approval_policy()->add_bands()->add_approver_subjects("chief-1");
    ASSERT_OK(partners.ClientOf({.subject = "admin-1", .roles = {api::v1::ADMINISTRATOR}})
                  ->Call<partner::v1::ApprovalPolicy>("tributary.partner.v1.ApprovalPolicyService/CreateApprovalPolicy",
                                                      request));
    ASSERT_TRUE(Eventually([&] { return Number("SELECT COUNT(*) FROM known_approval_policy") == 1; }));
  }
  int64_t Number(std::string_view query) {
    int64_t number = 0;
    EXPECT_OK(world_.database->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(query));
      number = rows.empty() ? 0 : rows.front().Int(0);
      return absl::OkStatus();
    }));
    return number;
  }
  void AskNow(const char* deal) {
    ASSERT_OK(world_.database->Transact({}, [&](mysql::Transaction& sql) {
      return approvals::ApprovalAsks()
          .AskWhereCovered(sql, partner::v1::ApprovalPolicy::DEAL,
                           {.subject = deal, .revision = 1, .requesters = {"somebody"}}, world_.clock.Now())
          .status();
    }));
  }
  // 0 where nothing was ever asked for.
  AskState Asked(const char* deal) {
    return static_cast<AskState>(Number(StrCat("SELECT state FROM approval_ask WHERE subject = '", deal, "'")));
  }
  std::vector<partner::v1::ApprovalTask> Tasks() {
    partner::v1::ListApprovalTasksRequest request;
    request.set_filter("subject_kind = DEAL");
    const auto page = chief->Call<partner::v1::ListApprovalTasksResponse>(
        "tributary.partner.v1.ApprovalTaskService/ListApprovalTasks", request);
    EXPECT_OK(page);
    if (!page.ok()) return {};
    return {page->approval_tasks().begin(), page->approval_tasks().end()};
  }
  // The one task, once there is one.
  partner::v1::ApprovalTask Task() {
    EXPECT_TRUE(Eventually([&] { return !Tasks().empty(); }));
    const std::vector<partner::v1::ApprovalTask> tasks = Tasks();
    EXPECT_THAT(tasks, SizeIs(1));
    return tasks.empty() ? partner::v1::ApprovalTask() : tasks.front();
  }
  absl::Status ApproveTask(const partner::v1::ApprovalTask& task) {
    partner::v1::ApproveApprovalTaskRequest request;
    request.set_name(task.name());
    request.set_etag(task.etag());
    request.set_comment("A customer of theirs");
    return chief
        ->Call<partner::v1::ApprovalTask>("tributary.partner.v1.ApprovalTaskService/ApproveApprovalTask", request)
        .status();
  }
  absl::Status RejectTask(const partner::v1::ApprovalTask& task) {
    partner::v1::RejectApprovalTaskRequest request;
    request.set_name(task.name());
    request.set_comment("No customer of theirs");
    return chief
        ->Call<partner::v1::ApprovalTask>("tributary.partner.v1.ApprovalTaskService/RejectApprovalTask", request)
        .status();
  }
  void Await(const char* deal, v1::DealRegistration::State state) {
    EXPECT_TRUE(Eventually([&] { return Get(deal).state() == state; })) << Get(deal).ShortDebugString();
  }
};

TEST_F(DealApprovalTest, ThePolicySaysWhoApproves) {
  CoverDeals();
  ASSERT_OK(Register(First()));
  EXPECT_THAT(Approve(kFirst), HasReason(Reason::kStateConflict)) << "its task decides";
  EXPECT_THAT(Reject(kFirst), HasReason(Reason::kStateConflict));
  const partner::v1::ApprovalTask task = Task();
  EXPECT_EQ(task.subject(), kFirst);
  EXPECT_THAT(task.approver_subjects(), ElementsAre("chief-1"));
  EXPECT_TRUE(Eventually([&] { return Get(kFirst).approval_task() == task.name(); }));
  ASSERT_OK(ApproveTask(task));
  Await(kFirst, State::APPROVED);
  EXPECT_EQ(Get(kFirst).note(), "A customer of theirs");
  EXPECT_THAT(Get(kFirst).granted_boxes(), SizeIs(1));
}

TEST_F(DealApprovalTest, WhatIsRejectedMayBeHandedInAgain) {
  CoverDeals();
  ASSERT_OK(Register(First()));
  ASSERT_OK(RejectTask(Task()));
  Await(kFirst, State::REJECTED);
  EXPECT_EQ(Get(kFirst).note(), "No customer of theirs");
  ASSERT_OK(Submit(kFirst));
  EXPECT_TRUE(Eventually([&] { return Tasks().size() == 2; })) << "which is another task";
  ASSERT_OK(Do<v1::WithdrawDealRegistrationRequest>(StrCat(kDeals, "WithdrawDealRegistration"), kFirst, User("p-1")));
  EXPECT_TRUE(Eventually([&] {
    for (const partner::v1::ApprovalTask& task : Tasks()) {
      if (task.state() == partner::v1::ApprovalTask::WITHDRAWN) return true;
    }
    return false;
  }));
}

TEST_F(DealApprovalTest, NobodyIsAskedWhileOthersMayContest) {
  CoverDeals();
  Policy("v1");
  ASSERT_OK(Register(First()));
  AskNow("partners/p-2/deals/d-9");  // after d-1, where that were to be asked for yet
  ASSERT_TRUE(Eventually([&] { return !Tasks().empty(); }));
  EXPECT_EQ(Task().subject(), "partners/p-2/deals/d-9");
  EXPECT_EQ(Asked(kFirst), AskState::kToAsk);
  world_.SetDay("2026-07-08");
  ASSERT_TRUE(Eventually([&] { return Tasks().size() == 2; }));
  for (const partner::v1::ApprovalTask& task : Tasks()) {
    if (task.subject() == kFirst) ASSERT_OK(ApproveTask(task));
  }
  Await(kFirst, State::APPROVED);
}

TEST_F(DealApprovalTest, AContestDecidesInstead) {
  CoverDeals();
  Policy("v1");
  ASSERT_OK(Register(First()));
  ASSERT_OK(Register(Second()));
  EXPECT_EQ(Asked(kFirst), AskState::kDone);
  EXPECT_EQ(Asked(kSecond), AskState{});
  EXPECT_THAT(Approve(kFirst), HasReason(Reason::kContestOpen));
  EXPECT_THAT(Tasks(), IsEmpty());
}

TEST_F(DealApprovalTest, WithoutAPolicyAManagerApproves) {
  ASSERT_OK(Register(First()));
  EXPECT_EQ(Approve(kFirst)->state(), State::APPROVED);
  EXPECT_EQ(Get(kFirst).approval_task(), "");
  EXPECT_EQ(Asked(kFirst), AskState{});
}

}  // namespace
}  // namespace tributary::conflict
