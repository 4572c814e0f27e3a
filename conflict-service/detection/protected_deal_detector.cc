#include "conflict-service/detection/protected_deal_detector.h"

#include <iterator>
#include <set>
#include <string>

#include "common/status/status.h"
#include "conflict-service/detection/deal_sales.h"
#include "conflict-service/detection/settle.h"
#include "conflict-service/facts/sale_store.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {
namespace {

absl::Status PartnerSalesIn(mysql::Transaction& sql, const std::set<std::string>& regions, const DateRange& days,
                            SalesVisitor visit) {
  return SaleStore().In(sql, regions, days, visit);
}

}  // namespace

absl::StatusOr<std::vector<Conclusion>> PromisedToOthers(mysql::Transaction& sql, CustomerIndex& customers,
                                                         const std::vector<Sale>& sales) {
  return ConcludeOfSales(sql, customers, sales, ProtectedDeal);
}

absl::Status JudgePartnerSales(mysql::Transaction& sql, const Deal& deal, absl::Time now, events::Outbox& outbox) {
  ASSIGN_OR_RETURN(const std::vector<Conclusion> conclusions, ConcludeOfDeal(sql, PartnerSalesIn, deal, ProtectedDeal));
  return Settle(sql, now, outbox, {FindingKind::kProtectedDeal}, {deal.name}, conclusions);
}

absl::StatusOr<std::vector<Conclusion>> ProtectedDealsIn(mysql::Transaction& sql, CustomerIndex& customers,
                                                         const DateRange& days) {
  std::vector<Conclusion> all;
  RETURN_IF_ERROR(SaleStore().On(sql, days, [&](const std::vector<Sale>& sales) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<Conclusion> some, PromisedToOthers(sql, customers, sales));
    all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    return absl::OkStatus();
  }));
  return all;
}

}  // namespace tributary::conflict
