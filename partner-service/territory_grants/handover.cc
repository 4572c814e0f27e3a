#include "partner-service/territory_grants/handover.h"

#include <algorithm>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::partner {
namespace {

// What the grant gives on these days, as a new grant of a partner's.
TerritoryGrant PartOf(const TerritoryGrant& grant, const DateRange& days, const std::string& partner_id,
                      std::string_view id, absl::Time now) {
  TerritoryGrant part = grant;
  part.partner_id = partner_id;
  part.id = std::string(id);
  part.revision = Revision::First(now);
  part.state = GrantState::kActive;
  part.undone = false;
  part.effective = days;
  part.replaces = partner_id == grant.partner_id ? grant.id : "";
  return part;
}

DateRange DaysFrom(const TerritoryGrant& grant, Date from) {
  return {std::max(grant.effective.start, from), grant.effective.end};
}

}  // namespace

absl::StatusOr<Handover> HandOver(const TerritoryGrant& grant, const std::string& recipient_id, Date from,
                                  std::string_view id, absl::Time now) {
  Handover handover;
  ASSIGN_OR_RETURN(handover.taken, Revoke(grant, now));
  if (from >= grant.effective.end) {
    return InvalidField("effective_from", from.ToString(),
                        StrCat("a day before ", grant.effective.end.ToString(), ", the end of ", grant.name()));
  }
  if (grant.effective.start < from) {
    handover.kept = PartOf(grant, {grant.effective.start, from}, grant.partner_id, id, now);
  }
  if (!recipient_id.empty()) handover.given = PartOf(grant, DaysFrom(grant, from), recipient_id, id, now);
  return handover;
}

TerritoryGrant GiveBack(const TerritoryGrant& grant, Date from, std::string_view id, absl::Time now) {
  return PartOf(grant, DaysFrom(grant, from), grant.partner_id, id, now);
}

}  // namespace tributary::partner
