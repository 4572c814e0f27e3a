// Market development funds through a real server and database: budget, allocation, request, claim, payment.

#include <atomic>
#include <thread>

#include "incentive-service/budgets/budget_store.h"
#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/budget.pb.h"
#include "tributary/incentive/v1/claim.pb.h"
#include "tributary/incentive/v1/fund_request.pb.h"
#include "tributary/incentive/v1/wallet.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kBudgets[] = "tributary.incentive.v1.BudgetService/";
constexpr char kFundRequests[] = "tributary.incentive.v1.FundRequestService/";
constexpr char kClaims[] = "tributary.incentive.v1.ClaimService/";

google::type::Money Cny(int64_t units, int32_t nanos = 0) {
  google::type::Money money;
  money.set_currency_code("CNY");
  money.set_units(units);
  money.set_nanos(nanos);
  return money;
}

class FundsTest : public WorldTest {
 protected:
  // A budget of 10,000 for all of a long time, 8,000 of it p2's.
  void SetUp() override {
    ASSERT_OK(MakeBudget("mdf", 10000));
    ASSERT_OK(Allocate("p2", "mdf", 8000));
  }
  absl::StatusOr<v1::Budget> MakeBudget(const std::string& id, int64_t amount,
                                        const std::function<void(v1::Budget*)>& change = {}) {
    v1::CreateBudgetRequest request;
    request.set_budget_id(id);
    v1::Budget& budget = *request.mutable_budget();
    budget.set_display_name("Market development");
    *budget.mutable_amount() = Cny(amount);
    *budget.mutable_effective_from() = DateOf("2026-01-01");
    *budget.mutable_effective_to() = DateOf("2999-01-01");
    budget.set_claim_days(30);
    if (change) change(&budget);
    return finance_->Call<v1::Budget>(StrCat(kBudgets, "CreateBudget"), request);
  }
  absl::StatusOr<v1::FundAllocation> Allocate(const std::string& partner, const std::string& id, int64_t amount) {
    v1::CreateFundAllocationRequest request;
    request.set_parent("partners/" + partner);
    request.set_fund_allocation_id(id);
    request.mutable_fund_allocation()->set_budget("budgets/mdf");
    *request.mutable_fund_allocation()->mutable_amount() = Cny(amount);
    return manager_->Call<v1::FundAllocation>(StrCat(kBudgets, "CreateFundAllocation"), request);
  }
  v1::CreateFundRequestRequest NewRequest(const std::string& id, int64_t amount) {
    v1::CreateFundRequestRequest request;
    request.set_parent("partners/p2");
    request.set_fund_request_id(id);
    request.set_request_id(NewRequestId());
    v1::FundRequest& asked = *request.mutable_fund_request();
    asked.set_fund_allocation("partners/p2/fundAllocations/mdf");
    asked.set_activity(v1::FundRequest::EVENT);
    asked.set_description("A fair");
    *asked.mutable_activity_from() = DateOf("2026-05-04");
    *asked.mutable_activity_to() = DateOf("2998-05-09");
    *asked.mutable_amount() = Cny(amount);
    return request;
  }
  absl::StatusOr<v1::FundRequest> Ask(const v1::CreateFundRequestRequest& request) {
    return partner_->Call<v1::FundRequest>(StrCat(kFundRequests, "CreateFundRequest"), request);
  }
  // A verb on a resource by its last segment.
  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Do(rpc::Client& client, std::string_view method, Request request, const std::string& id) {
    request.set_name(StrCat("partners/p2/", std::is_same_v<Reply, v1::Claim> ? "claims/" : "fundRequests/", id));
    return client.Call<Reply>(method, request);
  }
  absl::StatusOr<v1::FundRequest> ApproveRequest(rpc::Client& client, const std::string& id) {
    return Do<v1::FundRequest>(client, StrCat(kFundRequests, "ApproveFundRequest"), v1::ApproveFundRequestRequest(),
                               id);
  }
  absl::StatusOr<v1::FundRequest> CloseRequest(const std::string& id) {
    return Do<v1::FundRequest>(*partner_, StrCat(kFundRequests, "CloseFundRequest"), v1::CloseFundRequestRequest(), id);
  }
  v1::CreateClaimRequest NewClaim(const std::string& id, int64_t amount, const std::string& sha256) {
    v1::CreateClaimRequest request;
    request.set_parent("partners/p2");
    request.set_claim_id(id);
    request.set_request_id(NewRequestId());
    v1::Claim& claim = *request.mutable_claim();
    claim.set_kind(v1::Claim::MDF);
    claim.set_fund_request("partners/p2/fundRequests/fair");
    *claim.mutable_amount() = Cny(amount);
    v1::ClaimProof& proof = *claim.add_proofs();
    proof.set_document("documents/invoice-" + id);
    proof.set_sha256(sha256);
    return request;
  }
  absl::StatusOr<v1::Claim> Claim(const v1::CreateClaimRequest& request) {
    return partner_->Call<v1::Claim>(StrCat(kClaims, "CreateClaim"), request);
  }
  absl::StatusOr<v1::Claim> ApproveClaim(rpc::Client& client, const std::string& id, std::optional<int64_t> amount = {},
                                         const std::string& note = "") {
    v1::ApproveClaimRequest request;
    if (amount.has_value()) *request.mutable_amount() = Cny(*amount);
    request.set_note(note);
    return Do<v1::Claim>(client, StrCat(kClaims, "ApproveClaim"), request, id);
  }
  absl::StatusOr<v1::Claim> RejectClaim(const std::string& id) {
    v1::RejectClaimRequest request;
    request.set_note("not of the fair");
    return Do<v1::Claim>(*manager_, StrCat(kClaims, "RejectClaim"), request, id);
  }
  absl::StatusOr<v1::Claim> Pay(rpc::Client& client, const std::string& id, std::string_view expires_on) {
    v1::PayClaimRequest request;
    *request.mutable_expires_on() = DateOf(expires_on);
    request.set_request_id(NewRequestId());
    return Do<v1::Claim>(client, StrCat(kClaims, "PayClaim"), request, id);
  }
  // "8000: requested 5000, claimed 3000, available 3000".
  std::string Allocation() {
    v1::GetFundAllocationRequest request;
    request.set_name("partners/p2/fundAllocations/mdf");
    const auto found = partner_->Call<v1::FundAllocation>(StrCat(kBudgets, "GetFundAllocation"), request);
    if (!found.ok()) return std::string(found.status().message());
    return StrCat(found->amount().units(), ": requested ", found->requested().units(), ", claimed ",
                  found->claimed().units(), ", available ", found->available().units());
  }
  // "5000: pending 0, claimed 3000, returned 0".
  std::string Request(const std::string& id) {
    v1::GetFundRequestRequest request;
    request.set_name("partners/p2/fundRequests/" + id);
    const auto found = partner_->Call<v1::FundRequest>(StrCat(kFundRequests, "GetFundRequest"), request);
    if (!found.ok()) return std::string(found.status().message());
    return StrCat(found->approved().units(), ": pending ", found->pending().units(), ", claimed ",
                  found->claimed().units(), ", returned ", found->returned().units());
  }
  int64_t Mismatches() {
    int64_t mismatches = -1;
    EXPECT_OK(world_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(mismatches, BudgetStore().Mismatches(sql));
      return absl::OkStatus();
    }));
    return mismatches;
  }

  const std::unique_ptr<rpc::Client> partner_ = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p2");
  const std::unique_ptr<rpc::Client> manager_ = keys_.NewClient(world_.port(), api::v1::CHANNEL_MANAGER, "", "manager");
  const std::unique_ptr<rpc::Client> finance_ = keys_.NewClient(world_.port(), api::v1::FINANCE, "", "finance");
};

TEST_F(FundsTest, FromTheBudgetToTheWallet) {
  ASSERT_OK_AND_ASSIGN(v1::FundRequest asked, Ask(NewRequest("fair", 5000)));
  EXPECT_EQ(asked.state(), v1::FundRequest::SUBMITTED);
  EXPECT_EQ(asked.requester(), "test/p2");
  EXPECT_EQ(Allocation(), "8000: requested 0, claimed 0, available 8000");
  ASSERT_OK_AND_ASSIGN(asked, ApproveRequest(*manager_, "fair"));
  EXPECT_EQ(asked.decider(), "manager");
  EXPECT_EQ(asked.claim_deadline().ShortDebugString(), DateOf("2998-06-07").ShortDebugString());
  EXPECT_EQ(Allocation(), "8000: requested 5000, claimed 0, available 3000");

  ASSERT_OK(Claim(NewClaim("stand", 3000, std::string(64, 'a'))));
  ASSERT_OK(Claim(NewClaim("dinner", 1500, std::string(64, 'b'))));
  EXPECT_EQ(Request("fair"), "5000: pending 4500, claimed 0, returned 0");
  ASSERT_OK_AND_ASSIGN(v1::Claim claim, ApproveClaim(*manager_, "stand", 2800, "the hotel is not of it"));
  EXPECT_EQ(claim.denied().units(), 200);
  ASSERT_OK_AND_ASSIGN(claim, RejectClaim("dinner"));
  EXPECT_EQ(claim.denied().units(), 1500);
  EXPECT_EQ(Request("fair"), "5000: pending 0, claimed 2800, returned 0");

  ASSERT_OK_AND_ASSIGN(claim, Pay(*finance_, "stand", "2999-12-31"));
  EXPECT_EQ(claim.state(), v1::Claim::PAID);
  EXPECT_EQ(claim.payer(), "finance");
  v1::GetWalletRequest wallet_request;
  wallet_request.set_name("partners/p2/wallets/CNY");
  ASSERT_OK_AND_ASSIGN(const auto wallet,
                       partner_->Call<v1::Wallet>("tributary.incentive.v1.WalletService/GetWallet", wallet_request));
  EXPECT_EQ(wallet.balance().units(), 2800);
  EXPECT_EQ(wallet.lots(0).source(), "partners/p2/claims/stand");

  ASSERT_OK_AND_ASSIGN(asked, CloseRequest("fair"));
  EXPECT_EQ(asked.state(), v1::FundRequest::CLOSED);
  EXPECT_EQ(asked.returned().units(), 2200);
  EXPECT_EQ(Allocation(), "8000: requested 2800, claimed 2800, available 5200");
  // What the partner does not use goes back to the budget.
  v1::UpdateFundAllocationRequest less;
  less.mutable_fund_allocation()->set_name("partners/p2/fundAllocations/mdf");
  *less.mutable_fund_allocation()->mutable_amount() = Cny(2799);
  const std::string method = StrCat(kBudgets, "UpdateFundAllocation");
  EXPECT_THAT(manager_->Call<v1::FundAllocation>(method, less), HasReason(Reason::kOverBudget));
  *less.mutable_fund_allocation()->mutable_amount() = Cny(2800);
  ASSERT_OK(manager_->Call<v1::FundAllocation>(method, less));
  ASSERT_OK(Allocate("p3", "mdf", 7200));
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(FundsTest, EachRefusalHasItsReason) {
  EXPECT_THAT(MakeBudget("mdf", 1), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(MakeBudget("b", 1, [](v1::Budget* b) { *b->mutable_effective_to() = b->effective_from(); }),
              Blames("budget.effective_to"));
  EXPECT_THAT(MakeBudget("b", 1, [](v1::Budget* b) { *b->mutable_amount() = Cny(1, 1000000); }),
              Blames("budget.amount"));
  EXPECT_THAT(MakeBudget("b", 1, [](v1::Budget* b) { b->set_claim_days(367); }), Blames("budget.claim_days"));
  EXPECT_THAT(Allocate("p3", "mdf", 2001), HasReason(Reason::kOverBudget));
  EXPECT_THAT(Allocate("p2", "mdf", 1), HasReason(Reason::kAlreadyExists));
  v1::UpdateBudgetRequest lower;
  lower.mutable_budget()->set_name("budgets/mdf");
  *lower.mutable_budget()->mutable_amount() = Cny(7999);
  EXPECT_THAT(finance_->Call<v1::Budget>(StrCat(kBudgets, "UpdateBudget"), lower), HasReason(Reason::kOverBudget));

  // Requests.
  v1::CreateFundRequestRequest bad = NewRequest("bad", 1);
  bad.mutable_fund_request()->set_fund_allocation("partners/p1/fundAllocations/mdf");
  EXPECT_THAT(Ask(bad), Blames("fund_request.fund_allocation"));
  bad = NewRequest("bad", 1);
  bad.mutable_fund_request()->set_fund_allocation("partners/p2/fundAllocations/none");
  EXPECT_THAT(Ask(bad), HasReason(Reason::kNotFound));
  bad = NewRequest("bad", 1);
  *bad.mutable_fund_request()->mutable_activity_from() = DateOf("2025-12-31");
  EXPECT_THAT(Ask(bad), Blames("fund_request.activity_from"));
  bad = NewRequest("bad", 1);
  bad.mutable_fund_request()->mutable_amount()->set_currency_code("USD");
  EXPECT_THAT(Ask(bad), Blames("fund_request.amount.currency_code"));
  ASSERT_OK(Ask(NewRequest("large", 8001)));
  EXPECT_THAT(ApproveRequest(*manager_, "large"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("got 8001.00 CNY, want at most 8000.00 CNY")));
  v1::CreateFundRequestRequest by_manager = NewRequest("own", 1);
  ASSERT_OK(manager_->Call<v1::FundRequest>(StrCat(kFundRequests, "CreateFundRequest"), by_manager));
  EXPECT_THAT(ApproveRequest(*manager_, "own"), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(ApproveRequest(*partner_, "own"), HasReason(Reason::kPermissionDenied));
  ASSERT_OK(ApproveRequest(*finance_, "own"));
  EXPECT_THAT(ApproveRequest(*finance_, "own"), HasReason(Reason::kStateConflict));

  // Claims.
  ASSERT_OK(Ask(NewRequest("fair", 500)));
  EXPECT_THAT(Claim(NewClaim("c", 1, std::string(64, 'a'))), HasReason(Reason::kStateConflict));
  ASSERT_OK(ApproveRequest(*manager_, "fair"));
  EXPECT_THAT(Claim(NewClaim("c", 501, std::string(64, 'a'))), HasReason(Reason::kOverBudget));
  v1::CreateClaimRequest claim = NewClaim("c", 1, std::string(64, 'a'));
  claim.mutable_claim()->clear_proofs();
  EXPECT_THAT(Claim(claim), HasReason(Reason::kProofRequired));
  claim = NewClaim("c", 1, "not a hash");
  EXPECT_THAT(Claim(claim), Blames("claim.proofs[0].sha256"));
  claim = NewClaim("c", 1, std::string(64, 'a'));
  claim.mutable_claim()->mutable_proofs(0)->set_document("invoice.pdf");
  EXPECT_THAT(Claim(claim), Blames("claim.proofs[0].document"));
  claim = NewClaim("c", 1, std::string(64, 'a'));
  claim.mutable_claim()->set_fund_request("partners/p1/fundRequests/fair");
  EXPECT_THAT(Claim(claim), Blames("claim.fund_request"));
  ASSERT_OK(Claim(NewClaim("c", 400, std::string(64, 'a'))));
  EXPECT_THAT(Claim(NewClaim("d", 1, std::string(64, 'a'))), HasReason(Reason::kProofAlreadyUsed));
  EXPECT_THAT(Claim(NewClaim("d", 101, std::string(64, 'b'))), HasReason(Reason::kOverBudget));
  EXPECT_THAT(CloseRequest("fair"), HasReason(Reason::kInUse));
  EXPECT_THAT(ApproveClaim(*partner_, "c"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(ApproveClaim(*manager_, "c", 399), Blames("note"));
  EXPECT_THAT(Pay(*finance_, "c", "2999-12-31"), HasReason(Reason::kStateConflict));
  ASSERT_OK(ApproveClaim(*finance_, "c"));
  EXPECT_THAT(Pay(*finance_, "c", "2999-12-31"), HasReason(Reason::kSecondPersonRequired));
  const auto second = keys_.NewClient(world_.port(), api::v1::FINANCE, "", "second");
  EXPECT_THAT(Pay(*second, "c", "2026-01-01"), Blames("expires_on"));
  ASSERT_OK(Pay(*second, "c", "2999-12-31"));
  EXPECT_THAT(Pay(*second, "c", "2999-12-31"), HasReason(Reason::kStateConflict));
  ASSERT_OK(CloseRequest("fair"));
  EXPECT_THAT(Claim(NewClaim("d", 1, std::string(64, 'b'))), HasReason(Reason::kStateConflict));

  // An activity that is long over.
  claim = NewClaim("late", 1, std::string(64, 'c'));
  claim.mutable_claim()->set_fund_request("partners/p2/fundRequests/past");
  v1::CreateFundRequestRequest past = NewRequest("past", 10);
  *past.mutable_fund_request()->mutable_activity_from() = DateOf("2026-01-01");
  *past.mutable_fund_request()->mutable_activity_to() = DateOf("2026-01-02");
  ASSERT_OK(Ask(past));
  ASSERT_OK(ApproveRequest(*manager_, "past"));
  EXPECT_THAT(Claim(claim), HasReason(Reason::kClaimDeadlinePassed));
  EXPECT_EQ(Mismatches(), 0);
}

// Another partner's are as those that are not there.
TEST_F(FundsTest, PartnersSeeTheirOwn) {
  ASSERT_OK(Ask(NewRequest("fair", 500)));
  ASSERT_OK(ApproveRequest(*manager_, "fair"));
  ASSERT_OK(Claim(NewClaim("c", 400, std::string(64, 'a'))));
  const auto other = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p1");
  for (const char* id : {"c", "none"}) {
    EXPECT_THAT(Do<v1::Claim>(*other, StrCat(kClaims, "GetClaim"), v1::GetClaimRequest(), id),
                HasReason(Reason::kPermissionDenied));
    EXPECT_THAT(Do<v1::Claim>(*other, StrCat(kClaims, "WithdrawClaim"), v1::WithdrawClaimRequest(), id),
                HasReason(Reason::kPermissionDenied));
  }
  v1::GetBudgetRequest budget;
  budget.set_name("budgets/mdf");
  EXPECT_THAT(partner_->Call<v1::Budget>(StrCat(kBudgets, "GetBudget"), budget), HasReason(Reason::kPermissionDenied));
  v1::ListClaimsRequest claims;
  claims.set_parent("partners/-");
  ASSERT_OK_AND_ASSIGN(const auto none, other->Call<v1::ListClaimsResponse>(StrCat(kClaims, "ListClaims"), claims));
  EXPECT_EQ(none.claims_size(), 0);
  claims.set_filter("state = SUBMITTED");
  ASSERT_OK_AND_ASSIGN(const auto own, partner_->Call<v1::ListClaimsResponse>(StrCat(kClaims, "ListClaims"), claims));
  ASSERT_EQ(own.claims_size(), 1);
  EXPECT_EQ(own.claims(0).name(), "partners/p2/claims/c");
  v1::ListFundRequestsRequest requests;
  requests.set_parent("partners/-");
  requests.set_filter("state = APPROVED AND activity = EVENT");
  ASSERT_OK_AND_ASSIGN(const auto approved, manager_->Call<v1::ListFundRequestsResponse>(
                                                StrCat(kFundRequests, "ListFundRequests"), requests));
  EXPECT_EQ(approved.fund_requests_size(), 1);
  v1::ListFundAllocationsRequest allocations;
  allocations.set_parent("partners/-");
  allocations.set_filter("budget = 'budgets/mdf'");
  ASSERT_OK_AND_ASSIGN(const auto allocated, manager_->Call<v1::ListFundAllocationsResponse>(
                                                 StrCat(kBudgets, "ListFundAllocations"), allocations));
  EXPECT_EQ(allocated.fund_allocations_size(), 1);
  v1::ListBudgetsRequest budgets;
  budgets.set_filter("currency = CNY");
  ASSERT_OK_AND_ASSIGN(const auto listed,
                       finance_->Call<v1::ListBudgetsResponse>(StrCat(kBudgets, "ListBudgets"), budgets));
  EXPECT_EQ(listed.budgets_size(), 1);
}

TEST_F(FundsTest, ARepeatedRequestClaimsOnceAndACheckClaimsNothing) {
  ASSERT_OK(Ask(NewRequest("fair", 500)));
  ASSERT_OK(ApproveRequest(*manager_, "fair"));
  v1::CreateClaimRequest request = NewClaim("c", 400, std::string(64, 'a'));
  request.set_validate_only(true);
  ASSERT_OK(Claim(request));
  EXPECT_EQ(Request("fair"), "500: pending 0, claimed 0, returned 0");
  request = NewClaim("c", 400, std::string(64, 'a'));
  ASSERT_OK_AND_ASSIGN(const v1::Claim first, Claim(request));
  ASSERT_OK_AND_ASSIGN(const v1::Claim again, Claim(request));
  EXPECT_EQ(first.ShortDebugString(), again.ShortDebugString());
  EXPECT_EQ(Request("fair"), "500: pending 400, claimed 0, returned 0");
}

// Calls until the answer is not that somebody else came first.
template <typename Reply, typename Request>
absl::StatusOr<Reply> Insist(rpc::Client& client, const std::string& method, const Request& request) {
  absl::StatusOr<Reply> reply;
  do {
    reply = client.Call<Reply>(method, request, {.timeout = absl::Seconds(60)});
  } while (ReasonOf(reply.status()) == Reason::kConflictRetry || ReasonOf(reply.status()) == Reason::kOverloaded);
  return reply;
}

// 64 clients at once: those who approve requests of one allocation, and those who claim of one request.
TEST_F(FundsTest, ACrowdNeverGetsMoreThanThereIs) {
  constexpr int kClients = 64;
  for (int i = 0; i < kClients; ++i) ASSERT_OK(Ask(NewRequest(StrCat("r-", i), 130)));
  ASSERT_OK(Ask(NewRequest("fair", 1000)));
  ASSERT_OK(ApproveRequest(*manager_, "fair"));
  std::atomic<int> approved = 0, claimed = 0, refused = 0;
  const auto count = [&](const absl::Status& status, std::atomic<int>& done) {
    status.ok() ? ++done : ++refused;
    if (!status.ok()) {
      EXPECT_THAT(status, HasReason(Reason::kOverBudget));
    }
  };
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < kClients; ++i) {
      clients.emplace_back([&, i] {
        const auto manager = keys_.NewClient(world_.port(), api::v1::CHANNEL_MANAGER, "", StrCat("manager-", i));
        v1::ApproveFundRequestRequest approve;
        approve.set_name(StrCat("partners/p2/fundRequests/r-", i));
        count(Insist<v1::FundRequest>(*manager, StrCat(kFundRequests, "ApproveFundRequest"), approve).status(),
              approved);
        const auto partner = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p2");
        std::string sha256 = StrCat(i);
        sha256.insert(0, 64 - sha256.size(), '0');
        count(Insist<v1::Claim>(*partner, StrCat(kClaims, "CreateClaim"), NewClaim(StrCat("c-", i), 130, sha256))
                  .status(),
              claimed);
      });
    }
  }
  EXPECT_EQ(approved, 7000 / 130);  // 53, and 110 is left
  EXPECT_EQ(claimed, 1000 / 130);   // 7, and 90 is left
  EXPECT_EQ(approved + claimed + refused, 2 * kClients);
  EXPECT_EQ(Allocation(), StrCat("8000: requested ", 1000 + 53 * 130, ", claimed 0, available 110"));
  EXPECT_EQ(Request("fair"), "1000: pending 910, claimed 0, returned 0");
  EXPECT_EQ(Mismatches(), 0);
}

}  // namespace
}  // namespace tributary::incentive
