#pragma once

// Changes of prices that partners are protected against (SEMANTICS R14). Values and decisions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/price_layers/price_layer.h"
#include "common/time/date.h"
#include "incentive-service/adjustments/adjustment.h"

namespace tributary::incentive {

// The numbers are stored and are those of the wire.
enum class PriceChangeState : int { kDraft = 1, kAnnounced = 2 };
std::string_view NameOf(PriceChangeState state);

struct PriceChange {
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  PriceChangeState state = PriceChangeState::kDraft;
  std::string product;  // products/{product}
  Date effective_date;
  Decimal new_price;  // net, of one base unit
  std::string currency;
  int in_transit_days = 0;
  int lookback_days = 0;
  bool reverse = false;
  Date claim_deadline;  // the last day
  std::string note;
  std::string creator;    // principal, and so below
  std::string announcer;  // empty before it is announced

  std::string name() const { return "priceChanges/" + id; }
};

// INVALID_FIELD price_change.claim_deadline before the day on which it comes into force.
absl::Status CheckPriceChange(const PriceChange& change);

// Refused, in this order: STATE_CONFLICT unless it is a draft; SECOND_PERSON_REQUIRED where its creator announces it.
absl::StatusOr<PriceChange> Announce(PriceChange change, std::string_view principal, absl::Time now);

// A rise that partners pay, as a partner is charged for it: by what its units are `due`, which is below zero, less what
// earlier adjustments `asked` for in minor units. Without ids and times. STATE_CONFLICT unless it is announced and a
// rise that partners pay, and where nothing is left; OVERFLOW.
absl::StatusOr<Adjustment> ChargeOf(const PriceChange& change, std::string_view partner, const Rational& due,
                                    int64_t asked);

// As the layers see it. `reported`: what the partner reports to have at its opening.
LayerProtection ProtectionOf(const PriceChange& change, std::optional<Decimal> reported);

}  // namespace tributary::incentive
