#include "conflict-service/detection/detector.h"

#include <map>
#include <utility>

#include "common/status/status.h"
#include "conflict-service/deals/customer_store.h"
#include "conflict-service/detection/direct_sale_detector.h"
#include "conflict-service/detection/settle.h"
#include "conflict-service/facts/direct_sale_store.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {
namespace {

using Names = std::set<std::string>;

void AddRegions(const ScopeBox& scope, Names* regions) { regions->insert(scope.regions.begin(), scope.regions.end()); }

void AddRegions(const Deal& deal, Names* regions) {
  AddRegions(deal.scope, regions);
  for (const Box& box : deal.granted) regions->insert(box.regions.names.begin(), box.regions.names.end());
}

// Grants by the regions that they name and by those that these lie in, to find the ones that can meet another in space
// without looking at every pair.
class GrantsBySpace {
 public:
  GrantsBySpace(const std::vector<Grant>& grants, const RegionTree& tree) : tree_(tree) {
    for (const Grant& grant : grants) {
      for (const std::string& region : grant.scope.regions) {
        naming_[region].push_back(&grant);
        within_[region].insert(&grant);
        for (const std::string& ancestor : tree.Ancestors(region)) within_[ancestor].insert(&grant);
      }
    }
  }

  std::set<const Grant*> Near(const Grant& grant) const {
    std::set<const Grant*> near;
    for (const std::string& region : grant.scope.regions) {
      if (const auto found = within_.find(region); found != within_.end()) {
        near.insert(found->second.begin(), found->second.end());
      }
      for (const std::string& ancestor : tree_.Ancestors(region)) {
        const auto found = naming_.find(ancestor);
        if (found != naming_.end()) near.insert(found->second.begin(), found->second.end());
      }
    }
    return near;
  }

 private:
  const RegionTree& tree_;
  std::map<std::string, std::vector<const Grant*>> naming_;
  std::map<std::string, std::set<const Grant*>> within_;
};

std::set<FindingKind> RulesOf(const FactBatch& facts) {
  std::set<FindingKind> kinds;
  if (!facts.regions.empty()) kinds.insert(std::begin(kAllFindingKinds), std::end(kAllFindingKinds));
  if (!facts.grants.empty()) {
    kinds.insert({FindingKind::kExclusiveOverlap, FindingKind::kOutOfTerritory, FindingKind::kDiversion,
                  FindingKind::kDirectVsPartner});
  }
  if (!facts.sales.empty()) {
    kinds.insert({FindingKind::kOutOfTerritory, FindingKind::kDuplicateSale, FindingKind::kPriceWar});
  }
  if (!facts.direct_sales.empty()) kinds.insert(FindingKind::kDirectVsPartner);
  // Stored and looked at by DiversionDetector, in the same transaction.
  if (!facts.gaps.empty() || !facts.shipped.empty()) kinds.insert(FindingKind::kDiversion);
  return kinds;
}

}  // namespace

absl::Status Detector::Apply(mysql::Transaction& sql, const FactBatch& facts, absl::Time now,
                             events::Outbox& outbox) const {
  const Moment at{sql, now, outbox};
  RETURN_IF_ERROR(findings_.Lock(sql, RulesOf(facts)));

  RETURN_IF_ERROR(grants_.PutPartners(sql, facts.partners));
  ASSIGN_OR_RETURN(const Names moved, regions_.Put(sql, facts.regions));
  RETURN_IF_ERROR(grants_.Put(sql, facts.grants));
  RETURN_IF_ERROR(sales_.Put(sql, facts.sales));
  RETURN_IF_ERROR(DirectSaleStore().Put(sql, facts.direct_sales));

  // Pairs depend on the places of both grants' regions.
  ASSIGN_OR_RETURN(Names grants, grants_.ExclusiveIn(sql, moved));
  Names sellers;
  for (const Grant& grant : facts.grants) {
    grants.insert(grant.name);
    sellers.insert(grant.partner);
  }
  RETURN_IF_ERROR(PairGrants(at, grants));

  ASSIGN_OR_RETURN(const std::vector<Deal> deals, deals_.BlockingIn(sql, moved));
  RETURN_IF_ERROR(PairDeals(at, deals));
  RETURN_IF_ERROR(JudgeDirectSales(sql, facts.direct_sales, facts.grants, moved, now, outbox));

  // Whether a sale is covered depends on itself, its reversal, its region's place and its seller's grants.
  Names rows;
  for (const Sale& sale : facts.sales) rows.insert(sale.reverses.empty() ? sale.name : sale.reverses);
  const auto locate = [&](const std::vector<Sale>& sales) { return LocateSales(at, sales); };
  RETURN_IF_ERROR(sales_.Of(sql, sellers, locate));
  RETURN_IF_ERROR(sales_.In(sql, moved, locate));
  return sales_.Named(sql, rows, locate);
}

absl::Status Detector::LockDeals(mysql::Transaction& sql) const {
  return findings_.Lock(sql, {FindingKind::kDuplicateDeal, FindingKind::kDirectVsPartner});
}

absl::Status Detector::DealChanged(mysql::Transaction& sql, const Deal& deal, absl::Time now,
                                   events::Outbox& outbox) const {
  RETURN_IF_ERROR(PairDeals({sql, now, outbox}, {deal}));
  return JudgeDirectSales(sql, deal, now, outbox);
}

absl::Status Detector::PairGrants(const Moment& at, const Names& names) const {
  if (names.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<Conclusion> conclusions, OverlapsOf(at.sql, names));
  return Settle(at, FindingKind::kExclusiveOverlap, names, conclusions);
}

absl::StatusOr<std::vector<Conclusion>> Detector::OverlapsOf(mysql::Transaction& sql, const Names& names) const {
  std::vector<Conclusion> conclusions;
  ASSIGN_OR_RETURN(std::vector<Grant> changed, grants_.Named(sql, names));
  std::erase_if(
      changed, [](const Grant& grant) { return !grant.active || grant.exclusivity != Grant::Exclusivity::kExclusive; });
  if (changed.empty()) return conclusions;
  Names regions;
  for (const Grant& grant : changed) AddRegions(grant.scope, &regions);
  ASSIGN_OR_RETURN(const Names near, regions_.Relatives(sql, regions));
  ASSIGN_OR_RETURN(const Names candidates, grants_.ExclusiveIn(sql, near));
  ASSIGN_OR_RETURN(const std::vector<Grant> others, grants_.Named(sql, candidates));
  for (const Grant& grant : others) AddRegions(grant.scope, &regions);
  ASSIGN_OR_RETURN(const RegionTree tree, regions_.Tree(sql, regions));
  const GrantsBySpace by_space(others, tree);
  for (const Grant& grant : changed) {
    for (const Grant* other : by_space.Near(grant)) {
      // A pair of two changed grants comes up from both sides.
      if (other->name <= grant.name && names.contains(other->name)) continue;
      if (auto conclusion = ExclusiveOverlap(grant, *other, tree)) conclusions.push_back(*std::move(conclusion));
    }
  }
  return conclusions;
}

absl::Status Detector::PairDeals(const Moment& at, const std::vector<Deal>& deals) const {
  if (deals.empty()) return absl::OkStatus();
  Names names, customers;
  for (const Deal& deal : deals) {
    names.insert(deal.name);
    customers.insert(CustomerKey(deal.customer_name));
  }
  ASSIGN_OR_RETURN(const auto alike, CustomerStore().Alike(at.sql, customers));
  for (const auto& [customer, others] : alike) customers.insert(others.begin(), others.end());
  ASSIGN_OR_RETURN(const std::vector<Deal> blocking, deals_.BlockingFor(at.sql, customers));
  Names regions;
  std::map<std::string, std::vector<const Deal*>> by_customer;
  for (const Deal& deal : blocking) {
    AddRegions(deal, &regions);
    by_customer[CustomerKey(deal.customer_name)].push_back(&deal);
  }
  for (const Deal& deal : deals) AddRegions(deal, &regions);
  ASSIGN_OR_RETURN(const RegionTree tree, regions_.Tree(at.sql, regions));
  std::vector<Conclusion> conclusions;
  for (const Deal& deal : deals) {
    for (const std::string& customer : alike.at(CustomerKey(deal.customer_name))) {
      for (const Deal* other : by_customer[customer]) {
        if (other->name <= deal.name && names.contains(other->name)) continue;
        if (auto conclusion = DuplicateDeal(deal, *other, tree)) conclusions.push_back(*std::move(conclusion));
      }
    }
  }
  return Settle(at, FindingKind::kDuplicateDeal, names, conclusions);
}

absl::Status Detector::LocateSales(const Moment& at, const std::vector<Sale>& sales) const {
  Names subjects, partners, regions;
  for (const Sale& sale : sales) {
    subjects.insert(sale.name);
    if (!sale.Stands()) continue;
    partners.insert(sale.partner);
    regions.insert(sale.region);
  }
  ASSIGN_OR_RETURN(const std::vector<Grant> grants, grants_.ActiveOf(at.sql, partners));
  ASSIGN_OR_RETURN(const RegionTree tree, regions_.Tree(at.sql, regions));
  std::map<std::string, std::vector<Grant>> by_partner;
  for (const Grant& grant : grants) by_partner[grant.partner].push_back(grant);
  std::vector<Conclusion> conclusions;
  for (const Sale& sale : sales) {
    if (auto conclusion = OutOfTerritory(sale, by_partner[sale.partner], tree)) {
      conclusions.push_back(*std::move(conclusion));
    }
  }
  return Settle(at, FindingKind::kOutOfTerritory, subjects, conclusions);
}

absl::Status Detector::Settle(const Moment& at, FindingKind kind, const Names& subjects,
                              const std::vector<Conclusion>& conclusions) const {
  return conflict::Settle(at.sql, at.now, at.outbox, kind, subjects, conclusions);
}

}  // namespace tributary::conflict
