#include "partner-service/evaluations/evaluation_service.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/digest/sha256.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/evaluations/evaluation_proto.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kPattern = "partners/{partner}/evaluations/{evaluation}";

// How far the feed was read counts what all partners do.
v1::Evaluation Shown(const rpc::Call& call, const Evaluation& evaluation) {
  v1::Evaluation out = ToProto(evaluation);
  if (call.identity->IsPartnerUser()) out.clear_inventory_cursor();
  return out;
}

// An OPEN one is not there for its partner.
bool IsSeen(const rpc::Call& call, const Evaluation& evaluation) {
  return !call.identity->IsPartnerUser() || evaluation.state != EvaluationState::kOpen;
}

std::string ReasonFor(const Evaluation& published) {
  return StrCat("Score of ", ToProto(published).low().value().value(), " in ", published.period);
}

}  // namespace

void EvaluationService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.EvaluationService", this)
      .Unary("GetEvaluation", &EvaluationService::Get)
      .Unary("ListEvaluations", &EvaluationService::List)
      .Unary("CreateEvaluation", &EvaluationService::Create)
      .Unary("RunEvaluation", &EvaluationService::Run)
      .Unary("PublishEvaluation", &EvaluationService::Publish)
      .Unary("AppealEvaluation", &EvaluationService::AppealAgainst)
      .Unary("DecideEvaluationAppeal", &EvaluationService::Decide)
      .Unary("ReplayEvaluation", &EvaluationService::Replay);
}

template <typename Request>
absl::StatusOr<EvaluationService::Loaded> EvaluationService::Load(const rpc::Call& call, rpc::Unit& unit,
                                                                  const Request& request) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  // Nothing is below a partner that is not there; what is asked for is then what is missing.
  auto partner = partners_.GetForUpdate(unit.sql(), ids[0]);
  if (ReasonOf(partner.status()) == Reason::kNotFound) return NotFound(request.name());
  RETURN_IF_ERROR(partner.status());
  ASSIGN_OR_RETURN(Evaluation evaluation, evaluations_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  if (!IsSeen(call, evaluation)) return NotFound(request.name());
  RETURN_IF_ERROR(CheckEtag(evaluation.name(), request.etag(), evaluation.revision.version));
  ASSIGN_OR_RETURN(ScorecardTemplate scorecard_template, templates_.Get(unit.sql(), evaluation.template_id));
  ASSIGN_OR_RETURN(FiscalCalendar calendar, calendars_.Get(unit.sql(), scorecard_template.calendar_id));
  return Loaded{*std::move(partner), std::move(evaluation), std::move(scorecard_template), std::move(calendar)};
}

absl::StatusOr<WorkedOut> EvaluationService::WorkOut(rpc::Unit& unit, const Loaded& loaded, absl::Time now) const {
  return runner_.WorkOut(unit.sql(), loaded.partner, loaded.scorecard_template, loaded.calendar, loaded.evaluation,
                         now);
}

absl::Status EvaluationService::Store(const rpc::Call& call, rpc::Unit& unit, std::string_view verb,
                                      const Evaluation& next, v1::Evaluation* reply) const {
  RETURN_IF_ERROR(evaluations_.Update(unit.sql(), next));
  unit.Emit(Told(verb, next));
  *reply = Shown(call, next);
  return absl::OkStatus();
}

absl::Status EvaluationService::Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetEvaluationRequest& request,
                                    v1::Evaluation* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Evaluation evaluation, evaluations_.Get(unit.sql(), ids[0], ids[1]));
  if (!IsSeen(call, evaluation)) return NotFound(request.name());
  *reply = Shown(call, evaluation);
  return absl::OkStatus();
}

absl::Status EvaluationService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListEvaluationsRequest& request,
                                     v1::ListEvaluationsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, EvaluationStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<Evaluation> evaluations,
                   evaluations_.List(unit.sql(), partner_id, /*open_too=*/!call.identity->IsPartnerUser(), page));
  reply->set_next_page_token(page.Cut(&evaluations, [](const Evaluation& last) {
    return std::vector{last.partner_id, last.id};
  }));
  for (const Evaluation& evaluation : evaluations) *reply->add_evaluations() = Shown(call, evaluation);
  return absl::OkStatus();
}

absl::Status EvaluationService::Create(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::CreateEvaluationRequest& request, v1::Evaluation* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  Loaded loaded;
  ASSIGN_OR_RETURN(loaded.partner, partners_.GetForUpdate(unit.sql(), ids.front()));
  RETURN_IF_ERROR(CheckOpen(loaded.partner, "createEvaluation"));
  auto content = FromProto(request.evaluation());
  if (!content.ok()) return AtField(content.status(), "evaluation");
  Evaluation& evaluation = loaded.evaluation = *std::move(content);
  auto scorecard_template = templates_.Get(unit.sql(), evaluation.template_id);
  if (absl::IsNotFound(scorecard_template.status())) {
    return UnknownReference("evaluation.template", request.evaluation().template_(), "a scorecard template");
  }
  RETURN_IF_ERROR(scorecard_template.status());
  loaded.scorecard_template = *std::move(scorecard_template);
  ASSIGN_OR_RETURN(loaded.calendar, calendars_.Get(unit.sql(), loaded.scorecard_template.calendar_id));
  const auto period = std::find_if(loaded.calendar.periods.begin(), loaded.calendar.periods.end(),
                                   [&](const FiscalPeriod& one) { return one.id == evaluation.period; });
  if (period == loaded.calendar.periods.end()) {
    return UnknownReference("evaluation.period", evaluation.period,
                            StrCat("the id of a period of ", loaded.calendar.name()));
  }
  ASSIGN_OR_RETURN(const std::optional<Evaluation> other,
                   evaluations_.Of(unit.sql(), loaded.partner.id, evaluation.template_id, evaluation.period));
  if (other.has_value()) return AlreadyExists(other->name());
  evaluation.days = period->days;
  evaluation.first_template_id = loaded.scorecard_template.first_id;
  evaluation.partner_id = loaded.partner.id;
  evaluation.revision = Revision::First(call.now);
  evaluation.id = request.evaluation_id().empty() ? evaluation.revision.uid.ToString() : request.evaluation_id();
  ASSIGN_OR_RETURN(WorkedOut worked_out, WorkOut(unit, loaded, call.now));
  ASSIGN_OR_RETURN(Evaluation made, partner::Run(evaluation, std::move(worked_out), call.now));
  made.revision = evaluation.revision;
  RETURN_IF_ERROR(evaluations_.Create(unit.sql(), made));
  RETURN_IF_ERROR(reviews_.Begin(unit.sql(), made.partner_id, made.id, NextDayOf(loaded.calendar, call.now), call.now));
  unit.Emit(Told("created", made));
  *reply = Shown(call, made);
  return absl::OkStatus();
}

absl::Status EvaluationService::Run(const rpc::Call& call, rpc::Unit& unit, const v1::RunEvaluationRequest& request,
                                    v1::Evaluation* reply) {
  ASSIGN_OR_RETURN(const Loaded loaded, Load(call, unit, request));
  RETURN_IF_ERROR(CheckOpen(loaded.evaluation, "run"));
  ASSIGN_OR_RETURN(WorkedOut worked_out, WorkOut(unit, loaded, call.now));
  ASSIGN_OR_RETURN(const Evaluation next, partner::Run(loaded.evaluation, std::move(worked_out), call.now));
  return Store(call, unit, "updated", next, reply);
}

absl::Status EvaluationService::Act(rpc::Unit& unit, const Loaded& loaded, Evaluation* published,
                                    absl::Time now) const {
  const ScoreConsequence consequence = published->scorecard.consequence;
  if (consequence == ScoreConsequence::kNone || loaded.partner.state == PartnerState::kTerminated) {
    return absl::OkStatus();
  }
  const Cause cause{.name = published->name(),
                    .uid = published->revision.uid,
                    .reason = ReasonFor(*published),
                    .principal = published->publisher};
  if (consequence == ScoreConsequence::kReview) return consequences_.ToReview(unit, loaded.partner, cause, now);
  if (consequence != ScoreConsequence::kBlock) return absl::OkStatus();
  // It begins when it can no longer be appealed against.
  DateRange days = {published->appeal_before.value_or(TodayOf(loaded.partner, now)), OpenEnd()};
  if (loaded.scorecard_template.block_days > 0) days.end = days.start.AddDays(loaded.scorecard_template.block_days);
  ASSIGN_OR_RETURN(const Sanction sanction,
                   consequences_.Sanctioned(unit, loaded.partner, cause, SanctionKind::kSuspension, days, now));
  published->sanction = sanction.name();
  return absl::OkStatus();
}

absl::Status EvaluationService::Publish(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::PublishEvaluationRequest& request, v1::Evaluation* reply) {
  ASSIGN_OR_RETURN(const Loaded loaded, Load(call, unit, request));
  RETURN_IF_ERROR(CheckOpen(loaded.evaluation, "publish"));
  ASSIGN_OR_RETURN(WorkedOut worked_out, WorkOut(unit, loaded, call.now));
  const Publication publication{.principal = call.identity->subject,
                                .time = call.now,
                                .today = TodayOf(loaded.calendar, call.now),
                                .partners_today = TodayOf(loaded.partner, call.now),
                                .appeal_days = loaded.scorecard_template.appeal_days};
  ASSIGN_OR_RETURN(Evaluation published, partner::Publish(loaded.evaluation, std::move(worked_out), publication));
  RETURN_IF_ERROR(reviews_.End(unit.sql(), published.partner_id, published.id));
  RETURN_IF_ERROR(Act(unit, loaded, &published, call.now));
  RETURN_IF_ERROR(Store(call, unit, "published", published, reply));
  if (published.scorecard.consequence != ScoreConsequence::kNone) unit.Emit(Told("noticed", published));
  // The others of the line are compared with this one from now on.
  return reviews_.Ask(unit.sql(), {published.partner_id});
}

absl::Status EvaluationService::AppealAgainst(const rpc::Call& call, rpc::Unit& unit,
                                              const v1::AppealEvaluationRequest& request, v1::Evaluation* reply) {
  ASSIGN_OR_RETURN(const Loaded loaded, Load(call, unit, request));
  ASSIGN_OR_RETURN(const Evaluation appealed,
                   partner::AppealAgainst(loaded.evaluation, request.reason(), call.identity->subject,
                                          TodayOf(loaded.partner, call.now), call.now));
  RETURN_IF_ERROR(enforcer_.Halt(unit, loaded.partner, appealed.sanction, call.now));
  return Store(call, unit, "appealed", appealed, reply);
}

absl::Status EvaluationService::Decide(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::DecideEvaluationAppealRequest& request, v1::Evaluation* reply) {
  ASSIGN_OR_RETURN(const Loaded loaded, Load(call, unit, request));
  ASSIGN_OR_RETURN(const Evaluation decided, partner::Decide(loaded.evaluation, request.uphold(), request.decision(),
                                                             call.identity->subject, call.now));
  RETURN_IF_ERROR(request.uphold() ? enforcer_.Lift(unit, loaded.partner, decided.sanction, "The appeal was upheld",
                                                    call.identity->subject, call.now)
                                   : enforcer_.Resume(unit, loaded.partner, decided.sanction, call.now));
  RETURN_IF_ERROR(Store(call, unit, request.uphold() ? "withdrawn" : "confirmed", decided, reply));
  return reviews_.Ask(unit.sql(), {decided.partner_id});
}

absl::Status EvaluationService::Replay(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ReplayEvaluationRequest& request, v1::ReplayedEvaluation* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Evaluation evaluation, evaluations_.Get(unit.sql(), ids[0], ids[1]));
  ASSIGN_OR_RETURN(const ScorecardTemplate scorecard_template, templates_.Get(unit.sql(), evaluation.template_id));
  std::vector<std::vector<Reading>> readings;
  for (const ComponentScore& component : evaluation.scorecard.components) readings.push_back(component.readings);
  std::optional<PreviousScore> previous;
  if (!evaluation.scorecard.previous.empty()) previous = StoredPrevious(evaluation.scorecard);
  Evaluation again = evaluation;
  again.scorecard = Score(scorecard_template, readings, previous);
  again.inputs_sha256 = Sha256Hex(InputsToBytes(scorecard_template, again.scorecard));
  reply->set_reproduced(again.inputs_sha256 == evaluation.inputs_sha256 && again.scorecard == evaluation.scorecard);
  *reply->mutable_evaluation() = Shown(call, again);
  return absl::OkStatus();
}

}  // namespace tributary::partner
