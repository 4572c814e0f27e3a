#pragma once

// What claims on stock consist of, in the database. Each call works in the caller's transaction.

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "incentive-service/claims/claim.h"
#include "incentive-service/claims/stock_claim.h"

namespace tributary::incentive {

class ClaimLineStore {
 public:
  // Adds its lines, what they are against, and its true-ups to a claim.
  absl::Status Read(mysql::Transaction& sql, Claim* claim) const;
  // Stores them as they are now: new ones, and what was decided of known ones.
  absl::Status Save(mysql::Transaction& sql, const Claim& claim) const;

  // Takes the product's row: claims on its units are decided one after another, whoever makes them.
  absl::Status Lock(mysql::Transaction& sql, std::string_view product) const;
  // Lines of the partner's other claims that are open and are for units of the claim's product, by themselves or in
  // kits, or against its stock rotation.
  absl::StatusOr<std::vector<OtherLine>> OthersOfPartner(mysql::Transaction& sql, const Claim& claim) const;
  // What claims of other partners were approved for of units of the product that the partner reports as sold, too: by
  // the same serials, or by the same line of an invoice (channel_facts/sale_key_store.h). Each bears the partner's own
  // sale, no special price, and the units that both sales share, each unit once. Sales that were taken back share none.
  absl::StatusOr<std::vector<OtherLine>> OfOtherPartners(mysql::Transaction& sql, const Claim& claim) const;
};

}  // namespace tributary::incentive
