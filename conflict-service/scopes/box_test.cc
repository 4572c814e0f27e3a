#include "conflict-service/scopes/box.h"

#include "common/status/status_matchers.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Box BoxOf(std::vector<std::string> lines, std::vector<std::string> regions, const char* from, const char* to) {
  return {NameSet::Of(std::move(lines)),
          NameSet::Of(std::move(regions)),
          NameSet::Of({"RESELL"}),
          {*Date::Parse(from), *Date::Parse(to)}};
}

// Two partners register one customer.
const Box kFirst = BoxOf({"pl-a", "pl-b"}, {"cn-50", "cn-51"}, "2026-07-08", "2026-10-06");
const Box kSecond = BoxOf({"pl-b", "pl-c"}, {"cn-50", "cn-53"}, "2026-08-01", "2026-10-30");

TEST(BoxTest, WhatTwoRegistrationsShareAndWhatIsLeft) {
  EXPECT_EQ(CellsOf(kFirst), 360);
  EXPECT_EQ(CellsOf(kSecond), 360);
  const auto shared = Intersect(kFirst, kSecond);
  ASSERT_TRUE(shared.has_value());
  EXPECT_EQ(*shared, BoxOf({"pl-b"}, {"cn-50"}, "2026-08-01", "2026-10-06"));
  EXPECT_EQ(CellsOf(*shared), 66);
  EXPECT_EQ(shared, Intersect(kSecond, kFirst));

  const std::vector<Remainder> left = Minus(kFirst, kSecond);
  ASSERT_EQ(left.size(), 3u);
  EXPECT_EQ(left[0], (Remainder{BoxOf({"pl-a"}, {"cn-50", "cn-51"}, "2026-07-08", "2026-10-06"), false}));
  EXPECT_EQ(left[1], (Remainder{BoxOf({"pl-b"}, {"cn-51"}, "2026-07-08", "2026-10-06"), false}));
  EXPECT_EQ(left[2], (Remainder{BoxOf({"pl-b"}, {"cn-50"}, "2026-07-08", "2026-08-01"), true}));
  EXPECT_EQ(CellsOf(left[0].box), 180);
  EXPECT_EQ(CellsOf(left[1].box), 90);
  EXPECT_EQ(CellsOf(left[2].box), 24);
}

TEST(BoxTest, EveryNameButSome) {
  Box all = kFirst;
  all.product_lines = NameSet::All();
  const std::vector<Remainder> left = Minus(all, kSecond);
  EXPECT_EQ(left[0].box.product_lines, (NameSet{true, {"pl-b", "pl-c"}}));
  EXPECT_EQ(left[1].box.product_lines, NameSet::Of({"pl-b", "pl-c"}));
  EXPECT_EQ(CellsOf(all), -1);
  // Nothing is left of some names without every name.
  EXPECT_THAT(Minus(kFirst, all), IsEmpty());
}

TEST(BoxTest, Edges) {
  EXPECT_THAT(Minus(kFirst, kFirst), IsEmpty());
  EXPECT_THAT(Minus(kFirst, std::vector<Box>{}), ElementsAre(Remainder{kFirst, false}));
  // They touch on no day.
  const Box later = BoxOf({"pl-b"}, {"cn-50"}, "2026-10-06", "2026-10-07");
  EXPECT_EQ(Intersect(kFirst, later), std::nullopt);
  EXPECT_THAT(Minus(kFirst, later), ElementsAre(Remainder{kFirst, false}));
  // What was cut by time once stays so.
  const std::vector<Remainder> left = Minus(kFirst, {kSecond, BoxOf({"pl-b"}, {"cn-50"}, "2026-07-08", "2026-07-20")});
  EXPECT_EQ(left.back(), (Remainder{BoxOf({"pl-b"}, {"cn-50"}, "2026-07-20", "2026-08-01"), true}));
  Box none = kFirst;
  none.routes = {};
  EXPECT_TRUE(none.empty());
  EXPECT_THAT(Minus(none, kSecond), IsEmpty());
  EXPECT_EQ(CellsOf(none), 0);
}

TEST(BoxTest, ComesBackAsItWasWritten) {
  Box box = kFirst;
  box.routes = NameSet::All();
  box.product_lines = {true, {"pl-b"}};
  EXPECT_EQ(Write(box), "! pl-b\t= cn-50 cn-51\t!\t2026-07-08\t2026-10-06");
  const auto boxes = ReadBoxes(Write(std::vector<Box>{box, kSecond}));
  ASSERT_THAT(boxes, IsOk());
  EXPECT_THAT(*boxes, ElementsAre(box, kSecond));
  EXPECT_THAT(ReadBox("=\t=\t="), HasReason(Reason::kInvalidField));
  EXPECT_THAT(ReadBox("= a\t= b\t= c\t2026-13-01\t2026-01-01"), HasReason(Reason::kInvalidField));
  EXPECT_THAT(ReadBox("a\t= b\t= c\t2026-01-01\t2026-01-02"), HasReason(Reason::kInvalidField));
}

}  // namespace
}  // namespace tributary::conflict
