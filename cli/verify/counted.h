#pragma once

// How many distinct orders, customers, products or sites lines have, worked out again by the verifier. Without
// messages.

#include <cstdint>
#include <string>
#include <vector>

#include "cli/verify/fraction.h"

namespace tributary::cli::verify {

// A line of an entry that counts.
struct CountedLine {
  std::string fact;
  std::string product;
  Integer units;   // billionths
  int64_t as = 0;  // its number as stated; 0: not known
};

struct CountWork {
  Fraction count;
  std::vector<std::string> differences;  // in words
};

// How many numbers have more than 0 units. `lines`: in the order of the entry; numbers go up from 1 as they first
// appear. `by_product`: then one product has one number; what else is behind a number the statement does not show.
CountWork WorkOutCount(bool by_product, const std::vector<CountedLine>& lines);

}  // namespace tributary::cli::verify
