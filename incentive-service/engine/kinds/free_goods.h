#pragma once

// Free goods: so many units free for so many paid, counted over an order or a period.

#include <string_view>
#include <vector>

#include "common/money/decimal.h"
#include "common/status/status.h"

namespace tributary::incentive {

struct FreeGoods {
  Decimal per;             // paid units, above 0
  Decimal free;            // free units for each full `per`, above 0; below `per` where they are inclusive
  bool inclusive = false;  // within what was ordered: of each `per` units, `free` are not charged
};

// Amounts of 0 or less, and free units that are all; each with its path below `field`.
std::vector<FieldViolation> CheckFreeGoods(const FreeGoods& terms, std::string_view field);

// Free units that stand for the cumulative units of a scope (an order, a period) after its returns: floor(units / per)
// x free. Units of 0 or less stand for none.
Decimal FreeUnits(const FreeGoods& terms, Decimal units);

// What changes on more units: what stands after less what stood before; below 0 where returns take some back.
inline Decimal FreeUnitsFor(const FreeGoods& terms, Decimal before, Decimal more) {
  return FreeUnits(terms, before + more) - FreeUnits(terms, before);
}

// Units that are charged of those ordered: all of them, or the rest where the free ones are within.
inline Decimal ChargedUnits(const FreeGoods& terms, Decimal units) {
  return terms.inclusive ? units - FreeUnits(terms, units) : units;
}

}  // namespace tributary::incentive
