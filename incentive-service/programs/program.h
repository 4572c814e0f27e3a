#pragma once

// Rebate programs: their terms, their periods, their life.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/status/status.h"
#include "common/time/date.h"
#include "incentive-service/engine/evaluation.h"

namespace tributary::incentive {

// By which date a line falls into a period.
enum class Basis {
  kOrder = 1,   // its order date
  kSellIn = 2,  // its ship date
};

enum class PeriodKind { kQuarter = 1 };

// A period of a program: "2013Q4", [2013-10-01, 2014-01-01).
struct Period {
  std::string id;
  DateRange range;
  friend bool operator==(const Period&, const Period&) = default;
};

// The period that holds the day.
Period PeriodOf(PeriodKind kind, Date day);
// INVALID_FIELD without a field name where `id` is none.
absl::StatusOr<Period> ParsePeriod(PeriodKind kind, std::string_view id);

enum class ProgramState {
  kDraft = 1,   // being written
  kActive = 2,  // accrues
  kEnded = 3,   // accrues nothing dated from effective.end on; its periods before that are still closed
};
std::string_view NameOf(ProgramState state);  // "DRAFT"

struct Program {
  std::string id;  // the last segment of its name
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  ProgramState state = ProgramState::kDraft;
  std::string display_name;
  Basis basis = Basis::kOrder;
  Terms terms;
  PeriodKind period = PeriodKind::kQuarter;
  DateRange effective;  // whole periods; the end is OpenEnd() where it has none
  friend bool operator==(const Program&, const Program&) = default;

  std::string name() const { return "programs/" + id; }
};

// Every fault of the terms, each with its path below `field` ("program.tiers[1].rate"): tiers that rise from 0, dates
// that begin a period, an end after the beginning.
std::vector<FieldViolation> CheckTerms(const Program& program, std::string_view field);

// DRAFT -> ACTIVE, and ACTIVE -> ENDED at the end of the period that is running today (at its beginning where that is
// still to come; an earlier effective_to stays). STATE_CONFLICT from another state.
absl::StatusOr<Program> Activate(const Program& program, absl::Time now);
absl::StatusOr<Program> End(const Program& program, absl::Time now);

// A draft with other terms. STATE_CONFLICT once it is active.
absl::StatusOr<Program> Revise(const Program& program, Program revised, absl::Time now);

// The calendar day at `now`, in UTC.
Date DayOf(absl::Time now);

}  // namespace tributary::incentive
