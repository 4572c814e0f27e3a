#include "conflict-service/scopes/territories.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Pair = std::pair<uint32_t, uint32_t>;

// Each pair as often as it is told, in order.
std::vector<Pair> Told(const std::vector<ScopeBox>& scopes, const RegionTree& tree, int threads = 1) {
  std::vector<const ScopeBox*> given;
  for (const ScopeBox& scope : scopes) given.push_back(&scope);
  std::vector<Pair> pairs;
  std::mutex mutex;
  Territories(given, tree).Pairs(threads, [&](int thread, std::span<const Territories::Overlap> overlaps) {
    EXPECT_LT(thread, threads);
    std::lock_guard lock(mutex);
    for (const Territories::Overlap& overlap : overlaps) {
      const DateRange &x = scopes[overlap.a].time, &y = scopes[overlap.b].time;
      EXPECT_EQ(overlap.start, std::max(x.start, y.start).days());
      EXPECT_EQ(overlap.end, std::min(x.end, y.end).days());
      pairs.emplace_back(overlap.a, overlap.b);
    }
  });
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

// What the algebra of scopes says of each pair.
std::vector<Pair> Looked(const std::vector<ScopeBox>& scopes, const RegionTree& tree) {
  std::vector<Pair> pairs;
  for (uint32_t a = 0; a < scopes.size(); ++a) {
    for (uint32_t b = a + 1; b < scopes.size(); ++b) {
      if (Intersect(scopes[a], scopes[b], tree)) pairs.emplace_back(a, b);
    }
  }
  return pairs;
}

ScopeBox Scope(std::vector<std::string> regions, std::vector<std::string> lines, int start, int end) {
  return {.regions = std::move(regions),
          .product_lines = std::move(lines),
          .segments = {},
          .routes = {},
          .time = {Date::FromDays(start), Date::FromDays(end)}};
}

TEST(TerritoriesTest, WhatOneOwnerHasIsNoPair) {
  const ScopeBox scope = Scope({"cn"}, {"a"}, 10, 20);
  std::vector<Pair> pairs;
  Territories({&scope, &scope, &scope}, RegionTree::FromParents({}), {7, 8, 7})
      .Pairs(1, [&](int, std::span<const Territories::Overlap> overlaps) {
        for (const Territories::Overlap& overlap : overlaps) pairs.emplace_back(overlap.a, overlap.b);
      });
  EXPECT_THAT(pairs, ::testing::UnorderedElementsAre(Pair(0, 1), Pair(1, 2)));
}

TEST(TerritoriesTest, Pairs) {
  const RegionTree tree = RegionTree::FromParents({{"cn-sh", "cn"}, {"cn-bj", "cn"}, {"cn-sh-1", "cn-sh"}});
  // A child in its parent; a sibling; another line; the day after.
  EXPECT_THAT(Told({Scope({"cn"}, {"a"}, 10, 20), Scope({"cn-sh-1"}, {"a"}, 19, 30), Scope({"cn-bj"}, {"a"}, 20, 30),
                    Scope({"cn"}, {"b"}, 10, 20)},
                   tree),
              ElementsAre(Pair(0, 1)));
  // Every line meets each line, every region each region.
  EXPECT_THAT(Told({Scope({"cn-sh"}, {}, 10, 20), Scope({"cn-sh-1"}, {"a"}, 10, 20), Scope({"cn"}, {"b"}, 10, 20),
                    Scope({}, {"b"}, 10, 20)},
                   tree),
              ElementsAre(Pair(0, 1), Pair(0, 2), Pair(0, 3), Pair(2, 3)));
  // Of two that meet in many ways one is told; nothing meets itself, and what holds on no day meets nothing.
  EXPECT_THAT(Told({Scope({"cn-sh", "cn"}, {"a", "b"}, 10, 20), Scope({"cn-bj", "cn-sh-1"}, {"b", "a"}, 10, 20),
                    Scope({"cn"}, {}, 15, 15)},
                   tree),
              ElementsAre(Pair(0, 1)));
  EXPECT_THAT(Told({}, tree), IsEmpty());
}

TEST(TerritoriesTest, SeesWhatTheAlgebraSees) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    std::mt19937 random(seed);
    const auto pick = [&random](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
    // A few regions in any order, in some seeds with circles.
    std::map<std::string, std::string> parents;
    const int regions = 1 + pick(12);
    for (int i = 1; i < regions; ++i) {
      const int parent = seed % 4 == 0 ? pick(regions) : pick(i);
      if (parent != i) parents[StrCat("r", i)] = StrCat("r", parent);
    }
    const RegionTree tree = RegionTree::FromParents(parents);
    const int most = seed % 3 == 0 ? 1 : 3;
    std::vector<ScopeBox> scopes;
    for (int n = 0; n < 60; ++n) {
      std::set<std::string> named, lines;
      for (int i = pick(most + 1); i >= 0; --i) named.insert(StrCat("r", pick(regions)));
      for (int i = pick(most + 1); i > 0; --i) lines.insert(StrCat("l", pick(4)));
      if (pick(20) == 0) named.clear();
      const int start = pick(100);
      scopes.push_back(
          Scope({named.begin(), named.end()}, {lines.begin(), lines.end()}, start, start + pick(seed % 2 ? 15 : 100)));
    }
    const std::vector<Pair> wanted = Looked(scopes, tree);
    EXPECT_EQ(Told(scopes, tree), wanted) << "seed " << seed;
    EXPECT_EQ(Told(scopes, tree, 3), wanted) << "seed " << seed;
  }
}

}  // namespace
}  // namespace tributary::conflict
