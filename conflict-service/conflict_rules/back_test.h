#pragma once

// What a rule would find, against what it has found and what came of that.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/money/decimal.h"
#include "conflict-service/cases/case.h"

namespace tributary::conflict {

// A finding of the past.
struct PastFinding {
  std::string id;
  bool open = false;                 // now
  Outcome outcome = Outcome::kNone;  // of its case, where that is closed
};

struct BackTest {
  int64_t flagged = 0;    // that the rule would find
  int64_t added = 0;      // of these, that are not open now
  int64_t dropped = 0;    // that are open now, and that it would not find
  int64_t confirmed = 0;  // of what it would find, closed cases that were as it says
  int64_t unfounded = 0;  // and that were not
  int64_t missed = 0;     // of what it would not find, closed cases that were as the rule said
  int64_t spared = 0;     // and that were not
  // confirmed / (confirmed + unfounded), half-even to 4 decimals; unset where no closed case tells.
  std::optional<Decimal> precision() const;
  // The same over all closed cases.
  std::optional<Decimal> precision_so_far() const;
  friend bool operator==(const BackTest&, const BackTest&) = default;
};

// `flagged`: ids of what the rule would find; `past`: all findings that it might have found, each once.
BackTest Compare(const std::set<std::string>& flagged, const std::vector<PastFinding>& past);

}  // namespace tributary::conflict
