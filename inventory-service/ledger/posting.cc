#include "inventory-service/ledger/posting.h"

#include "common/text/text.h"

namespace tributary::inventory {

std::map<PositionKey, Decimal> PositionChanges(absl::Span<const Posting> postings) {
  std::map<PositionKey, Decimal> changes;
  for (const Posting& posting : postings) {
    if (IsSite(posting.from)) changes[{posting.partner, posting.from, posting.product}] -= posting.quantity;
    if (IsSite(posting.to)) changes[{posting.partner, posting.to, posting.product}] += posting.quantity;
  }
  return changes;
}

std::string LocationName(std::string_view partner, std::string_view place) {
  if (!IsSite(place)) return std::string(place.substr(1));
  return StrCat("partners/", partner, "/sites/", place, "/on_hand");
}

}  // namespace tributary::inventory
