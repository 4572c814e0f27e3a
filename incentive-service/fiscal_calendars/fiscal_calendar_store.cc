#include "incentive-service/fiscal_calendars/fiscal_calendar_store.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

absl::Status FiscalCalendarStore::Keep(mysql::Transaction& sql, const FiscalCalendar& calendar) const {
  RETURN_IF_ERROR(sql.Execute("DELETE FROM known_fiscal_period WHERE calendar = ?", {calendar.id}).status());
  mysql::Values values;
  for (const auto& [kind, periods] : calendar.periods) {
    for (const Period& period : periods) {
      values.insert(values.end(),
                    {calendar.id, static_cast<int>(kind), period.range.start, period.range.end, period.id});
    }
  }
  if (values.empty()) return absl::OkStatus();
  return sql.InsertRows("INSERT INTO known_fiscal_period (calendar, kind, starts_on, ends_on, period) VALUES", 5,
                        values);
}

absl::StatusOr<std::optional<FiscalCalendar>> FiscalCalendarStore::Named(mysql::Transaction& sql, std::string_view name,
                                                                         std::string_view field) const {
  if (name.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "fiscalCalendars/{fiscal_calendar}", field));
  FiscalCalendar calendar{.id = std::move(ids.front()), .periods = {}};
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT kind, period, starts_on, ends_on FROM known_fiscal_period WHERE calendar = ? "
                             "ORDER BY kind, starts_on",
                             {calendar.id}));
  for (const mysql::Row& row : rows) {
    calendar.periods[static_cast<PeriodKind>(row.Int(0))].push_back({row.Text(1), {row.Day(2), row.Day(3)}});
  }
  if (!rows.empty()) return std::optional<FiscalCalendar>(std::move(calendar));
  const FieldViolation violation{std::string(field), std::string(name),
                                 "a fiscal calendar with periods, as partner-service's feed has told it"};
  return WithDetail(absl::StatusCode::kFailedPrecondition,
                    StrCat(field, ": got '", violation.got, "', which is not known, want ", violation.want),
                    {.reason = Reason::kReferenceNotFound, .violations = {violation}});
}

}  // namespace tributary::incentive
