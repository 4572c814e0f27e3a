#pragma once

// Whose a unit is, and when it was seen outside: in somebody else's territory and in none of its holder's. A pure
// function of what is told of units, in any order and however often it is told.

#include <set>
#include <string>
#include <vector>

#include "common/scopes/region_tree.h"
#include "conflict-service/facts/facts.h"

namespace tributary::conflict {

// A unit was seen outside.
struct OutsideUnit {
  std::string serial;
  std::string lot;
  std::string owner;              // partners/{partner}, whose it was
  std::string region;             // where it was seen, regions/{region}
  std::string territory;          // the territory that this lies in, regions/{region}
  std::set<std::string> at_home;  // whose territory it is, or where one of them sold the unit, that one alone
  Date date;
};

// A unit is its holder's: whom the vendor shipped it to, or who took it over from the holder, where both had an ACTIVE
// grant that day for the product's line. A sale changes nothing of that, or who diverts goods could call them its own,
// but for two cases: of a unit of which nothing else is told it shows who had it, and one by which the unit is seen
// outside, in its seller's territory, makes it the seller's from then on: it has been counted.
//
// A region is somebody's territory where it lies in an ACTIVE grant that holds on that day for the product's line. The
// territory has the name of the widest region that such a grant names and that the holder is not at home in too; where
// there is none, of the narrowest.
//
// `grants`: all ACTIVE ones that name a region of a sighting or one that such a region lies in, and all of the partners
// in the events. By serial, day and region.
std::vector<OutsideUnit> FollowUnits(std::vector<UnitEvent> events, const std::vector<Grant>& grants,
                                     const RegionTree& regions);

}  // namespace tributary::conflict
