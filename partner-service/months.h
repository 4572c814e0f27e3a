#pragma once

#include <algorithm>

#include "absl/time/civil_time.h"
#include "common/time/date.h"

namespace tributary::partner {

// The same day of the month so many months later (earlier where negative), or the last one of a month without it.
inline Date AddMonths(Date day, int months) {
  const absl::CivilMonth month = absl::CivilMonth(day.year(), day.month()) + months;
  const int last = (absl::CivilDay(month + 1) - 1).day();
  const absl::CivilDay moved(month.year(), month.month(), std::min(day.day(), last));
  return Date::FromDays(static_cast<int32_t>(moved - absl::CivilDay(1970, 1, 1)));
}

}  // namespace tributary::partner
