#pragma once

// Fiscal calendars in the database: what partner-service's feed has told of them. Each call works in the caller's
// transaction.

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "incentive-service/fiscal_calendars/fiscal_calendar.h"

namespace tributary::incentive {

class FiscalCalendarStore {
 public:
  // In place of what was told of it before.
  absl::Status Keep(mysql::Transaction& sql, const FiscalCalendar& calendar) const;

  // The calendar fiscalCalendars/{fiscal_calendar} that `field` names; nullopt where it names none. INVALID_FIELD;
  // REFERENCE_NOT_FOUND where no period of it has been told.
  absl::StatusOr<std::optional<FiscalCalendar>> Named(mysql::Transaction& sql, std::string_view name,
                                                      std::string_view field) const;
};

}  // namespace tributary::incentive
