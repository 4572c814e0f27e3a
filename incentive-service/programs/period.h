#pragma once

// Periods of programs: calendar months, quarters and years.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/time/date.h"

namespace tributary::incentive {

// The numbers are stored and are those of the wire.
enum class PeriodKind { kQuarter = 1, kMonth = 2, kYear = 3 };
std::string_view NameOf(PeriodKind kind);  // "QUARTER"

// "2013Q4", [2013-10-01, 2014-01-01); "2013-11"; "2013".
struct Period {
  std::string id;
  DateRange range;
  friend bool operator==(const Period&, const Period&) = default;
};

// The period that holds the day.
Period PeriodOf(PeriodKind kind, Date day);
// INVALID_FIELD without a field name where `id` is none.
absl::StatusOr<Period> ParsePeriod(PeriodKind kind, std::string_view id);
// Whether each `outer` consists of several whole `inner`.
bool Divides(PeriodKind inner, PeriodKind outer);

}  // namespace tributary::incentive
