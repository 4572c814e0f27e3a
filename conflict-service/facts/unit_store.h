#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "conflict-service/facts/facts.h"

namespace tributary::conflict {

// A product and the first day of a calendar month in which units of it were seen.
using MonthsSeen = std::set<std::pair<std::string, Date>>;

// Single units: to whom they were shipped, who took them over, who sold them, and where they were seen. Stateless and
// thread-safe.
class UnitStore {
 public:
  // Facts do not change: one that is there already stays.
  absl::Status PutShipped(mysql::Transaction& sql, const std::vector<ShippedUnits>& shipped) const;
  absl::Status PutHandedOver(mysql::Transaction& sql, const std::vector<HandedOver>& handed_over) const;
  absl::Status PutSold(mysql::Transaction& sql, const std::vector<SoldSerials>& sold) const;

  // Stores scans, of units with what they show, and answers those that are new; one that is known with the same
  // content, also from the same list, is not. ROW_CONFLICT: known with other content; nothing is stored then.
  absl::StatusOr<std::vector<Scan>> PutScans(mysql::Transaction& sql, const std::vector<Scan>& scans) const;
  // The scans of these containers.
  absl::StatusOr<std::vector<Scan>> ScansOf(mysql::Transaction& sql, const std::set<std::string>& containers) const;
  // Lets the scan of a container show these units, and no others; answers those that it showed before.
  absl::StatusOr<Units> Show(mysql::Transaction& sql, const Scan& scan, const Units& units) const;

  // All that happened before the period's end to the units of the product that were seen or sold in the period, but for
  // what was reversed; in any order.
  absl::StatusOr<std::vector<UnitEvent>> EventsOf(mysql::Transaction& sql, const std::string& product,
                                                  const DateRange& period) const;
  // The units that these facts tell of.
  absl::StatusOr<Units> UnitsIn(mysql::Transaction& sql, const std::set<std::string>& sources) const;

  // When units were seen or sold: these; any that these partners had to do with; any in these regions; any of the
  // product in the period; any.
  absl::Status AddMonthsOf(mysql::Transaction& sql, const Units& units, MonthsSeen* months) const;
  absl::Status AddMonthsBy(mysql::Transaction& sql, const std::set<std::string>& partners, MonthsSeen* months) const;
  absl::Status AddMonthsIn(mysql::Transaction& sql, const std::set<std::string>& regions, MonthsSeen* months) const;
  absl::Status AddMonths(mysql::Transaction& sql, const std::string& product, const DateRange& period,
                         MonthsSeen* months) const;
  absl::Status AddAllMonths(mysql::Transaction& sql, MonthsSeen* months) const;
};

}  // namespace tributary::conflict
