#include "incentive-service/price_changes/price_change.h"

#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

PriceChange Rise() {
  return {.id = "rise",
          .state = PriceChangeState::kAnnounced,
          .product = "products/x",
          .effective_date = On("06-10"),
          .new_price = D("120"),
          .currency = "CNY",
          .reverse = true,
          .claim_deadline = On("07-31")};
}

TEST(PriceChangeTest, ARiseIsChargedForWhatIsDueAndWasNotAskedFor) {
  ASSERT_OK_AND_ASSIGN(const Adjustment first, ChargeOf(Rise(), "p3", -Q("17500"), 0));
  EXPECT_EQ(first.amount, -1750000);
  EXPECT_EQ(first.currency, "CNY");
  EXPECT_EQ(first.partner, "p3");
  EXPECT_EQ(first.price_change, "rise");
  EXPECT_EQ(first.reason, "priceChanges/rise: products/x costs 120 CNY from 2026-06-10");
  // It is rounded in all, and asks for the difference either way.
  ASSERT_OK_AND_ASSIGN(const Adjustment more, ChargeOf(Rise(), "p3", -Q("17500") - Q("1") / Q("3"), -1750000));
  EXPECT_EQ(more.amount, -33);
  ASSERT_OK_AND_ASSIGN(const Adjustment less, ChargeOf(Rise(), "p3", -Q("16000"), -1750033));
  EXPECT_EQ(less.amount, 150033);
  EXPECT_THAT(ChargeOf(Rise(), "p3", -Q("16000"), -1600000), HasReason(Reason::kStateConflict));
  EXPECT_THAT(ChargeOf(Rise(), "p3", Rational(), 0), HasReason(Reason::kStateConflict));
}

TEST(PriceChangeTest, OnlyAnAnnouncedRiseIsCharged) {
  PriceChange draft = Rise();
  draft.state = PriceChangeState::kDraft;
  EXPECT_THAT(ChargeOf(draft, "p3", -Q("1"), 0), HasReason(Reason::kStateConflict));
  PriceChange cut = Rise();
  cut.reverse = false;
  EXPECT_THAT(ChargeOf(cut, "p3", -Q("1"), 0), HasReason(Reason::kStateConflict));
}

}  // namespace
}  // namespace tributary::incentive
