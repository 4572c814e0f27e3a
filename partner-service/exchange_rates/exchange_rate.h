#pragma once

// Exchange rates: facts about a day, exact to 12 decimals. Pure values and decisions.

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/money/rational.h"
#include "common/time/date.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class ExchangeRateState { kActive = 1, kWithdrawn = 2 };
std::string_view NameOf(ExchangeRateState state);

// Which rates of which currencies.
struct RatePair {
  std::string rate_type;
  std::string from;  // one unit of this ...
  std::string to;    // ... is worth `rate` of this
  friend bool operator==(const RatePair&, const RatePair&) = default;
};

struct ExchangeRate {
  Revision revision;
  ExchangeRateState state = ExchangeRateState::kActive;
  RatePair pair;
  Date date;
  std::string rate;         // RoundRate of the source's text
  std::string source_text;  // as the source states it

  std::string id() const;    // {rate_type}.{from}.{to}.{date}
  std::string name() const;  // exchangeRates/{id}
};

// The rate that a source's text states, rounded half-even to 12 decimals, as its shortest text ("7.1234").
// INVALID_FIELD without a field name where it is no plain decimal (digits, at most one point, no sign, exponent or
// grouping), not below 10^12, or nothing is left of it at 12 decimals.
absl::StatusOr<std::string> RoundRate(std::string_view text);
// The number of such a text.
Rational RateOf(std::string_view rate);

// Refused (INVALID_FIELD): a currency's rate into itself, which is 1 and is not told; the text of the rate.
absl::StatusOr<ExchangeRate> Stated(RatePair pair, Date date, std::string_view source_text);

// How a rate that is told meets what is stored under its id.
enum class RateArrival {
  kNew,        // nothing has its id
  kAgain,      // the same rate is there, however its source wrote it
  kReplacing,  // what had its id was withdrawn
};
// Refused (ROW_CONFLICT): another rate holds for the day.
absl::StatusOr<RateArrival> Arrive(const std::optional<ExchangeRate>& stored, const ExchangeRate& told);

// ACTIVE to WITHDRAWN. Refused: not ACTIVE.
absl::StatusOr<ExchangeRate> Withdraw(const ExchangeRate& rate, absl::Time now);

// What a look-up found besides a rate that holds: for its explanation.
struct RateNeighbors {
  std::optional<ExchangeRate> latest;   // the last one before the days that were looked at
  std::optional<ExchangeRate> inverse;  // of the other direction, in those days
};
// Why there is no rate, for people: what was looked for, what is there instead and why it does not count.
std::string ExplainMissing(const RatePair& pair, Date date, int within_days, const RateNeighbors& neighbors);

}  // namespace tributary::partner
