#include "incentive-service/stacking_plans/declared_plan.h"

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

absl::Time At(std::string_view day) { return absl::UnixEpoch() + absl::Hours(24) * Day(day).days(); }

Program ProgramOf(std::string id) {
  Program program;
  program.id = std::move(id);
  program.state = ProgramState::kActive;
  program.terms = TermsOf(Shape::kFlat, "0:0.05");
  program.effective = {Day("2025-01-01"), OpenEnd()};
  return program;
}

DeclaredPlan Plan() {
  DeclaredPlan plan;
  plan.id = "s";
  plan.effective = {Day("2025-04-01"), OpenEnd()};
  plan.rules.net_of = {{"b", "a"}};
  plan.rules.groups = {{"g", GroupScope::kPartnerPeriod, {{"b"}, {"c"}}}};
  plan.rules.caps = {{"k", {"a", "d"}, D("100"), std::nullopt}};
  return plan;
}
std::vector<Program> Members() { return {ProgramOf("a"), ProgramOf("b"), ProgramOf("c"), ProgramOf("d")}; }

std::vector<std::string> Messages(const std::vector<Finding>& findings) {
  std::vector<std::string> messages;
  for (const Finding& finding : findings) messages.push_back(finding.rule + ": " + finding.message);
  return messages;
}

TEST(DeclaredPlanTest, MembersAreThoseThatTheRulesName) {
  EXPECT_THAT(MembersOf(Plan().rules), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(MembersOf(StackingPlan()), IsEmpty());
  EXPECT_THAT(LintPlan(Plan(), Members()), IsEmpty());
}

// Members may convert currencies, each by its own rates, and charge within a cap; a charge is not to be won.
TEST(DeclaredPlanTest, MembersMayConvertAndCharge) {
  std::vector<Program> members = Members();
  members[0].rate_type = "spot";
  members[1].rate_type = "monthly";
  members[3].terms.max_penalty = D("10");
  EXPECT_THAT(LintPlan(Plan(), members), IsEmpty());
  members[2].terms.max_penalty = D("10");
  EXPECT_THAT(Messages(LintPlan(Plan(), members)),
              ElementsAre("stacking-plan: stacking_plan.groups[0].members[1].program: got c, want a program that pays, "
                          "no penalty"));
}

// What a member had before the plan is not looked at; what it has within the plan's time is, be it revised again.
TEST(DeclaredPlanTest, MembersAreJudgedByTheTermsThatHoldUnderThePlan) {
  const auto revised = [](std::vector<std::pair<const char*, const char*>> currencies) {
    std::vector<Program> members = Members();
    Program& member = members[3];
    for (const auto& [day, currency] : currencies) {
      member.terms.currency = currency;
      member.revisions.push_back({Day(day), 1 + static_cast<int64_t>(member.revisions.size()), member.terms});
    }
    return Messages(LintPlan(Plan(), members));
  };
  const std::string fault = "stacking-plan: stacking_plan.programs: got d in USD, want CNY as the first";
  EXPECT_THAT(revised({{"2025-01-01", "CNY"}, {"2025-07-01", "USD"}}), ElementsAre(fault));
  EXPECT_THAT(revised({{"2025-01-01", "USD"}, {"2025-07-01", "CNY"}}), ElementsAre(fault));
  EXPECT_THAT(revised({{"2025-01-01", "USD"}, {"2025-04-01", "CNY"}}), IsEmpty());
  EXPECT_THAT(revised({{"2025-01-01", "USD"}, {"2025-07-01", "USD"}}), ElementsAre(fault));
}

// A quarter's sale is paid by all members: 5 % of it by each but the loser of the group, b net of a.
TEST(DeclaredPlanTest, AMarginThatMembersPayAwayIsFound) {
  std::vector<Program> members = Members();
  const auto lint = [&](const char* price, const char* cost) {
    return LintPlan(Plan(), members, StandardMargin{D(price), D(cost)});
  };
  // a 0.5, b 0.475 or c 0.5 (which wins), d 0.5: 1.5 of 10.
  EXPECT_THAT(lint("10", "8.5"), IsEmpty());
  const std::vector<Finding> findings = lint("10", "8.6");
  EXPECT_THAT(Messages(findings), ElementsAre("stack-negative-margin: a sale of 10 is paid 1.5 and earns 1.4"));
  EXPECT_EQ(findings[0].severity, Severity::kError);
  // Under the later terms of one member alone.
  members[3].revisions = {{Day("2025-01-01"), 1, members[3].terms}};
  members[3].terms.scale.tiers[0].rate = D("0.2");
  members[3].revisions.push_back({Day("2025-07-01"), 2, members[3].terms});
  EXPECT_THAT(Messages(lint("10", "8.5")), ElementsAre("stack-negative-margin: a sale of 10 is paid 3 and earns 1.5"));
  // What forbids the plan anyhow is told first.
  members[2].state = ProgramState::kDraft;
  EXPECT_THAT(Messages(lint("10", "8.6")), ElementsAre(HasSubstr("got c in state DRAFT")));
}

TEST(DeclaredPlanTest, EachFaultIsFound) {
  const struct {
    const char* what;
    void (*change)(DeclaredPlan& plan, std::vector<Program>& members);
    const char* finding;
  } kCases[] = {
      {"no rule", [](DeclaredPlan& plan, auto&) { plan.rules = {}; },
       "stacking-plan: stacking_plan.net_of: got no rule, want an edge, a group or a cap"},
      {"cycle",
       [](DeclaredPlan& plan, auto&) {
         plan.rules.net_of.push_back({"a", "b"});
       },
       "stack-cycle: a is net of b, b is net of a"},
      {"fellow",
       [](DeclaredPlan& plan, auto&) {
         plan.rules.net_of.push_back({"c", "b"});
       },
       "group-member-net-of-fellow: "},
      {"unknown", [](DeclaredPlan&, auto& members) { members.pop_back(); },
       "stacking-plan: stacking_plan.caps[0].members[1]: got d, want a program of the plan"},
      {"currency", [](DeclaredPlan&, auto& members) { members[3].terms.currency = "USD"; },
       "stacking-plan: stacking_plan.programs: got d in USD, want CNY as the first"},
      {"draft", [](DeclaredPlan&, auto& members) { members[2].state = ProgramState::kDraft; },
       "stacking-plan: stacking_plan.programs: got c in state DRAFT, want an ACTIVE program"},
      {"period", [](DeclaredPlan&, auto& members) { members[1].period = PeriodKind::kMonth; },
       "stacking-plan: stacking_plan.programs: got b with period MONTH, want QUARTER as a"},
      {"basis", [](DeclaredPlan&, auto& members) { members[1].basis = Basis::kSellIn; },
       "stacking-plan: stacking_plan.programs: got b with another basis, want the basis of a"},
      {"amount", [](DeclaredPlan&, auto& members) { members[1].amount_of = CountedAmount::kGross; },
       "stacking-plan: stacking_plan.programs: got b with another amount_of, want that of a"},
      {"payout", [](DeclaredPlan&, auto& members) { members[0].payout_period = PeriodKind::kMonth; },
       "stacking-plan: stacking_plan.programs: got a with a payout_period, want one that is paid once a period"},
      {"budget", [](DeclaredPlan&, auto& members) { members[0].budget = PeriodBudget{D("100")}; },
       "stacking-plan: stacking_plan.programs: got a with a budget, want one without"},
      {"returns", [](DeclaredPlan&, auto& members) { members[0].return_policy = ReturnPolicy::kMatchLatest; },
       "stacking-plan: stacking_plan.programs: got a with return_policy MATCH_LATEST, want one with RETURN_PERIOD"},
      {"clawback", [](DeclaredPlan&, auto& members) { members[0].clawback_cap = ClawbackCap{D("100")}; },
       "stacking-plan: stacking_plan.programs: got a with a clawback_cap, want one without"},
      {"growth", [](DeclaredPlan&, auto& members) { members[0].growth.emplace(); },
       "stacking-plan: stacking_plan.programs: got a with measure GROWTH, want one whose tiers are reached by amount "
       "or "
       "quantity"},
      {"group", [](DeclaredPlan&, auto& members) { members[0].rolls_up = true; },
       "stacking-plan: stacking_plan.programs: got a that rolls groups up, want one with group EACH"},
      {"carry", [](DeclaredPlan&, auto& members) { members[0].terms.carry_negative = true; },
       "stacking-plan: stacking_plan.programs: got a that carries what is below 0, want one that drops it"},
      {"day", [](DeclaredPlan& plan, auto&) { plan.effective.start = Day("2025-05-01"); },
       "stacking-plan: stacking_plan.effective_from: got 2025-05-01, want the first day of a period, such as "
       "2025-04-01 or 2025-07-01"},
  };
  for (const auto& test : kCases) {
    DeclaredPlan plan = Plan();
    std::vector<Program> members = Members();
    test.change(plan, members);
    const std::vector<Finding> findings = LintPlan(plan, members);
    EXPECT_THAT(Messages(findings), ElementsAre(HasSubstr(test.finding))) << test.what;
    const absl::StatusOr<DeclaredPlan> active = Activate(plan, findings, At("2025-03-01"));
    EXPECT_THAT(active, HasReason(Reason::kLintFailed)) << test.what;
  }
}

TEST(DeclaredPlanTest, APlanLives) {
  ASSERT_OK_AND_ASSIGN(const DeclaredPlan active, Activate(Plan(), {}, At("2025-03-01")));
  EXPECT_EQ(active.state, StackingPlanState::kActive);
  EXPECT_EQ(active.version, 2);
  EXPECT_THAT(Activate(active, {}, At("2025-03-01")), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Revise(active, Plan(), At("2025-03-01")), HasReason(Reason::kStateConflict));
  EXPECT_THAT(End(Plan(), ProgramOf("a"), At("2025-03-01")), HasReason(Reason::kStateConflict));

  // With the period that is running, and before it began at once.
  const struct {
    const char* today;
    const char* end;
  } kCases[] = {{"2025-03-31", "2025-04-01"}, {"2025-04-01", "2025-07-01"}, {"2025-09-30", "2025-10-01"}};
  for (const auto& [today, end] : kCases) {
    ASSERT_OK_AND_ASSIGN(const DeclaredPlan ended, End(active, ProgramOf("a"), At(today)));
    EXPECT_EQ(ended.effective.end, Day(end)) << today;
    EXPECT_THAT(End(ended, ProgramOf("a"), At(today)), HasReason(Reason::kStateConflict));
  }
}

TEST(DeclaredPlanTest, APlanHasPeriods) {
  ASSERT_OK_AND_ASSIGN(const Period period, PeriodUnder(Plan(), PeriodKind::kQuarter, "2025Q2"));
  EXPECT_EQ(period.range.start, Day("2025-04-01"));
  for (const char* bad : {"2025Q1", "2025", "last", ""}) {
    EXPECT_THAT(PeriodUnder(Plan(), PeriodKind::kQuarter, bad), Blames("period")) << bad;
  }
}

}  // namespace
}  // namespace tributary::incentive
