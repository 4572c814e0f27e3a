#include "incentive-service/fiscal_calendars/fiscal_calendar.h"

#include <algorithm>
#include <utility>

#include "common/text/text.h"

namespace tributary::incentive {
namespace {

constexpr size_t kLongestId = 16;

bool IsUsable(std::string_view id) {
  return id.size() <= kLongestId && std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
         });
}

Periods Longer(const Periods& periods, const FiscalCalendar& calendar) {
  const auto known = calendar.periods.find(periods.kind());
  std::vector<Period> all = periods.fiscal();
  if (known == calendar.periods.end() || all.empty()) return periods;
  for (const Period& period : known->second) {
    if (period.range.start != all.back().range.end || !IsUsable(period.id)) continue;
    // A period that was called otherwise since it was taken.
    if (std::any_of(all.begin(), all.end(), [&](const Period& one) { return one.id == period.id; })) break;
    all.push_back(period);
  }
  return Periods(periods.kind(), std::move(all));
}

}  // namespace

std::vector<FieldViolation> UseCalendar(const FiscalCalendar& calendar, std::string_view field, Program* program) {
  std::vector<FieldViolation> violations;
  const auto use = [&](Periods* periods, std::string_view name) {
    const PeriodKind kind = periods->kind();
    const auto known = calendar.periods.find(kind);
    if (known == calendar.periods.end() || known->second.empty()) {
      violations.push_back({StrCat(field, ".", name), std::string(NameOf(kind)),
                            StrCat("a kind of period that fiscalCalendars/", calendar.id, " has")});
      return;
    }
    const auto odd = std::find_if(known->second.begin(), known->second.end(),
                                  [](const Period& period) { return !IsUsable(period.id); });
    if (odd != known->second.end()) {
      violations.push_back({StrCat(field, ".fiscal_calendar"), StrCat("the period ", odd->id),
                            "periods with ids of at most 16 letters, digits, '-' and '_'"});
      return;
    }
    *periods = Periods(kind, known->second);
  };
  use(&program->period, "period");
  if (program->payout_period.has_value()) use(&*program->payout_period, "payout_period");
  return violations;
}

FiscalCalendar WithPeriodsOf(const Program& program, FiscalCalendar calendar) {
  if (program.fiscal_calendar != calendar.id) return calendar;
  for (const Periods* periods : {&program.period, &program.paid()}) {
    calendar.periods[periods->kind()] = periods->fiscal();
  }
  return calendar;
}

std::optional<Program> Extend(const Program& program, const FiscalCalendar& calendar, absl::Time now) {
  if (program.fiscal_calendar != calendar.id) return std::nullopt;
  Program extended = program;
  extended.period = Longer(program.period, calendar);
  if (program.payout_period.has_value()) {
    extended.payout_period = Longer(*program.payout_period, calendar);
    if (!Divides(*extended.payout_period, extended.period)) return std::nullopt;
  }
  if (extended == program) return std::nullopt;
  ++extended.version;
  extended.update_time = now;
  return extended;
}

}  // namespace tributary::incentive
