#include "incentive-service/statements/entry.h"

#include <algorithm>
#include <random>

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

absl::Time At(std::string_view day) { return absl::UnixEpoch() + absl::Hours(24) * Day(day).days() + absl::Hours(4); }

// Scenario 1, by ship date, in CNY and the time of Shanghai: R1 by quarter, R2 by year and paid by quarter.
Program R1() {
  Program program;
  program.id = "r1";
  program.version = 2;
  program.state = ProgramState::kActive;
  program.basis = Basis::kSellIn;
  program.terms.scale = {
      Shape::kRetroactive, Bound::kFrom, {{Decimal(), D("0.02")}, {D("50000"), D("0.03")}, {D("100000"), D("0.04")}}};
  program.terms.currency = "CNY";
  program.effective = {Day("2026-01-01"), OpenEnd()};
  program.grace_days = 60;
  program.time_zone = "Asia/Shanghai";
  program.rate_type = "spot";
  return program;
}
Program R2() {
  Program program = R1();
  program.id = "r2";
  program.terms.scale = {
      Shape::kMarginal, Bound::kFrom, {{Decimal(), D("0")}, {D("100000"), D("0.01")}, {D("200000"), D("0.02")}}};
  program.period = PeriodKind::kYear;
  program.payout_period = PeriodKind::kQuarter;
  return program;
}

struct Sale {
  const char* document;
  const char* ship_date;
  const char* recorded;
  const char* net;
  const char* currency = "CNY";
  const char* returns = nullptr;
};
constexpr Sale kSales[] = {
    {"L1", "2026-01-15", "2026-01-15", "40000"},      {"L2", "2026-02-20", "2026-02-20", "5000", "USD"},
    {"L3", "2026-03-30", "2026-03-30", "20000.0050"}, {"L4", "2026-03-31", "2026-04-10", "6000"},
    {"L5", "2026-05-10", "2026-05-10", "60000"},      {"L6", "2026-05-20", "2026-05-20", "-2500", "USD", "L2"},
    {"L7", "2026-02-10", "2026-06-15", "30000"},
};
constexpr int64_t kCloseOfQ1 = 3;  // L1 to L3 had been told

std::vector<FactLine> Lines() {
  std::vector<FactLine> lines;
  for (const Sale& sale : kSales) {
    FactLine line;
    line.partner = "p1";
    line.document = sale.document;
    line.line = 1;
    line.fact = "shipments/" + line.document + "/lines/1";
    line.seq = static_cast<int64_t>(lines.size()) + 1;
    line.recorded_at = At(sale.recorded);
    line.order_date = line.order_basis = line.ship_date = line.ship_basis = Day(sale.ship_date);
    line.quantity = D("1");
    line.net = D(sale.net);
    line.currency = sale.currency;
    if (sale.returns != nullptr) {
      line.kind = FactKind::kReturn;
      line.refers = "shipments/" + std::string(sale.returns) + "/lines/1";
      const FactLine& original = lines[1];
      line.original = original.told();
      line.order_basis = line.ship_basis = original.ship_basis;
    }
    lines.push_back(std::move(line));
  }
  return lines;
}
std::vector<FactLine> Until(int64_t seq) {
  std::vector<FactLine> lines = Lines();
  std::erase_if(lines, [&](const FactLine& line) { return line.seq > seq; });
  return lines;
}
std::vector<FactLine> Within(const DateRange& days, std::vector<FactLine> lines) {
  std::erase_if(lines, [&](const FactLine& line) { return !days.Contains(line.ship_basis); });
  return lines;
}
Rates RatesOfUsd() {
  return {{{"USD", Day("2026-02-20")}, *Rational::ParseDecimal("7.1234")},
          {{"USD", Day("2026-05-20")}, *Rational::ParseDecimal("7.0000")}};
}
const Period kQ1 = PeriodOf(PeriodKind::kQuarter, *Date::FromYmd(2026, 1, 1));
const Period kQ2 = PeriodOf(PeriodKind::kQuarter, *Date::FromYmd(2026, 4, 1));

ClosedPeriod Close(const Program& program, const Period& scale, int64_t seq) {
  return ClosedPeriodOf(program, scale, Watermark{seq});
}

TEST(EntryTest, TheQuarterThatWillNotStayClosed) {
  const Rates rates = RatesOfUsd();
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    const auto shuffled = [&](std::vector<FactLine> lines) {
      if (round > 0) std::shuffle(lines.begin(), lines.end(), random);
      return lines;
    };
    // 95,617.0050 x 3 % = 2,868.51015
    ASSERT_OK_AND_ASSIGN(const StatedPeriod q1, StatePeriod(R1(), kQ1, shuffled(Until(kCloseOfQ1)), rates, {}));
    ASSERT_THAT(q1.entries, SizeIs(1));
    const StatementEntry& earned = q1.entries[0].entry;
    EXPECT_EQ(earned.amount(), 286851);
    EXPECT_EQ(earned.pricing.amount, Rational(D("95617.0050")));
    ASSERT_THAT(earned.lines, SizeIs(3));
    EXPECT_EQ(earned.lines[0].share, 120000);
    EXPECT_EQ(earned.lines[1].share, 106851);
    EXPECT_EQ(earned.lines[2].share, 60000);
    ASSERT_OK_AND_ASSIGN(const StatedPeriod nothing, StatePeriod(R2(), kQ1, shuffled(Until(kCloseOfQ1)), rates, {}));
    EXPECT_EQ(nothing.total, 0);

    // L4 +1,196.17; L6 at L2's rate -1,550.42; L7 comes after the days of grace.
    const ClosedPeriod close = Close(R1(), kQ1, kCloseOfQ1);
    const std::vector<FactLine> first_quarter = shuffled(Within(kQ1.range, Lines()));
    ASSERT_OK_AND_ASSIGN(const std::vector<TrueUp> true_ups, TrueUpsOf(R1(), close, first_quarter, rates));
    std::vector<std::pair<std::string, int64_t>> amounts;
    for (const TrueUp& true_up : true_ups) amounts.emplace_back(true_up.fact, true_up.amount);
    EXPECT_THAT(amounts, ElementsAre(std::pair("partners/p1/shipments/L4/lines/1", 119617),
                                     std::pair("partners/p1/shipments/L6/lines/1", -155042),
                                     std::pair("partners/p1/shipments/L7/lines/1", 0)));

    ASSERT_OK_AND_ASSIGN(const StatementEntry true_up,
                         StateTrueUp(R1(), kQ1, close, kQ2.id, first_quarter, rates, 286851));
    EXPECT_EQ(true_up.amount(), -35425);
    EXPECT_EQ(true_up.value, 251426);
    EXPECT_EQ(true_up.kind, StatementEntryKind::kTrueUp);
    EXPECT_THAT(true_up.lines, SizeIs(5));
    EXPECT_EQ(WhyAbsent(R1(), Lines()[6], &close), AbsenceReason::kLateBeyondGrace);

    // The true-ups are no part of the second quarter. R2's year is open: 173,808.5050 -> 738.08505.
    ASSERT_OK_AND_ASSIGN(const StatedPeriod q2,
                         StatePeriod(R1(), kQ2, shuffled(Within(kQ2.range, Lines())), rates, {}));
    EXPECT_EQ(q2.total, 180000);
    ASSERT_OK_AND_ASSIGN(const StatedPeriod year, StatePeriod(R2(), kQ2, shuffled(Lines()), rates, {{"p1", 0}}));
    ASSERT_THAT(year.entries, SizeIs(1));
    EXPECT_EQ(year.entries[0].entry.pricing.amount, Rational(D("173808.5050")));
    EXPECT_EQ(year.total, 73809);
    EXPECT_EQ(q2.total + true_up.amount() + year.total, 218384);
  }
  // A world in which L2 was half as much, nothing went back and all was told in time pays 2,514.26 at once.
  std::vector<FactLine> world = Until(4);
  world[1].net = D("2500");
  ASSERT_OK_AND_ASSIGN(const StatedPeriod at_once, StatePeriod(R1(), kQ1, world, rates, {}));
  EXPECT_EQ(at_once.total, 251426);
}

TEST(EntryTest, GraceIsForAdditionsAndClawbackForReductions) {
  Program program = R1();
  program.clawback_days = 90;
  const ClosedPeriod close = Close(program, kQ1, kCloseOfQ1);
  const auto at = [](int day) { return StartOf(R1(), Day("2026-04-01").AddDays(day)); };
  const struct {
    const char* what;
    const char* net;
    int64_t seq;
    absl::Time recorded_at;
    std::optional<AbsenceReason> reason;
  } kCases[] = {
      {"behind the watermark, however late", "5", 3, at(400), std::nullopt},
      {"the last moment of grace", "5", 4, at(60) - absl::Microseconds(1), std::nullopt},
      {"after it", "5", 4, at(60), AbsenceReason::kLateBeyondGrace},
      {"a reduction after grace", "-5", 4, at(60), std::nullopt},
      {"the last moment of clawback", "-5", 4, at(90) - absl::Microseconds(1), std::nullopt},
      {"after it", "-5", 4, at(90), AbsenceReason::kLateBeyondClawback},
      {"nothing", "0", 4, at(60), AbsenceReason::kLateBeyondGrace},
  };
  for (const auto& c : kCases) {
    FactLine line = Lines()[0];
    line.net = D(c.net);
    line.seq = c.seq;
    line.recorded_at = c.recorded_at;
    EXPECT_EQ(WhyAbsent(program, line, &close), c.reason) << c.what;
    EXPECT_EQ(WhyAbsent(program, line, nullptr), std::nullopt) << c.what << ", in an open period";
  }
  // What takes a line back lowers the amount; what takes a return back raises it.
  FactLine line = Lines()[0];
  line.reversed = Told{9, at(70)};
  EXPECT_EQ(WhyAbsent(program, line, &close), AbsenceReason::kReversed);
  line.reversed = Told{9, at(95)};
  EXPECT_EQ(WhyAbsent(program, line, &close), std::nullopt) << "the reversal comes too late";
  FactLine back = Lines()[5];
  back.reversed = Told{9, at(70)};
  EXPECT_EQ(WhyAbsent(program, back, &close), std::nullopt) << "the return still counts";
  back.reversed = Told{9, at(59)};
  EXPECT_EQ(WhyAbsent(program, back, &close), AbsenceReason::kReversed);
  // A return of a line that never counted.
  back.reversed.reset();
  back.original = Told{4, at(61)};
  EXPECT_EQ(WhyAbsent(program, back, &close), AbsenceReason::kReturnsUncountedLine);
}

// Additions and returns in a closed period: what was stated and what true-ups say sum to the value of a world where all
// was in time. 4,900 at 2 %, late 200, a return of 150: 98.00 + 106.00 - 105.00 = 99.00 = 4,950 x 2 %.
TEST(EntryTest, TrueUpsTelescope) {
  Program program = R1();
  program.grace_days.reset();
  program.terms.scale.tiers = {{Decimal(), D("0.02")}, {D("5000"), D("0.04")}};
  std::vector<FactLine> lines = {Lines()[0], Lines()[3], Lines()[5]};
  lines[0].net = D("4900");
  lines[1].net = D("200");
  lines[2].net = D("-150");
  lines[2].currency = "CNY";
  for (size_t i = 0; i < lines.size(); ++i) lines[i].seq = static_cast<int64_t>(i) + 1;
  const ClosedPeriod close = Close(program, kQ1, 1);
  ASSERT_OK_AND_ASSIGN(const std::vector<TrueUp> true_ups, TrueUpsOf(program, close, lines, {}));
  ASSERT_THAT(true_ups, SizeIs(2));
  EXPECT_EQ(true_ups[0].amount, 10600);
  EXPECT_EQ(true_ups[1].amount, -10500);
  EXPECT_EQ(true_ups[1].value_after, 9900);
  ASSERT_OK_AND_ASSIGN(const StatementEntry entry, StateTrueUp(program, kQ1, close, "2026Q2", lines, {}, 9800));
  EXPECT_EQ(entry.amount(), 100);

  // Of a shard that had told nothing when the period was closed, all is late.
  ASSERT_OK_AND_ASSIGN(const std::vector<TrueUp> all, TrueUpsOf(program, Close(program, kQ1, 0), lines, {}));
  EXPECT_THAT(all, SizeIs(3));
  for (FactLine& line : lines) line.shard = 7;
  ASSERT_OK_AND_ASSIGN(const std::vector<TrueUp> beyond, TrueUpsOf(program, close, lines, {}));
  EXPECT_THAT(beyond, SizeIs(3));
  for (FactLine& line : lines) line.shard = 0;

  // A late line and its late reversal leave nothing.
  lines[1].reversed = Told{9, At("2026-04-20")};
  std::erase_if(lines, [](const FactLine& line) { return line.kind == FactKind::kReturn; });
  ASSERT_OK_AND_ASSIGN(const std::vector<TrueUp> gone, TrueUpsOf(program, close, lines, {}));
  ASSERT_THAT(gone, SizeIs(2));
  EXPECT_EQ(gone[0].amount + gone[1].amount, 0);
}

// What one event tells, two parts of a payment for instance, has one position: in whatever order lines are read, the
// same is told of each. 90,000 at 3 %, from 100,000 on 4 %: the first of two that reach it together re-rates all.
TEST(EntryTest, WhatIsToldAtOnceIsTruedUpByName) {
  std::vector<FactLine> lines = {Lines()[0], Lines()[3], Lines()[3], Lines()[3]};
  lines[0].net = D("90000");
  for (size_t i = 0; i < lines.size(); ++i) {
    lines[i].seq = i == 0 ? 1 : 2;
    lines[i].fact = "lines/" + std::to_string(i);
  }
  lines[1].net = D("10000");
  lines[2].net = D("1000");
  lines[3].reversed = Told{2, At("2026-04-10")};
  const ClosedPeriod close = Close(R1(), kQ1, 1);
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(lines.begin(), lines.end(), random);
    ASSERT_OK_AND_ASSIGN(const std::vector<TrueUp> true_ups, TrueUpsOf(R1(), close, lines, {}));
    std::vector<std::pair<std::string, int64_t>> amounts;
    for (const TrueUp& true_up : true_ups) amounts.emplace_back(true_up.fact, true_up.amount);
    EXPECT_THAT(amounts,
                ElementsAre(std::pair("partners/p1/lines/1", 130000), std::pair("partners/p1/lines/2", 4000),
                            std::pair("partners/p1/lines/3", 24000), std::pair("partners/p1/lines/3", -24000)));
  }
}

TEST(EntryTest, WhatHasNoRateWaits) {
  ASSERT_OK_AND_ASSIGN(const StatedPeriod q1, StatePeriod(R1(), kQ1, Until(3), {}, {}));
  ASSERT_THAT(q1.entries, SizeIs(1));
  EXPECT_EQ(q1.unpriced_lines, 1);
  EXPECT_EQ(q1.entries[0].entry.pricing.amount, Rational(D("60000.0050")));
  EXPECT_EQ(q1.total, 180000);
  ASSERT_THAT(q1.entries[0].entry.lines, SizeIs(3));
  EXPECT_EQ(q1.entries[0].entry.lines[1].share, 0);
  // The rate comes after the close.
  const ClosedPeriod close = Close(R1(), kQ1, 3);
  ASSERT_OK_AND_ASSIGN(const StatementEntry entry,
                       StateTrueUp(R1(), kQ1, close, "2026Q2", Until(3), RatesOfUsd(), 180000));
  EXPECT_EQ(entry.amount(), 286851 - 180000);
}

// Of a partner whose lines are all gone, what was stated is taken back.
TEST(EntryTest, WhatWasStatedOfLinesThatAreGoneComesBack) {
  ASSERT_OK_AND_ASSIGN(const StatedPeriod year, StatePeriod(R2(), kQ2, {}, {}, {{"p0", 0}, {"p1", 500}, {"p9", -3}}));
  ASSERT_THAT(year.entries, SizeIs(2));
  EXPECT_EQ(year.entries[0].partner, "p1");
  EXPECT_EQ(year.entries[0].entry.amount(), -500);
  EXPECT_EQ(year.entries[1].entry.amount(), 3);
  EXPECT_THAT(year.entries[0].entry.lines, IsEmpty());
}

// Splitting a line of another currency changes nothing, whatever the rate.
TEST(EntryTest, WhoBuysNothingMissesItsTargetToo) {
  Program program = R1();
  program.terms.scale = {Shape::kTarget, Bound::kFrom, {{D("50000"), Decimal(), D("800")}}};
  program.terms.max_penalty = D("1000");
  program.eligibility = {.partners = {"p0", "p1", "p2", "p9"}, .except_partners = {"p9"}};
  std::vector<FactLine> lines = Within(kQ1.range, Until(kCloseOfQ1));
  ASSERT_OK_AND_ASSIGN(const StatedPeriod stated, StatePeriod(program, kQ1, lines, RatesOfUsd(), {}));
  ASSERT_THAT(stated.entries, SizeIs(3));
  EXPECT_EQ(stated.entries[0].partner, "p0");
  EXPECT_EQ(stated.entries[0].entry.value, -80000);
  EXPECT_THAT(stated.entries[0].entry.lines, IsEmpty());
  EXPECT_EQ(stated.entries[1].partner, "p1");  // 95,617.0050 reaches it
  EXPECT_EQ(stated.entries[1].entry.value, 0);
  EXPECT_EQ(stated.entries[2].partner, "p2");
  // Whom a program does not name has a line or is not spoken of.
  program.eligibility = {};
  ASSERT_OK_AND_ASSIGN(const StatedPeriod open, StatePeriod(program, kQ1, lines, RatesOfUsd(), {}));
  EXPECT_THAT(open.entries, SizeIs(1));
}

TEST(EntryTest, SplittingALineChangesNothing) {
  const Rates rates = {{{"USD", Day("2026-02-20")}, *Rational::ParseDecimal("7.123456789012")}};
  std::vector<FactLine> whole = {Lines()[1]}, split = {Lines()[1], Lines()[1]};
  split[0].net = D("1666.666667");
  split[1].net = D("3333.333333");
  split[1].fact += "b";
  ASSERT_OK_AND_ASSIGN(const StatedPeriod a, StatePeriod(R1(), kQ1, whole, rates, {}));
  ASSERT_OK_AND_ASSIGN(const StatedPeriod b, StatePeriod(R1(), kQ1, split, rates, {}));
  EXPECT_EQ(a.entries[0].entry.pricing.amount, b.entries[0].entry.pricing.amount);
  EXPECT_EQ(a.total, b.total);
  EXPECT_EQ(b.entries[0].entry.lines[0].share + b.entries[0].entry.lines[1].share, b.total);
}

TEST(EntryTest, LinesOfWhomItTookOverCountWithItsOwn) {
  Program program = R1();
  program.rate_type.clear();
  program.terms.scale.measure = Measure::kGrowth;
  program.terms.scale.tiers = {{Decimal(), Decimal()}, {D("1.1"), D("0.02")}};
  program.growth = GrowthTerms{GrowthReference::kFixed, GrowthFallback::kNotEligible, {{"p1", D("80000"), {}}}};
  // One document and line of both, so that the names settle the order.
  std::vector<FactLine> lines(2);
  for (FactLine& line : lines) {
    const bool own = &line == &lines[0];
    line.partner = own ? "p1" : "p1-old";
    line.earner = own ? "" : "p1";
    line.document = "D";
    line.line = 1;
    line.fact = "shipments/D/lines/1";
    line.shard = own ? 0 : 1;
    line.seq = own ? 1 : 5;
    line.recorded_at = At(own ? "2026-02-02" : "2026-02-03");
    line.order_date = line.order_basis = line.ship_date = line.ship_basis = Day("2026-02-01");
    line.quantity = D("1");
    line.net = D(own ? "40000" : "60000");
    line.currency = "CNY";
  }
  const Baselines baselines(program, kQ1, {}, nullptr);
  ASSERT_OK_AND_ASSIGN(const StatedPeriod stated, StatePeriod(program, kQ1, lines, {}, {}, baselines));
  ASSERT_THAT(stated.entries, SizeIs(1));
  EXPECT_EQ(stated.entries[0].partner, "p1");
  EXPECT_EQ(stated.entries[0].entry.amount(), 200000);
  const std::vector<StatementLine>& said = stated.entries[0].entry.lines;
  ASSERT_THAT(said, SizeIs(2));
  EXPECT_EQ(said[0].name("p1"), "partners/p1-old/shipments/D/lines/1");
  EXPECT_EQ(said[0].share, 120000);
  EXPECT_EQ(said[1].name("p1"), "partners/p1/shipments/D/lines/1");
  EXPECT_EQ(said[1].share, 80000);
  // A line of the predecessor that came behind the watermark is a true-up of the successor's.
  const ClosedPeriod close = Close(program, kQ1, 1);
  ASSERT_OK_AND_ASSIGN(const std::vector<TrueUp> true_ups, TrueUpsOf(program, close, lines, {}, baselines.Of("p1")));
  ASSERT_THAT(true_ups, SizeIs(1));
  EXPECT_EQ(true_ups[0].fact, "partners/p1-old/shipments/D/lines/1");
  EXPECT_EQ(true_ups[0].amount, 200000);
  // For the predecessor itself the line counts elsewhere.
  Baseline taken_over;
  taken_over.outcome = GrowthOutcome::kTakenOver;
  ASSERT_OK_AND_ASSIGN(const std::vector<JudgedLine> judged, JudgeLines(program, nullptr, {lines[1]}, {}, taken_over));
  ASSERT_THAT(judged, SizeIs(1));
  EXPECT_EQ(judged[0].absent, AbsenceReason::kCountsWithSuccessor);
  EXPECT_EQ(judged[0].line.share, 0);
  EXPECT_THAT(*TrueUpsOf(program, close, {lines[1]}, {}, taken_over), IsEmpty());
}

// R2c: two members that brought the same share an odd cent by name, their lines by their place.
TEST(EntryTest, AGroupIsStatedAtItsEarner) {
  Program program = R1();
  program.rate_type.clear();
  program.rolls_up = true;
  std::vector<FactLine> lines;
  const auto sold = [&](const char* partner, const char* earner, const char* date, const char* net) {
    FactLine& line = lines.emplace_back();
    line.partner = partner;
    line.earner = earner;
    line.document = "D" + std::to_string(lines.size());
    line.line = 1;
    line.fact = "shipments/" + line.document + "/lines/1";
    line.seq = static_cast<int64_t>(lines.size());
    line.recorded_at = At(date);
    line.order_date = line.order_basis = line.ship_date = line.ship_basis = Day(date);
    line.quantity = D("1");
    line.net = D(net);
    line.currency = "CNY";
  };
  sold("m1", "", "2026-01-31", "5000");  // before it earned with the head
  sold("m1", "head", "2026-03-02", "25000.15");
  sold("m2", "head", "2026-03-01", "25000.15");
  ASSERT_OK_AND_ASSIGN(const StatedPeriod stated, StatePeriod(program, kQ1, lines, {}, {}));
  ASSERT_THAT(stated.entries, SizeIs(2));
  EXPECT_EQ(stated.entries[0].partner, "head");
  const StatementEntry& entry = stated.entries[0].entry;
  EXPECT_EQ(entry.amount(), 150001);  // 50,000.30 at 3 % is 1,500.009
  EXPECT_THAT(entry.pricing.members,
              ElementsAre(MemberVolume{"m1", D("25000.15"), 1}, MemberVolume{"m2", D("25000.15"), 1}));
  EXPECT_THAT(ShareGroupRebate(entry.value, entry.pricing.members),
              ElementsAre(MemberShare{"m1", 75001}, MemberShare{"m2", 75000}));
  ASSERT_THAT(entry.lines, SizeIs(2));
  EXPECT_EQ(entry.lines[0].name("head"), "partners/m2/shipments/D3/lines/1");
  EXPECT_EQ(entry.lines[0].share, 75001);
  EXPECT_EQ(entry.lines[1].name("head"), "partners/m1/shipments/D2/lines/1");
  EXPECT_EQ(stated.entries[1].partner, "m1");
  EXPECT_EQ(stated.entries[1].entry.amount(), 10000);
  EXPECT_THAT(stated.entries[1].entry.pricing.members, IsEmpty());
  // The member sees all of its own lines, and which of them count elsewhere.
  ASSERT_OK_AND_ASSIGN(const std::vector<JudgedLine> judged,
                       JudgeLines(program, nullptr, {lines[1], lines[0]}, {}, {}, {}, "m1"));
  ASSERT_THAT(judged, SizeIs(2));
  EXPECT_EQ(judged[0].line.share, 10000);
  EXPECT_FALSE(judged[0].absent.has_value());
  EXPECT_EQ(judged[1].line.share, 0);
  EXPECT_EQ(judged[1].absent, AbsenceReason::kCountsWithGroup);
  // What was told behind the close's watermark is a true-up of the earner's.
  const ClosedPeriod close = Close(program, kQ1, 2);
  ASSERT_OK_AND_ASSIGN(const std::vector<TrueUp> true_ups, TrueUpsOf(program, close, EarnedBy("head", lines), {}));
  ASSERT_THAT(true_ups, SizeIs(1));
  EXPECT_EQ(true_ups[0].fact, "partners/m2/shipments/D3/lines/1");
  EXPECT_EQ(true_ups[0].amount, 100001);  // 25,000.15 at 2 % were 500.00
}

// A free line is given, it is no base; what earlier entries stated is taken off, and an entry may state goods alone.
TEST(EntryTest, FreeGoodsAreStatedInUnits) {
  Program program = R1();
  program.terms.scale = {Shape::kFlat, Bound::kFrom, {{Decimal(), Decimal()}}, Measure::kFreeGoods};
  program.terms.free_goods = FreeGoodsTerms{D("100"), D("2"), FreeGoodsScope::kOrder, FreeGoodsKind::kExclusive};
  std::vector<FactLine> lines = {Lines()[0], Lines()[0], Lines()[2]};
  lines[0].quantity = D("250");
  lines[1].fact += "b";
  lines[1].line = 2;
  lines[1].quantity = D("2");
  lines[1].net = Decimal();
  lines[2].quantity = D("99");
  ASSERT_OK_AND_ASSIGN(const StatedPeriod stated, StatePeriod(program, kQ1, lines, {}, {}));
  ASSERT_THAT(stated.entries, SizeIs(1));
  const StatementEntry& entry = stated.entries[0].entry;
  EXPECT_EQ(entry.amount(), 0);
  ASSERT_TRUE(entry.goods.has_value());
  EXPECT_EQ(entry.goods->work, (GoodsWork{D("349"), D("4"), D("2")}));
  EXPECT_EQ(entry.lines[1].counted_as, 1);
  EXPECT_EQ(entry.lines[2].counted_as, 2);
  const ClosedPeriod close = Close(program, kQ1, 9);
  ASSERT_OK_AND_ASSIGN(const StatementEntry same, StateTrueUp(program, kQ1, close, kQ2.id, lines, {}, 0, {}, D("4")));
  EXPECT_TRUE(same.says_nothing());
  ASSERT_OK_AND_ASSIGN(const StatementEntry less, StateTrueUp(program, kQ1, close, kQ2.id, lines, {}, 0, {}, D("6")));
  EXPECT_FALSE(less.says_nothing());
  EXPECT_EQ(less.goods->units(), D("-2"));
}

// 10,000 of 40,000 and 5,000 of 20,000.005; what the third cost becomes known later.
TEST(EntryTest, AMarginWaitsForWhatUnitsCost) {
  Program program = R1();
  program.rate_type.clear();
  program.terms.scale = {Shape::kRetroactive, Bound::kFrom, {{Decimal(), D("0.02")}}, Measure::kMargin};
  program.terms.margin = MarginTerms{.of = MarginOf::kVendor, .discloses_costs = true};
  std::vector<FactLine> lines = {Lines()[0], Lines()[2], Lines()[3]};
  lines[0].unit_cost = Rational(D("30000"));
  lines[1].unit_cost = Rational(D("15000.005"));
  ASSERT_OK_AND_ASSIGN(const StatedPeriod stated, StatePeriod(program, kQ1, lines, {}, {}));
  ASSERT_THAT(stated.entries, SizeIs(1));
  const StatementEntry& entry = stated.entries[0].entry;
  EXPECT_EQ(entry.value, 30000);
  EXPECT_EQ(entry.pricing.amount, Rational(D("66000.005")));
  EXPECT_EQ(entry.pricing.margin, (MarginSums{D("60000.005"), Rational(D("45000.005")), 1}));
  EXPECT_TRUE(entry.pricing.waits());
  EXPECT_EQ(entry.lines[0].share, 20000);
  EXPECT_EQ(entry.lines[1].share, 10000);
  EXPECT_EQ(entry.lines[1].unit_cost, Rational(D("15000.005")));
  EXPECT_EQ(entry.lines[2].share, 0);
  EXPECT_EQ(entry.lines[2].unit_cost, std::nullopt);
  ASSERT_OK_AND_ASSIGN(const std::vector<JudgedLine> judged, JudgeLines(program, nullptr, lines, {}));
  EXPECT_EQ(judged[1].absent, std::nullopt);
  EXPECT_EQ(judged[2].absent, AbsenceReason::kNoCost);

  // Paid on the net amount shares go by that.
  program.terms.margin->pays = MarginPays::kNet;
  ASSERT_OK_AND_ASSIGN(const StatedPeriod on_net, StatePeriod(program, kQ1, lines, {}, {}));
  EXPECT_EQ(on_net.entries[0].entry.value, 120000);
  EXPECT_EQ(on_net.entries[0].entry.lines[0].share, 80000);
  EXPECT_EQ(on_net.entries[0].entry.lines[2].share, 0);
  program.terms.margin->pays = MarginPays::kMargin;

  lines[2].unit_cost = Rational(D("5000"));
  const ClosedPeriod close = Close(program, kQ1, 9);
  ASSERT_OK_AND_ASSIGN(const StatementEntry known, StateTrueUp(program, kQ1, close, kQ2.id, lines, {}, entry.value));
  EXPECT_EQ(known.amount(), 2000);
  EXPECT_FALSE(known.pricing.waits());
}

// 10,000 less are brought than came back before: 2 % of 50,000.0050, which the lines share by their own amounts.
TEST(EntryTest, WhatWasBelowNothingIsMadeUpForFirst) {
  Program program = R1();
  program.rate_type.clear();
  program.terms.carry_negative = true;
  program.terms.scale = {Shape::kFlat, Bound::kFrom, {{Decimal(), D("0.02")}}};
  const std::vector<FactLine> lines = {Lines()[0], Lines()[2]};  // 40,000 and 20,000.0050
  Carried carried;
  carried.Add({"2025Q4", D("-10000"), D("-5")});
  ASSERT_OK_AND_ASSIGN(const StatedPeriod stated,
                       StatePeriod(program, kQ1, lines, {}, {}, {}, {}, {}, {{"p1", carried}, {"p2", carried}}));
  ASSERT_THAT(stated.entries, SizeIs(1));
  const StatementEntry& entry = stated.entries[0].entry;
  EXPECT_EQ(entry.amount(), 100000);
  EXPECT_EQ(entry.pricing.amount, Rational(D("60000.0050")));
  EXPECT_EQ(entry.pricing.carried, carried);
  EXPECT_EQ(entry.lines[0].share, 66667);
  EXPECT_EQ(entry.lines[1].share, 33333);
  // More than there is: nothing is paid, and what is left is carried on.
  Carried more;
  more.Add({"2025Q3", D("-60000.0051"), D("-5")});
  ASSERT_OK_AND_ASSIGN(const StatedPeriod nothing,
                       StatePeriod(program, kQ1, lines, {}, {}, {}, {}, {}, {{"p1", more}}));
  EXPECT_EQ(nothing.entries[0].entry.amount(), 0);
  more.Add({"2026Q1", D("60000.0050"), D("2")});
  EXPECT_EQ(more.amount, D("-0.0001"));
  // Once it is known that less came back, the closed period is worth more.
  const ClosedPeriod close = Close(program, kQ1, 9);
  ASSERT_OK_AND_ASSIGN(const StatementEntry true_up,
                       StateTrueUp(program, kQ1, close, kQ2.id, lines, {}, 0, {}, {}, {}, carried));
  EXPECT_EQ(true_up.amount(), 100000);
  ASSERT_OK_AND_ASSIGN(const std::vector<JudgedLine> judged,
                       JudgeLines(program, &close, lines, {}, {}, {}, {}, carried));
  EXPECT_EQ(judged[0].line.share, 66667);
  ASSERT_OK_AND_ASSIGN(const std::vector<TrueUp> late,
                       TrueUpsOf(program, Close(program, kQ1, 1), lines, {}, {}, {}, carried));
  ASSERT_THAT(late, SizeIs(1));
  EXPECT_EQ(late[0].amount, 40000);  // 2 % of 30,000 were 600.00
}

// 40,000 that were brought along reach the third tier together with 60,000 of lines: 4 % of 100,000.
TEST(EntryTest, WhatWasBroughtAlongCountsAsLinesDo) {
  Program program = R1();
  program.rate_type.clear();
  const std::vector<FactLine> lines = {Lines()[0], Lines()[2]};  // 40,000 and 20,000.0050
  Carried opened;
  opened.opening = OpeningVolume{"openingBalances/live", "GL-1", D("40000"), D("7"), 90000};
  const CarriedInto into = {{"p1", opened}, {"p3", opened}};
  ASSERT_OK_AND_ASSIGN(const StatedPeriod stated,
                       StatePeriod(program, kQ1, lines, {}, {{"p1", 1000}}, {}, {}, {}, into));
  ASSERT_THAT(stated.entries, SizeIs(2));
  const StatementEntry& entry = stated.entries[0].entry;
  EXPECT_EQ(entry.value, 400000);
  EXPECT_EQ(entry.stated_before, 91000);  // what was stated, and what was paid before
  EXPECT_EQ(entry.pricing.amount, Rational(D("60000.0050")));
  EXPECT_EQ(entry.pricing.carried, opened);
  EXPECT_EQ(entry.lines[0].share, 160000);
  EXPECT_EQ(entry.lines[1].share, 80000);  // 160,000 are left
  // Who has no line: 2 % of 40,000.
  EXPECT_EQ(stated.entries[1].partner, "p3");
  EXPECT_EQ(stated.entries[1].entry.value, 80000);
  EXPECT_EQ(stated.entries[1].entry.amount(), -10000);
  ASSERT_OK_AND_ASSIGN(const StatementEntry true_up, StateTrueUp(program, kQ1, Close(program, kQ1, 9), kQ2.id,
                                                                 {lines[0]}, {}, 310000, {}, {}, {}, opened));
  EXPECT_EQ(true_up.value, 240000);  // 3 % of 80,000
  EXPECT_EQ(true_up.amount(), -160000);
  // By units, it shares by units.
  program.terms.scale = {Shape::kPerUnit, Bound::kFrom, {{Decimal(), {}, D("1")}}, Measure::kQuantity};
  FactLine three = Lines()[0];
  three.quantity = D("3");
  ASSERT_OK_AND_ASSIGN(const StatedPeriod units, StatePeriod(program, kQ1, {three}, {}, {}, {}, {}, {}, into));
  EXPECT_EQ(units.entries[0].entry.value, 1000);
  EXPECT_EQ(units.entries[0].entry.lines[0].share, 300);
}

// A period that is cut in two at any place, the first part brought along, is worth what the whole is.
TEST(EntryTest, WhatIsBroughtAlongIsWorthWhatItsLinesWere) {
  std::mt19937 random(7);
  const auto below = [&](int bound) { return static_cast<int>(random() % static_cast<unsigned>(bound)); };
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE(round);
    Program program = R1();
    program.rate_type.clear();
    const bool by_units = round % 3 == 0;
    const Shape shape = by_units ? Shape::kPerUnit : round % 2 == 0 ? Shape::kMarginal : Shape::kRetroactive;
    program.terms.scale.shape = shape;
    if (by_units) program.terms.scale = {shape, Bound::kFrom, {{{}, {}, D("1")}, {D("20"), {}, D("1.5")}}};
    if (by_units) program.terms.scale.measure = Measure::kQuantity;
    std::vector<FactLine> lines;
    for (int i = 0; i < 6; ++i) {
      FactLine line = Lines()[0];
      line.document = "D" + std::to_string(i);
      line.fact = "shipments/" + line.document + "/lines/1";
      line.quantity = Decimal::FromInt(1 + below(9));
      line.net = Decimal::FromMicros(int64_t{1 + below(40000)} * 1000100);
      lines.push_back(std::move(line));
    }
    ASSERT_OK_AND_ASSIGN(const StatedPeriod whole, StatePeriod(program, kQ1, lines, {}, {}));
    const int cut = 1 + below(5);
    Carried carried;
    carried.opening = OpeningVolume{.balance = "openingBalances/live", .document = "GL-1"};
    for (int i = 0; i < cut; ++i) {
      carried.opening->amount += lines[i].net;
      carried.opening->quantity += lines[i].quantity;
    }
    lines.erase(lines.begin(), lines.begin() + cut);
    ASSERT_OK_AND_ASSIGN(const StatedPeriod begun,
                         StatePeriod(program, kQ1, {lines[0]}, {}, {}, {}, {}, {}, {{"p1", carried}}));
    ASSERT_OK_AND_ASSIGN(const StatedPeriod rest,
                         StatePeriod(program, kQ1, lines, {}, {}, {}, {}, {}, {{"p1", carried}}));
    EXPECT_EQ(rest.entries.at(0).entry.value, whole.entries.at(0).entry.value);
    // What was paid of it is not paid again.
    carried.opening->paid = begun.entries.at(0).entry.value;
    ASSERT_OK_AND_ASSIGN(const StatedPeriod paid,
                         StatePeriod(program, kQ1, lines, {}, {}, {}, {}, {}, {{"p1", carried}}));
    EXPECT_EQ(paid.total + carried.opening->paid, whole.total);
  }
}

TEST(EntryTest, AScorePaysByItsLowEnd) {
  Program program = R1();
  program.terms.scale = {
      Shape::kRetroactive, Bound::kFrom, {{Decimal(), Decimal()}, {D("80"), D("0.01")}}, Measure::kComposite};
  program.terms.composite = CompositeTerms{"dealers",
                                           {{"sales", Decimal(), D("50000"), 60, ScoreSource::kAmount},
                                            {"service", Decimal(), D("5"), 30},
                                            {"brand", Decimal(), D("5"), 10}}};
  const std::vector<FactLine> lines = {Lines()[0], Lines()[2]};  // 60,000.0050
  ScoreFacts scores;
  scores.Add("dealers", kQ2.range, "p1", "brand", Rational::FromInt(5));
  ASSERT_OK_AND_ASSIGN(const StatedPeriod sales, StatePeriod(program, kQ1, lines, {}, {}, {}, {}, scores));
  EXPECT_EQ(sales.entries[0].entry.value, 0);
  scores.Add("dealers", kQ1.range, "p1", "service", Rational(10, 3));
  ASSERT_OK_AND_ASSIGN(const StatedPeriod served, StatePeriod(program, kQ1, lines, {}, {}, {}, {}, scores));
  EXPECT_EQ(served.entries[0].entry.value, 60000);  // 60 + 20
  EXPECT_EQ(served.entries[0].entry.lines[0].share + served.entries[0].entry.lines[1].share, 60000);
}

}  // namespace
}  // namespace tributary::incentive
