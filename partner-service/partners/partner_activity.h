#pragma once

// How many days a partner has been ACTIVE. Pure.

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "partner-service/partners/partner.h"

namespace tributary::partner {

// From the call that made it ACTIVE to the one that ended that.
struct ActiveSpan {
  absl::Time start;
  std::optional<absl::Time> end;  // none while it is
};

// Whole days, by the calendar of the partner's time zone: a day counts when the next one begins.
int ActiveDays(const Partner& partner, const std::vector<ActiveSpan>& spans, absl::Time now);

}  // namespace tributary::partner
