#include "incentive-service/statements/clawback_entry.h"

#include <algorithm>

#include "common/status/status.h"

namespace tributary::incentive {

absl::Status CapClawback(const Program& program, const ClawedPeriod& said, StatementEntry* entry) {
  const Terms& terms = program.terms;
  ASSIGN_OR_RETURN(const int64_t stays, StaysStated(*program.clawback_cap, said.most, terms.currency, terms.rounding));
  const int64_t waived = std::max<int64_t>(stays - entry->value, 0);
  entry->clawback = ClawbackSteps{said.most, stays, waived, said.waived};
  entry->value += waived;
  return absl::OkStatus();
}

}  // namespace tributary::incentive
