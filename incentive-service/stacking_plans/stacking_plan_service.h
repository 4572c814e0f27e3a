#pragma once

// The RPCs of stacking plans, but for closes (stacked_close_service.h).

#include <optional>
#include <vector>

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/engine/lint/margin.h"
#include "incentive-service/opening_balances/opening_volume_store.h"
#include "incentive-service/stacking_plans/stack_reader.h"
#include "incentive-service/stacking_plans/stacking_plan_store.h"
#include "incentive-service/standard_costs/standard_cost_store.h"
#include "tributary/incentive/v1/stacking_plan.pb.h"

namespace tributary::incentive {

class StackingPlanService {
 public:
  explicit StackingPlanService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetStackingPlanRequest& request,
                   v1::StackingPlan* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListStackingPlansRequest& request,
                    v1::ListStackingPlansResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateStackingPlanRequest& request,
                      v1::StackingPlan* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateStackingPlanRequest& request,
                      v1::StackingPlan* reply);
  absl::Status Lint(const rpc::Call& call, rpc::Unit& unit, const v1::LintStackingPlanRequest& request,
                    v1::LintStackingPlanResponse* reply);
  absl::Status ActivatePlan(const rpc::Call& call, rpc::Unit& unit, const v1::ActivateStackingPlanRequest& request,
                            v1::StackingPlan* reply);
  absl::Status EndPlan(const rpc::Call& call, rpc::Unit& unit, const v1::EndStackingPlanRequest& request,
                       v1::StackingPlan* reply);

 private:
  // By what the request says a unit is sold for and costs; nullopt where it does not ask. INVALID_FIELD.
  absl::StatusOr<std::optional<StandardMargin>> ReadMargin(mysql::Transaction& sql,
                                                           const v1::LintStackingPlanRequest& request,
                                                           const DeclaredPlan& plan,
                                                           const std::vector<Program>& members) const;
  // PERIOD_CLOSED where a period that the plan would evaluate is, STATE_CONFLICT where one begins with an opening
  // volume.
  absl::Status CheckOpen(mysql::Transaction& sql, const DeclaredPlan& plan, const std::vector<Program>& members) const;

  const PageTokens& tokens_;
  StackingPlanStore plans_;
  StackReader stacks_;
  PeriodCloseStore closes_;
  StandardCostStore costs_;
  OpeningVolumeStore volumes_;
};

}  // namespace tributary::incentive
