#include "partner-service/leads/offer_expiry.h"

#include <utility>

#include "common/rpc/call.h"
#include "common/status/status.h"
#include "partner-service/leads/lead_service.h"
#include "partner-service/leads/lead_store.h"

namespace tributary::partner {
namespace {

// On the locked lead.
absl::StatusOr<bool> End(rpc::Unit& unit, const rpc::Expiry::Id& id, absl::Time now) {
  ASSIGN_OR_RETURN(const Lead lead, LeadStore().GetForUpdate(unit.sql(), id.first));
  ASSIGN_OR_RETURN(const LeadOffer offer, LeadOfferStore().GetForUpdate(unit.sql(), id.first, id.second, ""));
  if (offer.state != OfferState::kOpen || StateAt(offer, now) != OfferState::kExpired) return false;
  ASSIGN_OR_RETURN(const LeadOffer expired, Expire(offer, now));
  RETURN_IF_ERROR(EndOffer(unit, "expired", lead, expired, now));
  return true;
}

}  // namespace

OfferExpiry::OfferExpiry(mysql::Database& database, const Clock& clock, std::function<void()> committed)
    : Expiry(database, clock,
             {.things = "lead offers",
              .due = [](mysql::Transaction& sql, absl::Time now,
                        int limit) { return LeadOfferStore().Due(sql, now, limit); },
              .end = End},
             std::move(committed)) {}

}  // namespace tributary::partner
