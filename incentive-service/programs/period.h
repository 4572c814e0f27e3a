#pragma once

// Periods of programs: calendar months, quarters and years, or those of a fiscal calendar.

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/time/date.h"

namespace tributary::incentive {

// The numbers are stored and are those of the wire. Half-years are of fiscal calendars alone.
enum class PeriodKind { kQuarter = 1, kMonth = 2, kYear = 3, kHalfYear = 4 };
std::string_view NameOf(PeriodKind kind);  // "QUARTER"

// "2013Q4", [2013-10-01, 2014-01-01); "2013-11"; "2013". Of a fiscal calendar whatever it calls them. What lies before
// its first period or behind its last one is one period without an id.
struct Period {
  std::string id;
  DateRange range;
  friend bool operator==(const Period&, const Period&) = default;
};

// The periods that a program has. Copies are cheap.
class Periods {
 public:
  // Those of the calendar; `kind` is no half-year.
  Periods(PeriodKind kind) : kind_(kind) {}  // NOLINT(google-explicit-constructor): most programs have these
  // Those of a fiscal calendar, by day, each beginning where the one before ends; there may be none.
  Periods(PeriodKind kind, std::vector<Period> fiscal)
      : kind_(kind), fiscal_(std::make_shared<const std::vector<Period>>(std::move(fiscal))) {}

  PeriodKind kind() const { return kind_; }
  bool is_fiscal() const { return fiscal_ != nullptr; }
  // Of a fiscal calendar.
  const std::vector<Period>& fiscal() const { return *fiscal_; }
  // The days that have a period: all, or those that the fiscal calendar reaches.
  DateRange days() const;

  friend bool operator==(const Periods& a, const Periods& b);

 private:
  PeriodKind kind_;
  std::shared_ptr<const std::vector<Period>> fiscal_;  // nullptr: of the calendar
};

// The period that holds the day.
Period PeriodOf(PeriodKind kind, Date day);
Period PeriodOf(const Periods& periods, Date day);
// INVALID_FIELD without a field name where `id` is none.
absl::StatusOr<Period> ParsePeriod(PeriodKind kind, std::string_view id);
absl::StatusOr<Period> ParsePeriod(const Periods& periods, std::string_view id);
// Whether each `outer` consists of several whole `inner`; of fiscal calendars, of whole ones of a shorter kind.
bool Divides(PeriodKind inner, PeriodKind outer);
bool Divides(const Periods& inner, const Periods& outer);

// What is wanted where the day begins none of the periods: "the first day of a period, such as ..."; empty where it
// does.
std::string WantedInsteadOf(const Periods& periods, Date day);
// The first day after the period that holds the day; where no period does, the first day without one.
Date EndOfRunning(const Periods& periods, Date day);

}  // namespace tributary::incentive
