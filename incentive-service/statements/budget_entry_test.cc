#include "incentive-service/statements/budget_entry.h"

#include <algorithm>
#include <random>

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;

const Period kQuarter = PeriodOf(PeriodKind::kQuarter, *Date::FromYmd(2026, 1, 1));

// 1 % of what is shipped, within so much a quarter.
Program Flat(std::string_view budget, BudgetPolicy policy) {
  Program program;
  program.id = "g";
  program.version = 2;
  program.state = ProgramState::kActive;
  program.basis = Basis::kSellIn;
  program.terms.scale = {Shape::kFlat, Bound::kFrom, {{Decimal(), D("0.01")}}};
  program.terms.currency = "CNY";
  program.effective = {Day("2026-01-01"), OpenEnd()};
  program.budget = PeriodBudget{D(budget), policy};
  return program;
}

FactLine Line(std::string partner, std::string document, std::string_view day, std::string_view net, int64_t seq = 1) {
  FactLine line;
  line.partner = std::move(partner);
  line.document = std::move(document);
  line.line = 1;
  line.fact = StrCat("shipments/", line.document, "/lines/1");
  line.seq = seq;
  line.order_date = line.order_basis = line.ship_date = line.ship_basis = Day(day);
  line.product = "products/x";
  line.quantity = D("1");
  line.net = D(net);
  line.currency = "CNY";
  return line;
}

// "p1 3334 of 5000 share 3334" each.
std::vector<std::string> Texts(const StatedPeriod& stated) {
  std::vector<std::string> texts;
  int64_t total = 0;
  for (const auto& [partner, entry] : stated.entries) {
    texts.push_back(StrCat(partner, " ", entry.value, " of ", entry.budget->asked, " share ", entry.budget->share));
    int64_t shares = 0;
    for (const StatementLine& line : entry.lines) shares += line.share;
    EXPECT_EQ(shares, entry.value) << partner;
    total += entry.amount();
  }
  EXPECT_EQ(stated.total, total);
  return texts;
}

StatedPeriod Closed(const Program& program, const std::vector<FactLine>& lines) {
  absl::StatusOr<StatedPeriod> stated = StatePeriod(program, kQuarter, lines, {}, {});
  EXPECT_OK(stated);
  EXPECT_OK(ApplyBudget(program, kQuarter, {}, &*stated));
  return *std::move(stated);
}

TEST(BudgetEntryTest, ProRataToTheCent) {
  const Program program = Flat("100", BudgetPolicy::kProRata);
  std::vector<FactLine> lines = {Line("p1", "A", "2026-01-10", "3000"), Line("p1", "B", "2026-02-10", "2000"),
                                 Line("p2", "C", "2026-01-05", "5000"), Line("p3", "D", "2026-03-01", "5000")};
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(lines.begin(), lines.end(), random);
    const StatedPeriod stated = Closed(program, lines);
    EXPECT_THAT(Texts(stated),
                ElementsAre("p1 3334 of 5000 share 3334", "p2 3333 of 5000 share 3333", "p3 3333 of 5000 share 3333"));
    // 3,334 over 3 : 2 is 2,000.4 and 1,333.6.
    EXPECT_EQ(stated.entries[0].entry.lines[0].share, 2000);
    EXPECT_EQ(stated.entries[0].entry.lines[1].share, 1334);
    EXPECT_EQ(FactorText(stated.entries[1].entry.budget->term.factor), "0.666666667");
    ASSERT_EQ(stated.budgets.size(), 1u);
    EXPECT_EQ(stated.budgets[0].asked, 15000);
    EXPECT_EQ(stated.budgets[0].used, 10000);
    EXPECT_EQ(stated.budgets[0].left(), 0);
  }
}

// p2's of January 5 first, then those of January 10 by partner; nothing is left for February.
TEST(BudgetEntryTest, ByEventInTheOrderOfDaysAndPartners) {
  const Program program = Flat("60", BudgetPolicy::kByEvent);
  std::vector<FactLine> lines = {Line("p2", "A", "2026-01-05", "2000"), Line("p1", "B", "2026-01-10", "3000"),
                                 Line("p3", "C", "2026-01-10", "4000"), Line("p2", "D", "2026-02-01", "1000")};
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(lines.begin(), lines.end(), random);
    const StatedPeriod stated = Closed(program, lines);
    EXPECT_THAT(Texts(stated),
                ElementsAre("p1 3000 of 3000 share 3000", "p2 2000 of 3000 share 2000", "p3 1000 of 4000 share 1000"));
    EXPECT_EQ(stated.entries[0].entry.budget->term.used_up_on, Day("2026-01-10"));
    EXPECT_EQ(stated.entries[0].entry.budget->term.factor, std::nullopt);
  }
}

// Stated 60.00 of a budget of 60.00; then 60.00 of somebody else are told late: each has 30.00, and the first keeps
// all.
TEST(BudgetEntryTest, WhatWasStatedStaysAndTheRestIsOverrun) {
  const Program program = Flat("60", BudgetPolicy::kProRata);
  const ClosedPeriod close = ClosedPeriodOf(program, kQuarter, Watermark{1});
  std::vector<FactLine> lines = {Line("p1", "A", "2026-01-10", "6000"), Line("p2", "B", "2026-01-05", "6000", 2)};
  const auto trued_up = [&](const StatedAmounts& before) {
    absl::StatusOr<StatedPeriod> now = StateClosed(program, kQuarter, close, "2026Q2", lines, {}, before);
    EXPECT_OK(now);
    EXPECT_OK(ApplyBudget(program, kQuarter, {}, &*now));
    return *std::move(now);
  };
  StatedPeriod now = trued_up({{"p1", 6000}});
  EXPECT_THAT(Texts(now), ElementsAre("p1 6000 of 6000 share 3000", "p2 3000 of 6000 share 3000"));
  EXPECT_TRUE(now.entries[0].entry.says_nothing());
  EXPECT_EQ(now.entries[1].entry.kind, StatementEntryKind::kTrueUp);
  EXPECT_EQ(now.entries[1].entry.close_period, "2026Q2");
  EXPECT_EQ(now.budgets[0].used, 9000);
  EXPECT_EQ(now.budgets[0].overrun(), 3000);
  EXPECT_EQ(now.budgets[0].grants[0].overrun(), 3000);
  // Half of what the first asks for is returned: 20.00 and 40.00, of what it keeps 30.00 alone are owed.
  lines[0].net = D("3000");
  now = trued_up({{"p1", 6000}, {"p2", 3000}});
  EXPECT_THAT(Texts(now), ElementsAre("p1 3000 of 3000 share 2000", "p2 4000 of 6000 share 4000"));
  EXPECT_EQ(now.entries[0].entry.amount(), -3000);
  EXPECT_EQ(now.budgets[0].overrun(), 1000);
  // All of it: the budget suffices, and nobody is left beyond it.
  lines.erase(lines.begin());
  now = trued_up({{"p1", 3000}, {"p2", 4000}});
  EXPECT_THAT(Texts(now), ElementsAre("p1 0 of 0 share 0", "p2 6000 of 6000 share 6000"));
  EXPECT_EQ(now.budgets[0].overrun(), 0);
}

TEST(BudgetUseTest, AnOverrunIsOutOfCost) {
  const BudgetUse use{.program = "g", .period = "2026Q1", .currency = "CNY", .budget = 6000, .used = 9000};
  EXPECT_EQ(use.left(), 0);
  EXPECT_EQ(use.overrun(), 3000);
  const BudgetGrant grant{.partner = "p1", .asked = 6000, .share = 3000, .funded = 6000};
  const std::optional<LedgerEntry> entry = OverrunOf(use, grant, 1000);
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->kind, LedgerKind::kOverrun);
  EXPECT_EQ(entry->item, (LedgerItem{"p1", "accruals/g.2026Q1", "g", "2026Q1", 0, "CNY"}));
  ASSERT_EQ(entry->legs.size(), 2u);
  EXPECT_EQ(entry->legs[0].account, LedgerAccount::kCost);
  EXPECT_EQ(entry->legs[0].amount, 2000);
  EXPECT_EQ(entry->legs[1].account, LedgerAccount::kBudgetOverrun);
  EXPECT_EQ(entry->legs[1].amount, -2000);
  EXPECT_FALSE(OverrunOf(use, grant, 3000).has_value());
}

}  // namespace
}  // namespace tributary::incentive
