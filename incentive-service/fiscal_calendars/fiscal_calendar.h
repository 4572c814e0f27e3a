#pragma once

// Fiscal calendars as partner-service keeps them, and what a program takes of one: periods that stay as they were when
// it was activated, whatever the calendar says by then; later ones come behind them.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/status/status.h"
#include "incentive-service/programs/period.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

struct FiscalCalendar {
  std::string id;
  // By day, each beginning where the one before ends. Weeks are left out: no program has them.
  std::map<PeriodKind, std::vector<Period>> periods;
  friend bool operator==(const FiscalCalendar&, const FiscalCalendar&) = default;
};

// Gives a program that names the calendar the periods of its kinds. What does not go, each with its path below `field`:
// a kind of which the calendar has no period; an id that cannot stand in the names of closes and accruals.
std::vector<FieldViolation> UseCalendar(const FiscalCalendar& calendar, std::string_view field, Program* program);

// The calendar with the periods that the program has in place of its own of these kinds.
FiscalCalendar WithPeriodsOf(const Program& program, FiscalCalendar calendar);

// The next version of a program under the calendar, with what the calendar has behind the program's own periods. What
// it has already stays as it is. nullopt where nothing joins on, and where payout periods would not divide the others.
std::optional<Program> Extend(const Program& program, const FiscalCalendar& calendar, absl::Time now);

}  // namespace tributary::incentive
