#pragma once

// Returns that name no line that they return, under ReturnPolicy::kMatchLatest (SEMANTICS R7): unit by unit they return
// what the partner was sold last of the product at the same price, up to their own date, and count on its dates; what
// is left counts on their own. A function of the set of lines, in whatever order they came.

#include <vector>

#include "incentive-service/facts/fact_line.h"

namespace tributary::incentive {

// Units that come back, of which nobody says from which line.
bool IsUnlinkedReturn(const FactLine& line);

// Each unlinked return in parts: one for each line that units of it are matched with (`matched`, which is then its
// `original` too, and has its dates), and what is left. The others as they are. `lines`: of the partners and products
// of these returns all lines and returns of one source, of whatever date; others may be among them. A line that was
// taken back is matched with nothing, and of its units those alone that no linked return brought back. Returns go by
// their dates on the basis, documents and lines; those that were taken back come last, so that they take nothing from
// the others. Amounts go in proportion to units, to a millionth, so that the parts sum to the whole.
std::vector<FactLine> MatchReturns(Basis basis, std::vector<FactLine> lines);

}  // namespace tributary::incentive
