#include "common/remedies/remedy_answer.h"

namespace tributary::remedies {

StepKey KeyOf(const conflict::v1::Remedy& remedy, const conflict::v1::RemedyStep& step) {
  return {.remedy = remedy.name(), .uid = remedy.uid(), .order = step.order()};
}

events::EventDraft Answered(const StepKey& step, conflict::v1::RemedyAnswer::Answer answer, std::string_view result,
                            std::string_view note) {
  conflict::v1::RemedyAnswer message;
  message.set_remedy(step.remedy);
  message.set_remedy_uid(step.uid);
  message.set_order(step.order);
  message.set_answer(answer);
  message.set_result(std::string(result));
  message.set_note(std::string(note));
  return events::Draft(step.remedy, "answered", step.remedy, message);
}

}  // namespace tributary::remedies
