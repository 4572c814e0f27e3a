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
}

}  // namespace
}  // namespace tributary::incentive
