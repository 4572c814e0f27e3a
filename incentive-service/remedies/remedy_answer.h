#pragma once

// What remedies of cases (conflict-service) are told of their steps.

#include <optional>
#include <string>
#include <string_view>

#include "common/events/outbox.h"
#include "incentive-service/adjustments/adjustment.h"
#include "tributary/conflict/v1/remedy.pb.h"

namespace tributary::incentive {

// Told by the remedy's name, so that its answers stay in order.
events::EventDraft DraftOf(const conflict::v1::RemedyAnswer& answer);

// What the adjustment as it is now answers to the remedy that asked for it: APPLIED once it is APPROVED, REFUSED once
// it is REJECTED, COMPENSATED by one that takes another back. None while it is REQUESTED, and of one that no remedy
// asked for.
std::optional<events::EventDraft> AnswerOf(const Adjustment& adjustment);

}  // namespace tributary::incentive
