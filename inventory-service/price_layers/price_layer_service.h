#pragma once

// PriceLayerService: at which prices partners hold their stock, and what a price cut costs.

#include "absl/status/status.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/price_layers/price_layer_store.h"
#include "tributary/inventory/v1/price_layer.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class PriceLayerService {
 public:
  // Both outlive it.
  PriceLayerService(PartnerDirectory& partners, const PageTokens& page_tokens)
      : partners_(partners), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status ListLayers(const rpc::Call& call, rpc::Unit& unit, const v1::ListPriceLayersRequest& request,
                          v1::ListPriceLayersResponse* reply);
  absl::Status GetExposure(const rpc::Call& call, rpc::Unit& unit, const v1::GetPriceProtectionExposureRequest& request,
                           v1::PriceProtectionExposure* reply);
  absl::Status CreateProtection(const rpc::Call& call, rpc::Unit& unit, const v1::CreatePriceProtectionRequest& request,
                                v1::PriceProtection* reply);
  absl::Status ListProtections(const rpc::Call& call, rpc::Unit& unit, const v1::ListPriceProtectionsRequest& request,
                               v1::ListPriceProtectionsResponse* reply);

  // The protections as events of the feed.
  events::RowSource Source() const;

 private:
  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  PriceLayerStore store_;
};

}  // namespace tributary::inventory
