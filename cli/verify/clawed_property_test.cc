// The engine and the verifier, which share no code, on the same random caps of clawbacks.

#include <algorithm>

#include "cli/verify/clawed.h"
#include "incentive-service/engine/clawback.h"
#include "incentive-service/engine/testing_numbers.h"

namespace tributary::cli::verify {
namespace {

namespace engine = incentive;

std::optional<Integer> InBillionths(const std::optional<Decimal>& value) {
  return value.has_value() ? ParseBillionths(value->ToString()) : std::nullopt;
}

TEST(ClawedPropertyTest, WhatStaysIsTheSame) {
  for (uint64_t seed = 1; seed <= 5000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    engine::Draw draw(seed);
    engine::ClawbackCap cap;
    const int64_t kind = draw.Pick(1, 3);
    if (kind % 2 == 1) cap.amount = Decimal::FromMicros(draw.Pick(0, 200) * 2500);
    if (kind > 1) cap.share = Decimal::FromMicros(draw.Pick(0, 1000000));
    const auto rule = static_cast<RoundingRule>(draw.Pick(1, 3));
    const Rounding rounding = rule == RoundingRule::kHalfEven ? Rounding::kHalfEven
                              : rule == RoundingRule::kHalfUp ? Rounding::kHalfUp
                                                              : Rounding::kDown;
    const int64_t most = draw.Pick(0, 100), worth = draw.Pick(0, 120);
    const auto stays = engine::StaysStated(cap, most, "USD", rounding);
    ASSERT_OK(stays);
    const ClawbackWork work =
        WorkOutClawback({InBillionths(cap.amount), InBillionths(cap.share)}, most, worth, rule, 100);
    ASSERT_EQ(work.stays, *stays);
    ASSERT_EQ(work.waived, std::max<int64_t>(*stays - worth, 0));
    // What stays is neither more than what was stated, nor less than the limit leaves.
    ASSERT_LE(*stays, most);
    ASSERT_GE(*stays, 0);
  }
}

}  // namespace
}  // namespace tributary::cli::verify
