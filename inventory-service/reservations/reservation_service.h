#pragma once

// ReservationService: units held for somebody.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/orders/order_store.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/reservations/reservation_store.h"
#include "tributary/inventory/v1/reservation.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class ReservationService {
 public:
  // Both outlive it.
  ReservationService(PartnerDirectory& partners, const PageTokens& page_tokens)
      : partners_(partners), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetReservationRequest& request,
                   v1::Reservation* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListReservationsRequest& request,
                    v1::ListReservationsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateReservationRequest& request,
                      v1::Reservation* reply);
  absl::Status BatchCreate(const rpc::Call& call, rpc::Unit& unit, const v1::BatchCreateReservationsRequest& request,
                           v1::BatchCreateReservationsResponse* reply);
  absl::Status Post(const rpc::Call& call, rpc::Unit& unit, const v1::PostReservationRequest& request,
                    v1::Reservation* reply);
  absl::Status Void(const rpc::Call& call, rpc::Unit& unit, const v1::VoidReservationRequest& request,
                    v1::Reservation* reply);
  absl::Status Extend(const rpc::Call& call, rpc::Unit& unit, const v1::ExtendReservationRequest& request,
                      v1::Reservation* reply);

 private:
  // Loads for a verb, with the etag where the request gives one.
  template <typename Request>
  absl::StatusOr<Reservation> Load(rpc::Unit& unit, const Request& request) const;
  // Products that are in use and lie in stock, and quantities that their steps allow.
  absl::Status CheckProducts(rpc::Unit& unit, const std::vector<Hold>& holds) const;
  // An order of the partner of which something is confirmed.
  absl::Status CheckOrder(const rpc::Call& call, rpc::Unit& unit, const Hold& hold) const;
  // Holds the units of all of them, which are one partner's, or none.
  absl::Status HoldAll(const rpc::Call& call, rpc::Unit& unit, const std::vector<Hold>& holds) const;

  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  ReservationStore store_;
  OrderStore orders_;
};

}  // namespace tributary::inventory
