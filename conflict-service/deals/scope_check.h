#pragma once

// What of a registration's scope is others', what is left of it, and what its partner is told of that. Pure.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/scopes/region_tree.h"
#include "conflict-service/deals/deal.h"

namespace tributary::conflict {

// The hierarchy of regions, as far as some scopes need it. A region without an entry in `leaves` is a leaf.
struct Places {
  std::map<std::string, std::vector<std::string>> leaves;  // of a region, the ones without children that lie in it
  RegionTree tree;                                         // of the leaves and all that they lie in
};

// What is asked for, by leaves.
Box Requested(const Deal& deal, const Places& places);
// By today's leaves: a region may have been divided since the box was made.
Box WithLeaves(Box box, const Places& places);
// What it was granted or waitlisted, by today's leaves.
std::vector<Box> Held(const Deal& deal, const Places& places);

// Of registrations of the same customer: a partner's own do not take from each other, nor do those that block nobody.
bool MayMeet(const Deal& a, const Deal& b);
// Whether the other one keeps `deal` away from anything, or waits for a decision on it.
bool Meet(const Deal& deal, const Deal& other, const Places& places);

// What goes before `deal`: all that others hold, and all that others claim who were handed in before it.
std::vector<Box> TakenBefore(const Deal& deal, const std::vector<Deal>& others, const Places& places);
// The same with another place in the order, where nobody's claim goes before what is `held` already.
std::vector<Box> TakenBefore(const Deal& deal, const std::vector<Deal>& others, int64_t sequence,
                             const std::vector<Box>& held, const Places& places);
// What others hold alone: an incumbent's renewal goes before claims.
std::vector<Box> HeldByOthers(const Deal& deal, const std::vector<Deal>& others, const Places& places);

Share ShareOf(const std::vector<Box>& wanted, const std::vector<Box>& taken);

// What the partner of `deal` is told, where any of the others meets it: its own scope cut down to the product lines and
// first-level regions that are touched, until the last day of the month in which the last of that ends.
std::optional<DealConflict> ConflictOf(const std::vector<Box>& wanted, const Deal& deal,
                                       const std::vector<Deal>& others, const Places& places);
// The same, of what is taken.
std::optional<DealConflict> ConflictOf(const std::vector<Box>& wanted, const std::vector<Box>& taken,
                                       const Places& places);
// What has been told stays told: a rival's going away is none of its business.
std::optional<DealConflict> Together(const std::optional<DealConflict>& a, const std::optional<DealConflict>& b);

// The day after `business_days` days that are neither Saturday, Sunday nor a holiday: the business day on which a
// contest that began on `from` can be decided. 0: `from` itself.
Date AddBusinessDays(Date from, int business_days, const std::vector<Date>& holidays);

}  // namespace tributary::conflict
