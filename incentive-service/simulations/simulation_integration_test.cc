// Simulations, through a real server and database.

#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/simulation.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::IsEmpty;

using SimulationServiceTest = WorldTest;

TEST_F(SimulationServiceTest, SimulationsStateNothing) {
  std::vector<ShipmentLine> lines;
  for (int i = 0; i < 40; ++i) {
    lines.push_back(LineOf("p" + std::to_string(i % 4), "SO" + std::to_string(i), 1,
                           i % 2 == 0 ? "2025-01-15" : "2025-05-15", "2025-06-01", 1000 * i, 500000));
  }
  feed_.Tell(lines);
  world_.CatchUp();
  const std::string method = std::string(kSimulations) + "CreateSimulation";
  v1::CreateSimulationRequest request;
  request.set_simulation_id("retroactive");
  request.set_request_id(NewRequestId());
  *request.mutable_simulation()->mutable_program() = Terms("shape: RETROACTIVE");
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(method, request));
  const auto simulation = AnswerOf<v1::Simulation>(operation);
  EXPECT_EQ(simulation.name(), "simulations/retroactive");
  EXPECT_EQ(simulation.statements(), 4);  // even documents are p0's and p2's and the first quarter's
  EXPECT_EQ(simulation.lines(), 40);
  ASSERT_EQ(simulation.periods_size(), 2);
  EXPECT_EQ(simulation.periods(0).period(), "2025Q1");
  EXPECT_EQ(simulation.periods(0).partners(), 2);
  EXPECT_THAT(world_.Accruals(), IsEmpty());
  EXPECT_THAT(world_.Statements(world_.finance()), IsEmpty());

  // The same terms in earnest come to the same.
  world_.CreateActive("earnest", Terms("shape: RETROACTIVE"));
  int64_t cents = 0;
  for (const char* period : {"2025Q1", "2025Q2"}) {
    ASSERT_OK_AND_ASSIGN(const v1::PeriodClose close, world_.Close("earnest", period));
    cents += close.total().units() * 100 + close.total().nanos() / 10000000;
  }
  EXPECT_EQ(simulation.total().units() * 100 + simulation.total().nanos() / 10000000, cents);

  v1::GetSimulationRequest get;
  get.set_name(simulation.name());
  ASSERT_OK_AND_ASSIGN(const auto kept,
                       world_.finance().Call<v1::Simulation>(std::string(kSimulations) + "GetSimulation", get));
  EXPECT_EQ(kept.SerializeAsString(), simulation.SerializeAsString());
  v1::ListSimulationsRequest list;
  ASSERT_OK_AND_ASSIGN(const auto page, world_.finance().Call<v1::ListSimulationsResponse>(
                                            std::string(kSimulations) + "ListSimulations", list));
  EXPECT_EQ(page.simulations_size(), 1);

  // An answer too large to be kept with the request is read again by its operation's name.
  request.set_simulation_id("large");
  request.set_request_id(NewRequestId());
  v1::Program& terms = *request.mutable_simulation()->mutable_program();
  terms.set_display_name(std::string(255, 'x'));
  for (int i = 3; i < 50; ++i) {
    v1::Program::Tier* tier = terms.add_tiers();
    tier->mutable_from_amount()->set_value(std::to_string(100000000 + i) + ".123456");
    tier->mutable_rate()->set_value("0.123456");
  }
  lines.clear();
  for (int year = 1990; year < 2025; ++year) {
    lines.push_back(LineOf("p1", "OLD" + std::to_string(year), 1, std::to_string(year) + "-01-01", "2025-06-01", 10));
    lines.push_back(LineOf("p1", "OLD" + std::to_string(year), 2, std::to_string(year) + "-04-01", "2025-06-01", 10));
    lines.push_back(LineOf("p1", "OLD" + std::to_string(year), 3, std::to_string(year) + "-07-01", "2025-06-01", 10));
  }
  *terms.mutable_effective_from() = DateOf("1990-01-01");
  feed_.Tell(lines);
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const auto large, world_.finance().Call<google::longrunning::Operation>(method, request));
  EXPECT_GT(large.ByteSizeLong(), 4096u);
  ASSERT_OK_AND_ASSIGN(const auto again, world_.finance().Call<google::longrunning::Operation>(method, request));
  EXPECT_EQ(again.SerializeAsString(), large.SerializeAsString());
  EXPECT_EQ(AnswerOf<v1::Simulation>(large).lines(), 40 + 105);

  // What was told since counts as well, and what was taken back no more.
  feed_.Tell({ReversalOf(lines[0]), LineOf("p5", "NEW", 1, "2025-02-01", "2025-06-01", 10),
              LineOf("p5", "NEW", 2, "2025-02-02", "2025-06-01", 10)});
  world_.CatchUp();
  request.set_simulation_id("later");
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const auto later, world_.finance().Call<google::longrunning::Operation>(method, request));
  EXPECT_EQ(AnswerOf<v1::Simulation>(later).lines(), 40 + 105 - 1 + 2);
}

// One program against another, partner by partner, as their closes would state.
TEST_F(SimulationServiceTest, WinnersAndLosersAgainstAProgramInForce) {
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-01-15", "2025-06-01", 10000),
              LineOf("p2", "SO2", 1, "2025-01-15", "2025-06-01", 100000),
              LineOf("p2", "SO3", 1, "2025-04-15", "2025-06-01", 30000),
              LineOf("p3", "SO4", 1, "2025-04-15", "2025-06-01", 20000),
              LineOf("p4", "SO5", 1, "2024-12-31", "2025-06-01", 20000)});
  world_.CatchUp();
  world_.CreateActive("growth", Terms());
  v1::CreateSimulationRequest request;
  request.set_simulation_id("tight");
  v1::Simulation& asked = *request.mutable_simulation();
  // 1 % of all; nothing for p3.
  *asked.mutable_program() = Terms("eligibility { except_partners: \"partners/p3\" }");
  asked.mutable_program()->set_shape(v1::Program::FLAT);
  asked.mutable_program()->mutable_tiers()->DeleteSubrange(1, 2);
  asked.set_compare_with("programs/growth");
  const std::string create = std::string(kSimulations) + "CreateSimulation";
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(create, request));
  const auto simulation = AnswerOf<v1::Simulation>(operation);
  EXPECT_EQ(simulation.compare_with(), "programs/growth@2");
  EXPECT_EQ(Amount(simulation.total()), "USD 1400.000000000");
  EXPECT_EQ(Amount(simulation.budget_at_risk()), "USD 1100.000000000");
  const v1::Simulation::Comparison& comparison = simulation.comparison();
  // p1 100; p2 200 + 800 + 1400 and 200 + 200; p3 200.
  EXPECT_EQ(Amount(comparison.total()), "USD 3100.000000000");
  EXPECT_EQ(Amount(comparison.difference()), "USD -1700.000000000");
  EXPECT_EQ(comparison.winners(), 0);
  EXPECT_EQ(comparison.losers(), 2);
  EXPECT_EQ(Amount(comparison.lost()), "USD 1700.000000000");
  EXPECT_EQ(comparison.unchanged(), 1);
  int64_t stated = 0;
  for (const char* period : {"2025Q1", "2025Q2"}) {
    ASSERT_OK_AND_ASSIGN(const v1::PeriodClose close, world_.Close("growth", period));
    stated += close.total().units();
  }
  EXPECT_EQ(stated, comparison.total().units());

  v1::ListSimulationPartnersRequest list;
  list.set_parent("simulations/tight");
  list.set_page_size(1);
  const std::string partners = std::string(kSimulations) + "ListSimulationPartners";
  std::vector<std::string> rows;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, world_.finance().Call<v1::ListSimulationPartnersResponse>(partners, list));
    for (const v1::SimulationPartner& row : page.simulation_partners()) {
      rows.push_back(row.partner() + " " + Amount(row.value()) + " " + Amount(row.compared_value()) + " " +
                     Amount(row.difference()) + " " + v1::SimulationPartner::Outcome_Name(row.outcome()) + " " +
                     std::to_string(row.lines()));
    }
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  EXPECT_THAT(rows,
              ::testing::ElementsAre("partners/p1 USD 100.000000000 USD 100.000000000 USD 0.000000000 UNCHANGED 1",
                                     "partners/p2 USD 1300.000000000 USD 2800.000000000 USD -1500.000000000 LOSER 2",
                                     "partners/p3 USD 0.000000000 USD 200.000000000 USD -200.000000000 LOSER 0"));
  list.set_filter("outcome = LOSER AND NOT partner = \"partners/p3\"");
  ASSERT_OK_AND_ASSIGN(auto page, world_.finance().Call<v1::ListSimulationPartnersResponse>(partners, list));
  ASSERT_EQ(page.simulation_partners_size(), 1);
  EXPECT_EQ(page.simulation_partners(0).name(), "simulations/tight/partners/p2");
  list.set_filter("outcome = WINNER");
  ASSERT_OK_AND_ASSIGN(page, world_.finance().Call<v1::ListSimulationPartnersResponse>(partners, list));
  EXPECT_EQ(page.simulation_partners_size(), 0);
  list.set_filter("value > 0");
  EXPECT_THAT(world_.finance().Call<v1::ListSimulationPartnersResponse>(partners, list),
              HasReason(Reason::kFilterInvalid));
  list.clear_filter();
  list.set_parent("simulations/none");
  EXPECT_THAT(world_.finance().Call<v1::ListSimulationPartnersResponse>(partners, list), HasReason(Reason::kNotFound));

  // As it was before its activation, it says the same; against itself nobody gains.
  request.set_simulation_id("itself");
  *asked.mutable_program() = Terms();
  asked.set_compare_with("programs/growth@1");
  ASSERT_OK_AND_ASSIGN(const auto same, world_.finance().Call<google::longrunning::Operation>(create, request));
  EXPECT_EQ(AnswerOf<v1::Simulation>(same).comparison().unchanged(), 3);
  EXPECT_EQ(AnswerOf<v1::Simulation>(same).comparison().difference().units(), 0);
  v1::GetSimulationRequest get;
  get.set_name("simulations/itself");
  ASSERT_OK_AND_ASSIGN(const auto kept,
                       world_.finance().Call<v1::Simulation>(std::string(kSimulations) + "GetSimulation", get));
  EXPECT_EQ(kept.SerializeAsString(), AnswerOf<v1::Simulation>(same).SerializeAsString());

  // Alone: what each would be paid, and nobody wins or loses.
  request.set_simulation_id("alone");
  asked.clear_compare_with();
  ASSERT_OK_AND_ASSIGN(const auto alone, world_.finance().Call<google::longrunning::Operation>(create, request));
  EXPECT_FALSE(AnswerOf<v1::Simulation>(alone).has_comparison());
  list.set_parent("simulations/alone");
  ASSERT_OK_AND_ASSIGN(page, world_.finance().Call<v1::ListSimulationPartnersResponse>(partners, list));
  ASSERT_EQ(page.simulation_partners_size(), 1);
  EXPECT_FALSE(page.simulation_partners(0).has_compared_value());
  EXPECT_EQ(page.simulation_partners(0).outcome(), v1::SimulationPartner::OUTCOME_UNSPECIFIED);

  // What cannot be compared is refused, each with its own reason.
  request.set_simulation_id("refused");
  for (const char* bad : {"growth", "programs/growth@0", "programs/growth@x", "programs/growth@1@1", "programs/"}) {
    asked.set_compare_with(bad);
    const absl::Status status = world_.finance().Call<google::longrunning::Operation>(create, request).status();
    EXPECT_THAT(status, HasReason(Reason::kInvalidField)) << bad;
    EXPECT_THAT(status, Blames("simulation.compare_with")) << bad;
  }
  for (const char* missing : {"programs/none", "programs/growth@9"}) {
    asked.set_compare_with(missing);
    const absl::Status status = world_.finance().Call<google::longrunning::Operation>(create, request).status();
    EXPECT_THAT(status, HasReason(Reason::kReferenceNotFound)) << missing;
    EXPECT_THAT(status, Blames("simulation.compare_with")) << missing;
  }
  asked.set_compare_with("programs/growth");
  asked.mutable_program()->set_currency("EUR");
  EXPECT_THAT(world_.finance().Call<google::longrunning::Operation>(create, request),
              HasReason(Reason::kCurrencyMismatch));
}

}  // namespace
}  // namespace tributary::incentive
