// Claims whose approval partner-service takes care of, through both services, each on its own database.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "incentive-service/testing_approvals.h"
#include "tributary/incentive/v1/budget.pb.h"
#include "tributary/incentive/v1/claim.pb.h"
#include "tributary/incentive/v1/fund_request.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// p-1 may claim 4,000,000 EUR of its request "fair". Where claims are covered, FINANCE approves from 100,000 EUR on,
// and cfo from 1,000,000 EUR on.
class ClaimApprovalTest : public ApprovedByPartnerServiceTest {
 protected:
  void SetUp() override {
    StartIncentive();
    v1::CreateBudgetRequest budget;
    budget.set_budget_id("mdf");
    budget.mutable_budget()->set_display_name("Market development");
    *budget.mutable_budget()->mutable_amount() = Euro(5000000);
    *budget.mutable_budget()->mutable_effective_from() = DateOf("2026-01-01");
    *budget.mutable_budget()->mutable_effective_to() = DateOf("2999-01-01");
    budget.mutable_budget()->set_claim_days(30);
    ASSERT_OK(As(api::v1::FINANCE)->Call<v1::Budget>("tributary.incentive.v1.BudgetService/CreateBudget", budget));
    v1::CreateFundAllocationRequest allocation;
    allocation.set_parent("partners/p-1");
    allocation.set_fund_allocation_id("mdf");
    allocation.mutable_fund_allocation()->set_budget("budgets/mdf");
    *allocation.mutable_fund_allocation()->mutable_amount() = Euro(4000000);
    ASSERT_OK(As(api::v1::CHANNEL_MANAGER)
                  ->Call<v1::FundAllocation>("tributary.incentive.v1.BudgetService/CreateFundAllocation", allocation));
    v1::CreateFundRequestRequest request;
    request.set_parent("partners/p-1");
    request.set_fund_request_id("fair");
    v1::FundRequest& fair = *request.mutable_fund_request();
    fair.set_fund_allocation("partners/p-1/fundAllocations/mdf");
    fair.set_activity(v1::FundRequest::EVENT);
    fair.set_description("A fair");
    *fair.mutable_activity_from() = DateOf("2026-05-04");
    *fair.mutable_activity_to() = DateOf("2998-05-09");
    *fair.mutable_amount() = Euro(4000000);
    ASSERT_OK(Clerk()->Call<v1::FundRequest>("tributary.incentive.v1.FundRequestService/CreateFundRequest", request));
    v1::ApproveFundRequestRequest approve;
    approve.set_name("partners/p-1/fundRequests/fair");
    ASSERT_OK(As(api::v1::CHANNEL_MANAGER)
                  ->Call<v1::FundRequest>("tributary.incentive.v1.FundRequestService/ApproveFundRequest", approve));
  }

  std::unique_ptr<rpc::Client> Clerk() {
    return keys_.NewClient(process_->port(), api::v1::PARTNER_USER, "p-1", "clerk");
  }
  static google::type::Money Euro(int64_t units) {
    google::type::Money money;
    money.set_currency_code("EUR");
    money.set_units(units);
    return money;
  }

  void CoverClaims() { Cover(partner::v1::ApprovalPolicy::CLAIM, LimitsPolicy()); }
  // The name of the claim that the clerk makes.
  std::string Claim(const std::string& id, int64_t amount) {
    v1::CreateClaimRequest request;
    request.set_parent("partners/p-1");
    request.set_claim_id(id);
    v1::Claim& claim = *request.mutable_claim();
    claim.set_kind(v1::Claim::MDF);
    claim.set_fund_request("partners/p-1/fundRequests/fair");
    *claim.mutable_amount() = Euro(amount);
    v1::ClaimProof& proof = *claim.add_proofs();
    proof.set_document("documents/invoice-" + id);
    proof.set_sha256(std::string(62, 'a') + id);
    const auto made = Clerk()->Call<v1::Claim>("tributary.incentive.v1.ClaimService/CreateClaim", request);
    EXPECT_OK(made);
    return StrCat("partners/p-1/claims/", id);
  }
  template <typename Request>
  absl::StatusOr<v1::Claim> Verb(rpc::Client& client, std::string_view method, const std::string& name) {
    Request request;
    request.set_name(name);
    if constexpr (requires { request.set_note(""); }) request.set_note("by itself");
    return client.Call<v1::Claim>(StrCat("tributary.incentive.v1.ClaimService/", method), request);
  }
  absl::StatusOr<v1::Claim> ApproveClaim(const std::string& name) {
    return Verb<v1::ApproveClaimRequest>(*As(api::v1::CHANNEL_MANAGER), "ApproveClaim", name);
  }
  v1::Claim ClaimNow(const std::string& name) {
    v1::GetClaimRequest request;
    request.set_name(name);
    const auto claim = Clerk()->Call<v1::Claim>("tributary.incentive.v1.ClaimService/GetClaim", request);
    EXPECT_OK(claim);
    return claim.value_or(v1::Claim());
  }
  void Await(const std::string& name, v1::Claim::State state) {
    EXPECT_TRUE(Eventually([&] { return ClaimNow(name).state() == state; })) << ClaimNow(name).ShortDebugString();
  }
  // "pending 0, claimed 3000" of the request.
  std::string Fair() {
    v1::GetFundRequestRequest request;
    request.set_name("partners/p-1/fundRequests/fair");
    const auto fair =
        Clerk()->Call<v1::FundRequest>("tributary.incentive.v1.FundRequestService/GetFundRequest", request);
    EXPECT_OK(fair);
    if (!fair.ok()) return "";
    return StrCat("pending ", fair->pending().units(), ", claimed ", fair->claimed().units());
  }
};

TEST_F(ClaimApprovalTest, TheAmountSaysWhoApproves) {
  CoverClaims();
  const std::string claim = Claim("c1", 1000000);
  EXPECT_THAT(ApproveClaim(claim), HasReason(Reason::kStateConflict)) << "its task decides";
  EXPECT_THAT(Verb<v1::RejectClaimRequest>(*As(api::v1::CHANNEL_MANAGER), "RejectClaim", claim),
              HasReason(Reason::kStateConflict));
  const partner::v1::ApprovalTask task = TaskOf(claim);
  EXPECT_EQ(task.subject_kind(), partner::v1::ApprovalPolicy::CLAIM);
  EXPECT_EQ(task.amount().units(), 1000000);
  EXPECT_THAT(task.requesters(), ElementsAre("clerk"));
  EXPECT_THAT(task.approver_subjects(), ElementsAre("cfo"));
  EXPECT_TRUE(Eventually([&] { return ClaimNow(claim).approval_task() == task.name(); }));
  EXPECT_THAT(Approve(*finance_, task), HasReason(Reason::kPermissionDenied));
  ASSERT_OK(Approve(*cfo_, task));
  Await(claim, v1::Claim::APPROVED);
  const v1::Claim approved = ClaimNow(claim);
  EXPECT_EQ(approved.decider(), "cfo");
  EXPECT_EQ(approved.decision_note(), "called back");
  EXPECT_EQ(approved.approved().units(), 1000000);
  EXPECT_EQ(Fair(), "pending 0, claimed 1000000");

  // In the lower band any of FINANCE; below it nobody need be asked.
  const std::string lower = Claim("c2", 100000);
  ASSERT_OK(Reject(*finance_, TaskOf(lower)));
  Await(lower, v1::Claim::REJECTED);
  EXPECT_EQ(ClaimNow(lower).decision_note(), "not theirs");
  const std::string small = Claim("c3", 99999);
  Await(small, v1::Claim::APPROVED);
  EXPECT_EQ(ClaimNow(small).decider(), "");
  EXPECT_EQ(Fair(), "pending 0, claimed 1099999");
}

TEST_F(ClaimApprovalTest, WhoeverGoesAwayNothingIsForgottenOrDoneTwice) {
  CoverClaims();
  const std::string claim = Claim("c1", 200000);
  process_.reset();  // it may have asked or not
  StartIncentive();
  const partner::v1::ApprovalTask task = TaskOf(claim);
  process_.reset();
  ASSERT_OK(Approve(*finance_, task));  // while nobody hears
  StartIncentive();
  Await(claim, v1::Claim::APPROVED);
  process_.reset();
  StartIncentive();
  EXPECT_EQ(Fair(), "pending 0, claimed 200000");
  EXPECT_THAT(Tasks("subject_kind = CLAIM"), SizeIs(1));
}

TEST_F(ClaimApprovalTest, AClaimThatIsWithdrawnLeavesNoTask) {
  CoverClaims();
  const std::string claim = Claim("c1", 200000);
  const partner::v1::ApprovalTask task = TaskOf(claim);
  ASSERT_OK(Verb<v1::WithdrawClaimRequest>(*Clerk(), "WithdrawClaim", claim));
  EXPECT_TRUE(Eventually([&] { return TaskOf(claim).state() == partner::v1::ApprovalTask::WITHDRAWN; }));
  EXPECT_EQ(ClaimNow(claim).state(), v1::Claim::WITHDRAWN);
  EXPECT_EQ(Fair(), "pending 0, claimed 0");
}

TEST_F(ClaimApprovalTest, WithoutAPolicyASecondPersonApproves) {
  const std::string claim = Claim("c1", 200000);
  EXPECT_EQ(ApproveClaim(claim)->state(), v1::Claim::APPROVED);
  EXPECT_EQ(ClaimNow(claim).approval_task(), "");
  EXPECT_THAT(Tasks("subject_kind = CLAIM"), IsEmpty());
}

}  // namespace
}  // namespace tributary::incentive
