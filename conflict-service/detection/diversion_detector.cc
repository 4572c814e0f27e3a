#include "conflict-service/detection/diversion_detector.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "common/status/status.h"
#include "conflict-service/conflict_rules/diversion_policy_store.h"
#include "conflict-service/detection/settle.h"
#include "conflict-service/facts/gap_store.h"
#include "conflict-service/facts/grant_store.h"
#include "conflict-service/facts/region_store.h"
#include "conflict-service/facts/unit_store.h"
#include "conflict-service/findings/finding_store.h"
#include "conflict-service/mass_balances/mass_balance_store.h"

namespace tributary::conflict {
namespace {

void AddTo(const std::vector<BalanceKey>& keys, std::map<std::string, BalanceKey>* by_id) {
  for (const BalanceKey& key : keys) by_id->emplace(key.id(), key);
}

}  // namespace

absl::Status DiversionDetector::Lock(mysql::Transaction& sql) const {
  return FindingStore().Lock(sql, {FindingKind::kDiversion});
}

absl::Status DiversionDetector::Apply(mysql::Transaction& sql, const FactBatch& facts, absl::Time now,
                                      events::Outbox& outbox) const {
  RETURN_IF_ERROR(GapStore().Put(sql, facts.gaps));
  RETURN_IF_ERROR(UnitStore().PutShipped(sql, facts.shipped));

  const MassBalanceStore kept;
  std::map<std::string, BalanceKey> touched;
  if (!facts.regions.empty() || !facts.grants.empty()) {
    ASSIGN_OR_RETURN(const std::vector<BalanceKey> located, kept.WithScans(sql));
    AddTo(located, &touched);
  }
  std::set<std::string> products;
  for (const ReconciledGap& gap : facts.gaps) products.insert(gap.product);
  for (const ShippedUnits& units : facts.shipped) products.insert(units.product);
  ASSIGN_OR_RETURN(const std::vector<BalanceKey> of_products, kept.Of(sql, products));
  AddTo(of_products, &touched);
  // Who sells of a product has to do with it.
  std::map<std::string, std::set<Date>> sold;  // days, by product
  std::set<std::string> sold_products;
  for (const SoldGoods& goods : facts.sold) {
    sold[goods.product].insert(goods.date);
    sold_products.insert(goods.product);
  }
  ASSIGN_OR_RETURN(std::vector<BalanceKey> of_sold, kept.Of(sql, sold_products));
  std::erase_if(of_sold, [&](const BalanceKey& key) {
    const std::set<Date>& days = sold.at(key.product);
    const auto first = days.lower_bound(key.period.start);
    return first == days.end() || *first >= key.period.end;
  });
  AddTo(of_sold, &touched);

  std::vector<BalanceKey> keys;
  for (auto& [id, key] : touched) keys.push_back(std::move(key));
  return Judge(sql, keys, now, outbox);
}

absl::Status DiversionDetector::Judge(mysql::Transaction& sql, const std::vector<BalanceKey>& keys, absl::Time now,
                                      events::Outbox& outbox) const {
  if (keys.empty()) return absl::OkStatus();
  std::set<std::string> products, subjects;
  std::set<std::pair<std::string, std::optional<std::string>>> goods;
  for (const BalanceKey& key : keys) {
    products.insert(key.product);
    subjects.insert(key.name());
    goods.emplace(key.product, key.lot);
  }
  ASSIGN_OR_RETURN(std::vector<BalanceKey> of_goods, MassBalanceStore().Of(sql, products));
  std::erase_if(of_goods, [&](const BalanceKey& key) { return !goods.contains({key.product, key.lot}); });
  for (const BalanceKey& key : of_goods) subjects.insert(key.name());
  ASSIGN_OR_RETURN(const std::vector<Conclusion> conclusions, Conclude(sql, of_goods));
  return Settle(sql, now, outbox, FindingKind::kDiversion, subjects, conclusions);
}

absl::StatusOr<std::vector<Conclusion>> DiversionDetector::Conclude(mysql::Transaction& sql,
                                                                    const std::vector<BalanceKey>& keys,
                                                                    const std::optional<DiversionPolicy>& by) const {
  std::vector<ShownFlow> shown;
  for (const BalanceKey& key : keys) {
    ASSIGN_OR_RETURN(const JudgedBalance judged, Look(sql, key, by));
    for (const JudgedFlow& flow : judged.flows) {
      auto conclusion = Diversion(key, judged.balance, flow.flow, flow.outside, judged.policy);
      if (conclusion) shown.push_back({key.period, *std::move(conclusion)});
    }
  }
  return OneOfEachFlow(std::move(shown));
}

absl::StatusOr<JudgedBalance> DiversionDetector::Look(mysql::Transaction& sql, const BalanceKey& key,
                                                      const std::optional<DiversionPolicy>& by) const {
  JudgedBalance judged;
  if (by) {
    judged.policy = *by;
  } else {
    ASSIGN_OR_RETURN(judged.policy, DiversionPolicyStore().Current(sql));
  }
  ASSIGN_OR_RETURN(const std::vector<ReconciledGap> reconciled,
                   GapStore().Of(sql, key.product, key.period.start, key.period.end.AddDays(-1)));
  ASSIGN_OR_RETURN(const std::set<std::string> handling, GapStore().Handling(sql, key.product, key.lot, key.period));
  judged.balance = BalanceOf(key, reconciled, handling);
  if (judged.balance.flows.empty()) return judged;

  ASSIGN_OR_RETURN(std::vector<SeenUnit> seen, UnitStore().Seen(sql, key.product, key.period));
  if (key.lot) std::erase_if(seen, [&](const SeenUnit& unit) { return unit.lot != *key.lot; });
  std::map<std::pair<std::string, std::string>, SeenOutside> outside;
  if (!seen.empty()) {
    std::set<std::string> partners, regions;
    for (const SeenUnit& unit : seen) regions.insert(unit.region);
    for (const Flow& flow : judged.balance.flows) partners.insert({flow.from, flow.to});
    ASSIGN_OR_RETURN(const std::vector<Grant> grants, GrantStore().ActiveOf(sql, partners));
    ASSIGN_OR_RETURN(const RegionTree tree, RegionStore().Tree(sql, regions));
    outside = LookOutside(seen, grants, tree);
  }
  for (const Flow& flow : judged.balance.flows) judged.flows.push_back({flow, outside[{flow.from, flow.to}]});
  return judged;
}

}  // namespace tributary::conflict
