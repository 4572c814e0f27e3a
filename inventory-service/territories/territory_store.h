#pragma once

// Regions, partners' homes and territory grants as the partner feed tells them, in the database.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "inventory-service/territories/territory.h"

namespace tributary::inventory {

class TerritoryStore {
 public:
  // A region that is not active lies nowhere, and nothing lies in it.
  absl::Status PutRegion(mysql::Transaction& sql, std::string_view id, std::string_view parent, bool active) const;
  absl::Status PutGrant(mysql::Transaction& sql, const TerritoryGrant& grant) const;
  // By id; those that were taken back too.
  absl::StatusOr<std::vector<TerritoryGrant>> GrantsOf(mysql::Transaction& sql, std::string_view partner) const;
  // Where the site is: in the region that it states, else where the partner is at home.
  absl::StatusOr<ShipTo> ShipToOf(mysql::Transaction& sql, std::string_view partner, std::string_view site) const;
};

// The payloads that ApplyTerritory takes, and what it makes of one.
std::vector<std::string> TerritoryPayloads();
absl::Status ApplyTerritory(mysql::Transaction& sql, const events::Event& event);

}  // namespace tributary::inventory
