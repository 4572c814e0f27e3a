#pragma once

// How the cells of a partner's file are read: dates and numbers as the partner declares to write them. Nothing is
// guessed: what could be read in two ways is refused. Errors are INVALID_FIELD with got and want, without a field name.

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/money/decimal.h"
#include "common/time/date.h"

namespace tributary::inventory {

// How a file writes dates: YYYY, MM or M, DD or D and what stands between them, each once: "DD.MM.YYYY", "M/D/YYYY",
// "YYYY年M月D日". MM and DD are two digits, M and D one or two. Empty: year first, or a day beyond 12 that tells day
// from month.
absl::Status CheckDateFormat(std::string_view format);

// The date that a cell holds, by the format or as YYYY-MM-DD, which nothing else is written like. A time of day behind
// it, with or without a zone, is checked and left out: a business date does not move. White space around it and
// full-width digits are taken. "03/04/2024" without a format is refused: it is two dates.
absl::StatusOr<Date> ReadDate(std::string_view cell, std::string_view format = {}, bool typed = false);

// How a file writes numbers.
struct NumberFormat {
  char point = '.';  // or ','
  // Between thousands: none (0), ',', '.', ' ' (also a no-break or thin space) or '\'' (also ’); not the point.
  char grouping = 0;
};
absl::Status CheckNumberFormat(const NumberFormat& format);

// The number that a cell holds. Groups are of three digits, the first of one to three. The sign is a minus (also − or
// －) before or behind the number, or brackets around it: "-3", "3-" and "(3)" are a return of three. Full-width digits
// and signs are taken. A `typed` cell is plain, whatever the format.
absl::StatusOr<Decimal> ReadDecimal(std::string_view cell, const NumberFormat& format = {}, bool typed = false);

// The cell without white space around it, including no-break and ideographic spaces.
std::string_view TrimCell(std::string_view cell);

}  // namespace tributary::inventory
