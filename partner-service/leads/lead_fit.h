#pragma once

// How well a partner fits a lead, before its turns and open offers are looked at. Pure.

#include <string>
#include <vector>

#include "partner-service/leads/routing.h"
#include "partner-service/territory_grants/territory_grant.h"

namespace tributary::partner {

// What a lead asks for.
struct LeadScope {
  std::vector<std::string> regions;        // its own first, then those that it lies in, each in the next
  std::vector<std::string> product_lines;  // none where not known
  std::string segment;                     // empty where not known
};

// A grant that is in force and covers the lead's region; what else it says.
struct NearbyGrant {
  Exclusivity exclusivity = Exclusivity::kNonExclusive;
  std::vector<std::string> product_lines;  // empty is every line
  std::vector<std::string> segments;       // empty is every segment
};

struct NearbyPartner {
  std::string id;
  bool active = false;
  std::string home_region;  // may be empty
  std::vector<NearbyGrant> grants;
};

// Whether the grant covers all that the lead asks for. What the lead does not tell is covered by a grant without limits
// there alone.
bool Covers(const NearbyGrant& grant, const LeadScope& scope);

// The candidate with its points by the best of its grants that cover the lead.
RoutingCandidate FitOf(const NearbyPartner& partner, const LeadScope& scope);

}  // namespace tributary::partner
