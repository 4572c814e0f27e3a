#include "incentive-service/accruals/earners.h"

#include "common/status/status_matchers.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Date kLastDay = Date::FromDays(20000);

GroupLink Took(std::string partner, std::string other) {
  return {GroupRelation::kSuccessor, std::move(partner), std::move(other), {kLastDay, OpenEnd()}};
}
// From `from` days before the last day on, for so many days.
GroupLink EarnsWith(std::string partner, std::string other, int from = 90, int days = 91) {
  const Date start = kLastDay.AddDays(-from);
  return {GroupRelation::kEarnsWith, std::move(partner), std::move(other), {start, start.AddDays(days)}};
}
// So many days before the last day.
FactLine LineOn(std::string partner, int before, int net = 0) {
  FactLine line;
  line.partner = std::move(partner);
  line.ship_basis = kLastDay.AddDays(-before);
  line.net = Decimal::FromInt(net);
  line.quantity = Decimal::FromInt(1);
  return line;
}

TEST(SuccessionsTest, TheLastOfThemEarns) {
  ASSERT_OK_AND_ASSIGN(const Earners earners,
                       Earners::OfSuccessions(Program(), {Took("a", "b"), Took("b", "c"), Took("d", "c")}, kLastDay));
  for (const std::string partner : {"a", "b", "c"}) {
    EXPECT_EQ(earners.EarnerOf(partner, Date()), "c");
    EXPECT_THAT(earners.EarnersOf(partner), ElementsAre("c"));
    EXPECT_FALSE(earners.StandsAlone(partner));
  }
  EXPECT_TRUE(earners.StandsAlone("x"));
  EXPECT_THAT(earners.MembersOf("c"), ElementsAre("a", "b", "d"));
  EXPECT_THAT(earners.MembersOf("b"), IsEmpty());
  std::vector<FactLine> lines = {LineOn("a", 0), LineOn("c", 0), LineOn("x", 0)};
  earners.Attribute(Basis::kSellIn, &lines);
  EXPECT_EQ(lines[0].earner, "c");
  EXPECT_EQ(lines[0].earned_by(), "c");
  EXPECT_EQ(lines[1].earner, "");
  EXPECT_EQ(lines[2].earned_by(), "x");
}

TEST(SuccessionsTest, WhomTheProgramIsNotForStandsAlone) {
  Program program;
  program.eligibility.partners = {"a", "c"};
  ASSERT_OK_AND_ASSIGN(const Earners earners,
                       Earners::OfSuccessions(program, {Took("a", "b"), Took("c", "a"), Took("d", "c")}, kLastDay));
  for (const std::string partner : {"a", "b", "c", "d"}) {
    EXPECT_EQ(earners.EarnerOf(partner, kLastDay), partner);
    EXPECT_THAT(earners.MembersOf(partner), IsEmpty());
  }
}

TEST(SuccessionsTest, WhatLeadsNowhereIsRefused) {
  EXPECT_THAT(Earners::OfSuccessions(Program(), {Took("a", "b"), Took("b", "a")}, kLastDay),
              HasReason(Reason::kStateConflict));
  EXPECT_THAT(Earners::OfSuccessions(Program(), {Took("a", "b"), Took("a", "c")}, kLastDay),
              HasReason(Reason::kValidityOverlap));
}

TEST(GroupsTest, EachLineCountsByItsDay) {
  // "shop" earns with "branch" from 10 days before the last on, which earns with "head" all along; "old" was taken over
  // by "shop".
  const Earners earners = Earners::OfGroups(
      Program(), {EarnsWith("shop", "branch", 10, 100), EarnsWith("branch", "head"), Took("old", "shop")});
  EXPECT_EQ(earners.EarnerOf("shop", kLastDay.AddDays(-11)), "shop");
  EXPECT_EQ(earners.EarnerOf("shop", kLastDay.AddDays(-10)), "head");
  EXPECT_EQ(earners.EarnerOf("branch", kLastDay.AddDays(-11)), "head");
  EXPECT_EQ(earners.EarnerOf("old", kLastDay.AddDays(-11)), "shop");
  EXPECT_EQ(earners.EarnerOf("old", kLastDay), "head");
  EXPECT_EQ(earners.EarnerOf("head", kLastDay), "head");
  EXPECT_THAT(earners.EarnersOf("old"), ElementsAre("branch", "head", "old", "shop"));
  EXPECT_THAT(earners.EarnersOf("head"), ElementsAre("head"));
  EXPECT_THAT(earners.EarnersOf("x"), ElementsAre("x"));
  EXPECT_THAT(earners.MembersOf("head"), ElementsAre("branch", "old", "shop"));
  EXPECT_THAT(earners.MembersOf("shop"), ElementsAre("old"));
  EXPECT_TRUE(earners.StandsAlone("x"));
  for (const std::string partner : {"old", "shop", "branch", "head"}) EXPECT_FALSE(earners.StandsAlone(partner));
  std::vector<FactLine> lines = {LineOn("shop", 11), LineOn("shop", 10), LineOn("head", 3), LineOn("x", 3)};
  earners.Attribute(Basis::kSellIn, &lines);
  EXPECT_EQ(lines[0].earner, "");
  EXPECT_EQ(lines[1].earner, "head");
  EXPECT_EQ(lines[2].earner, "");
  const std::vector<FactLine> of_head = EarnedBy("head", lines);
  ASSERT_THAT(of_head, SizeIs(2));
  EXPECT_EQ(of_head[0].partner, "shop");
  EXPECT_EQ(of_head[1].partner, "head");
}

// Nobody's period waits for links that make no sense.
TEST(GroupsTest, WhereLinksLeadNowhereAPartnerStandsAlone) {
  const Earners earners = Earners::OfGroups(
      Program(), {EarnsWith("a", "b"), EarnsWith("b", "a", 5), EarnsWith("two", "x"), EarnsWith("two", "y", 5)});
  EXPECT_EQ(earners.EarnerOf("a", kLastDay.AddDays(-6)), "b");
  EXPECT_EQ(earners.EarnerOf("b", kLastDay.AddDays(-6)), "b");
  for (const std::string partner : {"a", "b", "two"}) {
    EXPECT_EQ(earners.EarnerOf(partner, kLastDay.AddDays(-5)), partner) << partner;
  }
  EXPECT_EQ(earners.EarnerOf("two", kLastDay.AddDays(-6)), "x");
  EXPECT_THAT(earners.MembersOf("a"), ElementsAre("b"));
}

TEST(GroupsTest, WhomTheProgramIsNotForStandsAlone) {
  Program program;
  program.eligibility.except_partners = {"head"};
  const Earners earners =
      Earners::OfGroups(program, {EarnsWith("a", "head"), EarnsWith("head", "top"), EarnsWith("b", "a")});
  // By way of one that it is not for it still leads on.
  EXPECT_EQ(earners.EarnerOf("a", kLastDay), "top");
  EXPECT_EQ(earners.EarnerOf("head", kLastDay), "head");
  program.eligibility.except_partners = {"head", "top"};
  const Earners none = Earners::OfGroups(program, {EarnsWith("a", "head"), EarnsWith("head", "top")});
  EXPECT_EQ(none.EarnerOf("a", kLastDay), "a");
  EXPECT_THAT(none.EarnersOf("a"), ElementsAre("a"));
}

TEST(GroupsTest, VolumesAreOfMembersByName) {
  Program program;
  std::vector<FactLine> lines = {LineOn("m2", 1, 40), LineOn("m1", 1, 30), LineOn("m2", 1, -5), LineOn("head", 1, 7)};
  EXPECT_THAT(VolumesOf(program, lines), IsEmpty());  // nobody's line counts elsewhere
  for (size_t i = 0; i < 3; ++i) lines[i].earner = "head";
  EXPECT_THAT(VolumesOf(program, lines),
              ElementsAre(MemberVolume{"head", Decimal::FromInt(7), 1}, MemberVolume{"m1", Decimal::FromInt(30), 1},
                          MemberVolume{"m2", Decimal::FromInt(35), 2}));
  program.terms.scale.shape = Shape::kPerUnit;
  EXPECT_THAT(VolumesOf(program, lines),
              ElementsAre(MemberVolume{"head", Decimal::FromInt(1), 1}, MemberVolume{"m1", Decimal::FromInt(1), 1},
                          MemberVolume{"m2", Decimal::FromInt(2), 2}));
}

}  // namespace
}  // namespace tributary::incentive
