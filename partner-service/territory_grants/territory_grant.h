#pragma once

// Territory grants: where a partner may sell what, to whom, how, and when. ACTIVE until REVOKED; terms never change (a
// new grant takes the place of an old one). Pure values and decisions.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/time/date.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class GrantState { kActive = 1, kRevoked = 2 };
enum class Exclusivity { kExclusive = 1, kNonExclusive = 2, kHelper = 3 };
std::string_view NameOf(GrantState state);
std::string_view NameOf(Exclusivity exclusivity);

struct TerritoryGrant {
  std::string partner_id;
  std::string id;
  Revision revision;
  GrantState state = GrantState::kActive;
  bool undone = false;                     // revoked because its partner's import was undone; the id may be given again
  std::vector<std::string> regions;        // regions/{region}, each with its descendants; never empty
  std::vector<std::string> product_lines;  // productLines/{product_line}; empty is every line
  std::vector<std::string> segments;       // codes; empty is every segment
  std::vector<std::string> routes;         // codes; empty is every route
  Exclusivity exclusivity = Exclusivity::kNonExclusive;
  DateRange effective;   // its end OpenEnd() where it is open
  std::string replaces;  // id of the grant in whose place it was given, or empty

  std::string name() const;  // partners/{partner_id}/territoryGrants/{id}
};

// INVALID_FIELD: the end does not lie after the start; a list names something twice.
absl::Status CheckTerms(const TerritoryGrant& grant);

// OK where none of the grant's regions is `missing`; else REFERENCE_NOT_FOUND with each.
absl::Status CheckRegions(const TerritoryGrant& grant, const std::vector<std::string>& missing);

// Refused: not ACTIVE.
absl::StatusOr<TerritoryGrant> Revoke(const TerritoryGrant& grant, absl::Time now);
// By an undone import: REVOKED from any state, and the id is free again.
TerritoryGrant TakeBack(const TerritoryGrant& grant, absl::Time now);

}  // namespace tributary::partner
