// The life of stacking plans through the wire: lint, activation, what refuses, and where a plan begins.

#include "incentive-service/standard_costs/testing_costs.h"
#include "incentive-service/testing_stacks.h"
#include "tributary/incentive/v1/simulation.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

using StackingPlanTest = StackTest;

TEST_F(StackingPlanTest, ACycleIsNamed) {
  for (const char* program : {"a", "b", "c"}) world_.CreateActive(program, Flat("0.05"));
  ASSERT_OK(stacks_.Create("round", PlanOf(R"pb(
                             net_of { program: "programs/a" upstream: "programs/b" }
                             net_of { program: "programs/b" upstream: "programs/c" }
                             net_of { program: "programs/c" upstream: "programs/a" }
                           )pb")));
  ASSERT_OK_AND_ASSIGN(const auto lint, stacks_.Lint("round"));
  ASSERT_EQ(lint.findings_size(), 1);
  EXPECT_EQ(lint.findings(0).rule(), "stack-cycle");
  EXPECT_EQ(lint.findings(0).severity(), v1::LintFinding::ERROR);
  EXPECT_EQ(lint.findings(0).message(), "a is net of b, b is net of c, c is net of a");
  EXPECT_EQ(lint.findings(0).counter_example_size(), 3);
  const absl::Status refused = stacks_.Activate("round").status();
  EXPECT_THAT(refused, HasReason(Reason::kLintFailed));
  EXPECT_THAT(refused.message(), HasSubstr("a is net of b, b is net of c, c is net of a"));

  ASSERT_OK(stacks_.Create("fellows", PlanOf(R"pb(
                             net_of { program: "programs/b" upstream: "programs/a" }
                             groups {
                               group: "g"
                               scope: LINE
                               members { program: "programs/a" }
                               members { program: "programs/b" }
                             }
                           )pb")));
  ASSERT_OK_AND_ASSIGN(const auto fellows, stacks_.Lint("fellows"));
  ASSERT_EQ(fellows.findings_size(), 1);
  EXPECT_EQ(fellows.findings(0).rule(), "group-member-net-of-fellow");
  EXPECT_THAT(stacks_.Activate("fellows"), HasReason(Reason::kLintFailed));

  // A draft may be mended.
  v1::UpdateStackingPlanRequest update;
  *update.mutable_stacking_plan() = PlanOf(R"pb(net_of { program: "programs/a" upstream: "programs/b" })pb");
  update.mutable_stacking_plan()->set_name("stackingPlans/round");
  update.mutable_update_mask()->add_paths("net_of");
  ASSERT_OK_AND_ASSIGN(const auto mended, stacks_.Call<v1::StackingPlan>("UpdateStackingPlan", update));
  EXPECT_EQ(mended.net_of_size(), 1);
  ASSERT_OK_AND_ASSIGN(const auto clean, stacks_.Lint("round"));
  EXPECT_EQ(clean.findings_size(), 0);
  ASSERT_OK_AND_ASSIGN(const auto active, stacks_.Activate("round"));
  EXPECT_EQ(active.state(), v1::StackingPlan::ACTIVE);
  EXPECT_THAT(stacks_.Call<v1::StackingPlan>("UpdateStackingPlan", update), HasReason(Reason::kStateConflict));
}

// By a cost that is given, or by the standard cost of a product that inventory's feed has told.
TEST_F(StackingPlanTest, MembersThatPayMoreThanASaleEarnsAreFound) {
  world_.CreateActive("a", Flat("0.1"));
  world_.CreateActive("b", Flat("0.1"));
  ASSERT_OK(stacks_.Create("generous", PlanOf("net_of { program: 'programs/b' upstream: 'programs/a' }")));
  ASSERT_OK(world_.database().Transact({}, [](mysql::Transaction& sql) -> absl::Status {
    const events::Event told = ToldOf(ProductCosting("bike", {{"2024-04-01", "81.5"}, {"2024-07-01", "10"}}, "CNY"));
    return StandardCostStore().Apply(sql, absl::MakeConstSpan(&told, 1));
  }));
  const auto lint = [&](const char* price, const char* cost, const char* product) {
    v1::LintStackingPlanRequest request;
    request.set_name("stackingPlans/generous");
    if (price != nullptr) request.mutable_unit_price()->set_value(price);
    if (cost != nullptr) request.mutable_unit_cost()->set_value(cost);
    request.set_product(product);
    return stacks_.Call<v1::LintStackingPlanResponse>("LintStackingPlan", request);
  };
  // 10 and a tenth of 90: 19 of 100.
  ASSERT_OK_AND_ASSIGN(const auto just, lint("100", "81", ""));
  EXPECT_EQ(just.findings_size(), 0);
  for (const auto& found : {lint("100", "81.5", ""), lint("100", nullptr, "products/bike")}) {
    ASSERT_OK(found);
    ASSERT_EQ(found->findings_size(), 1);
    const v1::LintFinding& finding = found->findings(0);
    EXPECT_EQ(finding.rule(), "stack-negative-margin");
    EXPECT_EQ(finding.severity(), v1::LintFinding::ERROR);
    std::vector<std::string> example;
    for (const auto& one : finding.counter_example()) example.push_back(one.name() + "=" + one.value());
    EXPECT_THAT(example, ElementsAre("sale=100", "a=10", "b=9", "paid=19", "margin=18.5"));
  }
  ASSERT_OK_AND_ASSIGN(const auto unasked, stacks_.Lint("generous"));
  EXPECT_EQ(unasked.findings_size(), 0);
  EXPECT_THAT(lint(nullptr, "81", ""), HasReason(Reason::kInvalidField));
  EXPECT_THAT(lint("100", nullptr, ""), HasReason(Reason::kInvalidField));
  EXPECT_THAT(lint("100", "81", "products/bike"), HasReason(Reason::kInvalidField));
  EXPECT_THAT(lint("0", "81", ""), HasReason(Reason::kInvalidField));
  EXPECT_THAT(lint("100", nullptr, "products/unknown"), HasReason(Reason::kInvalidField));
}

// What a member pays by itself is nothing to compare with.
TEST_F(StackingPlanTest, ASimulationIsNotComparedWithAMember) {
  for (const char* program : {"a", "b"}) world_.CreateActive(program, Flat("0.05"));
  Tell({Line("SO1", "2024-05-02", "1", 1000)});
  v1::CreateSimulationRequest request;
  *request.mutable_simulation()->mutable_program() = Flat("0.06");
  request.mutable_simulation()->set_compare_with("programs/b");
  const std::string method = std::string(kSimulations) + "CreateSimulation";
  request.set_simulation_id("before");
  ASSERT_OK(world_.finance().Call<google::longrunning::Operation>(method, request));
  stacks_.CreateActive("net", PlanOf("net_of { program: 'programs/b' upstream: 'programs/a' }"));
  request.set_simulation_id("after");
  const absl::Status refused = world_.finance().Call<google::longrunning::Operation>(method, request).status();
  EXPECT_THAT(refused, HasReason(Reason::kStateConflict));
  EXPECT_THAT(refused.message(), HasSubstr("got programs/b, which stackingPlans/net evaluates in 2024Q2"));
  // On days before the plan, or alone, it says what it said.
  *request.mutable_simulation()->mutable_program()->mutable_effective_to() = DateOf("2024-04-01");
  *request.mutable_simulation()->mutable_program()->mutable_effective_from() = DateOf("2024-01-01");
  EXPECT_OK(world_.finance().Call<google::longrunning::Operation>(method, request));
}

TEST_F(StackingPlanTest, BadInputIsRefusedEachWithItsReason) {
  EXPECT_THAT(stacks_.Create("x", PlanOf("net_of { program: 'a' upstream: 'programs/b' }")),
              Blames("stacking_plan.net_of[0].program"));
  EXPECT_THAT(stacks_.Create("x", PlanOf("groups { group: 'g' members { program: 'programs/a' } }")),
              Blames("stacking_plan.groups[0].scope"));
  EXPECT_THAT(stacks_.Create("x", PlanOf("caps { cap: 'k' members: 'nobody' amount { value: '5' } }")),
              Blames("stacking_plan.caps[0].members[0]"));
  EXPECT_THAT(stacks_.Create("x", PlanOf("caps { cap: 'k' members: 'programs/a' amount { value: 'much' } }")),
              Blames("stacking_plan.caps[0].amount"));
  EXPECT_THAT(stacks_.Create("x", v1::StackingPlan()), Blames("stacking_plan.display_name"));
  EXPECT_THAT(stacks_.Create("x", Parse<v1::StackingPlan>("display_name: 'x'")),
              Blames("stacking_plan.effective_from"));
  for (const auto& refused : {stacks_.Activate("none"), stacks_.End("none")}) {
    EXPECT_THAT(refused, HasReason(Reason::kNotFound));
  }
  EXPECT_THAT(stacks_.Close("none", "2024Q2"), HasReason(Reason::kNotFound));

  // What lint says of members, and of a plan without any that is there.
  world_.CreateActive("a", Flat("0.05"));
  world_.CreateActive("dollars", Flat("0.05", "currency: 'USD'"));
  ASSERT_OK(world_.Create("draft", Flat("0.05")));
  ASSERT_OK(stacks_.Create("faults", PlanOf(R"pb(
                             net_of { program: "programs/a" upstream: "programs/nobody" }
                             net_of { program: "programs/a" upstream: "programs/draft" }
                             caps { cap: "k" members: "programs/dollars" }
                           )pb")));
  ASSERT_OK_AND_ASSIGN(const auto lint, stacks_.Lint("faults"));
  std::vector<std::string> fields;
  for (const v1::LintFinding& finding : lint.findings()) fields.push_back(finding.counter_example(0).value());
  EXPECT_THAT(fields, ElementsAre("stacking_plan.net_of[0].upstream", "stacking_plan.caps[0]", "stacking_plan.programs",
                                  "stacking_plan.programs"));
  EXPECT_THAT(stacks_.Activate("faults"), HasReason(Reason::kLintFailed));
  EXPECT_THAT(stacks_.Close("faults", "2024Q2"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(stacks_.End("faults"), HasReason(Reason::kStateConflict));

  // A period that is closed stays as it is; a program is in one plan at a time.
  world_.CreateActive("b", Flat("0.03"));
  const v1::StackingPlan plan = PlanOf("net_of { program: 'programs/b' upstream: 'programs/a' }");
  world_.CreateActive("early", Flat("0.03"));
  ASSERT_OK(world_.Close("early", "2024Q2"));
  ASSERT_OK(stacks_.Create("late", PlanOf("net_of { program: 'programs/early' upstream: 'programs/a' }")));
  EXPECT_THAT(stacks_.Activate("late"), HasReason(Reason::kPeriodClosed));
  stacks_.CreateActive("one", plan);
  EXPECT_THAT(stacks_.Create("one", plan), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(stacks_.Activate("one"), HasReason(Reason::kStateConflict));
  ASSERT_OK(stacks_.Create("two", plan));
  const absl::Status overlap = stacks_.Activate("two").status();
  EXPECT_THAT(overlap, HasReason(Reason::kValidityOverlap));
  EXPECT_THAT(overlap.message(), HasSubstr("stackingPlans/one"));

  // A member is not closed by itself.
  const absl::Status alone = world_.Close("a", "2024Q2").status();
  EXPECT_THAT(alone, HasReason(Reason::kStateConflict));
  EXPECT_THAT(alone.message(), HasSubstr("stackingPlans/one"));
  EXPECT_THAT(stacks_.Close("one", "2024Q1"), Blames("period"));
  EXPECT_THAT(stacks_.Close("one", "spring"), Blames("period"));
  EXPECT_THAT(stacks_.Close("one", "2024Q3"), HasReason(Reason::kStateConflict)) << "2024Q2 is open";
  EXPECT_THAT(stacks_.Close("one", "2090Q1"), HasReason(Reason::kPeriodNotEnded));
  ASSERT_OK(stacks_.Close("one", "2024Q2"));
  EXPECT_THAT(stacks_.Close("one", "2024Q2"), HasReason(Reason::kPeriodClosed));

  ASSERT_OK_AND_ASSIGN(const auto ended, stacks_.End("one"));
  EXPECT_EQ(ended.state(), v1::StackingPlan::ENDED);
  EXPECT_TRUE(ended.has_effective_to());
  EXPECT_THAT(stacks_.End("one"), HasReason(Reason::kStateConflict));
  v1::ListStackingPlansRequest list;
  list.set_filter("state = ENDED");
  ASSERT_OK_AND_ASSIGN(const auto page, stacks_.Call<v1::ListStackingPlansResponse>("ListStackingPlans", list));
  ASSERT_EQ(page.stacking_plans_size(), 1);
  EXPECT_EQ(page.stacking_plans(0).name(), "stackingPlans/one");
  v1::GetStackingPlanRequest get;
  get.set_name("stackingPlans/one");
  ASSERT_OK_AND_ASSIGN(const auto got, stacks_.Call<v1::StackingPlan>("GetStackingPlan", get));
  EXPECT_EQ(got.SerializeAsString(), ended.SerializeAsString());
  const std::unique_ptr<rpc::Client> p2 = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p2");
  EXPECT_THAT(p2->Call<v1::StackingPlan>(std::string(kPlans) + "GetStackingPlan", get),
              HasReason(Reason::kPermissionDenied));
}

// Periods before the plan are their programs' own, also what becomes of them.
TEST_F(StackingPlanTest, APlanBeginsWithAPeriod) {
  world_.CreateActive("a", Flat("0.05"));
  world_.CreateActive("b", Flat("0.03"));
  Tell({Line("L1", "2024-05-01", "1", 1000), Line("L2", "2024-08-01", "1", 1000)});
  v1::StackingPlan plan = PlanOf("net_of { program: 'programs/b' upstream: 'programs/a' }");
  *plan.mutable_effective_from() = DateOf("2024-07-01");
  stacks_.CreateActive("s", plan);
  EXPECT_EQ(Minor(Accrual("b", "2024Q2").evaluation().value()), 3000);
  EXPECT_EQ(Minor(Accrual("b", "2024Q3").evaluation().value()), 2850);
  EXPECT_THAT(stacks_.Close("s", "2024Q3"), HasReason(Reason::kStateConflict));
  ASSERT_OK(world_.Close("a", "2024Q2"));
  ASSERT_OK(world_.Close("b", "2024Q2"));
  ASSERT_OK(world_.Issue("2024Q2"));
  Tell({Line("L3", "2024-06-01", "1", 1000)});
  ASSERT_OK(stacks_.Close("s", "2024Q3"));
  ASSERT_OK(world_.Issue("2024Q3"));
  const std::vector<v1::Statement> statements = world_.Statements(world_.finance());
  ASSERT_THAT(statements, SizeIs(2));
  EXPECT_EQ(Amounts(statements[0]), "a 50.00, b 30.00");
  EXPECT_EQ(Amounts(statements[1]), "a 50.00, b 28.50");
  EXPECT_EQ(Amounts(statements[1], v1::StatementEntry::TRUE_UP), "a 50.00, b 30.00");
  EXPECT_FALSE(statements[1].entries(2).has_stacked());
  ExpectVerified();
}

}  // namespace
}  // namespace tributary::incentive
