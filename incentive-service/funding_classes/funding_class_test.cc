#include "incentive-service/funding_classes/funding_class.h"

#include <utility>
#include <vector>

#include "common/status/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kMade = absl::FromUnixSeconds(1780000000);

FundingClass Declared(std::vector<ClaimKind> kinds) {
  return {.id = "once", .create_time = kMade, .update_time = kMade, .kinds = std::move(kinds), .creator = "finance"};
}

TEST(FundingClassTest, HasKindsOfClaimsOnUnits) {
  EXPECT_OK(CheckFundingClass(Declared({ClaimKind::kShipAndDebit, ClaimKind::kPriceProtection})));
  EXPECT_THAT(CheckFundingClass(Declared({ClaimKind::kShipAndDebit, ClaimKind::kMdf})),
              Blames("funding_class.kinds[1]"));
  EXPECT_THAT(CheckFundingClass(Declared({ClaimKind::kShipAndDebit, ClaimKind::kShipAndDebit})),
              Blames("funding_class.kinds[1]"));
}

TEST(FundingClassTest, HoldsForClaimsThatAreMadeWhileItIsThere) {
  const FundingClass open = Declared({ClaimKind::kShipAndDebit, ClaimKind::kPriceProtection});
  EXPECT_THAT(ClassesFor({open}, kMade - absl::Microseconds(1)), IsEmpty());
  EXPECT_THAT(ClassesFor({open}, kMade), ElementsAre(ElementsAre("SHIP_AND_DEBIT", "PRICE_PROTECTION")));
  const absl::Time later = kMade + absl::Hours(1);
  ASSERT_OK_AND_ASSIGN(const FundingClass ended, End(open, "head", later));
  EXPECT_EQ(ended.ender, "head");
  EXPECT_EQ(ended.version, 2);
  EXPECT_THAT(ClassesFor({ended}, later - absl::Microseconds(1)),
              ElementsAre(ElementsAre("SHIP_AND_DEBIT", "PRICE_PROTECTION")));
  EXPECT_THAT(ClassesFor({ended}, later), IsEmpty());
  EXPECT_THAT(End(ended, "head", later), HasReason(Reason::kStateConflict));
}

}  // namespace
}  // namespace tributary::incentive
