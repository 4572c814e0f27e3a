#include "common/mysql/value.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/time/civil_time.h"
#include "common/text/text.h"

namespace tributary::mysql {
namespace {

[[noreturn]] void Misread(size_t column, std::string_view cell, const char* want) {
  std::fprintf(stderr, "mysql: column %zu holds \"%.*s\", read as %s\n", column, static_cast<int>(cell.size()),
               cell.data(), want);
  std::abort();
}

// Reads exactly `digits` digits at `at`; -1 where there are none.
int Digits(std::string_view text, size_t at, size_t digits) {
  if (at + digits > text.size()) return -1;
  int value = 0;
  for (size_t i = at; i < at + digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

int64_t Row::Int(size_t column) const {
  if (IsNull(column)) return 0;
  int64_t value = 0;
  if (!absl::SimpleAtoi(*cells_[column], &value)) Misread(column, *cells_[column], "a signed integer");
  return value;
}

uint64_t Row::Uint(size_t column) const {
  if (IsNull(column)) return 0;
  uint64_t value = 0;
  if (!absl::SimpleAtoi(*cells_[column], &value)) Misread(column, *cells_[column], "an unsigned integer");
  return value;
}

std::string_view Row::Bytes(size_t column) const {
  return IsNull(column) ? std::string_view() : std::string_view(*cells_[column]);
}

Decimal Row::Dec(size_t column) const {
  if (IsNull(column)) return Decimal();
  absl::StatusOr<Decimal> value = Decimal::Parse(*cells_[column]);
  if (!value.ok()) Misread(column, *cells_[column], "a decimal of at most six places");
  return *value;
}

Date Row::Day(size_t column) const {
  if (IsNull(column)) return Date();
  absl::StatusOr<Date> value = Date::Parse(*cells_[column]);
  if (!value.ok()) Misread(column, *cells_[column], "a date");
  return *value;
}

// "2013-11-29 10:20:30" with up to six decimals of the second.
absl::Time Row::Instant(size_t column) const {
  if (IsNull(column)) return absl::Time();
  const std::string_view text = *cells_[column];
  const int year = Digits(text, 0, 4), month = Digits(text, 5, 2), day = Digits(text, 8, 2);
  const int hour = Digits(text, 11, 2), minute = Digits(text, 14, 2), second = Digits(text, 17, 2);
  if (year < 0 || month < 1 || day < 1 || hour < 0 || minute < 0 || second < 0) Misread(column, text, "an instant");
  int micros = 0;
  if (text.size() > 20 && text[19] == '.') {
    const size_t places = text.size() - 20;
    micros = Digits(text, 20, places);
    if (micros < 0 || places > 6) Misread(column, text, "an instant");
    for (size_t i = places; i < 6; ++i) micros *= 10;
  } else if (text.size() != 19) {
    Misread(column, text, "an instant");
  }
  return absl::FromCivil(absl::CivilSecond(year, month, day, hour, minute, second), absl::UTCTimeZone()) +
         absl::Microseconds(micros);
}

Uuid Row::Id(size_t column) const {
  if (IsNull(column)) return Uuid();
  absl::StatusOr<Uuid> value = Uuid::FromBytes(*cells_[column]);
  if (!value.ok()) Misread(column, StrCat(cells_[column]->size(), " bytes"), "a UUID of 16 bytes");
  return *value;
}

}  // namespace tributary::mysql
