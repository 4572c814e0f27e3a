#pragma once

// What partner-service's feed tells of fiscal calendars, and what that does to programs under them.

#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/fiscal_calendars/fiscal_calendar_store.h"
#include "incentive-service/programs/program_store.h"

namespace tributary::incentive {

inline constexpr std::string_view kFiscalCalendarType = "tributary.partner.v1.FiscalCalendar";

class CalendarFollower {
 public:
  // An events::ApplyEvents: keeps calendars as they were told last. A program under one that is no draft any more keeps
  // the periods that it has; later ones are added behind them, and lines that are recorded already accrue in them.
  // Other events are passed over. MALFORMED_REQUEST, INVALID_FIELD where an event is not what partner-service promises.
  absl::Status Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch, absl::Time now,
                     events::Outbox& outbox) const;

 private:
  absl::Status Follow(mysql::Transaction& sql, const Program& program, const FiscalCalendar& calendar, absl::Time now,
                      events::Outbox& outbox) const;

  FiscalCalendarStore calendars_;
  ProgramStore programs_;
  FactStore facts_;
  AccrualStore accruals_;
};

}  // namespace tributary::incentive
