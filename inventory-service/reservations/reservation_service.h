#pragma once

// ReservationService: units held for somebody.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
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
  using CreateReservation = rpc::Grouped<v1::CreateReservationRequest, v1::Reservation>;
  absl::Status Create(rpc::Unit& unit, absl::Span<CreateReservation> calls);
  absl::Status BatchCreate(const rpc::Call& call, rpc::Unit& unit, const v1::BatchCreateReservationsRequest& request,
                           v1::BatchCreateReservationsResponse* reply);
  using PostReservation = rpc::Grouped<v1::PostReservationRequest, v1::Reservation>;
  absl::Status Post(rpc::Unit& unit, absl::Span<PostReservation> calls);
  using VoidReservation = rpc::Grouped<v1::VoidReservationRequest, v1::Reservation>;
  absl::Status Void(rpc::Unit& unit, absl::Span<VoidReservation> calls);
  absl::Status Extend(const rpc::Call& call, rpc::Unit& unit, const v1::ExtendReservationRequest& request,
                      v1::Reservation* reply);

 private:
  // Loads for a verb, with the etag where the request gives one.
  template <typename Request>
  absl::StatusOr<Reservation> Load(rpc::Unit& unit, const Request& request) const;
  // Ends what the calls name, each as the one before it has left it. `read` says what a request asks for, `decide` what
  // becomes of the reservation.
  template <typename Call, typename Read, typename Decide>
  absl::Status EndEach(rpc::Unit& unit, std::string_view verb, absl::Span<Call> calls, Read read, Decide decide);

  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  ReservationStore store_;
};

}  // namespace tributary::inventory
