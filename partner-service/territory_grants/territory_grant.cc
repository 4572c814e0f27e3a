#include "partner-service/territory_grants/territory_grant.h"

#include <algorithm>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/known_revision.h"
#include "partner-service/refusals/name_lists.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

TerritoryGrant Revoked(const TerritoryGrant& grant, absl::Time now) {
  TerritoryGrant next = grant;
  next.state = GrantState::kRevoked;
  next.revision = After(grant.revision, now);
  return next;
}

}  // namespace

std::string_view NameOf(GrantState state) {
  switch (state) {
    case GrantState::kActive:
      return "ACTIVE";
    case GrantState::kRevoked:
      return "REVOKED";
  }
  return "STATE_UNSPECIFIED";
}

std::string_view NameOf(Exclusivity exclusivity) {
  switch (exclusivity) {
    case Exclusivity::kExclusive:
      return "EXCLUSIVE";
    case Exclusivity::kNonExclusive:
      return "NON_EXCLUSIVE";
    case Exclusivity::kHelper:
      return "HELPER";
  }
  return "EXCLUSIVITY_UNSPECIFIED";
}

std::string TerritoryGrant::name() const { return StrCat("partners/", partner_id, "/territoryGrants/", id); }

absl::Status CheckTerms(const TerritoryGrant& grant) {
  std::vector<FieldViolation> violations;
  CheckDistinct("regions", grant.regions, &violations);
  CheckDistinct("product_lines", grant.product_lines, &violations);
  CheckDistinct("segments", grant.segments, &violations);
  CheckDistinct("routes", grant.routes, &violations);
  CheckDays(grant.effective, &violations);
  return AllOf(std::move(violations));
}

absl::Status CheckRegions(const TerritoryGrant& grant, const std::vector<std::string>& missing) {
  if (missing.empty()) return absl::OkStatus();
  std::vector<FieldViolation> violations;
  for (size_t i = 0; i < grant.regions.size(); ++i) {
    if (std::find(missing.begin(), missing.end(), grant.regions[i]) == missing.end()) continue;
    violations.push_back({StrCat("regions[", i, "]"), grant.regions[i], "a region that is in use"});
  }
  return UnknownReferences(std::move(violations));
}

absl::StatusOr<TerritoryGrant> Revoke(const TerritoryGrant& grant, absl::Time now) {
  if (grant.state != GrantState::kActive) return WrongState(grant.name(), "revoke", NameOf(grant.state), "ACTIVE");
  return Revoked(grant, now);
}

TerritoryGrant TakeBack(const TerritoryGrant& grant, absl::Time now) {
  TerritoryGrant taken_back = Revoked(grant, now);
  taken_back.undone = true;
  return taken_back;
}

}  // namespace tributary::partner
