#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"

namespace tributary {

// Points: a unit of account that is no currency. They are whole, and worth in money what a dated rate says when they
// are redeemed. Where money is wanted the frame refuses them (FieldRules.points).
inline constexpr std::string_view kPoints = "PTS";

// Digits after the point of an ISO 4217 currency (JPY 0, USD 2, KWD 3), of points 0; nullopt for an unknown code.
std::optional<int> CurrencyExponent(std::string_view code);

// An amount of a currency, as stated on a document (scale up to 6).
struct Money {
  std::string currency;  // ISO 4217, or kPoints
  Decimal amount;
  friend bool operator==(const Money&, const Money&) = default;
};

// Sum; CURRENCY_MISMATCH where the currencies differ.
absl::StatusOr<Money> Add(const Money& a, const Money& b);

// Rounded to the currency's exponent, in minor units (cents). OVERFLOW outside int64; INVALID_FIELD currency_code for
// an unknown code, here and below.
absl::StatusOr<int64_t> ToMinorUnits(const Rational& amount, std::string_view currency, Rounding rounding);
// Minor units as an exact amount: 286851 USD -> 2868.51.
absl::StatusOr<Decimal> FromMinorUnits(int64_t minor, std::string_view currency);
// "2868.51": exactly the currency's number of decimals (none for an unknown code).
std::string FormatMinorUnits(int64_t minor, std::string_view currency);

// `total` shared in proportion to `weights` (any signs, their sum not zero) by largest remainder: the parts sum to
// total exactly; ties go to the earlier index, so the caller orders by (basis date, fact id). Where all weights are
// zero or sum to zero, or where a part would not fit (weights of both signs that nearly cancel), the whole goes to the
// first. Sharing -total gives the same parts with the other sign, so a reversal cancels part by part. No weights, no
// parts.
std::vector<int64_t> AllocateLargestRemainder(int64_t total, const std::vector<Decimal>& weights);
std::vector<int64_t> AllocateLargestRemainder(int64_t total, const std::vector<Rational>& weights);

}  // namespace tributary
