#include "partner-service/sales_facts/sales_fact.h"

#include <algorithm>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

SalesFact Fact(std::string name, const char* date, SalesFactKind kind = SalesFactKind::kLine, std::string refers = "",
               std::string partner = "p-1") {
  return {.partner_id = std::move(partner),
          .fact = std::move(name),
          .kind = kind,
          .refers = std::move(refers),
          .order_date = Day(date),
          .move_date = Day(date).AddDays(7)};
}

std::string Counted(const std::vector<SalesFact>& facts, std::string_view name) {
  const auto it = std::find_if(facts.begin(), facts.end(), [&](const SalesFact& f) { return f.fact == name; });
  EXPECT_EQ(it->counted_move_date, it->counted_order_date.AddDays(7));
  return it->counted_order_date.ToString();
}

TEST(SalesFactTest, AReturnCountsWhereItsLineCounts) {
  std::vector<SalesFact> facts = {
      Fact("line", "2026-02-20"),
      Fact("return", "2026-05-20", SalesFactKind::kReturn, "line"),
      Fact("line.r1", "2026-02-20", SalesFactKind::kReversal, "line"),
      Fact("return.r1", "2026-05-20", SalesFactKind::kReversal, "return"),
      Fact("of-a-return", "2026-06-01", SalesFactKind::kReturn, "return"),
      Fact("of-nothing", "2026-06-02", SalesFactKind::kReturn, "unknown"),
      Fact("of-nothing.r1", "2026-06-02", SalesFactKind::kReversal, "of-nothing"),
      Fact("of-another", "2026-06-03", SalesFactKind::kReturn, "line", "p-2"),
  };
  EXPECT_THAT(Place(facts), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
  EXPECT_EQ(Counted(facts, "line"), "2026-02-20");
  EXPECT_EQ(Counted(facts, "return"), "2026-02-20");
  EXPECT_EQ(Counted(facts, "line.r1"), "2026-02-20");
  EXPECT_EQ(Counted(facts, "return.r1"), "2026-02-20");
  EXPECT_EQ(Counted(facts, "of-a-return"), "2026-06-01");
  EXPECT_EQ(Counted(facts, "of-nothing"), "2026-06-02");
  EXPECT_EQ(Counted(facts, "of-nothing.r1"), "2026-06-02");
  EXPECT_EQ(Counted(facts, "of-another"), "2026-06-03");
  EXPECT_THAT(Place(facts), IsEmpty());
}

TEST(SalesFactTest, WhatCountsFollowsFromTheSet) {
  std::vector<SalesFact> facts = {
      Fact("a", "2026-02-20"),
      Fact("b", "2026-05-20", SalesFactKind::kReturn, "a"),
      Fact("c", "2026-05-20", SalesFactKind::kReversal, "b"),
      Fact("d", "2026-02-20", SalesFactKind::kReversal, "a"),
  };
  const auto by_name = [](const SalesFact& x, const SalesFact& y) { return x.fact < y.fact; };
  std::vector<SalesFact> want = facts;
  Place(want);
  do {
    std::vector<SalesFact> told;
    for (const SalesFact& fact : facts) {
      told.push_back(fact);
      Place(told);
    }
    std::sort(told.begin(), told.end(), by_name);
    EXPECT_EQ(told, want);
  } while (std::next_permutation(facts.begin(), facts.end(), by_name));
}

}  // namespace
}  // namespace tributary::partner
