// The algebra against counting cells one by one, over random small worlds.

#include <random>
#include <set>
#include <tuple>

#include "common/scopes/scope_box.h"
#include "common/status/status_matchers.h"

namespace tributary {
namespace {

// A region's cell is itself without its children: a sale can lie in a region that is not divided further there.
using Cell = std::tuple<std::string, std::string, std::string, std::string, int>;

struct World {
  std::map<std::string, std::string> parents;
  RegionTree tree;
  std::vector<std::string> lines = {"l0", "l1", "l2", ""};  // "" a product without a line, or a sale without a segment
  std::vector<std::string> codes = {"a", "b", ""};
};

World RandomWorld(std::mt19937& random) {
  World world;
  const int regions = 3 + static_cast<int>(random() % 6);
  for (int i = 0; i < regions; ++i) {
    const bool root = i == 0 || random() % 4 == 0;
    world.parents["r" + std::to_string(i)] = root ? "" : "r" + std::to_string(random() % i);
  }
  world.tree = RegionTree::FromParents(world.parents);
  return world;
}

std::vector<std::string> Some(std::mt19937& random, const std::vector<std::string>& from, int most) {
  std::vector<std::string> some;
  for (int n = static_cast<int>(random() % (most + 1)); n > 0; --n) {
    const std::string& one = from[random() % from.size()];
    if (!one.empty()) some.push_back(one);
  }
  return some;
}

ScopeBox RandomBox(std::mt19937& random, const World& world) {
  std::vector<std::string> regions;
  for (const auto& [region, parent] : world.parents) regions.push_back(region);
  regions.emplace_back("nowhere");
  ScopeBox box{Some(random, regions, 3),
               Some(random, world.lines, 2),
               Some(random, world.codes, 1),
               Some(random, world.codes, 2),
               {}};
  box.time.start = Date::FromDays(static_cast<int>(random() % 4));
  box.time.end = box.time.start.AddDays(static_cast<int>(random() % 4));
  return box;
}

std::set<Cell> Cells(const ScopeBox& box, const World& world) {
  const auto holds = [](const std::vector<std::string>& names, const std::string& name) {
    return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
  };
  std::set<Cell> cells;
  std::vector<std::string> regions = {"nowhere"};
  for (const auto& [region, parent] : world.parents) regions.push_back(region);
  for (const std::string& region : regions) {
    bool inside = box.regions.empty();
    std::string at = region;
    while (!inside && !at.empty()) {
      inside = holds(box.regions, at);
      at = world.parents.contains(at) ? world.parents.at(at) : "";
    }
    if (!inside) continue;
    for (const std::string& line : world.lines) {
      for (const std::string& segment : world.codes) {
        for (const std::string& route : world.codes) {
          if (!holds(box.product_lines, line) || !holds(box.segments, segment) || !holds(box.routes, route)) continue;
          for (int day = box.time.start.days(); day < box.time.end.days(); ++day) {
            cells.insert({region, line, segment, route, day});
          }
        }
      }
    }
  }
  return cells;
}

TEST(ScopeBoxPropertyTest, IntersectionHoldsExactlyTheSharedCells) {
  std::mt19937 random(20260708);
  int met = 0;
  for (int round = 0; round < 3000; ++round) {
    const World world = RandomWorld(random);
    const ScopeBox a = RandomBox(random, world);
    const ScopeBox b = RandomBox(random, world);
    const std::set<Cell> in_a = Cells(a, world);
    const std::set<Cell> in_b = Cells(b, world);
    std::set<Cell> shared;
    std::set_intersection(in_a.begin(), in_a.end(), in_b.begin(), in_b.end(), std::inserter(shared, shared.end()));
    const std::optional<ScopeBox> box = Intersect(a, b, world.tree);
    ASSERT_EQ(box.has_value(), !shared.empty()) << Describe(a) << " / " << Describe(b);
    ASSERT_EQ(box, Intersect(b, a, world.tree));
    if (!box) continue;
    ++met;
    ASSERT_EQ(Cells(*box, world), shared) << Describe(a) << " / " << Describe(b) << " = " << Describe(*box);
    ASSERT_EQ(*box, Normalized(*box, world.tree));
  }
  EXPECT_GT(met, 300);
}

TEST(ScopeBoxPropertyTest, AssociativeAndIdempotent) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    const World world = RandomWorld(random);
    const ScopeBox a = RandomBox(random, world), b = RandomBox(random, world), c = RandomBox(random, world);
    const auto ab = Intersect(a, b, world.tree), bc = Intersect(b, c, world.tree);
    const auto left = ab ? Intersect(*ab, c, world.tree) : std::nullopt;
    const auto right = bc ? Intersect(a, *bc, world.tree) : std::nullopt;
    ASSERT_EQ(left, right);
    if (a.time.start < a.time.end) {
      ASSERT_EQ(Intersect(a, a, world.tree), Normalized(a, world.tree));
    }
  }
}

}  // namespace
}  // namespace tributary
