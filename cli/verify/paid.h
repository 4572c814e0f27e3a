#pragma once

// What parts of payments earn by the days that they took, worked out again by the verifier. Without messages.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cli/verify/fraction.h"
#include "cli/verify/scale.h"

namespace tributary::cli::verify {

struct PaidLine {
  Integer amount;  // billionths; below 0 where it takes a part back
  int64_t days = 0;
};

// The rate of the band that the days lie in.
Fraction RateOfDays(const ScaleTerms& terms, int64_t days);

// One part a band in which anything was paid; 0 where they sum to less.
ScaleValue WorkOutPaid(const ScaleTerms& terms, const std::vector<PaidLine>& lines);

}  // namespace tributary::cli::verify
