#pragma once

// What remedies of cases ask for, by conflict-service's feed: their warnings become sanctions, and
// territories pass from one partner to another.

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"

namespace tributary::partner {

// The payload type that ApplyRemedies wants.
const std::string& RemedyPayload();

// Carries out what is ORDERED and takes back what is COMPENSATING, once each, however often it is told, and answers on
// the own feed. A warning has the level above the highest of the partner's sanctions that last; one for a partner that
// is not there, or is TERMINATED, is refused. It is taken back as it is lifted; one that is over has nothing to take
// back. The sanction does not name the case, which is the vendor's own. What becomes of a REASSIGN_TERRITORY is in
// territory_reassigner.h.
absl::Status ApplyRemedies(mysql::Transaction& sql, absl::Span<const events::Event> batch, absl::Time now,
                           events::Outbox& outbox);

}  // namespace tributary::partner
