#pragma once

// Orders on the wire.

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_field.h"
#include "inventory-service/orders/order_store.h"
#include "tributary/inventory/v1/order.pb.h"

namespace tributary::inventory {

v1::DistributorOrder ToProto(const Order& order, const OrderProgress& progress);
v1::FillRate ToProto(const FillRate& rate);

// The content that callers may set, for an order of the partner. Violations name the fields of the order.
absl::StatusOr<Order> FromProto(const v1::DistributorOrder& order, std::string_view partner);
// Lines, by number, all in one currency, which is answered too; violations name "[i].product".
struct StatedLines {
  std::vector<OrderLine> lines;
  std::string currency;
};
absl::StatusOr<StatedLines> FromProto(const google::protobuf::RepeatedPtrField<v1::OrderLine>& lines);
absl::StatusOr<std::vector<ConfirmPart>> FromProto(const google::protobuf::RepeatedPtrField<v1::OrderPart>& parts);

}  // namespace tributary::inventory
