#include "partner-service/leads/lead_proto.h"

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {

v1::Lead ToProto(const Lead& lead) {
  v1::Lead out;
  out.set_name(lead.name());
  PutRevision(lead.revision, &out);
  out.set_state(static_cast<v1::Lead::State>(lead.state));
  out.set_customer_name(lead.customer_name);
  out.set_region(lead.region);
  *out.mutable_product_lines() = {lead.product_lines.begin(), lead.product_lines.end()};
  out.set_segment(lead.segment);
  out.set_need(lead.need);
  if (!lead.partner_id.empty()) out.set_partner(StrCat("partners/", lead.partner_id));
  if (!lead.offer_id.empty()) out.set_offer(StrCat(lead.name(), "/offers/", lead.offer_id));
  if (lead.decisions > 0) out.set_decision(StrCat(lead.name(), "/decisions/", lead.decisions));
  return out;
}

absl::StatusOr<Lead> FromProto(const v1::Lead& lead) {
  RETURN_IF_ERROR(ParseResourceName(lead.region(), "regions/{region}", "region"));
  for (int i = 0; i < lead.product_lines_size(); ++i) {
    RETURN_IF_ERROR(
        ParseResourceName(lead.product_lines(i), "productLines/{product_line}", StrCat("product_lines[", i, "]")));
  }
  return Lead{.customer_name = lead.customer_name(),
              .region = lead.region(),
              .product_lines = {lead.product_lines().begin(), lead.product_lines().end()},
              .segment = lead.segment(),
              .need = lead.need()};
}

events::EventDraft Told(std::string_view verb, const Lead& lead) {
  return events::Draft(lead.name(), verb, lead.name(), ToProto(lead));
}

v1::LeadOffer ToProto(const LeadOffer& offer, absl::Time now, bool for_partner) {
  v1::LeadOffer out;
  out.set_name(offer.name());
  PutRevision(offer.revision, &out);
  out.set_state(static_cast<v1::LeadOffer::State>(StateAt(offer, now)));
  out.set_partner(StrCat("partners/", offer.partner_id));
  *out.mutable_expire_time() = wire::ToProto(offer.expire_time);
  if (!for_partner || offer.state == OfferState::kAccepted) out.set_customer_name(offer.customer_name);
  out.set_region(offer.region);
  *out.mutable_product_lines() = {offer.product_lines.begin(), offer.product_lines.end()};
  out.set_segment(offer.segment);
  out.set_need(offer.need);
  out.set_decline_reason(offer.decline_reason);
  out.set_score(offer.score);
  for (const RoutingTerm& term : offer.terms) AddTerm(term, out.add_terms());
  return out;
}

events::EventDraft Told(std::string_view verb, const LeadOffer& offer) {
  return events::Draft(offer.partner_id, verb, offer.name(),
                       ToProto(offer, offer.revision.update_time, /*for_partner=*/false));
}

void AddTerm(const RoutingTerm& term, v1::RoutingRow::Term* out) {
  out->set_criterion(term.criterion);
  out->set_weight(term.weight);
  out->set_low(term.low);
  out->set_high(term.high);
}

std::string TermsToBytes(const std::vector<RoutingTerm>& terms) {
  v1::RoutingRow row;
  for (const RoutingTerm& term : terms) AddTerm(term, row.add_terms());
  return row.SerializeAsString();
}

absl::StatusOr<std::vector<RoutingTerm>> TermsFromBytes(std::string_view bytes) {
  v1::RoutingRow row;
  if (!row.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error(Reason::kInternal, "the stored terms of an offer cannot be read");
  }
  std::vector<RoutingTerm> terms;
  for (const auto& term : row.terms()) terms.push_back({term.criterion(), term.weight(), term.low(), term.high()});
  return terms;
}

}  // namespace tributary::partner
