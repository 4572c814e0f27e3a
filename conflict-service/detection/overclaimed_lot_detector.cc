#include "conflict-service/detection/overclaimed_lot_detector.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/status/status.h"
#include "conflict-service/detection/settle.h"
#include "conflict-service/facts/lot_store.h"

namespace tributary::conflict {

absl::Status FindOverclaimedLots(mysql::Transaction& sql, const FactBatch& facts, absl::Time now,
                                 events::Outbox& outbox) {
  const LotStore lots;
  RETURN_IF_ERROR(lots.Put(sql, facts.lot_flows));
  std::set<std::string> sources;
  for (const LotFlow& flow : facts.lot_flows) sources.insert(flow.reverses.empty() ? flow.source : flow.reverses);
  for (const Sale& sale : facts.sales) {
    if (!sale.reverses.empty()) sources.insert(sale.reverses);
  }
  if (sources.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const LotStore::Lots told, lots.Of(sql, sources));
  std::set<std::string> subjects;
  std::vector<Conclusion> conclusions;
  for (const auto& [product, lot] : told) {
    ASSIGN_OR_RETURN(const LotTotals totals, lots.TotalsOf(sql, product, lot));
    subjects.insert(totals.name());
    if (auto conclusion = OverclaimedLot(totals)) conclusions.push_back(*std::move(conclusion));
  }
  if (subjects.empty()) return absl::OkStatus();
  return Settle(sql, now, outbox, {FindingKind::kDuplicateSale}, subjects, conclusions);
}

absl::StatusOr<std::vector<Conclusion>> OverclaimedLotsIn(mysql::Transaction& sql, const DateRange& days) {
  const LotStore lots;
  ASSIGN_OR_RETURN(const LotStore::Lots sold, lots.SoldIn(sql, days));
  std::vector<Conclusion> conclusions;
  for (const auto& [product, lot] : sold) {
    ASSIGN_OR_RETURN(const LotTotals totals, lots.TotalsOf(sql, product, lot));
    if (!days.Contains(totals.last)) continue;
    if (auto conclusion = OverclaimedLot(totals)) conclusions.push_back(*std::move(conclusion));
  }
  return conclusions;
}

}  // namespace tributary::conflict
