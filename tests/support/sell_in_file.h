#pragma once

// What a file of sell-in lines must come to, computed from its text with whole numbers alone. Shares nothing with the
// suite: neither its reader nor its arithmetic nor its engine.

#include <cstdint>
#include <string>
#include <vector>

namespace tributary::testing {

// The file's lines of text, header first.
std::vector<std::string> LinesOf(const std::string& path);
void WriteLines(const std::string& path, const std::vector<std::string>& lines);

// The columns that matter, by the names in the file's header.
struct SellInColumns {
  std::string partner, order_date, quantity, net;
};

struct SellInTotals {
  int64_t lines = 0;
  int64_t units = 0;
  std::string net;              // up to four decimals, without zeros at the end
  int64_t statements = 0;       // pairs of partner and quarter with a line
  std::string rebate_marginal;  // each quarter of each partner rounded half to even to cents, then summed
  std::string rebate_retroactive;
};

// The rebate of 1 % from 0, 2 % from 20,000 and 3.5 % from 60,000 on a quarter's net by order date.
SellInTotals ComputeSellIn(const std::vector<std::string>& lines, const SellInColumns& columns);

}  // namespace tributary::testing
