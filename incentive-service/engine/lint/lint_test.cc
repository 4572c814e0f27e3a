#include "incentive-service/engine/lint/lint.h"

#include "common/status/status_matchers.h"
#include "incentive-service/engine/lint/testing_findings.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

TEST(LintTest, RunsTheRulesThatApply) {
  Terms terms = TermsOf(Shape::kRetroactive, "0:0.02 50000:0.04 900000:0.05");
  terms.floor = D("1");
  LintSettings settings;
  EXPECT_EQ(Summary(LintTerms(terms, settings)).substr(0, 10), "tier-cliff");
  settings.cliff_percent = D("150");
  EXPECT_EQ(Summary(LintTerms(terms, settings)), "");
  settings.reachable.most = D("100000");
  settings.per_order = true;
  std::vector<std::string> rules;
  for (const Finding& finding : LintTerms(terms, settings)) rules.push_back(finding.rule);
  EXPECT_THAT(rules, ::testing::ElementsAre("tier-above-limit", "order-split", "order-merge"));
}

// Of growth tiers are in growth, whatever limits say in money.
TEST(LintTest, LooksAtGrowthWithoutLimits) {
  Terms terms = TermsOf(Shape::kRetroactive, "0:0 1.1:0.01 1.25:0.005");
  terms.scale.measure = Measure::kGrowth;
  terms.cap = D("0.001");
  terms.floor = D("0.0005");
  LintSettings settings;
  settings.cliff_percent = D("1000000");
  settings.reachable.budget = D("0.0001");
  std::vector<std::string> rules;
  for (const Finding& finding : LintTerms(terms, settings)) rules.push_back(finding.rule);
  EXPECT_THAT(rules, ::testing::ElementsAre("tier-cliff", "tier-drop"));
  terms.growth_pays = GrowthPays::kIncrement;
  EXPECT_EQ(LintTerms(terms, settings).back().rule, "tier-drop");
}

// What a margin pays is known where it pays on the margin that reaches.
TEST(LintTest, LooksAtMarginsThatReachWhatTheyPayOn) {
  Terms terms = TermsOf(Shape::kRetroactive, "0:0 1000:0.05 2000:0.01");
  terms.scale.measure = Measure::kMargin;
  terms.margin = MarginTerms{};
  std::vector<std::string> rules;
  for (const Finding& finding : LintTerms(terms, {})) rules.push_back(finding.rule);
  EXPECT_THAT(rules, ::testing::ElementsAre("tier-cliff", "tier-drop"));
  terms.margin->pays = MarginPays::kNet;
  EXPECT_EQ(Summary(LintTerms(terms, {})), "");
  LintSettings settings;
  settings.reachable.most = D("1500");
  EXPECT_EQ(LintTerms(terms, settings)[0].rule, "tier-above-limit");
}

TEST(LintTest, TriesTheMarginOfPlansThatMayBeEvaluated) {
  const std::vector<StackProgram> programs = {{"a", TermsOf(Shape::kFlat, "0:0.1")},
                                              {"b", TermsOf(Shape::kFlat, "0:0.1")}};
  StackingPlan plan;
  EXPECT_EQ(Summary(LintPlan(plan, programs, std::nullopt)), "");
  EXPECT_EQ(LintPlan(plan, programs, StandardMargin{D("1"), D("0.85")})[0].rule, "stack-negative-margin");
  plan.net_of = {{"a", "b"}, {"b", "a"}};
  EXPECT_EQ(Summary(LintPlan(plan, programs, StandardMargin{D("1"), D("0.85")})), "stack-cycle! a=net of b=net of");
}

}  // namespace
}  // namespace tributary::incentive
