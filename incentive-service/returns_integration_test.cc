// Returns that name no sale, and what is left below 0, through the wire: matched and carried in whatever order lines
// come, stated, trued up and verified.

#include <algorithm>
#include <map>
#include <optional>
#include <random>

#include "common/text/text.h"
#include "google/protobuf/text_format.h"
#include "incentive-service/testing_statements.h"
#include "tributary/incentive/v1/simulation.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// 10 % of each quarter's orders; `more` is text format.
v1::Program TenPercent(const std::string& more) {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(
            display_name: "What comes back"
            basis: ORDER
            shape: FLAT
            tiers {
              from_amount { value: "0" }
              rate { value: "0.1" }
            }
            period: QUARTER
            currency: "USD"
            effective_from { year: 2025 month: 1 day: 1 }
      )pb" +
          more,
      &program));
  return program;
}

// At 10 a unit; below 0 they come back.
ShipmentLine Units(const std::string& document, const char* day, int64_t units) {
  ShipmentLine line = LineOf("p1", document, 1, day, day, units * 10);
  line.mutable_quantity()->set_value(std::to_string(units));
  return line;
}

// "SO1 5 500" or "RT1 -2 of SO1 -200" each, shares in cents.
std::vector<std::string> Texts(const std::vector<v1::StatementLine>& lines) {
  const auto document = [](const std::string& name) { return name.substr(name.rfind('/', name.size() - 9) + 1, 3); };
  std::vector<std::string> texts;
  for (const v1::StatementLine& line : lines) {
    texts.push_back(StrCat(document(line.fact()), " ", line.quantity().value(),
                           line.matched().empty() ? "" : StrCat(" of ", document(line.matched())), " ",
                           line.share().units() * 100 + line.share().nanos() / 10000000));
  }
  return texts;
}

class ReturnsTest : public WorldTest {
 protected:
  absl::StatusOr<v1::Statement> StatementOf(const std::string& name) {
    v1::GetStatementRequest request;
    request.set_name(name);
    return world_.finance().Call<v1::Statement>(StrCat(kStatements, "GetStatement"), request);
  }
  // The statement follows from what it shows and from the facts.
  static void ExpectFacts(World& world, const v1::Statement& statement, const std::vector<ShipmentLine>& facts) {
    std::map<std::string, ShipmentLine> by_name;
    for (const ShipmentLine& fact : facts) by_name[fact.name()] = fact;
    const auto lookup = [&](const std::string& name) -> std::optional<cli::Fact> {
      const auto found = by_name.find(name);
      return found == by_name.end() ? std::nullopt : std::optional<cli::Fact>(found->second);
    };
    EXPECT_THAT(cli::VerifyStatement(statement, world.Lines(statement.name()), lookup), IsEmpty());
  }
};

// Of four units that come back two were sold last, in the second quarter, and two of five in the first.
TEST_F(ReturnsTest, ComeBackOfWhatWasSoldLastInAnyOrder) {
  std::vector<ShipmentLine> lines = {Units("SO1", "2025-02-01", 5), Units("SO2", "2025-04-05", 2),
                                     Units("RT1", "2025-05-01", -4)};
  std::string accruals;
  for (int round = 0; round < 4; ++round) {
    const std::unique_ptr<mysql::Database> inventory = testing::FreshDatabase({&schema::events(), &schema::rpc()});
    ShipmentFeed feed(keys_, *inventory);
    World world(keys_, feed);
    if (round != 3) world.CreateActive("g", TenPercent("return_policy: MATCH_LATEST"));
    std::mt19937 random(round);
    if (round > 0) std::shuffle(lines.begin(), lines.end(), random);
    for (const ShipmentLine& line : lines) {
      for (int i = 0; i < (round == 2 ? 2 : 1); ++i) feed.Tell({line});
    }
    world.CatchUp();
    if (round == 3) world.CreateActive("g", TenPercent("return_policy: MATCH_LATEST"));  // counts what is recorded
    if (round == 0) accruals = world.AccrualTexts();
    EXPECT_EQ(world.AccrualTexts(), accruals);
    ASSERT_OK_AND_ASSIGN(const v1::Accrual first, world.GetAccrual("partners/p1/accruals/g.2025Q1"));
    EXPECT_EQ(first.lines(), 2);
    EXPECT_EQ(first.quantity().value(), "3");
    EXPECT_EQ(Amount(first.evaluation().value()), "USD 3.000000000");
    ASSERT_OK_AND_ASSIGN(const v1::Accrual second, world.GetAccrual("partners/p1/accruals/g.2025Q2"));
    EXPECT_EQ(second.lines(), 2);
    EXPECT_EQ(Amount(second.evaluation().value()), "USD 0.000000000");
  }
}

TEST_F(ReturnsTest, AreStatedInPartsAndTruedUp) {
  world_.CreateActive("g", TenPercent("return_policy: MATCH_LATEST"));
  std::vector<ShipmentLine> facts = {Units("SO1", "2025-02-01", 5), Units("SO2", "2025-04-05", 2)};
  feed_.Tell(facts);
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q1"));
  // It comes back of a period that is closed, and of one that is not.
  facts.push_back(Units("RT1", "2025-05-01", -4));
  feed_.Tell({facts.back()});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::Accrual first, world_.GetAccrual("partners/p1/accruals/g.2025Q1"));
  EXPECT_EQ(Amount(first.unstated_amount()), "USD -2.000000000");
  ASSERT_EQ(first.true_ups_size(), 1);
  EXPECT_EQ(first.true_ups(0).fact(), facts.back().name());
  v1::ListAccrualLinesRequest list;
  list.set_parent("partners/p1/accruals/g.2025Q1");
  ASSERT_OK_AND_ASSIGN(const auto accrued, world_.finance().Call<v1::ListAccrualLinesResponse>(
                                               StrCat(kAccruals, "ListAccrualLines"), list));
  ASSERT_EQ(accrued.accrual_lines_size(), 2);
  EXPECT_EQ(accrued.accrual_lines(0).fact(), facts[2].name());
  EXPECT_EQ(accrued.accrual_lines(0).matched(), facts[0].name());
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q2"));
  ASSERT_OK_AND_ASSIGN(const v1::Statement second, StatementOf("partners/p1/statements/2"));
  ASSERT_EQ(second.entries_size(), 2);
  EXPECT_EQ(Amount(second.entries(0).amount()), "USD 0.000000000");
  EXPECT_EQ(Amount(second.entries(1).amount()), "USD -2.000000000");
  EXPECT_THAT(Texts(world_.Lines(second.name())),
              ElementsAre("RT1 -2 of SO2 0", "SO2 2 0", "RT1 -2 of SO1 -200", "SO1 5 500"));
  ExpectFacts(world_, second, facts);
  // What was sold in between and is recorded late comes back first.
  facts.push_back(Units("SO3", "2025-04-20", 4));
  feed_.Tell({facts.back()});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q3"));
  ASSERT_OK_AND_ASSIGN(const v1::Statement third, StatementOf("partners/p1/statements/3"));
  ASSERT_EQ(third.entries_size(), 2);
  EXPECT_EQ(Amount(third.entries(0).amount()), "USD 2.000000000");
  EXPECT_EQ(Amount(third.entries(1).amount()), "USD 2.000000000");
  EXPECT_THAT(Texts(world_.Lines(third.name())),
              ElementsAre("SO1 5 500", "SO2 2 200", "RT1 -4 of SO3 -400", "SO3 4 400"));
  ExpectFacts(world_, third, facts);
  ExpectVerified(world_, "partners/p1");
  const std::string csv = CsvOf(world_, second.name());
  EXPECT_THAT(csv, HasSubstr("returns,1,MATCH_LATEST,\n"));
  EXPECT_THAT(csv, HasSubstr("matched,2,1,partners/p1/shipments/SO1/lines/1\n"));
  std::string forged = csv;
  forged.replace(forged.find("matched,2,1,partners/p1/shipments/SO1"), 37, "matched,2,1,partners/p1/shipments/SO9");
  EXPECT_THAT(cli::VerifyDocument(forged).differences, Not(IsEmpty()));
  // With facts that were sold at another price nothing matches.
  std::vector<ShipmentLine> dearer = facts;
  dearer[0].mutable_net_amount()->set_units(51);
  std::map<std::string, ShipmentLine> by_name;
  for (const ShipmentLine& fact : dearer) by_name[fact.name()] = fact;
  EXPECT_THAT(cli::VerifyStatement(second, world_.Lines(second.name()),
                                   [&](const std::string& name) { return std::optional<cli::Fact>(by_name.at(name)); }),
              ::testing::Contains(HasSubstr("which is not what it returns")));

  // The same terms tried on the same lines, as they are now: 5.00 and 2.00.
  v1::CreateSimulationRequest request;
  *request.mutable_simulation()->mutable_program() = TenPercent("return_policy: MATCH_LATEST");
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                                 StrCat(kSimulations, "CreateSimulation"), request));
  EXPECT_EQ(Amount(AnswerOf<v1::Simulation>(operation).total()), "USD 7.000000000");
}

// 80 more came back in the first quarter than went out; the second brings 100.
TEST_F(ReturnsTest, WhatIsBelowNothingIsCarriedOn) {
  world_.CreateActive("dropped", TenPercent(""));
  world_.CreateActive("g", TenPercent("carry_negative: true"));
  const ShipmentLine back = Units("RT1", "2025-02-01", -8);
  feed_.Tell({back, Units("SO1", "2025-05-01", 10)});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::Accrual dropped, world_.GetAccrual("partners/p1/accruals/dropped.2025Q2"));
  EXPECT_EQ(Amount(dropped.evaluation().value()), "USD 10.000000000");
  ASSERT_OK_AND_ASSIGN(v1::Accrual accrual, world_.GetAccrual("partners/p1/accruals/g.2025Q2"));
  EXPECT_EQ(Amount(accrual.evaluation().value()), "USD 2.000000000");
  EXPECT_EQ(Amount(accrual.qualifying_amount()), "USD 100.000000000");
  const v1::CarriedSteps& carried = accrual.evaluation().carried();
  ASSERT_EQ(carried.periods_size(), 1);
  EXPECT_EQ(carried.periods(0).period(), "2025Q1");
  EXPECT_EQ(carried.amount().value(), "-80");
  EXPECT_EQ(carried.quantity().value(), "-8");
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q1"));
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q2"));
  EXPECT_THAT(CsvOf(world_, "partners/p1/statements/2"), HasSubstr("carried,1,2025Q1,-80,-8\n"));
  // It turns out that nothing came back: the second quarter is worth more.
  feed_.Tell({ReversalOf(back)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q3"));
  ASSERT_OK_AND_ASSIGN(const v1::Statement third, StatementOf("partners/p1/statements/3"));
  ASSERT_EQ(third.entries_size(), 1);
  EXPECT_EQ(third.entries(0).period(), "2025Q2");
  EXPECT_EQ(Amount(third.entries(0).amount()), "USD 8.000000000");
  EXPECT_FALSE(third.entries(0).evaluation().has_carried());
  ExpectVerified(world_, "partners/p1");
  std::string forged = CsvOf(world_, "partners/p1/statements/2");
  forged.replace(forged.find("carried,1,2025Q1,-80"), 20, "carried,1,2025Q1,-70");
  EXPECT_THAT(cli::VerifyDocument(forged).differences, Not(IsEmpty()));
}

TEST_F(ReturnsTest, OtherTermsAreRefusedByField) {
  EXPECT_THAT(world_.Create("x", TenPercent("return_policy: MATCH_LATEST group: ROLL_UP")),
              Blames("program.return_policy"));
  EXPECT_THAT(world_.Create("x", TenPercent("carry_negative: true payout_period: MONTH")),
              Blames("program.carry_negative"));
}

}  // namespace
}  // namespace tributary::incentive
