#include "inventory-service/replenishment/replenishment_proto.h"

#include <utility>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/sites/site.h"

namespace tributary::inventory {
namespace {

v1::Suggestion::Demand ToProto(const DemandRead& read, const std::optional<Forecast>& forecast) {
  v1::Suggestion::Demand out;
  out.set_source(static_cast<v1::Suggestion::DemandSource>(read.source));
  *out.mutable_start_date() = wire::ToProto(read.span.start);
  *out.mutable_end_date() = wire::ToProto(read.span.end);
  out.set_period_days(read.period_days);
  out.set_periods(read.periods);
  out.set_known_periods(read.known_periods);
  out.set_known_by(static_cast<v1::Suggestion::DemandKnownBy>(read.known_by));
  if (!forecast.has_value()) return out;
  out.set_method(static_cast<v1::Suggestion::ForecastMethod>(forecast->method));
  *out.mutable_mean() = wire::ToProto(forecast->mean);
  *out.mutable_deviation() = wire::ToProto(forecast->deviation);
  for (const BackTest& test : forecast->back_tests) {
    v1::Suggestion::BackTest& shown = *out.add_back_tests();
    shown.set_method(static_cast<v1::Suggestion::ForecastMethod>(test.method));
    shown.set_origins(test.origins);
    *shown.mutable_mean_absolute_error() = wire::ToProto(test.mean_absolute_error);
    *shown.mutable_root_mean_square_error() = wire::ToProto(test.root_mean_square_error);
    if (test.error_ratio.has_value()) *shown.mutable_error_ratio() = wire::ToProto(*test.error_ratio);
  }
  return out;
}

v1::Suggestion::Terms ToProto(const ReplenishmentTerms& terms) {
  v1::Suggestion::Terms out;
  *out.mutable_demand_per_day() = wire::ToProto(terms.demand_per_day);
  *out.mutable_deviation_per_day() = wire::ToProto(terms.deviation_per_day);
  *out.mutable_protection_days() = wire::ToProto(terms.protection_days);
  *out.mutable_demand_over_protection() = wire::ToProto(terms.demand_over_protection);
  *out.mutable_safety_factor() = wire::ToProto(terms.safety_factor);
  *out.mutable_safety_stock() = wire::ToProto(terms.safety_stock);
  *out.mutable_level() = wire::ToProto(terms.level);
  return out;
}

}  // namespace

v1::ReplenishmentPolicy ToProto(const ReplenishmentPolicy& policy) {
  v1::ReplenishmentPolicy out;
  out.set_name(policy.name());
  out.set_uid(policy.uid.ToString());
  out.set_etag(EtagOf(policy.version));
  *out.mutable_create_time() = wire::ToProto(policy.create_time);
  *out.mutable_update_time() = wire::ToProto(policy.update_time);
  out.set_state(static_cast<v1::ReplenishmentPolicy::State>(policy.state));
  out.set_site(SiteName(policy.partner, policy.site));
  out.set_product(StrCat("products/", policy.product));
  out.set_kind(static_cast<v1::ReplenishmentPolicy::Kind>(policy.kind));
  *out.mutable_service_level() = wire::ToProto(policy.service_level);
  if (policy.lead_time_days.has_value()) *out.mutable_lead_time_days() = wire::ToProto(*policy.lead_time_days);
  if (policy.lead_time_deviation_days.has_value()) {
    *out.mutable_lead_time_deviation_days() = wire::ToProto(*policy.lead_time_deviation_days);
  }
  out.set_review_period_days(policy.review_period_days);
  if (policy.first_review_date.has_value()) {
    *out.mutable_first_review_date() = wire::ToProto(*policy.first_review_date);
  }
  out.set_demand_period_days(policy.demand_period_days);
  out.set_history_days(policy.history_days);
  if (policy.order_quantity.has_value()) *out.mutable_order_quantity() = wire::ToProto(*policy.order_quantity);
  *out.mutable_pack_size() = wire::ToProto(policy.pack_size);
  if (policy.min_level.has_value()) *out.mutable_min_level() = wire::ToProto(*policy.min_level);
  if (policy.max_level.has_value()) *out.mutable_max_level() = wire::ToProto(*policy.max_level);
  if (!policy.pack_unit.empty()) out.set_pack_unit(StrCat("products/", policy.product, "/units/", policy.pack_unit));
  return out;
}

v1::Suggestion ToProto(const Suggestion& suggestion) {
  v1::Suggestion out;
  out.set_name(suggestion.name());
  out.set_uid(suggestion.uid.ToString());
  out.set_etag(EtagOf(suggestion.version));
  *out.mutable_create_time() = wire::ToProto(suggestion.create_time);
  *out.mutable_update_time() = wire::ToProto(suggestion.update_time);
  out.set_state(static_cast<v1::Suggestion::State>(suggestion.state));
  out.set_site(SiteName(suggestion.partner, suggestion.site));
  out.set_product(StrCat("products/", suggestion.product));
  out.set_policy(StrCat("partners/", suggestion.partner, "/replenishmentPolicies/", suggestion.policy));
  out.set_policy_etag(EtagOf(suggestion.policy_version));
  out.set_kind(static_cast<v1::ReplenishmentPolicy::Kind>(suggestion.kind));
  *out.mutable_as_of_date() = wire::ToProto(suggestion.date);
  *out.mutable_known_time() = wire::ToProto(suggestion.known_at);
  *out.mutable_demand() = ToProto(suggestion.demand, suggestion.forecast);
  out.mutable_demand()->set_stale(suggestion.stale());
  if (suggestion.lead_time.has_value()) {
    v1::Suggestion::LeadTime& lead_time = *out.mutable_lead_time();
    lead_time.set_source(static_cast<v1::Suggestion::LeadTime::Source>(suggestion.lead_time->source));
    lead_time.set_shipment_lines(suggestion.lead_time->lines);
    *lead_time.mutable_mean_days() = wire::ToProto(suggestion.lead_time->mean_days);
    *lead_time.mutable_deviation_days() = wire::ToProto(suggestion.lead_time->deviation_days);
  }
  v1::Suggestion::Position& position = *out.mutable_position();
  *position.mutable_on_hand() = wire::ToProto(suggestion.position.on_hand);
  *position.mutable_in_transit() = wire::ToProto(suggestion.position.in_transit);
  *position.mutable_on_order() = wire::ToProto(suggestion.position.on_order);
  *position.mutable_open_orders() = wire::ToProto(suggestion.position.open_orders);
  *position.mutable_inventory_position() = wire::ToProto(suggestion.position.sum());
  if (suggestion.terms.has_value()) *out.mutable_terms() = ToProto(*suggestion.terms);
  *out.mutable_wanted_quantity() = wire::ToProto(suggestion.wanted);
  *out.mutable_pack_size() = wire::ToProto(suggestion.pack_size);
  *out.mutable_quantity() = wire::ToProto(suggestion.quantity);
  out.set_why_not(static_cast<v1::Suggestion::WhyNot>(suggestion.why_not));
  out.set_explanation(suggestion.explanation);
  if (suggestion.next_review_date.has_value()) {
    *out.mutable_next_review_date() = wire::ToProto(*suggestion.next_review_date);
  }
  if (suggestion.decide_time.has_value()) *out.mutable_decide_time() = wire::ToProto(*suggestion.decide_time);
  out.set_decision_note(suggestion.decision_note);
  if (!suggestion.order.empty()) out.set_order(StrCat("partners/", suggestion.partner, "/orders/", suggestion.order));
  return out;
}

absl::StatusOr<ReplenishmentPolicy> FromProto(const v1::ReplenishmentPolicy& policy, std::string_view partner) {
  FieldReader fields;
  ReplenishmentPolicy out;
  out.partner = std::string(partner);
  constexpr std::string_view kSite = "partners/{partner}/sites/{site}";
  if (const auto ids = ParseResourceName(policy.site(), kSite); !ids.ok()) {
    fields.Refuse("site", policy.site(), kSite);
  } else if (ids->at(0) != partner) {
    fields.Refuse("site", policy.site(), StrCat("a site of partners/", partner));
  } else {
    out.site = ids->at(1);
  }
  out.product = fields.Id("product", policy.product(), "products/{product}");
  out.kind = static_cast<PolicyKind>(policy.kind());
  out.service_level = fields.Take("service_level", wire::FromProto(policy.service_level()));
  const auto take = [&](std::string_view field, bool given, const google::type::Decimal& value) {
    return given ? std::optional(fields.Take(field, wire::FromProto(value))) : std::nullopt;
  };
  out.lead_time_days = take("lead_time_days", policy.has_lead_time_days(), policy.lead_time_days());
  out.lead_time_deviation_days =
      take("lead_time_deviation_days", policy.has_lead_time_deviation_days(), policy.lead_time_deviation_days());
  out.review_period_days = policy.review_period_days();
  if (policy.has_first_review_date()) {
    out.first_review_date = fields.Take("first_review_date", wire::FromProto(policy.first_review_date()));
  }
  if (policy.demand_period_days() != 0) out.demand_period_days = policy.demand_period_days();
  if (policy.history_days() != 0) out.history_days = policy.history_days();
  out.order_quantity = take("order_quantity", policy.has_order_quantity(), policy.order_quantity());
  if (const auto pack = take("pack_size", policy.has_pack_size(), policy.pack_size())) out.pack_size = *pack;
  out.min_level = take("min_level", policy.has_min_level(), policy.min_level());
  out.max_level = take("max_level", policy.has_max_level(), policy.max_level());
  constexpr std::string_view kUnit = "products/{product}/units/{unit}";
  if (policy.pack_unit().empty()) {
  } else if (const auto unit = ParseResourceName(policy.pack_unit(), kUnit); !unit.ok()) {
    fields.Refuse("pack_unit", policy.pack_unit(), kUnit);
  } else if (unit->at(0) != out.product) {
    fields.Refuse("pack_unit", policy.pack_unit(), StrCat("a unit of ", policy.product()));
  } else {
    out.pack_unit = unit->at(1);
  }
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
