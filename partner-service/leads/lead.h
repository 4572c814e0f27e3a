#pragma once

// Leads and the offers of them to partners: OPEN -> OFFERED -> ACCEPTED, back to OPEN where the offer is declined or
// runs out of time. Pure values and decisions; who is offered a lead is decided in routing.h.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "partner-service/leads/routing.h"
#include "partner-service/partners/partner.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class LeadState { kOpen = 1, kOffered = 2, kAccepted = 3 };
enum class OfferState { kOpen = 1, kAccepted = 2, kDeclined = 3, kExpired = 4 };
std::string_view NameOf(LeadState state);
std::string_view NameOf(OfferState state);

struct Lead {
  std::string id;
  Revision revision;
  LeadState state = LeadState::kOpen;
  std::string customer_name;
  std::string region;                      // regions/{region}
  std::vector<std::string> product_lines;  // productLines/{product_line}
  std::string segment;                     // may be empty
  std::string need;
  std::string partner_id;  // that accepted it; empty before
  std::string offer_id;    // the last; empty before
  int decisions = 0;       // how many there are; they count from 1

  std::string name() const;  // leads/{id}
};

struct LeadOffer {
  std::string lead_id;
  std::string id;
  Revision revision;
  OfferState state = OfferState::kOpen;
  std::string partner_id;
  absl::Time expire_time;
  std::string customer_name;  // this and the next four as the lead had them
  std::string region;
  std::vector<std::string> product_lines;
  std::string segment;
  std::string need;
  std::string decline_reason;
  int score = 0;
  std::vector<RoutingTerm> terms;

  std::string name() const;  // leads/{lead_id}/offers/{id}
};

// INVALID_FIELD: the customer's name has a control character; a product line is named twice.
absl::Status CheckTexts(const Lead& lead);

// Refused: not OPEN.
absl::Status CheckRoutable(const Lead& lead);

// The lead after a decision, and after each answer to its offer.
Lead Decided(const Lead& lead, absl::Time now);
Lead Offered(const Lead& lead, const LeadOffer& offer, absl::Time now);
Lead Accepted(const Lead& lead, const LeadOffer& offer, absl::Time now);
Lead Reopened(const Lead& lead, absl::Time now);

// An offer of the lead to a partner.
LeadOffer NewOffer(const Lead& lead, std::string_view partner_id, absl::Time expire_time, absl::Time now);

// An open one whose time has run out is EXPIRED, whether that has been written or not.
OfferState StateAt(const LeadOffer& offer, absl::Time now);

// Refused: not OPEN at `now`; then the partner is not ACTIVE.
absl::StatusOr<LeadOffer> Accept(const LeadOffer& offer, const Partner& partner, absl::Time now);
// Refused: not OPEN at `now`; INVALID_FIELD: the reason has a control character.
absl::StatusOr<LeadOffer> Decline(const LeadOffer& offer, std::string_view decline_reason, absl::Time now);
// Also one whose time has run out and that has not been written. Refused: any other that is not OPEN.
absl::StatusOr<LeadOffer> Expire(const LeadOffer& offer, absl::Time now);

}  // namespace tributary::partner
