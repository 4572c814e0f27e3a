#pragma once

// What a plan is evaluated on, read in the caller's transaction.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/exchange_rates/exchange_rate_store.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/stacking_plans/partner_stack.h"
#include "incentive-service/stacking_plans/stacking_plan_store.h"
#include "incentive-service/standings/standing_store.h"

namespace tributary::incentive {

class StackReader {
 public:
  // The plan by which the program's period is evaluated; nullopt: it stands by itself.
  absl::StatusOr<std::optional<DeclaredPlan>> PlanOf(mysql::Transaction& sql, std::string_view program,
                                                     const Period& period) const {
    return plans_.PlanOf(sql, program, period.range.start);
  }
  // STATE_CONFLICT naming the plan, where there is one: what a program would state by itself is not what it is worth.
  absl::Status CheckStandsAlone(mysql::Transaction& sql, const Program& program, const Period& period) const;

  // All programs that the rules name and that there are, by id.
  absl::StatusOr<std::vector<Program>> Programs(mysql::Transaction& sql, const StackingPlan& rules) const;
  // Those that run in the period, with its closes and the rates of its days.
  absl::StatusOr<StackMembers> Members(mysql::Transaction& sql, const DeclaredPlan& plan, const Period& period) const;
  // Writes down what partners were, where a member asks; `lines`: of the period, and of the partner where one is given.
  absl::Status Attribute(mysql::Transaction& sql, const StackMembers& members, const Period& period,
                         const std::optional<std::string>& partner, std::vector<FactLine>* lines) const;

 private:
  StackingPlanStore plans_;
  ProgramStore programs_;
  PeriodCloseStore closes_;
  StandingStore standings_;
  ExchangeRateStore rates_;
};

// What the members of one plan are worth to a partner in a period, with what that rests on.
class LiveStack {
 public:
  // nullopt: the program's period stands by itself.
  static absl::StatusOr<std::optional<LiveStack>> Read(mysql::Transaction& sql, const std::string& partner,
                                                       std::string_view program, const Period& period);
  // nullptr where no line of the partner counts in the program.
  const MemberValue* Of(std::string_view program) const;
  // Each line's share of what the program pays, by fact; none of those that do not count.
  std::map<std::string, int64_t> SharesOf(std::string_view program) const;

 private:
  std::unique_ptr<StackMembers> members_;  // values point to its programs
  std::vector<FactLine> lines_;
  std::vector<MemberValue> values_;
};

}  // namespace tributary::incentive
