#pragma once

// Rows of the reports on stock, each with the terms it was worked out from. Exact; pure values and decisions.
//
// No report is not zero: whatever needs sales is worked out over the days that are told (MovementStore::Told) alone,
// and is a gap where there are none.

#include <optional>
#include <string>
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

// What is known of a site's sales on the days that a report is about.
struct KnownSales {
  std::string site;  // id
  DemandKnownBy known_by = DemandKnownBy::kNothing;
  DateRange asked;
  DaySet known;                  // of the asked ones
  DaySet unknown;                // the others
  std::optional<Date> last_day;  // the last day that is told up to the date asked about
  bool stale = false;            // days follow it up to that date: what was sold on them is not known
};
// `date`: asked about; `told` ends there. `asked` may be empty, for all days from the first one that is told to `date`.
KnownSales KnownOf(std::string site, const ToldDays& told, std::optional<DateRange> asked, Date date);

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
// `known`: the days of the period that are told.
TurnoverRow TurnoverOf(const SiteMovements& movements, const DaySet& known);

// How long what lies there lasts: on hand x known days / demand.
struct SupplyRow {
  Decimal on_hand;
  Decimal demand;
  DateRange window;  // where the days of the demand were looked for
  int known_days = 0;
  std::optional<Rational> days;
  ReportGap gap = ReportGap::kNone;
};
// `known`: the days of the window that are told.
SupplyRow SupplyOf(Decimal on_hand, const ByDay& demand, DateRange window, const DaySet& known);

// Stock that nobody bought for so many days.
struct DeadStockRow {
  Decimal on_hand;
  Date oldest_arrival;  // of what still lies there
  std::optional<Date> last_sale;
  int days = 0;  // that are known, after the later of both: how long it has been lying without a sale
};
// Unset where it has been lying so for less than `least_days`, or nothing lies there.
std::optional<DeadStockRow> DeadStockOf(const SiteMovements& movements, const ToldDays& told, int least_days);

// The sign of channel stuffing in one quarter: its last days against the rest of it (movements/movement.h).
struct StuffingRow {
  DateRange quarter;
  Date window_start;
  ChannelFlow window;
  ChannelFlow rest;
  std::optional<Rational> ratio;
  bool flagged = false;
  ReportGap gap = ReportGap::kNone;
  DaySet unknown;  // days of the quarter on which a site was not told of
};
// `window_days` are fewer than the quarter has.
StuffingRow StuffingOf(DateRange quarter, int window_days, Decimal threshold, const ByDay& sell_in,
                       const ByDay& sell_through, absl::Span<const SiteTold> sites);

std::string_view NameOf(ReportGap gap);

}  // namespace tributary::inventory
