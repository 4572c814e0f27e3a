#include "inventory-service/counts/count.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"

namespace tributary::inventory {
namespace {

StockCount InState(CountState state) {
  StockCount count{.partner = "acme", .id = "c1", .state = state, .site = "main", .date = Date::FromDays(20000)};
  count.submitter = "clerk";
  return count;
}

// Every state and verb. Submitted counts are decided by somebody else than "clerk", who submitted them.
TEST(CountTest, StatesAndVerbs) {
  const auto move = [](StockCount count, std::string_view verb) -> absl::StatusOr<StockCount> {
    if (verb == "revise") return Revise(std::move(count), {}, kNow);
    if (verb == "submit") return Submit(std::move(count), "clerk", kNow);
    if (verb == "approve") return Approve(std::move(count), "boss", kNow);
    return Reject(std::move(count), "boss", kNow);
  };
  const struct {
    CountState from;
    const char* verb;
    std::optional<CountState> to;  // nullopt: STATE_CONFLICT
  } kCases[] = {
      {CountState::kOpen, "revise", CountState::kOpen},
      {CountState::kOpen, "submit", CountState::kSubmitted},
      {CountState::kOpen, "approve", std::nullopt},
      {CountState::kOpen, "reject", std::nullopt},
      {CountState::kSubmitted, "revise", std::nullopt},
      {CountState::kSubmitted, "submit", std::nullopt},
      {CountState::kSubmitted, "approve", CountState::kApproved},
      {CountState::kSubmitted, "reject", CountState::kRejected},
      {CountState::kApproved, "revise", std::nullopt},
      {CountState::kApproved, "submit", std::nullopt},
      {CountState::kApproved, "approve", std::nullopt},
      {CountState::kApproved, "reject", std::nullopt},
      {CountState::kRejected, "revise", std::nullopt},
      {CountState::kRejected, "submit", std::nullopt},
      {CountState::kRejected, "approve", std::nullopt},
      {CountState::kRejected, "reject", std::nullopt},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(std::string(NameOf(c.from)) + " " + c.verb);
    const auto moved = move(InState(c.from), c.verb);
    if (c.to.has_value()) {
      ASSERT_OK(moved);
      EXPECT_EQ(moved->state, *c.to);
      EXPECT_EQ(moved->version, 2);
    } else {
      EXPECT_THAT(moved, HasReason(Reason::kStateConflict));
    }
  }
}

TEST(CountTest, WhoSubmittedDoesNotDecide) {
  EXPECT_THAT(Approve(InState(CountState::kSubmitted), "clerk", kNow), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(Reject(InState(CountState::kSubmitted), "clerk", kNow), HasReason(Reason::kSecondPersonRequired));
}

TEST(CountTest, WhoSubmittedTakesItBack) {
  const auto taken_back = TakeBack(InState(CountState::kSubmitted), "clerk", kNow);
  ASSERT_OK(taken_back);
  EXPECT_EQ(taken_back->state, CountState::kRejected);
  EXPECT_EQ(taken_back->approver, "clerk");
  for (const CountState state : {CountState::kOpen, CountState::kApproved, CountState::kRejected}) {
    EXPECT_THAT(TakeBack(InState(state), "clerk", kNow), HasReason(Reason::kStateConflict));
  }
}

TEST(CountTest, TheBoundaryIsTheEndOfADay) {
  StockCount count = InState(CountState::kOpen);
  EXPECT_EQ(count.closing(), Date::FromDays(20000));
  count.boundary = CountBoundary::kBeforeOpening;
  EXPECT_EQ(count.closing(), Date::FromDays(19999));
}

TEST(CountTest, WhatIsWrongIsToldAtOnce) {
  StockCount count = InState(CountState::kOpen);
  count.lines = {{.product = "bike", .counted = Decimal::FromInt(1)},
                 {.product = "bike", .counted = Decimal::FromInt(2)},
                 {.product = "bike", .bucket = Bucket::kDemo, .counted = Decimal::FromInt(2)},
                 {.product = "pump", .bucket = Bucket::kDemo, .counted = Decimal::FromInt(-1)},
                 {.product = "pump", .bucket = Bucket::kOnHand, .counted = Decimal::FromInt(1)}};
  const auto fields = [](const absl::Status& status) {
    std::string text;
    for (const FieldViolation& violation : DetailOf(status).violations) text += violation.field + " ";
    return text;
  };
  EXPECT_EQ(fields(CheckCount(count, Date::FromDays(19999))), "date lines[1] lines[2].bucket lines[3].counted ");
  count.lines = {{.product = "bike", .counted = Decimal()}, {.product = "bike", .lot = "L1", .counted = Decimal()}};
  EXPECT_OK(CheckCount(count, Date::FromDays(20000)));
}

}  // namespace
}  // namespace tributary::inventory
