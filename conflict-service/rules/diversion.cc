#include "conflict-service/rules/diversion.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "common/text/text.h"
#include "conflict-service/rules/inputs.h"

namespace tributary::conflict {
namespace {

bool IsOf(const OutsideUnit& unit, const BalanceKey& key) { return !key.lot || unit.lot == *key.lot; }

void Add(const OutsideUnit& unit, SeenOutside* seen) {
  seen->serials.insert(unit.serial);
  seen->regions.insert(unit.region);
  seen->at_home.insert(unit.at_home.begin(), unit.at_home.end());
  seen->last = std::max(seen->last.value_or(unit.date), unit.date);
}

// "products/x, lot 'L9', from 2026-06-01 until before 2026-07-01".
std::string GoodsAndDays(const BalanceKey& key) {
  return StrCat(key.product, key.lot ? StrCat(", lot '", *key.lot, "'") : std::string(), ", ", Describe(key.period));
}

std::string Signed(int64_t decibans) { return StrCat(decibans < 0 ? "" : "+", decibans); }

std::optional<Decimal> GapIn(const MassBalance& balance, const std::string& partner) {
  const auto gap = std::find_if(balance.gaps.begin(), balance.gaps.end(),
                                [&](const PartnerGap& candidate) { return candidate.partner == partner; });
  return gap == balance.gaps.end() ? std::nullopt : gap->gap;
}

DiversionOdds SumOf(bool balance_counts, size_t outside_serials, const DiversionPolicy& policy) {
  DiversionOdds odds{.balance_counts = balance_counts};
  odds.decibans = policy.prior_decibans + (balance_counts ? policy.balance_decibans : 0) +
                  static_cast<int64_t>(outside_serials) * policy.outside_serial_decibans;
  const int64_t lacking = policy.threshold_decibans - odds.decibans;
  odds.convicts = lacking <= 0;
  const int64_t each = policy.outside_serial_decibans;
  if (!odds.convicts) odds.more_needed = (lacking + each - 1) / each;
  return odds;
}

// "(s1, s2 in regions/cn-44) +12; sum +7, threshold +10. 1 more needed.": how an explanation ends.
std::string DescribeSum(const SeenOutside& outside, const DiversionOdds& odds, const DiversionPolicy& policy) {
  std::string text;
  if (!outside.serials.empty()) {
    StrAppend(&text, " (", StrJoin(outside.serials, ", "), " in ", StrJoin(outside.regions, ", "), ")");
  }
  StrAppend(&text, " ", Signed(static_cast<int64_t>(outside.serials.size()) * policy.outside_serial_decibans), "; sum ",
            Signed(odds.decibans), ", threshold ", Signed(policy.threshold_decibans), ".");
  if (!odds.convicts) StrAppend(&text, " ", odds.more_needed, " more needed.");
  return text;
}

bool ByPartner(const PartyFacts& a, const PartyFacts& b) { return a.partner < b.partner; }

// What the units say, the balance and the odds.
void AddDiversionInputs(const BalanceKey& key, const MassBalance& balance, const std::string& from,
                        const std::string& to, const SeenOutside& outside, const DiversionPolicy& policy,
                        Conclusion* conclusion) {
  AddInputs(key, balance, &conclusion->inputs);
  const std::string flow = StrCat(from, " to ", to);
  const auto add = [&](std::string_view field, std::string value) {
    conclusion->inputs.push_back({key.name(), std::string(field), std::move(value), ""});
  };
  add("flow", flow);
  add("outside.serials", StrJoin(outside.serials, ", "));
  add("outside.regions", StrJoin(outside.regions, ", "));
  add("outside.at_home", StrJoin(outside.at_home, ", "));
  if (outside.last) add("outside.last", outside.last->ToString());
  AddInputs(policy, &conclusion->inputs);
}

// Keys that differ in the day alone.
bool AreOfOneFlow(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::equal(a.begin(), std::prev(a.end()), b.begin(), std::prev(b.end()));
}

}  // namespace

std::string VersionOf(const DiversionPolicy& policy) { return StrCat("diversion.", policy.version); }

OutsideByPair LookOutside(const std::vector<OutsideUnit>& units, const BalanceKey& key) {
  OutsideByPair outside;
  for (const OutsideUnit& unit : units) {
    if (!key.period.Contains(unit.date) || !IsOf(unit, key)) continue;
    for (const std::string& partner : unit.at_home) Add(unit, &outside[{unit.owner, partner}]);
  }
  return outside;
}

OutsideByPair LookInTerritories(const std::vector<OutsideUnit>& units, const BalanceKey& key,
                                const std::vector<Flow>& flows) {
  std::set<std::pair<std::string, std::string>> told;
  for (const Flow& flow : flows) told.emplace(flow.from, flow.to);
  OutsideByPair outside;
  std::map<std::tuple<std::string, std::string, std::string>, Date> first;  // by serial, owner and territory
  for (const OutsideUnit& unit : units) {
    const Date seen = first.try_emplace({unit.serial, unit.owner, unit.territory}, unit.date).first->second;
    if (!key.period.Contains(seen) || !key.period.Contains(unit.date) || !IsOf(unit, key)) continue;
    const bool is_told = std::any_of(unit.at_home.begin(), unit.at_home.end(), [&](const std::string& partner) {
      return told.contains({unit.owner, partner});
    });
    if (!is_told) Add(unit, &outside[{unit.owner, unit.territory}]);
  }
  return outside;
}

DiversionOdds OddsOf(const Flow& flow, size_t outside_serials, const DiversionPolicy& policy) {
  return SumOf(flow.least >= policy.least_units, outside_serials, policy);
}

DiversionOdds OddsOf(size_t outside_serials, const DiversionPolicy& policy) {
  return SumOf(false, outside_serials, policy);
}

std::string Explain(const BalanceKey& key, const MassBalance& balance, const Flow& flow, const SeenOutside& outside,
                    const DiversionPolicy& policy) {
  const DiversionOdds odds = OddsOf(flow, outside.serials.size(), policy);
  return StrCat("Of ", GoodsAndDays(key), ", ", flow.from, " lacks ",
                GapIn(balance, flow.from).value_or(Decimal()).ToString(), " units and ", flow.to, " has ",
                Abs(GapIn(balance, flow.to).value_or(Decimal())).ToString(), " too many: ", flow.least.ToString(),
                " to ", flow.most.ToString(), " went from the one to the other. Decibans: prior ",
                Signed(policy.prior_decibans), "; balance ", Signed(odds.balance_counts ? policy.balance_decibans : 0),
                " (at least ", flow.least.ToString(), ", want ", policy.least_units.ToString(), "); ",
                outside.serials.size(), " of the one's units seen in the other's territory",
                DescribeSum(outside, odds, policy));
}

std::string Explain(const BalanceKey& key, const MassBalance& balance, const UnitFlow& flow,
                    const DiversionPolicy& policy) {
  return StrCat("Of ", GoodsAndDays(key), ", no fewer than ", flow.least().ToString(), " units went from ", flow.from,
                " to ", flow.territory, ". Decibans: prior ", Signed(policy.prior_decibans), "; balance ",
                balance.unknown ? "UNKNOWN" : "+0 (shows no such flow)", "; ", flow.outside.serials.size(),
                " of its units seen there and not in its territory",
                DescribeSum(flow.outside, OddsOf(flow.outside.serials.size(), policy), policy));
}

std::vector<std::string> FlowKey(const BalanceKey& first, const std::string& from, const std::string& to) {
  return {first.product, first.lot ? StrCat("lot ", *first.lot) : "all lots", from, to, first.period.start.ToString()};
}

std::optional<Conclusion> Diversion(const BalanceKey& key, const MassBalance& balance, const Flow& flow,
                                    const SeenOutside& outside, const DiversionPolicy& policy) {
  if (!OddsOf(flow, outside.serials.size(), policy).convicts) return std::nullopt;
  Conclusion conclusion{.kind = FindingKind::kDiversion,
                        .rule_version = VersionOf(policy),
                        .subjects = {key.name(), flow.from, flow.to},
                        .explanation = Explain(key, balance, flow, outside, policy),
                        .key = FlowKey(key, flow.from, flow.to),
                        .occurred_on = key.period.end.AddDays(-1)};
  std::sort(conclusion.subjects.begin(), conclusion.subjects.end());
  for (const std::string* partner : {&flow.from, &flow.to}) {
    conclusion.parties.push_back({.partner = *partner,
                                  .product = key.product,
                                  .lot = key.lot.value_or(""),
                                  .units = GapIn(balance, *partner),
                                  .regions = {outside.regions.begin(), outside.regions.end()}});
  }
  std::sort(conclusion.parties.begin(), conclusion.parties.end(), ByPartner);
  AddDiversionInputs(key, balance, flow.from, flow.to, outside, policy, &conclusion);
  conclusion.inputs.push_back({key.name(), "flow.least", flow.least.ToString(), ""});
  conclusion.inputs.push_back({key.name(), "flow.most", flow.most.ToString(), ""});
  return conclusion;
}

std::optional<Conclusion> Diversion(const BalanceKey& key, const MassBalance& balance, const UnitFlow& flow,
                                    const DiversionPolicy& policy) {
  if (flow.outside.serials.empty() || !OddsOf(flow.outside.serials.size(), policy).convicts) return std::nullopt;
  Conclusion conclusion{.kind = FindingKind::kDiversion,
                        .rule_version = VersionOf(policy),
                        .subjects = {key.name(), flow.from, flow.territory},
                        .explanation = Explain(key, balance, flow, policy),
                        .key = FlowKey(key, flow.from, flow.territory),
                        .occurred_on = flow.outside.last};
  const std::vector<std::string> regions(flow.outside.regions.begin(), flow.outside.regions.end());
  const auto add_party = [&](const std::string& partner, std::optional<Decimal> units) {
    conclusion.parties.push_back(
        {.partner = partner, .product = key.product, .lot = key.lot.value_or(""), .units = units, .regions = regions});
  };
  add_party(flow.from, flow.least());
  if (const std::string holder = flow.holder(); !holder.empty()) {
    conclusion.subjects.push_back(holder);
    add_party(holder, std::nullopt);
  }
  std::sort(conclusion.subjects.begin(), conclusion.subjects.end());
  std::sort(conclusion.parties.begin(), conclusion.parties.end(), ByPartner);
  AddDiversionInputs(key, balance, flow.from, flow.territory, flow.outside, policy, &conclusion);
  return conclusion;
}

std::vector<Conclusion> OneOfEachFlow(std::vector<ShownFlow> of_balances) {
  // By goods, partners and first day.
  std::sort(of_balances.begin(), of_balances.end(),
            [](const ShownFlow& a, const ShownFlow& b) { return a.conclusion.key < b.conclusion.key; });
  std::vector<Conclusion> flows;
  for (auto first = of_balances.begin(), end = first; first != of_balances.end(); first = end) {
    const std::vector<std::string> key = first->conclusion.key;
    Date over = first->period.end;
    for (++end; end != of_balances.end() && AreOfOneFlow(key, end->conclusion.key) && end->period.start < over; ++end) {
      over = std::max(over, end->period.end);
    }
    std::sort(first, end, [](const ShownFlow& a, const ShownFlow& b) {
      return std::tie(b.period.end, a.conclusion.subjects) < std::tie(a.period.end, b.conclusion.subjects);
    });
    Conclusion& told = flows.emplace_back(std::move(first->conclusion));
    told.key = key;
    for (auto other = std::next(first); other != end; ++other) {
      // The balance is the first of its subjects, which are sorted.
      StrAppend(&told.explanation, " Shown by ", other->conclusion.subjects.front(), " too.");
    }
  }
  return flows;
}

}  // namespace tributary::conflict
