#include "partner-service/fiscal_calendars/fiscal_calendar_proto.h"

#include <string>
#include <utility>
#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {
namespace {

constexpr int kDaysOfWeek = 7;

absl::StatusOr<std::vector<Date>> DaysOf(const google::protobuf::RepeatedPtrField<google::type::Date>& dates,
                                         std::string_view field) {
  std::vector<Date> days;
  for (int i = 0; i < dates.size(); ++i) {
    const auto day = wire::FromProto(dates[i]);
    if (!day.ok()) return AtField(day.status(), StrCat(field, "[", i, "]"));
    days.push_back(*day);
  }
  return days;
}

}  // namespace

v1::FiscalPeriod ToProto(const FiscalPeriod& period) {
  v1::FiscalPeriod out;
  out.set_id(period.id);
  out.set_kind(static_cast<v1::FiscalPeriod::Kind>(period.kind));
  out.set_parent(period.parent);
  *out.mutable_start() = wire::ToProto(period.days.start);
  *out.mutable_end() = wire::ToProto(period.days.end);
  return out;
}

v1::FiscalCalendar ToProto(const FiscalCalendar& calendar) {
  v1::FiscalCalendar out;
  out.set_name(calendar.name());
  PutRevision(calendar.revision, &out);
  out.set_display_name(calendar.display_name);
  out.set_time_zone(calendar.time_zone);
  for (const FiscalPeriod& period : calendar.periods) *out.add_periods() = ToProto(period);
  for (int day = 0; day < kDaysOfWeek; ++day) {
    if ((calendar.working.weekdays >> day & 1) != 0) {
      out.add_working_weekdays(static_cast<v1::FiscalCalendar::Weekday>(day + 1));
    }
  }
  for (const Date day : calendar.working.days_off) *out.add_days_off() = wire::ToProto(day);
  for (const Date day : calendar.working.days_worked) *out.add_days_worked() = wire::ToProto(day);
  return out;
}

absl::StatusOr<FiscalCalendar> FromProto(const v1::FiscalCalendar& calendar) {
  FiscalCalendar out{.display_name = calendar.display_name(), .time_zone = calendar.time_zone()};
  for (int i = 0; i < calendar.periods_size(); ++i) {
    const v1::FiscalPeriod& period = calendar.periods(i);
    const auto start = wire::FromProto(period.start());
    if (!start.ok()) return AtField(start.status(), StrCat("periods[", i, "].start"));
    const auto end = wire::FromProto(period.end());
    if (!end.ok()) return AtField(end.status(), StrCat("periods[", i, "].end"));
    out.periods.push_back({period.id(), static_cast<PeriodKind>(period.kind()), period.parent(), {*start, *end}});
  }
  for (int i = 0; i < calendar.working_weekdays_size(); ++i) {
    const int day = calendar.working_weekdays(i);
    if (day == v1::FiscalCalendar::WEEKDAY_UNSPECIFIED) {
      return InvalidField(StrCat("working_weekdays[", i, "]"), "WEEKDAY_UNSPECIFIED", "a day of the week");
    }
    out.working.weekdays |= 1u << (day - 1);
  }
  ASSIGN_OR_RETURN(out.working.days_off, DaysOf(calendar.days_off(), "days_off"));
  ASSIGN_OR_RETURN(out.working.days_worked, DaysOf(calendar.days_worked(), "days_worked"));
  Sort(out);
  return out;
}

absl::StatusOr<FiscalLayout> FromProto(const v1::FiscalLayout& layout) {
  const auto first_day = wire::FromProto(layout.first_day());
  if (!first_day.ok()) return AtField(first_day.status(), "first_day");
  return FiscalLayout{.pattern = static_cast<LayoutPattern>(layout.pattern()),
                      .first_day = *first_day,
                      .first_year = layout.first_year(),
                      .years = layout.years(),
                      .long_years = {layout.long_years().begin(), layout.long_years().end()}};
}

events::EventDraft Told(std::string_view verb, const FiscalCalendar& calendar) {
  const std::string name = calendar.name();
  return events::Draft(name, verb, name, ToProto(calendar));
}

}  // namespace tributary::partner
