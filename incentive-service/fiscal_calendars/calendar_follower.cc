#include "incentive-service/fiscal_calendars/calendar_follower.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/events/payload.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/accruals/accrual_move_proto.h"
#include "incentive-service/programs/program_proto.h"
#include "tributary/partner/v1/fiscal_calendar.pb.h"

namespace tributary::incentive {
namespace {

using ToldPeriod = tributary::partner::v1::FiscalPeriod;

// nullopt for weeks.
std::optional<PeriodKind> KindOf(ToldPeriod::Kind kind) {
  switch (kind) {
    case ToldPeriod::YEAR:
      return PeriodKind::kYear;
    case ToldPeriod::HALF_YEAR:
      return PeriodKind::kHalfYear;
    case ToldPeriod::QUARTER:
      return PeriodKind::kQuarter;
    case ToldPeriod::MONTH:
      return PeriodKind::kMonth;
    default:
      return std::nullopt;
  }
}

absl::StatusOr<FiscalCalendar> CalendarOf(const events::Event& event) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(event.name, "fiscalCalendars/{fiscal_calendar}"));
  ASSIGN_OR_RETURN(const auto told, events::PayloadOf<tributary::partner::v1::FiscalCalendar>(event));
  FiscalCalendar calendar{.id = std::move(ids.front()), .periods = {}};
  for (int i = 0; i < told.periods_size(); ++i) {
    const ToldPeriod& period = told.periods(i);
    const std::optional<PeriodKind> kind = KindOf(period.kind());
    if (!kind.has_value()) continue;
    const absl::StatusOr<Date> start = wire::FromProto(period.start());
    if (!start.ok()) return AtField(start.status(), StrCat("periods[", i, "].start"));
    const absl::StatusOr<Date> end = wire::FromProto(period.end());
    if (!end.ok()) return AtField(end.status(), StrCat("periods[", i, "].end"));
    calendar.periods[*kind].push_back({period.id(), {*start, *end}});
  }
  return calendar;
}

}  // namespace

absl::Status CalendarFollower::Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch, absl::Time now,
                                     events::Outbox& outbox) const {
  std::map<std::string, FiscalCalendar> told;  // as they were told last
  for (const events::Event& event : batch) {
    if (event.type != kFiscalCalendarType) continue;
    ASSIGN_OR_RETURN(FiscalCalendar calendar, CalendarOf(event));
    std::string id = calendar.id;
    told.insert_or_assign(std::move(id), std::move(calendar));
  }
  if (told.empty()) return absl::OkStatus();
  // A program that is activated meanwhile has seen the calendar as it was before, and is among those below; or as it is
  // told here.
  RETURN_IF_ERROR(programs_.LockSet(sql));
  ASSIGN_OR_RETURN(const std::vector<Program> programs, programs_.Accruing(sql));
  for (const auto& [id, calendar] : told) {
    RETURN_IF_ERROR(calendars_.Keep(sql, calendar));
    for (const Program& program : programs) {
      RETURN_IF_ERROR(Follow(sql, program, calendar, now, outbox));
    }
  }
  return absl::OkStatus();
}

absl::Status CalendarFollower::Follow(mysql::Transaction& sql, const Program& program, const FiscalCalendar& calendar,
                                      absl::Time now, events::Outbox& outbox) const {
  const std::optional<Program> extended = Extend(program, calendar, now);
  if (!extended.has_value()) return absl::OkStatus();
  RETURN_IF_ERROR(programs_.Update(sql, *extended));
  outbox.Add(events::Draft(extended->name(), "extended", extended->name(), ToProto(*extended)));
  Program added = *extended;  // on the days that had no period
  added.effective.start = std::max(added.effective.start, program.period.days().end);
  if (added.effective.end <= added.effective.start) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<FactTotal> totals, facts_.Totals(sql, added));
  const std::vector<AccrualMove> moves = MovesOf(added, totals);
  RETURN_IF_ERROR(accruals_.Apply(sql, moves));
  for (const AccrualMove& move : moves) outbox.Add(DraftOf(move));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
