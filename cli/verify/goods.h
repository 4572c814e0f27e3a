#pragma once

// Free goods, worked out again by the verifier. Without messages.

#include <cstdint>
#include <string>
#include <vector>

#include "cli/verify/fraction.h"

namespace tributary::cli::verify {

// In billionths.
struct GoodsTerms {
  Integer paid_units;
  Integer free_units;
  bool by_order = false;
  bool inclusive = false;
};

// A line of an entry.
struct GoodsLine {
  std::string fact;
  Integer units;   // billionths
  Integer amount;  // likewise; a line that costs nothing gives goods
  int64_t as = 0;  // the number of its order as stated; 0 where they are added up over the period
};

struct GoodsWork {
  Integer paid = 0;  // billionths, as are the next two
  Integer due = 0;
  Integer given = 0;
  std::vector<std::string> differences;  // in words
};

// `lines`: in the order of the entry; numbers of orders go up from 1 as they first appear. Which order is behind a
// number the statement does not show.
GoodsWork WorkOutGoods(const GoodsTerms& terms, const std::vector<GoodsLine>& lines);

}  // namespace tributary::cli::verify
