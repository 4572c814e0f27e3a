#include "conflict-service/prices/price_proto.h"

#include <set>
#include <string>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"

namespace tributary::conflict {
namespace {

static_assert(static_cast<int>(PriceObservation::Kind::kSold) == v1::PriceObservation::SOLD);

// An amount in the currency of those before it.
absl::StatusOr<Decimal> AmountIn(const google::type::Money& amount, std::string_view field, std::string* currency) {
  const absl::StatusOr<Money> money = wire::FromProto(amount);
  if (!money.ok()) return AtField(money.status(), field);
  if (currency->empty()) *currency = money->currency;
  if (money->currency != *currency) {
    return InvalidField(StrCat(field, ".currency_code"), money->currency, StrCat(*currency, ", as the rule's others"));
  }
  return money->amount;
}

absl::StatusOr<DateRange> DaysOf(const google::type::Date& from, const google::type::Date& to, bool has_to) {
  DateRange days{{}, OpenEnd()};
  const absl::StatusOr<Date> start = wire::FromProto(from);
  if (!start.ok()) return AtField(start.status(), "effective_from");
  days.start = *start;
  if (!has_to) return days;
  const absl::StatusOr<Date> end = wire::FromProto(to);
  if (!end.ok()) return AtField(end.status(), "effective_to");
  days.end = *end;
  return days;
}

}  // namespace

v1::PriceObservation ToProto(const PriceObservation& observation) {
  v1::PriceObservation message;
  message.set_name(observation.name);
  message.set_kind(static_cast<v1::PriceObservation::Kind>(observation.kind));
  message.set_partner(observation.partner);
  message.set_seller(observation.seller);
  message.set_product(observation.product);
  *message.mutable_price() = wire::ToProto(observation.price);
  message.set_region(observation.region);
  message.set_place(observation.place);
  *message.mutable_observe_date() = wire::ToProto(observation.date);
  if (observation.time) *message.mutable_observe_time() = wire::ToProto(*observation.time);
  message.set_promotion(observation.promotion);
  message.set_evidence(observation.evidence);
  message.set_evidence_sha256(observation.evidence_sha256);
  *message.mutable_create_time() = wire::ToProto(observation.create_time);
  message.set_offer(OfferOf(observation));
  message.set_market(MarketOf(observation));
  if (observation.withdraw_time) *message.mutable_withdraw_time() = wire::ToProto(*observation.withdraw_time);
  message.set_withdraw_reason(observation.withdraw_reason);
  return message;
}

absl::StatusOr<PriceObservation> FromProto(const v1::PriceObservation& message) {
  RETURN_IF_ERROR(ParseResourceName(message.name(), "priceObservations/{price_observation}").status());
  if (message.partner().empty() == message.seller().empty()) {
    return InvalidField("seller", message.seller().empty() ? "neither partner nor seller" : "partner and seller",
                        "one of both");
  }
  if (!message.partner().empty()) {
    RETURN_IF_ERROR(ParseResourceName(message.partner(), "partners/{partner}", "partner").status());
  }
  RETURN_IF_ERROR(ParseResourceName(message.product(), "products/{product}", "product").status());
  RETURN_IF_ERROR(ParseResourceName(message.region(), "regions/{region}", "region").status());
  PriceObservation observation{.name = message.name(),
                               .create_time = {},
                               .kind = static_cast<PriceObservation::Kind>(message.kind()),
                               .partner = message.partner(),
                               .seller = message.seller(),
                               .product = message.product(),
                               .price = {},
                               .region = message.region(),
                               .place = message.place(),
                               .date = {},
                               .time = {},
                               .promotion = message.promotion(),
                               .evidence = message.evidence(),
                               .evidence_sha256 = message.evidence_sha256(),
                               .withdraw_time = {},
                               .withdraw_reason = {}};
  absl::StatusOr<Money> price = wire::FromProto(message.price());
  if (!price.ok()) return AtField(price.status(), "price");
  observation.price = *std::move(price);
  const absl::StatusOr<Date> date = wire::FromProto(message.observe_date());
  if (!date.ok()) return AtField(date.status(), "observe_date");
  observation.date = *date;
  if (message.has_observe_time()) {
    // As it is stored.
    observation.time = absl::FromUnixMicros(absl::ToUnixMicros(wire::FromProto(message.observe_time())));
    const int64_t day = absl::ToUnixSeconds(*observation.time) / (24 * 3600);
    if (day < observation.date.days() - 1 || day > observation.date.days() + 1) {
      return InvalidField("observe_time", absl::FormatTime(*observation.time, absl::UTCTimeZone()),
                          StrCat("a moment of observe_date, ", observation.date.ToString()));
    }
  }
  return observation;
}

v1::PriceRule ToProto(const PriceRule& rule) {
  const auto money = [&](Decimal amount) { return wire::ToProto(Money{rule.currency, amount}); };
  v1::PriceRule message;
  message.set_name(rule.name);
  message.set_uid(rule.uid.ToString());
  message.set_etag(EtagOf(rule.version));
  *message.mutable_create_time() = wire::ToProto(rule.create_time);
  *message.mutable_update_time() = wire::ToProto(rule.update_time);
  message.set_version(rule.version);
  message.set_product(rule.product);
  for (const std::string& region : rule.regions) message.add_regions(region);
  if (rule.floor) *message.mutable_floor() = money(*rule.floor);
  if (rule.advertised) *message.mutable_minimum_advertised_price() = money(*rule.advertised);
  *message.mutable_effective_from() = wire::ToProto(rule.days.start);
  if (rule.days.end < OpenEnd()) *message.mutable_effective_to() = wire::ToProto(rule.days.end);
  for (const PriceException& one : rule.exceptions) {
    v1::PriceRule::Exception& exception = *message.add_exceptions();
    exception.set_promotion(one.promotion);
    *exception.mutable_effective_from() = wire::ToProto(one.days.start);
    *exception.mutable_effective_to() = wire::ToProto(one.days.end);
    *exception.mutable_price() = money(one.price);
  }
  for (const DepthBand& one : rule.bands) {
    v1::PriceRule::Band& band = *message.add_bands();
    band.set_from_basis_points(one.from_basis_points);
    band.set_severity(static_cast<v1::Case::Severity>(one.severity));
  }
  message.set_follow_days(rule.follow_days);
  message.set_tax_included(rule.tax_included);
  return message;
}

absl::StatusOr<PriceRule> FromProto(const v1::PriceRule& message) {
  PriceRule rule;
  RETURN_IF_ERROR(ParseResourceName(message.product(), "products/{product}", "product").status());
  rule.product = message.product();
  std::set<std::string> regions;
  for (int i = 0; i < message.regions_size(); ++i) {
    RETURN_IF_ERROR(ParseResourceName(message.regions(i), "regions/{region}", StrCat("regions[", i, "]")).status());
    regions.insert(message.regions(i));
  }
  rule.regions.assign(regions.begin(), regions.end());
  if (message.has_floor()) {
    ASSIGN_OR_RETURN(rule.floor, AmountIn(message.floor(), "floor", &rule.currency));
  }
  if (message.has_minimum_advertised_price()) {
    ASSIGN_OR_RETURN(rule.advertised,
                     AmountIn(message.minimum_advertised_price(), "minimum_advertised_price", &rule.currency));
  }
  ASSIGN_OR_RETURN(rule.days, DaysOf(message.effective_from(), message.effective_to(), message.has_effective_to()));
  for (int i = 0; i < message.exceptions_size(); ++i) {
    const v1::PriceRule::Exception& one = message.exceptions(i);
    const std::string field = StrCat("exceptions[", i, "]");
    PriceException exception{.promotion = one.promotion(), .days = {}, .price = {}};
    absl::StatusOr<DateRange> days = DaysOf(one.effective_from(), one.effective_to(), true);
    if (!days.ok()) return AtField(days.status(), field);
    exception.days = *days;
    ASSIGN_OR_RETURN(exception.price, AmountIn(one.price(), StrCat(field, ".price"), &rule.currency));
    rule.exceptions.push_back(std::move(exception));
  }
  for (const v1::PriceRule::Band& band : message.bands()) {
    rule.bands.push_back({band.from_basis_points(), static_cast<Severity>(band.severity())});
  }
  rule.follow_days = message.follow_days();
  rule.tax_included = message.tax_included();
  RETURN_IF_ERROR(Check(rule));
  return rule;
}

events::EventDraft Told(std::string_view verb, const v1::PriceObservation& observation) {
  return events::Draft(observation.name(), verb, observation.name(), observation);
}

events::EventDraft Told(std::string_view verb, const v1::PriceRule& rule) {
  return events::Draft(rule.name(), verb, rule.name(), rule);
}

}  // namespace tributary::conflict
