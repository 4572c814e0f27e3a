#include "incentive-service/accruals/pricing.h"

#include <string>
#include <utility>
#include <vector>

#include "common/status/status_matchers.h"

namespace tributary::incentive {
namespace {

Decimal Number(std::string_view text) { return *Decimal::Parse(text); }

Terms Measuring(Shape shape, std::vector<Tier> tiers, MarginReach reaches_by, MarginPays pays) {
  Terms terms;
  terms.scale = {shape, Bound::kFrom, std::move(tiers), Measure::kMargin};
  terms.currency = "USD";
  terms.margin = MarginTerms{MarginOf::kVendor, reaches_by, pays, true};
  return terms;
}

Pricing Came(std::string_view net, std::string_view cost) {
  Pricing pricing;
  pricing.amount =
      Rational(Number(net)) + Rational(Number("77"));  // lines without a cost are in it, and count for nothing
  pricing.margin = {Number(net), Rational(Number(cost)), 1};
  return pricing;
}

TEST(MarginPricingTest, PaysOnTheMarginOrOnTheNetAmount) {
  const std::vector<Tier> amounts = {{Decimal(), Number("0.01")}, {Number("100"), Number("0.1")}};
  const std::vector<Tier> shares = {{Decimal(), Decimal()}, {Number("0.3"), Number("0.01")}};
  const std::vector<Tier> once = {{Number("100"), Decimal(), Number("50")}};
  const struct {
    Shape shape;
    const std::vector<Tier>& tiers;
    MarginReach reaches_by;
    MarginPays pays;
    const char* net;
    const char* cost;
    int64_t minor;
  } kCases[] = {
      {Shape::kMarginal, amounts, MarginReach::kAmount, MarginPays::kMargin, "1000", "700", 2100},  // 1 + 20
      {Shape::kRetroactive, amounts, MarginReach::kAmount, MarginPays::kMargin, "1000", "700", 3000},
      {Shape::kRetroactive, amounts, MarginReach::kAmount, MarginPays::kNet, "1000", "700", 10000},
      {Shape::kRetroactive, amounts, MarginReach::kAmount, MarginPays::kNet, "1000", "900.01", 1000},
      {Shape::kRetroactive, shares, MarginReach::kShare, MarginPays::kNet, "1000", "700", 1000},
      {Shape::kRetroactive, shares, MarginReach::kShare, MarginPays::kMargin, "1000", "700", 300},
      {Shape::kRetroactive, shares, MarginReach::kShare, MarginPays::kMargin, "1000", "700.000001", 0},
      {Shape::kTarget, once, MarginReach::kAmount, MarginPays::kMargin, "1000", "900", 5000},
      {Shape::kTarget, once, MarginReach::kAmount, MarginPays::kMargin, "1000", "900.01", 0},
      // Below cost; and where more came back than went out.
      {Shape::kRetroactive, amounts, MarginReach::kAmount, MarginPays::kNet, "1000", "1200", 0},
      {Shape::kRetroactive, amounts, MarginReach::kAmount, MarginPays::kMargin, "-1000", "-1300", 0},
      {Shape::kRetroactive, shares, MarginReach::kShare, MarginPays::kMargin, "0", "-300", 0},
  };
  for (const auto& c : kCases) {
    const Terms terms = Measuring(c.shape, c.tiers, c.reaches_by, c.pays);
    ASSERT_OK_AND_ASSIGN(const Valuation valuation, ValueOf(terms, Came(c.net, c.cost)));
    EXPECT_EQ(valuation.minor, c.minor) << c.net << " - " << c.cost;
    Rational sum;
    for (const ScalePart& part : valuation.parts) sum = sum + part.value;
    EXPECT_EQ(sum, valuation.exact) << "the parts are in what is paid on";
  }
  EXPECT_EQ(ShareText(Came("1000", "700").margin), "3/10");
  EXPECT_EQ(ShareText(Came("0", "700").margin), "");
}

TEST(MarginPricingTest, SaysHowMuchMarginIsMissing) {
  const std::vector<Tier> amounts = {{Decimal(), Number("0.01")}, {Number("500"), Number("0.02")}};
  const std::vector<Tier> shares = {
      {Decimal(), Decimal()}, {Number("0.3"), Number("0.01")}, {Number("0.4"), Number("0.02")}};
  const struct {
    const std::vector<Tier>& tiers;
    MarginReach reaches_by;
    MarginPays pays;
    const char* missing;
    int64_t now;
    int64_t then;
  } kCases[] = {
      {amounts, MarginReach::kAmount, MarginPays::kMargin, "190", 310, 1000},
      // 1,000 x 500 / 310 of net by then.
      {amounts, MarginReach::kAmount, MarginPays::kNet, "190", 1000, 3226},
      {shares, MarginReach::kShare, MarginPays::kNet, "90", 1000, 2000},
      {shares, MarginReach::kShare, MarginPays::kMargin, "90", 310, 800},
  };
  for (const auto& c : kCases) {
    const Terms terms = Measuring(Shape::kRetroactive, c.tiers, c.reaches_by, c.pays);
    ASSERT_OK_AND_ASSIGN(const NextStep next, NextOf(terms, Came("1000", "690")));
    EXPECT_EQ(next.from, c.tiers.back().from);
    EXPECT_EQ(next.missing, Number(c.missing));
    EXPECT_EQ(next.value_now, c.now);
    EXPECT_EQ(next.value_then, c.then);
    ASSERT_OK_AND_ASSIGN(const NextStep none, NextOf(terms, Came("0", "0")));
    EXPECT_FALSE(none.from.has_value());
  }
  Terms upto = Measuring(Shape::kRetroactive, shares, MarginReach::kShare, MarginPays::kNet);
  upto.scale.bound = Bound::kUpto;
  ASSERT_OK_AND_ASSIGN(const NextStep next, NextOf(upto, Came("1000", "690")));
  EXPECT_EQ(next.missing, Number("90.000001"));
  EXPECT_EQ(next.value_then, 2000);
}

}  // namespace
}  // namespace tributary::incentive
