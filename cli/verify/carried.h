#pragma once

// What periods left below 0 and carried into a later one, worked out again by the verifier from what they came to.
// Without messages. Numbers are billionths.

#include <vector>

#include "cli/verify/fraction.h"

namespace tributary::cli::verify {

// Money, and units.
struct CarriedSums {
  Integer amount = 0;
  Integer quantity = 0;
};

// `periods`: what each came to by itself, the oldest first.
CarriedSums WorkOutCarried(const std::vector<CarriedSums>& periods);

}  // namespace tributary::cli::verify
