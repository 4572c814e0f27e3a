#pragma once

// What a service that asks for approvals does with partner-service's feed.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "common/rpc/call.h"

namespace tributary::approvals {

enum class Verdict { kApproved, kRejected, kWithdrawn };

// What was decided about a thing that this service asked for.
struct Decision {
  std::string subject;
  Verdict verdict = Verdict::kApproved;
  std::string decided_by;  // principal; empty where by the policy nobody need approve
  std::string note;        // what was said with it, or the task's name
};

// Moves the thing, as its own verb called by who decided would; the task no longer decides it. What the thing's state
// no longer allows is not to be done, and OK: an error parks the event.
using MoveSubject = absl::FunctionRef<absl::Status(const rpc::Call&, rpc::Unit&, const Decision&)>;

// Policies and tasks.
std::vector<std::string> ApprovalPayloads();

// Keeps the policies that the events tell of, and moves what was decided, each once. Events of other types are passed
// over.
absl::Status ApplyApprovals(mysql::Transaction& sql, absl::Span<const events::Event> events, absl::Time now,
                            events::Outbox& outbox, MoveSubject move);

}  // namespace tributary::approvals
