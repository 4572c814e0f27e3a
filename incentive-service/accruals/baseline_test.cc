#include "incentive-service/accruals/baseline.h"

#include <algorithm>
#include <random>

#include "common/status/status_matchers.h"

namespace tributary::incentive {
namespace {

Date BaselineDay(std::string_view text) { return *Date::Parse(text); }

Program Grows(GrowthReference reference, GrowthFallback fallback = GrowthFallback::kNotEligible) {
  Program program;
  program.id = "g";
  program.state = ProgramState::kActive;
  program.terms.currency = "USD";
  program.terms.scale.measure = Measure::kGrowth;
  program.terms.scale.tiers = {{Decimal(), Decimal()}, {*Decimal::Parse("1.1"), *Decimal::Parse("0.02")}};
  program.effective = {BaselineDay("2026-01-01"), OpenEnd()};
  program.growth = GrowthTerms{reference, fallback, {}};
  return program;
}

// Told at that position of shard 0.
FactLine Sold(int64_t seq, const char* partner, const char* date, int64_t amount) {
  FactLine line{.partner = partner, .fact = "shipments/S" + std::to_string(seq) + "/lines/1"};
  line.seq = seq;
  line.recorded_at = absl::FromUnixSeconds(seq);
  line.kind = amount < 0 ? FactKind::kReturn : FactKind::kLine;
  line.quantity = Decimal::FromInt(1);
  line.net = Decimal::FromInt(amount);
  line.currency = "USD";
  line.order_date = line.ship_date = line.order_basis = line.ship_basis = BaselineDay(date);
  return line;
}

Period QuarterNamed(const char* id) { return *ParsePeriod(PeriodKind::kQuarter, id); }

std::string TextOf(const std::optional<Baseline>& baseline) {
  if (!baseline.has_value()) return "none";
  return std::string(NameOf(baseline->outcome)) + " " + baseline->amount.ToString();
}

TEST(BaselineTest, TheReferenceIsThePeriodBeforeOrAYearBefore) {
  const auto reference = [](PeriodKind kind, GrowthReference of, const char* id) {
    Program program = Grows(of);
    program.period = kind;
    const std::optional<Period> found = ReferenceOf(program, *ParsePeriod(kind, id));
    return found.has_value() ? found->id : "none";
  };
  constexpr auto kBefore = GrowthReference::kPreviousPeriod, kYear = GrowthReference::kYearBefore;
  EXPECT_EQ(reference(PeriodKind::kQuarter, kBefore, "2026Q1"), "2025Q4");
  EXPECT_EQ(reference(PeriodKind::kQuarter, kYear, "2026Q1"), "2025Q1");
  EXPECT_EQ(reference(PeriodKind::kMonth, kBefore, "2026-01"), "2025-12");
  EXPECT_EQ(reference(PeriodKind::kMonth, kYear, "2024-02"), "2023-02");
  EXPECT_EQ(reference(PeriodKind::kYear, kBefore, "2026"), "2025");
  EXPECT_EQ(reference(PeriodKind::kYear, kYear, "2026"), "2025");
  EXPECT_EQ(reference(PeriodKind::kYear, GrowthReference::kFixed, "2026"), "none");
  Program plain = Grows(kYear);
  plain.growth.reset();
  EXPECT_FALSE(ReferenceOf(plain, QuarterNamed("2026Q1")).has_value());
}

TEST(BaselineTest, AReferenceKnowsWhatIsMeasuredAgainstIt) {
  const auto measured = [](PeriodKind kind, GrowthReference of, const char* date) {
    Program program = Grows(of);
    program.period = kind;
    std::string ids;
    for (const Period& period : MeasuredAgainst(program, BaselineDay(date))) ids += period.id + " ";
    return ids;
  };
  constexpr auto kBefore = GrowthReference::kPreviousPeriod, kYear = GrowthReference::kYearBefore;
  EXPECT_EQ(measured(PeriodKind::kQuarter, kBefore, "2025-12-31"), "2026Q1 ");
  EXPECT_EQ(measured(PeriodKind::kQuarter, kYear, "2025-01-01"), "2026Q1 ");
  EXPECT_EQ(measured(PeriodKind::kMonth, kBefore, "2025-12-31"), "2026-01 ");
  EXPECT_EQ(measured(PeriodKind::kMonth, kYear, "2024-02-29"), "2025-02 ");
  EXPECT_EQ(measured(PeriodKind::kYear, kBefore, "2024-06-01"), "2025 ");
  EXPECT_EQ(measured(PeriodKind::kYear, kYear, "2024-06-01"), "2025 ");
  EXPECT_EQ(measured(PeriodKind::kYear, GrowthReference::kFixed, "2024-06-01"), "");
  Program plain = Grows(kYear);
  plain.growth.reset();
  EXPECT_TRUE(MeasuredAgainst(plain, BaselineDay("2025-01-01")).empty());
}

TEST(BaselineTest, WhatIsToldBehindTheWatermarkMovesNothing) {
  const Program program = Grows(GrowthReference::kYearBefore);
  FactLine taken_back = Sold(2, "p1", "2025-02-02", 20);
  taken_back.reversed = Told{9, absl::FromUnixSeconds(9)};
  FactLine undone = Sold(3, "p1", "2025-02-03", 50);
  undone.reversed = Told{4, absl::FromUnixSeconds(4)};
  FactLine other_currency = Sold(5, "p1", "2025-02-04", 7);
  other_currency.currency = "EUR";
  FactLine returned = Sold(6, "p1", "2025-02-01", -30);
  returned.original = Told{1, absl::FromUnixSeconds(1)};
  std::vector<FactLine> lines = {
      Sold(1, "p1", "2025-02-01", 100), taken_back, undone, other_currency, returned, Sold(8, "p1", "2025-03-31", 1000),
      Sold(7, "p2", "2025-01-01", 5)};
  const Watermark frozen = {7};
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::shuffle(lines.begin(), lines.end(), std::mt19937(seed));
    const Baselines known(program, QuarterNamed("2026Q1"), lines, &frozen);
    EXPECT_EQ(TextOf(known.Of("p1")), "MEASURED 90");  // 100 + 20 - 30
    EXPECT_EQ(TextOf(known.Of("p2")), "MEASURED 5");
    EXPECT_EQ(TextOf(known.Of("p3")), "BASELINE_NOT_POSITIVE 0");
    const Baselines live(program, QuarterNamed("2026Q1"), lines, nullptr);
    EXPECT_EQ(TextOf(live.Of("p1")), "MEASURED 1070");  // 100 - 30 + 1,000
  }
}

TEST(BaselineTest, WhoWasTakenOverIsInTheSuccessorsBaseline) {
  const Program program = Grows(GrowthReference::kYearBefore);
  const std::vector<GroupLink> links = {
      {GroupRelation::kSuccessor, "p2", "p1", {BaselineDay("2026-02-01"), OpenEnd()}}};
  ASSERT_OK_AND_ASSIGN(const Earners earners, Earners::OfSuccessions(program, links, BaselineDay("2026-03-31")));
  std::vector<FactLine> lines = {Sold(1, "p1", "2025-02-01", 100), Sold(2, "p2", "2025-02-02", 20),
                                 Sold(9, "p2", "2025-02-03", 7)};
  earners.Attribute(program.basis, &lines);
  const Watermark frozen = {7};
  const Baselines baselines(program, QuarterNamed("2026Q1"), lines, &frozen, earners);
  EXPECT_EQ(TextOf(baselines.Of("p1")), "MEASURED 120");
  EXPECT_EQ(baselines.Of("p1")->facts.predecessors, std::vector<std::string>{"p2"});
  EXPECT_EQ(TextOf(baselines.Of("p2")), "TAKEN_OVER 0");
  EXPECT_EQ(baselines.Of("p2")->facts.successor, "p1");
  EXPECT_EQ(TextOf(baselines.Of("p3")), "BASELINE_NOT_POSITIVE 0");
}

TEST(BaselineTest, WhatWasAgreedStandsInForWhatIsMissing) {
  Program program = Grows(GrowthReference::kYearBefore, GrowthFallback::kFixedBaseline);
  program.growth->partners = {{"p1", Decimal::FromInt(500), {}}, {"p2", {}, BaselineDay("2025-02-15")}};
  const std::vector<FactLine> lines = {Sold(1, "p2", "2025-03-01", 45)};
  EXPECT_EQ(TextOf(Baselines(program, QuarterNamed("2026Q1"), lines, nullptr).Of("p1")), "MEASURED 500");
  EXPECT_EQ(TextOf(Baselines(program, QuarterNamed("2026Q1"), lines, nullptr).Of("p2")), "NOT_ACTIVE_THROUGHOUT 45");
  program.growth->fallback = GrowthFallback::kProrateByActiveDays;
  // 45 in the last 45 of 90 days.
  EXPECT_EQ(TextOf(Baselines(program, QuarterNamed("2026Q1"), lines, nullptr).Of("p2")), "MEASURED 90");
  program.growth->reference = GrowthReference::kFixed;
  EXPECT_EQ(TextOf(Baselines(program, QuarterNamed("2026Q1"), {}, nullptr).Of("p1")), "MEASURED 500");
  EXPECT_EQ(TextOf(Baselines(program, QuarterNamed("2026Q1"), {}, nullptr).Of("p2")), "BASELINE_NOT_POSITIVE 0");
  EXPECT_EQ(TextOf(Baselines().Of("p1")), "none");
}

}  // namespace
}  // namespace tributary::incentive
