#pragma once

// Stock rotations: what a partner may send back, or destroy, of what it bought, and is credited for. Values and
// decisions; what is credited is decided by claims.

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/time/date.h"

namespace tributary::incentive {

// The numbers of both are stored and are those of the wire.
enum class StockRotationState : int { kDraft = 1, kApproved = 2 };
std::string_view NameOf(StockRotationState state);
enum class RotationWay : int { kReturn = 1, kScrap = 2, kReturnOrScrap = 3 };

struct StockRotation {
  std::string partner;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  StockRotationState state = StockRotationState::kDraft;
  RotationWay way = RotationWay::kReturn;
  DateRange window;     // days of movements
  DateRange purchases;  // ship dates of what counts as bought
  Decimal limit_rate;   // of what was bought in all; credits sum to no more
  Decimal fee_rate;     // of what is credited, kept for restocking
  std::string currency;
  Date claim_deadline;  // the last day
  std::string note;
  std::string creator;   // principal, and so below
  std::string approver;  // empty before it is approved

  std::string path() const { return "stockRotations/" + id; }
  std::string name() const { return "partners/" + partner + "/" + path(); }
  bool Credits(bool scrapped) const {
    return way == RotationWay::kReturnOrScrap || scrapped == (way == RotationWay::kScrap);
  }
  // What a unit that cost so much is credited with.
  Rational CreditOf(const Rational& price) const { return price * (Rational::FromInt(1) - Rational(fee_rate)); }
};

// INVALID_FIELD stock_rotation.move_to, stock_rotation.purchases_to where they are not after what they end;
// stock_rotation.restocking_fee_rate of 1; stock_rotation.claim_deadline before the last day of movements.
absl::Status CheckStockRotation(const StockRotation& rotation);

// Refused, in this order: STATE_CONFLICT unless it is a draft; SECOND_PERSON_REQUIRED where its creator approves it.
absl::StatusOr<StockRotation> Approve(StockRotation rotation, std::string_view principal, absl::Time now);

}  // namespace tributary::incentive
