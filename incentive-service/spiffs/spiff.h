#pragma once

// SPIFFs: rewards for people who sell at partners, so much for each unit of a product. Values and decisions; what is
// paid for which sale is decided by claims.

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/time/date.h"

namespace tributary::incentive {

// The numbers are stored and are those of the wire.
enum class SpiffState : int { kDraft = 1, kAnnounced = 2 };
std::string_view NameOf(SpiffState state);

struct Spiff {
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  SpiffState state = SpiffState::kDraft;
  std::string product;  // products/{product}
  DateRange window;     // days of sale
  Decimal reward;       // for one base unit
  std::string currency;
  Date claim_deadline;  // the last day
  std::string note;
  std::string creator;    // principal, and so below
  std::string announcer;  // empty before it is announced

  std::string name() const { return "spiffs/" + id; }
};

// INVALID_FIELD spiff.sale_to where it is not after sale_from; spiff.claim_deadline before the last day of sale.
absl::Status CheckSpiff(const Spiff& spiff);

// Refused, in this order: STATE_CONFLICT unless it is a draft; SECOND_PERSON_REQUIRED where its creator announces it.
absl::StatusOr<Spiff> Announce(Spiff spiff, std::string_view principal, absl::Time now);

}  // namespace tributary::incentive
