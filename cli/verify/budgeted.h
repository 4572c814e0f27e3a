#pragma once

// What a budget leaves of a value, looked at again by the verifier from what one partner's document tells: of others a
// factor, or a day. Without messages. Amounts are smallest units.

#include <optional>
#include <string>
#include <vector>

#include "cli/verify/fraction.h"

namespace tributary::cli::verify {

// What a line brings to the value, on its day.
struct BudgetedLine {
  std::string date;  // "2013-11-29"
  Fraction weight;
};

// What is stated.
struct StatedBudget {
  bool by_event = false;           // else pro rata
  std::optional<Fraction> factor;  // pro rata
  std::string used_up_on;          // by event: a day; empty where the budget suffices
  Integer share = 0;
};

struct BudgetedWork {
  Integer value = 0;                     // the share, or what was stated before as far as the value reaches
  std::vector<std::string> differences;  // in words
};

// `asked`: the value before the budget; `before`: what was stated of it before. Pro rata the share is within a unit of
// asked x factor, and of what the nine decimals of the factor cut off. By event it lies between what the lines before
// that day bring and what those up to it do; what a day takes back is taken of the days before it.
BudgetedWork WorkOutBudget(const StatedBudget& stated, const Integer& asked, const Integer& before,
                           const std::vector<BudgetedLine>& lines);

}  // namespace tributary::cli::verify
