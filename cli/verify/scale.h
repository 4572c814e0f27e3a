#pragma once

// A value from sums, worked out again by the verifier: every shape, floor, cap and penalty. What terms state is in
// billionths, which hold it exactly; sums are fractions, since converted amounts have more decimals.

#include <cstddef>
#include <optional>
#include <vector>

#include "cli/verify/fraction.h"

namespace tributary::cli::verify {

// The numbers of Program.Shape.
enum class ScaleShape {
  kMarginal = 1,
  kRetroactive = 2,
  kRolling = 3,
  kTotal = 4,
  kFlat = 5,
  kPerUnit = 6,
  kTarget = 7,
};

struct ScaleTier {
  Integer from = 0;
  Integer rate = 0;
  Integer amount = 0;  // for a unit, or once
};

// What a program's terms say of its value.
struct ScaleTerms {
  ScaleShape shape = ScaleShape::kMarginal;
  bool upto = false;      // a bound belongs to the tier below it
  bool by_units = false;  // tiers are reached by units
  std::vector<ScaleTier> tiers;
  std::optional<Integer> floor;
  std::optional<Integer> cap;
  std::optional<Integer> max_penalty;  // given: a penalty
};

struct ScaleSums {
  Fraction reach;  // Q, money or units
  Fraction base;   // B, money
  Fraction units;  // that are paid
};

// What a tier's rate (or amount a unit) applies to, and what it gives with what is paid once.
struct ScalePart {
  size_t tier = 0;
  Fraction amount;
  Fraction value;
};

struct ScaleValue {
  std::vector<ScalePart> parts;
  Fraction before;  // floor and cap
  Fraction value;
};

ScaleValue WorkOut(const ScaleTerms& terms, const ScaleSums& sums);

}  // namespace tributary::cli::verify
