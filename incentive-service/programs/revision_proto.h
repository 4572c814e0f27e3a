#pragma once

// Revisions of programs on the wire, and how their terms differ.

#include <vector>

#include "incentive-service/programs/program.h"
#include "tributary/incentive/v1/program_service.pb.h"

namespace tributary::incentive {

// Named "programs/{program}@{version}".
v1::Program ToRevisionProto(v1::Program program, const Program& revision);

// Each term that is not the same, by its path in Program, such as "tiers[1].rate": those of `before` in the order of
// the fields, then those that only `after` has. A value that is not set is the empty text; what a list of names gained
// or lost is told name by name. What is no term (names, times, state, etag) is not compared.
std::vector<v1::TermDifference> DifferencesOf(const v1::Program& before, const v1::Program& after);

}  // namespace tributary::incentive
