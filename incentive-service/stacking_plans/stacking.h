#pragma once

// What a stacking plan made of what a program is worth for one partner and period, as accruals and statements tell it.

#include <cstdint>
#include <string>
#include <vector>

#include "common/money/rational.h"
#include "incentive-service/engine/stack.h"
#include "incentive-service/engine/stacking_plan.h"
#include "incentive-service/engine/valuation.h"

namespace tributary::incentive {

// A shared cap that a program is under. `cap` without members.
struct StackedCap {
  SharedCap cap;
  CapUse use;
};

// A line that goes with the sale that it returns: facts without "partners/{partner}/".
struct LinkedReturn {
  std::string fact;
  std::string sale;
};

struct Stacking {
  std::string plan;  // its id
  std::vector<NetOfDeduction> net_of;
  Bases bases;        // Q and B after deductions
  Rational own;       // V under the program's own floor and cap
  std::string group;  // "": none
  GroupScope scope = GroupScope::kPartnerPeriod;
  int64_t priority = 0;
  std::vector<Loss> losses;
  Rational after_group;
  std::vector<StackedCap> caps;  // by name
  std::string binding_cap;       // "": none
  Rational factor;
  Rational exact;                            // what it pays, before rounding
  std::vector<LinkedReturn> linked_returns;  // in a group by line: of its lines, in their order
};

// How the program's own value came about; its exact value and `minor` are what the plan left of it.
Valuation ValuationOf(const Terms& terms, const Stacking& stacking, int64_t minor);

// The plan for those programs alone: what the others would do is nothing, since no line brings them anything.
StackingPlan Among(const StackingPlan& rules, const std::vector<StackProgram>& programs);

// What the plan (as Among left it) made of one of its programs.
Stacking StackingOf(std::string plan, const StackingPlan& rules, const StackedValue& value,
                    const std::vector<CapUse>& caps);

}  // namespace tributary::incentive
