#include "inventory-service/reports/stock_report_proto.h"

#include <string>

#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/sites/site.h"

namespace tributary::inventory {
namespace {

template <typename Wire>
Wire Keyed(std::string_view partner, const SiteProduct& key) {
  Wire out;
  out.set_site(SiteName(partner, key.site));
  out.set_product(StrCat("products/", key.product));
  return out;
}

v1::Quotient ToProto(const Rational& value) {
  v1::Quotient out;
  out.set_exact(value.ToString());
  // What is beyond the range of a Decimal is told exactly alone.
  const Rational::Integer scaled = value.RoundScaled(6, Rounding::kHalfEven);
  std::string digits = Rational::Integer(boost::multiprecision::abs(scaled)).str();
  if (digits.size() < 7) digits.insert(0, 7 - digits.size(), '0');
  digits.insert(digits.size() - 6, ".");
  const auto rounded = Decimal::Parse(StrCat(scaled < 0 ? "-" : "", digits));
  if (rounded.ok()) *out.mutable_rounded() = wire::ToProto(*rounded);
  return out;
}

v1::ChannelFlow ToProto(const ChannelFlow& flow) {
  v1::ChannelFlow out;
  *out.mutable_sell_in() = wire::ToProto(flow.sell_in);
  *out.mutable_sell_through() = wire::ToProto(flow.sell_through);
  return out;
}

void AddDays(const DaySet& days, google::protobuf::RepeatedPtrField<v1::DaySpan>* out) {
  for (const DateRange& range : days) {
    v1::DaySpan& span = *out->Add();
    *span.mutable_start_date() = wire::ToProto(range.start);
    *span.mutable_end_date() = wire::ToProto(range.end);
  }
}

}  // namespace

v1::KnownSales ToProto(std::string_view partner, const KnownSales& sales) {
  v1::KnownSales out;
  out.set_site(SiteName(partner, sales.site));
  out.set_known_by(static_cast<v1::Suggestion::DemandKnownBy>(sales.known_by));
  *out.mutable_start_date() = wire::ToProto(sales.asked.start);
  *out.mutable_end_date() = wire::ToProto(sales.asked.end);
  out.set_known_days(CountOf(sales.known));
  AddDays(sales.unknown, out.mutable_unknown_days());
  if (sales.last_day.has_value()) *out.mutable_known_date() = wire::ToProto(*sales.last_day);
  out.set_stale(sales.stale);
  return out;
}

v1::AgeingRow ToProto(std::string_view partner, const SiteProduct& key, const AgeingRow& row) {
  v1::AgeingRow out = Keyed<v1::AgeingRow>(partner, key);
  *out.mutable_on_hand() = wire::ToProto(row.on_hand);
  for (const AgeBucket& bucket : row.buckets) {
    v1::AgeingRow::Bucket& shown = *out.add_buckets();
    shown.set_from_days(bucket.from_days);
    shown.set_to_days(bucket.to_days.value_or(0));
    *shown.mutable_quantity() = wire::ToProto(bucket.quantity);
  }
  for (const AgeLayer& layer : row.layers.layers) {
    v1::AgeingRow::Layer& shown = *out.add_layers();
    *shown.mutable_arrival_date() = wire::ToProto(layer.received);
    *shown.mutable_quantity() = wire::ToProto(layer.quantity);
  }
  *out.mutable_uncovered() = wire::ToProto(row.layers.uncovered);
  return out;
}

v1::TurnoverRow ToProto(std::string_view partner, const SiteProduct& key, const TurnoverRow& row) {
  v1::TurnoverRow out = Keyed<v1::TurnoverRow>(partner, key);
  *out.mutable_sold() = wire::ToProto(row.sold);
  *out.mutable_average_on_hand() = ToProto(row.average_on_hand);
  if (row.turns.has_value()) *out.mutable_turns() = ToProto(*row.turns);
  out.set_gap(static_cast<v1::ReportGap>(row.gap));
  return out;
}

v1::SupplyRow ToProto(std::string_view partner, const SiteProduct& key, const SupplyRow& row) {
  v1::SupplyRow out = Keyed<v1::SupplyRow>(partner, key);
  *out.mutable_on_hand() = wire::ToProto(row.on_hand);
  *out.mutable_demand() = wire::ToProto(row.demand);
  *out.mutable_demand_start_date() = wire::ToProto(row.window.start);
  *out.mutable_demand_end_date() = wire::ToProto(row.window.end);
  out.set_known_days(row.known_days);
  if (row.days.has_value()) *out.mutable_days_of_supply() = ToProto(*row.days);
  out.set_gap(static_cast<v1::ReportGap>(row.gap));
  return out;
}

v1::DeadStockRow ToProto(std::string_view partner, const SiteProduct& key, const DeadStockRow& row) {
  v1::DeadStockRow out = Keyed<v1::DeadStockRow>(partner, key);
  *out.mutable_on_hand() = wire::ToProto(row.on_hand);
  *out.mutable_oldest_arrival_date() = wire::ToProto(row.oldest_arrival);
  if (row.last_sale.has_value()) *out.mutable_last_sale_date() = wire::ToProto(*row.last_sale);
  out.set_days_without_sale(row.days);
  return out;
}

v1::StuffingRow ToProto(const StuffingRow& row) {
  v1::StuffingRow out;
  out.set_quarter(QuarterId(row.quarter.start));
  *out.mutable_window_start_date() = wire::ToProto(row.window_start);
  *out.mutable_end_date() = wire::ToProto(row.quarter.end);
  *out.mutable_window() = ToProto(row.window);
  *out.mutable_rest() = ToProto(row.rest);
  if (row.ratio.has_value()) *out.mutable_ratio() = ToProto(*row.ratio);
  out.set_flagged(row.flagged);
  out.set_gap(static_cast<v1::ReportGap>(row.gap));
  AddDays(row.unknown, out.mutable_unknown_days());
  return out;
}

}  // namespace tributary::inventory
