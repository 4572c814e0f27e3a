#pragma once

// Customers on the wire, and what of them is stored as bytes.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/customers/customer.h"
#include "tributary/partner/v1/customer.pb.h"

namespace tributary::partner {

// As Get and List show it; `canonical` is an id.
v1::Customer ToProto(const Customer& customer, std::string_view canonical);
// The same without its identity: what is kept with request ids and in the feed.
v1::Customer Pseudonymous(const Customer& customer, std::string_view canonical);
// What callers may set. INVALID_FIELD: the region's name.
absl::StatusOr<Customer> FromProto(const v1::Customer& customer);
CustomerQuery FromProto(const v1::ResolveCustomerRequest& request);
v1::CustomerCandidate ToProto(const CustomerCandidate& candidate);

std::string IdentityToBytes(const CustomerIdentity& identity);
absl::StatusOr<CustomerIdentity> IdentityFromBytes(std::string_view bytes);

// For the feed. `names` are those that it has or, of an erased one, had: digests of them are told.
events::EventDraft Told(std::string_view verb, const Customer& customer, std::string_view canonical,
                        const std::vector<std::string>& names);

}  // namespace tributary::partner
