#pragma once

// For tests of reservations through the whole service.

#include <string>
#include <vector>

#include "inventory-service/testing_goods.h"
#include "tributary/inventory/v1/reservation.pb.h"

namespace tributary::inventory {

// A request of acme's for `quantity` of the product at main; the end comes in ten minutes.
inline v1::CreateReservationRequest NewReservation(const std::string& id, const std::string& product, int quantity) {
  v1::CreateReservationRequest request;
  request.set_parent("partners/acme");
  request.set_reservation_id(id);
  *request.mutable_reservation()->mutable_expire_time() = wire::ToProto(absl::Now() + absl::Minutes(10));
  v1::ReservationLine& line = *request.mutable_reservation()->add_lines();
  line.set_product("products/" + product);
  line.mutable_quantity()->set_value(std::to_string(quantity));
  return request;
}
inline void AddLine(v1::CreateReservationRequest* request, const std::string& product, int quantity,
                    const std::string& site = "") {
  v1::ReservationLine& line = *request->mutable_reservation()->add_lines();
  line.set_product("products/" + product);
  line.mutable_quantity()->set_value(std::to_string(quantity));
  if (!site.empty()) line.set_site("partners/acme/sites/" + site);
}

// The calls of one client.
class ReservationCalls {
 public:
  explicit ReservationCalls(Inventory& inventory) : inventory_(inventory) {}

  absl::StatusOr<v1::Reservation> Create(const v1::CreateReservationRequest& request,
                                         const rpc::CallOptions& options = {}) {
    return inventory_.Call<v1::Reservation>("ReservationService/CreateReservation", request, options);
  }
  absl::StatusOr<v1::Reservation> Get(const std::string& name, const rpc::CallOptions& options = {}) {
    v1::GetReservationRequest request;
    request.set_name(name);
    return inventory_.Call<v1::Reservation>("ReservationService/GetReservation", request, options);
  }
  absl::StatusOr<v1::Reservation> Post(const v1::PostReservationRequest& request,
                                       const rpc::CallOptions& options = {}) {
    return inventory_.Call<v1::Reservation>("ReservationService/PostReservation", request, options);
  }
  absl::StatusOr<v1::Reservation> Post(const std::string& name, const rpc::CallOptions& options = {}) {
    v1::PostReservationRequest request;
    request.set_name(name);
    return Post(request, options);
  }
  absl::StatusOr<v1::Reservation> Void(const std::string& name, const rpc::CallOptions& options = {}) {
    v1::VoidReservationRequest request;
    request.set_name(name);
    return inventory_.Call<v1::Reservation>("ReservationService/VoidReservation", request, options);
  }
  absl::StatusOr<v1::Reservation> Extend(const std::string& name, absl::Time expire_time) {
    v1::ExtendReservationRequest request;
    request.set_name(name);
    *request.mutable_expire_time() = wire::ToProto(expire_time);
    return inventory_.Call<v1::Reservation>("ReservationService/ExtendReservation", request);
  }
  // Ids of acme's that fulfill the filter, page by page.
  std::vector<std::string> List(const std::string& filter, int page_size = 1000) {
    std::vector<std::string> ids;
    v1::ListReservationsRequest request;
    request.set_parent("partners/acme");
    request.set_filter(filter);
    request.set_page_size(page_size);
    do {
      const auto page = inventory_.Call<v1::ListReservationsResponse>("ReservationService/ListReservations", request);
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const v1::Reservation& one : page->reservations())
        ids.push_back(one.name().substr(one.name().rfind('/') + 1));
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }

 private:
  Inventory& inventory_;
};

}  // namespace tributary::inventory
