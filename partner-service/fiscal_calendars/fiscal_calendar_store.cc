#include "partner-service/fiscal_calendars/fiscal_calendar_store.h"

#include <string>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, uid, version, create_time, update_time, display_name, time_zone, working_weekdays, days_off, "
    "days_worked FROM fiscal_calendar ";

std::string ToText(const std::vector<Date>& days) {
  std::vector<std::string> lines;
  for (const Date day : days) lines.push_back(day.ToString());
  return JoinLines(lines);
}

std::vector<Date> DaysOf(std::string_view text) {
  std::vector<Date> days;
  for (const std::string& line : SplitLines(text)) days.push_back(Date::Parse(line).value_or(Date()));
  return days;
}

FiscalCalendar FromRow(const mysql::Row& row) {
  return {.id = row.Text(0),
          .revision = {row.Id(1), row.Int(2), row.Instant(3), row.Instant(4)},
          .display_name = row.Text(5),
          .time_zone = row.Text(6),
          .working = {static_cast<uint32_t>(row.Int(7)), DaysOf(row.Bytes(8)), DaysOf(row.Bytes(9))}};
}

}  // namespace

const std::vector<FilterField>& FiscalCalendarStore::Fields() {
  static const std::vector<FilterField> fields = {FilterField::String("display_name", "display_name"),
                                                  FilterField::String("time_zone", "time_zone")};
  return fields;
}

absl::StatusOr<FiscalCalendar> FiscalCalendarStore::Read(mysql::Transaction& sql, std::string_view id,
                                                         std::string_view lock) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE id = ?", lock), {id}));
  if (rows.empty()) return NotFound(StrCat("fiscalCalendars/", id));
  FiscalCalendar calendar = FromRow(rows.front());
  ASSIGN_OR_RETURN(const mysql::Rows periods,
                   sql.Query("SELECT id, kind, parent, start_date, end_date FROM fiscal_period WHERE calendar_id = ? "
                             "ORDER BY kind, start_date",
                             {id}));
  for (const mysql::Row& row : periods) {
    calendar.periods.push_back(
        {row.Text(0), static_cast<PeriodKind>(row.Int(1)), row.Text(2), {row.Day(3), row.Day(4)}});
  }
  return calendar;
}

absl::StatusOr<FiscalCalendar> FiscalCalendarStore::Get(mysql::Transaction& sql, std::string_view id) const {
  return Read(sql, id, "");
}

absl::StatusOr<FiscalCalendar> FiscalCalendarStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return Read(sql, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<FiscalPeriod>> FiscalCalendarStore::LastBegun(mysql::Transaction& sql, std::string_view id,
                                                                         PeriodKind kind, Date day, int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT id, parent, start_date, end_date FROM fiscal_period WHERE calendar_id = ? AND "
                             "kind = ? AND start_date <= ? ORDER BY start_date DESC LIMIT ?",
                             {id, static_cast<int>(kind), day, limit}));
  std::vector<FiscalPeriod> periods;
  for (const mysql::Row& row : rows) periods.push_back({row.Text(0), kind, row.Text(1), {row.Day(2), row.Day(3)}});
  return periods;
}

absl::StatusOr<std::vector<FiscalCalendar>> FiscalCalendarStore::List(mysql::Transaction& sql, const Page& page) const {
  const RootPage rows_of(page);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  std::vector<FiscalCalendar> calendars;
  for (const mysql::Row& row : rows) calendars.push_back(FromRow(row));
  return calendars;
}

absl::Status FiscalCalendarStore::InsertPeriods(mysql::Transaction& sql, const FiscalCalendar& calendar) const {
  if (calendar.periods.empty()) return absl::OkStatus();
  mysql::Values values;
  for (const FiscalPeriod& period : calendar.periods) {
    values.insert(values.end(), {calendar.id, static_cast<int>(period.kind), period.days.start, period.days.end,
                                 period.id, period.parent});
  }
  return sql.InsertRows("INSERT INTO fiscal_period (calendar_id, kind, start_date, end_date, id, parent) VALUES", 6,
                        values);
}

absl::Status FiscalCalendarStore::Create(mysql::Transaction& sql, const FiscalCalendar& calendar) const {
  const Revision& revision = calendar.revision;
  const std::string days_off = ToText(calendar.working.days_off);
  const std::string days_worked = ToText(calendar.working.days_worked);
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsert("INSERT INTO fiscal_calendar (id, uid, version, create_time, update_time, "
                                 "display_name, time_zone, working_weekdays, days_off, days_worked) "
                                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                 {calendar.id, revision.uid, revision.version, revision.create_time,
                                  revision.update_time, calendar.display_name, calendar.time_zone,
                                  static_cast<int64_t>(calendar.working.weekdays), days_off, days_worked}));
  if (!inserted) return AlreadyExists(calendar.name());
  return InsertPeriods(sql, calendar);
}

absl::Status FiscalCalendarStore::Update(mysql::Transaction& sql, const FiscalCalendar& calendar) const {
  const std::string days_off = ToText(calendar.working.days_off);
  const std::string days_worked = ToText(calendar.working.days_worked);
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE fiscal_calendar SET version = ?, update_time = ?, display_name = ?, working_weekdays = ?, "
                  "days_off = ?, days_worked = ? WHERE id = ? AND version = ?",
                  {calendar.revision.version, calendar.revision.update_time, calendar.display_name,
                   static_cast<int64_t>(calendar.working.weekdays), days_off, days_worked, calendar.id,
                   calendar.revision.version - 1}));
  if (matched != 1) return ChangedMeanwhile(sql, calendar.name());
  RETURN_IF_ERROR(sql.Execute("DELETE FROM fiscal_period WHERE calendar_id = ?", {calendar.id}).status());
  return InsertPeriods(sql, calendar);
}

}  // namespace tributary::partner
