#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "common/money/decimal.h"
#include "conflict-service/deals/deal.h"
#include "conflict-service/deals/deal_limits.h"

namespace tributary::conflict {

// Steps of registrations that are counted, each on its day. Stored by number.
enum class DealStep { kRegistered = 1, kWon = 2, kLost = 3, kWithdrawn = 4, kExpired = 5 };

// What a move counts as: handed in for the first time, or ended after that. nullopt: nothing.
std::optional<DealStep> StepOf(const Deal& before, const Deal& after);

// A partner's registrations: what was counted in a window of days, and what is open now.
struct DealFigures {
  int64_t registered = 0;
  int64_t won = 0;
  int64_t lost = 0;
  int64_t withdrawn = 0;
  int64_t expired = 0;
  int64_t open = 0;  // Deal::Open

  int64_t ended() const { return won + lost + withdrawn + expired; }
  // registered / won, half-even to 4 decimals; unset without a win.
  std::optional<Decimal> registrations_per_win() const;
  // expired / ended, half-even to 4 decimals; unset where none ended.
  std::optional<Decimal> expiry_rate() const;
  friend bool operator==(const DealFigures&, const DealFigures&) = default;
};

// Adds what was counted of a step.
void Add(DealStep step, int64_t times, DealFigures* figures);

// Whether it hoards: more registrations a win than the limits allow, or a higher expiry rate. Compared exactly, not as
// rounded.
bool Hoards(const DealLimits& limits, const DealFigures& figures);
// How many may be open; 0: any number.
int OpenLimit(const DealLimits& limits, const DealFigures& figures);
// Before one more becomes open: TOO_MANY_OPEN, which tells the partner its own figures and nobody else's.
absl::Status CheckMayOpen(std::string_view partner, const DealLimits& limits, const DealFigures& figures);

}  // namespace tributary::conflict
