#include "conflict-service/detection/direct_sale_detector.h"

#include <iterator>
#include <map>
#include <utility>

#include "common/status/status.h"
#include "conflict-service/detection/deal_sales.h"
#include "conflict-service/detection/settle.h"
#include "conflict-service/facts/direct_sale_store.h"
#include "conflict-service/facts/grant_store.h"
#include "conflict-service/facts/region_store.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {
namespace {

absl::Status DirectSalesIn(mysql::Transaction& sql, const std::set<std::string>& regions, const DateRange& days,
                           SalesVisitor visit) {
  return DirectSaleStore().In(sql, regions, days, visit);
}

// All that is concluded about the sales.
absl::StatusOr<std::vector<Conclusion>> ConcludeOfDirectSales(mysql::Transaction& sql, CustomerIndex& customers,
                                                              const std::vector<Sale>& sales) {
  std::set<std::string> regions;
  std::map<std::string, std::vector<const Sale*>> by_region;
  for (const Sale& sale : sales) {
    if (sale.Stands()) by_region[sale.region].push_back(&sale);
  }
  for (const auto& [region, there] : by_region) regions.insert(region);
  ASSIGN_OR_RETURN(const RegionTree tree, RegionStore().Tree(sql, regions));
  std::set<std::string> around = regions;
  for (const std::string& region : regions) {
    const std::set<std::string>& above = tree.Ancestors(region);
    around.insert(above.begin(), above.end());
  }
  ASSIGN_OR_RETURN(const std::set<std::string> exclusive, GrantStore().ExclusiveIn(sql, around));
  ASSIGN_OR_RETURN(const std::vector<Grant> grants, GrantStore().Named(sql, exclusive));
  ASSIGN_OR_RETURN(std::vector<Conclusion> conclusions, ConcludeOfSales(sql, customers, sales, DirectVsPartner));
  for (const Grant& grant : grants) {
    for (const auto& [region, there] : by_region) {
      if (!tree.WithinAny(region, grant.scope.regions)) continue;
      for (const Sale* sale : there) {
        if (auto conclusion = DirectVsPartner(*sale, grant, tree)) conclusions.push_back(*std::move(conclusion));
      }
    }
  }
  return conclusions;
}

}  // namespace

absl::Status JudgeDirectSales(mysql::Transaction& sql, CustomerIndex& customers, const std::vector<Sale>& sales,
                              const std::vector<Grant>& grants, const std::set<std::string>& moved, absl::Time now,
                              events::Outbox& outbox) {
  std::set<std::string> changed;
  for (const Grant& grant : grants) changed.insert(grant.name);
  if (!changed.empty()) {
    ASSIGN_OR_RETURN(const std::vector<Grant> stored, GrantStore().Named(sql, changed));
    std::vector<Conclusion> conclusions;
    for (const Grant& grant : stored) {
      if (!grant.active || grant.exclusivity != Grant::Exclusivity::kExclusive) continue;
      RETURN_IF_ERROR(VisitAround(sql, DirectSalesIn, grant.scope.regions, grant.scope.time,
                                  [&](const Sale& sale, const RegionTree& tree) {
                                    if (auto conclusion = DirectVsPartner(sale, grant, tree)) {
                                      conclusions.push_back(*std::move(conclusion));
                                    }
                                  }));
    }
    RETURN_IF_ERROR(Settle(sql, now, outbox, {FindingKind::kDirectVsPartner}, changed, conclusions));
  }
  const auto judge = [&](const std::vector<Sale>& some) -> absl::Status {
    std::set<std::string> subjects;
    for (const Sale& sale : some) subjects.insert(sale.name);
    ASSIGN_OR_RETURN(const std::vector<Conclusion> conclusions, ConcludeOfDirectSales(sql, customers, some));
    return Settle(sql, now, outbox, {FindingKind::kDirectVsPartner}, subjects, conclusions);
  };
  RETURN_IF_ERROR(DirectSaleStore().In(sql, moved, EveryDay(), judge));
  std::set<std::string> names;
  for (const Sale& sale : sales) names.insert(sale.reverses.empty() ? sale.name : sale.reverses);
  return DirectSaleStore().Named(sql, names, judge);
}

absl::Status JudgeDirectSales(mysql::Transaction& sql, const Deal& deal, absl::Time now, events::Outbox& outbox) {
  ASSIGN_OR_RETURN(const std::vector<Conclusion> conclusions,
                   ConcludeOfDeal(sql, DirectSalesIn, deal, DirectVsPartner));
  return Settle(sql, now, outbox, {FindingKind::kDirectVsPartner}, {deal.name}, conclusions);
}

absl::StatusOr<std::vector<Conclusion>> DirectVsPartnerIn(mysql::Transaction& sql, CustomerIndex& customers,
                                                          const DateRange& days) {
  std::vector<Conclusion> all;
  RETURN_IF_ERROR(DirectSaleStore().On(sql, days, [&](const std::vector<Sale>& sales) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<Conclusion> some, ConcludeOfDirectSales(sql, customers, sales));
    all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    return absl::OkStatus();
  }));
  return all;
}

}  // namespace tributary::conflict
