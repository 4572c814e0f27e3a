#include "incentive-service/scores/score_store.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"
#include "tributary/partner/v1/evaluation.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using PartnerEvaluation = tributary::partner::v1::Evaluation;

events::Event ToldOf(PartnerEvaluation::State state, const std::map<std::string, std::string>& figures) {
  PartnerEvaluation message;
  message.set_name("partners/p1/evaluations/e1");
  message.set_template_("scorecardTemplates/dealers");
  *message.mutable_start() = wire::ToProto(DayFrom("2026-01-01"));
  *message.mutable_end() = wire::ToProto(DayFrom("2026-04-01"));
  message.set_state(state);
  for (const auto& [component, figure] : figures) {
    PartnerEvaluation::ComponentScore* added = message.add_components();
    added->set_component(component);
    if (!figure.empty()) added->mutable_figure()->set_exact(figure);
  }
  events::Event event;
  event.name = message.name();
  event.type = std::string(kEvaluationType);
  event.recorded_at = InstantFrom("2026-05-01");
  event.payload = message.SerializeAsString();
  return event;
}

// By the quarter, as the scored program is.
Program Scored() {
  Program program = GrowthProgram("scored");
  program.state = ProgramState::kActive;
  program.terms.scale.shape = Shape::kRetroactive;
  program.terms.scale.tiers = {{Decimal(), DecimalFrom("0.01")}};
  program.terms.scale.measure = Measure::kComposite;
  program.terms.composite = CompositeTerms{
      "dealers", {{"service", Decimal(), DecimalFrom("5"), 60}, {"brand", Decimal(), DecimalFrom("5"), 40}}};
  return program;
}

class ScoreStoreTest : public ::testing::Test {
 protected:
  ScoreFigures Figures(const std::string& partner = "p1") {
    const DateRange quarter{DayFrom("2026-01-01"), DayFrom("2026-04-01")};
    ScoreFigures figures;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const ScoreFacts scores, store_.Read(sql, Scored(), quarter));
      figures = scores.Of(Scored().terms, quarter, partner);
      return absl::OkStatus();
    });
    return figures;
  }
  void Apply(const events::Event& event) {
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      events::Outbox outbox;
      return store_.Apply(sql, absl::MakeConstSpan(&event, 1), outbox);
    });
  }
  // Of partners whose accruals are to be looked at again.
  size_t Due() {
    size_t due = 0;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const auto taken, AccrualStore().TrueUpsDue(sql, "scored"));
      due = taken.size();
      return AccrualStore().ForgetTrueUpsDue(sql, "scored");
    });
    return due;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  ScoreStore store_;
};

TEST_F(ScoreStoreTest, KeepsFiguresOfEvaluationsThatStand) {
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(ProgramStore().Insert(sql, Scored()));
    AccrualMove move{.key = {"p1", "scored", "2026Q1"}, .period_start = DayFrom("2026-01-01")};
    move.sums.lines = 1;
    move.at = InstantFrom("2026-02-01");
    return AccrualStore().Apply(sql, {move});
  });
  Apply(ToldOf(PartnerEvaluation::OPEN, {{"service", "2"}}));
  EXPECT_THAT(Figures(), IsEmpty());
  EXPECT_EQ(Due(), 0u);
  Apply(ToldOf(PartnerEvaluation::PUBLISHED, {{"service", "10/3"}, {"brand", ""}}));
  Apply(ToldOf(PartnerEvaluation::APPEALED, {{"service", "10/3"}, {"brand", ""}}));
  ASSERT_THAT(Figures(), SizeIs(1));
  EXPECT_EQ(Figures().at("service").ToString(), "10/3");
  EXPECT_THAT(Figures("p2"), IsEmpty());
  EXPECT_EQ(Due(), 1u);
  EXPECT_EQ(Due(), 0u);
  Apply(ToldOf(PartnerEvaluation::WITHDRAWN, {{"service", "10/3"}}));
  EXPECT_THAT(Figures(), IsEmpty());
  EXPECT_EQ(Due(), 1u);
}

}  // namespace
}  // namespace tributary::incentive
