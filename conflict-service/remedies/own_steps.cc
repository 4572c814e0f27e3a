#include "conflict-service/remedies/own_steps.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/cases/case_proto.h"
#include "conflict-service/cases/case_store.h"
#include "conflict-service/cases/party_store.h"

namespace tributary::conflict {
namespace {

// What the party reads.
std::string RequestOf(const RemedyStep& step) {
  if (step.price) {
    return StrCat("From ", step.price->due_on.ToString(), " on your prices are to keep ", step.price->price_rule, ". ",
                  step.reason);
  }
  return StrCat("Your part: ", step.role, ". ", step.reason);
}

std::string WithdrawalOf(const RemedyStep& step) {
  if (step.price) return StrCat("You need no longer keep ", step.price->price_rule, " by our request.");
  return StrCat("What we told you of your part no longer holds: ", step.role, ".");
}

}  // namespace

absl::StatusOr<int64_t> WriteIn(mysql::Transaction& sql, const Case& one, const std::string& partner, std::string text,
                                absl::Time now, events::Outbox& outbox) {
  const PartyStore parties;
  ASSIGN_OR_RETURN(const CaseMessage message,
                   parties.AddMessage(sql, one.id, {.create_time = now, .party = partner, .text = std::move(text)}));
  outbox.Add(Told("message_added", one));
  if (partner.empty()) return message.number;
  ASSIGN_OR_RETURN(const std::vector<PartyStore::Listed> views, parties.ViewsOf(sql, one.id));
  for (const PartyStore::Listed& shown : views) {
    if (shown.partner == partner) outbox.Add(Told("message_added", one, shown.view));
  }
  return message.number;
}

absl::Status CarryOutOwnSteps(mysql::Transaction& sql, absl::Time now, events::Outbox& outbox, Remedy* remedy) {
  std::optional<Case> one;
  while (true) {
    const auto due = std::find_if(remedy->steps.begin(), remedy->steps.end(), [](const RemedyStep& step) {
      return IsOwn(step.kind) && (step.state == StepState::kOrdered || step.state == StepState::kCompensating);
    });
    if (due == remedy->steps.end()) return absl::OkStatus();
    if (!one) {
      ASSIGN_OR_RETURN(one, CaseStore().GetForUpdate(sql, remedy->case_id));
    }
    const bool ordered = due->state == StepState::kOrdered;
    ASSIGN_OR_RETURN(const int64_t message,
                     WriteIn(sql, *one, due->partner, ordered ? RequestOf(*due) : WithdrawalOf(*due), now, outbox));
    std::optional<Remedy> after = Take(*remedy,
                                       {.order = static_cast<int>(due - remedy->steps.begin()) + 1,
                                        .reply = ordered ? RemedyReply::kApplied : RemedyReply::kCompensated,
                                        .result = StrCat(one->name(), "/messages/", message),
                                        .note = {}},
                                       now);
    // It was neither applied nor taken back before, or it would not be due.
    if (!after) return absl::OkStatus();
    *remedy = *std::move(after);
  }
}

}  // namespace tributary::conflict
