#pragma once

// The RPCs of special prices.

#include <string_view>

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/special_prices/special_price_store.h"
#include "tributary/incentive/v1/special_price.pb.h"

namespace tributary::incentive {

class SpecialPriceService {
 public:
  explicit SpecialPriceService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetSpecialPriceAuthorizationRequest& request,
                   v1::SpecialPriceAuthorization* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListSpecialPriceAuthorizationsRequest& request,
                    v1::ListSpecialPriceAuthorizationsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateSpecialPriceAuthorizationRequest& request,
                      v1::SpecialPriceAuthorization* reply);
  absl::Status ApproveRequest(const rpc::Call& call, rpc::Unit& unit,
                              const v1::ApproveSpecialPriceAuthorizationRequest& request,
                              v1::SpecialPriceAuthorization* reply);
  absl::Status RejectRequest(const rpc::Call& call, rpc::Unit& unit,
                             const v1::RejectSpecialPriceAuthorizationRequest& request,
                             v1::SpecialPriceAuthorization* reply);
  absl::Status WithdrawRequest(const rpc::Call& call, rpc::Unit& unit,
                               const v1::WithdrawSpecialPriceAuthorizationRequest& request,
                               v1::SpecialPriceAuthorization* reply);

 private:
  // For update; checks the etag.
  template <typename Request>
  absl::StatusOr<SpecialPriceAuthorization> Load(rpc::Unit& unit, const Request& request) const;
  // Stores what was decided and tells it.
  absl::Status Save(rpc::Unit& unit, std::string_view verb, const SpecialPriceAuthorization& decided,
                    v1::SpecialPriceAuthorization* reply) const;

  const PageTokens& tokens_;
  SpecialPriceStore special_prices_;
};

}  // namespace tributary::incentive
