// Guarantees through the wire: what closes add, what they carry, and what corrections of earlier periods do to it.

#include <algorithm>
#include <random>

#include "cli/verify/guarantee.h"
#include "cli/verify/verify.h"
#include "google/protobuf/text_format.h"
#include "incentive-service/testing_world.h"

namespace tributary::incentive {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A tenth of each quarter's orders, and of p1 and p2 10,000 a quarter at least.
v1::Program Guaranteed(const std::string& more = "guarantee { amount { value: \"10000\" } cumulative: true }") {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(
            display_name: "Guaranteed"
            basis: ORDER
            shape: FLAT
            tiers {
              from_amount { value: "0" }
              rate { value: "0.1" }
            }
            period: QUARTER
            currency: "USD"
            effective_from { year: 2025 month: 1 day: 1 }
            eligibility { partners: "partners/p1" partners: "partners/p2" }
      )pb" +
          more,
      &program));
  return program;
}

// 12,000, 5,000 and 4,000 in the first three quarters for p1; nothing for p2; p3 is not named.
std::vector<ShipmentLine> Lines() {
  return {LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 110000),
          LineOf("p1", "SO1", 2, "2025-02-01", "2025-02-02", 10000),
          LineOf("p1", "SO2", 1, "2025-05-01", "2025-05-02", 50000),
          LineOf("p1", "SO3", 1, "2025-08-01", "2025-08-02", 40000),
          LineOf("p3", "SO4", 1, "2025-08-01", "2025-08-02", 40000)};
}

// "EARNED 2025Q1 12000.00" each.
std::vector<std::string> EntryTexts(const v1::Statement& statement) {
  std::vector<std::string> texts;
  for (const v1::StatementEntry& entry : statement.entries()) {
    texts.push_back(v1::StatementEntry::Kind_Name(entry.kind()) + " " + entry.period() + " " +
                    std::to_string(entry.amount().units()));
  }
  return texts;
}

class GuaranteeTest : public WorldTest {
 protected:
  // Whether the partner's statements follow from their lines and from one another.
  static void Verify(World& world, const std::string& partner) {
    cli::GuaranteeChain chain;
    for (const v1::Statement& statement : world.Statements(world.finance(), partner)) {
      EXPECT_THAT(cli::VerifyStatement(statement, world.Lines(statement.name())), IsEmpty()) << statement.name();
      for (const v1::StatementEntry& entry : statement.entries()) {
        EXPECT_THAT(chain.Take(entry), IsEmpty()) << statement.name();
      }
    }
  }
};

TEST_F(GuaranteeTest, InOrderReversedShuffledAndDoubled) {
  enum Order { kInOrder, kReversed, kShuffled, kDoubled };
  for (const Order order : {kInOrder, kReversed, kShuffled, kDoubled}) {
    const std::unique_ptr<mysql::Database> inventory = testing::FreshDatabase({&schema::events(), &schema::rpc()});
    ShipmentFeed feed(keys_, *inventory);
    World world(keys_, feed);
    world.CreateActive("g", Guaranteed());
    std::vector<ShipmentLine> lines = Lines();
    std::mt19937 random(order);
    if (order == kReversed) std::reverse(lines.begin(), lines.end());
    if (order == kShuffled) std::shuffle(lines.begin(), lines.end(), random);
    for (const ShipmentLine& line : lines) {
      for (int i = 0; i < (order == kDoubled ? 2 : 1); ++i) feed.Tell({line});
    }
    world.CatchUp();
    ASSERT_OK_AND_ASSIGN(const v1::PeriodClose first, world.CloseAndIssue("g", "2025Q1"));
    EXPECT_EQ(Amount(first.total()), "USD 22000.000000000");  // 12,000 of p1 and all of p2's
    EXPECT_EQ(first.statements(), 2);
    ASSERT_OK(world.CloseAndIssue("g", "2025Q2"));
    ASSERT_OK(world.CloseAndIssue("g", "2025Q3"));
    // Of the first quarter 10,000 were returned.
    ShipmentLine back = LineOf("p1", "RT1", 1, "2025-11-01", "2025-11-01", -10000);
    back.set_original_line("partners/p1/shipments/SO1/lines/2");
    feed.Tell({back});
    world.CatchUp();
    ASSERT_OK(world.CloseAndIssue("g", "2025Q4"));

    const std::vector<v1::Statement> p1 = world.Statements(world.finance(), "partners/p1");
    ASSERT_THAT(p1, SizeIs(4));
    EXPECT_THAT(EntryTexts(p1[0]), ElementsAre("EARNED 2025Q1 12000", "GUARANTEE 2025Q1 0"));
    EXPECT_THAT(EntryTexts(p1[1]), ElementsAre("EARNED 2025Q2 5000", "GUARANTEE 2025Q2 3000"));
    EXPECT_THAT(EntryTexts(p1[2]), ElementsAre("EARNED 2025Q3 4000", "GUARANTEE 2025Q3 6000"));
    EXPECT_THAT(EntryTexts(p1[3]),
                ElementsAre("TRUE_UP 2025Q1 -1000", "GUARANTEE 2025Q2 1000", "GUARANTEE 2025Q4 10000"));
    const v1::StatementEntry& second = p1[1].entries(1);
    EXPECT_EQ(Amount(second.guarantee().earned()), "USD 5000.000000000");
    EXPECT_EQ(Amount(second.guarantee().carry_before()), "USD 2000.000000000");
    EXPECT_EQ(Amount(second.guarantee().top_up()), "USD 3000.000000000");
    EXPECT_EQ(Amount(second.guarantee().carry()), "USD 0.000000000");
    EXPECT_FALSE(second.has_evaluation());
    EXPECT_EQ(Amount(p1[3].entries(1).stated_before()), "USD 3000.000000000");
    EXPECT_EQ(Amount(p1[3].entries(1).guarantee().value()), "USD 4000.000000000");
    // Who has no line at all is promised it too.
    const std::vector<v1::Statement> p2 = world.Statements(world.finance(), "partners/p2");
    ASSERT_THAT(p2, SizeIs(4));
    EXPECT_THAT(EntryTexts(p2[2]), ElementsAre("GUARANTEE 2025Q3 10000"));
    EXPECT_THAT(world.Statements(world.finance(), "partners/p3"), IsEmpty());
    for (const char* partner : {"partners/p1", "partners/p2"}) Verify(world, partner);
    // What the period has earned is told without what was added.
    ASSERT_OK_AND_ASSIGN(const v1::Accrual accrual, world.GetAccrual("partners/p1/accruals/g.2025Q2"));
    EXPECT_EQ(Amount(accrual.stated_amount()), "USD 5000.000000000");
    EXPECT_EQ(Amount(accrual.unstated_amount()), "USD 0.000000000");
  }
}

// Not cumulative: what the first quarter earned beyond it counts for nothing.
TEST_F(GuaranteeTest, WithoutCarryEachPeriodStandsAlone) {
  world_.CreateActive("g", Guaranteed("guarantee { amount { value: \"10000\" } }"));
  feed_.Tell(Lines());
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q1"));
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q2"));
  EXPECT_THAT(EntryTexts(world_.Statements(world_.finance(), "partners/p1")[1]),
              ElementsAre("EARNED 2025Q2 5000", "GUARANTEE 2025Q2 5000"));
  // A late line makes the top-up undue: it stays, since it is not recoupable.
  feed_.Tell({LineOf("p1", "SO5", 1, "2025-06-01", "2025-06-02", 80000)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q3"));
  EXPECT_THAT(EntryTexts(world_.Statements(world_.finance(), "partners/p1")[2]),
              ElementsAre("EARNED 2025Q3 4000", "TRUE_UP 2025Q2 8000", "GUARANTEE 2025Q3 6000"));
  Verify(world_, "partners/p1");
}

TEST_F(GuaranteeTest, AdvancesComeBackAndTheEndedProgramStatesWhatIsLeft) {
  v1::Program terms = Guaranteed("guarantee { amount { value: \"10000\" } recoupable: true }");
  *terms.mutable_effective_to() = DateOf("2025-07-01");
  world_.CreateActive("g", terms);
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 40000),
              LineOf("p1", "SO2", 1, "2025-05-01", "2025-05-02", 120000)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q1"));
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q2"));
  const std::vector<v1::Statement> stated = world_.Statements(world_.finance(), "partners/p1");
  EXPECT_THAT(EntryTexts(stated[0]), ElementsAre("EARNED 2025Q1 4000", "GUARANTEE 2025Q1 6000"));
  EXPECT_THAT(EntryTexts(stated[1]), ElementsAre("EARNED 2025Q2 12000", "GUARANTEE 2025Q2 -2000"));

  v1::EndProgramRequest end;
  end.set_name("programs/g");
  ASSERT_OK(world_.finance().Call<v1::Program>(std::string(kPrograms) + "EndProgram", end));
  feed_.Tell({LineOf("p1", "SO3", 1, "2025-03-01", "2025-03-02", 50000)});
  world_.CatchUp();
  v1::StateTrueUpsRequest request;
  request.set_name("programs/g");
  ASSERT_OK_AND_ASSIGN(const auto late,
                       world_.finance().Call<v1::StateTrueUpsResponse>(std::string(kCloses) + "StateTrueUps", request));
  EXPECT_EQ(late.true_ups(), 1);
  EXPECT_EQ(Amount(late.total()), "USD 1000.000000000");
  const std::vector<v1::Statement> last = world_.Statements(world_.finance(), "partners/p1", "kind = TRUE_UP");
  ASSERT_THAT(last, SizeIs(1));
  // 9,000 now: 1,000 was to be added and not 6,000, and the second quarter pays back that 1,000 alone.
  EXPECT_THAT(EntryTexts(last[0]),
              ElementsAre("TRUE_UP 2025Q1 5000", "GUARANTEE 2025Q1 -5000", "GUARANTEE 2025Q2 1000"));
  ASSERT_OK(world_.Issue(last[0].period()));
  Verify(world_, "partners/p1");
}

TEST_F(GuaranteeTest, TheDocumentShowsTheSteps) {
  world_.CreateActive("g", Guaranteed());
  feed_.Tell(Lines());
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q1"));
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q2"));
  v1::ExportStatementRequest request;
  request.set_name("partners/p1/statements/2");
  ASSERT_OK_AND_ASSIGN(const auto exported, world_.finance().Call<v1::ExportStatementResponse>(
                                                std::string(kStatements) + "ExportStatement", request));
  EXPECT_THAT(exported.csv(), HasSubstr("guarantee,2,10000,CUMULATIVE,,5000.00,2000.00,3000.00,0.00,0.00\n"));
  EXPECT_THAT(exported.csv(), HasSubstr("total,8000.00\n"));
}

TEST_F(GuaranteeTest, TermsThatContradictAGuaranteeAreRefusedByField) {
  v1::Program terms = Guaranteed();
  terms.clear_eligibility();
  terms.set_period(v1::Program::YEAR);
  terms.set_payout_period(v1::Program::QUARTER);
  EXPECT_THAT(world_.Create("x", terms), Blames("program.guarantee"));
  terms = Guaranteed();
  terms.mutable_guarantee()->mutable_amount()->set_value("0.005");
  EXPECT_THAT(world_.Create("x", terms), Blames("program.guarantee.amount"));
  terms.mutable_guarantee()->mutable_amount()->set_value("0");
  EXPECT_THAT(world_.Create("x", terms), Blames("program.guarantee.amount"));
  terms.mutable_guarantee()->clear_amount();
  EXPECT_THAT(world_.Create("x", terms), Blames("program.guarantee.amount"));
  terms = Guaranteed();
  terms.mutable_max_penalty()->set_value("5");
  EXPECT_THAT(world_.Create("x", terms), Blames("program.guarantee"));
}

}  // namespace
}  // namespace tributary::incentive
