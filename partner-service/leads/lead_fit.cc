#include "partner-service/leads/lead_fit.h"

#include <algorithm>
#include <tuple>

namespace tributary::partner {
namespace {

bool Has(const std::vector<std::string>& elements, const std::string& element) {
  return std::find(elements.begin(), elements.end(), element) != elements.end();
}

int PointsOf(Exclusivity exclusivity) {
  switch (exclusivity) {
    case Exclusivity::kExclusive:
      return kExclusivePoints;
    case Exclusivity::kNonExclusive:
      return kNonExclusivePoints;
    case Exclusivity::kHelper:
      return kHelperPoints;
  }
  return 0;
}

// Of a list of a covering grant: 10 where it names what is asked for, 5 where it is without limits.
int PointsOf(const std::vector<std::string>& limits) { return limits.empty() ? 5 : 10; }

}  // namespace

bool Covers(const NearbyGrant& grant, const LeadScope& scope) {
  if (!grant.product_lines.empty()) {
    if (scope.product_lines.empty()) return false;
    for (const std::string& line : scope.product_lines) {
      if (!Has(grant.product_lines, line)) return false;
    }
  }
  return grant.segments.empty() || Has(grant.segments, scope.segment);
}

RoutingCandidate FitOf(const NearbyPartner& partner, const LeadScope& scope) {
  RoutingCandidate candidate{.partner_id = partner.id, .active = partner.active};
  std::tuple<int, int, int> best{0, 0, 0};
  for (const NearbyGrant& grant : partner.grants) {
    if (!Covers(grant, scope)) continue;
    best = std::max(best, {PointsOf(grant.exclusivity), PointsOf(grant.product_lines), PointsOf(grant.segments)});
  }
  candidate.territory_points = std::get<0>(best);
  candidate.product_line_points = scope.product_lines.empty() ? kNotKnown : std::get<1>(best);
  candidate.segment_points = scope.segment.empty() ? kNotKnown : std::get<2>(best);
  if (partner.home_region.empty()) {
    candidate.proximity_points = kNotKnown;
  } else if (!scope.regions.empty() && partner.home_region == scope.regions.front()) {
    candidate.proximity_points = 10;
  } else {
    candidate.proximity_points = Has(scope.regions, partner.home_region) ? 5 : 0;
  }
  return candidate;
}

}  // namespace tributary::partner
