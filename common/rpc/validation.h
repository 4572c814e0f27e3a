#pragma once

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace tributary::rpc {

// Checks a request against its annotations (google.api.field_behavior, google.api.resource and resource_reference
// names, tributary.api.v1.rules): required fields, formats, lengths in characters, ranges, item counts, unknown enum
// numbers, google.type.Money (known currency, nanos in range and of the units' sign), google.type.Date (a real, whole
// date), google.type.Decimal (a plain decimal of allowed scale and range), google.protobuf.Timestamp (years 1 to 9999),
// invalid UTF-8. INVALID_ARGUMENT with every violation (the first 100), each with its field path in the proto's names
// ("sell_through_sale.unit_price.nanos", "trade_names[2]"); OK otherwise. Thread-safe.
//
// - Output-only fields are ignored and cleared at every depth, also inside the resource of a Create or Update request.
// Unknown fields
//   are kept.
// - In a request with an update_mask, fields of the resource are required only where the mask names them (or is "*"),
// its
//   identifier always; the mask may not name an identifier or an immutable field.
// - The rows of a BatchImport*Request or StreamPost*Request are counted, no more: handlers check each row by a call of
//   its own, so that one bad row does not refuse the others.
// - A required number is one that is not 0; ranges hold for the 0 of an unset number as well.
absl::Status Validate(google::protobuf::Message& request);

}  // namespace tributary::rpc
