#include "inventory-service/reports/stock_report.h"

#include <algorithm>

namespace tributary::inventory {

DateRange Overlap(DateRange range, const std::optional<DateRange>& other) {
  if (!other.has_value()) return {range.start, range.start};
  return {std::max(range.start, other->start), std::min(range.end, other->end)};
}

AgeingRow AgeingOf(const SiteMovements& movements, Date as_of, absl::Span<const int> bounds) {
  AgeingRow row{.on_hand = BalanceOf(movements), .layers = FifoLayers(movements)};
  row.buckets = AgeBuckets(row.layers.layers, as_of, bounds);
  return row;
}

TurnoverRow TurnoverOf(const SiteMovements& movements, DateRange period) {
  if (IsEmpty(period)) return {.gap = ReportGap::kNoSalesReported};
  TurnoverRow row{.sold = SoldWithin(movements, period), .average_on_hand = AverageOnHand(movements, period)};
  if (row.average_on_hand.negative() || row.average_on_hand.zero()) {
    row.gap = ReportGap::kNothingOnHand;
  } else if (row.sold.negative()) {
    row.gap = ReportGap::kNetReturns;
  } else {
    row.turns = Rational(row.sold) / row.average_on_hand;
  }
  return row;
}

SupplyRow SupplyOf(Decimal on_hand, const ByDay& demand, DateRange window) {
  SupplyRow row{.on_hand = on_hand, .window = window};
  if (IsEmpty(window)) {
    row.gap = ReportGap::kNoSalesReported;
    return row;
  }
  row.demand = SumWithin(demand, window);
  if (on_hand <= Decimal()) {
    row.gap = ReportGap::kNothingOnHand;
  } else if (row.demand <= Decimal()) {
    row.gap = row.demand.negative() ? ReportGap::kNetReturns : ReportGap::kNoDemand;
  } else {
    row.days = DaysOfSupply(on_hand, row.demand, window.end.days() - window.start.days());
  }
  return row;
}

std::optional<DeadStockRow> DeadStockOf(const SiteMovements& movements, Date known_through, int least_days) {
  const AgeLayers layers = FifoLayers(movements);
  if (layers.layers.empty()) return std::nullopt;
  DeadStockRow row{.on_hand = BalanceOf(movements), .oldest_arrival = layers.layers.front().received};
  for (const DayMovement& day : movements) {
    if (Decimal() < day.sold) row.last_sale = day.date;
  }
  const Date since = std::max(row.oldest_arrival, row.last_sale.value_or(row.oldest_arrival));
  row.days = known_through.days() - since.days();
  return row.days < least_days ? std::nullopt : std::optional(row);
}

StuffingRow StuffingOf(DateRange quarter, int window_days, Decimal threshold, const ByDay& sell_in,
                       const ByDay& sell_through, const std::optional<DateRange>& reported) {
  StuffingRow row{.quarter = quarter, .window_start = quarter.end.AddDays(-window_days)};
  const DateRange rest{quarter.start, row.window_start};
  const DateRange window{row.window_start, quarter.end};
  row.window = {SumWithin(sell_in, window), SumWithin(sell_through, window)};
  row.rest = {SumWithin(sell_in, rest), SumWithin(sell_through, rest)};
  if (Overlap(quarter, reported) != quarter) {
    row.gap = ReportGap::kPeriodNotReported;
    return row;
  }
  for (const Decimal units : {row.window.sell_in, row.window.sell_through, row.rest.sell_in, row.rest.sell_through}) {
    if (units.negative()) row.gap = ReportGap::kNetReturns;
  }
  if (row.gap != ReportGap::kNone) return row;
  const StuffingSign sign = SignOf(row.window, row.rest, threshold);
  row.ratio = sign.ratio;
  row.flagged = sign.flagged;
  if (!row.ratio.has_value()) row.gap = ReportGap::kNoQuotient;
  return row;
}

std::string_view NameOf(ReportGap gap) {
  switch (gap) {
    case ReportGap::kNone:
      return "REPORT_GAP_UNSPECIFIED";
    case ReportGap::kNoSalesReported:
      return "NO_SALES_REPORTED";
    case ReportGap::kNoDemand:
      return "NO_DEMAND";
    case ReportGap::kNothingOnHand:
      return "NOTHING_ON_HAND";
    case ReportGap::kPeriodNotReported:
      return "PERIOD_NOT_REPORTED";
    case ReportGap::kNetReturns:
      return "NET_RETURNS";
    case ReportGap::kNoQuotient:
      return "NO_QUOTIENT";
  }
  return "REPORT_GAP_UNSPECIFIED";
}

}  // namespace tributary::inventory
