#include "incentive-service/remedies/remedy_answer.h"

#include "common/remedies/remedy_answer.h"
#include "tributary/conflict/v1/remedy.pb.h"

namespace tributary::incentive {

using conflict::v1::RemedyAnswer;

std::optional<events::EventDraft> AnswerOf(const Adjustment& adjustment) {
  if (adjustment.remedy.empty() || adjustment.state == AdjustmentState::kRequested) return std::nullopt;
  const remedies::StepKey step{adjustment.remedy, adjustment.remedy_uid, adjustment.step};
  if (!adjustment.compensates.empty()) {
    return remedies::Answered(step, RemedyAnswer::COMPENSATED, adjustment.name());
  }
  if (adjustment.state == AdjustmentState::kApproved) {
    return remedies::Answered(step, RemedyAnswer::APPLIED, adjustment.name());
  }
  return remedies::Answered(step, RemedyAnswer::REFUSED, adjustment.name(), adjustment.decision_note);
}

}  // namespace tributary::incentive
