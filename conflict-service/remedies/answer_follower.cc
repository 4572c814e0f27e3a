#include "conflict-service/remedies/answer_follower.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "common/events/payload.h"
#include "common/status/status.h"
#include "conflict-service/remedies/own_steps.h"
#include "conflict-service/remedies/price_follow_up.h"
#include "conflict-service/remedies/remedy_proto.h"
#include "conflict-service/remedies/remedy_store.h"

namespace tributary::conflict {
namespace {

bool IsFor(const AddressedAnswer& answer, const Remedy& remedy) {
  return answer.case_id == remedy.case_id && answer.number == remedy.number &&
         (answer.uid.empty() || answer.uid == remedy.uid.ToString());
}

}  // namespace

const std::string& RemedyAnswerPayload() { return v1::RemedyAnswer::descriptor()->full_name(); }

absl::Status ApplyRemedyAnswers(mysql::Transaction& sql, absl::Span<const events::Event> events, absl::Time now,
                                events::Outbox& outbox) {
  ASSIGN_OR_RETURN(const std::vector<v1::RemedyAnswer> messages, events::PayloadsOf<v1::RemedyAnswer>(events));
  std::vector<AddressedAnswer> answers;
  std::set<std::string> cases;
  for (const v1::RemedyAnswer& message : messages) {
    ASSIGN_OR_RETURN(AddressedAnswer answer, FromProto(message));
    cases.insert(answer.case_id);
    answers.push_back(std::move(answer));
  }
  const RemedyStore remedies;
  ASSIGN_OR_RETURN(std::vector<Remedy> stored, remedies.OfCasesForUpdate(sql, cases));
  for (const AddressedAnswer& answer : answers) {
    const auto remedy =
        std::find_if(stored.begin(), stored.end(), [&](const Remedy& one) { return IsFor(answer, one); });
    if (remedy == stored.end()) continue;
    std::optional<Remedy> after = Take(*remedy, answer.answer, now);
    if (!after) continue;
    *remedy = *std::move(after);
    RETURN_IF_ERROR(CarryOutOwnSteps(sql, now, outbox, &*remedy));
    RETURN_IF_ERROR(FollowPriceActions(sql, now, outbox, &*remedy));
    RETURN_IF_ERROR(remedies.Update(sql, *remedy));
    outbox.Add(Told(*remedy));
  }
  return absl::OkStatus();
}

}  // namespace tributary::conflict
