#include "incentive-service/spiffs/spiff.h"

#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

Spiff June() {
  return {.id = "june",
          .product = "products/x",
          .window = {On("06-01"), On("07-01")},
          .reward = D("8.5"),
          .currency = "CNY",
          .claim_deadline = On("06-30"),
          .creator = "manager"};
}

TEST(SpiffTest, HasDaysOfSaleAndADeadlineBehindThem) {
  EXPECT_OK(CheckSpiff(June()));
  Spiff spiff = June();
  spiff.claim_deadline = On("06-29");
  EXPECT_THAT(CheckSpiff(spiff), Blames("spiff.claim_deadline"));
  spiff = June();
  spiff.window.end = spiff.window.start;
  EXPECT_THAT(CheckSpiff(spiff), Blames("spiff.sale_to"));
}

TEST(SpiffTest, IsAnnouncedOnceByASecondPerson) {
  EXPECT_THAT(Announce(June(), "manager", absl::UnixEpoch()), HasReason(Reason::kSecondPersonRequired));
  ASSERT_OK_AND_ASSIGN(const Spiff announced, Announce(June(), "finance", absl::UnixEpoch()));
  EXPECT_EQ(announced.announcer, "finance");
  EXPECT_EQ(announced.version, 2);
  EXPECT_THAT(Announce(announced, "finance", absl::UnixEpoch()), HasReason(Reason::kStateConflict));
}

}  // namespace
}  // namespace tributary::incentive
