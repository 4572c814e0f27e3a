#pragma once

// The RPCs of claims.

#include <string>
#include <string_view>

#include "common/approvals/approval_asks.h"
#include "common/approvals/approval_feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/claims/claim_store.h"
#include "incentive-service/claims/stock_claims.h"
#include "incentive-service/fund_requests/fund_request_store.h"
#include "incentive-service/wallets/wallet_store.h"
#include "tributary/incentive/v1/claim.pb.h"

namespace tributary::incentive {

class ClaimService {
 public:
  explicit ClaimService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetClaimRequest& request, v1::Claim* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListClaimsRequest& request,
                    v1::ListClaimsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateClaimRequest& request, v1::Claim* reply);
  absl::Status ApproveClaim(const rpc::Call& call, rpc::Unit& unit, const v1::ApproveClaimRequest& request,
                            v1::Claim* reply);
  absl::Status RejectClaim(const rpc::Call& call, rpc::Unit& unit, const v1::RejectClaimRequest& request,
                           v1::Claim* reply);
  absl::Status WithdrawClaim(const rpc::Call& call, rpc::Unit& unit, const v1::WithdrawClaimRequest& request,
                             v1::Claim* reply);
  absl::Status PayClaim(const rpc::Call& call, rpc::Unit& unit, const v1::PayClaimRequest& request, v1::Claim* reply);
  absl::Status TrueUpClaim(const rpc::Call& call, rpc::Unit& unit, const v1::TrueUpClaimRequest& request,
                           v1::Claim* reply);

  // Does what its approval task decided of a claim that waits: an approval is of all that is claimed, or of what is
  // worked out to be due.
  absl::Status Decided(const rpc::Call& call, rpc::Unit& unit, const approvals::Decision& decision);

 private:
  // A claim of funds and its request as they are stored after it.
  absl::StatusOr<Claim> CreateOfFunds(const rpc::Call& call, rpc::Unit& unit, const v1::CreateClaimRequest& request,
                                      const std::string& partner) const;
  // A claim on stock, stored.
  absl::StatusOr<Claim> CreateOnStock(const rpc::Call& call, rpc::Unit& unit, const v1::CreateClaimRequest& request,
                                      const std::string& partner) const;
  // The claim for update, before it its request or what decides claims on stock; checks the etag. The request is of
  // funds alone.
  template <typename Request>
  absl::StatusOr<ClaimDecision> Load(rpc::Unit& unit, const Request& request) const;
  // Stores what was decided and tells it.
  absl::Status Save(rpc::Unit& unit, std::string_view verb, const ClaimDecision& decided, v1::Claim* reply) const;
  absl::Status Save(rpc::Unit& unit, std::string_view verb, const Claim& decided, v1::Claim* reply) const;

  const PageTokens& tokens_;
  FundRequestStore requests_;
  ClaimStore claims_;
  StockClaims stock_;
  WalletStore wallets_;
  approvals::ApprovalAsks asks_;
};

}  // namespace tributary::incentive
