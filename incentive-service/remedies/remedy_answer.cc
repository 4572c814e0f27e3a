#include "incentive-service/remedies/remedy_answer.h"

namespace tributary::incentive {

using conflict::v1::RemedyAnswer;

events::EventDraft DraftOf(const RemedyAnswer& answer) {
  return events::Draft(answer.remedy(), "answered", answer.remedy(), answer);
}

std::optional<events::EventDraft> AnswerOf(const Adjustment& adjustment) {
  if (adjustment.remedy.empty() || adjustment.state == AdjustmentState::kRequested) return std::nullopt;
  RemedyAnswer answer;
  answer.set_remedy(adjustment.remedy);
  answer.set_order(adjustment.step);
  answer.set_result(adjustment.name());
  if (!adjustment.compensates.empty()) {
    answer.set_answer(RemedyAnswer::COMPENSATED);
  } else if (adjustment.state == AdjustmentState::kApproved) {
    answer.set_answer(RemedyAnswer::APPLIED);
  } else {
    answer.set_answer(RemedyAnswer::REFUSED);
    answer.set_note(adjustment.decision_note);
  }
  return DraftOf(answer);
}

}  // namespace tributary::incentive
