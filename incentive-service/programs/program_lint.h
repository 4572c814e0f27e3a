#pragma once

// Lint of a program before launch: the rules of its terms (engine/lint/lint.h), and what they do not know: that it
// counts or gives by orders.

#include <vector>

#include "incentive-service/engine/lint/lint.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

// LintTerms, and two warnings of what partners gain by how they cut their orders:
// - order-split: of a program that counts orders, where one order more for the same goods is worth more. Tried at each
//   bound, on one order of two units; the counter-example is that order with the others that there are, and its two
//   halves, with what the period is worth. Rates are tried at the price of a unit; without one they are left out.
// - order-merge: of a program that gives free goods by order, where two orders that give less than one of both units
// do.
std::vector<Finding> LintProgram(const Program& program, const LintSettings& settings);

}  // namespace tributary::incentive
