#include "incentive-service/stock_rotations/stock_rotation.h"

#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

StockRotation June() {
  return {.partner = "p3",
          .id = "june",
          .window = {On("06-01"), On("07-01")},
          .purchases = {On("03-01"), On("06-01")},
          .limit_rate = D("0.05"),
          .fee_rate = D("0.1"),
          .currency = "CNY",
          .claim_deadline = On("06-30"),
          .creator = "manager"};
}

TEST(StockRotationTest, EachRefusalNamesItsField) {
  EXPECT_OK(CheckStockRotation(June()));
  StockRotation rotation = June();
  rotation.window.end = rotation.window.start;
  EXPECT_THAT(CheckStockRotation(rotation), Blames("stock_rotation.move_to"));
  rotation = June();
  rotation.purchases.end = rotation.purchases.start;
  EXPECT_THAT(CheckStockRotation(rotation), Blames("stock_rotation.purchases_to"));
  rotation = June();
  rotation.fee_rate = D("1");
  EXPECT_THAT(CheckStockRotation(rotation), Blames("stock_rotation.restocking_fee_rate"));
  rotation = June();
  rotation.claim_deadline = On("06-29");
  EXPECT_THAT(CheckStockRotation(rotation), Blames("stock_rotation.claim_deadline"));
}

TEST(StockRotationTest, CreditsItsWayAndKeepsAFee) {
  StockRotation rotation = June();
  EXPECT_TRUE(rotation.Credits(false));
  EXPECT_FALSE(rotation.Credits(true));
  rotation.way = RotationWay::kScrap;
  EXPECT_FALSE(rotation.Credits(false));
  EXPECT_TRUE(rotation.Credits(true));
  rotation.way = RotationWay::kReturnOrScrap;
  EXPECT_TRUE(rotation.Credits(false));
  EXPECT_TRUE(rotation.Credits(true));
  EXPECT_EQ(rotation.CreditOf(Q("100") / Q("3")), Q("30"));
  rotation.fee_rate = Decimal();
  EXPECT_EQ(rotation.CreditOf(Q("115")), Q("115"));
}

TEST(StockRotationTest, IsApprovedOnceByASecondPerson) {
  EXPECT_THAT(Approve(June(), "manager", absl::UnixEpoch()), HasReason(Reason::kSecondPersonRequired));
  ASSERT_OK_AND_ASSIGN(const StockRotation approved, Approve(June(), "finance", absl::UnixEpoch()));
  EXPECT_EQ(approved.approver, "finance");
  EXPECT_EQ(approved.version, 2);
  EXPECT_THAT(Approve(approved, "finance", absl::UnixEpoch()), HasReason(Reason::kStateConflict));
}

}  // namespace
}  // namespace tributary::incentive
