#pragma once

// Stacking plans: how programs that pay the same lines act on one another. A plan is declared, acyclic, and says all:
// what it does not say stands side by side. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/status/status.h"
#include "incentive-service/engine/evaluation.h"

namespace tributary::incentive {

// What a net-of edge lowers.
enum class Lowers {
  kBase = 1,  // what rates are paid on (B)
  kBoth = 2,  // also what reaches the tiers (Q)
};

// `program` pays on what is left after `upstream`.
struct NetOfEdge {
  std::string program;
  std::string upstream;
  Lowers lowers = Lowers::kBase;
  friend auto operator<=>(const NetOfEdge&, const NetOfEdge&) = default;
};

// Within what a group's members are compared.
enum class GroupScope {
  kLine = 1,           // on each line the member that pays most on it; a linked return goes with its sale
  kPartnerPeriod = 2,  // the member whose value is highest
};

struct GroupMember {
  std::string program;
  int64_t priority = 0;  // at equal values the higher wins, then the smaller program name
  friend auto operator<=>(const GroupMember&, const GroupMember&) = default;
};

// Members of which one alone pays. Those that lose pay nothing, and still count for their own tiers.
struct ExclusiveGroup {
  std::string name;
  GroupScope scope = GroupScope::kPartnerPeriod;
  std::vector<GroupMember> members;
  friend bool operator==(const ExclusiveGroup&, const ExclusiveGroup&) = default;
};

// What members pay together at most, for one partner and period: an amount, or a rate of the lines that any of them
// pays on. Above it each pays in proportion; a program under several caps takes the lowest of their factors.
struct SharedCap {
  std::string name;
  std::vector<std::string> members;
  std::optional<Decimal> amount;  // in the plan's currency
  std::optional<Decimal> rate;    // 0.075 is 7.5 %; exactly one of the two
  friend bool operator==(const SharedCap&, const SharedCap&) = default;
};

struct StackingPlan {
  std::vector<NetOfEdge> net_of;
  std::vector<ExclusiveGroup> groups;
  std::vector<SharedCap> caps;
  friend bool operator==(const StackingPlan&, const StackingPlan&) = default;
};

// A program of a plan.
struct StackProgram {
  std::string name;
  Terms terms;
};

// One step of a cycle: from here the next program of the cycle is needed first.
struct CycleStep {
  std::string program;
  std::string group;  // the next program is its fellow member of this group; "": the program is net of it
  friend bool operator==(const CycleStep&, const CycleStep&) = default;
};

// A shortest cycle, or nothing. A member of a group waits for all its
// fellows, so a net-of path between two of them, or between two groups both ways, is a cycle too.
std::vector<CycleStep> FindCycle(const StackingPlan& plan);
// "a is net of b, b is exclusive with c in group g, c is net of a".
std::string CycleText(absl::Span<const CycleStep> cycle);

// What is wrong with the plan, each with its path below `field` ("plan.net_of[2].upstream"); empty where it may be
// evaluated. In this order:
// - edges: a program that is not among `programs`; its own upstream; the same edge twice; into a program without a rate
//   (there is no base to lower) unless it lowers Q too; lowering Q that is measured in units; a penalty as upstream
// - groups: without a name or with another's; fewer than two members; an unknown program; a program in two groups (or
//   twice in one); a penalty
// - caps: without a name or with another's; no members; an unknown program, or one twice; one under another cap too,
//   where a member is a penalty; neither or both of amount and rate; an amount of 0 or less; a rate outside (0, 1]
// - programs: two of one name; another currency than the first's
// - a cycle, named
std::vector<FieldViolation> CheckPlan(const StackingPlan& plan, absl::Span<const StackProgram> programs,
                                      std::string_view field);

}  // namespace tributary::incentive
