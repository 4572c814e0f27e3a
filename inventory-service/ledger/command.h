#pragma once

// How commands move stock, and how counts are kept true: each posting is an event of the feed itself. (Facts bring
// their own postings along: facts/recording.h.)

#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/rpc/call.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

// Adds to the positions now, appends the postings at the end of the transaction, with what they ask of counts. The
// caller has decided that they may be (LedgerStore::LockUnits); their `n` is of no concern.
absl::Status Post(const rpc::Call& call, rpc::Unit& unit, std::vector<Posting> postings);

// Posts what the postings, which the positions have already, ask of counts (counts/correcting.h).
absl::Status PostCorrections(const rpc::Call& call, rpc::Unit& unit, absl::Span<const Posting> postings);

// These postings as events of the feed: verb "posted", payload StockPosting.
events::RowSource PostingSource();

}  // namespace tributary::inventory
