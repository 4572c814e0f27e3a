#pragma once

// The algebra of scopes: a box of regions x product lines x segments x routes x time. Two claims meet where their boxes
// do.

#include <optional>
#include <string>
#include <vector>

#include "common/scopes/region_tree.h"
#include "common/time/date.h"

namespace tributary {

// Each list holds resource names or codes, sorted, none twice; an empty one is the whole dimension. A region stands for
// itself and all that lies in it.
struct ScopeBox {
  std::vector<std::string> regions;
  std::vector<std::string> product_lines;
  std::vector<std::string> segments;
  std::vector<std::string> routes;
  DateRange time;
  friend bool operator==(const ScopeBox&, const ScopeBox&) = default;
};

// Lists in order, repetitions and (under `tree`) regions that lie in another one of the box left out.
ScopeBox Normalized(ScopeBox box, const RegionTree& tree);

// What both boxes hold, normalized; nullopt where they share nothing. Symmetric. Also for boxes that are not
// normalized.
std::optional<ScopeBox> Intersect(const ScopeBox& a, const ScopeBox& b, const RegionTree& tree);

// For people: "regions/cn-50; productLines/pl-b; every segment; every route; from 2026-08-01 until before 2026-10-06".
std::string Describe(const ScopeBox& box);
// The lists alone, those of more than ten cut: "regions/cn-50, regions/cn-51", "every product line".
std::string DescribeRegions(const ScopeBox& box);
std::string DescribeProductLines(const ScopeBox& box);
// "from 2026-08-01 until before 2026-10-06", "from 2026-08-01 on".
std::string Describe(const DateRange& time);

}  // namespace tributary
