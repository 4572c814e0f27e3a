#pragma once

// What an exclusive grant promises: no other partner holds a part of the same scope exclusively. Pure.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/scopes/scope_box.h"
#include "partner-service/territory_grants/territory_grant.h"

namespace tributary::partner {

ScopeBox ScopeOf(const TerritoryGrant& grant);

// Those of `others` that could rival an EXCLUSIVE grant, wherever their regions lie: EXCLUSIVE and ACTIVE, of another
// partner, and sharing product lines, segments, routes and days with it. None for a grant that is not EXCLUSIVE.
std::vector<TerritoryGrant> Rivals(const TerritoryGrant& grant, const std::vector<TerritoryGrant>& others);

// VALIDITY_OVERLAP with what is shared with whose grant, where a rival shares regions too. What a partner shares with
// itself is no overlap; neither is a NON_EXCLUSIVE or HELPER grant beside an exclusive one.
absl::Status CheckExclusivity(const TerritoryGrant& grant, const std::vector<TerritoryGrant>& rivals,
                              const RegionTree& regions);

}  // namespace tributary::partner
