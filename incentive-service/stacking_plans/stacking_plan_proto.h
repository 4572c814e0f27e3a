#pragma once

// Stacking plans on the wire, and what they made of values.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "incentive-service/stacking_plans/declared_plan.h"
#include "incentive-service/stacking_plans/stacking.h"
#include "tributary/incentive/v1/stacking_plan.pb.h"

namespace tributary::incentive {

// The id of "stackingPlans/{stacking_plan}"; INVALID_FIELD `field`.
absl::StatusOr<std::string> StackingPlanIdOf(std::string_view name, std::string_view field = "name");

v1::StackingPlan ToProto(const DeclaredPlan& plan);
// Name, days and rules alone, read: what cannot be read is named at once, below `field`. What is wrong with the rules
// is for lint.
absl::StatusOr<DeclaredPlan> FromProto(const v1::StackingPlan& message, std::string_view field);

// The rules alone, as they are stored.
void RulesToProto(const StackingPlan& rules, v1::StackingPlan* message);
absl::StatusOr<StackingPlan> RulesFromProto(const v1::StackingPlan& message, std::string_view field);

// `partner`: whose lines they are; `currency`: of the program.
v1::StackedValue ToProto(const Stacking& stacking, std::string_view partner, std::string_view currency);
// Back again, but for the quantity of its bases, which the entry has.
absl::StatusOr<Stacking> FromProto(const v1::StackedValue& message, std::string_view partner);

}  // namespace tributary::incentive
