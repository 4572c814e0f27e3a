#pragma once

// Business dates and instants. A date never passes through a time zone.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace tributary {

// A calendar day, 1900-01-01 to 9999-12-31.
class Date {
 public:
  constexpr Date() = default;
  static absl::StatusOr<Date> FromYmd(int year, int month, int day);
  // "2013-11-29" exactly; else INVALID_FIELD without a field name.
  static absl::StatusOr<Date> Parse(std::string_view text);
  static Date FromDays(int32_t days_since_epoch) {
    Date d;
    d.days_ = days_since_epoch;
    return d;
  }
  // Days since 1970-01-01.
  int32_t days() const { return days_; }
  int year() const;
  int month() const;
  int day() const;
  std::string ToString() const;
  Date AddDays(int n) const { return FromDays(days_ + n); }
  friend constexpr auto operator<=>(Date, Date) = default;

 private:
  int32_t days_ = 0;
};

// [start, end): the end is the first day after.
struct DateRange {
  Date start;
  Date end;  // kOpenEnd where it has none
  bool Contains(Date d) const { return start <= d && d < end; }
  bool Intersects(const DateRange& o) const { return start < o.end && o.start < end; }
  friend bool operator==(const DateRange&, const DateRange&) = default;
};
Date OpenEnd();  // 9999-12-31, the end of what has none

// The calendar quarter that holds the day, and its id "2013Q4".
DateRange QuarterOf(Date d);
std::string QuarterId(Date d);
absl::StatusOr<DateRange> ParseQuarterId(std::string_view id);

}  // namespace tributary
