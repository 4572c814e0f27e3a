#pragma once

// A plan evaluated for one partner and period: from facts to what each member pays, on which lines.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/accruals/counting.h"
#include "incentive-service/accruals/pricing.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/stacking_plans/declared_plan.h"
#include "incentive-service/stacking_plans/stacking.h"

namespace tributary::incentive {

// The members of a plan as a period is evaluated by them: programs that run in it, by id, its closes where they are
// closed, and the rates of its days into the currency of those that convert.
struct StackMembers {
  std::vector<Program> programs;
  ClosedPeriods closes;
  std::map<std::string, Rates> rates = {};  // by program
};

struct MemberLine {
  size_t line = 0;    // its index among the partner's lines
  int64_t share = 0;  // minor units
};

// What a member is worth.
struct MemberValue {
  const Program* program = nullptr;  // of the members
  AccrualSums sums;                  // of its lines
  Pricing pricing;                   // of these
  int64_t minor = 0;                 // rounded
  Stacking stacking;
  std::vector<MemberLine> lines;  // those that count, in order
};

// By partner, each still in no order; also those without a line whom a member charges by name.
std::map<std::string, std::vector<FactLine>> ByPartner(const StackMembers& members, std::vector<FactLine> lines);

// By (basis date, document, line): the order that settles ties.
void SortLines(Basis basis, std::vector<FactLine>* lines);

// What each member that takes part is worth, by id: each with a line that counts in it (its own filters, eligibility
// and late counting; also one without a rate, which brings units alone), those that charge the partner by name, and
// those of `also`. `lines`: the partner's of the period, sorted. Without shares each line's is 0. OVERFLOW where a
// value has left its range.
absl::StatusOr<std::vector<MemberValue>> StackPartner(const DeclaredPlan& plan, const StackMembers& members,
                                                      const Period& period, std::string_view partner,
                                                      absl::Span<const FactLine> lines,
                                                      const std::map<std::string, int64_t>& also = {},
                                                      bool with_shares = true);

}  // namespace tributary::incentive
