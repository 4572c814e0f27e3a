#pragma once

// Fiscal calendars on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/fiscal_calendars/fiscal_calendar.h"
#include "tributary/partner/v1/fiscal_calendar.pb.h"

namespace tributary::partner {

v1::FiscalPeriod ToProto(const FiscalPeriod& period);
v1::FiscalCalendar ToProto(const FiscalCalendar& calendar);
// The content that callers may set, sorted; INVALID_FIELD for what is malformed.
absl::StatusOr<FiscalCalendar> FromProto(const v1::FiscalCalendar& calendar);
absl::StatusOr<FiscalLayout> FromProto(const v1::FiscalLayout& layout);
// For the feed.
events::EventDraft Told(std::string_view verb, const FiscalCalendar& calendar);

}  // namespace tributary::partner
