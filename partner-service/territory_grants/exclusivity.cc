#include "partner-service/territory_grants/exclusivity.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::partner {

ScopeBox ScopeOf(const TerritoryGrant& grant) {
  return {.regions = grant.regions,
          .product_lines = grant.product_lines,
          .segments = grant.segments,
          .routes = grant.routes,
          .time = grant.effective};
}

std::vector<TerritoryGrant> Rivals(const TerritoryGrant& grant, const std::vector<TerritoryGrant>& others) {
  std::vector<TerritoryGrant> rivals;
  if (grant.exclusivity != Exclusivity::kExclusive) return rivals;
  const auto everywhere = [](const TerritoryGrant& one) {
    ScopeBox box = ScopeOf(one);
    box.regions.clear();
    return box;
  };
  std::copy_if(others.begin(), others.end(), std::back_inserter(rivals), [&](const TerritoryGrant& other) {
    return other.exclusivity == Exclusivity::kExclusive && other.state == GrantState::kActive &&
           other.partner_id != grant.partner_id &&
           Intersect(everywhere(grant), everywhere(other), RegionTree()).has_value();
  });
  return rivals;
}

absl::Status CheckExclusivity(const TerritoryGrant& grant, const std::vector<TerritoryGrant>& rivals,
                              const RegionTree& regions) {
  for (const TerritoryGrant& rival : rivals) {
    const std::optional<ScopeBox> shared = Intersect(ScopeOf(grant), ScopeOf(rival), regions);
    if (!shared.has_value()) continue;
    return Error(Reason::kValidityOverlap,
                 StrCat("got an EXCLUSIVE grant that shares with ", rival.name(), ", which is EXCLUSIVE too: ",
                        Describe(*shared), "; want a scope that no other partner holds exclusively, or allow_overlap"));
  }
  return absl::OkStatus();
}

}  // namespace tributary::partner
