#pragma once

// Who holds units of a lot and who bought some: pure sums.

#include <map>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

// What became of a lot's units at one partner; of the vendor's direct sales where `partner` is empty.
struct LotHolding {
  std::string partner;
  Decimal shipped;   // from the vendor
  Decimal received;  // from other partners
  std::map<Bucket, Decimal> found;
  Decimal sold;  // to customers, less what they brought back
  Decimal scrapped;
  Decimal adjusted;     // found to be missing, less what was found to be too much
  Decimal returned;     // to the vendor
  Decimal handed_over;  // to other partners

  Decimal FoundInAll() const;
  // Nothing is missing: shipped + received = found + sold + scrapped + adjusted + returned + handed_over.
  bool balanced() const;
};

struct Recall {
  std::vector<LotHolding> holdings;     // by partner
  std::vector<std::string> sale_names;  // facts that stand and brought units to customers, by name
  LotHolding total;                     // sums over the holdings
};

// From all postings of a lot of a product, and from what the positions say to lie at each partner.
Recall Sum(absl::Span<const Posting> postings, const std::map<BucketKey, Decimal>& positions);

}  // namespace tributary::inventory
