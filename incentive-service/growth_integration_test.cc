// Growth through the wire: what periods are measured against, when that is frozen, and what it pays.

#include <algorithm>
#include <random>

#include "cli/verify/document.h"
#include "cli/verify/grown.h"
#include "cli/verify/verify.h"
#include "google/protobuf/text_format.h"
#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/simulation.pb.h"
#include "tributary/partner/v1/relationship.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// From 10 % growth on 1 %, from 25 % on 2 %, each quarter of 2025 against the one a year before.
v1::Program Growing(const std::string& growth = "reference: YEAR_BEFORE") {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                              display_name: "Growth"
                                                              basis: ORDER
                                                              shape: RETROACTIVE
                                                              measure: GROWTH
                                                              tiers {
                                                                from_amount { value: "0" }
                                                                rate { value: "0" }
                                                              }
                                                              tiers {
                                                                from_amount { value: "1.1" }
                                                                rate { value: "0.01" }
                                                              }
                                                              tiers {
                                                                from_amount { value: "1.25" }
                                                                rate { value: "0.02" }
                                                              }
                                                              period: QUARTER
                                                              currency: "USD"
                                                              effective_from { year: 2025 month: 1 day: 1 }
                                                            )pb",
                                                            &program));
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(growth, program.mutable_growth()));
  return program;
}

// 80,000 in the first quarter of 2024, 40,000 in the second.
std::vector<ShipmentLine> YearBefore() {
  return {LineOf("p1", "OLD1", 1, "2024-01-01", "2024-01-02", 50000),
          LineOf("p1", "OLD1", 2, "2024-01-01", "2024-01-02", 30000),
          LineOf("p1", "OLD2", 1, "2024-05-01", "2024-05-02", 40000)};
}
// 100,000, 45,000 and for p2, who bought nothing a year before, 5,000.
std::vector<ShipmentLine> Year() {
  return {LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 60000),
          LineOf("p1", "SO1", 2, "2025-02-01", "2025-02-02", 40000),
          LineOf("p1", "SO2", 1, "2025-05-01", "2025-05-02", 45000),
          LineOf("p2", "SO3", 1, "2025-02-01", "2025-02-02", 5000)};
}

enum class Telling { kInOrder, kReversed, kShuffled, kDoubled };
void TellIn(Telling order, std::vector<ShipmentLine> lines, ShipmentFeed& feed) {
  if (order == Telling::kReversed) std::reverse(lines.begin(), lines.end());
  if (order == Telling::kShuffled) std::shuffle(lines.begin(), lines.end(), std::mt19937(7));
  for (const ShipmentLine& line : lines) {
    for (int i = 0; i < (order == Telling::kDoubled ? 2 : 1); ++i) feed.Tell({line});
  }
}

// "EARNED 2025Q1 2000.00 MEASURED 2024Q1 80000" each.
std::vector<std::string> GrowthTexts(const v1::Statement& statement) {
  std::vector<std::string> texts;
  for (const v1::StatementEntry& entry : statement.entries()) {
    const v1::GrowthSteps& steps = entry.evaluation().growth();
    texts.push_back(v1::StatementEntry::Kind_Name(entry.kind()) + " " + entry.period() + " " +
                    std::to_string(entry.amount().units()) + " " + v1::GrowthSteps::Outcome_Name(steps.outcome()) +
                    (steps.reference_period().empty() ? "" : " " + steps.reference_period()) +
                    (steps.exact_baseline().empty() ? "" : " " + steps.exact_baseline()));
  }
  return texts;
}

class GrowthTest : public WorldTest {
 protected:
  // Whether the partner's statements follow from what they show, as messages and as documents.
  static void Verify(World& world, const std::string& partner) {
    const std::vector<v1::Statement> statements = world.Statements(world.finance(), partner);
    cli::GrowthReferences references;
    for (const v1::Statement& statement : statements) {
      for (const v1::StatementEntry& entry : statement.entries()) references.Add(entry, partner);
    }
    for (const v1::Statement& statement : statements) {
      EXPECT_THAT(cli::VerifyStatement(statement, world.Lines(statement.name())), IsEmpty()) << statement.name();
      for (const v1::StatementEntry& entry : statement.entries()) {
        EXPECT_THAT(references.Verify(entry, partner), IsEmpty());
      }
    }
    EXPECT_THAT(cli::VerifyDocuments(Documents(world, partner)), IsEmpty());
  }
  // Of all statements of the partner.
  static std::vector<std::string> Documents(World& world, const std::string& partner) {
    std::vector<std::string> documents;
    for (const v1::Statement& statement : world.Statements(world.finance(), partner)) {
      v1::ExportStatementRequest request;
      request.set_name(statement.name());
      const auto exported =
          world.finance().Call<v1::ExportStatementResponse>(std::string(kStatements) + "ExportStatement", request);
      EXPECT_OK(exported);
      documents.push_back(exported.ok() ? exported->csv() : "");
    }
    return documents;
  }
};

// SEMANTICS R9: 80,000 to 100,000 at 2 % pays 2,000.00, or 400.00 on the increment.
TEST_F(GrowthTest, InOrderReversedShuffledAndDoubled) {
  for (const Telling order : {Telling::kInOrder, Telling::kReversed, Telling::kShuffled, Telling::kDoubled}) {
    const std::unique_ptr<mysql::Database> inventory = testing::FreshDatabase({&schema::events(), &schema::rpc()});
    ShipmentFeed feed(keys_, *inventory);
    World world(keys_, feed);
    TellIn(order, YearBefore(), feed);
    world.CatchUp();
    world.CreateActive("total", Growing());
    world.CreateActive("more", Growing("reference: YEAR_BEFORE pays: INCREMENT"));
    TellIn(order, Year(), feed);
    // A year later somebody remembers a line of the year before: the baseline is frozen.
    feed.Tell({LineOf("p1", "OLD9", 1, "2024-02-01", "2024-02-02", 70000)});
    world.CatchUp();
    ASSERT_OK_AND_ASSIGN(const v1::Accrual accrual, world.GetAccrual("partners/p1/accruals/total.2025Q1"));
    EXPECT_EQ(Amount(accrual.evaluation().value()), "USD 2000.000000000");
    EXPECT_EQ(accrual.evaluation().growth().exact_baseline(), "80000");
    // A list, which reads the baselines of a period at once, says of each accrual what it says by itself.
    for (const v1::Accrual& listed : world.Accruals()) {
      ASSERT_OK_AND_ASSIGN(const v1::Accrual one, world.GetAccrual(listed.name()));
      EXPECT_EQ(listed.evaluation().DebugString(), one.evaluation().DebugString()) << listed.name();
    }
    for (const char* program : {"total", "more"}) ASSERT_OK(world.Close(program, "2025Q1"));
    ASSERT_OK(world.Issue("2025Q1"));
    for (const char* program : {"total", "more"}) ASSERT_OK(world.Close(program, "2025Q2"));
    ASSERT_OK(world.Issue("2025Q2"));
    const std::vector<v1::Statement> p1 = world.Statements(world.finance(), "partners/p1");
    ASSERT_THAT(p1, SizeIs(2));
    EXPECT_THAT(GrowthTexts(p1[0]),
                ElementsAre("EARNED 2025Q1 2000 MEASURED 2024Q1 80000", "EARNED 2025Q1 400 MEASURED 2024Q1 80000"));
    EXPECT_THAT(GrowthTexts(p1[1]),
                ElementsAre("EARNED 2025Q2 450 MEASURED 2024Q2 40000", "EARNED 2025Q2 50 MEASURED 2024Q2 40000"));
    const std::vector<v1::Statement> p2 = world.Statements(world.finance(), "partners/p2");
    ASSERT_THAT(p2, SizeIs(1));
    EXPECT_THAT(GrowthTexts(p2[0]), ElementsAre("EARNED 2025Q1 0 BASELINE_NOT_POSITIVE 2024Q1",
                                                "EARNED 2025Q1 0 BASELINE_NOT_POSITIVE 2024Q1"));
    // A return of the first quarter takes it below 25 %: 90,000 at 1 %.
    ShipmentLine back = LineOf("p1", "RT1", 1, "2025-08-01", "2025-08-01", -10000);
    back.set_original_line("partners/p1/shipments/SO1/lines/2");
    feed.Tell({back});
    world.CatchUp();
    ASSERT_OK(world.CloseAndIssue("total", "2025Q3"));
    EXPECT_THAT(GrowthTexts(world.Statements(world.finance(), "partners/p1")[2]),
                ElementsAre("TRUE_UP 2025Q1 -1100 MEASURED 2024Q1 80000"));
    for (const char* partner : {"partners/p1", "partners/p2"}) Verify(world, partner);
  }
}

// A quarter is measured against the one before as its close saw it: what comes later trues that one up, and moves
// nothing behind it.
TEST_F(GrowthTest, AReferenceIsFrozenByItsClose) {
  feed_.Tell({LineOf("p1", "OLD", 1, "2024-11-01", "2024-11-02", 100)});
  world_.CatchUp();
  world_.CreateActive("g", Growing("reference: PREVIOUS_PERIOD"));
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 1000),
              LineOf("p1", "SO2", 1, "2025-05-01", "2025-05-02", 1200)});
  world_.CatchUp();
  const auto second = [&] { return world_.GetAccrual("partners/p1/accruals/g.2025Q2")->evaluation(); };
  EXPECT_EQ(second().growth().exact_baseline(), "1000");
  feed_.Tell({LineOf("p1", "SO3", 1, "2025-03-01", "2025-03-02", 50)});
  world_.CatchUp();
  EXPECT_EQ(second().growth().exact_baseline(), "1050");  // the first quarter is open
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q1"));
  feed_.Tell({LineOf("p1", "SO4", 1, "2025-03-01", "2025-03-02", 500)});
  world_.CatchUp();
  EXPECT_EQ(second().growth().exact_baseline(), "1050");
  EXPECT_EQ(Amount(second().value()), "USD 12.000000000");
  v1::WhatNextRequest request;
  request.set_name("partners/p1/accruals/g.2025Q2");
  ASSERT_OK_AND_ASSIGN(const auto next,
                       world_.finance().Call<v1::NextTier>(std::string(kAccruals) + "WhatNext", request));
  EXPECT_EQ(next.from_amount().value(), "1312.5");
  EXPECT_EQ(next.missing_amount().value(), "112.5");
  EXPECT_EQ(Amount(next.value_then()), "USD 26.250000000");
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q2"));
  const std::vector<v1::Statement> stated = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(stated, SizeIs(2));
  EXPECT_THAT(GrowthTexts(stated[0]), ElementsAre("EARNED 2025Q1 21 MEASURED 2024Q4 100"));
  EXPECT_THAT(GrowthTexts(stated[1]),
              ElementsAre("EARNED 2025Q2 12 MEASURED 2025Q1 1050", "TRUE_UP 2025Q1 10 MEASURED 2024Q4 100"));
  Verify(world_, "partners/p1");
  // What a reference is said to have come to must be what its close said.
  cli::GrowthReferences references;
  references.Add(stated[0].entries(0), "partners/p1");
  v1::StatementEntry other = stated[1].entries(0);
  other.mutable_evaluation()->mutable_growth()->mutable_reference_amount()->set_value("1051");
  EXPECT_THAT(references.Verify(stated[1].entries(0), "partners/p1"), IsEmpty());
  EXPECT_THAT(references.Verify(other, "partners/p1"), SizeIs(1));
  // So among documents, one of which agrees with itself alone.
  std::vector<std::string> documents = Documents(world_, "partners/p1");
  ASSERT_THAT(documents, SizeIs(2));
  std::string& forged = documents[1];
  const size_t record = forged.find("\ngrowth,1,");
  ASSERT_NE(record, std::string::npos);
  for (size_t at = forged.find("1050", record); at < forged.find('\n', record + 1); at = forged.find("1050", at)) {
    forged.replace(at, 4, "1040");
  }
  EXPECT_THAT(cli::VerifyDocument(forged).differences, IsEmpty());
  EXPECT_THAT(cli::VerifyDocuments(documents),
              ElementsAre(HasSubstr("entry 1: reference amount: stated 1040, worked out 1050")));
}

// SEMANTICS R9: predecessors are summed on both sides. p2 is taken over by p1 in the first quarter.
TEST_F(GrowthTest, WhoWasTakenOverCountsWithItsSuccessor) {
  feed_.Tell({LineOf("p1", "OLD", 1, "2024-02-01", "2024-02-02", 50000),
              LineOf("p2", "OLD", 1, "2024-02-01", "2024-02-02", 30000)});
  world_.CatchUp();
  world_.CreateActive("g", Growing());
  tributary::partner::v1::PartnerRelationship successor;
  successor.set_name("partners/p2/relationships/s");
  successor.set_kind(tributary::partner::v1::PartnerRelationship::SUCCESSOR);
  successor.set_other_partner("partners/p1");
  *successor.mutable_valid_from() = DateOf("2025-03-15");
  feed_.TellFact(successor);
  feed_.Tell({LineOf("p2", "SO1", 1, "2025-02-01", "2025-02-02", 60000),
              LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 40000)});
  world_.CatchUp();
  const auto growth = [&](const std::string& partner) {
    return world_.GetAccrual("partners/" + partner + "/accruals/g.2025Q1")->evaluation().growth();
  };
  EXPECT_EQ(growth("p1").exact_baseline(), "80000");
  EXPECT_THAT(growth("p1").predecessors(), ElementsAre("partners/p2"));
  EXPECT_EQ(Amount(world_.GetAccrual("partners/p1/accruals/g.2025Q1")->evaluation().value()), "USD 2000.000000000");
  EXPECT_EQ(growth("p2").outcome(), v1::GrowthSteps::TAKEN_OVER);
  EXPECT_EQ(growth("p2").successor(), "partners/p1");
  for (const v1::Accrual& listed : world_.Accruals()) {
    ASSERT_OK_AND_ASSIGN(const v1::Accrual one, world_.GetAccrual(listed.name()));
    EXPECT_EQ(listed.DebugString(), one.DebugString());
  }
  v1::ExplainAbsenceRequest why;
  why.set_name("partners/p2/shipments/SO1/lines/1");
  ASSERT_OK_AND_ASSIGN(const auto absences, world_.finance().Call<v1::ExplainAbsenceResponse>(
                                                std::string(kAccruals) + "ExplainAbsence", why));
  ASSERT_THAT(absences.absences(), SizeIs(1));
  EXPECT_EQ(absences.absences(0).reason(), v1::Absence::COUNTS_WITH_SUCCESSOR);

  ASSERT_OK(world_.CloseAndIssue("g", "2025Q1"));
  EXPECT_THAT(world_.Statements(world_.finance(), "partners/p2"), IsEmpty());
  // What is told after the close changes nothing of it: the relationship never was, and yet a late line of p2's is
  // p1's.
  *successor.mutable_valid_to() = successor.valid_from();
  feed_.TellFact(successor);
  feed_.Tell({LineOf("p2", "SO2", 1, "2025-03-01", "2025-03-02", 10000)});
  world_.CatchUp();
  EXPECT_EQ(growth("p1").exact_baseline(), "80000");
  ASSERT_OK_AND_ASSIGN(const v1::Accrual trued, world_.GetAccrual("partners/p1/accruals/g.2025Q1"));
  ASSERT_THAT(trued.true_ups(), SizeIs(1));
  EXPECT_EQ(trued.true_ups(0).fact(), "partners/p2/shipments/SO2/lines/1");
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q2"));
  const std::vector<v1::Statement> stated = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(stated, SizeIs(2));
  EXPECT_THAT(GrowthTexts(stated[0]), ElementsAre("EARNED 2025Q1 2000 MEASURED 2024Q1 80000"));
  EXPECT_THAT(GrowthTexts(stated[1]), ElementsAre("TRUE_UP 2025Q1 200 MEASURED 2024Q1 80000"));
  Verify(world_, "partners/p1");
  // A line of anybody else's is found.
  v1::Statement other = stated[0];
  other.mutable_entries(0)->mutable_evaluation()->mutable_growth()->clear_predecessors();
  EXPECT_THAT(cli::VerifyStatement(other, world_.Lines(other.name())),
              ElementsAre(HasSubstr("partners/p2/shipments/SO1/lines/1: a line of another partner")));
}

TEST_F(GrowthTest, FixedBaselinesAndPartOfAReference) {
  feed_.Tell({LineOf("p2", "OLD", 1, "2024-03-01", "2024-03-02", 700)});
  world_.CatchUp();
  world_.CreateActive("fixed", Growing(R"pb(
                        reference: FIXED
                        pays: INCREMENT
                        partners {
                          partner: "partners/p1"
                          baseline { value: "80000" }
                        }
                      )pb"));
  world_.CreateActive("part", Growing(R"pb(
                        reference: YEAR_BEFORE
                        fallback: PRORATE_BY_ACTIVE_DAYS
                        partners {
                          partner: "partners/p2"
                          active_from { year: 2024 month: 1 day: 22 }
                        }
                      )pb"));
  feed_.Tell(Year());
  world_.CatchUp();
  ASSERT_OK(world_.Close("fixed", "2025Q1"));
  ASSERT_OK(world_.Close("part", "2025Q1"));
  ASSERT_OK(world_.Issue("2025Q1"));
  EXPECT_THAT(GrowthTexts(world_.Statements(world_.finance(), "partners/p1")[0]),
              ElementsAre("EARNED 2025Q1 400 MEASURED 80000", "EARNED 2025Q1 0 BASELINE_NOT_POSITIVE 2024Q1"));
  // 700 in 70 of 91 days are 910 in all.
  EXPECT_THAT(GrowthTexts(world_.Statements(world_.finance(), "partners/p2")[0]),
              ElementsAre("EARNED 2025Q1 0 BASELINE_NOT_POSITIVE", "EARNED 2025Q1 100 MEASURED 2024Q1 910"));
  for (const char* partner : {"partners/p1", "partners/p2"}) Verify(world_, partner);
  // A partner sees what was agreed with it, and nothing of others.
  const auto p2 = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p2");
  v1::GetProgramRequest request;
  request.set_name("programs/fixed");
  ASSERT_OK_AND_ASSIGN(const auto seen, p2->Call<v1::Program>(std::string(kPrograms) + "GetProgram", request));
  EXPECT_THAT(seen.growth().partners(), IsEmpty());
  request.set_name("programs/part");
  ASSERT_OK_AND_ASSIGN(const auto own, p2->Call<v1::Program>(std::string(kPrograms) + "GetProgram", request));
  EXPECT_THAT(own.growth().partners(), SizeIs(1));
}

TEST_F(GrowthTest, TheDocumentShowsTheBaselineAndAChangedOneIsFound) {
  feed_.Tell(YearBefore());
  world_.CatchUp();
  world_.CreateActive("g", Growing());
  feed_.Tell(Year());
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q1"));
  v1::ExportStatementRequest request;
  request.set_name("partners/p1/statements/1");
  ASSERT_OK_AND_ASSIGN(const auto exported, world_.finance().Call<v1::ExportStatementResponse>(
                                                std::string(kStatements) + "ExportStatement", request));
  const std::string growth = "growth,1,YEAR_BEFORE,TOTAL,NOT_ELIGIBLE,MEASURED,2024Q1,80000,91,91,,80000\n";
  ASSERT_THAT(exported.csv(), HasSubstr(growth));
  for (const char* other : {"growth,1,YEAR_BEFORE,INCREMENT,NOT_ELIGIBLE,MEASURED,2024Q1,80000,91,91,,80000\n",
                            "growth,1,YEAR_BEFORE,TOTAL,NOT_ELIGIBLE,MEASURED,2024Q1,90000,91,91,,90000\n",
                            "growth,1,YEAR_BEFORE,TOTAL,NOT_ELIGIBLE,MEASURED,2024Q1,80000,91,91,,90000\n",
                            "growth,1,YEAR_BEFORE,TOTAL,NOT_ELIGIBLE,MEASURED,2024Q1,80000,91,90,,80000\n",
                            "growth,1,PREVIOUS_PERIOD,TOTAL,NOT_ELIGIBLE,MEASURED,2024Q1,80000,91,91,,80000\n"}) {
    std::string changed = exported.csv();
    changed.replace(changed.find(growth), growth.size(), other);
    EXPECT_THAT(cli::VerifyDocument(changed).differences, Not(IsEmpty())) << other;
  }
  v1::Statement statement = world_.Statements(world_.finance(), "partners/p1")[0];
  const std::vector<v1::StatementLine> lines = world_.Lines(statement.name());
  statement.mutable_entries(0)->mutable_evaluation()->mutable_growth()->mutable_reference_amount()->set_value("80001");
  EXPECT_THAT(cli::VerifyStatement(statement, lines), Not(IsEmpty()));
}

// A simulation tries it on what is recorded, references too.
TEST_F(GrowthTest, IsSimulated) {
  feed_.Tell(YearBefore());
  feed_.Tell(Year());
  world_.CatchUp();
  v1::CreateSimulationRequest request;
  *request.mutable_simulation()->mutable_program() = Growing();
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                                 std::string(kSimulations) + "CreateSimulation", request));
  const auto simulation = AnswerOf<v1::Simulation>(operation);
  EXPECT_EQ(Amount(simulation.total()), "USD 2450.000000000");
  EXPECT_EQ(simulation.statements(), 3);  // of p1 two, of p2 one of nothing
}

TEST_F(GrowthTest, WhatDoesNotGoWithGrowthIsRefusedByField) {
  const auto create = [&](const std::string& growth, const std::function<void(v1::Program*)>& change = {}) {
    v1::Program terms = Growing(growth);
    if (change) change(&terms);
    return world_.Create("x", terms);
  };
  const std::string year = "reference: YEAR_BEFORE";
  EXPECT_THAT(create(""), Blames("program.growth.reference"));
  EXPECT_THAT(create(year, [](v1::Program* terms) { terms->clear_growth(); }), Blames("program.growth"));
  EXPECT_THAT(create(year, [](v1::Program* terms) { terms->clear_measure(); }), Blames("program.growth"));
  EXPECT_THAT(create(year, [](v1::Program* terms) { terms->set_rate_type("spot"); }), Blames("program.growth"));
  EXPECT_THAT(create(year,
                     [](v1::Program* terms) {
                       terms->set_period(v1::Program::YEAR);
                       terms->set_payout_period(v1::Program::QUARTER);
                     }),
              Blames("program.growth"));
  EXPECT_THAT(create(year, [](v1::Program* terms) { terms->mutable_max_penalty()->set_value("5"); }),
              Blames("program.max_penalty"));
  EXPECT_THAT(create(year + " pays: INCREMENT", [](v1::Program* terms) { terms->set_shape(v1::Program::MARGINAL); }),
              Blames("program.growth.pays"));
  EXPECT_THAT(create("reference: FIXED"), Blames("program.growth.partners"));
  EXPECT_THAT(create("reference: FIXED partners { partner: \"partners/p1\" }"),
              Blames("program.growth.partners[0].baseline"));
  EXPECT_THAT(create(year + " partners { partner: \"partners/p1\" baseline { value: \"5\" } }"),
              Blames("program.growth.partners[0].baseline"));
  EXPECT_THAT(create(year + " partners { partner: \"partners/p1\" } partners { partner: \"partners/p1\" }"),
              Blames("program.growth.partners[1].partner"));
  EXPECT_THAT(create(year + " partners { partner: \"p1\" }"), Blames("program.growth.partners[0].partner"));
}

}  // namespace
}  // namespace tributary::incentive
