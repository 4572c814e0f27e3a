#pragma once

// A territory grant that passes from its holder to another partner, or to nobody, from a day on: what it gave before
// stays the holder's. Since terms never change, the grant is revoked and new ones are given for its days. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/time/date.h"
#include "partner-service/territory_grants/territory_grant.h"

namespace tributary::partner {

struct Handover {
  TerritoryGrant taken;                 // REVOKED
  std::optional<TerritoryGrant> kept;   // the holder's until that day; none where the grant begins no earlier
  std::optional<TerritoryGrant> given;  // the recipient's from that day on
};

// `recipient_id` may be empty. New grants have the id `id`. Refused: not ACTIVE (STATE_CONFLICT); the grant has ended
// by that day (INVALID_FIELD effective_from).
absl::StatusOr<Handover> HandOver(const TerritoryGrant& grant, const std::string& recipient_id, Date from,
                                  std::string_view id, absl::Time now);

// What its holder lost by a handover, as a new grant of the holder's.
TerritoryGrant GiveBack(const TerritoryGrant& grant, Date from, std::string_view id, absl::Time now);

}  // namespace tributary::partner
