#pragma once

// Accruals and evaluations on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/engine/evaluation.h"
#include "incentive-service/programs/program.h"
#include "tributary/incentive/v1/accrual.pb.h"

namespace tributary::incentive {

// Minor units as an amount: 286851 CNY -> 2868.51. `currency` is a program's, so it is known.
google::type::Money MoneyToProto(int64_t minor, std::string_view currency);

v1::Evaluation ToProto(const Evaluation& evaluation, const Program& program);

// With the amount evaluated by the program's terms as they are. OVERFLOW where the value has left its range.
absl::StatusOr<v1::Accrual> ToProto(const Accrual& accrual, const Program& program);

v1::NextTier ToProto(const NextTier& next, std::string_view currency);

}  // namespace tributary::incentive
