#pragma once

// Credit lines on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/credit_lines/credit_line.h"
#include "tributary/partner/v1/credit_line.pb.h"

namespace tributary::partner {

v1::CreditLine ToProto(const CreditLine& line);
// The content that callers may set; INVALID_FIELD for what is malformed.
absl::StatusOr<CreditLine> FromProto(const v1::CreditLine& line);
// For the feed.
events::EventDraft Told(std::string_view verb, const CreditLine& line);

}  // namespace tributary::partner
