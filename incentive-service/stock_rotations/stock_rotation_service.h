#pragma once

// The RPCs of stock rotations.

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/stock_rotations/stock_rotation_store.h"
#include "tributary/incentive/v1/stock_rotation.pb.h"

namespace tributary::incentive {

class StockRotationService {
 public:
  explicit StockRotationService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetStockRotationRequest& request,
                   v1::StockRotation* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListStockRotationsRequest& request,
                    v1::ListStockRotationsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateStockRotationRequest& request,
                      v1::StockRotation* reply);
  absl::Status ApproveRotation(const rpc::Call& call, rpc::Unit& unit, const v1::ApproveStockRotationRequest& request,
                               v1::StockRotation* reply);

 private:
  const PageTokens& tokens_;
  StockRotationStore rotations_;
};

}  // namespace tributary::incentive
