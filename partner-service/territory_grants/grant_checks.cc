#include "partner-service/territory_grants/grant_checks.h"

#include <map>
#include <string>
#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/territory_grants/exclusivity.h"

namespace tributary::partner {

absl::Status GrantChecks::CheckMayHold(mysql::Transaction& sql, const Partner& partner, std::string_view verb) const {
  RETURN_IF_ERROR(CheckOpen(partner, verb));
  ASSIGN_OR_RETURN(const std::vector<Sanction> lasting, sanctions_.Lasting(sql, partner.id));
  for (const Sanction& sanction : lasting) {
    if (!KeepsFromGrants(sanction)) continue;
    return WrongState(partner.name(), verb, StrCat("under ", sanction.name()), "a partner without it");
  }
  return absl::OkStatus();
}

absl::Status GrantChecks::CheckRegionsInUse(mysql::Transaction& sql, const TerritoryGrant& grant) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> missing, regions_.Missing(sql, grant.regions));
  return CheckRegions(grant, missing);
}

absl::Status GrantChecks::CheckExclusive(mysql::Transaction& sql, const TerritoryGrant& grant,
                                         const TerritoryGrant* in_place_of) const {
  if (grant.exclusivity != Exclusivity::kExclusive) return absl::OkStatus();
  RETURN_IF_ERROR(grants_.LockExclusive(sql));
  ASSIGN_OR_RETURN(std::vector<TerritoryGrant> others, grants_.ExclusiveOfOthers(sql, grant));
  if (in_place_of != nullptr) {
    std::erase_if(others, [&](const TerritoryGrant& other) { return other.name() == in_place_of->name(); });
  }
  const std::vector<TerritoryGrant> rivals = Rivals(grant, others);
  if (rivals.empty()) return absl::OkStatus();
  std::vector<std::string> named = grant.regions;
  for (const TerritoryGrant& rival : rivals) named.insert(named.end(), rival.regions.begin(), rival.regions.end());
  ASSIGN_OR_RETURN(const RegionMap regions, regions_.GetWithAncestors(sql, named));
  // One that is not in use lies nowhere.
  std::map<std::string, std::string> parents;
  for (const auto& [name, region] : regions) {
    parents[name] = region.state == RegionState::kActive ? region.parent_region : "";
  }
  return CheckExclusivity(grant, rivals, RegionTree::FromParents(parents));
}

}  // namespace tributary::partner
