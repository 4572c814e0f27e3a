#pragma once

// Distinct orders, customers, products or sites as what a program counts (SEMANTICS R9).

#include <cstdint>
#include <map>
#include <string>

#include "common/money/decimal.h"

namespace tributary::incentive {

// Units of each order, customer, product or site, those that returns took back left out.
using CountedUnits = std::map<std::string, Decimal>;

// Adds to them; with `sign` -1 takes away. What comes to 0 is forgotten, so the order of additions leaves no trace.
void AddUnits(const CountedUnits& added, int sign, CountedUnits* units);

// How many of them have more than 0 units: what was all returned does not count, so a returned sale leaves no trace.
int64_t CountDistinct(const CountedUnits& units);

}  // namespace tributary::incentive
