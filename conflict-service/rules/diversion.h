#pragma once

// DIVERSION: units that one partner lacks went to another one, who has them without having bought them. Evidence is a
// mass balance (mass_balances/mass_balance.h) and units that are seen outside; its odds are summed, so that one stray
// scan convicts nobody.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conflict-service/conflict_rules/diversion_policy.h"
#include "conflict-service/facts/facts.h"
#include "conflict-service/findings/finding.h"
#include "conflict-service/mass_balances/mass_balance.h"

namespace tributary::conflict {

// Units of a partner that were seen in another one's territory, and not in its own.
struct SeenOutside {
  std::set<std::string> serials;  // each unit once, however often it is seen
  std::set<std::string> regions;  // where
  std::optional<Date> last;       // the last day on which one was
};

// By partners (whose unit, in whose territory). The unit is its owner's: of the one to whom it was shipped last until
// that day. Its region must lie in an active grant of the other that holds on that day for the product's line, and in
// no such grant of its owner.
std::map<std::pair<std::string, std::string>, SeenOutside> LookOutside(const std::vector<SeenUnit>& seen,
                                                                       const std::vector<Grant>& grants,
                                                                       const RegionTree& regions);

struct DiversionOdds {
  int64_t decibans = 0;
  bool balance_counts = false;
  bool convicts = false;
  int64_t more_needed = 0;  // units seen outside that would make it a finding; 0 where it is one
};

DiversionOdds OddsOf(const Flow& flow, size_t outside_serials, const DiversionPolicy& policy);

// What was added to what.
std::string Explain(const BalanceKey& key, const MassBalance& balance, const Flow& flow, const SeenOutside& outside,
                    const DiversionPolicy& policy);

// What the finding about a flow is named by: the goods (product and lot), the two partners and the first day of the
// first balance that shows it.
std::vector<std::string> FlowKey(const BalanceKey& first, const std::string& from, const std::string& to);

// Of a flow whose odds reach the threshold. Its subjects are the two partners and the balance; its key is FlowKey of
// this balance.
std::optional<Conclusion> Diversion(const BalanceKey& key, const MassBalance& balance, const Flow& flow,
                                    const SeenOutside& outside, const DiversionPolicy& policy);

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
