#pragma once

// Agreements on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/agreements/agreement.h"
#include "tributary/partner/v1/agreement.pb.h"

namespace tributary::partner {

v1::Agreement ToProto(const Agreement& agreement);
// The same, named as the revision that it is.
v1::Agreement ToRevisionProto(const Agreement& agreement);
AgreementTerms FromProto(const v1::Agreement::Terms& terms);
// The content that callers may set, before its text is written.
absl::StatusOr<Agreement> FromProto(const v1::Agreement& agreement);
// For the feed.
events::EventDraft Told(std::string_view verb, const Agreement& agreement);

}  // namespace tributary::partner
