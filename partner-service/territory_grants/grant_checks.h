#pragma once

// What a new territory grant has to meet, beside its own terms. On the locked partner.

#include <string_view>

#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "partner-service/partners/partner.h"
#include "partner-service/regions/region_store.h"
#include "partner-service/sanctions/sanction_store.h"
#include "partner-service/territory_grants/territory_grant_store.h"

namespace tributary::partner {

class GrantChecks {
 public:
  // STATE_CONFLICT: the partner is TERMINATED, or a sanction is in force that keeps it from new territory.
  absl::Status CheckMayHold(mysql::Transaction& sql, const Partner& partner, std::string_view verb) const;
  // REFERENCE_NOT_FOUND: regions that are not in use.
  absl::Status CheckRegionsInUse(mysql::Transaction& sql, const TerritoryGrant& grant) const;
  // VALIDITY_OVERLAP where it is EXCLUSIVE and meets another partner's that is, but for the one in whose place it is
  // given.
  absl::Status CheckExclusive(mysql::Transaction& sql, const TerritoryGrant& grant,
                              const TerritoryGrant* in_place_of = nullptr) const;

 private:
  TerritoryGrantStore grants_;
  RegionStore regions_;
  SanctionStore sanctions_;
};

}  // namespace tributary::partner
