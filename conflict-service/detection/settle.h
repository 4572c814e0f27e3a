#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "conflict-service/findings/finding.h"

namespace tributary::conflict {

// Brings the findings of these kinds about `subjects`, and their cases, into agreement with what is concluded about
// them now, and tells the feed. Under the locks of the rules.
absl::Status Settle(mysql::Transaction& sql, absl::Time now, events::Outbox& outbox, const std::set<FindingKind>& kinds,
                    const std::set<std::string>& subjects, const std::vector<Conclusion>& conclusions);

}  // namespace tributary::conflict
