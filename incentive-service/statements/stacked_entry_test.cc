#include "incentive-service/statements/stacked_entry.h"

#include <algorithm>
#include <random>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Program ProgramOf(std::string id, std::string_view rate, std::vector<std::string> products = {}) {
  Program program;
  program.id = std::move(id);
  program.version = 3;
  program.state = ProgramState::kActive;
  program.terms = TermsOf(Shape::kFlat, StrCat("0:", rate));
  program.effective = {Day("2025-01-01"), OpenEnd()};
  program.lines.products = std::move(products);
  return program;
}

FactLine Sold(std::string document, std::string product, const char* net, int64_t seq = 1) {
  FactLine line;
  line.partner = "p1";
  line.document = std::move(document);
  line.line = 1;
  line.fact = "shipments/" + line.document + "/lines/1";
  line.seq = seq;
  line.order_date = line.order_basis = line.ship_date = line.ship_basis = Day("2025-02-01");
  line.product = "products/" + product;
  line.quantity = Decimal::FromInt(1);
  line.net = D(net);
  line.currency = "CNY";
  return line;
}

// A pays on x alone, C on y alone, B on both and net of A; B and C exclude each other.
StackMembers Members() {
  return {{ProgramOf("a", "0.1", {"products/x"}), ProgramOf("b", "0.05"), ProgramOf("c", "0.08", {"products/y"})}, {}};
}
DeclaredPlan Plan(GroupScope scope) {
  DeclaredPlan plan;
  plan.id = "s";
  plan.effective = {Day("2025-01-01"), OpenEnd()};
  plan.rules.net_of = {{"b", "a"}};
  plan.rules.groups = {{"g", scope, {{"b"}, {"c"}}}};
  return plan;
}
const Period kPeriod = PeriodOf(PeriodKind::kQuarter, Day("2025-02-01"));

std::string Text(const std::vector<PartnerEntry>& entries) {
  std::string text;
  for (const auto& [partner, entry] : entries) {
    StrAppend(&text, text.empty() ? "" : "; ", entry.program, " ", entry.value, " -> ", entry.amount());
    for (const StatementLine& line : entry.lines) StrAppend(&text, " ", line.fact.substr(10, 2), ":", line.share);
  }
  return text;
}

std::string Stated(GroupScope scope, std::vector<FactLine> lines, StackMembers members = Members(),
                   StatementEntryKind kind = StatementEntryKind::kEarned, std::map<std::string, int64_t> stated = {}) {
  const auto entries = StateStack(Plan(scope), members, kind, kPeriod, "2025Q1", std::move(lines), "p1", stated);
  EXPECT_OK(entries);
  return entries.ok() ? Text(*entries) : "";
}

TEST(StackedEntryTest, EntriesHaveWhatThePlanLeaves) {
  std::vector<FactLine> lines = {Sold("L1", "x", "600"), Sold("L2", "y", "400")};
  std::mt19937 random(1);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(Stated(GroupScope::kLine, lines),
              "a 6000 -> 6000 L1:6000; b 2700 -> 2700 L1:2700 L2:0; c 3200 -> 3200 L2:3200");
    EXPECT_EQ(Stated(GroupScope::kPartnerPeriod, lines),
              "a 6000 -> 6000 L1:6000; b 4700 -> 4700 L1:2700 L2:2000; c 0 -> 0 L2:0");
    std::shuffle(lines.begin(), lines.end(), random);
  }
}

TEST(StackedEntryTest, OnlyProgramsWithLinesTakePart) {
  EXPECT_EQ(Stated(GroupScope::kLine, {Sold("L1", "x", "600")}), "a 6000 -> 6000 L1:6000; b 2700 -> 2700 L1:2700");
  EXPECT_EQ(Stated(GroupScope::kLine, {}), "");
  StackMembers members = Members();
  members.programs[1].eligibility.except_partners = {"p1"};
  EXPECT_EQ(Stated(GroupScope::kLine, {Sold("L1", "x", "600"), Sold("L2", "y", "400")}, members),
            "a 6000 -> 6000 L1:6000; c 3200 -> 3200 L2:3200");
}

TEST(StackedEntryTest, AReturnGoesWithItsSale) {
  FactLine back = Sold("R1", "y", "-100");
  back.kind = FactKind::kReturn;
  back.refers = "shipments/L2/lines/1";
  const std::vector<FactLine> lines = {Sold("L1", "x", "600"), Sold("L2", "y", "400"), back};
  EXPECT_EQ(Stated(GroupScope::kLine, lines),
            "a 6000 -> 6000 L1:6000; b 2700 -> 2700 L1:2700 L2:0 R1:0; c 2400 -> 2400 L2:3200 R1:-800");
  ASSERT_OK_AND_ASSIGN(const auto entries, StateStack(Plan(GroupScope::kLine), Members(), StatementEntryKind::kEarned,
                                                      kPeriod, "2025Q1", lines, "p1", {}));
  const Stacking& c = *entries[2].entry.stacking;
  ASSERT_EQ(c.linked_returns.size(), 1u);
  EXPECT_EQ(c.linked_returns[0].fact, back.fact);
  EXPECT_EQ(c.linked_returns[0].sale, "shipments/L2/lines/1");
  EXPECT_THAT(entries[0].entry.stacking->linked_returns, IsEmpty());  // it is in no group
  const Stacking& b = *entries[1].entry.stacking;
  ASSERT_EQ(b.losses.size(), 1u);
  EXPECT_EQ(b.losses[0].unit, "shipments/L2/lines/1");
  EXPECT_EQ(b.losses[0].winner, "c");
}

TEST(StackedEntryTest, LinesInOtherCurrenciesCountByTheRatesOfTheirDays) {
  FactLine dollars = Sold("L2", "y", "100");
  dollars.currency = "USD";
  const std::vector<FactLine> lines = {Sold("L1", "x", "600"), dollars};
  StackMembers members = Members();
  for (Program& program : members.programs) {
    program.rate_type = "spot";
    members.rates[program.id] = {{{"USD", Day("2025-02-01")}, Rational(72, 10)}};
  }
  EXPECT_EQ(Stated(GroupScope::kPartnerPeriod, lines, members),
            "a 6000 -> 6000 L1:6000; b 6300 -> 6300 L1:2700 L2:3600; c 0 -> 0 L2:0");
  EXPECT_EQ(Stated(GroupScope::kLine, lines, members),
            "a 6000 -> 6000 L1:6000; b 2700 -> 2700 L1:2700 L2:0; c 5760 -> 5760 L2:5760");
  // Until there is a rate the line waits.
  members.rates.clear();
  EXPECT_EQ(Stated(GroupScope::kPartnerPeriod, lines, members),
            "a 6000 -> 6000 L1:6000; b 2700 -> 2700 L1:2700 L2:0; c 0 -> 0 L2:0");
  ASSERT_OK_AND_ASSIGN(const auto entries, StateStack(Plan(GroupScope::kLine), members, StatementEntryKind::kEarned,
                                                      kPeriod, "2025Q1", lines, "p1", {}));
  EXPECT_EQ(entries[1].entry.pricing.unpriced_lines, 1);
  // A member that converts nothing leaves it out.
  members.programs[2].rate_type.clear();
  EXPECT_EQ(Stated(GroupScope::kLine, lines, members), "a 6000 -> 6000 L1:6000; b 2700 -> 2700 L1:2700 L2:0");
}

// A target that charges by name takes part without a line, within a cap with what is paid.
TEST(StackedEntryTest, WhoIsNamedIsChargedWithoutALine) {
  StackMembers members = Members();
  Program fine = ProgramOf("d", "0");
  fine.terms = TermsOf(Shape::kTarget, "5000:+20");
  fine.terms.max_penalty = D("500");
  fine.eligibility.partners = {"p1", "p2"};
  members.programs.push_back(fine);
  DeclaredPlan plan = Plan(GroupScope::kLine);
  plan.rules.caps = {{"most", {"a", "d"}, D("30")}};
  const auto stated = [&](std::vector<FactLine> lines, const std::string& partner) {
    const auto entries =
        StateStack(plan, members, StatementEntryKind::kEarned, kPeriod, "2025Q1", std::move(lines), partner, {});
    EXPECT_OK(entries);
    return entries.ok() ? Text(*entries) : "";
  };
  EXPECT_EQ(stated({Sold("L1", "x", "600")}, "p1"),  // 60 - 20 is 10 above the cap
            "a 5000 -> 5000 L1:5000; b 2700 -> 2700 L1:2700; d -2000 -> -2000 L1:-2000");
  EXPECT_EQ(stated({}, "p2"), "d -2000 -> -2000");
  EXPECT_EQ(stated({}, "p3"), "");
  EXPECT_EQ(ByPartner(members, {Sold("L1", "x", "600")}).size(), 2u);
}

// A true-up speaks of all members or of none; what each was stated is its own.
TEST(StackedEntryTest, TrueUpsAreOfWholeStacks) {
  StackMembers members = Members();
  for (const Program& program : members.programs) {
    members.closes[{program.id, kPeriod.id}] = {.watermark = Watermark{5}};
  }
  const std::map<std::string, int64_t> stated = {{"a", 6000}, {"b", 2700}, {"c", 3200}};
  const std::vector<FactLine> closed = {Sold("L1", "x", "600"), Sold("L2", "y", "400")};
  const auto true_up = [&](std::vector<FactLine> lines) {
    return Stated(GroupScope::kLine, std::move(lines), members, StatementEntryKind::kTrueUp, stated);
  };
  EXPECT_EQ(true_up(closed), "");
  std::vector<FactLine> late = closed;
  late.push_back(Sold("L3", "x", "100", 6));
  EXPECT_EQ(true_up(late), "a 7000 -> 1000 L1:6000 L3:1000; b 3150 -> 450 L1:2700 L2:0 L3:450; c 3200 -> 0 L2:3200");
  // Beyond the days of grace of one member it counts in the others alone.
  members.closes[{"a", kPeriod.id}].grace_until = absl::UnixEpoch();
  late.back().recorded_at = absl::UnixEpoch();
  EXPECT_EQ(true_up(late), "a 6000 -> 0 L1:6000; b 3200 -> 500 L1:2700 L2:0 L3:500; c 3200 -> 0 L2:3200");
  // All is taken back: what was stated is owed.
  EXPECT_EQ(true_up({}), "a 0 -> -6000; b 0 -> -2700; c 0 -> -3200");
}

}  // namespace
}  // namespace tributary::incentive
