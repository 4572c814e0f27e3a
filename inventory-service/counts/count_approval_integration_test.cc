// Counts whose approval partner-service takes care of, through both services, each on its own database.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "inventory-service/testing_service.h"
#include "partner-service/approvals/testing_approvals.h"
#include "tests/support/database_server.h"
#include "tributary/inventory/v1/count.pb.h"
#include "tributary/inventory/v1/ledger.pb.h"
#include "tributary/inventory/v1/site.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Partner p-1 has ten bikes at its site main.
class CountApprovalTest : public partner::ApprovalsTest {
 protected:
  void SetUp() override {
    StartInventory();
    ASSERT_TRUE(Eventually([&] {
      v1::GetSiteRequest request;
      request.set_name("partners/p-1/sites/main");
      return inventory().Call<v1::Site>("SiteService/GetSite", request).ok();
    }));
    ASSERT_OK(inventory().MakeProducts({"bike"}));
    ASSERT_OK_AND_ASSIGN(const std::string import, inventory().NewImport("shipments"));
    ASSERT_EQ(inventory().Ship(import, {NewLine("p-1", "SO-1", 1, "bike", 10)})->accepted(), 1);
  }

  void StartInventory() {
    process_ = std::make_unique<TestInventory>(keys_, *database_, service_.address(), [this] {
      return service_.TokenOf({.subject = "service/inventory-service", .roles = {api::v1::SERVICE}});
    });
  }
  Inventory inventory() { return Inventory(process_->client()); }

  // Counts are approved by finance-2 from when inventory-service knows it.
  void CoverCounts() {
    partner::v1::ApprovalPolicy policy = AccountsPolicy();
    policy.set_subject_kind(partner::v1::ApprovalPolicy::STOCK_COUNT);
    ASSERT_OK(CreatePolicy(*administrator_, "counts", policy));
    ASSERT_TRUE(Eventually([&] { return KnownPolicies() == 1; }));
  }
  int64_t KnownPolicies() {
    int64_t known = 0;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT COUNT(*) FROM known_approval_policy"));
      known = rows.front().Int(0);
      return absl::OkStatus();
    }));
    return known;
  }

  // Submitted by p-1's own clerk.
  v1::StockCount Submit(const std::string& id, int units, v1::CountLine::CountedBucket bucket = v1::CountLine::ALL) {
    const rpc::CallOptions clerk{.token = keys_.Token(api::v1::PARTNER_USER, "p-1")};
    v1::CreateStockCountRequest create;
    create.set_parent("partners/p-1");
    create.set_count_id(id);
    v1::StockCount& count = *create.mutable_count();
    count.set_site("partners/p-1/sites/main");
    *count.mutable_date() = wire::ToProto(*Date::Parse("2026-06-30"));
    count.set_boundary(v1::StockCount::AFTER_CLOSING);
    v1::CountLine& line = *count.add_lines();
    line.set_product("products/bike");
    line.set_bucket(bucket);
    line.mutable_counted()->set_value(StrCat(units));
    EXPECT_OK(inventory().Call<v1::StockCount>("StockCountService/CreateStockCount", create, clerk));
    v1::SubmitStockCountRequest submit;
    submit.set_name(StrCat("partners/p-1/counts/", id));
    const auto submitted = inventory().Call<v1::StockCount>("StockCountService/SubmitStockCount", submit, clerk);
    EXPECT_OK(submitted);
    return submitted.value_or(v1::StockCount());
  }
  absl::StatusOr<v1::StockCount> ApproveCount(const std::string& name) {
    v1::ApproveStockCountRequest request;
    request.set_name(name);
    return inventory().Call<v1::StockCount>("StockCountService/ApproveStockCount", request);
  }
  absl::StatusOr<v1::StockCount> RejectCount(const std::string& name) {
    v1::RejectStockCountRequest request;
    request.set_name(name);
    return inventory().Call<v1::StockCount>("StockCountService/RejectStockCount", request);
  }
  v1::StockCount Count(const std::string& name) {
    v1::GetStockCountRequest request;
    request.set_name(name);
    const auto count = inventory().Call<v1::StockCount>("StockCountService/GetStockCount", request);
    EXPECT_OK(count);
    return count.value_or(v1::StockCount());
  }
  void Await(const std::string& name, v1::StockCount::State state) {
    EXPECT_TRUE(Eventually([&] { return Count(name).state() == state; })) << Count(name).ShortDebugString();
  }
  // The task about the count, once there is one.
  partner::v1::ApprovalTask TaskOf(const std::string& name) {
    std::vector<partner::v1::ApprovalTask> tasks;
    EXPECT_TRUE(Eventually([&] {
      tasks = Tasks(StrCat("subject = \"", name, "\""));
      return !tasks.empty();
    }));
    EXPECT_THAT(tasks, SizeIs(1));
    return tasks.empty() ? partner::v1::ApprovalTask() : tasks.front();
  }
  std::string OnHand() {
    v1::GetPositionRequest request;
    request.set_name("partners/p-1/positions/main.bike");
    return inventory().Call<v1::Position>("LedgerService/GetPosition", request)->on_hand().value();
  }
  // What the feed of inventory-service tells of the count.
  std::vector<std::string> Told(const std::string& name) {
    events::Feed& feed = process_->feed();
    EXPECT_OK(feed.Refresh());
    const int shard = events::ShardOf("p-1");
    std::vector<events::Event> events;
    std::vector<events::Cursor> read_to;
    EXPECT_OK(feed.Read(std::vector<events::ShardRange>{{shard, 0, feed.Heads()[shard]}}, 100000, &events, &read_to));
    std::vector<std::string> verbs;
    for (const events::Event& event : events) {
      if (event.name == name) verbs.push_back(event.verb);
    }
    return verbs;
  }

  const TestKeys keys_;
  const std::unique_ptr<mysql::Database> database_ = tributary::testing::FreshDatabase(InventorySchemas());
  std::unique_ptr<TestInventory> process_;
};

TEST_F(CountApprovalTest, ThePolicySaysWhoApproves) {
  CoverCounts();
  const v1::StockCount submitted = Submit("june", 8);
  EXPECT_EQ(submitted.state(), v1::StockCount::SUBMITTED);
  EXPECT_THAT(ApproveCount(submitted.name()), HasReason(Reason::kStateConflict)) << "its task decides";
  EXPECT_THAT(RejectCount(submitted.name()), HasReason(Reason::kStateConflict));
  const partner::v1::ApprovalTask task = TaskOf(submitted.name());
  EXPECT_EQ(task.subject_kind(), partner::v1::ApprovalPolicy::STOCK_COUNT);
  EXPECT_EQ(task.policy(), "approvalPolicies/counts");
  EXPECT_THAT(task.requesters(), ElementsAre("user-of-p-1"));
  EXPECT_TRUE(Eventually([&] { return Count(submitted.name()).approval_task() == task.name(); }));
  EXPECT_THAT(Approve(*finance_, task), HasReason(Reason::kPermissionDenied)) << "finance-1 is not named";
  EXPECT_EQ(OnHand(), "10");
  ASSERT_OK(Approve(*second_, task));
  Await(submitted.name(), v1::StockCount::APPROVED);
  EXPECT_EQ(Count(submitted.name()).approver(), "finance-2");
  EXPECT_EQ(OnHand(), "8");
  EXPECT_THAT(Told(submitted.name()), ElementsAre("created", "submitted", "approved"));
  EXPECT_THAT(ApproveCount(submitted.name()), HasReason(Reason::kStateConflict)) << "it is APPROVED";
}

TEST_F(CountApprovalTest, WhatIsRejectedOrTakenBackChangesNothing) {
  CoverCounts();
  const v1::StockCount rejected = Submit("june", 8);
  ASSERT_OK(Reject(*second_, TaskOf(rejected.name())));
  Await(rejected.name(), v1::StockCount::REJECTED);
  EXPECT_EQ(Count(rejected.name()).approver(), "finance-2");
  // Who counted takes it back; he has a role by which he may call.
  const v1::StockCount taken_back = Submit("again", 7);
  const auto clerk = service_.ClientOf({.subject = "user-of-p-1", .roles = {api::v1::CHANNEL_MANAGER}});
  const auto withdrawn = Reject(*clerk, TaskOf(taken_back.name()));
  ASSERT_OK(withdrawn);
  EXPECT_EQ(withdrawn->state(), partner::v1::ApprovalTask::WITHDRAWN);
  Await(taken_back.name(), v1::StockCount::REJECTED);
  EXPECT_EQ(OnHand(), "10");
}

TEST_F(CountApprovalTest, WithoutAPolicyASecondPersonApproves) {
  const v1::StockCount submitted = Submit("june", 8);
  EXPECT_EQ(ApproveCount(submitted.name())->state(), v1::StockCount::APPROVED);
  EXPECT_EQ(Count(submitted.name()).approval_task(), "");
  EXPECT_EQ(OnHand(), "8");
  // Nor does a policy that is gone count, nor a count within its site's tolerance.
  CoverCounts();
  EXPECT_EQ(Submit("exact", 8).state(), v1::StockCount::APPROVED);
  partner::v1::DeleteApprovalPolicyRequest gone;
  gone.set_name("approvalPolicies/counts");
  gone.set_request_id(partner::NewRequestId());
  ASSERT_OK(administrator_->Call<google::protobuf::Empty>(StrCat(partner::kPolicies, "DeleteApprovalPolicy"), gone));
  ASSERT_TRUE(Eventually([&] { return KnownPolicies() == 0; }));
  EXPECT_EQ(ApproveCount(Submit("july", 5).name())->state(), v1::StockCount::APPROVED);
  EXPECT_THAT(Tasks("subject_kind = STOCK_COUNT"), IsEmpty());
}

TEST_F(CountApprovalTest, WhoeverGoesAwayNothingIsForgottenOrDoneTwice) {
  CoverCounts();
  const std::string name = Submit("june", 8).name();
  process_.reset();  // it may have asked or not
  StartInventory();
  const partner::v1::ApprovalTask task = TaskOf(name);
  process_.reset();
  ASSERT_OK(Approve(*second_, task));  // while nobody hears
  StartInventory();
  Await(name, v1::StockCount::APPROVED);
  process_.reset();
  StartInventory();
  EXPECT_EQ(OnHand(), "8");
  EXPECT_THAT(Told(name), ElementsAre("created", "submitted", "approved"));
  EXPECT_THAT(Tasks("subject_kind = STOCK_COUNT"), SizeIs(1));
}

// Two counts of a day that count different buckets cannot both hold.
TEST_F(CountApprovalTest, WhatCanNoLongerHoldIsRejected) {
  CoverCounts();
  const std::string whole = Submit("whole", 8).name(), shelf = Submit("shelf", 9, v1::CountLine::ON_HAND).name();
  ASSERT_OK(Approve(*second_, TaskOf(whole)));
  Await(whole, v1::StockCount::APPROVED);
  ASSERT_OK(Approve(*second_, TaskOf(shelf)));
  Await(shelf, v1::StockCount::REJECTED);
  EXPECT_EQ(OnHand(), "8");
}

}  // namespace
}  // namespace tributary::inventory
