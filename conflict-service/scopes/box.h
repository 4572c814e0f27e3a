#pragma once

// The algebra of deals' scopes: what two registrations of one customer share, and what is left of one of them. A scope
// is a set of cells (product line, region, route, day); a box is a product of one set in each of these dimensions. The
// customer is the same in both operands, so it is no dimension here (deals/same_customer.h says who is whom).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/time/date.h"

namespace tributary::conflict {

// Some names, or every name but some; what every name is need not be known. `names` is sorted, none twice.
struct NameSet {
  bool all_but = false;
  std::vector<std::string> names;

  static NameSet Of(std::vector<std::string> names);  // in any order
  static NameSet All() { return {true, {}}; }
  bool empty() const { return !all_but && names.empty(); }
  friend bool operator==(const NameSet&, const NameSet&) = default;
};
NameSet Intersect(const NameSet& a, const NameSet& b);
NameSet Minus(const NameSet& a, const NameSet& b);

// Regions are leaves of the hierarchy as it stood when the box was made: regions that no other one lies in.
struct Box {
  NameSet product_lines;
  NameSet regions;
  NameSet routes;
  DateRange time;

  bool empty() const;
  friend bool operator==(const Box&, const Box&) = default;
};

// nullopt where they share no cell. Symmetric.
std::optional<Box> Intersect(const Box& a, const Box& b);

// A part of what is left of a box. `waitlisted`: what was taken has the same product lines, regions and routes, on
// other days; somebody may want the part only together with these (R20).
struct Remainder {
  Box box;
  bool waitlisted = false;
  friend bool operator==(const Remainder&, const Remainder&) = default;
};

// `a` without `b`, as disjoint boxes: the i-th takes what `a` has and `b` has not in dimension i (product lines,
// regions, routes, time; of time at most two, before and after), what both have in the dimensions before, and all of
// `a` in those after it. `a` itself where they share nothing.
std::vector<Remainder> Minus(const Box& a, const Box& b);
// Without all of `taken`. Which cells are left, and which of them are waitlisted, does not depend on the order of
// `taken`; how they are cut into boxes does.
std::vector<Remainder> Minus(const Box& a, const std::vector<Box>& taken);

// How many cells; -1 where a dimension holds every name but some.
int64_t CellsOf(const Box& box);

// One line, without a line feed: the three sets, the first day and the first day no longer, with tabs between; a set is
// "=" or, where the names are left out, "!", and its names, each after a space (no name or code holds one).
std::string Write(const Box& box);
absl::StatusOr<Box> ReadBox(std::string_view line);  // INVALID_FIELD
// A line each.
std::string Write(const std::vector<Box>& boxes);
absl::StatusOr<std::vector<Box>> ReadBoxes(std::string_view lines);

}  // namespace tributary::conflict
