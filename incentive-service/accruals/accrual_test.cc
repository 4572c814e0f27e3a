#include "incentive-service/accruals/accrual.h"

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "incentive-service/simulations/simulation.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

FactLine Line(std::string partner, std::string_view order_date, std::string_view ship_date, std::string_view net,
              std::string currency = "USD") {
  FactLine line;
  line.partner = std::move(partner);
  line.order_basis = Day(order_date);
  line.ship_basis = Day(ship_date);
  line.net = D(net);
  line.currency = std::move(currency);
  return line;
}

Program ProgramOf(std::string id, Basis basis, std::string_view from, Date to = OpenEnd()) {
  Program program;
  program.id = std::move(id);
  program.state = ProgramState::kActive;
  program.basis = basis;
  program.terms = {{Shape::kRetroactive, Bound::kFrom, {{Decimal(), D("0.01")}, {D("1000"), D("0.02")}}}, "USD"};
  program.effective = {Day(from), to};
  return program;
}

std::vector<std::string> Texts(const std::vector<AccrualMove>& moves) {
  std::vector<std::string> texts;
  for (const AccrualMove& move : moves) {
    texts.push_back(move.key.name() + " " + move.sums.amount.ToString() + " " + std::to_string(move.sums.lines) + " " +
                    std::to_string(move.sums.other_currency_lines));
  }
  return texts;
}

TEST(AccrualTest, LinesMoveTheirPeriods) {
  const std::vector<Program> programs = {ProgramOf("by-order", Basis::kOrder, "2026-01-01"),
                                         ProgramOf("by-ship", Basis::kSellIn, "2026-01-01", Day("2026-07-01"))};
  FactLine gone = Line("p2", "2026-03-01", "2026-04-01", "4");
  gone.reversed = Told{9, {}};
  const std::vector<LineChange> changes = {{std::nullopt, Line("p2", "2026-03-30", "2026-04-02", "10.5")},
                                           {std::nullopt, Line("p1", "2026-06-30", "2026-07-01", "7")},
                                           {std::nullopt, Line("p1", "2026-05-01", "2026-05-02", "5", "CNY")},
                                           {std::nullopt, Line("p1", "2025-12-31", "2026-01-01", "3")},
                                           {Line("p2", "2026-03-01", "2026-04-01", "4"), gone}};
  EXPECT_THAT(Texts(MovesOf(programs, {}, changes)),
              ElementsAre("partners/p1/accruals/by-order.2026Q2 7 1 1", "partners/p1/accruals/by-ship.2026Q1 3 1 0",
                          "partners/p1/accruals/by-ship.2026Q2 0 0 1", "partners/p2/accruals/by-order.2026Q1 6.5 0 0",
                          "partners/p2/accruals/by-ship.2026Q2 6.5 0 0"));
  EXPECT_THAT(MovesOf(std::vector<Program>{}, {}, changes), IsEmpty());
}

// A line is taken back and stated again, in one batch, with another site; known lines are read without theirs.
TEST(AccrualTest, ACorrectionOfWhatIsCountedMoves) {
  std::vector<Program> programs = {ProgramOf("amounts", Basis::kOrder, "2026-01-01"),
                                   ProgramOf("groups", Basis::kOrder, "2026-01-01"),
                                   ProgramOf("sites", Basis::kOrder, "2026-01-01")};
  programs[1].rolls_up = true;  // others may earn by the other day
  programs[2].count_of = CountOf::kSite;
  FactLine line = Line("p1", "2026-01-05", "2026-01-06", "10");
  line.quantity = D("1");
  FactLine gone = line;
  gone.reversed = Told{2, {}};
  FactLine again = line;
  again.fact = "again";
  again.seq = 3;
  const std::vector<LineChange> changes = {{line, gone}, {std::nullopt, again}};
  ClosedPeriods closes;
  const std::vector<AccrualMove> open = MovesOf(programs, closes, changes);
  EXPECT_THAT(Texts(open),
              ElementsAre("partners/p1/accruals/groups.2026Q1 0 0 0", "partners/p1/accruals/sites.2026Q1 0 0 0"));
  EXPECT_FALSE(open[1].true_up_due);
  closes[{"sites", "2026Q1"}].watermark = {1};
  const std::vector<AccrualMove> closed = MovesOf(programs, closes, changes);
  ASSERT_EQ(closed.size(), 2u);
  EXPECT_FALSE(closed[0].true_up_due);
  EXPECT_TRUE(closed[1].true_up_due);
}

// So where another product takes its place, which costs something else.
TEST(AccrualTest, ACorrectionOfWhatUnitsCostMoves) {
  std::vector<Program> programs = {ProgramOf("amounts", Basis::kOrder, "2026-01-01"),
                                   ProgramOf("margin", Basis::kOrder, "2026-01-01")};
  programs[1].terms.scale.measure = Measure::kMargin;
  programs[1].terms.margin = MarginTerms{.of = MarginOf::kVendor, .discloses_costs = true};
  FactLine line = Line("p1", "2026-01-05", "2026-01-06", "10");
  line.product = "products/x";
  FactLine gone = line;
  gone.reversed = Told{2, {}};
  FactLine again = line;
  again.product = "products/y";
  again.fact = "again";
  again.seq = 3;
  EXPECT_THAT(Texts(MovesOf(programs, {}, std::vector<LineChange>{{line, gone}, {std::nullopt, again}})),
              ElementsAre("partners/p1/accruals/margin.2026Q1 0 0 0"));
}

TEST(AccrualTest, NamesReadBack) {
  ASSERT_OK_AND_ASSIGN(const AccrualKey key, ParseAccrualName("partners/p1/accruals/growth.2013Q4"));
  EXPECT_EQ(key, (AccrualKey{"p1", "growth", "2013Q4"}));
  EXPECT_EQ(key.name(), "partners/p1/accruals/growth.2013Q4");
  for (const char* name : {"", "partners/p1/accruals/growth", "partners/p1/accruals/.2013Q4", "partners/p1/accruals/x.",
                           "partners/p1/statements/growth.2013Q4"}) {
    EXPECT_THAT(ParseAccrualName(name), Blames("name")) << name;
  }
}

TEST(SimulationTest, AddsUpWhatWouldBeStated) {
  const Program program = ProgramOf("", Basis::kOrder, "2026-01-01", Day("2026-07-01"));
  const std::vector<FactTotal> totals = {
      {"p1", Day("2026-01-05"), "USD", D("600"), D("1"), 2, {}},
      {"p1", Day("2026-03-31"), "USD", D("400"), D("1"), 1, {}},
      {"p2", Day("2026-02-01"), "USD", D("50.5"), D("1"), 1, {}},
      {"p2", Day("2026-04-01"), "USD", D("-5"), D("1"), 1, {}},
      {"p3", Day("2026-04-01"), "CNY", D("9999"), D("1"), 3, {}},
      {"p3", Day("2026-07-01"), "USD", D("9999"), D("1"), 3, {}},
  };
  ASSERT_OK_AND_ASSIGN(const SimulationResult result, Simulate(program, totals));
  // p1 reaches the second tier with both days: 1,000 x 2 % = 20.00; p2 0.505 -> 0.50 by half-even; -5 is worth 0.
  EXPECT_THAT(result.periods, ElementsAre(PeriodResult{"2026Q1", 2, 2050}, PeriodResult{"2026Q2", 1, 0}));
  EXPECT_EQ(result.statements, 3);
  EXPECT_EQ(result.total, 2050);
  EXPECT_EQ(result.lines, 5);
  EXPECT_EQ(result.other_currency_lines, 3);
}

}  // namespace
}  // namespace tributary::incentive
