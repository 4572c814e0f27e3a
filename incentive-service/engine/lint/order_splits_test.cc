#include "incentive-service/engine/lint/order_splits.h"

#include "common/status/status_matchers.h"
#include "incentive-service/engine/lint/testing_findings.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

TEST(OrderSplitsTest, FindsWhatCuttingOrMergingOrdersGains) {
  const struct {
    const char* what;
    Shape shape;
    const char* tiers;
    const char* floor;  // "" for none
    const char* cap;
    const char* findings;
  } kCases[] = {
      {"one rate", Shape::kFlat, "0:0.02", "", "", ""},
      {"a floor for each order", Shape::kFlat, "0:0.02", "5", "",
       "order-split! first_order=0.01 first_value=5 second_order=0.01 second_value=5 one_order=0.02 one_value=5"},
      {"a cap on each order", Shape::kFlat, "0:0.02", "", "100",
       "order-split! first_order=5000 first_value=100 second_order=5000 second_value=100 one_order=10000 "
       "one_value=100"},
      {"the whole amount at a higher rate", Shape::kRetroactive, "0:0.02 1000:0.05", "", "",
       "order-merge first_order=999.99 first_value=19.9998 second_order=999.99 second_value=19.9998 one_order=1999.98 "
       "one_value=99.999"},
      {"falling rates on widths", Shape::kMarginal, "0:0.05 1000:0.02", "", "",
       "order-split! first_order=1000 first_value=50 second_order=1000 second_value=50 one_order=2000 one_value=70"},
      {"a target each order may reach", Shape::kTarget, "1000:+50", "", "",
       "order-split! first_order=1000 first_value=50 second_order=1000 second_value=50 one_order=2000 one_value=50\n"
       "order-merge first_order=500 first_value=0 second_order=500 second_value=0 one_order=1000 one_value=50"},
      {"a cap that no order reaches", Shape::kTarget, "1000:+50", "", "51",
       "order-split! first_order=1000 first_value=50 second_order=1000 second_value=50 one_order=2000 one_value=50\n"
       "order-merge first_order=500 first_value=0 second_order=500 second_value=0 one_order=1000 one_value=50"},
  };
  for (const auto& c : kCases) {
    Terms terms = TermsOf(c.shape, c.tiers);
    if (*c.floor != '\0') terms.floor = D(c.floor);
    if (*c.cap != '\0') terms.cap = D(c.cap);
    EXPECT_EQ(Summary(LintOrderSplits(terms)), c.findings) << c.what;
  }
}

TEST(OrderSplitsTest, SaysWhichOrders) {
  const std::vector<Finding> findings = LintOrderSplits(TermsOf(Shape::kTarget, "1000:+50"));
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].message, "one order split into 1000 and 1000 gains 50");
  EXPECT_EQ(findings[1].message, "one order of 500 and 500 gains 50");
}

TEST(OrderSplitsTest, UnitsWantAPrice) {
  Terms terms = TermsOf(Shape::kRetroactive, "0:0.05 10:0.02");
  terms.scale.measure = Measure::kQuantity;
  EXPECT_EQ(Summary(LintOrderSplits(terms)), "");
  EXPECT_EQ(Summary(LintOrderSplits(terms, D("100"))),
            "order-split! first_order=9 first_value=45 second_order=9 second_value=45 one_order=18 one_value=36");
}

}  // namespace
}  // namespace tributary::incentive
