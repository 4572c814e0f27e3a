#pragma once

// For tests of what partner-service takes care of approving: both services, each on its own database.

#include <memory>
#include <string>
#include <vector>

#include "incentive-service/testing_world.h"
#include "partner-service/approvals/testing_approvals.h"

namespace tributary::incentive {

class ApprovedByPartnerServiceTest : public partner::ApprovalsTest {
 protected:
  void StartIncentive() {
    process_ = std::make_unique<IncentiveProcess>(
        keys_, *money_, feed_.port(), "one", 0,
        service_.ClientOf({.subject = "service/incentive-service", .roles = {api::v1::SERVICE}}));
  }
  // A client of incentive-service.
  std::unique_ptr<rpc::Client> As(api::v1::Role role) { return keys_.NewClient(process_->port(), role, "", "staff"); }

  // From when incentive-service knows it.
  void Cover(partner::v1::ApprovalPolicy::SubjectKind kind, partner::v1::ApprovalPolicy policy) {
    policy.set_subject_kind(kind);
    ASSERT_OK(CreatePolicy(*administrator_, "covering", policy));
    ASSERT_TRUE(Eventually([&] {
      int64_t known = 0;
      EXPECT_OK(money_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
        ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT COUNT(*) FROM known_approval_policy"));
        known = rows.front().Int(0);
        return absl::OkStatus();
      }));
      return known == 1;
    }));
  }
  // The last of so many tasks about it, once there are so many.
  partner::v1::ApprovalTask TaskOf(const std::string& name, size_t count = 1) {
    std::vector<partner::v1::ApprovalTask> tasks;
    EXPECT_TRUE(Eventually([&] {
      tasks = Tasks(StrCat("subject = \"", name, "\""));
      return tasks.size() >= count;
    }));
    EXPECT_THAT(tasks, ::testing::SizeIs(count));
    return tasks.empty() ? partner::v1::ApprovalTask() : tasks.back();
  }

  const TestKeys keys_;
  const std::unique_ptr<mysql::Database> inventory_ =
      tributary::testing::FreshDatabase({&schema::events(), &schema::rpc()});
  const std::unique_ptr<mysql::Database> money_ =
      tributary::testing::FreshDatabase({&schema::events(), &schema::rpc(), &schema::incentive()});
  ShipmentFeed feed_{keys_, *inventory_};
  std::unique_ptr<IncentiveProcess> process_;
};

}  // namespace tributary::incentive
