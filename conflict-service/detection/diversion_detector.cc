#include "conflict-service/detection/diversion_detector.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/status/status.h"
#include "conflict-service/conflict_rules/diversion_policy_store.h"
#include "conflict-service/detection/settle.h"
#include "conflict-service/facts/gap_store.h"
#include "conflict-service/facts/grant_store.h"
#include "conflict-service/facts/kit_store.h"
#include "conflict-service/facts/region_store.h"
#include "conflict-service/facts/sold_store.h"
#include "conflict-service/findings/finding_store.h"
#include "conflict-service/mass_balances/kit_parts.h"
#include "conflict-service/mass_balances/mass_balance_store.h"

namespace tributary::conflict {
namespace {

using Names = std::set<std::string>;

// What is known of a balance's goods and period.
struct Known {
  BalanceKey key;
  MassBalance balance;
  std::vector<OutsideUnit> units;
};

absl::StatusOr<std::vector<OutsideUnit>> UnitsOutside(mysql::Transaction& sql, const BalanceKey& key) {
  ASSIGN_OR_RETURN(std::vector<UnitEvent> events, UnitStore().EventsOf(sql, key.product, key.period));
  if (events.empty()) return std::vector<OutsideUnit>{};
  Names seen_in, partners;
  for (const UnitEvent& event : events) {
    if (!event.region.empty()) seen_in.insert(event.region);
    if (!event.partner.empty()) partners.insert(event.partner);
    if (!event.giver.empty()) partners.insert(event.giver);
  }
  ASSIGN_OR_RETURN(const RegionTree above, RegionStore().Tree(sql, seen_in));
  Names regions = seen_in;
  for (const std::string& region : seen_in) {
    const Names& higher = above.Ancestors(region);
    regions.insert(higher.begin(), higher.end());
  }
  ASSIGN_OR_RETURN(std::vector<Grant> grants, GrantStore().ActiveIn(sql, regions));
  Names known;
  for (const Grant& grant : grants) known.insert(grant.name);
  ASSIGN_OR_RETURN(const std::vector<Grant> of_partners, GrantStore().ActiveOf(sql, partners));
  for (const Grant& grant : of_partners) {
    if (!known.contains(grant.name)) grants.push_back(grant);
  }
  for (const Grant& grant : grants) regions.insert(grant.scope.regions.begin(), grant.scope.regions.end());
  ASSIGN_OR_RETURN(const RegionTree tree, RegionStore().Tree(sql, regions));
  return FollowUnits(std::move(events), grants, tree);
}

// What kits that hold the balance's product say of it; `own` are reconciled for it.
absl::StatusOr<std::map<std::string, KitPart>> KitPartsFor(mysql::Transaction& sql, const BalanceKey& key,
                                                           const std::vector<ReconciledGap>& own) {
  ASSIGN_OR_RETURN(const std::vector<KitComponent> components, KitStore().Above(sql, key.product));
  std::map<std::string, KitPart> parts;
  if (components.empty()) return parts;
  Names kits;
  for (const KitComponent& one : components) kits.insert(one.kit);
  std::vector<ReconciledGap> reconciled;
  std::map<std::string, Names> handling, sellers;
  for (const std::string& kit : kits) {
    ASSIGN_OR_RETURN(const std::vector<ReconciledGap> of_kit,
                     GapStore().Of(sql, kit, key.period.start, key.period.end.AddDays(-1)));
    reconciled.insert(reconciled.end(), of_kit.begin(), of_kit.end());
    ASSIGN_OR_RETURN(handling[kit], GapStore().Handling(sql, kit, std::nullopt, key.period));
    if (!key.lot) continue;
    ASSIGN_OR_RETURN(sellers[kit], SoldStore().Sellers(sql, kit, DaysIn(components, kit, key)));
  }
  Names reconciled_own;
  for (const ReconciledGap& gap : own) reconciled_own.insert(gap.partner);
  return KitPartsOf(key, components, reconciled, sellers, handling, reconciled_own);
}

absl::StatusOr<Known> Read(mysql::Transaction& sql, const BalanceKey& key, bool asked) {
  Known known{.key = key, .balance = {.unknown = true}, .units = {}};
  if (asked) {
    ASSIGN_OR_RETURN(const std::vector<ReconciledGap> reconciled,
                     GapStore().Of(sql, key.product, key.period.start, key.period.end.AddDays(-1)));
    ASSIGN_OR_RETURN(const Names handling, GapStore().Handling(sql, key.product, key.lot, key.period));
    ASSIGN_OR_RETURN(const auto kits, KitPartsFor(sql, key, reconciled));
    ASSIGN_OR_RETURN(const bool is_kit, KitStore().IsKit(sql, key.product, key.period));
    // What is in a kit is balanced; the kit itself would be counted once more.
    if (!is_kit) known.balance = BalanceOf(key, reconciled, handling, kits);
  }
  ASSIGN_OR_RETURN(known.units, UnitsOutside(sql, key));
  return known;
}

std::vector<JudgedFlow> FlowsOf(const Known& known) {
  std::vector<JudgedFlow> flows;
  OutsideByPair outside = LookOutside(known.units, known.key);
  for (const Flow& flow : known.balance.flows) flows.push_back({flow, outside[{flow.from, flow.to}]});
  return flows;
}

std::vector<UnitFlow> UnitFlowsOf(const Known& known) {
  std::vector<UnitFlow> flows;
  for (auto& [pair, seen] : LookInTerritories(known.units, known.key, known.balance.flows)) {
    flows.push_back({pair.first, pair.second, seen});
  }
  return flows;
}

// Units of a partner that findings tell of.
class ToldUnits {
 public:
  void Add(const std::string& owner, const SeenOutside& outside, const DateRange& period) {
    for (const std::string& serial : outside.serials) periods_[{owner, serial}].push_back(period);
  }
  // Leaves out those that are told of in periods that meet this one.
  void LeaveOut(Known* known) const {
    std::erase_if(known->units, [&](const OutsideUnit& unit) {
      const auto told = periods_.find({unit.owner, unit.serial});
      return told != periods_.end() && std::any_of(told->second.begin(), told->second.end(), [&](const DateRange& one) {
               return one.Intersects(known->key.period);
             });
    });
  }

 private:
  std::map<std::pair<std::string, std::string>, std::vector<DateRange>> periods_;
};

// All flows that are shown; those of a lot before those of all lots. `known` are of one product.
std::vector<ShownFlow> ShownBy(std::vector<Known> known, const DiversionPolicy& policy) {
  std::vector<ShownFlow> shown;
  ToldUnits by_flows;
  for (const Known& one : known) {
    for (const JudgedFlow& flow : FlowsOf(one)) {
      auto conclusion = Diversion(one.key, one.balance, flow.flow, flow.outside, policy);
      if (!conclusion) continue;
      shown.push_back({one.key.period, *std::move(conclusion)});
      by_flows.Add(flow.flow.from, flow.outside, one.key.period);
    }
  }
  ToldUnits by_lots;
  for (const bool of_lots : {true, false}) {
    for (Known& one : known) {
      if (one.key.lot.has_value() != of_lots) continue;
      by_flows.LeaveOut(&one);
      if (!of_lots) by_lots.LeaveOut(&one);
      for (const UnitFlow& flow : UnitFlowsOf(one)) {
        auto conclusion = Diversion(one.key, one.balance, flow, policy);
        if (!conclusion) continue;
        shown.push_back({one.key.period, *std::move(conclusion)});
        if (of_lots) by_lots.Add(flow.from, flow.outside, one.key.period);
      }
    }
  }
  return shown;
}

// By the ids of the balances.
using Keys = std::map<std::string, BalanceKey>;

// What is concluded of these balances, which were asked for, and of these months of the same products.
absl::StatusOr<std::vector<Conclusion>> Conclude(mysql::Transaction& sql, const Keys& asked, const Keys& months,
                                                 const DiversionPolicy& policy) {
  std::map<std::string, std::vector<Known>> by_product;
  for (const auto& [id, key] : asked) {
    ASSIGN_OR_RETURN(Known known, Read(sql, key, true));
    by_product[key.product].push_back(std::move(known));
  }
  for (const auto& [id, key] : months) {
    if (asked.contains(id)) continue;
    ASSIGN_OR_RETURN(Known known, Read(sql, key, false));
    by_product[key.product].push_back(std::move(known));
  }
  std::vector<ShownFlow> shown;
  for (auto& [product, known] : by_product) {
    for (ShownFlow& flow : ShownBy(std::move(known), policy)) shown.push_back(std::move(flow));
  }
  return OneOfEachFlow(std::move(shown));
}

Keys ById(const std::vector<BalanceKey>& keys) {
  Keys by_id;
  for (const BalanceKey& key : keys) by_id.emplace(key.id(), key);
  return by_id;
}

Keys ById(const MonthsSeen& months) {
  Keys by_id;
  for (const auto& [product, day] : months) {
    BalanceKey key = MonthOf(product, day);
    std::string id = key.id();
    by_id.emplace(std::move(id), std::move(key));
  }
  return by_id;
}

// Keeps the balances that what was reconciled is for, once two partners were: by one alone nothing goes anywhere. It
// depends on which there are, and on neither their order nor how often they are told.
absl::Status StrikeBalances(mysql::Transaction& sql, const std::vector<ReconciledGap>& gaps, absl::Time now) {
  Keys keys;
  for (const ReconciledGap& gap : gaps) {
    BalanceKey key{.product = gap.product, .lot = gap.lot, .period = {gap.from, gap.to.AddDays(1)}};
    // Units that are told without their lot may be of any, as what was sold in kits is.
    if (key.lot && key.lot->empty()) key.lot.reset();
    std::string id = key.id();
    keys.emplace(std::move(id), std::move(key));
  }
  for (const auto& [id, key] : keys) {
    ASSIGN_OR_RETURN(const int64_t partners, GapStore().CountReconciled(sql, key.product, key.lot, key.period.start,
                                                                        key.period.end.AddDays(-1)));
    if (partners < 2) continue;
    RETURN_IF_ERROR(MassBalanceStore().Keep(sql, {.key = key, .uid = Uuid::New(now), .create_time = now}).status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status DiversionDetector::Lock(mysql::Transaction& sql) const {
  return FindingStore().Lock(sql, {FindingKind::kDiversion});
}

absl::Status DiversionDetector::Apply(mysql::Transaction& sql, const FactBatch& facts, absl::Time now,
                                      events::Outbox& outbox) const {
  const UnitStore units;
  RETURN_IF_ERROR(GapStore().Put(sql, facts.gaps));
  RETURN_IF_ERROR(StrikeBalances(sql, facts.gaps, now));
  RETURN_IF_ERROR(units.PutShipped(sql, facts.shipped));
  RETURN_IF_ERROR(units.PutHandedOver(sql, facts.handed_over));
  RETURN_IF_ERROR(units.PutSold(sql, facts.sold_serials));

  Affected affected;
  const MassBalanceStore kept;
  if (!facts.regions.empty() || !facts.grants.empty()) {
    ASSIGN_OR_RETURN(const std::vector<BalanceKey> located, kept.AskedWithUnits(sql));
    for (const BalanceKey& key : located) affected.products.insert(key.product);
  }
  // A region that moves may be anybody's home, and name any territory.
  if (!facts.regions.empty()) RETURN_IF_ERROR(units.AddAllMonths(sql, &affected.months));
  // On a grant depends who was at home in what it names and named, and what its partner had.
  Names grants, holders;
  for (const Grant& grant : facts.grants) {
    grants.insert(grant.name);
    holders.insert(grant.partner);
  }
  ASSIGN_OR_RETURN(const Names named, GrantStore().EverNamedBy(sql, grants));
  ASSIGN_OR_RETURN(const Names around, RegionStore().Relatives(sql, named));
  RETURN_IF_ERROR(units.AddMonthsIn(sql, around, &affected.months));
  RETURN_IF_ERROR(units.AddMonthsBy(sql, holders, &affected.months));

  // What is told of units, or no longer.
  Names sources;
  const auto add = [&](const std::string& source, const std::string& reverses) {
    sources.insert(reverses.empty() ? source : reverses);
  };
  for (const ShippedUnits& one : facts.shipped) add(one.line, one.reverses);
  for (const HandedOver& one : facts.handed_over) add(one.movement, one.reverses);
  for (const SoldSerials& one : facts.sold_serials) add(one.sale, "");
  for (const Sale& sale : facts.sales) {
    if (!sale.reverses.empty()) sources.insert(sale.reverses);
  }
  ASSIGN_OR_RETURN(const Units told, units.UnitsIn(sql, sources));
  for (const auto& [product, serials] : told) affected.products.insert(product);
  RETURN_IF_ERROR(units.AddMonthsOf(sql, told, &affected.months));

  for (const ReconciledGap& gap : facts.gaps) affected.products.insert(gap.product);
  // What kits consisted of and consist of, and what those that are told of hold.
  const KitStore kits;
  Names told_kits;
  for (const KitFact& kit : facts.kits) told_kits.insert(kit.product);
  ASSIGN_OR_RETURN(const Names held_before, kits.Below(sql, told_kits));
  RETURN_IF_ERROR(kits.Put(sql, facts.kits));
  for (const ReconciledGap& gap : facts.gaps) told_kits.insert(gap.product);
  ASSIGN_OR_RETURN(const Names held, kits.Below(sql, told_kits));
  affected.products.insert(held_before.begin(), held_before.end());
  affected.products.insert(held.begin(), held.end());
  for (const KitFact& kit : facts.kits) affected.products.insert(kit.product);
  // Who sells of a product has to do with it.
  std::map<std::string, std::set<Date>> sold;  // days, by product
  Names sold_products;
  for (const SoldGoods& goods : facts.sold) {
    sold[goods.product].insert(goods.date);
    sold_products.insert(goods.product);
  }
  // Most products are no kits: one question for all of them.
  ASSIGN_OR_RETURN(const Names in_any, kits.Below(sql, sold_products));
  const Names sold_kits = in_any.empty() ? Names() : sold_products;
  for (const std::string& kit : sold_kits) {
    ASSIGN_OR_RETURN(const Names in_it, kits.Below(sql, {kit}));
    for (const std::string& component : in_it) {
      sold_products.insert(component);
      const std::set<Date> days = sold.at(kit);
      sold[component].insert(days.begin(), days.end());
    }
  }
  ASSIGN_OR_RETURN(const std::vector<BalanceKey> of_sold, kept.AskedOf(sql, sold_products));
  for (const BalanceKey& key : of_sold) {
    const std::set<Date>& days = sold.at(key.product);
    const auto first = days.lower_bound(key.period.start);
    if (first != days.end() && *first < key.period.end) affected.products.insert(key.product);
  }
  return Judge(sql, affected, now, outbox);
}

absl::Status DiversionDetector::Judge(mysql::Transaction& sql, const Affected& affected, absl::Time now,
                                      events::Outbox& outbox) const {
  Names products = affected.products;
  for (const auto& [product, day] : affected.months) products.insert(product);
  ASSIGN_OR_RETURN(const std::vector<BalanceKey> kept, MassBalanceStore().AskedOf(sql, products));
  // What is concluded of a month depends on the balances that it meets, and the other way round.
  MonthsSeen seen = affected.months;
  for (const BalanceKey& key : kept) {
    const DateRange whole{MonthOf(key.product, key.period.start).period.start,
                          MonthOf(key.product, key.period.end.AddDays(-1)).period.end};
    RETURN_IF_ERROR(UnitStore().AddMonths(sql, key.product, whole, &seen));
  }
  const Keys asked = ById(kept), months = ById(seen);
  if (asked.empty() && months.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const DiversionPolicy policy, DiversionPolicyStore().Current(sql));
  ASSIGN_OR_RETURN(const std::vector<Conclusion> conclusions, Conclude(sql, asked, months, policy));
  Names subjects;
  for (const Keys* keys : {&asked, &months}) {
    for (const auto& [id, key] : *keys) subjects.insert(key.name());
  }
  // So that what a finding is about can be read.
  for (const Conclusion& conclusion : conclusions) {
    for (const auto& [id, key] : months) {
      if (asked.contains(id) || conclusion.subjects.front() != key.name()) continue;
      RETURN_IF_ERROR(MassBalanceStore()
                          .Keep(sql, {.key = key, .uid = Uuid::New(now), .create_time = now, .asked = false})
                          .status());
    }
  }
  return Settle(sql, now, outbox, {FindingKind::kDiversion}, subjects, conclusions);
}

absl::Status DiversionDetector::JudgeAll(mysql::Transaction& sql, absl::Time now, events::Outbox& outbox) const {
  Affected affected;
  ASSIGN_OR_RETURN(const std::vector<BalanceKey> asked, MassBalanceStore().Asked(sql));
  for (const BalanceKey& key : asked) affected.products.insert(key.product);
  RETURN_IF_ERROR(UnitStore().AddAllMonths(sql, &affected.months));
  return Judge(sql, affected, now, outbox);
}

absl::StatusOr<JudgedBalance> DiversionDetector::Look(mysql::Transaction& sql, const BalanceKey& key,
                                                      bool asked) const {
  ASSIGN_OR_RETURN(const Known known, Read(sql, key, asked));
  JudgedBalance judged{.balance = known.balance, .flows = FlowsOf(known), .unit_flows = UnitFlowsOf(known)};
  ASSIGN_OR_RETURN(judged.policy, DiversionPolicyStore().Current(sql));
  return judged;
}

absl::StatusOr<std::vector<Conclusion>> DiversionDetector::ConcludeAll(mysql::Transaction& sql,
                                                                       const DiversionPolicy& by) const {
  ASSIGN_OR_RETURN(const std::vector<BalanceKey> asked, MassBalanceStore().Asked(sql));
  MonthsSeen months;
  RETURN_IF_ERROR(UnitStore().AddAllMonths(sql, &months));
  return Conclude(sql, ById(asked), ById(months), by);
}

}  // namespace tributary::conflict
