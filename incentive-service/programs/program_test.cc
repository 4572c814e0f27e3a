#include "incentive-service/programs/program.h"

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

absl::Time At(int year, int month, int day) {
  return absl::FromCivil(absl::CivilSecond(year, month, day, 23, 59, 59), absl::UTCTimeZone());
}

Program Growth() {
  Program program;
  program.id = "growth";
  program.version = 3;
  program.terms.scale.tiers = {{Decimal(), *Decimal::Parse("0.01")},
                               {Decimal::FromInt(20000), *Decimal::Parse("0.02")}};
  program.terms.currency = "USD";
  program.effective = {Day("2010-10-01"), OpenEnd()};
  return program;
}

std::vector<std::string> Blamed(const Program& program) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : CheckTerms(program, "program")) fields.push_back(violation.field);
  return fields;
}

TEST(ProgramTest, PeriodsAreQuarters) {
  const Period period = PeriodOf(PeriodKind::kQuarter, Day("2013-11-29"));
  EXPECT_EQ(period.id, "2013Q4");
  EXPECT_EQ(period.range, (DateRange{Day("2013-10-01"), Day("2014-01-01")}));
  EXPECT_THAT(ParsePeriod(PeriodKind::kQuarter, "2013Q4"), IsOkAndHolds(period));
  for (const char* id : {"", "2013", "2013Q5", "2013q4", "2013-10", "2013Q44"}) {
    EXPECT_THAT(ParsePeriod(PeriodKind::kQuarter, id), HasReason(Reason::kInvalidField)) << id;
  }
}

TEST(ProgramTest, TermsAreCheckedAllAtOnce) {
  EXPECT_THAT(Blamed(Growth()), IsEmpty());
  Program program = Growth();
  program.effective = {Day("2010-10-02"), Day("2010-12-31")};
  program.terms.scale.tiers[0].from = Decimal::FromInt(5);
  program.terms.scale.tiers[1].rate = Decimal::FromInt(2);
  EXPECT_THAT(Blamed(program), ElementsAre("program.tiers[0].from_amount", "program.tiers[1].rate",
                                           "program.effective_from", "program.effective_to"));
  program = Growth();
  program.effective.end = Day("2010-10-01");
  EXPECT_THAT(Blamed(program), ElementsAre("program.effective_to"));
  program.effective.end = Day("2011-01-01");
  EXPECT_THAT(Blamed(program), IsEmpty());
}

TEST(ProgramTest, GrossAmountsAreOfShipments) {
  for (const CountedAmount of : {CountedAmount::kGross, CountedAmount::kGrossOfWallet}) {
    Program program = Growth();
    program.amount_of = of;
    EXPECT_THAT(Blamed(program), IsEmpty());
    program.basis = Basis::kSellIn;
    EXPECT_THAT(Blamed(program), IsEmpty());
    for (const Basis basis : {Basis::kInvoiced, Basis::kSellThrough, Basis::kWonDeal}) {
      program.basis = basis;
      EXPECT_THAT(Blamed(program), ElementsAre("program.amount_of"));
    }
  }
}

TEST(ProgramTest, AGuaranteeIsForNamedPartnersAndWholePeriods) {
  Program program = Growth();
  program.guarantee = Guarantee{Decimal::FromInt(10000)};
  EXPECT_THAT(Blamed(program), ElementsAre("program.guarantee"));
  program.eligibility.partners = {"p1"};
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.guarantee->amount = *Decimal::Parse("0.005");
  program.payout_period = PeriodKind::kMonth;
  EXPECT_THAT(Blamed(program), ElementsAre("program.guarantee.amount", "program.guarantee"));
  program = Growth();
  program.eligibility.partners = {"p1"};
  program.guarantee = Guarantee{};
  EXPECT_THAT(Blamed(program), ElementsAre("program.guarantee.amount"));
}

TEST(ProgramTest, LimitsAreInWholeSmallestUnits) {
  Program program = Growth();
  program.terms.floor = *Decimal::Parse("10.01");
  program.terms.cap = *Decimal::Parse("10.02");
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.terms.floor = *Decimal::Parse("10.005");
  program.terms.cap = *Decimal::Parse("10.015");
  EXPECT_THAT(Blamed(program), ElementsAre("program.floor", "program.cap"));
  program.terms.currency = "JPY";
  program.terms.floor.reset();
  program.terms.cap = *Decimal::Parse("10.5");
  EXPECT_THAT(Blamed(program), ElementsAre("program.cap"));
  program.terms.cap.reset();
  program.terms.max_penalty = *Decimal::Parse("10.5");
  EXPECT_THAT(Blamed(program), ElementsAre("program.max_penalty"));
  program.terms.max_penalty = Decimal::FromInt(10);
  EXPECT_THAT(Blamed(program), IsEmpty());
}

TEST(ProgramTest, ABudgetIsOfWholePeriodsOfMoney) {
  Program program = Growth();
  program.budget = PeriodBudget{Decimal::FromInt(5400), BudgetPolicy::kByEvent};
  EXPECT_THAT(Blamed(program), IsEmpty());
  EXPECT_EQ(program.budget_minor(), 540000);
  program.budget->amount = *Decimal::Parse("0.005");
  EXPECT_THAT(Blamed(program), ElementsAre("program.budget.amount"));
  program.budget = PeriodBudget{};
  EXPECT_THAT(Blamed(program), ElementsAre("program.budget.amount"));
  program.budget->amount = Decimal::FromInt(1);
  program.payout_period = PeriodKind::kMonth;
  EXPECT_THAT(Blamed(program), ElementsAre("program.budget"));
  program.payout_period.reset();
  program.eligibility.partners = {"p1"};
  program.guarantee = Guarantee{Decimal::FromInt(10000)};
  EXPECT_THAT(Blamed(program), ElementsAre("program.budget"));
  program.guarantee.reset();
  program.terms.max_penalty = Decimal::FromInt(1);
  EXPECT_THAT(Blamed(program), ElementsAre("program.budget"));
}

TEST(ProgramTest, WhatPartnersAreIsAskedOfLinesAlone) {
  Program program = Growth();
  program.eligibility.partners = {"p1"};
  program.eligibility.regions = {"CN-51"};
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.guarantee = Guarantee{Decimal::FromInt(10000)};
  EXPECT_THAT(Blamed(program), ElementsAre("program.eligibility"));
  program.guarantee.reset();
  program.terms.scale.shape = Shape::kTarget;
  program.terms.scale.tiers = {{Decimal::FromInt(20000), *Decimal::Parse("0.01")}};
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.terms.max_penalty = Decimal::FromInt(500);
  EXPECT_THAT(Blamed(program), ElementsAre("program.eligibility"));
  program.eligibility.partners.clear();
  EXPECT_THAT(Blamed(program), IsEmpty()) << "it charges nobody who has no line";
  program = Growth();
  program.eligibility.except_tiers = {{"stars", "gold"}};
  program.terms.scale = {
      Shape::kRetroactive, Bound::kFrom, {{Decimal(), Decimal()}, {*Decimal::Parse("1.1"), *Decimal::Parse("0.01")}}};
  program.terms.scale.measure = Measure::kGrowth;
  program.growth = GrowthTerms{};
  EXPECT_THAT(Blamed(program), ElementsAre("program.eligibility"));
}

TEST(ProgramTest, ACapOfClawbacksHasALimitAndIsOfMoney) {
  Program program = Growth();
  program.clawback_cap.emplace();
  EXPECT_THAT(Blamed(program), ElementsAre("program.clawback_cap"));
  program.clawback_cap->amount = Decimal();
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.clawback_cap->share = Decimal::FromInt(1);
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.clawback_cap->amount = Decimal::FromInt(-1);
  program.clawback_cap->share = *Decimal::Parse("1.000001");
  EXPECT_THAT(Blamed(program), ElementsAre("program.clawback_cap.amount", "program.clawback_cap.share"));
  program = Growth();
  program.clawback_cap = ClawbackCap{.share = *Decimal::Parse("0.1")};
  program.payout_period = PeriodKind::kMonth;
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.payout_period.reset();
  program.budget = PeriodBudget{Decimal::FromInt(1)};
  EXPECT_THAT(Blamed(program), ElementsAre("program.clawback_cap"));
  program.budget.reset();
  program.terms.max_penalty = Decimal::FromInt(1);
  EXPECT_THAT(Blamed(program), ElementsAre("program.clawback_cap"));
}

TEST(ProgramTest, ReturnsAreMatchedWhereSumsAreOfUnitsThatWereSold) {
  Program program = Growth();
  EXPECT_TRUE(program.asks_net_sums());
  program.return_policy = ReturnPolicy::kMatchLatest;
  EXPECT_TRUE(program.reads_lines());
  EXPECT_FALSE(program.asks_net_sums());
  for (const Basis basis : {Basis::kOrder, Basis::kSellIn, Basis::kInvoiced, Basis::kSellThrough}) {
    program.basis = basis;
    EXPECT_THAT(Blamed(program), IsEmpty());
  }
  program.basis = Basis::kWonDeal;
  EXPECT_THAT(Blamed(program), ElementsAre("program.return_policy"));
  program.basis = Basis::kSellIn;
  program.rolls_up = true;
  EXPECT_THAT(Blamed(program), ElementsAre("program.return_policy"));
  program.rolls_up = false;
  program.terms.scale.measure = Measure::kCount;
  program.count_of = CountOf::kProduct;
  EXPECT_THAT(Blamed(program), ElementsAre("program.return_policy"));
}

TEST(ProgramTest, WhatIsBelowNothingIsCarriedOfSumsInOneCurrency) {
  Program program = Growth();
  program.terms.carry_negative = true;
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.return_policy = ReturnPolicy::kMatchLatest;
  program.clawback_cap = ClawbackCap{.share = *Decimal::Parse("0.1")};
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.rate_type = "spot";
  program.payout_period = PeriodKind::kMonth;
  EXPECT_THAT(Blamed(program), ElementsAre("program.carry_negative", "program.carry_negative"));
  program = Growth();
  program.terms.carry_negative = true;
  program.budget = PeriodBudget{Decimal::FromInt(1)};
  EXPECT_THAT(Blamed(program), ElementsAre("program.carry_negative"));
  program.budget.reset();
  program.rolls_up = true;
  EXPECT_THAT(Blamed(program), ElementsAre("program.carry_negative"));
  program.rolls_up = false;
  program.terms.max_penalty = Decimal::FromInt(1);
  EXPECT_THAT(Blamed(program), ElementsAre("program.carry_negative"));
}

TEST(ProgramTest, WhatIsCountedIsKnownOnTheBasis) {
  Program program = Growth();
  program.count_of = CountOf::kProduct;
  EXPECT_THAT(Blamed(program), ElementsAre("program.count"));
  program.terms.scale.measure = Measure::kCount;
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.count_of.reset();
  EXPECT_THAT(Blamed(program), ElementsAre("program.count"));
  const struct {
    CountOf of;
    std::vector<Basis> refused;
  } kCases[] = {{CountOf::kOrder, {}},
                {CountOf::kCustomer, {Basis::kOrder, Basis::kSellIn, Basis::kInvoiced}},
                {CountOf::kProduct, {}},
                {CountOf::kSite, {Basis::kInvoiced}}};
  for (const auto& c : kCases) {
    program.count_of = c.of;
    std::vector<Basis> refused;
    for (const Basis basis : {Basis::kOrder, Basis::kSellIn, Basis::kInvoiced, Basis::kSellThrough}) {
      program.basis = basis;
      if (!Blamed(program).empty()) refused.push_back(basis);
    }
    EXPECT_EQ(refused, c.refused);
  }
}

TEST(ProgramTest, AMixHasASet) {
  Program program = Growth();
  program.mix_set = LineFilter{{"products/x"}, {}, {}, {}};
  EXPECT_THAT(Blamed(program), ElementsAre("program.mix"));
  program.terms.scale.shape = Shape::kRetroactive;
  program.terms.scale.measure = Measure::kMix;
  program.terms.scale.tiers[1].from = *Decimal::Parse("0.3");
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.rate_type = "spot";
  program.mix_set = LineFilter();
  EXPECT_THAT(Blamed(program), ElementsAre("program.mix", "program.mix.set"));
  program.mix_set.reset();
  EXPECT_THAT(Blamed(program), ElementsAre("program.mix"));
}

TEST(ProgramTest, AGroupAddsUpAmountsOrUnitsOnceAPeriod) {
  Program program = Growth();
  program.rolls_up = true;
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.payout_period = PeriodKind::kMonth;
  program.rate_type = "spot";
  program.terms.max_penalty = Decimal::FromInt(5);
  EXPECT_THAT(Blamed(program), ElementsAre("program.group", "program.group", "program.group"));
  program = Growth();
  program.rolls_up = true;
  program.eligibility.partners = {"p1"};
  program.guarantee = Guarantee{Decimal::FromInt(10000)};
  EXPECT_THAT(Blamed(program), ElementsAre("program.group"));
  program = Growth();
  program.rolls_up = true;
  program.terms.scale.measure = Measure::kCount;
  program.count_of = CountOf::kProduct;
  EXPECT_THAT(Blamed(program), ElementsAre("program.group"));
}

TEST(ProgramTest, AMarginIsOfWhoEarnsIt) {
  Program program = Growth();
  program.terms.margin = MarginTerms{.of = MarginOf::kVendor, .discloses_costs = true};
  EXPECT_THAT(Blamed(program), ElementsAre("program.margin"));
  program.terms.scale.measure = Measure::kMargin;
  EXPECT_THAT(Blamed(program), IsEmpty());
  EXPECT_TRUE(program.reads_lines());
  program.terms.margin->discloses_costs = false;
  EXPECT_THAT(Blamed(program), ElementsAre("program.margin.discloses_costs"));
  program.terms.margin->discloses_costs = true;
  program.basis = Basis::kSellThrough;
  EXPECT_THAT(Blamed(program), ElementsAre("program.margin.of"));
  program.terms.margin->of = MarginOf::kPartner;
  EXPECT_THAT(Blamed(program), ElementsAre("program.margin.discloses_costs"));
  program.terms.margin->discloses_costs = false;
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.basis = Basis::kInvoiced;
  program.rate_type = "spot";
  EXPECT_THAT(Blamed(program), ElementsAre("program.margin", "program.margin.of"));
  program.terms.margin.reset();
  EXPECT_THAT(Blamed(program), ElementsAre("program.margin"));
}

TEST(ProgramTest, WhatAMarginPaysGoesWithItsShape) {
  Program program = Growth();
  program.basis = Basis::kSellThrough;
  program.terms.scale.measure = Measure::kMargin;
  program.terms.margin = MarginTerms{};
  program.terms.margin->pays = MarginPays::kNet;
  EXPECT_THAT(Blamed(program), ElementsAre("program.margin.pays"));
  program.terms.scale.shape = Shape::kRetroactive;
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.terms.margin->reaches_by = MarginReach::kShare;
  EXPECT_THAT(Blamed(program), ElementsAre("program.tiers[1].from_amount"));
  program.terms.scale.tiers[1].from = *Decimal::Parse("0.3");
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.terms.scale.shape = Shape::kMarginal;
  program.terms.max_penalty = Decimal::FromInt(5);
  EXPECT_THAT(Blamed(program), ElementsAre("program.shape", "program.max_penalty"));
  program.terms.max_penalty.reset();
  program.terms.margin = MarginTerms{};
  program.terms.scale.shape = Shape::kPerUnit;
  program.terms.scale.tiers = {{Decimal(), Decimal(), Decimal::FromInt(5)}};
  EXPECT_THAT(Blamed(program), ElementsAre("program.shape"));
}

TEST(ProgramTest, WhatIsPaidIsMeasuredByDays) {
  Program program = Growth();
  program.basis = Basis::kPaid;
  EXPECT_THAT(Blamed(program), ElementsAre("program.measure"));
  program.terms.scale.measure = Measure::kDaysToPay;
  program.terms.scale.tiers[1].from = Decimal::FromInt(31);
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.rate_type = "spot";
  program.lines.products = {"products/x"};
  program.terms.scale.shape = Shape::kRetroactive;
  EXPECT_THAT(Blamed(program), ElementsAre("program.shape", "program.lines", "program.rate_type"));
  program = Growth();
  program.terms.scale.measure = Measure::kDaysToPay;
  EXPECT_THAT(Blamed(program), ElementsAre("program.measure"));
}

TEST(ProgramTest, WonDealsAreOfNoProduct) {
  Program program = Growth();
  program.basis = Basis::kWonDeal;
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.lines.products = {"products/x"};
  EXPECT_THAT(Blamed(program), ElementsAre("program.lines"));
  program.lines = LineFilter();
  program.terms.scale.shape = Shape::kRetroactive;
  program.terms.scale.measure = Measure::kCount;
  program.count_of = CountOf::kOrder;
  EXPECT_THAT(Blamed(program), ElementsAre("program.count"));
}

TEST(ProgramTest, FreeGoodsAreGivenOnShipmentsAndPayNothing) {
  Program program = Growth();
  program.terms.free_goods = FreeGoodsTerms{Decimal::FromInt(100), Decimal::FromInt(2)};
  EXPECT_THAT(Blamed(program), ElementsAre("program.free_goods"));
  program.terms.scale = {Shape::kFlat, Bound::kFrom, {{Decimal(), Decimal()}}, Measure::kFreeGoods};
  EXPECT_THAT(Blamed(program), IsEmpty());
  EXPECT_TRUE(program.reads_lines() && program.reads_parties());
  program.terms.free_goods->scope = FreeGoodsScope::kPeriod;
  EXPECT_FALSE(program.reads_parties());
  program.terms.free_goods->free_units = Decimal();
  program.terms.cap = Decimal::FromInt(5);
  program.terms.scale.tiers[0].rate = *Decimal::Parse("0.01");
  program.basis = Basis::kSellThrough;
  EXPECT_THAT(Blamed(program), ElementsAre("program.tiers[0].rate", "program.cap", "program.free_goods",
                                           "program.free_goods.free_units"));
  program.terms.free_goods.reset();
  program.terms.cap.reset();
  program.terms.scale.tiers[0].rate = Decimal();
  EXPECT_THAT(Blamed(program), ElementsAre("program.free_goods"));
}

TEST(ProgramTest, AScoreIsMadeOfWeightsThatSumTo100) {
  Program program = Growth();
  program.terms.scale = {Shape::kRetroactive,
                         Bound::kFrom,
                         {{Decimal(), Decimal()}, {Decimal::FromInt(80), Decimal()}},
                         Measure::kComposite};
  EXPECT_THAT(Blamed(program), ElementsAre("program.composite"));
  const Decimal none, ten = Decimal::FromInt(10);
  program.terms.composite =
      CompositeTerms{"dealers", {{"sales", none, ten, 60, ScoreSource::kAmount}, {"service", none, ten, 40}}};
  EXPECT_THAT(Blamed(program), IsEmpty());
  EXPECT_TRUE(program.scores());
  EXPECT_FALSE(program.reads_lines());
  program.terms.composite->scorecard.clear();
  program.terms.composite->components[0].weight = 61;
  program.terms.max_penalty = ten;
  EXPECT_THAT(Blamed(program), ElementsAre("program.max_penalty", "program.composite.scorecard_template",
                                           "program.composite.components"));
  program.terms.max_penalty.reset();
  program.terms.composite->components = {{"sales", none, ten, 100, ScoreSource::kAmount}};
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.terms.composite->scorecard = "dealers";
  EXPECT_THAT(Blamed(program), ElementsAre("program.composite.scorecard_template"));
  program.terms.scale.measure = Measure::kAmount;
  EXPECT_THAT(Blamed(program), ElementsAre("program.composite"));
}

TEST(ProgramTest, SegmentsAreOfWhomSalesName) {
  Program program = Growth();
  program.eligibility.except_customer_segments = {"retail"};
  EXPECT_TRUE(program.reads_lines());
  EXPECT_FALSE(program.asks_net_sums());
  EXPECT_THAT(Blamed(program), ElementsAre("program.eligibility"));
  program.basis = Basis::kSellThrough;
  EXPECT_THAT(Blamed(program), IsEmpty());
  program.rolls_up = true;
  EXPECT_THAT(Blamed(program), ElementsAre("program.eligibility"));
}

TEST(ProgramTest, GrowthIsMeasuredAgainstOneThing) {
  Program grows = Growth();
  grows.terms.scale.measure = Measure::kGrowth;
  EXPECT_THAT(Blamed(grows), ElementsAre("program.growth"));
  grows.growth =
      GrowthTerms{GrowthReference::kYearBefore, GrowthFallback::kNotEligible, {{"p1", {}, Day("2012-02-01")}}};
  EXPECT_THAT(Blamed(grows), IsEmpty());
  Program program = grows;
  program.terms.scale.measure = Measure::kAmount;
  EXPECT_THAT(Blamed(program), ElementsAre("program.growth"));
  program = grows;
  program.payout_period = PeriodKind::kMonth;
  program.rate_type = "spot";
  program.eligibility.partners = {"p1"};
  program.guarantee = Guarantee{Decimal::FromInt(1)};
  EXPECT_THAT(Blamed(program), ElementsAre("program.guarantee", "program.growth", "program.growth", "program.growth"));
  program = grows;
  program.growth->partners.push_back({"p1", Decimal(), {}});
  EXPECT_THAT(Blamed(program), ElementsAre("program.growth.partners[1].partner", "program.growth.partners[1].baseline",
                                           "program.growth.partners[1].baseline"));
  program.growth =
      GrowthTerms{GrowthReference::kFixed, GrowthFallback::kFixedBaseline, {{"p1", {}, Day("2012-02-01")}}};
  EXPECT_THAT(Blamed(program), ElementsAre("program.growth", "program.growth.partners[0].baseline",
                                           "program.growth.partners[0].active_from"));
  program.growth = GrowthTerms{GrowthReference::kYearBefore, GrowthFallback::kFixedBaseline, {}};
  EXPECT_THAT(Blamed(program), ElementsAre("program.growth.partners"));
}

TEST(ProgramTest, MovesThroughItsLife) {
  const Program draft = Growth();
  const absl::Time now = At(2013, 11, 29);
  ASSERT_OK_AND_ASSIGN(const Program active, Activate(draft, now));
  EXPECT_EQ(active.state, ProgramState::kActive);
  EXPECT_EQ(active.version, 4);
  EXPECT_EQ(active.update_time, now);
  ASSERT_OK_AND_ASSIGN(const Program ended, End(active, now));
  EXPECT_EQ(ended.state, ProgramState::kEnded);
  EXPECT_EQ(ended.version, 5);

  EXPECT_THAT(Activate(active, now), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Activate(ended, now), HasReason(Reason::kStateConflict));
  EXPECT_THAT(End(draft, now), HasReason(Reason::kStateConflict));
  EXPECT_THAT(End(ended, now), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Revise(active, draft, now), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Revise(ended, draft, now), HasReason(Reason::kStateConflict));
}

TEST(ProgramTest, EndsWithThePeriodThatIsRunning) {
  const struct {
    const char* what;
    DateRange effective;
    const char* end;
  } kCases[] = {
      {"open", {Day("2010-10-01"), OpenEnd()}, "2014-01-01"},
      {"ends earlier anyway", {Day("2010-10-01"), Day("2012-01-01")}, "2012-01-01"},
      {"ends later", {Day("2010-10-01"), Day("2015-01-01")}, "2014-01-01"},
      {"begins in this period", {Day("2013-10-01"), OpenEnd()}, "2014-01-01"},
      {"never began", {Day("2014-01-01"), OpenEnd()}, "2014-01-01"},
      {"never would have begun for long", {Day("2020-01-01"), OpenEnd()}, "2020-01-01"},
  };
  for (const auto& c : kCases) {
    Program program = Growth();
    program.state = ProgramState::kActive;
    program.effective = c.effective;
    ASSERT_OK_AND_ASSIGN(const Program ended, End(program, At(2013, 12, 31)));
    EXPECT_EQ(ended.effective.end.ToString(), c.end) << c.what;
    EXPECT_EQ(ended.effective.start, program.effective.start) << c.what;
  }
}

TEST(ProgramTest, ARevisionKeepsItsIdentity) {
  const Program draft = Growth();
  Program other = Growth();
  other.id = "other";
  other.uid = Uuid::New(At(2013, 1, 1));
  other.version = 77;
  other.state = ProgramState::kActive;
  other.display_name = "Growth II";
  ASSERT_OK_AND_ASSIGN(const Program revised, Revise(draft, other, At(2013, 1, 2)));
  Program want = draft;
  want.display_name = "Growth II";
  want.version = 4;
  want.update_time = At(2013, 1, 2);
  EXPECT_EQ(revised, want);
}

TEST(ProgramTest, TheDayIsThatOfItsTimeZone) {
  Program program;
  program.time_zone = "Asia/Shanghai";
  EXPECT_EQ(DayOf(program, At(2013, 12, 31) + absl::Hours(-8)), Day("2013-12-31"));
  const absl::Time new_year = absl::FromCivil(absl::CivilSecond(2013, 12, 31, 16, 0, 0), absl::UTCTimeZone());
  EXPECT_EQ(StartOf(program, Day("2014-01-01")), new_year);
  EXPECT_EQ(DayOf(program, new_year), Day("2014-01-01"));
  EXPECT_EQ(DayOf(program, new_year - absl::Seconds(1)), Day("2013-12-31"));
}

TEST(PeriodTest, NamesMonthsQuartersAndYears) {
  const struct {
    PeriodKind kind;
    const char* day;
    const char* id;
    const char* start;
    const char* end;
  } kCases[] = {
      {PeriodKind::kMonth, "2013-11-29", "2013-11", "2013-11-01", "2013-12-01"},
      {PeriodKind::kMonth, "2013-12-31", "2013-12", "2013-12-01", "2014-01-01"},
      {PeriodKind::kQuarter, "2013-11-29", "2013Q4", "2013-10-01", "2014-01-01"},
      {PeriodKind::kYear, "2013-11-29", "2013", "2013-01-01", "2014-01-01"},
      {PeriodKind::kMonth, "1900-01-01", "1900-01", "1900-01-01", "1900-02-01"},
  };
  for (const auto& c : kCases) {
    const Period period = PeriodOf(c.kind, Day(c.day));
    EXPECT_EQ(period.id, c.id);
    EXPECT_EQ(period.range.start, Day(c.start)) << c.id;
    EXPECT_EQ(period.range.end, Day(c.end)) << c.id;
    EXPECT_THAT(ParsePeriod(c.kind, c.id), IsOkAndHolds(period));
  }
  for (const char* id : {"", "2013", "2013-13", "2013-00", "2013-1", "2013Q4", "2013/11", "0000-11", "1899-12"}) {
    EXPECT_FALSE(ParsePeriod(PeriodKind::kMonth, id).ok()) << id;
  }
  for (const char* id : {"", "13", "2013Q4", "2013-11", "20x3", "1800"}) {
    EXPECT_FALSE(ParsePeriod(PeriodKind::kYear, id).ok()) << id;
  }
  // The last days that a message may state have periods too.
  for (const PeriodKind kind : {PeriodKind::kMonth, PeriodKind::kQuarter, PeriodKind::kYear}) {
    const Period last = PeriodOf(kind, Day("9999-12-31"));
    EXPECT_TRUE(last.range.Contains(Day("9999-12-31"))) << last.id;
    EXPECT_EQ(last.range.end.days(), Day("9999-12-31").days() + 1) << last.id;
  }
  EXPECT_TRUE(Divides(PeriodKind::kMonth, PeriodKind::kQuarter));
  EXPECT_TRUE(Divides(PeriodKind::kQuarter, PeriodKind::kYear));
  EXPECT_FALSE(Divides(PeriodKind::kQuarter, PeriodKind::kQuarter));
  EXPECT_FALSE(Divides(PeriodKind::kYear, PeriodKind::kQuarter));
  EXPECT_FALSE(Divides(PeriodKind::kQuarter, PeriodKind::kMonth));
}

TEST(ProgramTest, IncludesLinesAndPartners) {
  LineFilter lines;
  EXPECT_TRUE(lines.Includes("products/a", ""));
  lines = {{"products/a"}, {"productLines/bikes"}, {"products/c"}, {"productLines/toys"}};
  EXPECT_TRUE(lines.Includes("products/a", "productLines/helmets"));
  EXPECT_TRUE(lines.Includes("products/b", "productLines/bikes"));
  EXPECT_FALSE(lines.Includes("products/b", "productLines/helmets"));
  EXPECT_FALSE(lines.Includes("products/c", "productLines/bikes")) << "excluded, whatever includes it";
  EXPECT_FALSE(lines.Includes("products/a", "productLines/toys"));
  Eligibility eligibility;
  EXPECT_TRUE(eligibility.Includes("p1"));
  eligibility.except_partners = {"p2"};
  EXPECT_TRUE(eligibility.Includes("p1"));
  EXPECT_FALSE(eligibility.Includes("p2"));
  eligibility.partners = {"p1", "p2"};
  EXPECT_TRUE(eligibility.Includes("p1"));
  EXPECT_FALSE(eligibility.Includes("p2"));
  EXPECT_FALSE(eligibility.Includes("p3"));
}

TEST(ProgramTest, TheDayIsThatOfUtc) {
  EXPECT_EQ(DayOf(Program(), At(2013, 12, 31)), Day("2013-12-31"));
  EXPECT_EQ(DayOf(Program(), At(2013, 12, 31) + absl::Seconds(1)), Day("2014-01-01"));
  EXPECT_EQ(DayOf(Program(), absl::UnixEpoch() - absl::Nanoseconds(1)), Day("1969-12-31"));
}

}  // namespace
}  // namespace tributary::incentive
