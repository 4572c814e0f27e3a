#pragma once

// Which existing facts explain the gap between what a partner reports to have and what the books say (R17). Pure: it
// proposes, and posts nothing.

#include <string>
#include <vector>

#include "common/money/decimal.h"
#include "common/time/date.h"

namespace tributary::inventory {

// Why the partner's shelf and the books may see a fact differently. The numbers are those of the proto.
enum class CandidateKind : int {
  kUnreceivedShipment = 1,  // shipped, on the shelf, and not yet received in the books
  kLookAlikeRow = 2,        // told twice under two names
  kOpenReturn = 3,          // left the shelf, and the books have not seen it go
  kTransferInTransit = 4,   // between two sites
};

// A fact that would change the books by `units` (negative: they have too much) if the partner's report is right about
// it.
struct Candidate {
  CandidateKind kind = CandidateKind::kUnreceivedShipment;
  std::string fact;  // name
  Date date;
  Decimal units;
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

// More candidates than these are not searched: their sums would hit nearly any gap by chance.
inline constexpr size_t kMostCandidates = 20;

struct Explanation {
  std::vector<Candidate> facts;  // their units sum to the gap exactly; by date and name
  Decimal unexplained;           // the whole gap where no facts explain it, else 0
  bool too_many_candidates = false;
  friend bool operator==(const Explanation&, const Explanation&) = default;
};

// The fewest candidates whose units sum to exactly `gap`; among as few, the oldest: the first in the order of their
// sorted (date, fact) lists. A gap of 0 needs none. The order of `candidates` does not matter.
Explanation Explain(Decimal gap, std::vector<Candidate> candidates);

}  // namespace tributary::inventory
