#include "conflict-service/remedies/answer_follower.h"

#include <optional>

#include "common/status/status.h"
#include "conflict-service/remedies/remedy_proto.h"
#include "conflict-service/remedies/remedy_store.h"

namespace tributary::conflict {

const std::string& RemedyAnswerPayload() { return v1::RemedyAnswer::descriptor()->full_name(); }

absl::Status ApplyRemedyAnswers(mysql::Transaction& sql, absl::Span<const events::Event> events, absl::Time now,
                                events::Outbox& outbox) {
  const RemedyStore remedies;
  for (const events::Event& event : events) {
    if (event.type != RemedyAnswerPayload()) continue;
    v1::RemedyAnswer message;
    if (!message.ParseFromString(event.payload)) return InvalidField("payload", event.name, "a RemedyAnswer");
    ASSIGN_OR_RETURN(const AddressedAnswer to, FromProto(message));
    absl::StatusOr<Remedy> before = remedies.GetForUpdate(sql, to.case_id, to.number);
    if (absl::IsNotFound(before.status())) continue;
    RETURN_IF_ERROR(before.status());
    const std::optional<Remedy> after = Take(*std::move(before), to.answer, now);
    if (!after) continue;
    RETURN_IF_ERROR(remedies.Update(sql, *after));
    outbox.Add(Told(*after));
  }
  return absl::OkStatus();
}

}  // namespace tributary::conflict
