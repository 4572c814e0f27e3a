#pragma once

// Parts of returns that name no sale, matched with sales, looked at again by the verifier. Without messages. Numbers
// are billionths.

#include <string>
#include <vector>

#include "cli/verify/fraction.h"

namespace tributary::cli::verify {

// Units and what they came to, net.
struct UnitsSold {
  Integer quantity = 0;
  Integer amount = 0;
};
// Whether a unit came to the same; both of some units.
bool SamePrice(const UnitsSold& a, const UnitsSold& b);
// Whether these are units of that return, with their part of its amount to a millionth.
bool IsPartOf(const UnitsSold& part, const UnitsSold& whole);

// A line of an entry.
struct MatchedLine {
  std::string fact;
  std::string date;
  std::string product;
  std::string currency;
  UnitsSold sold;
  std::string matched;  // the name of the line that it is matched with; empty: none
};
// What differs, in words: that a line which is matched takes units back, of another line of the entry on its day, of
// its product, at its price to a millionth where the amounts are net, with each once, and of none more than it has.
std::vector<std::string> VerifyMatches(const std::vector<MatchedLine>& lines, bool net);

}  // namespace tributary::cli::verify
