// Decisions on budgets, requests and claims: what is refused, in documented order.

#include "incentive-service/claims/testing_funds.h"

namespace tributary::incentive {
namespace {

using ::testing::HasSubstr;

const absl::Time kNow = NoonOn("2026-05-20");
const Date kToday = DayOf("2026-05-20");

// The reason, or the field that is blamed; "" where it is allowed.
std::string Refusal(const absl::Status& status) {
  const ErrorDetail detail = DetailOf(status);
  if (!detail.violations.empty()) return detail.violations.front().field;
  return status.ok() ? "" : std::string(NameOf(ReasonOf(status)));
}

TEST(FundBudgetTest, AllocationsStayWithinIt) {
  const struct {
    int64_t amount;  // of p2's, 800,000 before
    int64_t requested;
    const char* outcome;
  } kCases[] = {
      {0, 0, "fund_allocation.amount"}, {1000000, 0, ""}, {1000001, 0, "OVER_BUDGET"}, {500000, 500000, ""},
      {499999, 500000, "OVER_BUDGET"},
  };
  for (const auto& c : kCases) {
    FundAllocation allocation = AllocationOfP2();
    allocation.requested = c.requested;
    const auto allocated = Allocate(YearBudget(), allocation, c.amount, kNow);
    EXPECT_EQ(Refusal(allocated.status()), c.outcome) << c.amount;
    if (allocated.ok()) {
      EXPECT_EQ(allocated->budget.allocated, c.amount);
      EXPECT_EQ(allocated->allocation.amount, c.amount);
    }
  }
  FundAllocation second = AllocationOfP2();
  second.partner = "p3";
  second.amount = 0;
  EXPECT_THAT(Allocate(YearBudget(), second, 200001, kNow),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("got 2000.01 CNY, want at most 2000.00 CNY")));
}

TEST(FundBudgetTest, WhatMayBeRevised) {
  const struct {
    void (*change)(Budget*);
    const char* outcome;
  } kCases[] = {
      {[](Budget* b) { b->amount = 800000; }, ""},
      {[](Budget* b) { b->amount = 0; }, "budget.amount"},
      {[](Budget* b) { b->effective.end = b->effective.start; }, "budget.effective_to"},
      {[](Budget* b) { b->currency = "USD"; }, "budget.amount.currency_code"},
      {[](Budget* b) { b->amount = 799999; }, "OVER_BUDGET"},
  };
  for (const auto& c : kCases) {
    Budget wanted = YearBudget();
    c.change(&wanted);
    EXPECT_EQ(Refusal(Revise(YearBudget(), wanted, kNow).status()), c.outcome);
  }
}

TEST(FundRequestTest, WhatMayBeAskedFor) {
  const struct {
    int64_t amount;
    const char* from;
    const char* to;
    const char* outcome;
  } kCases[] = {
      {1, "2026-01-01", "2027-01-01", ""},
      {0, "2026-01-01", "2026-01-02", "fund_request.amount"},
      {1, "2025-12-31", "2026-01-02", "fund_request.activity_from"},
      {1, "2026-05-04", "2026-05-04", "fund_request.activity_to"},
      {1, "2026-05-04", "2027-01-02", "fund_request.activity_to"},
  };
  for (const auto& c : kCases) {
    FundRequest request = RequestOf("r1", c.amount);
    request.days = {DayOf(c.from), DayOf(c.to)};
    EXPECT_EQ(Refusal(CheckFundRequest(request, YearBudget())), c.outcome) << c.from;
  }
}

TEST(FundRequestTest, WhoDecidesWhat) {
  const auto approve = [](FundRequest request, std::optional<int64_t> amount, std::string_view principal) {
    return Refusal(Approve(std::move(request), AllocationOfP2(), YearBudget(), amount, "", principal, kNow).status());
  };
  FundRequest decided = RequestOf("r1", 800001);
  decided.state = FundRequestState::kRejected;
  EXPECT_EQ(approve(decided, {}, "clerk"), "STATE_CONFLICT");
  EXPECT_EQ(approve(RequestOf("r1", 800001), 0, "clerk"), "SECOND_PERSON_REQUIRED");
  EXPECT_EQ(approve(RequestOf("r1", 800001), 0, "manager"), "amount");
  EXPECT_EQ(approve(RequestOf("r1", 800001), 800002, "manager"), "amount");
  EXPECT_EQ(approve(RequestOf("r1", 800001), {}, "manager"), "OVER_BUDGET");
  EXPECT_EQ(approve(RequestOf("r1", 800001), 800000, "manager"), "");

  EXPECT_EQ(Refusal(Reject(decided, "no", "clerk", kNow).status()), "STATE_CONFLICT");
  EXPECT_EQ(Refusal(Reject(RequestOf("r1", 1), "no", "clerk", kNow).status()), "SECOND_PERSON_REQUIRED");
  EXPECT_EQ(Refusal(Reject(RequestOf("r1", 1), "no", "manager", kNow).status()), "");
  EXPECT_EQ(Refusal(Withdraw(decided, kNow).status()), "STATE_CONFLICT");
  EXPECT_EQ(Refusal(Withdraw(RequestOf("r1", 1), kNow).status()), "");
}

TEST(FundRequestTest, WhatIsNotClaimedGoesBack) {
  ASSERT_OK_AND_ASSIGN(FundDecision funded,
                       Approve(RequestOf("r1", 5000), AllocationOfP2(), YearBudget(), {}, "good", "manager", kNow));
  EXPECT_EQ(Text(funded.request), "r1 APPROVED 5000 - 0 - 0 - 0");
  EXPECT_EQ(funded.request.claim_deadline, DayOf("2026-06-07"));  // 30 days after 05-08
  EXPECT_EQ(funded.allocation.available(), 795000);
  ASSERT_OK_AND_ASSIGN(ClaimDecision claimed, Submit(ClaimOf("c1", 3000), funded.request, kToday, kNow));
  EXPECT_EQ(Refusal(Close(claimed.request, funded.allocation, kNow).status()), "IN_USE");
  ASSERT_OK_AND_ASSIGN(claimed, Approve(claimed.claim, claimed.request, 2000, "no dinner", "manager", kNow));
  EXPECT_EQ(claimed.claim.denied(), 1000);
  ASSERT_OK_AND_ASSIGN(funded, Close(claimed.request, funded.allocation, kNow));
  EXPECT_EQ(Text(funded.request), "r1 CLOSED 5000 - 0 - 2000 - 3000");
  EXPECT_EQ(funded.allocation.available(), 798000);
  EXPECT_EQ(Refusal(Close(funded.request, funded.allocation, kNow).status()), "STATE_CONFLICT");
}

TEST(ClaimTest, WhatMayBeClaimed) {
  FundRequest funded = RequestOf("r1", 5000);
  funded.state = FundRequestState::kApproved;
  funded.approved = 5000;
  funded.pending = 1000;
  funded.claim_deadline = DayOf("2026-06-07");
  FundRequest waiting = RequestOf("r1", 5000);
  Claim bare = ClaimOf("c1", 0);
  bare.proofs.clear();
  Claim twice = ClaimOf("c1", 1);
  twice.proofs.push_back(twice.proofs.front());
  const struct {
    Claim claim;
    FundRequest request;
    const char* today;
    const char* outcome;
  } kCases[] = {
      {bare, waiting, "2026-06-08", "PROOF_REQUIRED"},
      {ClaimOf("c1", 0), waiting, "2026-06-08", "claim.amount"},
      {twice, waiting, "2026-06-08", "claim.proofs[1].sha256"},
      {ClaimOf("c1", 4001), waiting, "2026-06-08", "STATE_CONFLICT"},
      {ClaimOf("c1", 4001), funded, "2026-06-08", "CLAIM_DEADLINE_PASSED"},
      {ClaimOf("c1", 4001), funded, "2026-06-07", "OVER_BUDGET"},
      {ClaimOf("c1", 4000), funded, "2026-06-07", ""},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Refusal(Submit(c.claim, c.request, DayOf(c.today), kNow).status()), c.outcome) << c.claim.amount;
  }
}

TEST(ClaimTest, WhoDecidesAndWhoPays) {
  FundRequest funded = RequestOf("r1", 5000);
  funded.state = FundRequestState::kApproved;
  funded.approved = 5000;
  ASSERT_OK_AND_ASSIGN(const ClaimDecision open, Submit(ClaimOf("c1", 3000), funded, kToday, kNow));
  const auto approve = [&](std::optional<int64_t> amount, std::string_view note, std::string_view principal) {
    return Refusal(Approve(open.claim, open.request, amount, note, principal, kNow).status());
  };
  EXPECT_EQ(approve(0, "", "clerk"), "SECOND_PERSON_REQUIRED");
  EXPECT_EQ(approve(0, "", "manager"), "amount");
  EXPECT_EQ(approve(3001, "", "manager"), "amount");
  EXPECT_EQ(approve(2999, "", "manager"), "note");
  EXPECT_EQ(Refusal(Reject(open.claim, open.request, "no", "clerk", kNow).status()), "SECOND_PERSON_REQUIRED");
  EXPECT_EQ(Refusal(Pay(open.claim, kToday, "finance", kToday, kNow).status()), "STATE_CONFLICT");

  ASSERT_OK_AND_ASSIGN(const ClaimDecision approved, Approve(open.claim, open.request, {}, "", "manager", kNow));
  EXPECT_EQ(Text(approved.request), "r1 APPROVED 5000 - 0 - 3000 - 0");
  EXPECT_EQ(Refusal(Approve(approved.claim, approved.request, {}, "", "manager", kNow).status()), "STATE_CONFLICT");
  EXPECT_EQ(Refusal(Reject(approved.claim, approved.request, "no", "clerk", kNow).status()), "STATE_CONFLICT");
  EXPECT_EQ(Refusal(Withdraw(approved.claim, approved.request, kNow).status()), "STATE_CONFLICT");
  const auto pay = [&](std::string_view principal, std::string_view expires_on) {
    return Refusal(Pay(approved.claim, DayOf(expires_on), principal, kToday, kNow).status());
  };
  EXPECT_EQ(pay("clerk", "2026-05-19"), "SECOND_PERSON_REQUIRED");
  EXPECT_EQ(pay("manager", "2026-05-19"), "SECOND_PERSON_REQUIRED");
  EXPECT_EQ(pay("finance", "2026-05-19"), "expires_on");
  ASSERT_OK_AND_ASSIGN(const ClaimPayment paid, Pay(approved.claim, DayOf("2026-12-31"), "finance", kToday, kNow));
  EXPECT_EQ(paid.claim.state, ClaimState::kPaid);
  EXPECT_EQ(paid.lot, (Lot{.id = "claims/c1",
                           .amount = 3000,
                           .expires_on = DayOf("2026-12-31"),
                           .credit_date = kToday,
                           .source = "claims/c1"}));
  ASSERT_OK_AND_ASSIGN(const ClaimDecision rejected, Reject(open.claim, open.request, "no", "manager", kNow));
  EXPECT_EQ(Text(rejected.request), "r1 APPROVED 5000 - 0 - 0 - 0");
  EXPECT_EQ(rejected.claim.denied(), 3000);
  EXPECT_FALSE(rejected.claim.open());
}

}  // namespace
}  // namespace tributary::incentive
