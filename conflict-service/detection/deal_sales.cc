#include "conflict-service/detection/deal_sales.h"

#include <map>
#include <utility>

#include "common/status/status.h"
#include "conflict-service/deals/deal_store.h"
#include "conflict-service/deals/same_customer.h"
#include "conflict-service/facts/region_store.h"
#include "conflict-service/rules/promise.h"

namespace tributary::conflict {
namespace {

using DealsByCustomer = std::map<std::string, std::vector<Deal>>;

// Registrations that block, by the sales' names of their customers.
absl::StatusOr<DealsByCustomer> DealsFor(mysql::Transaction& sql, CustomerIndex& customers,
                                         const std::vector<Sale>& sales) {
  DealsByCustomer deals;
  std::set<std::string> names;
  for (const Sale& sale : sales) {
    if (MayBePromised(sale) && !sale.customer.empty()) names.insert(sale.customer);
  }
  if (names.empty()) return deals;
  RETURN_IF_ERROR(customers.CatchUp(sql));
  if (customers.size() == 0) return deals;
  std::map<std::string, std::set<std::string>> keys_of;
  std::set<std::string> all_keys;
  for (const std::string& name : names) {
    std::set<std::string>& keys = keys_of[name];
    keys = customers.Known(name);
    keys.insert(CustomerKey(name));
    all_keys.insert(keys.begin(), keys.end());
  }
  ASSIGN_OR_RETURN(const std::vector<Deal> blocking, DealStore().BlockingFor(sql, all_keys));
  std::map<std::string, std::vector<const Deal*>> by_key;
  for (const Deal& deal : blocking) by_key[CustomerKey(deal.customer_name)].push_back(&deal);
  for (const auto& [name, keys] : keys_of) {
    for (const std::string& key : keys) {
      const auto found = by_key.find(key);
      if (found == by_key.end()) continue;
      for (const Deal* deal : found->second) deals[name].push_back(*deal);
    }
  }
  return deals;
}

}  // namespace

absl::Status VisitAround(mysql::Transaction& sql, SalesIn sales_in, const std::vector<std::string>& regions,
                         const DateRange& days, absl::FunctionRef<void(const Sale&, const RegionTree&)> visit) {
  ASSIGN_OR_RETURN(const std::set<std::string> near,
                   RegionStore().Relatives(sql, std::set<std::string>(regions.begin(), regions.end())));
  ASSIGN_OR_RETURN(const RegionTree tree, RegionStore().Tree(sql, near));
  return sales_in(sql, near, days, [&](const std::vector<Sale>& sales) {
    for (const Sale& sale : sales) visit(sale, tree);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<Conclusion>> ConcludeOfDeal(mysql::Transaction& sql, SalesIn sales_in, const Deal& deal,
                                                       DealRule rule) {
  std::vector<Conclusion> conclusions;
  if (!deal.Blocks()) return conclusions;
  // Sellers sell to one customer often, and to compare names takes longer than anything else here.
  std::map<std::string, bool> is_customer;
  const auto conclude = [&](const Sale& sale, const RegionTree& tree) {
    if (sale.customer.empty()) return;
    const auto [known, fresh] = is_customer.try_emplace(sale.customer, false);
    if (fresh) known->second = CompareCustomers(sale.customer, deal.customer_name).same;
    if (!known->second) return;
    if (auto conclusion = rule(sale, deal, tree)) conclusions.push_back(*std::move(conclusion));
  };
  for (const Box& box : deal.granted) {
    RETURN_IF_ERROR(VisitAround(sql, sales_in, box.regions.names, box.time, conclude));
  }
  return conclusions;
}

absl::StatusOr<std::vector<Conclusion>> ConcludeOfSales(mysql::Transaction& sql, CustomerIndex& customers,
                                                        const std::vector<Sale>& sales, DealRule rule) {
  std::vector<Conclusion> conclusions;
  ASSIGN_OR_RETURN(const auto deals, DealsFor(sql, customers, sales));
  if (deals.empty()) return conclusions;
  std::set<std::string> regions;
  for (const Sale& sale : sales) {
    if (deals.contains(sale.customer)) regions.insert(sale.region);
  }
  ASSIGN_OR_RETURN(const RegionTree tree, RegionStore().Tree(sql, regions));
  for (const Sale& sale : sales) {
    const auto found = deals.find(sale.customer);
    if (found == deals.end()) continue;
    for (const Deal& deal : found->second) {
      if (auto conclusion = rule(sale, deal, tree)) conclusions.push_back(*std::move(conclusion));
    }
  }
  return conclusions;
}

}  // namespace tributary::conflict
