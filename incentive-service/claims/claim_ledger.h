#pragma once

// What a claim does in the ledger.

#include <optional>

#include "incentive-service/claims/claim.h"
#include "incentive-service/ledger/ledger_entry.h"

namespace tributary::incentive {

// Submitted it stands in CLAIMED with what is claimed, approved in APPROVED with what was approved, paid in PAID; what
// of it the partner has deducted in DEDUCTED; what true-ups took back since in CLAWED_BACK.
Standing StandingOf(const Claim& claim);

// What the change of a claim moves; `before` is nullptr for a new one. Unset where nothing moves.
std::optional<LedgerEntry> MoveOf(const Claim* before, const Claim& after);

}  // namespace tributary::incentive
