#include "inventory-service/stock_findings/settling.h"

#include "common/status/status.h"
#include "inventory-service/stock_findings/stock_finding_proto.h"
#include "inventory-service/stock_findings/stock_finding_store.h"

namespace tributary::inventory {

absl::Status Settle(mysql::Transaction& sql, const std::vector<StockFinding>& stored,
                    const std::vector<Conclusion>& conclusions, absl::Time now, events::Outbox& outbox) {
  const std::vector<FindingChange> changes = Reconcile(stored, conclusions, now);
  RETURN_IF_ERROR(StockFindingStore().Save(sql, changes));
  for (const FindingChange& change : changes) outbox.Add(Told(change.verb, change.finding));
  return absl::OkStatus();
}

}  // namespace tributary::inventory
