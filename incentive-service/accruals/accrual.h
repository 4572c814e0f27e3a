#pragma once

// What partners have earned so far: sums, moved by lines as they enter and leave. The engine evaluates a sum when it is
// read.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/time/date.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

struct AccrualKey {
  std::string partner;
  std::string program;
  std::string period;  // "2013Q4"
  friend auto operator<=>(const AccrualKey&, const AccrualKey&) = default;

  std::string name() const { return "partners/" + partner + "/accruals/" + program + "." + period; }
};

// partners/{partner}/accruals/{program}.{period}; INVALID_FIELD name.
absl::StatusOr<AccrualKey> ParseAccrualName(std::string_view name);

struct Accrual {
  AccrualKey key;
  Decimal qualifying;
  int64_t lines = 0;
  int64_t other_currency_lines = 0;
  bool stated = false;
  absl::Time update_time;
};

// By how much one accrual moves.
struct AccrualMove {
  AccrualKey key;
  Date period_start;
  Decimal qualifying;
  int64_t lines = 0;
  int64_t other_currency_lines = 0;
  absl::Time at;
};

// One move for each (partner, program, period) that is touched, in the order of the keys. Lines in another currency
// than the program's are counted and nothing else.
std::vector<AccrualMove> MovesOf(absl::Span<const Program> programs, const LiveChanges& changes);
std::vector<AccrualMove> MovesOf(const Program& program, absl::Span<const FactTotal> totals);

}  // namespace tributary::incentive
