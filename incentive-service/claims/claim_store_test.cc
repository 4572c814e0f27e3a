#include "incentive-service/claims/claim_store.h"

#include <memory>

#include "incentive-service/budgets/budget_store.h"
#include "incentive-service/claims/testing_funds.h"
#include "incentive-service/fund_requests/fund_request_store.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ClaimStoreTest : public ::testing::Test {
 protected:
  // A budget, p2's allocation and a request of 5,000 that was approved.
  void SetUp() override {
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(budgets_.Insert(sql, Made(YearBudget())));
      RETURN_IF_ERROR(budgets_.InsertAllocation(sql, Made(AllocationOfP2())));
      RETURN_IF_ERROR(requests_.Insert(sql, Made(RequestOf("r1", 5000))));
      ASSIGN_OR_RETURN(const FundDecision funded, Approve(Made(RequestOf("r1", 5000)), Made(AllocationOfP2()),
                                                          YearBudget(), {}, "good", "manager", now_));
      RETURN_IF_ERROR(budgets_.UpdateAllocation(sql, funded.allocation));
      return requests_.Update(sql, funded.request);
    });
  }
  template <typename Resource>
  Resource Made(Resource resource) {
    resource.create_time = resource.update_time = now_;
    return resource;
  }
  absl::Status Claims(Claim claim) {
    return database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(FundRequest request, requests_.GetForUpdate(sql, "p2", "r1"));
      ASSIGN_OR_RETURN(const ClaimDecision submitted, Submit(Made(claim), request, DayOf("2026-05-20"), now_));
      RETURN_IF_ERROR(claims_.Insert(sql, submitted.claim));
      return requests_.Update(sql, submitted.request);
    });
  }
  absl::Status Decide(const std::string& id, bool approve) {
    return database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(FundRequest request, requests_.GetForUpdate(sql, "p2", "r1"));
      ASSIGN_OR_RETURN(Claim claim, claims_.GetForUpdate(sql, "p2", id));
      ASSIGN_OR_RETURN(const ClaimDecision decided, approve ? Approve(claim, request, {}, "", "manager", now_)
                                                            : Reject(claim, request, "no", "manager", now_));
      RETURN_IF_ERROR(claims_.Update(sql, decided.claim));
      return requests_.Update(sql, decided.request);
    });
  }
  std::vector<std::string> Listed(const std::string& filter, const std::optional<std::string>& partner,
                                  std::string_view after_partner = "", std::string_view after = "", int limit = 9) {
    std::vector<std::string> names;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      names.clear();
      ASSIGN_OR_RETURN(const SqlPredicate where, ParseFilter(filter, ClaimStore::FilterFields()));
      ASSIGN_OR_RETURN(const std::vector<Claim> claims, claims_.List(sql, partner, after_partner, after, where, limit));
      for (const Claim& claim : claims) names.push_back(StrCat(claim.partner, ".", claim.id));
      return absl::OkStatus();
    });
    return names;
  }
  int64_t Mismatches() {
    int64_t mismatches = -1;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(mismatches, budgets_.Mismatches(sql));
      return absl::OkStatus();
    });
    return mismatches;
  }

  const absl::Time now_ = NoonOn("2026-05-20");
  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  BudgetStore budgets_;
  FundRequestStore requests_;
  ClaimStore claims_;
};

TEST_F(ClaimStoreTest, KeepsWhatWasDecided) {
  ASSERT_OK(Claims(ClaimOf("c1", 3000)));
  ASSERT_OK(Decide("c1", true));
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Claim claim, claims_.Get(sql, "p2", "c1"));
    EXPECT_EQ(claim.state, ClaimState::kApproved);
    EXPECT_EQ(claim.approved, 3000);
    EXPECT_EQ(claim.decider, "manager");
    EXPECT_EQ(claim.version, 2);
    EXPECT_THAT(claim.proofs, ElementsAre(ClaimProof{"documents/invoice-7", std::string(64, 'a')}));
    ASSIGN_OR_RETURN(const FundRequest request, requests_.Get(sql, "p2", "r1"));
    EXPECT_EQ(Text(request), "r1 APPROVED 5000 - 0 - 3000 - 0");
    EXPECT_EQ(request.claim_deadline, DayOf("2026-06-07"));
    EXPECT_EQ(request.description, "A fair");
    ASSIGN_OR_RETURN(const FundAllocation allocation, budgets_.GetAllocation(sql, "p2", "mdf-2026"));
    EXPECT_EQ(allocation.requested, 5000);
    EXPECT_EQ(allocation.claimed, 3000);
    EXPECT_THAT(claims_.Get(sql, "p3", "c1"), HasReason(Reason::kNotFound));
    EXPECT_THAT(requests_.Get(sql, "p3", "r1"), HasReason(Reason::kNotFound));
    EXPECT_THAT(budgets_.GetAllocationForUpdate(sql, "p3", "mdf-2026"), HasReason(Reason::kNotFound));
    EXPECT_THAT(budgets_.Get(sql, "mdf-2025"), HasReason(Reason::kNotFound));
    // A stale version is not stored.
    EXPECT_THAT(claims_.Update(sql, claim), HasReason(Reason::kConflictRetry));
    EXPECT_THAT(requests_.Update(sql, request), HasReason(Reason::kConflictRetry));
    EXPECT_THAT(budgets_.UpdateAllocation(sql, allocation), HasReason(Reason::kConflictRetry));
    return absl::OkStatus();
  });
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(ClaimStoreTest, AProofProvesOneClaim) {
  ASSERT_OK(Claims(ClaimOf("c1", 1000)));
  EXPECT_THAT(Claims(ClaimOf("c1", 1000, std::string(64, 'b'))), HasReason(Reason::kAlreadyExists));
  const absl::Status again = Claims(ClaimOf("c2", 1000));
  EXPECT_THAT(again, HasReason(Reason::kProofAlreadyUsed));
  EXPECT_THAT(again, StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("partners/p2/claims/c1")));
  EXPECT_THAT(Listed("", "p2"), ElementsAre("p2.c1"));
  // Once it is rejected the proof may be used again, by one.
  ASSERT_OK(Decide("c1", false));
  ASSERT_OK(Claims(ClaimOf("c2", 1000)));
  EXPECT_THAT(Claims(ClaimOf("c3", 1000)), HasReason(Reason::kProofAlreadyUsed));
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(ClaimStoreTest, ListsInOrderAndByFilter) {
  for (const char* id : {"b", "a", "c"}) ASSERT_OK(Claims(ClaimOf(id, 100, std::string(64, id[0]))));
  ASSERT_OK(Decide("b", true));
  InTransaction(*database_, [&](mysql::Transaction& sql) {
    Claim other = Made(ClaimOf("z", 1));
    other.partner = "p1";
    return claims_.Insert(sql, other);
  });
  EXPECT_THAT(Listed("", {}), ElementsAre("p1.z", "p2.a", "p2.b", "p2.c"));
  EXPECT_THAT(Listed("", "p2", "p2", "a"), ElementsAre("p2.b", "p2.c"));
  EXPECT_THAT(Listed("", {}, "p1", "z", 1), ElementsAre("p2.a"));
  EXPECT_THAT(Listed("state = APPROVED", {}), ElementsAre("p2.b"));
  EXPECT_THAT(Listed("fund_request = 'partners/p1/fundRequests/r1' AND kind = MDF", {}), ElementsAre("p1.z"));
}

TEST_F(ClaimStoreTest, CountsBooksThatDisagree) {
  ASSERT_OK(Claims(ClaimOf("c1", 1000)));
  EXPECT_EQ(Mismatches(), 0);
  for (const char* broken : {"UPDATE budget SET allocated = allocated + 1", "UPDATE fund_request SET pending = 0",
                             "UPDATE fund_allocation SET requested = requested - 1"}) {
    const int64_t before = Mismatches();
    InTransaction(*database_, [&](mysql::Transaction& sql) { return sql.Execute(broken).status(); });
    EXPECT_EQ(Mismatches(), before + 1) << broken;
  }
}

}  // namespace
}  // namespace tributary::incentive
