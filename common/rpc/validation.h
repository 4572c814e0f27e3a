#pragma once

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace tributary::rpc {

// Checks a request against its annotations (google.api.field_behavior, google.api.resource names,
// tributary.api.v1.rules): required fields, formats, lengths, ranges, item counts, unknown enum numbers, google.type.Money
// (known currency, nanos in range and of the units' sign), google.type.Date (a real, whole date) and google.type.Decimal
// (a plain decimal of allowed scale and range), invalid UTF-8. Output-only fields are ignored and cleared.
// INVALID_ARGUMENT with every violation, each with its field path; OK otherwise. Thread-safe.
absl::Status Validate(google::protobuf::Message& request);

}  // namespace tributary::rpc
