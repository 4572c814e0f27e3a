#include "incentive-service/engine/group_share.h"

#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

constexpr auto kSuccessor = GroupRelation::kSuccessor;
constexpr auto kEarnsWith = GroupRelation::kEarnsWith;
constexpr auto kPayee = GroupRelation::kPayee;

GroupLink Link(GroupRelation relation, std::string partner, std::string other, std::string_view from = "01-01",
               std::string_view to = "12-31") {
  return {relation, std::move(partner), std::move(other), {On(from), On(to)}};
}

TEST(GroupShareTest, FollowsWhoEarnsWithWhom) {
  const std::vector<GroupLink> links = {Link(kEarnsWith, "branch", "head", "04-01", "07-01"),
                                        Link(kEarnsWith, "head", "group"),
                                        Link(kSuccessor, "old", "branch", "05-01"),
                                        Link(kPayee, "group", "bank", "06-01"),
                                        Link(kPayee, "bank", "other"),
                                        Link(kEarnsWith, "a", "b"),
                                        Link(kEarnsWith, "b", "a"),
                                        Link(kEarnsWith, "two", "x"),
                                        Link(kEarnsWith, "two", "x", "02-01"),
                                        Link(kEarnsWith, "two", "y", "03-01", "04-01")};
  const struct {
    const char* partner;
    const char* date;
    const char* earner;  // or the reason
    const char* payee;   // of the partner itself
  } kCases[] = {
      {"alone", "04-01", "alone", "alone"},
      {"branch", "03-31", "branch", "branch"},
      {"branch", "04-01", "group", "branch"},
      {"branch", "07-01", "branch", "branch"},
      // Taken over in May: what it bought before counts for its successor as well.
      {"old", "03-31", "branch", "old"},
      {"old", "06-30", "group", "old"},
      {"group", "05-31", "group", "group"},
      {"group", "06-01", "group", "bank"},
      {"a", "06-01", "STATE_CONFLICT", "a"},
      {"two", "02-28", "x", "two"},
      {"two", "03-01", "VALIDITY_OVERLAP", "two"},
      {"two", "04-01", "x", "two"},
  };
  for (const auto& c : kCases) {
    const auto earner = EarnerOf(links, c.partner, On(c.date));
    EXPECT_EQ(earner.ok() ? *earner : std::string(NameOf(ReasonOf(earner.status()))), c.earner) << c.partner << c.date;
    EXPECT_THAT(PayeeOf(links, c.partner, On(c.date)), IsOkAndHolds(std::string(c.payee)));
  }
}

TEST(GroupShareTest, RollsMembersUp) {
  const std::vector<GroupLink> links = {Link(kEarnsWith, "p2", "p1", "04-01"), Link(kSuccessor, "p0", "p1", "05-01")};
  ASSERT_OK_AND_ASSIGN(const std::vector<EarnerVolume> earners, RollUp(links, {{"f1", "p1", On("04-05"), D("100")},
                                                                               {"f2", "p2", On("04-06"), D("50.5")},
                                                                               {"f3", "p2", On("03-31"), D("7")},
                                                                               {"f4", "p0", On("02-01"), D("3")},
                                                                               {"f2", "p2", On("04-06"), D("50.5")}}));
  ASSERT_EQ(earners.size(), 2u);
  EXPECT_EQ(earners[0].earner, "p1");
  EXPECT_EQ(earners[0].volume, D("153.5"));
  EXPECT_THAT(earners[0].members, ::testing::ElementsAre(MemberVolume{"p0", D("3")}, MemberVolume{"p1", D("100")},
                                                         MemberVolume{"p2", D("50.5")}));
  EXPECT_EQ(earners[1].earner, "p2");
  EXPECT_EQ(earners[1].volume, D("7"));
}

TEST(GroupShareTest, SharesARebateByVolume) {
  const struct {
    int64_t total;
    std::vector<MemberVolume> members;
    const char* outcome;
  } kCases[] = {
      {10000, {{"a", D("1")}, {"b", D("1")}, {"c", D("1")}}, "a 3334 b 3333 c 3333"},
      {10000, {{"c", D("1")}, {"b", D("1")}, {"a", D("1")}}, "a 3334 b 3333 c 3333"},
      {-10000, {{"a", D("1")}, {"b", D("1")}, {"c", D("1")}}, "a -3334 b -3333 c -3333"},
      {1001, {{"a", D("0.25")}, {"b", D("0.75")}}, "a 250 b 751"},
      {100, {{"a", D("-5")}, {"b", D("5")}}, "a 0 b 100"},
      {100, {{"a", D("-5")}, {"b", D("0")}}, "a 0 b 0"},
      {100, {}, ""},
  };
  for (const auto& c : kCases) {
    std::string text;
    for (const MemberShare& one : ShareGroupRebate(c.total, c.members)) {
      StrAppend(&text, text.empty() ? "" : " ", one.partner, " ", one.share);
    }
    EXPECT_EQ(text, c.outcome);
  }
}

}  // namespace
}  // namespace tributary::incentive
