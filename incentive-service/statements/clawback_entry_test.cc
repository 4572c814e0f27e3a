#include "incentive-service/statements/clawback_entry.h"

#include <algorithm>

#include "common/status/status_matchers.h"

namespace tributary::incentive {
namespace {

// 50.00 at most, of a period of which 98.00 were stated.
Program Capped() {
  Program program;
  program.id = "g";
  program.terms.currency = "CNY";
  program.clawback_cap = ClawbackCap{.amount = Decimal::FromInt(50)};
  return program;
}

class CapClawbackTest : public ::testing::Test {
 protected:
  // What a true-up says where the period is worth so much.
  StatementEntry TrueUp(int64_t worth) {
    StatementEntry entry{.kind = StatementEntryKind::kTrueUp, .value = worth, .stated_before = stated_};
    EXPECT_OK(CapClawback(Capped(), said_, &entry));
    EXPECT_EQ(entry.worth(), worth);
    stated_ += entry.amount();
    said_.most = std::max(said_.most, entry.value);
    said_.waived += entry.waives();
    EXPECT_EQ(stated_, entry.value);
    EXPECT_EQ(said_.waived, entry.clawback->waived);
    return entry;
  }

  int64_t stated_ = 9800;
  ClawedPeriod said_{.most = 9800};
};

// SEMANTICS R6: 4,900 at 2 %, late 200, which reach 4 %, a return of 150, which loses it: 98.00, 204.00 and 99.00.
TEST_F(CapClawbackTest, NoMoreIsTakenBackThanTheCapOfTheMostThatWasStated) {
  StatementEntry entry = TrueUp(20400);
  EXPECT_EQ(entry.amount(), 10600);
  EXPECT_EQ(*entry.clawback, (ClawbackSteps{9800, 4800, 0, 0}));
  entry = TrueUp(9900);
  EXPECT_EQ(entry.amount(), -5000);
  EXPECT_EQ(*entry.clawback, (ClawbackSteps{20400, 15400, 5500, 0}));
  EXPECT_EQ(entry.waives(), 5500);
  // All of it comes back: nothing moves but what is waived, which is said too.
  entry = TrueUp(0);
  EXPECT_EQ(entry.amount(), 0);
  EXPECT_EQ(*entry.clawback, (ClawbackSteps{20400, 15400, 15400, 5500}));
  EXPECT_FALSE(entry.says_nothing());
  entry = TrueUp(0);
  EXPECT_TRUE(entry.says_nothing());
  // What is sold anew is paid for once it is worth more than what stayed.
  entry = TrueUp(15000);
  EXPECT_EQ(entry.amount(), 0);
  EXPECT_EQ(entry.waives(), -15000);
  entry = TrueUp(30000);
  EXPECT_EQ(entry.amount(), 14600);
  EXPECT_EQ(*entry.clawback, (ClawbackSteps{20400, 15400, 0, 400}));
}

TEST_F(CapClawbackTest, WithinTheCapNothingIsWaived) {
  const StatementEntry entry = TrueUp(4800);
  EXPECT_EQ(entry.amount(), -5000);
  EXPECT_EQ(entry.waives(), 0);
  EXPECT_EQ(TrueUp(4799).waives(), 1);
}

}  // namespace
}  // namespace tributary::incentive
