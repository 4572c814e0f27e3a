// The inventory part of scenario S2 as a function of its facts: in order, reversed, shuffled, each told twice, between
// the decisions or all before them. The wallet is incentive-service's: here the 8,000 that it gives stand in the line's
// discount, and nothing of holds, captures and rebates is tested.

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "inventory-service/orders/testing_orders.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;

using Facts = std::vector<std::function<void()>>;

class ScenarioS2Test : public OrdersTest, public ::testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    Supplied("04-01", 90);
    Supplied("04-20", 60);
  }
  // As the parameter has it.
  void Tell(Facts facts) {
    const std::string how = GetParam();
    if (how.find("doubled") != std::string::npos) {
      const Facts once = facts;
      facts.insert(facts.end(), once.begin(), once.end());
    }
    if (how.find("reversed") != std::string::npos) std::reverse(facts.begin(), facts.end());
    if (how.find("shuffled") != std::string::npos) std::shuffle(facts.begin(), facts.end(), random_);
    for (const auto& fact : facts) fact();
  }
  Facts BeforeTheOrder() {
    return {[this] { Bill("INV0", "02-20", "03-22", 30000, 1); }};
  }
  Facts OfTheFirstPart() {
    return {[this] {
              Ship("SH1", "o1", {{1, 90}}, false, "04-02");
            },
            [this] { Bill("INV1", "04-02", "05-02", 64800, 90, "o1"); }, [this] { Pay("P0", "04-22", 30000, "INV0"); }};
  }
  Facts OfTheRest() {
    return {[this] {
              Ship("SH2", "o1", {{1, 10}, {2, 2}}, false, "04-23");
            },
            [this] { Bill("INV2", "04-23", "05-23", 7200, 10, "o1"); }, [this] { Pay("P1", "05-02", 40000); },
            [this] { Pay("P2", "05-03", 32000); }};
  }
  void Write() { ASSERT_OK(Draft("o1", {Line(1, 100, 72000), Line(2, 2, 0, true)})); }
  // "INV1 40000 30d" of each payment's parts.
  std::vector<std::string> PartsOf(const std::string& payment) {
    v1::GetPaymentRequest request;
    request.set_name("partners/acme/payments/" + payment);
    const auto found = inventory_.Call<v1::Payment>("PaymentService/GetPayment", request);
    EXPECT_OK(found);
    std::vector<std::string> parts;
    for (const auto& part : found->allocations()) {
      parts.push_back(StrCat(part.invoice().substr(part.invoice().rfind('/') + 1), " ", Text(part.amount()), " ",
                             part.days_to_pay(), "d"));
    }
    return parts;
  }
  void ExpectTheEnd() {
    Progress();
    ASSERT_OK_AND_ASSIGN(const Order order, Get("o1"));
    EXPECT_EQ(order.state(), Order::CONFIRMED);
    EXPECT_EQ(order.fulfillment(), Order::SETTLED);
    EXPECT_EQ(Told("o1").back(), "settled");
    EXPECT_EQ(Available("04-23").available().value(), "48");
    EXPECT_EQ(Available("04-23").shipped().value(), "102");
    EXPECT_EQ(Text(Exposure().exposure()), "0");
    EXPECT_EQ(Text(Exposure().unallocated_payments()), "0");
    EXPECT_THAT(PartsOf("P0"), ElementsAre("INV0 30000 61d"));
    EXPECT_THAT(PartsOf("P1"), ElementsAre("INV1 40000 30d"));
    EXPECT_THAT(PartsOf("P2"), ElementsAre("INV1 24800 31d", "INV2 7200 10d"));
    EXPECT_THAT(inventory_.Positions(), ElementsAre("partners/acme/positions/main.bike=102"));
    EXPECT_TRUE(inventory_.Check()->balanced());
  }

  std::mt19937 random_{20260401};
};

TEST_P(ScenarioS2Test, BetweenTheDecisions) {
  Tell(BeforeTheOrder());
  Write();
  ASSERT_OK_AND_ASSIGN(const Order placed, Place("o1"));
  EXPECT_EQ(placed.state(), Order::ON_HOLD);
  EXPECT_EQ(CheckOf(placed, v1::OrderCheck::CREDIT).got().value(), "102000");
  ASSERT_OK_AND_ASSIGN(const Order part, Confirm("o1"));
  EXPECT_EQ(Text(part.open_amount()), "64800");
  EXPECT_EQ(Text(Exposure().exposure()), "94800");
  EXPECT_EQ(part.state(), Order::ON_HOLD);
  EXPECT_EQ(CheckOf(part, v1::OrderCheck::CREDIT).got().value(), "102000");
  EXPECT_THAT(CheckOf(part, v1::OrderCheck::CREDIT).why(), ::testing::HasSubstr("short by 2000"));
  EXPECT_THAT(Release("o1"), HasReason(Reason::kOrderCheckFailed));

  Tell(OfTheFirstPart());
  ASSERT_OK_AND_ASSIGN(const Order released, Release("o1"));
  EXPECT_EQ(CheckOf(released, v1::OrderCheck::CREDIT).got().value(), "72000");
  ASSERT_OK(Confirm("o1", {{1, 10}, {2, 2}}, "04-23"));
  EXPECT_EQ(Text(Exposure().exposure()), "72000");

  Tell(OfTheRest());
  ExpectTheEnd();
}

// Decisions see what is known by then: with everything paid, nothing is held; what follows from the facts is the same.
TEST_P(ScenarioS2Test, AllBeforeTheOrderIsWritten) {
  Facts all = BeforeTheOrder();
  for (const Facts& more : {OfTheFirstPart(), OfTheRest()}) all.insert(all.end(), more.begin(), more.end());
  Tell(all);
  Write();
  ASSERT_OK_AND_ASSIGN(const Order placed, Place("o1"));
  EXPECT_EQ(placed.state(), Order::PLACED);
  ASSERT_OK(Confirm("o1"));
  ASSERT_OK_AND_ASSIGN(const Order whole, Confirm("o1", {{1, 10}, {2, 2}}, "04-23"));
  EXPECT_EQ(whole.fulfillment(), Order::SETTLED);
  // Told with the decision that made it so.
  EXPECT_THAT(Told("o1"), ElementsAre("created", "placed", "confirmed", "confirmed"));
  Bill("INV0", "02-20", "03-22", 30000, 1);  // once more
  EXPECT_THAT(PartsOf("P0"), ElementsAre("INV0 30000 61d"));
  EXPECT_EQ(Text(Exposure().exposure()), "0");
  EXPECT_EQ(Available("04-23").available().value(), "48");
}

INSTANTIATE_TEST_SUITE_P(Facts, ScenarioS2Test,
                         ::testing::Values("in_order", "reversed", "shuffled", "doubled", "doubled_reversed",
                                           "doubled_shuffled"),
                         [](const auto& info) { return std::string(info.param); });

// The back-order is canceled instead, on 04-21: what was shipped stays, and is owed.
TEST_F(OrdersTest, ScenarioS2WithTheBackOrderCanceled) {
  Supplied("04-01", 90);
  Supplied("04-20", 60);
  Bill("INV0", "02-20", "03-22", 30000, 1);
  ASSERT_OK(Draft("o1", {Line(1, 100, 72000), Line(2, 2, 0, true)}));
  ASSERT_OK(Place("o1"));
  ASSERT_OK(Confirm("o1"));
  Ship("SH1", "o1", {{1, 90}}, false, "04-02");
  Bill("INV1", "04-02", "05-02", 64800, 90, "o1");
  ASSERT_OK_AND_ASSIGN(const Order canceled, Cancel("o1"));
  EXPECT_EQ(canceled.lines(0).confirmed().value(), "90");
  EXPECT_EQ(canceled.fulfillment(), Order::RECEIVED);
  EXPECT_EQ(Text(Exposure().exposure()), "94800");
  EXPECT_EQ(Available("04-23").available().value(), "60");
}

}  // namespace
}  // namespace tributary::inventory
