#include "conflict-service/detection/direct_sale_detector.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/status/status.h"
#include "conflict-service/deals/deal_store.h"
#include "conflict-service/detection/settle.h"
#include "conflict-service/facts/direct_sale_store.h"
#include "conflict-service/facts/grant_store.h"
#include "conflict-service/facts/region_store.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {
namespace {

// All that is concluded about the sales.
absl::Status JudgeSales(mysql::Transaction& sql, const std::vector<DirectSale>& sales, absl::Time now,
                        events::Outbox& outbox) {
  std::set<std::string> subjects, regions;
  std::map<std::string, std::vector<const DirectSale*>> by_region;
  for (const DirectSale& sale : sales) {
    subjects.insert(sale.name);
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
  ASSIGN_OR_RETURN(const std::vector<Deal> deals, DealStore().BlockingIn(sql, around));
  std::vector<Conclusion> conclusions;
  const auto conclude = [&](const auto& right, const auto& is_there) {
    for (const auto& [region, there] : by_region) {
      if (!is_there(region)) continue;
      for (const DirectSale* sale : there) {
        if (auto conclusion = DirectVsPartner(*sale, right, tree)) conclusions.push_back(*std::move(conclusion));
      }
    }
  };
  for (const Grant& grant : grants) {
    conclude(grant, [&](const std::string& region) { return tree.WithinAny(region, grant.scope.regions); });
  }
  for (const Deal& deal : deals) {
    conclude(deal, [&](const std::string& region) {
      return std::any_of(deal.granted.begin(), deal.granted.end(), [&](const Box& box) {
        return tree.WithinAny(region, box.regions.names) != box.regions.all_but;
      });
    });
  }
  return Settle(sql, now, outbox, FindingKind::kDirectVsPartner, subjects, conclusions);
}

// What is concluded about a grant or registration and the sales of these days in these regions and what lies in them.
template <typename Right>
absl::Status AddConclusions(mysql::Transaction& sql, const Right& right, const std::vector<std::string>& regions,
                            const DateRange& time, std::vector<Conclusion>* conclusions) {
  ASSIGN_OR_RETURN(const std::set<std::string> near,
                   RegionStore().Relatives(sql, std::set<std::string>(regions.begin(), regions.end())));
  ASSIGN_OR_RETURN(const RegionTree tree, RegionStore().Tree(sql, near));
  return DirectSaleStore().In(sql, near, time, [&](const std::vector<DirectSale>& sales) {
    for (const DirectSale& sale : sales) {
      if (auto conclusion = DirectVsPartner(sale, right, tree)) conclusions->push_back(*std::move(conclusion));
    }
    return absl::OkStatus();
  });
}

}  // namespace

absl::Status JudgeDirectSales(mysql::Transaction& sql, const std::vector<DirectSale>& sales,
                              const std::vector<Grant>& grants, const std::set<std::string>& moved, absl::Time now,
                              events::Outbox& outbox) {
  std::set<std::string> changed;
  for (const Grant& grant : grants) changed.insert(grant.name);
  if (!changed.empty()) {
    ASSIGN_OR_RETURN(const std::vector<Grant> stored, GrantStore().Named(sql, changed));
    std::vector<Conclusion> conclusions;
    for (const Grant& grant : stored) {
      if (!grant.active || grant.exclusivity != Grant::Exclusivity::kExclusive) continue;
      RETURN_IF_ERROR(AddConclusions(sql, grant, grant.scope.regions, grant.scope.time, &conclusions));
    }
    RETURN_IF_ERROR(Settle(sql, now, outbox, FindingKind::kDirectVsPartner, changed, conclusions));
  }
  const auto judge = [&](const std::vector<DirectSale>& some) { return JudgeSales(sql, some, now, outbox); };
  RETURN_IF_ERROR(DirectSaleStore().In(sql, moved, {*Date::FromYmd(1900, 1, 1), OpenEnd()}, judge));
  std::set<std::string> names;
  for (const DirectSale& sale : sales) names.insert(sale.reverses.empty() ? sale.name : sale.reverses);
  return DirectSaleStore().Named(sql, names, judge);
}

absl::Status JudgeDirectSales(mysql::Transaction& sql, const Deal& deal, absl::Time now, events::Outbox& outbox) {
  std::vector<Conclusion> conclusions;
  if (deal.Blocks()) {
    for (const Box& box : deal.granted) {
      RETURN_IF_ERROR(AddConclusions(sql, deal, box.regions.names, box.time, &conclusions));
    }
  }
  return Settle(sql, now, outbox, FindingKind::kDirectVsPartner, {deal.name}, conclusions);
}

}  // namespace tributary::conflict
