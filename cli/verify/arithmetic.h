#pragma once

// The verifier's numbers as messages state them.

#include <optional>
#include <string>

#include "cli/verify/fraction.h"
#include "google/type/date.pb.h"
#include "google/type/decimal.pb.h"
#include "google/type/money.pb.h"
#include "tributary/incentive/v1/program.pb.h"

namespace tributary::cli::verify {

// nullopt where the text is no plain decimal of at most nine decimals.
std::optional<Integer> Billionths(const google::type::Decimal& decimal);
// nullopt where nanos are out of range or of another sign.
std::optional<Integer> Billionths(const google::type::Money& money);

// The program's rounding, HALF_EVEN where it states none.
RoundingRule RuleOf(incentive::v1::Program::Rounding rounding);
Integer Round(const Fraction& fraction, incentive::v1::Program::Rounding rounding);

// Comparable as text: "2013-11-29".
std::string Text(const google::type::Date& date);

}  // namespace tributary::cli::verify
