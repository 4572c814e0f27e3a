#pragma once

// Exact decimal numbers and money. No floating point anywhere.

#include <cassert>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"

namespace tributary {

// How a number is brought to fewer decimals.
enum class Rounding { kHalfEven, kHalfUp, kDown, kUp, kFloor, kCeiling };

// A number in millionths (scale 6, the scale in which amounts, prices and quantities are kept), within +-10^20.
// Sums and differences are checked in debug builds and cannot overflow for fewer than 10^11 stored values.
class Decimal {
 public:
  constexpr Decimal() = default;
  static constexpr Decimal FromMicros(absl::int128 micros) { return Decimal(micros); }
  static constexpr Decimal FromInt(int64_t whole) { return Decimal(static_cast<__int128>(whole) * kUnit); }
  // Optional sign, digits, at most one point, at most 6 decimals (more only if they are zeros), no exponent, no
  // grouping, within +-10^20; else INVALID_FIELD without a field name ("got '1e3', want a decimal ...").
  static absl::StatusOr<Decimal> Parse(std::string_view text);

  constexpr absl::int128 micros() const { return micros_; }
  constexpr bool negative() const { return micros_ < 0; }
  constexpr bool zero() const { return micros_ == 0; }
  // Shortest exact text: "2024.994", "-3", "0".
  std::string ToString() const;
  // Exactly `decimals` (0..6) digits after the point, rounded.
  std::string ToFixed(int decimals, Rounding rounding = Rounding::kHalfEven) const;
  // The number of decimals that ToString prints.
  int scale() const;

  friend constexpr Decimal operator+(Decimal a, Decimal b) { return Checked(a.micros_ + b.micros_); }
  friend constexpr Decimal operator-(Decimal a, Decimal b) { return Checked(a.micros_ - b.micros_); }
  constexpr Decimal operator-() const { return Decimal(-micros_); }
  constexpr Decimal& operator+=(Decimal b) { return *this = *this + b; }
  constexpr Decimal& operator-=(Decimal b) { return *this = *this - b; }
  friend constexpr Decimal Abs(Decimal a) { return a.negative() ? -a : a; }
  friend constexpr bool operator==(Decimal a, Decimal b) { return a.micros_ == b.micros_; }
  friend constexpr std::strong_ordering operator<=>(Decimal a, Decimal b) {
    return a.micros_ < b.micros_
               ? std::strong_ordering::less
               : (a.micros_ == b.micros_ ? std::strong_ordering::equal : std::strong_ordering::greater);
  }
  static constexpr int64_t kUnit = 1000000;

 private:
  explicit constexpr Decimal(absl::int128 micros) : micros_(micros) {}
  // 10^11 values of 10^26 millionths; two numbers below it cannot overflow before they are looked at.
  static constexpr Decimal Checked(absl::int128 micros) {
    [[maybe_unused]] constexpr absl::int128 kLimit =
        static_cast<__int128>(1000000000000000000) * 1000000000000000000 * 10;
    assert(-kLimit <= micros && micros <= kLimit);
    return Decimal(micros);
  }
  absl::int128 micros_ = 0;
};

}  // namespace tributary
