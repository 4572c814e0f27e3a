#include "incentive-service/engine/group_share.h"

#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

constexpr auto kSuccessor = GroupRelation::kSuccessor;
constexpr auto kEarnsWith = GroupRelation::kEarnsWith;

GroupLink Link(GroupRelation relation, std::string partner, std::string other, std::string_view from = "01-01",
               std::string_view to = "12-31") {
  return {relation, std::move(partner), std::move(other), {On(from), On(to)}};
}

TEST(GroupShareTest, FollowsWhoEarnsWithWhom) {
  const std::vector<GroupLink> links = {Link(kEarnsWith, "branch", "head", "04-01", "07-01"),
                                        Link(kEarnsWith, "head", "group"),
                                        Link(kSuccessor, "old", "branch", "05-01"),
                                        Link(kEarnsWith, "a", "b"),
                                        Link(kEarnsWith, "b", "a"),
                                        Link(kEarnsWith, "two", "x"),
                                        Link(kEarnsWith, "two", "x", "02-01"),
                                        Link(kEarnsWith, "two", "y", "03-01", "04-01")};
  const struct {
    const char* partner;
    const char* date;
    const char* earner;  // or the reason
  } kCases[] = {
      {"alone", "04-01", "alone"},
      {"branch", "03-31", "branch"},
      {"branch", "04-01", "group"},
      {"branch", "07-01", "branch"},
      // Taken over in May: what it bought before counts for its successor as well.
      {"old", "03-31", "branch"},
      {"old", "06-30", "group"},
      {"group", "05-31", "group"},
      {"a", "06-01", "STATE_CONFLICT"},
      {"two", "02-28", "x"},
      {"two", "03-01", "VALIDITY_OVERLAP"},
      {"two", "04-01", "x"},
  };
  for (const auto& c : kCases) {
    const auto earner = EarnerOf(links, c.partner, On(c.date));
    EXPECT_EQ(earner.ok() ? *earner : std::string(NameOf(ReasonOf(earner.status()))), c.earner) << c.partner << c.date;
  }
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
