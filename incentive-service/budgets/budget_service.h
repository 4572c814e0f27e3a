#pragma once

// The RPCs of budgets and allocations.

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/budgets/budget_store.h"
#include "tributary/incentive/v1/budget.pb.h"

namespace tributary::incentive {

class BudgetService {
 public:
  explicit BudgetService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetBudgetRequest& request, v1::Budget* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListBudgetsRequest& request,
                    v1::ListBudgetsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateBudgetRequest& request,
                      v1::Budget* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateBudgetRequest& request,
                      v1::Budget* reply);
  absl::Status GetAllocation(const rpc::Call& call, rpc::Unit& unit, const v1::GetFundAllocationRequest& request,
                             v1::FundAllocation* reply);
  absl::Status ListAllocations(const rpc::Call& call, rpc::Unit& unit, const v1::ListFundAllocationsRequest& request,
                               v1::ListFundAllocationsResponse* reply);
  absl::Status CreateAllocation(const rpc::Call& call, rpc::Unit& unit, const v1::CreateFundAllocationRequest& request,
                                v1::FundAllocation* reply);
  absl::Status UpdateAllocation(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateFundAllocationRequest& request,
                                v1::FundAllocation* reply);

 private:
  const PageTokens& tokens_;
  BudgetStore budgets_;
};

}  // namespace tributary::incentive
