#pragma once

// The RPCs of price changes.

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/adjustments/adjustment_store.h"
#include "incentive-service/channel_facts/channel_fact_store.h"
#include "incentive-service/price_changes/price_change_store.h"
#include "incentive-service/price_changes/protected_stock.h"
#include "tributary/incentive/v1/price_change.pb.h"

namespace tributary::incentive {

class PriceChangeService {
 public:
  explicit PriceChangeService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetPriceChangeRequest& request,
                   v1::PriceChange* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPriceChangesRequest& request,
                    v1::ListPriceChangesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreatePriceChangeRequest& request,
                      v1::PriceChange* reply);
  absl::Status Preview(const rpc::Call& call, rpc::Unit& unit, const v1::PreviewExposureRequest& request,
                       v1::PreviewExposureResponse* reply);
  absl::Status ChargeRise(const rpc::Call& call, rpc::Unit& unit, const v1::ChargeRiseRequest& request,
                          v1::Adjustment* reply);
  absl::Status AnnounceChange(const rpc::Call& call, rpc::Unit& unit, const v1::AnnouncePriceChangeRequest& request,
                              v1::PriceChange* reply);

 private:
  const PageTokens& tokens_;
  PriceChangeStore changes_;
  ChannelFactStore facts_;
  ProtectedStock stock_;
  AdjustmentStore adjustments_;
};

}  // namespace tributary::incentive
