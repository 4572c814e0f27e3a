#pragma once

// A made-up channel in which goods wander and labels are lost, and how well DIVERSION tells who took part. Pure: the
// same seed gives the same channels, and the same table.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/scopes/region_tree.h"
#include "conflict-service/conflict_rules/diversion_policy.h"
#include "conflict-service/facts/facts.h"
#include "conflict-service/mass_balances/mass_balance.h"

namespace tributary::diversion_quality {

// Eight partners, each at home in a territory of its own, in a month; each had some units, got 100 to 249 and sold half
// to eight tenths of them at home. In every other channel one of them sent 15 to 60 units to another, who sold them as
// its own; both report nothing of that. Reports are as bad as they are: of ten partners three counted a few units
// wrong, one lost 5 to 25 and one sold as many that the vendor never shipped. Of five units that are sold one is seen;
// of a hundred of these one strayed: its buyer took it to another territory.
struct Channel {
  conflict::BalanceKey key;
  std::vector<conflict::ReconciledGap> reconciled;
  std::vector<conflict::Grant> grants;
  RegionTree regions;
  struct Sighting {
    conflict::UnitEvent seen;
    std::string owner;    // to whom the unit was shipped
    int lost_from = 100;  // the unit has no label, and is not seen, where so many of a hundred are lost
  };
  std::vector<Sighting> sightings;
  std::optional<std::pair<std::string, std::string>> diverted;  // from whom to whom
};
Channel MakeChannel(uint32_t seed);

// What the rule has to go by: all that is reported, or units alone, where a report is missing.
enum class Evidence { kAll, kUnits };

// How the rule does where so many percent of the labels of diverted units are gone; others keep theirs, which is the
// worse case: who diverts tears labels off.
struct Rates {
  int lost_percent = 0;
  // That a pair between which goods wandered has more odds than one between which none did; 1/2 where they have the
  // same.
  double separation = 0;
  struct Point {
    int decibans = 0;   // the threshold
    double found = 0;   // of pairs between which goods wandered
    double blamed = 0;  // of the others
  };
  std::vector<Point> points;
};
Rates RatesOf(const std::vector<Channel>& channels, int lost_percent, const std::vector<int>& thresholds,
              const conflict::DiversionPolicy& policy = {}, Evidence evidence = Evidence::kAll);

// A table of Markdown, a row for each.
std::string Table(const std::vector<Rates>& rates);

}  // namespace tributary::diversion_quality
