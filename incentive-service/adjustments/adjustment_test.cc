#include "incentive-service/adjustments/adjustment.h"

#include "common/status/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::incentive {
namespace {

using ::testing::HasSubstr;

constexpr absl::Time kNow = absl::UnixEpoch();

Adjustment AdjustmentOf(int64_t amount) {
  return {.partner = "p2",
          .id = "a1",
          .currency = "CNY",
          .amount = amount,
          .reason = "Goodwill",
          .document = "documents/letter",
          .requester = "manager"};
}

TEST(AdjustmentTest, SaysWhatItRestsOn) {
  EXPECT_OK(CheckRequest(AdjustmentOf(-1)));
  Adjustment bare = AdjustmentOf(0);
  bare.document.clear();
  const absl::Status bad = CheckRequest(bare);
  EXPECT_THAT(bad, HasReason(Reason::kInvalidField));
  EXPECT_EQ(DetailOf(bad).violations.size(), 2u);
  bare.amount = 1;
  bare.dispute = "statements/3/disputes/d1";
  EXPECT_OK(CheckRequest(bare));
}

TEST(AdjustmentTest, IsApprovedUpToALimitEitherWay) {
  for (const int64_t amount : {100, -100}) {
    const auto approved = Approve(AdjustmentOf(amount), {"treasurer", 100}, "fine", kNow);
    ASSERT_OK(approved);
    EXPECT_EQ(approved->state, AdjustmentState::kApproved);
    EXPECT_EQ(approved->decider, "treasurer");
    EXPECT_EQ(approved->version, 2);
    const auto above = Approve(AdjustmentOf(amount), {"treasurer", 99}, "fine", kNow);
    EXPECT_THAT(above, HasReason(Reason::kAboveAuthority));
    EXPECT_THAT(std::string(above.status().message()), HasSubstr("got 1.00, want at most 0.99 CNY"));
    EXPECT_OK(Approve(AdjustmentOf(amount), {"administrator", std::nullopt}, "", kNow));
  }
}

TEST(AdjustmentTest, IsTakenBackByTheAuthorityThatApprovedIt) {
  Adjustment asked = AdjustmentOf(-280000);
  asked.remedy = "cases/f/remedies/1";
  asked.step = 2;
  Adjustment stated = *Approve(asked, {"treasurer", std::nullopt}, "fine", kNow);
  stated.statement = 7;
  stated.ordinal = 3;
  const Adjustment back = TakeBack(stated, kNow + absl::Hours(1));
  EXPECT_EQ(back.amount, 280000);
  EXPECT_EQ(back.state, AdjustmentState::kApproved);
  EXPECT_EQ(back.compensates, "a1");
  EXPECT_EQ(back.id, "");
  EXPECT_EQ(back.version, 1);
  EXPECT_EQ(back.remedy, stated.remedy);
  EXPECT_EQ(back.step, 2);
  EXPECT_EQ(back.requester, "manager");
  EXPECT_EQ(back.decider, "treasurer");
  EXPECT_EQ(back.statement, 0) << "it waits for the next one";
  EXPECT_EQ(back.create_time, kNow + absl::Hours(1));
}

TEST(AdjustmentTest, SomebodyElseDecidesOnce) {
  EXPECT_THAT(Approve(AdjustmentOf(1), {"manager", 0}, "", kNow), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(Reject(AdjustmentOf(1), "manager", "", kNow), HasReason(Reason::kSecondPersonRequired));
  const auto rejected = Reject(AdjustmentOf(1), "treasurer", "no", kNow);
  ASSERT_OK(rejected);
  EXPECT_EQ(rejected->decision_note, "no");
  EXPECT_THAT(Approve(*rejected, {"manager", 0}, "", kNow), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Reject(*rejected, "treasurer", "", kNow), HasReason(Reason::kStateConflict));
}

}  // namespace
}  // namespace tributary::incentive
