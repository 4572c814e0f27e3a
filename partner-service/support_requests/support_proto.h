#pragma once

// Support policies and requests on the wire, and in the columns that keep parts of them.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/support_requests/support_request.h"
#include "tributary/partner/v1/support_policy.pb.h"
#include "tributary/partner/v1/support_request.pb.h"

namespace tributary::partner {

v1::SupportPolicy ToProto(const SupportPolicy& policy);
// The content that callers may set; INVALID_FIELD for what is malformed.
absl::StatusOr<SupportPolicy> FromProto(const v1::SupportPolicy& policy);
v1::SupportRequest ToProto(const SupportRequest& request);
// The content that callers may set; INVALID_FIELD for what is malformed.
absl::StatusOr<SupportRequest> FromProto(const v1::SupportRequest& request);

std::string SupportTermsToBytes(const std::vector<SupportTerm>& terms);
absl::StatusOr<std::vector<SupportTerm>> SupportTermsFromBytes(std::string_view bytes);
std::string SupportStepsToBytes(const std::vector<SupportStep>& steps);
absl::StatusOr<std::vector<SupportStep>> SupportStepsFromBytes(std::string_view bytes);

// For the feed.
events::EventDraft Told(std::string_view verb, const SupportPolicy& policy);
events::EventDraft Told(std::string_view verb, const SupportRequest& request);

}  // namespace tributary::partner
