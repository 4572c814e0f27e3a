#pragma once

// How reservations are made: several that belong together, or several that came at the same time.

#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/rpc/call.h"
#include "inventory-service/reservations/reservation.h"

namespace tributary::inventory {

// All of `holds`, which are one partner's, or none; quantities that are stated in units are in base units
// afterwards, and a line of a kit is a line of each of its parts of the day.
// Refused, in this order: REFERENCE_NOT_FOUND of a product that is not in use or lies in no stock, and what InBaseUnits
// refuses of a unit, NOT_A_MULTIPLE of the product's step; REFERENCE_NOT_FOUND or STATE_CONFLICT of an order of
// which nothing is confirmed; ALREADY_EXISTS; and what DecideHolds refuses.
absl::Status HoldAll(const rpc::Call& call, rpc::Unit& unit, absl::Span<Hold> holds);

// One that somebody asks for by a call of its own, and its answer.
struct AskedHold {
  const rpc::Call* call = nullptr;
  Hold hold;
  absl::Status status;
};
// As if each had come after the one before it: one that is refused, as above, holds nothing and leaves the others as
// they are. Of any partners.
absl::Status HoldEach(rpc::Unit& unit, absl::Span<AskedHold> asked);

}  // namespace tributary::inventory
