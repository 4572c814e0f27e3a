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

absl::Status JudgePartnerSales(mysql::Transaction& sql, CustomerIndex& customers, const std::vector<Sale>& sales,
                               absl::Time now, events::Outbox& outbox) {
  std::set<std::string> subjects;
  for (const Sale& sale : sales) subjects.insert(sale.name);
  ASSIGN_OR_RETURN(const std::vector<Conclusion> conclusions, ConcludeOfSales(sql, customers, sales, ProtectedDeal));
  return Settle(sql, now, outbox, FindingKind::kProtectedDeal, subjects, conclusions);
}

absl::Status JudgePartnerSales(mysql::Transaction& sql, const Deal& deal, absl::Time now, events::Outbox& outbox) {
  ASSIGN_OR_RETURN(const std::vector<Conclusion> conclusions, ConcludeOfDeal(sql, PartnerSalesIn, deal, ProtectedDeal));
  return Settle(sql, now, outbox, FindingKind::kProtectedDeal, {deal.name}, conclusions);
}

absl::StatusOr<std::vector<Conclusion>> ProtectedDealsIn(mysql::Transaction& sql, CustomerIndex& customers,
                                                         const DateRange& days) {
  std::vector<Conclusion> all;
  RETURN_IF_ERROR(SaleStore().On(sql, days, [&](const std::vector<Sale>& sales) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<Conclusion> some, ConcludeOfSales(sql, customers, sales, ProtectedDeal));
    all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    return absl::OkStatus();
  }));
  return all;
}

}  // namespace tributary::conflict
