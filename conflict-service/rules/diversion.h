#pragma once

// DIVERSION: units that one partner lacks went to another one, who has them without having bought them, or were seen in
// somebody else's territory. Evidence is a mass balance (mass_balances/mass_balance.h) and units that are seen outside
// (unit_way.h), also where no balance shows the flow; its odds are summed, so that one stray scan convicts nobody.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conflict-service/conflict_rules/diversion_policy.h"
#include "conflict-service/facts/facts.h"
#include "conflict-service/findings/finding.h"
#include "conflict-service/mass_balances/mass_balance.h"
#include "conflict-service/rules/unit_way.h"

namespace tributary::conflict {

// Units of a partner that were seen in another one's territory, and not in its own.
struct SeenOutside {
  std::set<std::string> serials;  // each unit once, however often it is seen
  std::set<std::string> regions;  // where
  std::set<std::string> at_home;  // whose territory that is
  std::optional<Date> last;       // the last day on which one was
};

// By whose unit, and in whose or in which territory.
using OutsideByPair = std::map<std::pair<std::string, std::string>, SeenOutside>;

// By partners: the units of the balance's goods that were seen outside in its period.
OutsideByPair LookOutside(const std::vector<OutsideUnit>& units, const BalanceKey& key);

// By partner and territory, where no flow of the balance tells of it: the units of the balance's goods that were seen
// there for the first time in its period. `units` as FollowUnits gives them, with what was seen before the period.
OutsideByPair LookInTerritories(const std::vector<OutsideUnit>& units, const BalanceKey& key,
                                const std::vector<Flow>& flows);

struct DiversionOdds {
  int64_t decibans = 0;
  bool balance_counts = false;
  bool convicts = false;
  int64_t more_needed = 0;  // units seen outside that would make it a finding; 0 where it is one
};

DiversionOdds OddsOf(const Flow& flow, size_t outside_serials, const DiversionPolicy& policy);
// Of units that no flow tells of.
DiversionOdds OddsOf(size_t outside_serials, const DiversionPolicy& policy);

// What went from a partner to a territory by the units that were seen there: no fewer than these.
struct UnitFlow {
  std::string from;       // partners/{partner}
  std::string territory;  // regions/{region}
  SeenOutside outside;
  Decimal least() const { return Decimal::FromInt(static_cast<int64_t>(outside.serials.size())); }
  // Whose territory it is, where it is one partner's; else empty.
  std::string holder() const { return outside.at_home.size() == 1 ? *outside.at_home.begin() : std::string(); }
};

// What was added to what.
std::string Explain(const BalanceKey& key, const MassBalance& balance, const Flow& flow, const SeenOutside& outside,
                    const DiversionPolicy& policy);
std::string Explain(const BalanceKey& key, const MassBalance& balance, const UnitFlow& flow,
                    const DiversionPolicy& policy);

// What the finding about a flow is named by: the goods (product and lot), the two partners (or the partner and the
// territory) and the first day of the first balance that shows it.
std::vector<std::string> FlowKey(const BalanceKey& first, const std::string& from, const std::string& to);

// Of a flow whose odds reach the threshold. Its subjects are the two partners and the balance; its key is FlowKey of
// this balance.
std::optional<Conclusion> Diversion(const BalanceKey& key, const MassBalance& balance, const Flow& flow,
                                    const SeenOutside& outside, const DiversionPolicy& policy);
// Of a flow that units alone show; the territory's partner is a subject where it is one.
std::optional<Conclusion> Diversion(const BalanceKey& key, const MassBalance& balance, const UnitFlow& flow,
                                    const DiversionPolicy& policy);

// What a balance of that period shows of a flow.
struct ShownFlow {
  DateRange period;
  Conclusion conclusion;
};

// One finding for each flow of goods at a time, however many balances show it. Balances whose periods meet, be it
// through others that show the flow too, show one flow; those of June and of July show two. The one that ends last
// tells (of several the first by name), with the names of the others, and the key is that of the one that begins first:
// the finding's name follows from which balances show the flow, in whatever order they came. `of_balances` in any
// order.
std::vector<Conclusion> OneOfEachFlow(std::vector<ShownFlow> of_balances);

}  // namespace tributary::conflict
