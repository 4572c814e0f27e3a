#include "incentive-service/accruals/successions.h"

#include "common/status/status_matchers.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Date kLastDay = Date::FromDays(20000);

GroupLink Took(std::string partner, std::string other) {
  return {GroupRelation::kSuccessor, std::move(partner), std::move(other), {kLastDay, OpenEnd()}};
}

TEST(SuccessionsTest, TheLastOfThemEarns) {
  ASSERT_OK_AND_ASSIGN(const Successions successions,
                       Successions::Of(Program(), {Took("a", "b"), Took("b", "c"), Took("d", "c")}, kLastDay));
  EXPECT_EQ(successions.EarnerOf("a"), "c");
  EXPECT_EQ(successions.EarnerOf("b"), "c");
  EXPECT_EQ(successions.EarnerOf("c"), "c");
  EXPECT_THAT(successions.PredecessorsOf("c"), ElementsAre("a", "b", "d"));
  EXPECT_THAT(successions.PredecessorsOf("b"), IsEmpty());
  std::vector<FactLine> lines(3);
  lines[0].partner = "a";
  lines[1].partner = "c";
  lines[2].partner = "x";
  successions.Attribute(&lines);
  EXPECT_EQ(lines[0].earner, "c");
  EXPECT_EQ(lines[0].earned_by(), "c");
  EXPECT_EQ(lines[1].earner, "");
  EXPECT_EQ(lines[2].earned_by(), "x");
}

TEST(SuccessionsTest, WhomTheProgramIsNotForStandsAlone) {
  Program program;
  program.eligibility.partners = {"a", "c"};
  ASSERT_OK_AND_ASSIGN(const Successions successions,
                       Successions::Of(program, {Took("a", "b"), Took("c", "a"), Took("d", "c")}, kLastDay));
  for (const std::string partner : {"a", "b", "c", "d"}) {
    EXPECT_EQ(successions.EarnerOf(partner), partner);
    EXPECT_THAT(successions.PredecessorsOf(partner), IsEmpty());
  }
}

TEST(SuccessionsTest, WhatLeadsNowhereIsRefused) {
  EXPECT_THAT(Successions::Of(Program(), {Took("a", "b"), Took("b", "a")}, kLastDay),
              HasReason(Reason::kStateConflict));
  EXPECT_THAT(Successions::Of(Program(), {Took("a", "b"), Took("a", "c")}, kLastDay),
              HasReason(Reason::kValidityOverlap));
}

}  // namespace
}  // namespace tributary::incentive
