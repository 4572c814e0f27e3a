#pragma once

// What a policy says of a product at a site: the formula, term by term. Pure.
//
// With demand d and its deviation s a day, lead time of mean L and deviation t, and review period R (PERIODIC alone):
//
//   protection interval  T = L + R
//   safety stock         z * sqrt(T * s^2 + d^2 * t^2), z the normal quantile of the service level
//   level                d * T + safety stock
//
// (G. Hadley and T. M. Whitin, Analysis of Inventory Systems, 1963; E. A. Silver, D. F. Pyke and R. Peterson, Inventory
// Management and Production Planning and Scheduling, 1998: demand and lead time independent, demand over T taken as
// normal.) The deviation of demand is what the forecast was wrong by in its back-test, not how much demand varies. Each
// term is worked out from the terms as they are rounded and shown, so that it can be done again with pencil and paper.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "inventory-service/forecasting/demand.h"
#include "inventory-service/forecasting/forecast.h"
#include "inventory-service/movements/movement.h"
#include "inventory-service/replenishment/policy.h"

namespace tributary::inventory {

// The numbers are stored and are those of the wire; of several reasons the first in this order.
enum class WhyNot {
  kNone = 0,
  kPolicyPaused = 1,
  kProductNotInUse = 2,
  kPackUnknown = 3,
  kStockUnknown = 4,
  kHistoryTooShort = 5,
  kLeadTimeUnknown = 6,
  kNotAReviewDay = 7,
  kAboveReorderPoint = 8,
  kAtOrderUpToLevel = 9,
  kNoWholePack = 10,
  kProductIsKit = 11,  // goes before kPackUnknown
};

// The numbers are stored and are those of the wire.
enum class DemandSource { kSellThrough = 1, kSellIn = 2 };
// By what it is known of which days sales were told; of sell-in nothing needs to be told.
enum class DemandKnownBy { kNothing = 0, kRecordedSales = 1, kReportCoverage = 2 };
DemandKnownBy KnownBy(const ToldDays& told);
enum class LeadTimeSource { kPolicy = 1, kProductShipments = 2, kPartnerShipments = 3 };

// Order date to ship date of some shipment lines, in days.
struct LeadTimeSums {
  int64_t lines = 0;
  int64_t days = 0;
  int64_t squares = 0;  // of the days
};

struct LeadTime {
  LeadTimeSource source = LeadTimeSource::kPolicy;
  int64_t lines = 0;
  Decimal mean_days;
  Decimal deviation_days;
  friend bool operator==(const LeadTime&, const LeadTime&) = default;
};

// Fewer shipment lines than this measure nothing.
inline constexpr int kFewestShipments = 3;

// As the policy states it, else by the product's shipments to the partner, else by all shipments to the partner; unset
// where these are fewer than kFewestShipments too. The deviation is that of a sample (n - 1).
std::optional<LeadTime> LeadTimeOf(const ReplenishmentPolicy& policy, const LeadTimeSums& product,
                                   const LeadTimeSums& partner);

// A suggestion that was accepted as of a date.
struct AcceptedQuantity {
  Date date;
  Decimal quantity;
};

// What was accepted without an order being named, and is not yet on its way: every acceptance adds to it, whatever is
// sent to the site afterwards takes from it, down to 0. `accepted` by date.
Decimal OnOrder(absl::Span<const AcceptedQuantity> accepted, const ByDay& sent);

struct StockPosition {
  Decimal on_hand;
  Decimal in_transit;
  Decimal on_order;     // accepted, and neither named by an order nor sent
  Decimal open_orders;  // of the partner's orders, and not shipped
  Decimal sum() const { return on_hand + in_transit + on_order + open_orders; }
  friend bool operator==(const StockPosition&, const StockPosition&) = default;
};

// The demand that was read: where, and in what periods.
struct DemandRead {
  DemandSource source = DemandSource::kSellThrough;
  DateRange span;
  int period_days = 0;
  int periods = 0;
  int known_periods = 0;
  DemandKnownBy known_by = DemandKnownBy::kNothing;
  // The demand ends more than a period before the date: what happened since is not known.
  bool StaleOn(Date date) const { return span.end.AddDays(period_days) <= date; }
  friend bool operator==(const DemandRead&, const DemandRead&) = default;
};

struct ProposalInputs {
  Date date;
  bool product_in_use = true;
  bool is_kit = false;  // on the date: it has no stock of its own
  bool pack_known = true;
  bool stock_known = true;
  DemandRead demand;
  std::optional<Forecast> forecast;
  std::optional<LeadTime> lead_time;
  StockPosition position;
};

struct ReplenishmentTerms {
  Decimal demand_per_day;          // 6 decimals
  Decimal deviation_per_day;       // 6 decimals
  Decimal protection_days;         // exact
  Decimal demand_over_protection;  // 3 decimals
  Decimal safety_factor;           // 6 decimals
  Decimal safety_stock;            // 3 decimals
  Decimal level;                   // the reorder point s; for PERIODIC the order-up-to level S
  friend bool operator==(const ReplenishmentTerms&, const ReplenishmentTerms&) = default;
};

struct Proposal {
  std::optional<ReplenishmentTerms> terms;  // unset without a forecast or a lead time
  Decimal wanted;                           // before packs
  Decimal quantity;                         // whole packs; 0 where silent
  WhyNot why_not = WhyNot::kNone;
  std::string explanation;  // for people, with the numbers that decided
};

// `policy` with the pack size of today.
Proposal Propose(const ReplenishmentPolicy& policy, const ProposalInputs& inputs);

std::string_view NameOf(WhyNot why_not);

}  // namespace tributary::inventory
