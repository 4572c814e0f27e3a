#pragma once

// Distinct orders, customers, products or sites as what a program counts (SEMANTICS R9).

#include <cstdint>
#include <string>
#include <vector>

#include "common/money/decimal.h"

namespace tributary::incentive {

struct CountedLine {
  std::string fact;
  std::string of;    // the order, customer, product or site, as the program states; empty where it is not known
  Decimal quantity;  // below zero where it takes units back
};

// How many of them have more than 0 units. What was all returned does not count, so a returned sale leaves no trace;
// nor does what is not known. A line that is told twice counts once.
int64_t CountDistinct(std::vector<CountedLine> lines);

}  // namespace tributary::incentive
