#include "inventory-service/reports/stock_report.h"

#include <algorithm>
#include <utility>

namespace tributary::inventory {

KnownSales KnownOf(std::string site, const ToldDays& told, std::optional<DateRange> asked, Date date) {
  KnownSales sales{.site = std::move(site), .known_by = KnownBy(told)};
  if (!told.days.empty()) {
    sales.last_day = told.span().end.AddDays(-1);
    sales.stale = *sales.last_day < date;
  }
  const Date end = date.AddDays(1);
  sales.asked = asked.value_or(DateRange{told.days.empty() ? end : told.span().start, end});
  sales.known = Within(told.days, sales.asked);
  sales.unknown = Missing(told.days, sales.asked);
  return sales;
}

AgeingRow AgeingOf(const SiteMovements& movements, Date as_of, absl::Span<const int> bounds) {
  AgeingRow row{.on_hand = BalanceOf(movements), .layers = FifoLayers(movements)};
  row.buckets = AgeBuckets(row.layers.layers, as_of, bounds);
  return row;
}

TurnoverRow TurnoverOf(const SiteMovements& movements, const DaySet& known) {
  if (known.empty()) return {.gap = ReportGap::kNoSalesReported};
  TurnoverRow row{.sold = SoldWithin(movements, known), .average_on_hand = AverageOnHand(movements, known)};
  if (row.average_on_hand.negative() || row.average_on_hand.zero()) {
    row.gap = ReportGap::kNothingOnHand;
  } else if (row.sold.negative()) {
    row.gap = ReportGap::kNetReturns;
  } else {
    row.turns = Rational(row.sold) / row.average_on_hand;
  }
  return row;
}

SupplyRow SupplyOf(Decimal on_hand, const ByDay& demand, DateRange window, const DaySet& known) {
  SupplyRow row{.on_hand = on_hand, .window = window, .known_days = CountOf(known)};
  if (known.empty()) {
    row.gap = ReportGap::kNoSalesReported;
    return row;
  }
  row.demand = SumWithin(demand, known);
  if (on_hand <= Decimal()) {
    row.gap = ReportGap::kNothingOnHand;
  } else if (row.demand <= Decimal()) {
    row.gap = row.demand.negative() ? ReportGap::kNetReturns : ReportGap::kNoDemand;
  } else {
    row.days = DaysOfSupply(on_hand, row.demand, row.known_days);
  }
  return row;
}

std::optional<DeadStockRow> DeadStockOf(const SiteMovements& movements, const ToldDays& told, int least_days) {
  const AgeLayers layers = FifoLayers(movements);
  if (layers.layers.empty()) return std::nullopt;
  DeadStockRow row{.on_hand = BalanceOf(movements), .oldest_arrival = layers.layers.front().received};
  for (const DayMovement& day : movements) {
    if (Decimal() < day.sold) row.last_sale = day.date;
  }
  const Date since = std::max(row.oldest_arrival, row.last_sale.value_or(row.oldest_arrival));
  row.days = CountOf(Within(told.days, {since.AddDays(1), OpenEnd()}));
  return row.days < least_days ? std::nullopt : std::optional(row);
}

StuffingRow StuffingOf(DateRange quarter, int window_days, Decimal threshold, const ByDay& sell_in,
                       const ByDay& sell_through, absl::Span<const SiteTold> sites) {
  StuffingRow row{.quarter = quarter, .window_start = quarter.end.AddDays(-window_days)};
  const DateRange rest{quarter.start, row.window_start};
  const DateRange window{row.window_start, quarter.end};
  row.window = {SumWithin(sell_in, {window}), SumWithin(sell_through, {window})};
  row.rest = {SumWithin(sell_in, {rest}), SumWithin(sell_through, {rest})};
  row.unknown = UntoldOf(sites, quarter);
  if (!row.unknown.empty()) {
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
