#include "incentive-service/simulations/simulation.h"

#include <limits>
#include <map>
#include <random>

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/accruals/pricing.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

FactTotal Total(std::string partner, std::string_view date, std::string_view net, std::string currency = "USD") {
  return {.partner = std::move(partner),
          .basis_date = Day(date),
          .currency = std::move(currency),
          .amount = D(net),
          .quantity = Decimal::FromInt(1),
          .lines = 1};
}

// Of one rate on the whole, by quarters from 2025 on.
Program Flat(std::string_view rate, std::string_view from = "2025-01-01", Date to = OpenEnd()) {
  Program program;
  program.id = "flat";
  program.version = 3;
  program.terms = {{.shape = Shape::kFlat, .tiers = {{Decimal(), D(rate)}}}, "USD"};
  program.effective = {Day(from), to};
  return program;
}

PartnerResult Paid(std::string partner, int64_t value, int64_t compared, int64_t lines = 0) {
  return {.partner = std::move(partner), .value = value, .compared = compared, .lines = lines};
}

TEST(SimulationTest, SaysWhatEachPartnerIsPaidAndTheDearestPeriod) {
  ASSERT_OK_AND_ASSIGN(const SimulationResult result,
                       Simulate(Flat("0.02"), {Total("b", "2025-02-01", "1000"), Total("a", "2025-02-01", "50"),
                                               Total("a", "2025-05-01", "3000")}));
  ASSERT_EQ(result.partners.size(), 2u);
  EXPECT_EQ(result.partners[0].partner, "a");
  EXPECT_EQ(result.partners[0].value, 6100);
  EXPECT_EQ(result.partners[0].lines, 2);
  EXPECT_EQ(result.partners[0].compared, std::nullopt);
  EXPECT_EQ(result.partners[0].difference(), 0);
  EXPECT_EQ(result.partners[1].value, 2000);
  EXPECT_EQ(result.total, 8100);
  EXPECT_EQ(result.budget_at_risk(), 6000);  // the second quarter's
  EXPECT_EQ(SimulationResult().budget_at_risk(), 0);

  Program penalty = Flat("0.02");
  penalty.terms.max_penalty = D("100");
  ASSERT_OK_AND_ASSIGN(const SimulationResult charged, Simulate(penalty, {Total("a", "2025-02-01", "50")}));
  EXPECT_EQ(charged.total, -100);
  EXPECT_EQ(charged.budget_at_risk(), 0);
}

// 12,000.00, 5,000.00 and 4,000.00 against 10,000.00 a quarter, carried: 3,000.00 and 6,000.00 on top. Who has no line
// is guaranteed the same.
TEST(SimulationTest, TopsUpToTheGuaranteeOfThoseThatAreNamed) {
  Program guaranteed = Flat("0.1");
  guaranteed.eligibility.partners = {"a", "b", "d"};
  guaranteed.guarantee = Guarantee{.amount = D("10000"), .cumulative = true};
  const std::vector<FactTotal> totals = {Total("a", "2025-02-01", "120000"), Total("a", "2025-05-01", "50000"),
                                         Total("a", "2025-08-01", "40000"), Total("d", "2025-05-01", "100000")};
  ASSERT_OK_AND_ASSIGN(const SimulationResult result, Simulate(guaranteed, totals));
  EXPECT_THAT(result.partners, ElementsAre(PartnerResult{.partner = "a", .value = 3000000, .lines = 3},
                                           PartnerResult{.partner = "b", .value = 3000000},
                                           PartnerResult{.partner = "d", .value = 3000000, .lines = 1}));
  ASSERT_EQ(result.periods.size(), 3u) << "up to the last with a line";
  EXPECT_EQ(result.periods[0], (PeriodResult{.period = "2025Q1", .partners = 1, .total = 3200000}));
  EXPECT_EQ(result.periods[1], (PeriodResult{.period = "2025Q2", .partners = 2, .total = 2800000}));
  EXPECT_EQ(result.periods[2], (PeriodResult{.period = "2025Q3", .partners = 1, .total = 3000000}));
  EXPECT_EQ(result.total, 9000000);
  EXPECT_EQ(result.statements, 9);

  // An advance is paid back by what is earned beyond the guarantee later.
  guaranteed.guarantee = Guarantee{.amount = D("10000"), .recoupable = true};
  ASSERT_OK_AND_ASSIGN(const SimulationResult advanced,
                       Simulate(guaranteed, {Total("a", "2025-02-01", "40000"), Total("a", "2025-05-01", "180000")}));
  EXPECT_EQ(advanced.partners[0].value, 400000 + 600000 + 1800000 - 600000);

  guaranteed.guarantee.reset();
  ASSERT_OK_AND_ASSIGN(const SimulationResult bare, Simulate(guaranteed, totals));
  EXPECT_EQ(bare.total, 1200000 + 500000 + 400000 + 1000000);
}

// 2 % within 50.00 a quarter: 20.00, 20.00 and 30.00 are asked for in the first.
TEST(SimulationTest, PaysWithinTheBudget) {
  Program budgeted = Flat("0.02");
  budgeted.budget = PeriodBudget{D("50"), BudgetPolicy::kProRata};
  const std::vector<FactTotal> totals = {Total("c", "2025-01-03", "1500"), Total("a", "2025-02-01", "1000"),
                                         Total("b", "2025-02-01", "600"),  Total("b", "2025-01-02", "400"),
                                         Total("a", "2025-05-01", "1000"), Total("d", "2024-12-31", "9999")};
  ASSERT_OK_AND_ASSIGN(const SimulationResult shared, Simulate(budgeted, totals));
  // 50 / 70 of each: 14.285714 and 21.428571; the cent goes to the largest remainder.
  EXPECT_THAT(shared.partners, ElementsAre(PartnerResult{.partner = "a", .value = 1429 + 2000, .lines = 2},
                                           PartnerResult{.partner = "b", .value = 1428, .lines = 2},
                                           PartnerResult{.partner = "c", .value = 2143, .lines = 1}));
  EXPECT_THAT(shared.periods, ElementsAre(PeriodResult{"2025Q1", 3, 5000}, PeriodResult{"2025Q2", 1, 2000}));
  EXPECT_EQ(shared.total, 7000);
  EXPECT_EQ(shared.budget_at_risk(), 5000);
  // January first: 8.00 of b, 30.00 of c; then a's 12.00 of the 20.00, and nothing is left of b's second line.
  budgeted.budget->policy = BudgetPolicy::kByEvent;
  ASSERT_OK_AND_ASSIGN(const SimulationResult in_order, Simulate(budgeted, totals));
  EXPECT_THAT(in_order.partners, ElementsAre(PartnerResult{.partner = "a", .value = 1200 + 2000, .lines = 2},
                                             PartnerResult{.partner = "b", .value = 800, .lines = 2},
                                             PartnerResult{.partner = "c", .value = 3000, .lines = 1}));
  EXPECT_EQ(in_order.total, 7000);
  budgeted.budget->amount = D("70");
  ASSERT_OK_AND_ASSIGN(const SimulationResult enough, Simulate(budgeted, totals));
  EXPECT_EQ(enough.total, 9000);
}

TEST(SimulationTest, NamesWinnersAndLosersAndWhoOnlyOneOfThemPays) {
  SimulationResult ours{.partners = {{"a", 10}, {"b", 10}, {"c", 10}, {"e", -4}}, .total = 26};
  const SimulationResult theirs{.partners = {{"b", 7}, {"c", 10}, {"d", 5}, {"e", 1}}, .total = 23};
  ASSERT_OK_AND_ASSIGN(const Comparison comparison, CompareWith("programs/flat@3", theirs, &ours));
  EXPECT_THAT(ours.partners,
              ElementsAre(Paid("a", 10, 0), Paid("b", 10, 7), Paid("c", 10, 10), Paid("d", 0, 5), Paid("e", -4, 1)));
  EXPECT_EQ(comparison, (Comparison{.with = "programs/flat@3",
                                    .total = 23,
                                    .winners = 2,
                                    .gained = 13,
                                    .losers = 2,
                                    .lost = 10,
                                    .unchanged = 1}));

  SimulationResult nothing;
  ASSERT_OK_AND_ASSIGN(const Comparison none, CompareWith("programs/flat@3", {}, &nothing));
  EXPECT_EQ(none.winners + none.losers + none.unchanged, 0);
  EXPECT_THAT(nothing.partners, IsEmpty());
}

// 80 came back and are made up for by the next quarter with lines, 20 of whose 100 are left.
TEST(SimulationTest, CarriesWhatIsBelowNothing) {
  Program program = Flat("0.02");
  const std::vector<FactTotal> totals = {Total("a", "2025-08-01", "100"), Total("a", "2025-02-01", "-80"),
                                         Total("a", "2025-11-01", "50"), Total("b", "2025-08-01", "100")};
  ASSERT_OK_AND_ASSIGN(const SimulationResult dropped, Simulate(program, totals));
  EXPECT_EQ(dropped.total, 500);
  program.terms.carry_negative = true;
  ASSERT_OK_AND_ASSIGN(const SimulationResult carried, Simulate(program, totals));
  EXPECT_EQ(carried.total, 340);
  EXPECT_THAT(carried.periods, ElementsAre(PeriodResult{"2025Q1", 1, 0}, PeriodResult{"2025Q3", 2, 240},
                                           PeriodResult{"2025Q4", 1, 100}));
  EXPECT_EQ(carried.partners[0].value, 140);
  EXPECT_EQ(carried.partners[1].value, 200);
}

TEST(SimulationTest, RefusesWhatDoesNotFit) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  SimulationResult one{.partners = {{"a", kMost}}};
  EXPECT_THAT(CompareWith("programs/flat@3", {.partners = {{"a", -1}}}, &one), HasReason(Reason::kOverflow));
  SimulationResult two{.partners = {{"a", kMost}, {"b", 1}}};
  EXPECT_THAT(CompareWith("programs/flat@3", {}, &two), HasReason(Reason::kOverflow));
  SimulationResult three{.partners = {{"a", -kMost}, {"b", -1}}};
  EXPECT_THAT(CompareWith("programs/flat@3", {}, &three), HasReason(Reason::kOverflow));
}

TEST(SimulationTest, TheOtherCountsOnTheSimulatedDaysInTheSameCurrency) {
  const DateRange simulated = {Day("2025-04-01"), Day("2026-01-01")};
  EXPECT_EQ(DaysInCommon({Day("2025-01-01"), OpenEnd()}, simulated), simulated);
  const DateRange quarter = {Day("2025-07-01"), Day("2025-10-01")};
  EXPECT_EQ(DaysInCommon(quarter, simulated), quarter);
  // Never in force on these days: it pays nothing.
  Program other = Flat("0.01", "2026-01-01");
  other.effective = DaysInCommon(other.effective, simulated);
  ASSERT_OK_AND_ASSIGN(const SimulationResult result,
                       Simulate(other, {Total("a", "2025-05-01", "100"), Total("a", "2026-01-01", "100")}));
  EXPECT_THAT(result.partners, IsEmpty());

  EXPECT_OK(CheckSameCurrency("programs/flat@3", "USD", "USD", "field"));
  const absl::Status refused = CheckSameCurrency("programs/flat@3", "EUR", "USD", "field");
  EXPECT_THAT(refused, HasReason(Reason::kCurrencyMismatch));
  EXPECT_THAT(refused, Blames("field"));
}

// Terms that an amount alone decides are worked out straight: to the cent as where each tier is told.
TEST(SimulationTest, StraightValuesAreThoseThatAreExplained) {
  std::mt19937_64 random(20250101);
  const auto pick = [&](int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random);
  };
  for (const Shape shape :
       {Shape::kMarginal, Shape::kRetroactive, Shape::kRolling, Shape::kTotal, Shape::kTarget, Shape::kPerUnit}) {
    Program program = Flat("0.01");
    program.terms.scale = {.shape = shape,
                           .bound = Bound::kUpto,
                           .tiers = {{Decimal(), D("0.01")}, {D("20000"), D("0.02")}, {D("60000"), D("0.035")}}};
    if (shape == Shape::kPerUnit) program.terms.scale.tiers = {{Decimal(), Decimal(), D("1.255")}};
    for (int round = 0; round < 300; ++round) {
      FactTotal total = Total("a", "2025-02-01", "0");
      total.amount = Decimal::FromMicros(pick(-1'000'000, 90'000'000'000));
      if (round % 10 == 0) total.amount = D("20000");
      total.quantity = Decimal::FromInt(pick(-1, 50));
      ASSERT_OK_AND_ASSIGN(const SimulationResult result, Simulate(program, {total}));
      AccrualSums sums;
      sums.amount = total.amount;
      sums.quantity = total.quantity;
      sums.lines = 1;
      ASSERT_OK_AND_ASSIGN(const Valuation value, ValueOf(program.terms, PriceOf(sums, {})));
      ASSERT_EQ(result.total, value.minor) << static_cast<int>(shape) << " " << total.amount.ToString();
    }
  }
}

// However the lines fall: the parts sum to the whole, and each partner's value is that of its lines alone.
TEST(SimulationTest, PartsSumToTheWhole) {
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const auto pick = [&](int64_t low, int64_t high) {
      return std::uniform_int_distribution<int64_t>(low, high)(random);
    };
    std::vector<FactTotal> totals;
    std::map<std::string, std::vector<FactTotal>> by_partner;
    for (int64_t i = pick(0, 30); i > 0; --i) {
      FactTotal total = Total("p" + std::to_string(pick(1, 6)), "2025-01-01", "0", pick(1, 9) == 1 ? "EUR" : "USD");
      total.basis_date = Date::FromDays(total.basis_date.days() + static_cast<int32_t>(pick(0, 700)));
      total.amount = Decimal::FromMicros(pick(-5'000'000'000, 90'000'000'000));
      by_partner[total.partner].push_back(total);
      totals.push_back(std::move(total));
    }
    Program marginal = Flat("0.01");
    marginal.terms.scale = {.shape = Shape::kMarginal,
                            .tiers = {{Decimal(), D("0.01")}, {D("20000"), D("0.02")}, {D("60000"), D("0.035")}}};
    ASSERT_OK_AND_ASSIGN(SimulationResult result, Simulate(marginal, totals));
    ASSERT_OK_AND_ASSIGN(const SimulationResult other, Simulate(Flat("0.015"), totals));
    ASSERT_OK_AND_ASSIGN(const Comparison comparison, CompareWith("programs/flat@3", other, &result));
    EXPECT_EQ(comparison.gained - comparison.lost, result.total - other.total);
    EXPECT_EQ(static_cast<size_t>(comparison.winners + comparison.losers + comparison.unchanged),
              result.partners.size());
    int64_t total = 0, compared = 0, periods = 0;
    for (const PartnerResult& partner : result.partners) {
      total += partner.value;
      compared += *partner.compared;
      ASSERT_OK_AND_ASSIGN(const SimulationResult alone, Simulate(marginal, by_partner[partner.partner]));
      EXPECT_EQ(alone.total, partner.value) << partner.partner;
    }
    for (const PeriodResult& period : result.periods) periods += period.total;
    EXPECT_EQ(total, result.total);
    EXPECT_EQ(periods, result.total);
    EXPECT_EQ(compared, comparison.total);
  }
}

// 800 that a brought along reach the tier that pays on all of it, as b's 400 do without a line; c is not named any
// more.
TEST(SimulationTest, PeriodsBeginWithWhatWasBroughtAlong) {
  Program program = Flat("0.01");
  program.terms.scale = {.shape = Shape::kRetroactive, .tiers = {{Decimal(), D("0.01")}, {D("1000"), D("0.02")}}};
  const OpeningVolumes volumes = {
      {"2025Q1",
       {{"a", {.balance = "openingBalances/live", .document = "GL", .amount = D("800"), .paid = 800}},
        {"b", {.balance = "openingBalances/live", .document = "GL", .amount = D("400")}},
        {"c", {.balance = "openingBalances/live", .document = "GL", .amount = D("5000")}}}}};
  const std::vector<FactTotal> totals = {Total("a", "2025-02-01", "300"), Total("a", "2025-05-01", "300")};
  program.eligibility.except_partners = {"c"};
  ASSERT_OK_AND_ASSIGN(const SimulationResult result, Simulate(program, totals, {}, {}, volumes));
  ASSERT_EQ(result.partners.size(), 2u);
  EXPECT_EQ(result.partners[0].value, 2200 + 300);
  EXPECT_EQ(result.partners[0].lines, 2);
  EXPECT_EQ(result.partners[1].partner, "b");
  EXPECT_EQ(result.partners[1].value, 400);
  EXPECT_EQ(result.partners[1].lines, 0);
  EXPECT_EQ(result.statements, 3);
  EXPECT_EQ(result.lines, 2);
  ASSERT_EQ(result.periods.size(), 2u);
  EXPECT_EQ(result.periods[0].partners, 2);
  EXPECT_EQ(result.periods[0].total, 2600);
  ASSERT_OK_AND_ASSIGN(const SimulationResult bare, Simulate(program, totals));
  EXPECT_EQ(bare.total, 600);
}

TEST(SimulationTest, AVolumeIsOfTheLinesThatItsProgramCounts) {
  const Program own = Flat("0.01");
  const auto with = [&](void (*change)(Program*)) {
    Program terms = Flat("0.05");
    change(&terms);
    return std::string(KeepsVolumeOut(terms, own, PeriodOf(own.period, Day("2025-01-01"))));
  };
  EXPECT_EQ(with([](Program*) {}), "");
  EXPECT_EQ(with([](Program* terms) { terms->eligibility.partners = {"a"}; }), "");
  EXPECT_EQ(with([](Program* terms) { terms->period = PeriodKind::kMonth; }), "other periods");
  EXPECT_EQ(with([](Program* terms) { terms->effective.start = Day("2025-04-01"); }), "other periods");
  EXPECT_EQ(with([](Program* terms) { terms->terms.currency = "EUR"; }), "another currency");
  EXPECT_EQ(with([](Program* terms) { terms->basis = Basis::kSellIn; }), "another basis");
  EXPECT_EQ(with([](Program* terms) { terms->lines.products = {"products/x"}; }), "other lines");
  EXPECT_EQ(with([](Program* terms) { terms->eligibility.regions = {"CN"}; }), "other lines");
  EXPECT_EQ(with([](Program* terms) { terms->terms.max_penalty = Decimal::FromInt(5); }), "max_penalty");
}

}  // namespace
}  // namespace tributary::incentive
