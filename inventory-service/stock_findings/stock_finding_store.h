#pragma once

// Stock findings, and the stock by day that they are derived from, in the database.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/stock_findings/stock_finding.h"

namespace tributary::inventory {

using StockKey = std::pair<std::string, std::string>;  // partner, product

struct SiteLimits {
  std::optional<Date> closed_on;
  Decimal count_tolerance;
};

class StockFindingStore {
 public:
  // Adds to what changed on each day.
  absl::Status AddDays(mysql::Transaction& sql, const std::map<std::pair<BucketKey, Date>, Decimal>& changes) const;
  // What changed on each day at the partner, of these products (at least one).
  absl::StatusOr<std::map<BucketKey, std::map<Date, Decimal>>> DaysOf(mysql::Transaction& sql, std::string_view partner,
                                                                      const std::set<std::string>& products) const;
  // Who ever had the lot; what ever lay at the site.
  absl::StatusOr<std::set<StockKey>> WithLot(mysql::Transaction& sql, std::string_view product,
                                             std::string_view lot) const;
  absl::StatusOr<std::set<StockKey>> AtSite(mysql::Transaction& sql, std::string_view partner,
                                            std::string_view site) const;
  // What the partner's sites allow, by site; one without a row allows what SiteLimits does.
  absl::StatusOr<std::map<std::string, SiteLimits>> Limits(mysql::Transaction& sql, std::string_view partner) const;
  // Those of the products (at least one) that a count which holds found at the partner.
  absl::StatusOr<std::set<std::string>> Counted(mysql::Transaction& sql, std::string_view partner,
                                                const std::set<std::string>& products) const;

  // All findings about the partner's stock of these products (at least one) but those about single units and
  // territories.
  absl::StatusOr<std::vector<StockFinding>> About(mysql::Transaction& sql, std::string_view partner,
                                                  const std::set<std::string>& products) const;
  // All OUTSIDE_TERRITORY about what the partner took over, of these products, or of all where there are none.
  absl::StatusOr<std::vector<StockFinding>> AboutTerritory(mysql::Transaction& sql, std::string_view partner,
                                                           const std::set<std::string>& products) const;
  // All findings about the unit.
  absl::StatusOr<std::vector<StockFinding>> AboutSerial(mysql::Transaction& sql, std::string_view product,
                                                        std::string_view serial) const;
  absl::Status Save(mysql::Transaction& sql, const std::vector<FindingChange>& changes) const;

  // NOT_FOUND.
  absl::StatusOr<StockFinding> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  // By (partner, id), after (after_partner, after_id); of all partners where `partner` is empty; withdrawn ones only
  // where asked for.
  absl::StatusOr<std::vector<StockFinding>> List(mysql::Transaction& sql, std::string_view partner, bool withdrawn_too,
                                                 std::string_view after_partner, std::string_view after_id,
                                                 const SqlPredicate& filter, int limit) const;
  static const std::vector<FilterField>& Fields();
};

}  // namespace tributary::inventory
