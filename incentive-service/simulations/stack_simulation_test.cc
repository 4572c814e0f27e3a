#include "incentive-service/simulations/stack_simulation.h"

#include <algorithm>
#include <random>
#include <set>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "incentive-service/engine/testing_terms.h"
#include "incentive-service/statements/stacked_entry.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Program Member(std::string id, std::string_view rate, std::vector<std::string> products = {}) {
  Program program;
  program.id = std::move(id);
  program.version = 3;
  program.terms = TermsOf(Shape::kFlat, StrCat("0:", rate));
  program.effective = {Day("2025-01-01"), OpenEnd()};
  program.lines.products = std::move(products);
  return program;
}

FactLine Sale(std::string partner, std::string document, std::string product, const char* net,
              const char* date = "2025-02-01") {
  FactLine line;
  line.partner = std::move(partner);
  line.document = std::move(document);
  line.line = 1;
  line.fact = "shipments/" + line.document + "/lines/1";
  line.order_date = line.order_basis = line.ship_date = line.ship_basis = Day(date);
  line.product = "products/" + product;
  line.quantity = Decimal::FromInt(1);
  line.net = D(net);
  line.currency = "CNY";
  return line;
}

// A pays on x alone, C on y alone, B on both and net of A; B and C exclude each other. All are drafts.
DeclaredPlan Plan(GroupScope scope) {
  DeclaredPlan plan;
  plan.id = "s";
  plan.effective = {Day("2025-01-01"), OpenEnd()};
  plan.rules.net_of = {{"b", "a"}};
  plan.rules.groups = {{"g", scope, {{"b"}, {"c"}}}};
  return plan;
}
std::vector<Program> Members() {
  return {Member("a", "0.1", {"products/x"}), Member("b", "0.05"), Member("c", "0.08", {"products/y"})};
}
const Period kFirst = PeriodOf(PeriodKind::kQuarter, Day("2025-02-01"));
const Period kSecond = PeriodOf(PeriodKind::kQuarter, Day("2025-05-01"));

SimulationResult Simulated(const StackTried& stack, std::vector<FactLine> first, std::vector<FactLine> second = {}) {
  StackSimulation simulation(stack);
  EXPECT_OK(simulation.Add(kFirst, std::move(first)));
  EXPECT_OK(simulation.Add(kSecond, std::move(second)));
  return std::move(simulation).Take();
}

// 600 and 400: 60 + 27 + 32 by line, 60 + 47 by period (SEMANTICS 4).
TEST(StackSimulationTest, SaysWhatEachMemberPaysWhom) {
  ASSERT_OK_AND_ASSIGN(const StackTried by_line, TryStack(Plan(GroupScope::kLine), Members()));
  const std::vector<FactLine> lines = {Sale("p1", "L1", "x", "600"), Sale("p1", "L2", "y", "400")};
  SimulationResult result = Simulated(by_line, lines);
  EXPECT_EQ(result.total, 11900);
  EXPECT_THAT(result.members,
              ElementsAre(MemberResult{.program = "a", .version = 3, .partners = 1, .lines = 1, .total = 6000},
                          MemberResult{.program = "b", .version = 3, .partners = 1, .lines = 2, .total = 2700},
                          MemberResult{.program = "c", .version = 3, .partners = 1, .lines = 1, .total = 3200}));
  EXPECT_THAT(result.periods, ElementsAre(PeriodResult{.period = "2025Q1", .partners = 1, .total = 11900}));
  ASSERT_EQ(result.partners.size(), 1u);
  EXPECT_EQ(result.partners[0].value, 11900);
  EXPECT_EQ(result.partners[0].lines, 2);
  EXPECT_THAT(result.partners[0].members,
              ElementsAre(MemberOfPartner{"a", 6000, 1}, MemberOfPartner{"b", 2700, 2}, MemberOfPartner{"c", 3200, 1}));
  EXPECT_EQ(result.lines, 2);
  EXPECT_EQ(result.statements, 1);

  ASSERT_OK_AND_ASSIGN(const StackTried by_period, TryStack(Plan(GroupScope::kPartnerPeriod), Members()));
  const SimulationResult other = Simulated(by_period, lines);
  EXPECT_EQ(other.total, 10700);
  ASSERT_OK_AND_ASSIGN(const Comparison comparison, CompareWith("stackingPlans/by-period", other, &result));
  EXPECT_EQ(comparison, (Comparison{.with = "stackingPlans/by-period",
                                    .total = 10700,
                                    .winners = 1,
                                    .gained = 1200,
                                    .losers = 0,
                                    .lost = 0,
                                    .unchanged = 0}));
  EXPECT_EQ(result.partners[0].compared, 10700);

  // Each by itself: 60 + 50 + 32.
  EXPECT_EQ(Simulated(SideBySide(by_line), lines).total, 14200);
}

TEST(StackSimulationTest, AddsUpOverPeriodsAndPartners) {
  ASSERT_OK_AND_ASSIGN(const StackTried stack, TryStack(Plan(GroupScope::kLine), Members()));
  FactLine dollars = Sale("p3", "L9", "x", "77");
  dollars.currency = "USD";
  const SimulationResult result =
      Simulated(stack, {Sale("p2", "L1", "y", "1000"), Sale("p1", "L2", "x", "600"), dollars},
                {Sale("p1", "L3", "x", "100", "2025-05-05")});
  // p1 60 + 27 and 10 + 4.50; p2 80, where B loses its 50; p3 has no line that counts.
  EXPECT_THAT(result.periods, ElementsAre(PeriodResult{.period = "2025Q1", .partners = 2, .total = 16700},
                                          PeriodResult{.period = "2025Q2", .partners = 1, .total = 1450}));
  EXPECT_EQ(result.total, 18150);
  EXPECT_EQ(result.statements, 3);
  EXPECT_EQ(result.lines, 3);
  EXPECT_EQ(result.other_currency_lines, 1);
  ASSERT_EQ(result.partners.size(), 2u);
  EXPECT_THAT(result.partners[0].members, ElementsAre(MemberOfPartner{"a", 7000, 2}, MemberOfPartner{"b", 3150, 2}));
  EXPECT_THAT(result.partners[1].members, ElementsAre(MemberOfPartner{"b", 0, 1}, MemberOfPartner{"c", 8000, 1}));
  EXPECT_EQ(result.members[1], (MemberResult{.program = "b", .version = 3, .partners = 2, .lines = 3, .total = 3150}));
  EXPECT_THAT(Simulated(stack, {}).partners, IsEmpty());
}

// 8 % in the place of B's 5: B wins the second line where both bid 32 by its name, and is net of A on the first.
TEST(StackSimulationTest, TermsTakeTheirMembersPlace) {
  Program other = Member("b", "0.08");
  other.version = 0;
  ASSERT_OK_AND_ASSIGN(const StackTried stack, TryStack(Plan(GroupScope::kLine), Members(), other));
  const SimulationResult result = Simulated(stack, {Sale("p1", "L1", "x", "600"), Sale("p1", "L2", "y", "400")});
  EXPECT_EQ(result.members[1], (MemberResult{.program = "b", .version = 0, .partners = 1, .lines = 2, .total = 7520}));
  EXPECT_EQ(result.total, 6000 + 7520);

  other.id = "d";
  EXPECT_THAT(TryStack(Plan(GroupScope::kLine), Members(), other), Blames("simulation.in_place_of"));
  other.id = "b";
  other.terms.currency = "USD";
  EXPECT_THAT(TryStack(Plan(GroupScope::kLine), Members(), other), HasReason(Reason::kLintFailed));
}

TEST(StackSimulationTest, WhatLintRefusesIsNotTried) {
  std::vector<Program> two = Members();
  two.pop_back();
  EXPECT_THAT(TryStack(Plan(GroupScope::kLine), two), HasReason(Reason::kLintFailed));
  DeclaredPlan round = Plan(GroupScope::kLine);
  round.rules.net_of.push_back({"a", "b"});
  EXPECT_THAT(TryStack(round, Members()), HasReason(Reason::kLintFailed));
  EXPECT_THAT(TryStack(DeclaredPlan{.id = "s"}, {}), HasReason(Reason::kLintFailed));
}

// However the lines fall: what is simulated is what closes would state, and the parts sum to the whole.
TEST(StackSimulationTest, SaysWhatClosesWouldState) {
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const auto pick = [&](int64_t low, int64_t high) {
      return std::uniform_int_distribution<int64_t>(low, high)(random);
    };
    ASSERT_OK_AND_ASSIGN(const StackTried stack,
                         TryStack(Plan(pick(1, 2) == 1 ? GroupScope::kLine : GroupScope::kPartnerPeriod), Members()));
    std::vector<FactLine> lines;
    for (int64_t i = pick(0, 20); i > 0; --i) {
      const char* const products[] = {"x", "y", "z"};
      lines.push_back(Sale(StrCat("p", pick(1, 3)), StrCat("L", i), products[pick(0, 2)], "0"));
      lines.back().net = Decimal::FromMicros(pick(-50'000'000, 900'000'000));
    }
    const SimulationResult result = Simulated(stack, lines);
    int64_t stated = 0, by_partner = 0, by_member = 0;
    std::set<std::string> partners;
    const StackMembers members{stack.members, {}};
    for (auto& [partner, own] : ByPartner(members, lines)) {
      ASSERT_OK_AND_ASSIGN(const auto entries, StateStack(stack.plan, members, StatementEntryKind::kEarned, kFirst,
                                                          kFirst.id, own, partner, {}));
      for (const auto& [whose, entry] : entries) stated += entry.value;
      if (!entries.empty()) partners.insert(partner);
    }
    for (const PartnerResult& partner : result.partners) {
      by_partner += partner.value;
      int64_t of_members = 0;
      for (const MemberOfPartner& member : partner.members) of_members += member.value;
      EXPECT_EQ(of_members, partner.value);
      EXPECT_TRUE(partners.contains(partner.partner));
    }
    for (const MemberResult& member : result.members) by_member += member.total;
    EXPECT_EQ(result.total, stated);
    EXPECT_EQ(by_partner, stated);
    EXPECT_EQ(by_member, stated);
    EXPECT_EQ(result.partners.size(), partners.size());
  }
}

}  // namespace
}  // namespace tributary::incentive
