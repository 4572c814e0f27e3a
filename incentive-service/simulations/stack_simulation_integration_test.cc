// Stacking plans that are simulated, through a real server and database: what closes then state.

#include "incentive-service/testing_stacks.h"
#include "tributary/incentive/v1/simulation.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StackSimulationTest : public StackTest {
 protected:
  absl::StatusOr<v1::Simulation> Simulate(const std::string& id, const std::string& simulation) {
    v1::CreateSimulationRequest request;
    request.set_simulation_id(id);
    *request.mutable_simulation() = Parse<v1::Simulation>(simulation);
    ASSIGN_OR_RETURN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                               std::string(kSimulations) + "CreateSimulation", request));
    return AnswerOf<v1::Simulation>(operation);
  }
  absl::StatusOr<v1::Simulation> SimulateInPlace(const std::string& id, const std::string& member,
                                                 const v1::Program& terms) {
    v1::CreateSimulationRequest request;
    request.set_simulation_id(id);
    request.mutable_simulation()->set_stacking_plan("stackingPlans/lines");
    request.mutable_simulation()->set_in_place_of(member);
    request.mutable_simulation()->set_compare_with("stackingPlans/lines");
    *request.mutable_simulation()->mutable_program() = terms;
    ASSIGN_OR_RETURN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                               std::string(kSimulations) + "CreateSimulation", request));
    return AnswerOf<v1::Simulation>(operation);
  }
  std::vector<v1::SimulationPartner> Partners(const std::string& simulation, const std::string& filter = "") {
    v1::ListSimulationPartnersRequest request;
    request.set_parent("simulations/" + simulation);
    request.set_filter(filter);
    const auto page = world_.finance().Call<v1::ListSimulationPartnersResponse>(
        std::string(kSimulations) + "ListSimulationPartners", request);
    EXPECT_OK(page);
    if (!page.ok()) return {};
    return {page->simulation_partners().begin(), page->simulation_partners().end()};
  }

  // 600 and 400: A 10 % on the first, C 8 % on the second, B 5 % on both and net of A; B and C exclude each other.
  void CreateDrafts() {
    EXPECT_OK(world_.Create("a", Flat("0.1", "lines { products: 'products/x' }")));
    EXPECT_OK(world_.Create("b", Flat("0.05")));
    EXPECT_OK(world_.Create("c", Flat("0.08", "lines { products: 'products/y' }")));
    for (const auto& [id, scope] : {std::pair("lines", "LINE"), std::pair("periods", "PARTNER_PERIOD")}) {
      EXPECT_OK(stacks_.Create(
          id,
          PlanOf(std::string("net_of { program: 'programs/b' upstream: 'programs/a' } groups { group: 'g' scope: ") +
                 scope + " members { program: 'programs/b' } members { program: 'programs/c' } }")));
    }
  }
  void TellR4() { Tell({kFirst, kSecond}); }

  const inventory::v1::ShipmentLine kFirst = Line("L1", "2024-05-01", "1", 600, "products/x");
  const inventory::v1::ShipmentLine kSecond = Line("L2", "2024-05-02", "1", 400, "products/y");
};

// "programs/a@1 60.00 1 1": total, partners, lines.
std::vector<std::string> Members(const v1::Simulation& simulation) {
  std::vector<std::string> texts;
  for (const auto& member : simulation.members()) {
    texts.push_back(StrCat(member.program(), " ", Minor(member.total()), " ", member.partners(), " ", member.lines()));
  }
  return texts;
}

TEST_F(StackSimulationTest, ADraftSaysWhatItsCloseThenStates) {
  CreateDrafts();
  TellR4();
  ASSERT_OK_AND_ASSIGN(const auto simulation,
                       Simulate("draft", "stacking_plan: 'stackingPlans/lines' compare_with: 'stackingPlans/periods'"));
  EXPECT_EQ(Amount(simulation.total()), "CNY 119.000000000");
  EXPECT_THAT(Members(simulation),
              ElementsAre("programs/a@1 6000 1 1", "programs/b@1 2700 1 2", "programs/c@1 3200 1 1"));
  EXPECT_FALSE(simulation.has_program());
  EXPECT_EQ(simulation.stacking_plan(), "stackingPlans/lines");
  EXPECT_EQ(simulation.lines(), 2);
  EXPECT_EQ(simulation.statements(), 1);
  ASSERT_EQ(simulation.periods_size(), 1);
  EXPECT_EQ(simulation.periods(0).period(), "2024Q2");
  EXPECT_EQ(simulation.compare_with(), "stackingPlans/periods");
  EXPECT_EQ(Minor(simulation.comparison().total()), 10700);
  EXPECT_EQ(simulation.comparison().winners(), 1);
  EXPECT_EQ(Minor(simulation.comparison().gained()), 1200);

  v1::GetSimulationRequest get;
  get.set_name("simulations/draft");
  ASSERT_OK_AND_ASSIGN(const auto kept,
                       world_.finance().Call<v1::Simulation>(std::string(kSimulations) + "GetSimulation", get));
  EXPECT_EQ(kept.SerializeAsString(), simulation.SerializeAsString());
  const std::vector<v1::SimulationPartner> partners = Partners("draft", "outcome = WINNER");
  ASSERT_EQ(partners.size(), 1u);
  EXPECT_EQ(partners[0].partner(), "partners/p2");
  EXPECT_EQ(partners[0].lines(), 2);
  EXPECT_EQ(Minor(partners[0].compared_value()), 10700);
  ASSERT_EQ(partners[0].members_size(), 3);
  EXPECT_EQ(partners[0].members(2).program(), "programs/c");
  EXPECT_EQ(Minor(partners[0].members(2).value()), 3200);
  EXPECT_THAT(Partners("draft", "outcome = LOSER"), IsEmpty());
  EXPECT_THAT(world_.Accruals(), IsEmpty());

  // Each by itself would pay 60 + 50 + 32.
  ASSERT_OK_AND_ASSIGN(const auto beside,
                       Simulate("beside", "stacking_plan: 'stackingPlans/lines' compare_with: 'programs/-'"));
  EXPECT_EQ(Minor(beside.comparison().total()), 14200);
  EXPECT_EQ(beside.comparison().losers(), 1);
  EXPECT_EQ(Minor(beside.comparison().lost()), 2300);
  EXPECT_EQ(beside.compare_with(), "programs/-");

  // In earnest.
  for (const char* program : {"a", "b", "c"}) ASSERT_OK(world_.Activate(program));
  ASSERT_OK(stacks_.Activate("lines"));
  ASSERT_OK_AND_ASSIGN(const auto closed, stacks_.Close("lines", "2024Q2"));
  ASSERT_EQ(closed.period_closes_size(), 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Minor(closed.period_closes(i).total()), Minor(simulation.members(i).total()));
    EXPECT_EQ(closed.period_closes(i).lines(), simulation.members(i).lines());
  }
  ASSERT_OK(world_.Issue("2024Q2"));

  // A return after the close: closing now would state what close and true-up state together.
  inventory::v1::ShipmentLine back = Line("R1", "2024-06-01", "-1", -100, "products/y");
  back.set_original_line(kSecond.name());
  Tell({back});
  ASSERT_OK_AND_ASSIGN(const auto after, Simulate("after", "stacking_plan: 'stackingPlans/lines'"));
  EXPECT_EQ(Minor(after.total()), 11100);
  ASSERT_OK(stacks_.Close("lines", "2024Q3"));
  ASSERT_OK(world_.Issue("2024Q3"));
  int64_t stated = 0;
  for (const v1::Statement& statement : world_.Statements(world_.finance())) stated += Minor(statement.total());
  EXPECT_EQ(stated, 11100);
}

// What other terms of one member would do under the plan that is in force.
TEST_F(StackSimulationTest, TermsAreTriedInTheirMembersPlace) {
  CreateDrafts();
  for (const char* program : {"a", "b", "c"}) ASSERT_OK(world_.Activate(program));
  ASSERT_OK(stacks_.Activate("lines"));
  TellR4();
  // B 8 % of 940, 32 of it on the second line, where it wins by its name.
  ASSERT_OK_AND_ASSIGN(const auto simulation, SimulateInPlace("more", "programs/b", Flat("0.08")));
  EXPECT_EQ(Minor(simulation.total()), 13520);
  EXPECT_THAT(Members(simulation), ElementsAre("programs/a@2 6000 1 1", "programs/b 7520 1 2", "programs/c@2 0 1 1"));
  EXPECT_EQ(Minor(simulation.comparison().total()), 11900);
  EXPECT_EQ(Minor(simulation.comparison().difference()), 1620);
  EXPECT_EQ(simulation.program().tiers(0).rate().value(), "0.08");
  EXPECT_EQ(simulation.in_place_of(), "programs/b");
  v1::GetSimulationRequest get;
  get.set_name("simulations/more");
  ASSERT_OK_AND_ASSIGN(const auto kept,
                       world_.finance().Call<v1::Simulation>(std::string(kSimulations) + "GetSimulation", get));
  EXPECT_EQ(kept.SerializeAsString(), simulation.SerializeAsString());

  // A program beside the plan, and the plan beside a program that stands by itself.
  ASSERT_OK(world_.Create("single", Flat("0.1")));
  ASSERT_OK_AND_ASSIGN(const auto beside,
                       Simulate("single", "stacking_plan: 'stackingPlans/lines' compare_with: 'programs/single'"));
  EXPECT_EQ(beside.compare_with(), "programs/single@1");
  EXPECT_EQ(Minor(beside.comparison().difference()), 1900);
  EXPECT_THAT(Simulate("member", "stacking_plan: 'stackingPlans/periods' compare_with: 'programs/b'"),
              HasReason(Reason::kStateConflict));
  v1::CreateSimulationRequest request;
  request.set_simulation_id("program");
  *request.mutable_simulation()->mutable_program() = Flat("0.1");
  request.mutable_simulation()->set_compare_with("stackingPlans/lines");
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                                 std::string(kSimulations) + "CreateSimulation", request));
  EXPECT_EQ(Minor(AnswerOf<v1::Simulation>(operation).comparison().difference()), -1900);
}

TEST_F(StackSimulationTest, BadInputIsRefusedEachWithItsReason) {
  CreateDrafts();
  EXPECT_THAT(Simulate("x", ""), Blames("simulation.program"));
  EXPECT_THAT(Simulate("x", "stacking_plan: 'lines'"), Blames("simulation.stacking_plan"));
  EXPECT_THAT(Simulate("x", "in_place_of: 'programs/b'"), Blames("simulation.program"));
  EXPECT_THAT(Simulate("x", "stacking_plan: 'stackingPlans/lines' in_place_of: 'programs/b'"),
              Blames("simulation.program"));
  for (const char* field : {"stacking_plan: 'stackingPlans/none'",
                            "stacking_plan: 'stackingPlans/lines' compare_with: 'stackingPlans/none'"}) {
    EXPECT_THAT(Simulate("x", field), HasReason(Reason::kReferenceNotFound)) << field;
  }
  EXPECT_THAT(SimulateInPlace("x", "", Flat("0.08")), Blames("simulation.in_place_of"));
  EXPECT_THAT(SimulateInPlace("x", "programs/none", Flat("0.08")), Blames("simulation.in_place_of"));
  EXPECT_THAT(SimulateInPlace("x", "programs/b", Flat("0.08", "currency: 'USD'")), HasReason(Reason::kLintFailed));
  ASSERT_OK(stacks_.Create("open", PlanOf("net_of { program: 'programs/b' upstream: 'programs/nobody' }")));
  EXPECT_THAT(Simulate("x", "stacking_plan: 'stackingPlans/open'"), HasReason(Reason::kLintFailed));
  ASSERT_OK(world_.Create("dollars", Flat("0.05", "currency: 'USD'")));
  EXPECT_THAT(Simulate("x", "stacking_plan: 'stackingPlans/lines' compare_with: 'programs/dollars'"),
              HasReason(Reason::kCurrencyMismatch));
}

}  // namespace
}  // namespace tributary::incentive
