#pragma once

// Fiscal calendars in the database; the only SQL about them. Each call works in the caller's transaction.

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/fiscal_calendars/fiscal_calendar.h"

namespace tributary::partner {

class FiscalCalendarStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // With its periods, sorted. NOT_FOUND where there is none.
  absl::StatusOr<FiscalCalendar> Get(mysql::Transaction& sql, std::string_view id) const;
  // The same, locked until the transaction ends.
  absl::StatusOr<FiscalCalendar> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;

  // The last periods of a kind that have begun by the day, the latest first, at most `limit`.
  absl::StatusOr<std::vector<FiscalPeriod>> LastBegun(mysql::Transaction& sql, std::string_view id, PeriodKind kind,
                                                      Date day, int limit) const;

  // A page by id, without their periods.
  absl::StatusOr<std::vector<FiscalCalendar>> List(mysql::Transaction& sql, const Page& page) const;

  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const FiscalCalendar& calendar) const;

  // Stores it over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const FiscalCalendar& calendar) const;

 private:
  absl::StatusOr<FiscalCalendar> Read(mysql::Transaction& sql, std::string_view id, std::string_view lock) const;
  absl::Status InsertPeriods(mysql::Transaction& sql, const FiscalCalendar& calendar) const;
};

}  // namespace tributary::partner
