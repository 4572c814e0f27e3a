#include "cli/verify/members.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::cli::verify {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Integer Units(int64_t value) { return Unit() * value; }

// 100.01 by 300, 100 and 100, of which one was partly returned.
TEST(VerifyMembersTest, SharesGoByVolumeAndTiesByName) {
  const std::vector<MemberLine> lines = {{"partners/m2", Units(120)},
                                         {"partners/head", Units(300)},
                                         {"partners/m1", Units(100)},
                                         {"partners/m2", Units(-20)}};
  const std::vector<StatedMember> good = {{"partners/head", 1, Units(300), Integer(60'010'000'000)},
                                          {"partners/m1", 1, Units(100), Integer(20'000'000'000)},
                                          {"partners/m2", 2, Units(100), Integer(20'000'000'000)}};
  EXPECT_THAT(VerifyMembers(good, lines, "partners/head", 10001, 100), IsEmpty());
  std::vector<StatedMember> bad = good;
  bad[0].share -= 10'000'000;
  bad[2].share += 10'000'000;
  EXPECT_THAT(VerifyMembers(bad, lines, "partners/head", 10001, 100),
              ElementsAre("partners/head: share: stated 60, worked out 60.01",
                          "partners/m2: share: stated 20.01, worked out 20"));
  bad = good;
  bad[1].lines = 2;
  bad[1].volume += 1;
  EXPECT_THAT(VerifyMembers(bad, lines, "partners/head", 10001, 100),
              ElementsAre("partners/m1: lines: stated 2, worked out 1",
                          "partners/m1: volume: stated 100.000000001, worked out 100"));
  bad = good;
  bad.pop_back();
  EXPECT_THAT(VerifyMembers(bad, lines, "partners/head", 10001, 100), ElementsAre("members: stated 2, worked out 3"));
}

TEST(VerifyMembersTest, EqualRemaindersGoToTheSmallerName) {
  const std::vector<MemberLine> lines = {{"partners/m2", Units(1)}, {"partners/m1", Units(1)}};
  const std::vector<StatedMember> good = {{"partners/m1", 1, Units(1), Integer(10'000'000)},
                                          {"partners/m2", 1, Units(1), Integer(0)}};
  EXPECT_THAT(VerifyMembers(good, lines, "partners/head", 1, 100), IsEmpty());
}

TEST(VerifyMembersTest, NobodyIsStatedWhereAllLinesAreTheEarners) {
  const std::vector<MemberLine> lines = {{"partners/head", Units(5)}};
  EXPECT_THAT(VerifyMembers({}, lines, "partners/head", 100, 100), IsEmpty());
  EXPECT_THAT(VerifyMembers({{"partners/head", 1, Units(5), Units(1)}}, lines, "partners/head", 100, 100),
              ElementsAre("members: stated 1, worked out 0"));
  EXPECT_THAT(VerifyMembers({}, {}, "partners/head", 0, 100), IsEmpty());
}

// A volume of 0 or less has no share.
TEST(VerifyMembersTest, WhatWasReturnedHasNoShare) {
  const std::vector<MemberLine> lines = {{"partners/m1", Units(-5)}, {"partners/m2", Units(15)}};
  const std::vector<StatedMember> good = {{"partners/m1", 1, Units(-5), Integer(0)},
                                          {"partners/m2", 1, Units(15), Units(1)}};
  EXPECT_THAT(VerifyMembers(good, lines, "partners/head", 100, 100), IsEmpty());
}

}  // namespace
}  // namespace tributary::cli::verify
