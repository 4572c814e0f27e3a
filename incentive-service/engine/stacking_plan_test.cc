#include "incentive-service/engine/stacking_plan.h"

#include <algorithm>

#include "common/status/status_matchers.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

constexpr Lowers kBoth = Lowers::kBoth;

ExclusiveGroup Group(std::string name, std::vector<GroupMember> members) {
  return {std::move(name), GroupScope::kPartnerPeriod, std::move(members)};
}

TEST(StackingPlanTest, NamesTheCycle) {
  const struct {
    StackingPlan plan;
    const char* cycle;
  } kCases[] = {
      {{}, ""},
      {{{{"3", "1"}, {"4", "1"}, {"4", "3"}}}, ""},
      {{{{"a", "a"}}}, "a is net of a"},
      {{{{"a", "b"}, {"b", "a"}}}, "a is net of b, b is net of a"},
      {{{{"a", "b"}, {"b", "c"}, {"c", "d"}, {"d", "b"}}}, "b is net of c, c is net of d, d is net of b"},
      // A short cycle is named before a long one.
      {{{{"a", "b"}, {"b", "c"}, {"c", "a"}, {"x", "y"}, {"y", "x"}}}, "x is net of y, y is net of x"},
      // A member waits for its fellows.
      {{{{"b", "a"}}, {Group("g", {{"b"}, {"c"}})}}, ""},
      {{{{"a", "b"}}, {Group("g", {{"a"}, {"b"}})}}, "a is net of b, b is exclusive with a in group g"},
      {{{{"a", "m"}, {"m", "b"}}, {Group("g", {{"a"}, {"b"}})}},
       "a is net of m, m is net of b, b is exclusive with a in group g"},
      // Two groups that wait for each other, though no path leads from a member to its own fellow by edges alone.
      {{{{"a", "c"}, {"d", "b"}}, {Group("g", {{"a"}, {"b"}}), Group("h", {{"c"}, {"d"}})}},
       "a is net of c, c is exclusive with d in group h, d is net of b, b is exclusive with a in group g"},
      {{{{"a", "c"}, {"b", "d"}}, {Group("g", {{"a"}, {"b"}}), Group("h", {{"c"}, {"d"}})}}, ""},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(CycleText(FindCycle(c.plan)), c.cycle);
    StackingPlan turned = c.plan;
    std::reverse(turned.net_of.begin(), turned.net_of.end());
    std::reverse(turned.groups.begin(), turned.groups.end());
    EXPECT_EQ(CycleText(FindCycle(turned)), c.cycle);
  }
}

TEST(StackingPlanTest, RefusesPlansThatCannotBeEvaluated) {
  std::vector<StackProgram> programs = {
      {"a", TermsOf(Shape::kFlat, "0:0.05")},
      {"b", TermsOf(Shape::kRetroactive, "0:0.03 100:0.04")},
      {"c", TermsOf(Shape::kPerUnit, "0:+25")},
      {"lump", TermsOf(Shape::kTarget, "500:+1000")},
      {"bonus", TermsOf(Shape::kTarget, "500:0.01")},
      {"fine", TermsOf(Shape::kFlat, "0:0.01")},
      {"units", TermsOf(Shape::kRetroactive, "0:0.01 100:0.02")},
  };
  programs[5].terms.max_penalty = D("100");
  programs[6].terms.scale.measure = Measure::kQuantity;
  const auto cap = [](std::vector<std::string> members, const char* amount, const char* rate) {
    SharedCap cap{"x", std::move(members)};
    if (*amount != '\0') cap.amount = D(amount);
    if (*rate != '\0') cap.rate = D(rate);
    return cap;
  };
  const struct {
    const char* what;
    StackingPlan plan;
    std::vector<std::string> blamed;
  } kCases[] = {
      {"nothing declared", {}, {}},
      {"all at once that may be",
       {{{"b", "a"}, {"bonus", "a", kBoth}, {"lump", "a", kBoth}, {"fine", "a"}, {"units", "c"}},
        {Group("g", {{"b"}, {"c"}})},
        {cap({"a", "b"}, "", "0.075"), {"y", {"a"}, D("1")}}},
       {}},
      {"an unknown program", {{{"q", "a"}}}, {"p.net_of[0].program"}},
      {"an unknown upstream", {{{"a", "q"}}}, {"p.net_of[0].upstream"}},
      {"net of itself", {{{"a", "a"}}}, {"p.net_of[0].upstream", "p.net_of"}},
      {"an edge twice", {{{"b", "a"}, {"b", "a", kBoth}}}, {"p.net_of[1]"}},
      {"no base to lower", {{{"c", "a"}, {"lump", "a"}}}, {"p.net_of[0].program", "p.net_of[1].program"}},
      {"units lowered by money", {{{"units", "a", kBoth}}}, {"p.net_of[0].lowers"}},
      {"net of a penalty", {{{"a", "fine"}}}, {"p.net_of[0].upstream"}},
      {"a group without a name", {{}, {Group("", {{"a"}, {"b"}})}}, {"p.groups[0].name"}},
      {"two groups of one name",
       {{}, {Group("g", {{"a"}, {"b"}}), Group("g", {{"c"}, {"bonus"}})}},
       {"p.groups[1].name"}},
      {"a group of one", {{}, {Group("g", {{"a"}})}}, {"p.groups[0].members"}},
      {"a group with a stranger", {{}, {Group("g", {{"a"}, {"q"}})}}, {"p.groups[0].members[1].program"}},
      {"a member twice", {{}, {Group("g", {{"a"}, {"b"}, {"a"}})}}, {"p.groups[0].members[2].program"}},
      {"a member of two groups",
       {{}, {Group("g", {{"a"}, {"b"}}), Group("h", {{"c"}, {"b"}})}},
       {"p.groups[1].members[1].program"}},
      {"a penalty as a member", {{}, {Group("g", {{"a"}, {"fine"}})}}, {"p.groups[0].members[1].program"}},
      {"a cap without a name", {{}, {}, {{"", {"a"}, D("1")}}}, {"p.caps[0].name"}},
      {"two caps of one name", {{}, {}, {{"x", {"a"}, D("1")}, {"x", {"b"}, D("1")}}}, {"p.caps[1].name"}},
      {"a cap on nobody", {{}, {}, {cap({}, "5", "")}}, {"p.caps[0].members"}},
      {"a cap on a stranger", {{}, {}, {cap({"q"}, "5", "")}}, {"p.caps[0].members[0]"}},
      {"a cap on one twice", {{}, {}, {cap({"a", "a"}, "5", "")}}, {"p.caps[0].members[1]"}},
      {"a cap on a penalty", {{}, {}, {cap({"a", "fine"}, "5", "")}}, {}},
      {"a cap on a penalty and what is under another",
       {{}, {}, {cap({"a", "fine"}, "5", ""), {"y", {"a", "b"}, D("1")}}},
       {"p.caps[0].members[0]"}},
      {"a cap of nothing", {{}, {}, {cap({"a"}, "", "")}}, {"p.caps[0]"}},
      {"a cap of both", {{}, {}, {cap({"a"}, "5", "0.1")}}, {"p.caps[0]"}},
      {"a cap of 0", {{}, {}, {cap({"a"}, "0", "")}}, {"p.caps[0].amount"}},
      {"a rate of 0", {{}, {}, {cap({"a"}, "", "0")}}, {"p.caps[0].rate"}},
      {"a rate above all", {{}, {}, {cap({"a"}, "", "1.01")}}, {"p.caps[0].rate"}},
      {"a cycle through a group", {{{"a", "b"}}, {Group("g", {{"a"}, {"b"}})}}, {"p.net_of"}},
      {"in the documented order",
       {{{"q", "a"}}, {Group("g", {{"a"}})}, {cap({}, "", "")}},
       {"p.net_of[0].program", "p.groups[0].members", "p.caps[0].members", "p.caps[0]"}},
  };
  for (const auto& c : kCases) {
    std::vector<std::string> blamed;
    for (const FieldViolation& violation : CheckPlan(c.plan, programs, "p")) blamed.push_back(violation.field);
    EXPECT_EQ(blamed, c.blamed) << c.what;
  }
}

TEST(StackingPlanTest, RefusesProgramsThatDoNotFitTogether) {
  const Terms cny = TermsOf(Shape::kFlat, "0:0.05");
  Terms usd = cny;
  usd.currency = "USD";
  const struct {
    std::vector<StackProgram> programs;
    std::vector<std::string> got;
  } kCases[] = {
      {{}, {}},
      {{{"a", cny}, {"b", cny}}, {}},
      {{{"a", cny}, {"a", cny}}, {"a"}},
      {{{"a", cny}, {"b", usd}}, {"b in USD"}},
  };
  for (const auto& c : kCases) {
    std::vector<std::string> got;
    for (const FieldViolation& violation : CheckPlan({}, c.programs, "p")) got.push_back(violation.got);
    EXPECT_EQ(got, c.got);
  }
}

}  // namespace
}  // namespace tributary::incentive
