#pragma once

// Budgets and allocations on the wire.

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "incentive-service/budgets/budget.h"
#include "tributary/incentive/v1/budget.pb.h"

namespace tributary::incentive {

// budgets/{budget}.
absl::StatusOr<std::string> BudgetIdOf(std::string_view name, std::string_view field = "name");
// partners/{partner}/fundAllocations/{fund_allocation}: both ids.
absl::StatusOr<std::pair<std::string, std::string>> ParseAllocationName(std::string_view name,
                                                                        std::string_view field = "name");

v1::Budget ToProto(const Budget& budget);
v1::FundAllocation ToProto(const FundAllocation& allocation);
// What is told, without an id. All that cannot be read is named at once, below "budget".
absl::StatusOr<Budget> FromProto(const v1::Budget& budget);

}  // namespace tributary::incentive
