#pragma once

// Leads and their offers on the wire.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/events/outbox.h"
#include "partner-service/leads/lead.h"
#include "tributary/partner/v1/lead.pb.h"

namespace tributary::partner {

v1::Lead ToProto(const Lead& lead);
// The content that callers may set; INVALID_FIELD where a name in it is malformed.
absl::StatusOr<Lead> FromProto(const v1::Lead& lead);
// For the feed.
events::EventDraft Told(std::string_view verb, const Lead& lead);

// As it is at `now`. With `for_partner` without the customer until it has accepted.
v1::LeadOffer ToProto(const LeadOffer& offer, absl::Time now, bool for_partner);
// For the feed.
events::EventDraft Told(std::string_view verb, const LeadOffer& offer);

void AddTerm(const RoutingTerm& term, v1::RoutingRow::Term* out);
// The terms of an offer as they are stored.
std::string TermsToBytes(const std::vector<RoutingTerm>& terms);
absl::StatusOr<std::vector<RoutingTerm>> TermsFromBytes(std::string_view bytes);

}  // namespace tributary::partner
