#pragma once

// The RPCs of requests for market development funds.

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/budgets/budget_store.h"
#include "incentive-service/fund_requests/fund_request_store.h"
#include "tributary/incentive/v1/fund_request.pb.h"

namespace tributary::incentive {

class FundRequestService {
 public:
  explicit FundRequestService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetFundRequestRequest& request,
                   v1::FundRequest* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListFundRequestsRequest& request,
                    v1::ListFundRequestsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateFundRequestRequest& request,
                      v1::FundRequest* reply);
  absl::Status ApproveRequest(const rpc::Call& call, rpc::Unit& unit, const v1::ApproveFundRequestRequest& request,
                              v1::FundRequest* reply);
  absl::Status RejectRequest(const rpc::Call& call, rpc::Unit& unit, const v1::RejectFundRequestRequest& request,
                             v1::FundRequest* reply);
  absl::Status WithdrawRequest(const rpc::Call& call, rpc::Unit& unit, const v1::WithdrawFundRequestRequest& request,
                               v1::FundRequest* reply);
  absl::Status CloseRequest(const rpc::Call& call, rpc::Unit& unit, const v1::CloseFundRequestRequest& request,
                            v1::FundRequest* reply);

 private:
  // The request for update, its allocation before it; checks the etag.
  template <typename Request>
  absl::StatusOr<FundDecision> Load(rpc::Unit& unit, const Request& request) const;
  // Stores what was decided and tells it; of the allocation where that has changed.
  absl::Status Save(rpc::Unit& unit, std::string_view verb, const FundRequest& decided,
                    const FundAllocation* allocation, v1::FundRequest* reply) const;

  const PageTokens& tokens_;
  BudgetStore budgets_;
  FundRequestStore requests_;
};

}  // namespace tributary::incentive
