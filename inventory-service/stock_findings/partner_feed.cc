#include "inventory-service/stock_findings/partner_feed.h"

#include "common/status/status.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/stock_findings/territory_derivation.h"

namespace tributary::inventory {

absl::Status ApplyPartnerFeed(mysql::Transaction& sql, absl::Span<const events::Event> events, absl::Time now,
                              events::Outbox& outbox) {
  RETURN_IF_ERROR(ApplyPartnerEvents(sql, events));
  return TerritoryDerivation().Apply(sql, events, now, outbox);
}

}  // namespace tributary::inventory
