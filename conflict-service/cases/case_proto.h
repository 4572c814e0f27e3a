#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "conflict-service/cases/case.h"
#include "tributary/conflict/v1/case.pb.h"
#include "tributary/conflict/v1/partner_case.pb.h"

namespace tributary::conflict {

// Without `escalations`.
v1::Case ToProto(const Case& one);
v1::CaseEscalation ToProto(const CaseEscalation& escalation);
// cases/{case_id}/messages/{number}.
v1::CaseMessage ToProto(const std::string& case_id, const CaseMessage& message);
// As the party of `view` sees it. `messages` are its own.
v1::PartnerCase ToProto(const Case& one, const PartyView& view, const std::vector<CaseMessage>& messages);

// A partner, partners/{partner}, and its number of a case.
using PartyNumber = std::pair<std::string, int64_t>;
// Of partners/{partner}/cases/{case}. NOT_FOUND where the number is written otherwise than it was given.
absl::StatusOr<PartyNumber> PartyNumberOf(const std::string& name);

// What the feed is told of a change.
events::EventDraft Told(std::string_view verb, const Case& one);
// And of a change that a party sees: its view, without messages.
events::EventDraft Told(std::string_view verb, const Case& one, const PartyView& view);

}  // namespace tributary::conflict
