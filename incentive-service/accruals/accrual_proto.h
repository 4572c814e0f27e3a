#pragma once

// Accruals and evaluations on the wire.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_field.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/accruals/pricing.h"
#include "incentive-service/accruals/run_rate.h"
#include "incentive-service/engine/clawback.h"
#include "incentive-service/engine/valuation.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/stacking_plans/partner_stack.h"
#include "tributary/incentive/v1/accrual.pb.h"
#include "tributary/incentive/v1/evaluation.pb.h"

namespace tributary::incentive {

// Minor units as an amount: 286851 CNY -> 2868.51. `currency` is a program's, so it is known.
google::type::Money MoneyToProto(int64_t minor, std::string_view currency);
// Half-even to the nine decimals that the message has.
google::type::Money MoneyToProto(const Rational& amount, std::string_view currency);

v1::Evaluation ToProto(const Valuation& valuation, const Program& program);
// What reached the tiers, where that is a count, a mix, a score or a margin, and what came into the period beside its
// lines, to the evaluation. `partner`: id of who earns.
void ReachToProto(const Program& program, const Pricing& pricing, std::string_view partner, v1::Evaluation* message);
v1::MarginSteps ToProto(const MarginSums& margin);
v1::GoodsSteps ToProto(const GoodsWork& goods);
// Whose lines count together, with their shares of the value.
v1::GroupSteps ToProto(const std::vector<MemberVolume>& members, int64_t value, std::string_view currency);
// What of the partner's lines counts with those of the earner, which `pricing` is of; nullopt where none does. The
// group is told as a factor alone (SEMANTICS R22). OVERFLOW where the value has left its range.
absl::StatusOr<std::optional<v1::GroupPart>> GroupPartOf(std::string_view partner, std::string_view earner,
                                                         const Program& program, const Pricing& pricing);
// What growth of a period of the scale was measured against.
v1::GrowthSteps ToProto(const Baseline& baseline, const Program& program, const Period& scale);
void ToProto(const std::vector<ConvertedAmount>& converted,
             google::protobuf::RepeatedPtrField<v1::ConvertedAmount>* messages);

// `pricing`: of the scale's period up to the accrual's end; `stated`: what statements have said of that, with what was
// paid before the suite went live; `clawed`: where clawbacks of that are capped. OVERFLOW where the value has left its
// range.
absl::StatusOr<v1::Accrual> ToProto(const Accrual& accrual, const Program& program, const Pricing& pricing,
                                    int64_t stated, const std::optional<ClawedPeriod>& clawed = {});
// Of a program under a stacking plan.
v1::Accrual ToProto(const Accrual& accrual, const MemberValue& value, int64_t stated);

v1::NextTier ToProto(const NextStep& next, std::string_view currency);
// `program`: with the terms of the period.
v1::Projection ToProto(const Projection& projection, const Program& program);

}  // namespace tributary::incentive
