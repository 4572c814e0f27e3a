#pragma once

// What all programs of a stacking plan pay one partner for one period: a function of the set of facts. The order of
// lines, programs and edges leaves no trace.
//
// Programs are evaluated upstream first. For each program g with the qualifying amount Q and the earning amount E:
// - N(u->g) = V_u x E(u and g) / E(u), rounded half-even to 1e-9, for each u that g is net of; 0 where E(u) is 0 or
//   less. V_u is what u pays after its group; of a program that lost lines, E(u) and E(u and g) are those of the lines
//   that it won.
// - B = E - sum of N; Q too is lowered by the N of edges that lower both.
// - V = T(Q) x B / Q, own floor, own cap (valuation.h).
// - Exclusive group: the highest V; by line the highest V x b / sum of b, where b is the line's part of B. A unit on
//   which no member has more than 0 (a return without its sale) goes to the lowest, who would have won the sale. What
//   is left of V after lost lines counts as 0 where it is below.
// - Shared caps: what the members come to together, with what penalties among them charge, is at most the limit (0
//   where that is below). Above it, with the charges c (0 or less), V x (limit - c) / (sum - c) for each that pays:
//   without penalties limit / sum. What is charged stays whole, so that more paid beside it never takes less back.
// - Rounding, once. Where a cap binds, or its members' rounded values would pass it, those that pay are rounded
//   together: their sum down, to what rounded charges leave of the limit at most, the parts by largest remainder, ties
//   to the smaller name; a member under several caps by itself, down. So rounded values never pass a cap.
// A value lies on lines by their parts b. What a kPerUnit program pays lies on quantities: its E(u), E(u and g),
// comparisons by line and shares are of quantities.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/money/rational.h"
#include "incentive-service/engine/stack_sums.h"
#include "incentive-service/engine/stacking_plan.h"
#include "incentive-service/engine/valuation.h"

namespace tributary::incentive {

// N(u->g).
struct NetOfDeduction {
  std::string upstream;
  Lowers lowers = Lowers::kBase;
  Rational amount;
};

// What a program lost in an exclusive group.
struct Loss {
  std::string group;
  std::string winner;
  std::string unit;  // of scope kLine: the line's unit; "" where the whole period was lost
  Rational amount;   // what it would have paid there
};

struct StackedValue {
  std::string program;
  Portion sums;                        // Q and E as they came
  std::vector<NetOfDeduction> net_of;  // by upstream
  Bases bases;                         // Q and B after deductions
  Valuation own;                       // V with its tiers, before and after its own floor and cap
  std::vector<Loss> losses;            // by unit
  Rational after_groups;               // V less what was lost
  std::string cap;                     // the shared cap that binds it; "" where none does
  Rational factor;                     // of that cap; 1 where none binds
  Rational exact;                      // what it pays
  int64_t minor = 0;                   // rounded to the currency's smallest unit
  std::vector<int64_t> shares;         // where asked for: each line's, by index (shares.h); lost lines have 0
};

struct CapUse {
  std::string cap;
  Rational limit;
  Rational sum;     // of its members' values before
  Rational factor;  // of what its members pay; 1 where it does not bind
};

struct Stack {
  std::vector<StackedValue> values;  // by program name
  std::vector<CapUse> caps;          // by name
  int64_t minor = 0;                 // all programs together
};

// Evaluates the plan. It must have passed CheckPlan with these programs and each program CheckTermsValue; programs
// without sums have none. `lines`: wanted where a group has scope kLine (all lines of the partner and period), and
// where `with_shares`. INVALID_FIELD for an unknown currency; OVERFLOW where a value does not fit.
absl::StatusOr<Stack> EvaluateStack(const StackingPlan& plan, absl::Span<const StackProgram> programs,
                                    const StackSums& sums, absl::Span<const StackLine> lines = {},
                                    bool with_shares = false);

}  // namespace tributary::incentive
