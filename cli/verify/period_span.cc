#include "cli/verify/period_span.h"

#include <charconv>

#include "cli/verify/arithmetic.h"

namespace tributary::cli {

using incentive::v1::Program;
using verify::Text;

namespace {

// The day as a message; month 13 is the next year's January.
google::type::Date FirstOf(int year, int month) {
  google::type::Date day;
  day.set_year(month > 12 ? year + 1 : year);
  day.set_month(month > 12 ? month - 12 : month);
  day.set_day(1);
  return day;
}

}  // namespace

std::optional<Span> SpanOf(const std::string& id, Program::Period kind) {
  int year = 0, month = 1;
  const auto number = [&](size_t from, size_t count, int* into) {
    const char* end = id.data() + from + count;
    return std::from_chars(id.data() + from, end, *into).ptr == end;
  };
  const size_t length = kind == Program::YEAR ? 4 : kind == Program::QUARTER ? 6 : 7;
  if (id.size() != length || !number(0, 4, &year)) return std::nullopt;
  if (kind == Program::QUARTER) {
    if (id[4] != 'Q' || id[5] < '1' || id[5] > '4') return std::nullopt;
    month = (id[5] - '0') * 3 - 2;
  } else if (kind == Program::MONTH) {
    if (id[4] != '-' || !number(5, 2, &month) || month < 1 || month > 12) return std::nullopt;
  }
  const int months = kind == Program::YEAR ? 12 : kind == Program::QUARTER ? 3 : 1;
  return Span{Text(FirstOf(year, month)), Text(FirstOf(year, month + months))};
}

}  // namespace tributary::cli
