#include "partner-service/leads/lead.h"

#include <algorithm>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

LeadOffer In(OfferState state, const LeadOffer& offer, absl::Time now) {
  LeadOffer next = offer;
  next.state = state;
  next.revision = offer.revision.Next(now);
  return next;
}

absl::Status CheckOpenAt(const LeadOffer& offer, std::string_view verb, absl::Time now) {
  const OfferState state = StateAt(offer, now);
  if (state == OfferState::kOpen) return absl::OkStatus();
  return WrongState(offer.name(), verb, NameOf(state), "OPEN");
}

}  // namespace

std::string_view NameOf(LeadState state) {
  switch (state) {
    case LeadState::kOpen:
      return "OPEN";
    case LeadState::kOffered:
      return "OFFERED";
    case LeadState::kAccepted:
      return "ACCEPTED";
  }
  return "STATE_UNSPECIFIED";
}

std::string_view NameOf(OfferState state) {
  switch (state) {
    case OfferState::kOpen:
      return "OPEN";
    case OfferState::kAccepted:
      return "ACCEPTED";
    case OfferState::kDeclined:
      return "DECLINED";
    case OfferState::kExpired:
      return "EXPIRED";
  }
  return "STATE_UNSPECIFIED";
}

std::string Lead::name() const { return StrCat("leads/", id); }
std::string LeadOffer::name() const { return StrCat("leads/", lead_id, "/offers/", id); }

absl::Status CheckTexts(const Lead& lead) {
  std::vector<FieldViolation> violations;
  CheckOneLine("customer_name", lead.customer_name, &violations);
  for (size_t i = 0; i < lead.product_lines.size(); ++i) {
    const auto here = lead.product_lines.begin() + static_cast<ptrdiff_t>(i);
    if (std::find(lead.product_lines.begin(), here, *here) == here) continue;
    violations.push_back({StrCat("product_lines[", i, "]"), *here, "each element once"});
  }
  return AllOf(std::move(violations));
}

absl::Status CheckRoutable(const Lead& lead) {
  if (lead.state == LeadState::kOpen) return absl::OkStatus();
  return WrongState(lead.name(), "route", NameOf(lead.state), "OPEN");
}

Lead Decided(const Lead& lead, absl::Time now) {
  Lead next = lead;
  ++next.decisions;
  next.revision = lead.revision.Next(now);
  return next;
}

Lead Offered(const Lead& lead, const LeadOffer& offer, absl::Time now) {
  Lead next = Decided(lead, now);
  next.state = LeadState::kOffered;
  next.offer_id = offer.id;
  return next;
}

Lead Accepted(const Lead& lead, const LeadOffer& offer, absl::Time now) {
  Lead next = lead;
  next.state = LeadState::kAccepted;
  next.partner_id = offer.partner_id;
  next.revision = lead.revision.Next(now);
  return next;
}

Lead Reopened(const Lead& lead, absl::Time now) {
  Lead next = lead;
  next.state = LeadState::kOpen;
  next.revision = lead.revision.Next(now);
  return next;
}

LeadOffer NewOffer(const Lead& lead, std::string_view partner_id, absl::Time expire_time, absl::Time now) {
  LeadOffer offer{.lead_id = lead.id,
                  .revision = Revision::First(now),
                  .partner_id = std::string(partner_id),
                  .expire_time = expire_time,
                  .customer_name = lead.customer_name,
                  .region = lead.region,
                  .product_lines = lead.product_lines,
                  .segment = lead.segment,
                  .need = lead.need};
  // Neither the round nor anybody else's offers can be told from it.
  offer.id = offer.revision.uid.ToString();
  return offer;
}

OfferState StateAt(const LeadOffer& offer, absl::Time now) {
  return offer.state == OfferState::kOpen && offer.expire_time <= now ? OfferState::kExpired : offer.state;
}

absl::StatusOr<LeadOffer> Accept(const LeadOffer& offer, const Partner& partner, absl::Time now) {
  RETURN_IF_ERROR(CheckOpenAt(offer, "accept", now));
  if (partner.state != PartnerState::kActive) {
    return WrongState(partner.name(), "accept", NameOf(partner.state), "ACTIVE");
  }
  return In(OfferState::kAccepted, offer, now);
}

absl::StatusOr<LeadOffer> Decline(const LeadOffer& offer, std::string_view decline_reason, absl::Time now) {
  RETURN_IF_ERROR(CheckOpenAt(offer, "decline", now));
  std::vector<FieldViolation> violations;
  CheckOneLine("decline_reason", decline_reason, &violations);
  RETURN_IF_ERROR(AllOf(std::move(violations)));
  LeadOffer declined = In(OfferState::kDeclined, offer, now);
  declined.decline_reason = decline_reason;
  return declined;
}

absl::StatusOr<LeadOffer> Expire(const LeadOffer& offer, absl::Time now) {
  if (offer.state != OfferState::kOpen) return WrongState(offer.name(), "expire", NameOf(offer.state), "OPEN");
  return In(OfferState::kExpired, offer, now);
}

}  // namespace tributary::partner
