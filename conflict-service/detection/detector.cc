#include "conflict-service/detection/detector.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include "common/status/status.h"
#include "conflict-service/deals/customer_eraser.h"
#include "conflict-service/deals/customer_store.h"
#include "conflict-service/deals/customer_tie_store.h"
#include "conflict-service/detection/direct_sale_detector.h"
#include "conflict-service/detection/protected_deal_detector.h"
#include "conflict-service/detection/settle.h"
#include "conflict-service/facts/direct_sale_store.h"
#include "conflict-service/facts/sold_store.h"
#include "conflict-service/scopes/territories.h"

namespace tributary::conflict {
namespace {

using Names = std::set<std::string>;

void AddRegions(const ScopeBox& scope, Names* regions) { regions->insert(scope.regions.begin(), scope.regions.end()); }

void AddRegions(const Deal& deal, Names* regions) {
  AddRegions(deal.scope, regions);
  for (const Box& box : deal.granted) regions->insert(box.regions.names.begin(), box.regions.names.end());
}

Names NamesOf(const std::vector<Sale>& sales) {
  Names names;
  for (const Sale& sale : sales) names.insert(sale.name);
  return names;
}

// Of the two as they stand, or else as they were while both were there.
std::optional<Conclusion> DuplicateOf(const HandedInDeal& a, const HandedInDeal& b, const RegionTree& regions) {
  if (auto now = DuplicateDeal(a.deal, b.deal, regions)) return now;
  if (a.until <= b.from || b.until <= a.from) return std::nullopt;
  return DuplicateDeal(AsHandedIn(a.deal), AsHandedIn(b.deal), regions);
}

std::set<FindingKind> RulesOf(const FactBatch& facts) {
  std::set<FindingKind> kinds;
  if (!facts.regions.empty()) kinds.insert(std::begin(kAllFindingKinds), std::end(kAllFindingKinds));
  if (!facts.grants.empty()) {
    kinds.insert({FindingKind::kExclusiveOverlap, FindingKind::kOutOfTerritory, FindingKind::kDiversion,
                  FindingKind::kDirectVsPartner});
  }
  if (!facts.sales.empty()) {
    kinds.insert({FindingKind::kOutOfTerritory, FindingKind::kDiversion, FindingKind::kDuplicateSale,
                  FindingKind::kBelowPrice, FindingKind::kPriceWar, FindingKind::kProtectedDeal});
  }
  if (!facts.lot_flows.empty()) kinds.insert(FindingKind::kDuplicateSale);
  if (!facts.direct_sales.empty()) kinds.insert(FindingKind::kDirectVsPartner);
  if (!facts.customers.empty()) {
    kinds.insert({FindingKind::kDuplicateDeal, FindingKind::kDirectVsPartner, FindingKind::kProtectedDeal});
  }
  // Stored and looked at by DiversionDetector, in the same transaction.
  if (!facts.gaps.empty() || !facts.shipped.empty() || !facts.handed_over.empty() || !facts.kits.empty()) {
    kinds.insert(FindingKind::kDiversion);
  }
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
  RETURN_IF_ERROR(SoldStore().Put(sql, facts.sold));
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
  RETURN_IF_ERROR(JudgeDirectSales(sql, customers_, facts.direct_sales, facts.grants, moved, now, outbox));

  RETURN_IF_ERROR(EraseCustomers(sql, facts.customers));
  RETURN_IF_ERROR(CustomerTieStore().Put(sql, facts.customers));
  Names told;
  for (const CustomerFact& customer : facts.customers) told.insert(customer.name);
  ASSIGN_OR_RETURN(const Names keys, CustomerTieStore().KeysOf(sql, told));
  ASSIGN_OR_RETURN(const auto spellings, CustomerStore().AlikeBySpelling(sql, keys));
  Names theirs;
  for (const auto& [key, alike] : spellings) theirs.insert(alike.begin(), alike.end());
  ASSIGN_OR_RETURN(const std::vector<Deal> for_them, deals_.BlockingFor(sql, theirs));
  RETURN_IF_ERROR(PairDeals(at, for_them));

  // Whether a sale is covered depends on itself, its reversal, its region's place and its seller's grants; whether
  // others were promised it does not depend on grants.
  Names rows;
  for (const Sale& sale : facts.sales) rows.insert(sale.reverses.empty() ? sale.name : sale.reverses);
  const auto locate = [&](const std::vector<Sale>& sales) { return LocateSales(at, sales); };
  RETURN_IF_ERROR(sales_.Of(sql, sellers, locate));
  const auto judge = [&](const std::vector<Sale>& sales) { return JudgeSales(at, sales); };
  RETURN_IF_ERROR(sales_.In(sql, moved, EveryDay(), judge));
  return sales_.Named(sql, rows, judge);
}

absl::Status Detector::LockForAnswers(mysql::Transaction& sql, const FactBatch& facts) const {
  std::set<FindingKind> rules = RulesOf(facts);
  rules.insert({FindingKind::kBelowPrice, FindingKind::kPriceWar});
  return findings_.Lock(sql, rules);
}

absl::Status Detector::LockDeals(mysql::Transaction& sql) const {
  return findings_.Lock(sql, {FindingKind::kDuplicateDeal, FindingKind::kDirectVsPartner, FindingKind::kProtectedDeal});
}

absl::Status Detector::DealChanged(mysql::Transaction& sql, const Deal& deal, absl::Time now,
                                   events::Outbox& outbox) const {
  RETURN_IF_ERROR(PairDeals({sql, now, outbox}, {deal}));
  RETURN_IF_ERROR(JudgeDirectSales(sql, deal, now, outbox));
  return JudgePartnerSales(sql, deal, now, outbox);
}

absl::Status Detector::PairGrants(const Moment& at, const Names& names) const {
  if (names.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<Conclusion> conclusions, OverlapsOf(at.sql, names));
  return Settle(at, {FindingKind::kExclusiveOverlap}, names, conclusions);
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
  std::vector<const ScopeBox*> scopes;
  std::vector<bool> is_named;
  std::vector<uint32_t> owners;
  std::map<std::string_view, uint32_t> numbers;
  for (const Grant& grant : others) {
    scopes.push_back(&grant.scope);
    owners.push_back(numbers.emplace(grant.partner, numbers.size()).first->second);
    is_named.push_back(names.contains(grant.name));
  }
  Territories(scopes, tree, owners).Pairs(1, [&](int, std::span<const Territories::Overlap> pairs) {
    for (const Territories::Overlap& pair : pairs) {
      if (!is_named[pair.a] && !is_named[pair.b]) continue;
      if (auto conclusion = ExclusiveOverlap(others[pair.a], others[pair.b], tree)) {
        conclusions.push_back(*std::move(conclusion));
      }
    }
  });
  return conclusions;
}

absl::StatusOr<std::vector<AllowedOverlap>> Detector::AllowedOverlaps(mysql::Transaction& sql) const {
  std::vector<AllowedOverlap> overlaps;
  ASSIGN_OR_RETURN(std::vector<Grant> grants, grants_.Helpers(sql));
  const size_t helpers = grants.size();
  if (helpers == 0) return overlaps;
  Names regions;
  for (const Grant& grant : grants) AddRegions(grant.scope, &regions);
  ASSIGN_OR_RETURN(const Names near, regions_.Relatives(sql, regions));
  ASSIGN_OR_RETURN(const Names candidates, grants_.ExclusiveIn(sql, near));
  ASSIGN_OR_RETURN(const std::vector<Grant> exclusive, grants_.Named(sql, candidates));
  grants.insert(grants.end(), exclusive.begin(), exclusive.end());
  std::vector<const ScopeBox*> scopes;
  for (const Grant& grant : grants) {
    AddRegions(grant.scope, &regions);
    scopes.push_back(&grant.scope);
  }
  ASSIGN_OR_RETURN(const RegionTree tree, regions_.Tree(sql, regions));
  Territories(scopes, tree).Pairs(1, [&](int, std::span<const Territories::Overlap> pairs) {
    for (const Territories::Overlap& pair : pairs) {
      if (pair.a >= helpers || pair.b < helpers) continue;
      if (auto overlap = OverlapOfHelper(grants[pair.a], grants[pair.b], tree)) overlaps.push_back(*std::move(overlap));
    }
  });
  std::sort(overlaps.begin(), overlaps.end(), [](const AllowedOverlap& one, const AllowedOverlap& other) {
    return std::tie(one.helper, one.exclusive) < std::tie(other.helper, other.exclusive);
  });
  return overlaps;
}

absl::Status Detector::PairDeals(const Moment& at, std::vector<Deal> deals) const {
  if (deals.empty()) return absl::OkStatus();
  const CustomerTieStore ties;
  RETURN_IF_ERROR(ties.Tie(at.sql, &deals));
  Names names, customers;
  for (const Deal& deal : deals) {
    names.insert(deal.name);
    customers.insert(CustomerKey(deal.customer_name));
  }
  ASSIGN_OR_RETURN(const auto alike, CustomerStore().Alike(at.sql, customers));
  for (const auto& [customer, others] : alike) customers.insert(others.begin(), others.end());
  ASSIGN_OR_RETURN(std::vector<Deal> blocking, deals_.BlockingFor(at.sql, customers));
  RETURN_IF_ERROR(ties.Tie(at.sql, &blocking));
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
  return Settle(at, {FindingKind::kDuplicateDeal}, names, conclusions);
}

absl::Status Detector::LocateSales(const Moment& at, const std::vector<Sale>& sales) const {
  ASSIGN_OR_RETURN(const std::vector<Conclusion> conclusions, OutsideOf(at.sql, sales));
  return Settle(at, {FindingKind::kOutOfTerritory}, NamesOf(sales), conclusions);
}

// What both rules say of a sale is settled together: a question for all of them.
absl::Status Detector::JudgeSales(const Moment& at, const std::vector<Sale>& sales) const {
  ASSIGN_OR_RETURN(std::vector<Conclusion> conclusions, OutsideOf(at.sql, sales));
  ASSIGN_OR_RETURN(std::vector<Conclusion> promised, PromisedToOthers(at.sql, customers_, sales));
  std::move(promised.begin(), promised.end(), std::back_inserter(conclusions));
  return Settle(at, {FindingKind::kOutOfTerritory, FindingKind::kProtectedDeal}, NamesOf(sales), conclusions);
}

absl::StatusOr<std::vector<Conclusion>> Detector::OutsideOf(mysql::Transaction& sql,
                                                            const std::vector<Sale>& sales) const {
  Names partners, regions;
  for (const Sale& sale : sales) {
    if (!sale.Stands()) continue;
    partners.insert(sale.partner);
    regions.insert(sale.region);
  }
  ASSIGN_OR_RETURN(const std::vector<Grant> grants, grants_.ActiveOf(sql, partners));
  ASSIGN_OR_RETURN(const RegionTree tree, regions_.Tree(sql, regions));
  std::map<std::string, std::vector<Grant>> by_partner;
  for (const Grant& grant : grants) by_partner[grant.partner].push_back(grant);
  std::vector<Conclusion> conclusions;
  for (const Sale& sale : sales) {
    if (auto conclusion = OutOfTerritory(sale, by_partner[sale.partner], tree)) {
      conclusions.push_back(*std::move(conclusion));
    }
  }
  return conclusions;
}

absl::StatusOr<std::vector<Conclusion>> Detector::OutOfTerritoryIn(mysql::Transaction& sql,
                                                                   const DateRange& days) const {
  std::vector<Conclusion> all;
  RETURN_IF_ERROR(sales_.On(sql, days, [&](const std::vector<Sale>& sales) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<Conclusion> some, OutsideOf(sql, sales));
    all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    return absl::OkStatus();
  }));
  return all;
}

absl::StatusOr<std::vector<Conclusion>> Detector::DuplicateDealsIn(mysql::Transaction& sql,
                                                                   const DateRange& days) const {
  ASSIGN_OR_RETURN(std::vector<HandedInDeal> deals, deals_.HandedIn(sql, days));
  std::vector<Deal> tied;
  for (const HandedInDeal& one : deals) tied.push_back(one.deal);
  RETURN_IF_ERROR(CustomerTieStore().Tie(sql, &tied));
  for (size_t i = 0; i < deals.size(); ++i) deals[i].deal.customers = std::move(tied[i].customers);
  Names regions, customers;
  std::map<std::string, std::vector<const HandedInDeal*>> by_customer;
  for (const HandedInDeal& one : deals) {
    AddRegions(one.deal, &regions);
    const std::string customer = CustomerKey(one.deal.customer_name);
    customers.insert(customer);
    by_customer[customer].push_back(&one);
  }
  ASSIGN_OR_RETURN(const auto alike, CustomerStore().Alike(sql, customers));
  ASSIGN_OR_RETURN(const RegionTree tree, regions_.Tree(sql, regions));
  std::vector<Conclusion> conclusions;
  for (const HandedInDeal& one : deals) {
    for (const std::string& customer : alike.at(CustomerKey(one.deal.customer_name))) {
      for (const HandedInDeal* other : by_customer[customer]) {
        if (other->deal.name <= one.deal.name) continue;
        if (auto conclusion = DuplicateOf(one, *other, tree)) conclusions.push_back(*std::move(conclusion));
      }
    }
  }
  return conclusions;
}

absl::Status Detector::Settle(const Moment& at, const std::set<FindingKind>& kinds, const Names& subjects,
                              const std::vector<Conclusion>& conclusions) const {
  return conflict::Settle(at.sql, at.now, at.outbox, kinds, subjects, conclusions);
}

}  // namespace tributary::conflict
