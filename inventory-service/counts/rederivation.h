#pragma once

// A count holds: what is told later of the time before it does not move the position at its boundary. It moves the
// count's adjustment instead (R15). Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "common/time/date.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

// What an approved count says of one position: so many units lay in its buckets at the end of `closing`.
struct StandingCount {
  std::string count;  // name of the StockCount
  Date closing;
  std::optional<Bucket> bucket;  // unset: all that a count finds
};

// Whether a count of `bucket` (unset: all that a count finds) finds units that lie in `at`. What is in transit has not
// come yet.
bool Counts(const std::optional<Bucket>& bucket, Bucket at);

// What the posting takes from and brings to the position's buckets is undone at the first count that would see it, by
// an adjustment of that count; what is left over, at the next. `counts` are those of the position `key` that close on
// the posting's day or later, in the order of their days. The adjustments are postings like any other; product, lot,
// partner, places, quantity, day, cause and `because` are set.
std::vector<Posting> Corrections(const Posting& posting, const PositionKey& key,
                                 absl::Span<const StandingCount> counts);

// The posting by which a count of `counted` units adjusts a book of `book`; nullopt where there is nothing to adjust.
std::optional<Posting> Adjustment(const PositionKey& key, const StandingCount& count, Decimal counted, Decimal book);

}  // namespace tributary::inventory
