#pragma once

// Support requests: OPEN -> ASSIGNED -> ANSWERED -> CONFIRMED, and from the last two back to OPEN. Pure values and
// decisions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "partner-service/revision.h"
#include "partner-service/support_requests/support_policy.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class SupportState { kOpen = 1, kAssigned = 2, kAnswered = 3, kConfirmed = 4 };
std::string_view NameOf(SupportState state);

struct SupportStep {
  std::string verb;
  std::string principal;
  std::string text;
  absl::Time time;
  friend bool operator==(const SupportStep&, const SupportStep&) = default;
};

struct SupportRequest {
  std::string partner_id;
  std::string id;
  Revision revision;
  std::string policy_id;
  SupportSeverity severity = SupportSeverity::kNormal;
  std::string subject;
  std::string text;
  SupportState state = SupportState::kOpen;
  std::string assignee;
  absl::Time due_time;
  std::optional<absl::Time> answer_time;
  std::vector<SupportStep> steps;  // oldest first

  std::string name() const;  // partners/{partner_id}/supportRequests/{id}
};

// Who does something, when, and in which words.
struct SupportDeed {
  std::string principal;
  absl::Time time;
  std::string text;
};

// INVALID_FIELD: a subject that is not one line.
absl::Status CheckSubject(const SupportRequest& request);

// A new one, due at `due`.
SupportRequest Ask(SupportRequest request, const SupportDeed& deed, absl::Time due);
// Refused: neither OPEN nor ASSIGNED.
absl::StatusOr<SupportRequest> Assign(const SupportRequest& request, const SupportDeed& deed);
// Refused: not ASSIGNED.
absl::StatusOr<SupportRequest> Answer(const SupportRequest& request, const SupportDeed& deed);
// Refused: not ANSWERED.
absl::StatusOr<SupportRequest> Confirm(const SupportRequest& request, const SupportDeed& deed);
// Due anew at `due`; nobody has it. Refused: neither ANSWERED nor CONFIRMED.
absl::StatusOr<SupportRequest> Reopen(const SupportRequest& request, const SupportDeed& deed, absl::Time due);

}  // namespace tributary::partner
