#pragma once

// Keeps what counts say while facts and commands post to the time before them.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

// The adjustments of counts that the postings ask for. To be called with the positions of the postings locked, as
// LedgerStore::AddToPositions does: an approval locks the same rows, so that a posting is either in its book or sees
// its count.
absl::StatusOr<std::vector<Posting>> CountCorrections(mysql::Transaction& sql, absl::Span<const Posting> postings);

// The last day on which something was counted at sites (partner, id).
using ClosingDays = std::map<std::pair<std::string, std::string>, Date>;
absl::StatusOr<ClosingDays> LastClosings(mysql::Transaction& sql, std::string_view partner);
// The day on which units move that move now: today in UTC, or the day after the last count that was already made at one
// of the sites: what moves after it is not in it. Asked for with the positions locked, as approvals of counts lock
// them.
Date DayOfMove(const ClosingDays& closings, const std::set<std::pair<std::string, std::string>>& sites, absl::Time now);
absl::StatusOr<Date> DayOfMove(mysql::Transaction& sql, const std::set<std::pair<std::string, std::string>>& sites,
                               absl::Time now);

}  // namespace tributary::inventory
