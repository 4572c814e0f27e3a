#pragma once

// Replenishment policies: values and decisions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/time/date.h"

namespace tributary::inventory {

// When to order and how much: (s, Q), (s, S), (R, S). The numbers are stored and are those of the wire.
enum class PolicyKind { kReorderPoint = 1, kMinMax = 2, kPeriodic = 3 };

// The numbers are stored and are those of the wire.
enum class PolicyState { kActive = 1, kPaused = 2 };

// Quantities in the product's base unit. There is one policy for each (partner, site, product).
struct ReplenishmentPolicy {
  std::string partner;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  PolicyState state = PolicyState::kActive;
  std::string site;     // id
  std::string product;  // id
  PolicyKind kind = PolicyKind::kReorderPoint;
  Decimal service_level;
  std::optional<Decimal> lead_time_days;  // unset: measured
  std::optional<Decimal> lead_time_deviation_days;
  int review_period_days = 0;             // PERIODIC
  std::optional<Date> first_review_date;  // PERIODIC
  int demand_period_days = 7;
  int history_days = 364;
  std::optional<Decimal> order_quantity;    // REORDER_POINT
  Decimal pack_size = Decimal::FromInt(1);  // base units
  std::string pack_unit;                    // id of the unit that pack_size is read from; empty: as stated
  std::optional<Decimal> min_level;
  std::optional<Decimal> max_level;

  std::string name() const { return "partners/" + partner + "/replenishmentPolicies/" + id; }
};

// Whether the terms go together. INVALID_FIELD with every violation, in this order: order_quantity is set with
// REORDER_POINT and with nothing else; it is a multiple of pack_size; MIN_MAX has max_level; review_period_days and
// first_review_date are set with PERIODIC and with nothing else; lead_time_days and its deviation come together;
// max_level is above min_level; history_days hold 8 periods.
absl::Status CheckTerms(const ReplenishmentPolicy& policy);

// STATE_CONFLICT where it is that already.
absl::StatusOr<ReplenishmentPolicy> Pause(ReplenishmentPolicy policy, absl::Time now);
absl::StatusOr<ReplenishmentPolicy> Resume(ReplenishmentPolicy policy, absl::Time now);

// PERIODIC: whether `date` is one of its review days, and the first one after it.
bool IsReviewDay(const ReplenishmentPolicy& policy, Date date);
Date NextReviewDay(const ReplenishmentPolicy& policy, Date date);

std::string_view NameOf(PolicyKind kind);
std::string_view NameOf(PolicyState state);

}  // namespace tributary::inventory
