#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "conflict-service/cases/case.h"
#include "conflict-service/remedies/remedy.h"

namespace tributary::conflict {

// Carries out the steps that this service answers itself (IsOwn), one after the other as they become due, in the
// transaction in which they do: the party is told by a message of the case, and again where the step is taken back. The
// remedy's row is held for update, and afterwards that of the case.
absl::Status CarryOutOwnSteps(mysql::Transaction& sql, absl::Time now, events::Outbox& outbox, Remedy* remedy);

// Writes to a party of the case, which is held for update, or among the staff where `partner` is empty, and tells it.
// The message's number.
absl::StatusOr<int64_t> WriteIn(mysql::Transaction& sql, const Case& one, const std::string& partner, std::string text,
                                absl::Time now, events::Outbox& outbox);

}  // namespace tributary::conflict
