#include "partner-service/evaluations/evaluation.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::partner {
namespace {

absl::Status WrongStateFor(const Evaluation& evaluation, std::string_view verb, std::string_view want) {
  return WrongState(evaluation.name(), verb, NameOf(evaluation.state), want);
}

Evaluation Next(const Evaluation& evaluation, EvaluationState state, absl::Time now) {
  Evaluation next = evaluation;
  next.state = state;
  next.revision = evaluation.revision.Next(now);
  return next;
}

void Put(WorkedOut worked_out, absl::Time now, Evaluation* evaluation) {
  evaluation->scorecard = std::move(worked_out.scorecard);
  evaluation->counted_to = worked_out.counted_to;
  evaluation->inputs_sha256 = std::move(worked_out.inputs_sha256);
  evaluation->inventory_cursor = worked_out.inventory_cursor;
  evaluation->evaluate_time = now;
}

}  // namespace

std::string_view NameOf(EvaluationState state) {
  switch (state) {
    case EvaluationState::kOpen:
      return "OPEN";
    case EvaluationState::kPublished:
      return "PUBLISHED";
    case EvaluationState::kAppealed:
      return "APPEALED";
    case EvaluationState::kConfirmed:
      return "CONFIRMED";
    case EvaluationState::kWithdrawn:
      return "WITHDRAWN";
  }
  return "STATE_UNSPECIFIED";
}

std::string Evaluation::name() const { return StrCat("partners/", partner_id, "/evaluations/", id); }

absl::Status CheckOpen(const Evaluation& evaluation, std::string_view verb) {
  return evaluation.state == EvaluationState::kOpen ? absl::OkStatus() : WrongStateFor(evaluation, verb, "OPEN");
}

absl::StatusOr<Evaluation> Run(const Evaluation& evaluation, WorkedOut worked_out, absl::Time now) {
  RETURN_IF_ERROR(CheckOpen(evaluation, "run"));
  Evaluation next = Next(evaluation, EvaluationState::kOpen, now);
  Put(std::move(worked_out), now, &next);
  return next;
}

bool Differs(const Evaluation& evaluation, const WorkedOut& worked_out) {
  return evaluation.counted_to != worked_out.counted_to || evaluation.inputs_sha256 != worked_out.inputs_sha256 ||
         !(evaluation.scorecard == worked_out.scorecard);
}

absl::StatusOr<Evaluation> Publish(const Evaluation& evaluation, WorkedOut worked_out, const Publication& publication) {
  RETURN_IF_ERROR(CheckOpen(evaluation, "publish"));
  if (publication.today < evaluation.days.end) {
    return Error(Reason::kPeriodNotEnded,
                 StrCat(evaluation.name(), ": got ", publication.today.ToString(), ", want ",
                        evaluation.days.end.ToString(), " or later: period ", evaluation.period, " has not ended"),
                 {{"resource", evaluation.name()}});
  }
  Evaluation published = Next(evaluation, EvaluationState::kPublished, publication.time);
  Put(std::move(worked_out), publication.time, &published);
  published.publish_time = publication.time;
  published.publisher = publication.principal;
  if (publication.appeal_days > 0) {
    published.appeal_before = publication.partners_today.AddDays(publication.appeal_days);
  }
  return published;
}

absl::StatusOr<Evaluation> AppealAgainst(const Evaluation& evaluation, std::string_view reason,
                                         std::string_view principal, Date today, absl::Time now) {
  if (evaluation.state != EvaluationState::kPublished) return WrongStateFor(evaluation, "appeal", "PUBLISHED");
  if (!evaluation.appeal_before.has_value()) {
    return WrongState(evaluation.name(), "appeal", "PUBLISHED, by a template without days for it",
                      "PUBLISHED, within the days for it");
  }
  if (today >= *evaluation.appeal_before) {
    return WrongState(evaluation.name(), "appeal", StrCat("PUBLISHED, on ", today.ToString()),
                      StrCat("PUBLISHED, before ", evaluation.appeal_before->ToString()));
  }
  Evaluation appealed = Next(evaluation, EvaluationState::kAppealed, now);
  appealed.appeal = Appeal{.reason = std::string(reason), .principal = std::string(principal), .time = now};
  return appealed;
}

absl::StatusOr<Evaluation> Decide(const Evaluation& evaluation, bool uphold, std::string_view decision,
                                  std::string_view decider, absl::Time now) {
  if (evaluation.state != EvaluationState::kAppealed) return WrongStateFor(evaluation, "decideAppeal", "APPEALED");
  if (decider == evaluation.publisher) {
    return SecondPersonRequired(evaluation.name(), "who published it", "decide on the appeal");
  }
  Evaluation decided = Next(evaluation, uphold ? EvaluationState::kWithdrawn : EvaluationState::kConfirmed, now);
  decided.appeal->upheld = uphold;
  decided.appeal->decision = decision;
  decided.appeal->decider = decider;
  decided.appeal->decide_time = now;
  return decided;
}

}  // namespace tributary::partner
