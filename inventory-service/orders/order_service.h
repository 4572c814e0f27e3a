#pragma once

// DistributorOrderService: orders, from the draft to the last payment: commands. What facts make of them is told by
// OrderWatch.

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/orders/order_store.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/sites/site_store.h"
#include "inventory-service/supply/supply_store.h"
#include "tributary/inventory/v1/order.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class OrderService {
 public:
  // Both outlive it.
  OrderService(PartnerDirectory& partners, const PageTokens& page_tokens)
      : partners_(partners), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetDistributorOrderRequest& request,
                   v1::DistributorOrder* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListDistributorOrdersRequest& request,
                    v1::ListDistributorOrdersResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateDistributorOrderRequest& request,
                      v1::DistributorOrder* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateDistributorOrderRequest& request,
                      v1::DistributorOrder* reply);
  absl::Status Place(const rpc::Call& call, rpc::Unit& unit, const v1::PlaceDistributorOrderRequest& request,
                     v1::DistributorOrder* reply);
  absl::Status Confirm(const rpc::Call& call, rpc::Unit& unit, const v1::ConfirmDistributorOrderRequest& request,
                       v1::DistributorOrder* reply);
  absl::Status Release(const rpc::Call& call, rpc::Unit& unit, const v1::ReleaseDistributorOrderRequest& request,
                       v1::DistributorOrder* reply);
  absl::Status Amend(const rpc::Call& call, rpc::Unit& unit, const v1::AmendDistributorOrderRequest& request,
                     v1::DistributorOrder* reply);
  absl::Status Cancel(const rpc::Call& call, rpc::Unit& unit, const v1::CancelDistributorOrderRequest& request,
                      v1::DistributorOrder* reply);
  absl::Status GetFillRate(const rpc::Call& call, rpc::Unit& unit, const v1::GetFillRateRequest& request,
                           v1::FillRate* reply);

 private:
  // The order, its partner's account locked and its etag checked.
  template <typename Request>
  absl::StatusOr<Order> Load(const rpc::Call& call, rpc::Unit& unit, const Request& request) const;
  // Gives lines that are ordered in units their quantities in base units; one that `before` has just so and that cannot
  // be converted any more, as its unit is gone, keeps what it came to then. REFERENCE_NOT_FOUND of a line's product,
  // and what InBaseUnits refuses of its unit.
  absl::Status CompleteLines(rpc::Unit& unit, const Order& before, Order* order) const;
  // REFERENCE_NOT_FOUND of its site, or SITE_CLOSED on the day for which it is wanted.
  absl::Status CheckSite(rpc::Unit& unit, const Order& order) const;
  // Stores, tells and answers.
  absl::Status Finish(const rpc::Call& call, rpc::Unit& unit, std::string_view verb, Order order,
                      v1::DistributorOrder* reply) const;

  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  OrderStore orders_;
  SupplyStore supply_;
  SiteStore sites_;
};

}  // namespace tributary::inventory
