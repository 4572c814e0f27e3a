#pragma once

// What those who carry out remedies of cases (conflict-service) tell of the steps.

#include <string>
#include <string_view>

#include "common/events/outbox.h"
#include "tributary/conflict/v1/remedy.pb.h"

namespace tributary::remedies {

// A step of a remedy. Carried out once by (uid, order), since a name may come again after a restore.
struct StepKey {
  std::string remedy;  // cases/{case}/remedies/{remedy}
  std::string uid;     // the remedy's
  int order = 0;       // from 1
};
StepKey KeyOf(const conflict::v1::Remedy& remedy, const conflict::v1::RemedyStep& step);

// The answer, for the own feed: by the remedy's name, so that its answers stay in order. `result` is what was made, or
// taken back, `note` why it was refused.
events::EventDraft Answered(const StepKey& step, conflict::v1::RemedyAnswer::Answer answer, std::string_view result,
                            std::string_view note = {});

}  // namespace tributary::remedies
