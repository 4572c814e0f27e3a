#pragma once

// What closes say of guarantees: entries beside what was earned.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "incentive-service/engine/guarantee.h"
#include "incentive-service/programs/period.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/statements/statement.h"

namespace tributary::incentive {

// What entries have said of a period, in minor units.
struct SaidOfPeriod {
  int64_t earned = 0;      // and trued up
  int64_t guaranteed = 0;  // what its guarantee added
};
// Of one partner, by the period's id.
using SaidOfPeriods = std::map<std::string, SaidOfPeriod>;

// In the smallest units of the program's currency. The program has a guarantee.
GuaranteeTerms GuaranteeTermsOf(const Program& program);

// Whole periods of the program's time up to and with `last`.
std::vector<Period> PeriodsUpTo(const Program& program, const Period& last);

// For one partner: one entry for the period that is being closed, if any is, and one for each other whose guarantee
// adds something else by now. `periods`: from the program's first one on, all closed but perhaps the last;
// `close_period`: of the close that says it. The program has a guarantee.
std::vector<StatementEntry> StateGuarantee(const Program& program, absl::Span<const Period> periods,
                                           const std::optional<Period>& closing, const std::string& close_period,
                                           const SaidOfPeriods& said);

}  // namespace tributary::incentive
