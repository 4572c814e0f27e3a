#pragma once

// The verifier's own numbers: whole billionths in unbounded integers.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "boost/multiprecision/cpp_int.hpp"
#include "google/type/date.pb.h"
#include "google/type/decimal.pb.h"
#include "google/type/money.pb.h"
#include "tributary/incentive/v1/program.pb.h"

namespace tributary::cli::verify {

using Integer = boost::multiprecision::cpp_int;

// Billionths in one.
const Integer& Unit();

// nullopt where the text is no plain decimal of at most nine decimals.
std::optional<Integer> Billionths(const google::type::Decimal& decimal);
// nullopt where nanos are out of range or of another sign.
std::optional<Integer> Billionths(const google::type::Money& money);
// For people: "2868.51015".
std::string Text(const Integer& billionths);

// Decimals of a currency's smallest unit.
int Decimals(std::string_view currency);

// A fraction in words, "num" or "num/den".
struct Fraction {
  Integer num;
  Integer den;
};
std::optional<Fraction> ParseFraction(std::string_view text);
inline bool Equal(const Fraction& a, const Fraction& b) { return a.num * b.den == b.num * a.den; }
std::string Text(const Fraction& fraction);

// The nearest integer to num / den (den > 0), by the rounding.
Integer Round(const Fraction& fraction, incentive::v1::Program::Rounding rounding);

// `total` in proportion to the weights: whole parts first, then one each to the largest remainders, equal ones to the
// earlier. All 0 where total is 0.
std::vector<Integer> Shares(const Integer& total, const std::vector<Integer>& weights);

// Comparable as text: "2013-11-29".
std::string Text(const google::type::Date& date);

}  // namespace tributary::cli::verify
