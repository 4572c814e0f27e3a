#include "inventory-service/prices/price_proto.h"

#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/effective_days.h"
#include "inventory-service/facts/fact.h"

namespace tributary::inventory {
namespace {

template <typename Wire, typename T>
Wire Common(const T& from) {
  Wire out;
  out.set_name(from.name());
  out.set_uid(from.uid.ToString());
  out.set_etag(EtagOf(from.version));
  *out.mutable_create_time() = wire::ToProto(from.create_time);
  *out.mutable_update_time() = wire::ToProto(from.update_time);
  out.set_state(static_cast<typename Wire::State>(from.state));
  return out;
}

// The name of a level; empty where none is stated.
std::string TakeTier(const std::string& name, FieldReader& fields) {
  if (name.empty()) return {};
  const auto ids = ParseResourceName(name, "partnerPrograms/{partner_program}/levels/{level}", "");
  if (ids.ok()) return name;
  fields.Note("tier", ids.status());
  return {};
}

}  // namespace

v1::PriceList ToProto(const PriceList& list) {
  v1::PriceList out = Common<v1::PriceList>(list);
  out.set_display_name(list.display_name);
  return out;
}

v1::PriceEntry ToProto(const PriceEntry& entry) {
  v1::PriceEntry out = Common<v1::PriceEntry>(entry);
  out.set_product(ProductName(entry.product));
  out.set_channel(entry.channel);
  out.set_tier(entry.tier);
  out.set_segment(entry.segment);
  out.set_edition(entry.edition);
  if (!entry.min_quantity.zero()) *out.mutable_min_quantity() = wire::ToProto(entry.min_quantity);
  *out.mutable_price() = wire::ToProto(entry.price);
  out.set_tax_inclusive(entry.tax_inclusive);
  out.set_pricing_basis(static_cast<v1::PriceEntry::PricingBasis>(entry.basis));
  PutDays(entry.effective, &out);
  return out;
}

v1::ResolvedPrice ToProto(const PriceQuestion& question, const PriceResolution& resolution) {
  v1::ResolvedPrice out;
  out.set_channel(question.channel.value_or(""));
  out.set_partner_not_known(!question.tiers.has_value());
  for (const HeldTier& held : question.tiers.value_or(std::vector<HeldTier>())) {
    v1::HeldTier& tier = *out.add_tiers();
    tier.set_tier(held.tier);
    if (held.assignment.empty()) continue;
    tier.set_tier_assignment(held.assignment);
    *tier.mutable_valid_from() = wire::ToProto(held.valid.start);
    if (held.valid.end != OpenEnd()) *tier.mutable_valid_to() = wire::ToProto(held.valid.end);
  }
  if (const PriceEntry* winner = resolution.winner()) *out.mutable_price_entry() = ToProto(*winner);
  for (const PriceOutcome& outcome : resolution.outcomes) {
    v1::PriceCandidate& candidate = *out.add_candidates();
    *candidate.mutable_price_entry() = ToProto(outcome.entry);
    candidate.set_verdict(static_cast<v1::PriceCandidate::Verdict>(outcome.verdict));
    candidate.set_why(outcome.why);
  }
  return out;
}

absl::StatusOr<PriceEntry> FromProto(const v1::PriceEntry& entry) {
  FieldReader fields;
  PriceEntry out;
  out.product = fields.Id("product", entry.product(), "products/{product}");
  out.channel = entry.channel();
  out.tier = TakeTier(entry.tier(), fields);
  out.segment = entry.segment();
  out.edition = entry.edition();
  if (entry.has_min_quantity()) out.min_quantity = fields.Take("min_quantity", wire::FromProto(entry.min_quantity()));
  out.price = fields.Take("price", wire::FromProto(entry.price()));
  out.tax_inclusive = entry.tax_inclusive();
  if (entry.pricing_basis() != v1::PriceEntry::PRICING_BASIS_UNSPECIFIED) {
    out.basis = static_cast<PricingBasis>(entry.pricing_basis());
  }
  out.effective = TakeDays(entry, fields);
  RETURN_IF_ERROR(fields.status());
  RETURN_IF_ERROR(CheckForm(out));
  return out;
}

absl::StatusOr<PriceEntry> NamedFromProto(const v1::PriceEntry& entry) {
  constexpr std::string_view kPattern = "priceLists/{price_list}/entries/{entry}";
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(entry.name(), kPattern));
  if (!IsResourceId(ids[1])) {
    return InvalidField("name", entry.name(), StrCat(kPattern, " with an id of 1 to 63 of a-z, 0-9 and '-'"));
  }
  ASSIGN_OR_RETURN(PriceEntry out, FromProto(entry));
  out.price_list = std::move(ids[0]);
  out.id = std::move(ids[1]);
  return out;
}

absl::StatusOr<PriceQuestion> FromProto(const v1::ResolvePriceRequest& request) {
  FieldReader fields;
  PriceQuestion out{.segment = request.segment(), .edition = request.edition(), .currency = request.currency()};
  const std::string tier = TakeTier(request.tier(), fields);
  if (request.partner().empty()) {
    out.channel = request.channel();
    out.tiers.emplace();
    if (!tier.empty()) out.tiers->push_back({.tier = tier});
  } else {
    constexpr std::string_view kWantNone = "none, where a partner is stated";
    if (!request.channel().empty()) fields.Refuse("channel", request.channel(), kWantNone);
    if (!request.tier().empty()) fields.Refuse("tier", request.tier(), kWantNone);
  }
  out.quantity = fields.Take("quantity", wire::FromProto(request.quantity()));
  out.date = fields.Take("date", wire::FromProto(request.date()));
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
