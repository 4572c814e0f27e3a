#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/events/outbox.h"
#include "google/protobuf/repeated_field.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/facts/watermark.h"
#include "tributary/events/v1/feed.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"

namespace tributary::incentive {

inline constexpr std::string_view kShipmentLineType = "tributary.inventory.v1.ShipmentLine";

// A line as inventory's feed told it there and then. INVALID_FIELD where the message is not what inventory promises.
absl::StatusOr<FactLine> FromProto(const tributary::inventory::v1::ShipmentLine& message, events::Cursor cursor,
                                   absl::Time recorded_at);

// Shards at 0 are left out.
void WatermarkToProto(const Watermark& watermark,
                      google::protobuf::RepeatedPtrField<tributary::events::v1::Cursor>* cursors);

}  // namespace tributary::incentive
