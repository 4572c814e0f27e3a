#pragma once

// What a close comes to, before anything of it is stored. A close stores it, a preview shows it.

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/time/date.h"
#include "incentive-service/closes/period_close.h"
#include "incentive-service/facts/watermark.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/statements/entry.h"

namespace tributary::incentive {

// For what it is worked out.
struct CloseAsk {
  absl::Time now;
  bool ahead = false;  // as if the period's last day had passed
  // Given: without what was told beyond it. All else (rates, scores, relationships, costs, what is carried into a
  // period, on which day a return counts) is as it is known now.
  std::optional<Watermark> told_by;
};

// Accruals of a partner that are looked at again when true-ups are due next: what they wait for may have come by then,
// or a stacking plan says it.
struct LookedAtAgain {
  std::string program;  // its id
  std::string partner;
  DateRange days;
};

struct CloseWork {
  std::optional<Watermark> told_by;  // as CloseAsk
  StatedPeriod stated;
  std::vector<std::string> trued_up;  // ids of programs whose due true-ups are worked out: they are due no more
  std::vector<LookedAtAgain> again;   // but these
};

struct WorkedOutClose {
  Period period;
  std::string currency;
  std::vector<PeriodClose> closes;  // one; of a stacking plan one of each member
  std::vector<Program> programs;    // whose closes they are, likewise
  absl::Time earliest;              // from when on it may be made
  CloseWork work;
};

}  // namespace tributary::incentive
