#pragma once

// The share of a set in an amount, worked out again by the verifier. Without messages.

#include "cli/verify/fraction.h"
#include "cli/verify/scale.h"

namespace tributary::cli::verify {

// Whether a share of `set` in `all` can be told.
inline bool HasShare(const Fraction& all) { return all.num > 0; }

// What lines are worth whose set comes to `set`. Parts are in money. Nothing where `all` is 0 or less.
ScaleValue WorkOutMix(const ScaleTerms& terms, const Fraction& set, const Fraction& all, bool pays_all,
                      const Fraction& units);

}  // namespace tributary::cli::verify
