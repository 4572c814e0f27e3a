#pragma once

// Keeps what counts say while facts and commands post to the time before them.

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

struct Correction {
  size_t of = 0;  // index of the posting that asks for it
  Posting posting;
};

// The adjustments of counts that the postings ask for. To be called with the positions of the postings locked, as
// LedgerStore::AddToPositions does: an approval locks the same rows, so that a posting is either in its book or sees
// its count.
absl::StatusOr<std::vector<Correction>> CountCorrections(mysql::Transaction& sql, absl::Span<const Posting> postings);

}  // namespace tributary::inventory
