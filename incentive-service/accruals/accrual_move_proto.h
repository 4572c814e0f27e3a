#pragma once

// Moves of accruals as this service's feed tells them.

#include "common/events/outbox.h"
#include "incentive-service/accruals/accrual.h"

namespace tributary::incentive {

// In the shard of the accrual's partner.
events::EventDraft DraftOf(const AccrualMove& move);

}  // namespace tributary::incentive
