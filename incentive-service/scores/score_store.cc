#include "incentive-service/scores/score_store.h"

#include <utility>
#include <vector>

#include "common/events/payload.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_move_proto.h"
#include "tributary/partner/v1/evaluation.pb.h"

namespace tributary::incentive {
namespace {

using ToldEvaluation = tributary::partner::v1::Evaluation;

bool Stands(ToldEvaluation::State state) {
  return state == ToldEvaluation::PUBLISHED || state == ToldEvaluation::APPEALED || state == ToldEvaluation::CONFIRMED;
}

absl::StatusOr<DateRange> DaysOf(const ToldEvaluation& told) {
  const absl::StatusOr<Date> start = wire::FromProto(told.start());
  if (!start.ok()) return AtField(start.status(), "start");
  const absl::StatusOr<Date> end = wire::FromProto(told.end());
  if (!end.ok()) return AtField(end.status(), "end");
  return DateRange{*start, *end};
}

// Its figures in place of what it said before.
absl::Status Keep(mysql::Transaction& sql, const ToldEvaluation& told, const std::vector<std::string>& ids,
                  const DateRange& days) {
  RETURN_IF_ERROR(
      sql.Execute("DELETE FROM component_figure WHERE partner = ? AND evaluation = ?", {ids[0], ids[1]}).status());
  if (!Stands(told.state())) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> scorecard,
                   ParseResourceName(told.template_(), "scorecardTemplates/{scorecard_template}", "template"));
  mysql::Values values;
  for (const ToldEvaluation::ComponentScore& one : told.components()) {
    if (!one.has_figure()) continue;
    const absl::StatusOr<Rational> exact = Rational::Parse(one.figure().exact());
    if (!exact.ok()) return AtField(exact.status(), "components.figure.exact");
    values.insert(values.end(),
                  {ids[0], ids[1], one.component(), scorecard[0], days.start, days.end, one.figure().exact()});
  }
  if (values.empty()) return absl::OkStatus();
  return sql.InsertRows(
      "INSERT INTO component_figure (partner, evaluation, component, scorecard, starts_on, ends_on, figure) VALUES", 7,
      values);
}

}  // namespace

absl::Status ScoreStore::Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch,
                               events::Outbox& outbox) const {
  std::vector<Program> programs;
  bool held = false;
  for (const events::Event& event : batch) {
    if (event.type != kEvaluationType) continue;
    if (!held) {
      // A close that looks at what is due is before this or after.
      RETURN_IF_ERROR(programs_.HoldSet(sql));
      ASSIGN_OR_RETURN(programs, programs_.Accruing(sql));
      held = true;
    }
    ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                     ParseResourceName(event.name, "partners/{partner}/evaluations/{evaluation}"));
    ASSIGN_OR_RETURN(const auto told, events::PayloadOf<ToldEvaluation>(event));
    ASSIGN_OR_RETURN(const DateRange days, DaysOf(told));
    RETURN_IF_ERROR(Keep(sql, told, ids, days));
    if (told.state() == ToldEvaluation::OPEN) continue;  // it never stood
    for (const Program& program : programs) {
      const Period period = PeriodOf(program.period, days.start);
      if (!program.scores() || period.range != days) continue;
      RETURN_IF_ERROR(accruals_.LookAgain(sql, program.id, ids[0], days));
      const AccrualKey key{ids[0], program.id, period.id};
      ASSIGN_OR_RETURN(const std::vector<Accrual> there, accruals_.ReadSome(sql, {key}));
      if (!there.empty()) outbox.Add(DraftOf(AccrualMove{.key = key, .at = event.recorded_at}));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<ScoreFacts> ScoreStore::Read(mysql::Transaction& sql, const Program& program, const DateRange& days,
                                            const std::optional<std::string>& partner) const {
  ScoreFacts scores;
  if (!program.scores()) return scores;
  mysql::Values values = {days.start, days.end};
  if (partner.has_value()) values.push_back(*partner);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT scorecard, starts_on, ends_on, partner, component, figure FROM "
                                    "component_figure WHERE starts_on >= ? AND ends_on <= ?",
                                    partner.has_value() ? " AND partner = ?" : "", " ORDER BY partner, evaluation"),
                             values));
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(Rational figure, Rational::Parse(row.Text(5)));
    scores.Add(row.Bytes(0), {row.Day(1), row.Day(2)}, row.Bytes(3), row.Bytes(4), std::move(figure));
  }
  return scores;
}

}  // namespace tributary::incentive
