#include "common/wire/wire.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::wire {
namespace {
constexpr int64_t kNanosPerUnit = 1000000000;
constexpr int64_t kNanosPerMicro = 1000;
}  // namespace

google::protobuf::Timestamp ToProto(absl::Time time) {
  google::protobuf::Timestamp out;
  out.set_seconds(absl::ToUnixSeconds(time));  // towards the past, so that nanos are never negative
  out.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(out.seconds()))));
  return out;
}

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

google::type::Date ToProto(Date date) {
  google::type::Date out;
  out.set_year(date.year());
  out.set_month(date.month());
  out.set_day(date.day());
  return out;
}

absl::StatusOr<Date> FromProto(const google::type::Date& date) {
  return Date::FromYmd(date.year(), date.month(), date.day());
}

google::type::Decimal ToProto(Decimal value) {
  google::type::Decimal out;
  out.set_value(value.ToString());
  return out;
}

absl::StatusOr<Decimal> FromProto(const google::type::Decimal& value) { return Decimal::Parse(value.value()); }

google::type::Money ToProto(const Money& amount) {
  const absl::int128 micros = amount.amount.micros();
  const absl::int128 units = micros / Decimal::kUnit;
  google::type::Money out;
  out.set_currency_code(amount.currency);
  out.set_units(static_cast<int64_t>(
      std::clamp<absl::int128>(units, std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max())));
  out.set_nanos(static_cast<int32_t>(static_cast<int64_t>(micros % Decimal::kUnit) * kNanosPerMicro));
  return out;
}

absl::StatusOr<Money> FromProto(const google::type::Money& amount) {
  const int64_t nanos = amount.nanos();
  if (nanos <= -kNanosPerUnit || nanos >= kNanosPerUnit || (amount.units() > 0 && nanos < 0) ||
      (amount.units() < 0 && nanos > 0)) {
    return InvalidField("", StrCat("units ", amount.units(), ", nanos ", nanos),
                        "nanos within +-999,999,999 and of the sign of units");
  }
  if (nanos % kNanosPerMicro != 0) {
    return InvalidField("", StrCat("units ", amount.units(), ", nanos ", nanos), "at most 6 digits after the point");
  }
  const absl::int128 micros = absl::int128(amount.units()) * Decimal::kUnit + nanos / kNanosPerMicro;
  return Money{.currency = amount.currency_code(), .amount = Decimal::FromMicros(micros)};
}

}  // namespace tributary::wire
