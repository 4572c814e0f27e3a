// The algebra against counting cells one by one, over random small worlds.

#include <iostream>
#include <random>
#include <set>
#include <tuple>

#include "common/status/status_matchers.h"
#include "conflict-service/scopes/box.h"

namespace tributary::conflict {
namespace {

constexpr int kCases = 12000;
using Cell = std::tuple<std::string, std::string, std::string, int>;

// "other" is a name that no box lists: what is meant by every name but some.
const std::vector<std::string> kLines = {"l0", "l1", "l2", "other"};
const std::vector<std::string> kRegions = {"r0", "r1", "r2", "other"};
const std::vector<std::string> kRoutes = {"t0", "t1", "other"};
constexpr int kDays = 6;

NameSet RandomSet(std::mt19937& random, const std::vector<std::string>& from) {
  NameSet set;
  set.all_but = random() % 3 == 0;
  for (size_t i = 0; i + 1 < from.size(); ++i) {
    if (random() % 2 == 0) set.names.push_back(from[i]);
  }
  return set;
}

Box RandomBox(std::mt19937& random) {
  Box box{RandomSet(random, kLines), RandomSet(random, kRegions), RandomSet(random, kRoutes), {}};
  box.time.start = Date::FromDays(static_cast<int>(random() % kDays));
  box.time.end = Date::FromDays(static_cast<int>(random() % (kDays + 1)));
  return box;
}

bool Holds(const NameSet& set, const std::string& name) {
  return (std::find(set.names.begin(), set.names.end(), name) != set.names.end()) != set.all_but;
}

bool HoldsColumn(const Box& box, const Cell& cell) {
  return Holds(box.product_lines, std::get<0>(cell)) && Holds(box.regions, std::get<1>(cell)) &&
         Holds(box.routes, std::get<2>(cell));
}

bool HoldsCell(const Box& box, const Cell& cell) {
  return HoldsColumn(box, cell) && box.time.Contains(Date::FromDays(std::get<3>(cell)));
}

const std::vector<Cell>& AllCells() {
  static const auto* const cells = [] {
    auto* all = new std::vector<Cell>;
    for (const std::string& line : kLines) {
      for (const std::string& region : kRegions) {
        for (const std::string& route : kRoutes) {
          for (int day = 0; day < kDays; ++day) all->emplace_back(line, region, route, day);
        }
      }
    }
    return all;
  }();
  return *cells;
}

class BoxPropertyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    seed_ = std::random_device()();
    std::cout << "seed " << seed_ << "\n";
    random_.seed(seed_);
  }
  uint32_t seed_ = 0;
  std::mt19937 random_;
};

TEST_F(BoxPropertyTest, WhatIsSharedAndWhatIsLeftHoldExactlyTheirCells) {
  int met = 0, cut = 0;
  for (int round = 0; round < kCases; ++round) {
    const Box a = RandomBox(random_);
    std::vector<Box> taken(random_() % 4);
    for (Box& one : taken) one = RandomBox(random_);
    const std::vector<Remainder> left = Minus(a, taken);
    std::shuffle(taken.begin(), taken.end(), random_);
    const std::vector<Remainder> left_again = Minus(a, taken);
    for (const Remainder& part : left) ASSERT_FALSE(part.box.empty());
    met += static_cast<int>(!left.empty() && left != std::vector{Remainder{a, false}});
    for (const Cell& cell : AllCells()) {
      bool wanted = HoldsCell(a, cell), column_taken = false;
      for (const Box& one : taken) {
        wanted = wanted && !HoldsCell(one, cell);
        column_taken |= HoldsColumn(one, cell) && one.time.Intersects(a.time) && one.time.start < one.time.end &&
                        a.time.start < a.time.end;
      }
      for (const auto* parts : {&left, &left_again}) {
        int held = 0;
        for (const Remainder& part : *parts) {
          if (!HoldsCell(part.box, cell)) continue;
          ++held;
          ASSERT_EQ(part.waitlisted, column_taken) << "seed " << seed_ << " round " << round;
          cut += static_cast<int>(part.waitlisted);
        }
        ASSERT_EQ(held, wanted ? 1 : 0) << "seed " << seed_ << " round " << round;
      }
      if (taken.size() == 1) {
        const std::optional<Box> shared = Intersect(a, taken[0]);
        ASSERT_EQ(shared.has_value() && HoldsCell(*shared, cell), HoldsCell(a, cell) && HoldsCell(taken[0], cell))
            << "seed " << seed_ << " round " << round;
      }
    }
    const auto back = ReadBox(Write(a));
    ASSERT_THAT(back, IsOk());
    ASSERT_EQ(*back, a);
  }
  EXPECT_GT(met, kCases / 50);
  EXPECT_GT(cut, kCases / 50);
}

}  // namespace
}  // namespace tributary::conflict
