// Programs whose approval partner-service takes care of, through both services, each on its own database.

#include <string>

#include "incentive-service/testing_approvals.h"
#include "tributary/incentive/v1/program_service.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kGrowth[] = "programs/growth";

class ProgramApprovalTest : public ApprovedByPartnerServiceTest {
 protected:
  void SetUp() override {
    StartIncentive();
    v1::CreateProgramRequest request;
    request.set_program_id("growth");
    *request.mutable_program() = Terms();
    ASSERT_OK(As(api::v1::FINANCE)->Call<v1::Program>(StrCat(kPrograms, "CreateProgram"), request));
  }

  // By finance-2 alone.
  void CoverPrograms() { Cover(partner::v1::ApprovalPolicy::PROGRAM, AccountsPolicy()); }
  absl::StatusOr<v1::Program> Activate() {
    v1::ActivateProgramRequest request;
    request.set_name(kGrowth);
    return As(api::v1::FINANCE)->Call<v1::Program>(StrCat(kPrograms, "ActivateProgram"), request);
  }
  absl::Status Rename(const std::string& display_name) {
    v1::UpdateProgramRequest request;
    request.mutable_program()->set_name(kGrowth);
    request.mutable_program()->set_display_name(display_name);
    request.mutable_update_mask()->add_paths("display_name");
    return As(api::v1::FINANCE)->Call<v1::Program>(StrCat(kPrograms, "UpdateProgram"), request).status();
  }
  v1::Program Growth() {
    v1::GetProgramRequest request;
    request.set_name(kGrowth);
    const auto program = As(api::v1::FINANCE)->Call<v1::Program>(StrCat(kPrograms, "GetProgram"), request);
    EXPECT_OK(program);
    return program.value_or(v1::Program());
  }
};

TEST_F(ProgramApprovalTest, ADraftWaitsForItsTask) {
  CoverPrograms();
  EXPECT_EQ(Activate()->state(), v1::Program::DRAFT);
  EXPECT_THAT(Activate(), HasReason(Reason::kStateConflict)) << "it is asked for";
  const partner::v1::ApprovalTask task = TaskOf(kGrowth);
  EXPECT_EQ(task.subject_kind(), partner::v1::ApprovalPolicy::PROGRAM);
  EXPECT_THAT(task.requesters(), ElementsAre("staff"));
  EXPECT_TRUE(Eventually([&] { return Growth().approval_task() == task.name(); }));
  EXPECT_EQ(Growth().state(), v1::Program::DRAFT);
  ASSERT_OK(Approve(*second_, task));
  EXPECT_TRUE(Eventually([&] { return Growth().state() == v1::Program::ACTIVE; }));
  EXPECT_THAT(Activate(), HasReason(Reason::kStateConflict)) << "it is ACTIVE";
}

TEST_F(ProgramApprovalTest, WhatIsRejectedIsAskedForAgainOnceItHasChanged) {
  CoverPrograms();
  ASSERT_OK(Activate());
  ASSERT_OK(Reject(*second_, TaskOf(kGrowth)));
  EXPECT_TRUE(Eventually([&] { return Rename("Slower growth").ok() && Growth().display_name() == "Slower growth"; }));
  ASSERT_OK(Activate());
  EXPECT_EQ(TaskOf(kGrowth, 2).state(), partner::v1::ApprovalTask::PENDING);
  // A change takes it back; what is asked for afterwards is the changed draft.
  ASSERT_OK(Rename("Growth"));
  EXPECT_TRUE(Eventually([&] { return TaskOf(kGrowth, 2).state() == partner::v1::ApprovalTask::WITHDRAWN; }));
  ASSERT_OK(Activate());
  ASSERT_OK(Approve(*second_, TaskOf(kGrowth, 3)));
  EXPECT_TRUE(Eventually([&] { return Growth().state() == v1::Program::ACTIVE; }));
  EXPECT_EQ(Growth().display_name(), "Growth");
}

TEST_F(ProgramApprovalTest, WithoutAPolicyItIsActivatedAtOnce) {
  EXPECT_EQ(Activate()->state(), v1::Program::ACTIVE);
  EXPECT_THAT(Tasks("subject_kind = PROGRAM"), IsEmpty());
}

}  // namespace
}  // namespace tributary::incentive
