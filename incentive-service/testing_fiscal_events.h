#pragma once

// For tests: fiscal calendars as partner-service's feed tells them.

#include "common/wire/wire.h"
#include "incentive-service/testing_fiscal.h"
#include "tributary/partner/v1/fiscal_calendar.pb.h"

namespace tributary::incentive {

inline partner::v1::FiscalCalendar ToldOf(const FiscalCalendar& calendar) {
  partner::v1::FiscalCalendar message;
  message.set_name("fiscalCalendars/" + calendar.id);
  for (const auto& [kind, periods] : calendar.periods) {
    for (const Period& period : periods) {
      partner::v1::FiscalPeriod* added = message.add_periods();
      added->set_id(period.id);
      added->set_kind(kind == PeriodKind::kYear       ? partner::v1::FiscalPeriod::YEAR
                      : kind == PeriodKind::kHalfYear ? partner::v1::FiscalPeriod::HALF_YEAR
                      : kind == PeriodKind::kQuarter  ? partner::v1::FiscalPeriod::QUARTER
                                                      : partner::v1::FiscalPeriod::MONTH);
      *added->mutable_start() = wire::ToProto(period.range.start);
      *added->mutable_end() = wire::ToProto(period.range.end);
    }
  }
  // A week, which no program has.
  partner::v1::FiscalPeriod* week = message.add_periods();
  week->set_id("2025W01");
  week->set_kind(partner::v1::FiscalPeriod::WEEK);
  *week->mutable_start() = wire::ToProto(*Date::Parse("2024-12-29"));
  *week->mutable_end() = wire::ToProto(*Date::Parse("2025-01-05"));
  return message;
}

}  // namespace tributary::incentive
