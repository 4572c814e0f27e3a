#pragma once

// Statements: what a partner is paid for one period of one program, and on which lines it rests. Fixed once issued.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/time/date.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

enum class StatementState { kIssued = 1 };

struct StatementLine {
  int64_t ordinal = 0;  // from 1, by (basis date, document, line)
  std::string fact;     // without "partners/{partner}/"
  Date basis_date;
  std::string product;
  Decimal quantity;
  Decimal amount;
  int64_t share = 0;  // minor units
  friend bool operator==(const StatementLine&, const StatementLine&) = default;
};

struct Statement {
  std::string partner;
  int64_t number = 0;  // counts the partner's statements from 1
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  StatementState state = StatementState::kIssued;
  std::string program;  // its id
  int64_t program_version = 0;
  std::string period;  // its id
  int64_t line_count = 0;
  Decimal qualifying;
  int64_t total = 0;  // minor units

  std::string name() const { return "partners/" + partner + "/statements/" + std::to_string(number); }
};

// partners/{partner}/statements/{number}. INVALID_FIELD `field` where the pattern is another; a last segment that is no
// number names a statement that is not there (NOT_FOUND).
struct StatementKey {
  std::string partner;
  int64_t number = 0;
};
absl::StatusOr<StatementKey> ParseStatementName(std::string_view name, std::string_view field = "name");

// What closing a period states.
struct StatedPeriod {
  struct Stated {
    Statement statement;  // without a number
    std::vector<StatementLine> lines;
  };
  std::vector<Stated> statements;  // by partner
  int64_t total = 0;               // minor units
  int64_t lines = 0;
  int64_t other_currency_lines = 0;
};

// One statement for each partner with a line in the program's currency. `lines`: the live lines of the period, in any
// order. OVERFLOW where a value has left its range.
absl::StatusOr<StatedPeriod> StatePeriod(const Program& program, const Period& period, std::vector<FactLine> lines,
                                         absl::Time now);

}  // namespace tributary::incentive
