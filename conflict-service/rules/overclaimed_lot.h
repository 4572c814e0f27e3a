#pragma once

// DUPLICATE_SALE by lot: partners report the sale of more units of a lot than were shipped of it to the channel, so
// that some unit is claimed by two of them, whoever they are.

#include <map>
#include <optional>
#include <string>

#include "common/money/decimal.h"
#include "common/time/date.h"
#include "conflict-service/findings/finding.h"

namespace tributary::conflict {

// What is told of a lot, in the product's base unit; what was reversed is left out.
struct LotTotals {
  std::string product;  // products/{product}
  std::string lot;
  Decimal shipped;                      // to the channel, less what went back
  std::map<std::string, Decimal> sold;  // by partner, less what came back
  Date last;                            // the last day on which any was sold
  std::string name() const;             // products/{product}/lots/{lot}
};

// Where two partners or more sold of the lot, and all together more than were shipped. Of a lot of which nothing was
// shipped nobody knows how much there is. One finding for the lot, whoever sold of it.
std::optional<Conclusion> OverclaimedLot(const LotTotals& lot);

}  // namespace tributary::conflict
