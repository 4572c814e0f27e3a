#pragma once

// Payments and allocations on the wire.

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "inventory-service/payments/payment.h"
#include "tributary/inventory/v1/payment.pb.h"

namespace tributary::inventory {

v1::Payment ToProto(const Payment& payment);
v1::Allocation ToProto(const Allocation& allocation, std::string_view partner, std::string_view currency);

// A payment to the partner `partner` as stated; violations name the fields of the payment.
absl::StatusOr<Payment> FromProto(const v1::Payment& payment, std::string_view partner);
// Parts of a payment in `currency`, whose invoices are the partner's; violations name "[i].invoice".
absl::StatusOr<std::vector<NamedPart>> FromProto(const google::protobuf::RepeatedPtrField<v1::Remittance>& parts,
                                                 std::string_view partner, std::string_view currency);

// For the feed.
events::EventDraft Told(std::string_view verb, const Payment& payment);

}  // namespace tributary::inventory
