#include "incentive-service/programs/program_lint.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/status/status_matchers.h"
#include "incentive-service/engine/lint/testing_findings.h"

namespace tributary::incentive {
namespace {

Decimal Lot(std::string_view text) { return *Decimal::Parse(text); }

Terms ScaleTerms(Shape shape, std::vector<Tier> tiers) {
  Terms terms;
  terms.scale = {shape, Bound::kFrom, std::move(tiers)};
  terms.currency = "CNY";
  return terms;
}
Tier RateFrom(std::string_view from, std::string_view rate) { return {Lot(from), Lot(rate), Decimal()}; }
Tier AmountFrom(std::string_view from, std::string_view amount) { return {Lot(from), Decimal(), Lot(amount)}; }

// What lint says of orders, and of nothing else.
std::string OrdersSummary(const Program& program, std::optional<Decimal> unit_price = std::nullopt) {
  LintSettings settings;
  settings.cliff_percent = Lot("1000000");
  settings.reachable.unit_price = unit_price;
  std::vector<Finding> findings = LintProgram(program, settings);
  std::erase_if(findings, [](const Finding& finding) { return finding.rule.rfind("order-", 0) != 0; });
  return Summary(findings);
}

Program Counting(CountOf of, Shape shape, std::vector<Tier> tiers) {
  Program program;
  program.terms = ScaleTerms(shape, std::move(tiers));
  program.terms.scale.measure = Measure::kCount;
  program.count_of = of;
  return program;
}

TEST(ProgramLintTest, CountedOrdersMayBeCutInTwo) {
  EXPECT_EQ(OrdersSummary(Counting(CountOf::kOrder, Shape::kPerUnit, {AmountFrom("0", "5")})),
            "order-split other_orders=0 one_order=2 one_value=5 first_order=1 second_order=1 two_value=10");
  // 9 orders at 5 each, 10 at 8.
  EXPECT_EQ(OrdersSummary(Counting(CountOf::kOrder, Shape::kPerUnit, {AmountFrom("0", "5"), AmountFrom("10", "8")})),
            "order-split other_orders=8 one_order=2 one_value=45 first_order=1 second_order=1 two_value=80");
  EXPECT_EQ(OrdersSummary(Counting(CountOf::kOrder, Shape::kTarget, {AmountFrom("20", "1000")})),
            "order-split other_orders=18 one_order=2 one_value=0 first_order=1 second_order=1 two_value=1000");
  EXPECT_EQ(OrdersSummary(Counting(CountOf::kCustomer, Shape::kPerUnit, {AmountFrom("0", "5")})), "")
      << "a customer is no order";
}

TEST(ProgramLintTest, RatesOnCountsAreTriedAtAPrice) {
  const Program program =
      Counting(CountOf::kOrder, Shape::kRetroactive, {RateFrom("0", "0.01"), RateFrom("10", "0.02")});
  EXPECT_EQ(OrdersSummary(program), "");
  // 10 units at 100 in 9 orders, or in 10.
  EXPECT_EQ(OrdersSummary(program, Lot("100")),
            "order-split other_orders=8 one_order=2 one_value=10 first_order=1 second_order=1 two_value=20");
  EXPECT_EQ(OrdersSummary(Counting(CountOf::kOrder, Shape::kFlat, {RateFrom("0", "0.01")}), Lot("100")), "")
      << "no bound, no gain";
}

TEST(ProgramLintTest, FreeGoodsByOrderGainByOneOrder) {
  Program program;
  program.terms = ScaleTerms(Shape::kFlat, {RateFrom("0", "0")});
  program.terms.scale.measure = Measure::kFreeGoods;
  program.terms.free_goods = FreeGoodsTerms{Lot("100"), Lot("2")};
  EXPECT_EQ(OrdersSummary(program),
            "order-merge first_order=50 first_free=0 second_order=50 second_free=0 one_order=100 one_free=2");
  program.terms.free_goods->kind = FreeGoodsKind::kInclusive;
  program.terms.free_goods->free_units = Lot("3");
  EXPECT_EQ(OrdersSummary(program),
            "order-merge first_order=51 first_free=0 second_order=52 second_free=0 one_order=103 one_free=3");
  program.terms.free_goods->scope = FreeGoodsScope::kPeriod;
  EXPECT_EQ(OrdersSummary(program), "") << "over a period it is one anyway";
}

TEST(ProgramLintTest, SaysWhatTheTermsSay) {
  Program program;
  program.terms = ScaleTerms(Shape::kRetroactive, {RateFrom("0", "0.02"), RateFrom("50000", "0.04")});
  EXPECT_EQ(Summary(LintProgram(program, {})), Summary(LintTerms(program.terms, {})));
  EXPECT_EQ(Summary(LintProgram(program, {})).substr(0, 10), "tier-cliff");
}

}  // namespace
}  // namespace tributary::incentive
