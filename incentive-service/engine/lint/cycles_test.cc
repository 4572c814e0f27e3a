#include "incentive-service/engine/lint/cycles.h"

#include "common/status/status_matchers.h"
#include "incentive-service/engine/lint/testing_findings.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

TEST(CyclesTest, NamesTheWayRound) {
  const auto group = [](std::string name, std::vector<GroupMember> members) {
    return ExclusiveGroup{std::move(name), GroupScope::kLine, std::move(members)};
  };
  const struct {
    std::vector<NetOfEdge> net_of;
    std::vector<ExclusiveGroup> groups;
    const char* findings;
  } kCases[] = {
      {{}, {}, ""},
      {{{"b", "a"}, {"c", "b"}, {"c", "a"}}, {group("g", {{"c"}, {"d"}})}, ""},
      {{{"a", "b"}, {"b", "c"}, {"c", "a"}}, {}, "stack-cycle! a=net of b=net of c=net of"},
      {{{"a", "b"}}, {group("g", {{"a"}, {"b"}})}, "group-member-net-of-fellow! a=net of b=group g"},
      {{{"a", "m"}, {"m", "b"}, {"c", "d"}},
       {group("g", {{"a"}, {"b"}}), group("h", {{"c"}, {"d"}})},
       "group-member-net-of-fellow! a=net of m=net of b=group g\ngroup-member-net-of-fellow! c=net of d=group h"},
      {{{"a", "c"}, {"d", "b"}},
       {group("g", {{"a"}, {"b"}}), group("h", {{"c"}, {"d"}})},
       "stack-cycle! a=net of c=group h d=net of b=group g"},
      // A cycle of edges comes first: with it a path says nothing.
      {{{"a", "b"}, {"b", "a"}}, {group("g", {{"a"}, {"b"}})}, "stack-cycle! a=net of b=net of"},
  };
  for (const auto& c : kCases) {
    StackingPlan plan;
    plan.net_of = c.net_of;
    plan.groups = c.groups;
    EXPECT_EQ(Summary(LintCycles(plan)), c.findings);
  }
}

TEST(CyclesTest, SaysItInWords) {
  StackingPlan plan;
  plan.net_of = {{"a", "b"}, {"b", "a"}};
  EXPECT_EQ(LintCycles(plan)[0].message, "a is net of b, b is net of a");
}

}  // namespace
}  // namespace tributary::incentive
