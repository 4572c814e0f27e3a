#pragma once

// Exchange rates on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/exchange_rates/exchange_rate.h"
#include "tributary/partner/v1/exchange_rate.pb.h"

namespace tributary::partner {

v1::ExchangeRate ToProto(const ExchangeRate& rate);
// What is stated; INVALID_FIELD for what is malformed, or for a name that is not made of it.
absl::StatusOr<ExchangeRate> FromProto(const v1::ExchangeRate& rate);
// For the feed.
events::EventDraft Told(std::string_view verb, const ExchangeRate& rate);

}  // namespace tributary::partner
