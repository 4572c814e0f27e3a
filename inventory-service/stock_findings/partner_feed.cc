#include "inventory-service/stock_findings/partner_feed.h"

#include <utility>

#include "common/approvals/approval_feed.h"
#include "common/status/status.h"
#include "inventory-service/end_customers/erased_names.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/stock_findings/territory_derivation.h"

namespace tributary::inventory {

std::vector<std::string> PartnerFeedPayloads() {
  std::vector<std::string> payloads = PartnerPayloads();
  for (std::string& payload : approvals::ApprovalPayloads()) payloads.push_back(std::move(payload));
  payloads.push_back(CustomerPayload());
  return payloads;
}

absl::Status ApplyPartnerFeed(mysql::Transaction& sql, absl::Span<const events::Event> events, absl::Time now,
                              StockCountService& counts, events::Outbox& outbox) {
  RETURN_IF_ERROR(ApplyPartnerEvents(sql, events));
  RETURN_IF_ERROR(ApplyCustomers(sql, events));
  RETURN_IF_ERROR(TerritoryDerivation().Apply(sql, events, now, outbox));
  return approvals::ApplyApprovals(
      sql, events, now, outbox, [&counts](const rpc::Call& call, rpc::Unit& unit, const approvals::Decision& decision) {
        return counts.Decided(call, unit, decision);
      });
}

}  // namespace tributary::inventory
