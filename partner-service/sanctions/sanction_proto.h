#pragma once

// Sanctions on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/sanctions/sanction.h"
#include "tributary/partner/v1/sanction.pb.h"

namespace tributary::partner {

v1::Sanction ToProto(const Sanction& sanction);
// The content that callers may set; without a first day it begins on `today`.
absl::StatusOr<Sanction> FromProto(const v1::Sanction& sanction, Date today);
// For the feed.
events::EventDraft Told(std::string_view verb, const Sanction& sanction);

}  // namespace tributary::partner
