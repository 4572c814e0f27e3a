// Programs that pay by a score of sales and of evaluations, through the wire: what is not known earns nothing, what is
// known later is trued up, and that statements show it.

#include <functional>
#include <map>

#include "cli/verify/document.h"
#include "cli/verify/verify.h"
#include "google/protobuf/text_format.h"
#include "incentive-service/testing_statements.h"
#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/simulation.pb.h"
#include "tributary/partner/v1/evaluation.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ScoreEvaluation = tributary::partner::v1::Evaluation;

// From 80 points on 1 %, from 90 on 2 %.
v1::Program Scored() {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                              display_name: "Sales and service"
                                                              basis: ORDER
                                                              shape: RETROACTIVE
                                                              measure: COMPOSITE
                                                              composite {
                                                                scorecard_template: "scorecardTemplates/dealers"
                                                                components {
                                                                  component: "sales"
                                                                  weight: 60
                                                                  low { value: "0" }
                                                                  high { value: "100000" }
                                                                  source: AMOUNT
                                                                }
                                                                components {
                                                                  component: "development"
                                                                  weight: 20
                                                                  low { value: "0" }
                                                                  high { value: "10" }
                                                                  source: EVALUATION
                                                                }
                                                                components {
                                                                  component: "complaints"
                                                                  weight: 10
                                                                  low { value: "40" }
                                                                  high { value: "20" }
                                                                  source: EVALUATION
                                                                }
                                                                components {
                                                                  component: "service"
                                                                  weight: 10
                                                                  low { value: "0" }
                                                                  high { value: "5" }
                                                                  source: EVALUATION
                                                                }
                                                              }
                                                              tiers {
                                                                from_amount { value: "0" }
                                                                rate { value: "0" }
                                                              }
                                                              tiers {
                                                                from_amount { value: "80" }
                                                                rate { value: "0.01" }
                                                              }
                                                              tiers {
                                                                from_amount { value: "90" }
                                                                rate { value: "0.02" }
                                                              }
                                                              period: QUARTER
                                                              currency: "USD"
                                                              effective_from { year: 2025 month: 1 day: 1 }
                                                            )pb",
                                                            &program));
  return program;
}

// Of the first quarter.
ScoreEvaluation Evaluated(const std::string& id, ScoreEvaluation::State state,
                          const std::map<std::string, std::string>& figures) {
  ScoreEvaluation message;
  message.set_name("partners/p1/evaluations/" + id);
  message.set_template_("scorecardTemplates/dealers");
  message.set_period("2025Q1");
  *message.mutable_start() = DateOf("2025-01-01");
  *message.mutable_end() = DateOf("2025-04-01");
  message.set_state(state);
  for (const char* component : {"development", "complaints", "service"}) {
    ScoreEvaluation::ComponentScore* added = message.add_components();
    added->set_component(component);
    const auto figure = figures.find(component);
    if (figure != figures.end()) added->mutable_figure()->set_exact(figure->second);
  }
  return message;
}

// "EARNED 2025Q1 1200 for [81, 91]" each.
std::vector<std::string> ScoreTexts(const v1::Statement& statement) {
  std::vector<std::string> texts;
  for (const v1::StatementEntry& entry : statement.entries()) {
    const v1::CompositeSteps& steps = entry.evaluation().composite();
    texts.push_back(v1::StatementEntry::Kind_Name(entry.kind()) + " " + entry.period() + " " +
                    std::to_string(entry.amount().units()) + " for [" + steps.exact_low() + ", " + steps.exact_high() +
                    "]");
  }
  return texts;
}

class CompositeProgramsTest : public WorldTest {
 protected:
  std::string Score() {
    const absl::StatusOr<v1::Accrual> accrual = world_.GetAccrual("partners/p1/accruals/scored.2025Q1");
    EXPECT_OK(accrual);
    if (!accrual.ok()) return "";
    const v1::CompositeSteps& steps = accrual->evaluation().composite();
    return "[" + steps.exact_low() + ", " + steps.exact_high() + "] " + Amount(accrual->evaluation().value());
  }
};

// SEMANTICS R9: 60 + 16 + 5 + missing 10 = [81, 91], and 81 pays.
TEST_F(CompositeProgramsTest, WhatIsNotKnownEarnsNothingAndIsTruedUp) {
  world_.CreateActive("scored", Scored());
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 90000),
              LineOf("p1", "SO2", 1, "2025-02-01", "2025-02-02", 30000),
              LineOf("p2", "SO3", 1, "2025-02-01", "2025-02-02", 500)});
  feed_.TellFact(Evaluated("one", ScoreEvaluation::OPEN, {{"development", "8"}}));
  world_.CatchUp();
  EXPECT_EQ(Score(), "[60, 100] USD 0.000000000");
  feed_.TellFact(Evaluated("one", ScoreEvaluation::PUBLISHED, {{"development", "8"}, {"complaints", "30"}}));
  // Of another template, of other days.
  ScoreEvaluation other = Evaluated("other", ScoreEvaluation::PUBLISHED, {{"service", "5"}});
  other.set_template_("scorecardTemplates/resellers");
  feed_.TellFact(other);
  other = Evaluated("year", ScoreEvaluation::PUBLISHED, {{"service", "5"}});
  *other.mutable_end() = DateOf("2026-01-01");
  feed_.TellFact(other);
  world_.CatchUp();
  EXPECT_EQ(Score(), "[81, 91] USD 1200.000000000");
  v1::WhatNextRequest request;
  request.set_name("partners/p1/accruals/scored.2025Q1");
  ASSERT_OK_AND_ASSIGN(const auto next,
                       world_.finance().Call<v1::NextTier>(std::string(kAccruals) + "WhatNext", request));
  EXPECT_EQ(next.from_amount().value(), "90");
  EXPECT_EQ(next.missing_amount().value(), "9");
  EXPECT_EQ(Amount(next.value_then()), "USD 2400.000000000");
  v1::CreateSimulationRequest simulated;
  *simulated.mutable_simulation()->mutable_program() = Scored();
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                                 std::string(kSimulations) + "CreateSimulation", simulated));
  EXPECT_EQ(Amount(AnswerOf<v1::Simulation>(operation).total()), "USD 1200.000000000");

  ASSERT_OK(world_.CloseAndIssue("scored", "2025Q1"));
  // An appeal alone changes nothing; upheld, the evaluation counts for nothing.
  feed_.TellFact(Evaluated("one", ScoreEvaluation::APPEALED, {{"development", "8"}, {"complaints", "30"}}));
  world_.CatchUp();
  EXPECT_EQ(Score(), "[81, 91] USD 1200.000000000");
  feed_.TellFact(Evaluated("one", ScoreEvaluation::WITHDRAWN, {{"development", "8"}, {"complaints", "30"}}));
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("scored", "2025Q2"));
  feed_.TellFact(
      Evaluated("two", ScoreEvaluation::PUBLISHED, {{"development", "25/3"}, {"complaints", "30"}, {"service", "5"}}));
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("scored", "2025Q3"));

  const std::vector<v1::Statement> stated = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(stated, SizeIs(3));
  EXPECT_THAT(ScoreTexts(stated[0]), ElementsAre("EARNED 2025Q1 1200 for [81, 91]"));
  EXPECT_THAT(ScoreTexts(stated[1]), ElementsAre("TRUE_UP 2025Q1 -1200 for [60, 100]"));
  EXPECT_THAT(ScoreTexts(stated[2]), ElementsAre("TRUE_UP 2025Q1 2400 for [275/3, 275/3]"));
  // Of a partner of whom nothing is known its sales alone score.
  const std::vector<v1::Statement> others = world_.Statements(world_.finance(), "partners/p2");
  ASSERT_THAT(others, SizeIs(1));
  EXPECT_THAT(ScoreTexts(others[0]), ElementsAre("EARNED 2025Q1 0 for [3/10, 403/10]"));
  ExpectVerified(world_, "partners/p1");

  // A change is found out.
  const std::string document = CsvOf(world_, stated[0].name());
  for (const auto& [shown, changed_to] :
       {std::pair("composite,1,scorecardTemplates/dealers,81,91\n", "composite,1,scorecardTemplates/dealers,91,91\n"),
        std::pair("composite,1,scorecardTemplates/dealers,81,91\n", ""),
        std::pair("component,1,development,EVALUATION,20,0,10,8,16,16\n",
                  "component,1,development,EVALUATION,20,0,10,9,16,16\n"),
        std::pair("component,1,sales,AMOUNT,60,0,100000,120000,60,60\n",
                  "component,1,sales,AMOUNT,60,0,100000,130000,60,60\n"),
        std::pair("component,1,service,EVALUATION,10,0,5,,0,10\n", "component,1,service,EVALUATION,10,0,5,,10,10\n")}) {
    std::string changed = document;
    ASSERT_THAT(changed, HasSubstr(shown));
    changed.replace(changed.find(shown), std::string(shown).size(), changed_to);
    EXPECT_THAT(cli::VerifyDocument(changed).differences, Not(IsEmpty())) << shown << changed_to;
  }
}

TEST_F(CompositeProgramsTest, WhatDoesNotGoWithAScoreIsRefusedByField) {
  const auto create = [&](const std::function<void(v1::Program*)>& change) {
    v1::Program terms = Scored();
    change(&terms);
    return world_.Create("x", terms);
  };
  EXPECT_THAT(create([](v1::Program* terms) { terms->clear_composite(); }), Blames("program.composite"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->mutable_composite()->mutable_components(0)->set_weight(59); }),
              Blames("program.composite.components"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->mutable_composite()->clear_scorecard_template(); }),
              Blames("program.composite.scorecard_template"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->mutable_composite()->mutable_components(1)->clear_source(); }),
              Blames("program.composite.components[1].source"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->set_shape(v1::Program::MARGINAL); }), Blames("program.shape"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->mutable_tiers(2)->mutable_from_amount()->set_value("101"); }),
              Blames("program.tiers[2].from_amount"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->set_payout_period(v1::Program::MONTH); }),
              Blames("program.composite"));
}

}  // namespace
}  // namespace tributary::incentive
