#pragma once

// Rows of the reports on stock, each with the terms it was worked out from. Exact; pure values and decisions.
//
// No report is not zero: what a partner sold is known from the day of its first recorded sale to that of its last one
// (`reported`). Whatever needs sales is worked out over known days alone, and is a gap where there are none.

#include <optional>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/time/date.h"
#include "inventory-service/movements/movement.h"
#include "inventory-service/replenishment/proposal.h"

namespace tributary::inventory {

// Why a row has no result. The numbers are those of the wire.
enum class ReportGap {
  kNone = 0,
  kNoSalesReported = 1,    // the partner reported no sale in the days asked for
  kNoDemand = 2,           // nothing was asked for in them
  kNothingOnHand = 3,      // on hand, or its average, is not more than 0
  kPeriodNotReported = 4,  // a part of the period is not reported
  kNetReturns = 5,         // more came back than went out
  kNoQuotient = 6,         // a divisor is 0
};

// The days that both ranges hold; a range that is not there holds none. Empty where end <= start.
DateRange Overlap(DateRange range, const std::optional<DateRange>& other);
inline bool IsEmpty(DateRange range) { return range.end <= range.start; }

// How old what lies there is.
struct AgeingRow {
  Decimal on_hand;  // the sum of the layers less what is uncovered
  std::vector<AgeBucket> buckets;
  AgeLayers layers;
};
AgeingRow AgeingOf(const SiteMovements& movements, Date as_of, absl::Span<const int> bounds);

// How often stock was sold in a period: sold / average on hand.
struct TurnoverRow {
  Decimal sold;
  Rational average_on_hand;
  std::optional<Rational> turns;
  ReportGap gap = ReportGap::kNone;
};
// `period`: the days of it that are reported.
TurnoverRow TurnoverOf(const SiteMovements& movements, DateRange period);

// How long what lies there lasts: on hand x days / demand.
struct SupplyRow {
  Decimal on_hand;
  Decimal demand;
  DateRange window;  // the days of the demand
  std::optional<Rational> days;
  ReportGap gap = ReportGap::kNone;
};
SupplyRow SupplyOf(Decimal on_hand, const ByDay& demand, DateRange window);

// Stock that nobody bought for so many days.
struct DeadStockRow {
  Decimal on_hand;
  Date oldest_arrival;  // of what still lies there
  std::optional<Date> last_sale;
  int days = 0;  // from the later of both to the last known day: how long it has been lying without a sale
};
// Unset where something was sold in the last `least_days` days up to `known_through`, the last known day, or what lies
// there is younger, or nothing does.
std::optional<DeadStockRow> DeadStockOf(const SiteMovements& movements, Date known_through, int least_days);

// The sign of channel stuffing in one quarter: its last days against the rest of it (movements/movement.h).
struct StuffingRow {
  DateRange quarter;
  Date window_start;
  ChannelFlow window;
  ChannelFlow rest;
  std::optional<Rational> ratio;
  bool flagged = false;
  ReportGap gap = ReportGap::kNone;
};
// `window_days` are fewer than the quarter has.
StuffingRow StuffingOf(DateRange quarter, int window_days, Decimal threshold, const ByDay& sell_in,
                       const ByDay& sell_through, const std::optional<DateRange>& reported);

std::string_view NameOf(ReportGap gap);

}  // namespace tributary::inventory
