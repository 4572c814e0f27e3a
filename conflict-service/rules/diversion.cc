#include "conflict-service/rules/diversion.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "common/text/text.h"

namespace tributary::conflict {
namespace {

bool Covers(const Grant& grant, const SeenUnit& unit, const RegionTree& regions) {
  const ScopeBox& scope = grant.scope;
  const auto has = [](const std::vector<std::string>& list, const std::string& element) {
    return list.empty() || std::find(list.begin(), list.end(), element) != list.end();
  };
  return grant.active && scope.time.Contains(unit.date) && has(scope.product_lines, unit.product_line) &&
         (scope.regions.empty() || regions.WithinAny(unit.region, scope.regions));
}

std::string Signed(int64_t decibans) { return StrCat(decibans < 0 ? "" : "+", decibans); }

std::optional<Decimal> GapIn(const MassBalance& balance, const std::string& partner) {
  const auto gap = std::find_if(balance.gaps.begin(), balance.gaps.end(),
                                [&](const PartnerGap& candidate) { return candidate.partner == partner; });
  return gap == balance.gaps.end() ? std::nullopt : gap->gap;
}

// Keys that differ in the day alone.
bool AreOfOneFlow(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::equal(a.begin(), std::prev(a.end()), b.begin(), std::prev(b.end()));
}

}  // namespace

std::string VersionOf(const DiversionPolicy& policy) { return StrCat("diversion.", policy.version); }

std::map<std::pair<std::string, std::string>, SeenOutside> LookOutside(const std::vector<SeenUnit>& seen,
                                                                       const std::vector<Grant>& grants,
                                                                       const RegionTree& regions) {
  std::map<std::pair<std::string, std::string>, SeenOutside> outside;
  for (const SeenUnit& unit : seen) {
    std::set<std::string> at_home;
    for (const Grant& grant : grants) {
      if (Covers(grant, unit, regions)) at_home.insert(grant.partner);
    }
    if (at_home.contains(unit.owner)) continue;
    for (const std::string& partner : at_home) {
      SeenOutside& both = outside[{unit.owner, partner}];
      both.serials.insert(unit.serial);
      both.regions.insert(unit.region);
      both.last = std::max(both.last.value_or(unit.date), unit.date);
    }
  }
  return outside;
}

DiversionOdds OddsOf(const Flow& flow, size_t outside_serials, const DiversionPolicy& policy) {
  DiversionOdds odds{.balance_counts = flow.least >= policy.least_units};
  odds.decibans = policy.prior_decibans + (odds.balance_counts ? policy.balance_decibans : 0) +
                  static_cast<int64_t>(outside_serials) * policy.outside_serial_decibans;
  const int64_t lacking = policy.threshold_decibans - odds.decibans;
  odds.convicts = lacking <= 0;
  const int64_t each = policy.outside_serial_decibans;
  if (!odds.convicts) odds.more_needed = (lacking + each - 1) / each;
  return odds;
}

std::string Explain(const BalanceKey& key, const MassBalance& balance, const Flow& flow, const SeenOutside& outside,
                    const DiversionPolicy& policy) {
  const DiversionOdds odds = OddsOf(flow, outside.serials.size(), policy);
  std::string text = StrCat(
      "Of ", key.product, key.lot ? StrCat(", lot '", *key.lot, "'") : std::string(), ", ", Describe(key.period), ", ",
      flow.from, " lacks ", GapIn(balance, flow.from).value_or(Decimal()).ToString(), " units and ", flow.to, " has ",
      Abs(GapIn(balance, flow.to).value_or(Decimal())).ToString(), " too many: ", flow.least.ToString(), " to ",
      flow.most.ToString(), " went from the one to the other. Decibans: prior ", Signed(policy.prior_decibans),
      "; balance ", Signed(odds.balance_counts ? policy.balance_decibans : 0), " (at least ", flow.least.ToString(),
      ", want ", policy.least_units.ToString(), "); ", outside.serials.size(),
      " of the one's units seen in the other's territory");
  if (!outside.serials.empty()) {
    StrAppend(&text, " (", StrJoin(outside.serials, ", "), " in ", StrJoin(outside.regions, ", "), ")");
  }
  StrAppend(&text, " ", Signed(static_cast<int64_t>(outside.serials.size()) * policy.outside_serial_decibans), "; sum ",
            Signed(odds.decibans), ", threshold ", Signed(policy.threshold_decibans), ".");
  if (!odds.convicts) StrAppend(&text, " ", odds.more_needed, " more needed.");
  return text;
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
  std::sort(conclusion.parties.begin(), conclusion.parties.end(),
            [](const PartyFacts& a, const PartyFacts& b) { return a.partner < b.partner; });
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
