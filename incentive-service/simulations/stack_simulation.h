#pragma once

// A stacking plan of any state tried on what has been recorded: what closing each of its periods now would state, by
// the evaluation that closes use (stacking_plans/partner_stack.h).

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "incentive-service/exchange_rates/exchange_rate.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/simulations/simulation.h"
#include "incentive-service/stacking_plans/declared_plan.h"

namespace tributary::incentive {

// A plan and its members by id, as they are tried: drafts and ended ones count as active ones do, on their own days.
struct StackTried {
  DeclaredPlan plan;
  std::vector<Program> members;

  const std::string& currency() const { return members[0].terms.currency; }
};

// `members`: those of the plan that there are; `in_place`: terms to try in the place of the member with its id.
// INVALID_FIELD simulation.in_place_of where the plan names none; LINT_FAILED where the plan cannot be evaluated with
// them (LintPlan).
absl::StatusOr<StackTried> TryStack(DeclaredPlan plan, std::vector<Program> members,
                                    const std::optional<Program>& in_place = std::nullopt);
// The same members, each by itself.
StackTried SideBySide(StackTried stack);

class StackSimulation {
 public:
  // `stack` outlives it.
  explicit StackSimulation(const StackTried& stack) : stack_(stack) {}

  // One period, once, with its lines of all partners: those that are live, in any order; `rates`: of its days, by
  // member that converts. OVERFLOW where a value or a sum has left its range.
  absl::Status Add(const Period& period, std::vector<FactLine> lines, std::map<std::string, Rates> rates = {});
  SimulationResult Take() &&;

 private:
  using Members = std::map<std::string, MemberOfPartner>;  // by program

  const StackTried& stack_;
  SimulationResult result_;                        // without partners and members
  std::map<std::string, PartnerResult> partners_;  // without members
  std::map<std::string, Members> members_;         // by partner
};

}  // namespace tributary::incentive
