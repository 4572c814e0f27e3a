#pragma once

// What remedies of cases (conflict-service) are told of their steps.

#include <optional>

#include "common/events/outbox.h"
#include "incentive-service/adjustments/adjustment.h"

namespace tributary::incentive {

// What the adjustment as it is now answers to the remedy that asked for it: APPLIED once it is APPROVED, REFUSED once
// it is REJECTED, COMPENSATED by one that takes another back. None while it is REQUESTED, and of one that no remedy
// asked for.
std::optional<events::EventDraft> AnswerOf(const Adjustment& adjustment);

}  // namespace tributary::incentive
