#pragma once

// The verifier's own numbers: whole billionths in unbounded integers, and fractions of them. Without messages.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "boost/multiprecision/cpp_int.hpp"

namespace tributary::cli::verify {

using Integer = boost::multiprecision::cpp_int;

// Billionths in one.
const Integer& Unit();
// nullopt where the text is no plain decimal of at most nine decimals.
std::optional<Integer> ParseBillionths(std::string_view text);
// For people: "2868.51015".
std::string Text(const Integer& billionths);

// Decimals of a currency's smallest unit; points are whole.
int Decimals(std::string_view currency);
// How many of them one has: 100 of CNY.
Integer SmallestUnits(std::string_view currency);

// num / den, den above 0.
struct Fraction {
  Integer num = 0;
  Integer den = 1;
};
// In lowest terms.
Fraction Reduced(Integer num, Integer den);
Fraction Plus(const Fraction& a, const Fraction& b);
Fraction Minus(const Fraction& a, const Fraction& b);
Fraction Times(const Fraction& a, const Fraction& b);
Fraction Over(const Fraction& a, const Fraction& b);  // b not 0
inline bool Equal(const Fraction& a, const Fraction& b) { return a.num * b.den == b.num * a.den; }
inline bool Less(const Fraction& a, const Fraction& b) { return a.num * b.den < b.num * a.den; }
// Of billionths: 1.5 is 3/2.
Fraction Whole(const Integer& billionths);

// A fraction in words, "num" or "num/den".
std::optional<Fraction> ParseFraction(std::string_view text);
// A plain decimal of any length.
std::optional<Fraction> ParseDecimal(std::string_view text);
std::string Text(const Fraction& fraction);

// How a value becomes money; the numbers of Program.Rounding.
enum class RoundingRule { kHalfEven = 1, kHalfUp = 2, kDown = 3 };
// The nearest integer to num / den, by the rule.
Integer Round(const Fraction& fraction, RoundingRule rule);
// The integer at or below.
Integer Floor(const Fraction& fraction);

// `total` in proportion to the weights: whole parts first, then one each to the largest remainders, equal ones to the
// earlier; a total below 0 in the same parts with the other sign. All 0 where the weights sum to 0 or less.
std::vector<Integer> Shares(const Integer& total, const std::vector<Integer>& weights);
std::vector<Integer> Shares(const Integer& total, const std::vector<Fraction>& weights);

}  // namespace tributary::cli::verify
