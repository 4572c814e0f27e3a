#pragma once

// What a cap of clawbacks leaves stated of what a true-up says.

#include "absl/status/status.h"
#include "incentive-service/engine/clawback.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/statements/statement.h"

namespace tributary::incentive {

// Of a true-up of a program with a cap, as it is without one: its value becomes at least what stays stated; lines and
// members share what the period is worth. `said`: of the partner and the period, by entries before. OVERFLOW where a
// value has left its range.
absl::Status CapClawback(const Program& program, const ClawedPeriod& said, StatementEntry* entry);

}  // namespace tributary::incentive
