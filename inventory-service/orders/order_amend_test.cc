#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "common/status/status_matchers.h"
#include "inventory-service/orders/testing_order.h"

namespace tributary::inventory {
namespace {

// Confirmed: 90 of 100, 60 for 04-01 and 30 for 04-20; 40 are shipped.
class AmendTest : public ::testing::Test {
 protected:
  AmendTest() {
    order_.state = OrderState::kPartConfirmed;
    order_.lines[0].confirmed = D("90");
    inputs_.exposure.terms = {{ExposureKind::kOpenOrder, order_.name(), D("64800")}};
    inputs_.supply["x"].promised = {{Day("04-01"), D("60")}, {Day("04-20"), D("30")}};
  }
  absl::StatusOr<Confirmation> Amended(void (*change)(std::vector<OrderLine>&),
                                       const OrderProgress& progress = {.shipped = {{1, D("40")}}}) {
    std::vector<OrderLine> changed = OfS2().lines;
    change(changed);
    return Amend(order_, {changed}, progress,
                 {{"x", "p2", "o1", 1, Day("04-20"), D("30")}, {"x", "p2", "o1", 1, Day("04-01"), D("60")}}, inputs_,
                 kNow);
  }
  static void At(OrderLine& line, const char* quantity, const char* net) {
    line.quantity = D(quantity);
    line.net_amount = line.gross_amount = D(net);
  }

  Order order_ = OfS2();
  OrderInputs inputs_ = InputsOfS2();
};

TEST_F(AmendTest, WhatIsUnderWayHoldsALineToItsProductAndPrice) {
  EXPECT_THAT(Amended([](auto& l) { l.erase(l.begin()); }), Blames("lines"));
  EXPECT_THAT(Amended([](auto& l) { l[0].product = "y"; }), Blames("lines[0].product"));
  EXPECT_THAT(Amended([](auto& l) { At(l[0], "39", "28080"); }), Blames("lines[0].quantity"));
  EXPECT_THAT(Amended([](auto& l) { At(l[0], "100", "71000"); }), Blames("lines[0].gross_amount"));
  // Billed before it is shipped is under way too.
  EXPECT_THAT(Amended([](auto& l) { At(l[0], "89", "64080"); }, {.invoiced = {{1, D("90")}}}),
              Blames("lines[0].quantity"));
  EXPECT_OK(Amended([](auto& l) { l.erase(l.begin()); }, {}));
}

TEST_F(AmendTest, WhatALineNoLongerOrdersIsGivenBackTheLatestPromiseFirst) {
  // Down to 50 without the free line: all of it is confirmed, the 30 for 04-20 and 10 more go back.
  const auto amended = Amended([](auto& l) { l.pop_back(), At(l[0], "50", "36000"); });
  ASSERT_OK(amended);
  EXPECT_EQ(amended->order.state, OrderState::kConfirmed);
  EXPECT_EQ(amended->order.lines[0].confirmed, D("50"));
  EXPECT_EQ(amended->order.version, order_.version + 1);
  ASSERT_EQ(amended->promises.size(), 2u);
  EXPECT_EQ(amended->promises[0].quantity, D("50"));
  EXPECT_EQ(amended->promises[1].quantity, D("0"));
}

TEST_F(AmendTest, MoreIsCheckedAgainstWhatIsOwedAndPromisedWithoutWhatIsGivenBack) {
  // 100 and 60 more of another line: 90 stay, 70 are to be had of the 60 that stock has left.
  const auto more = Amended([](auto& l) { l[1] = l[0], l[1].line = 2, At(l[1], "60", "43200"); });
  ASSERT_OK(more);
  EXPECT_EQ(more->order.lines[0].confirmed, D("90"));
  EXPECT_EQ(more->order.state, OrderState::kOnHold);
  EXPECT_EQ(CheckOf(more->order, CheckKind::kCredit).got, D("115200"));
  EXPECT_EQ(CheckOf(more->order, CheckKind::kStock).got, D("70"));
  EXPECT_EQ(CheckOf(more->order, CheckKind::kStock).bound, D("30"));  // for 04-01
  // Nothing is under way: another price gives all of it back, so all 100 are checked anew.
  const auto dearer = Amended([](auto& l) { l.pop_back(), At(l[0], "100", "73000"); }, {});
  ASSERT_OK(dearer);
  EXPECT_EQ(dearer->order.lines[0].confirmed, D("0"));
  EXPECT_EQ(dearer->order.state, OrderState::kPlaced);
  EXPECT_EQ(CheckOf(dearer->order, CheckKind::kCredit).got, D("73000"));
  EXPECT_EQ(CheckOf(dearer->order, CheckKind::kStock).bound, D("90"));
}

TEST_F(AmendTest, TheDayMayChangeToo) {
  const auto lines = OfS2().lines;
  const auto later = Amend(order_, {lines, Day("04-20")}, {}, {}, inputs_, kNow);
  ASSERT_OK(later);
  EXPECT_EQ(later->order.requested_date, Day("04-20"));
  EXPECT_THAT(Amend(order_, {lines, Day("03-31")}, {}, {}, inputs_, kNow), Blames("requested_date"));
}

}  // namespace
}  // namespace tributary::inventory
