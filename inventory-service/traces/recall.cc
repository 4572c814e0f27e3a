#include "inventory-service/traces/recall.h"

#include <optional>
#include <set>

#include "inventory-service/facts/fact.h"

namespace tributary::inventory {
namespace {

// Adds to what the units of one posting became. A negative quantity is either a way back or, in a reversal, what takes
// the statement before it back; the two count differently.
void Add(const Posting& posting, LotHolding* holding) {
  const Decimal quantity = posting.quantity;
  const bool reversal = ReversedBy(posting.cause).has_value();
  const bool back = (reversal ? -quantity : quantity).negative();
  if (posting.from == kVendor) {
    back ? holding->returned -= quantity : holding->shipped += quantity;
  } else if (posting.to == kVendor) {
    back ? holding->shipped -= quantity : holding->returned += quantity;
  }
  if (posting.from == kTransfer) holding->received += quantity;
  if (posting.to == kTransfer) holding->handed_over += quantity;
  if (posting.to == kCustomer) holding->sold += quantity;
  if (posting.from == kCustomer) holding->sold -= quantity;
  if (posting.to == kScrap) holding->scrapped += quantity;
  if (posting.to == kAdjustment) holding->adjusted += quantity;
  if (posting.from == kAdjustment) holding->adjusted -= quantity;
}

void Add(const LotHolding& one, LotHolding* total) {
  total->shipped += one.shipped;
  total->received += one.received;
  total->sold += one.sold;
  total->scrapped += one.scrapped;
  total->adjusted += one.adjusted;
  total->returned += one.returned;
  total->handed_over += one.handed_over;
  for (const auto& [bucket, units] : one.found) total->found[bucket] += units;
}

}  // namespace

Decimal LotHolding::FoundInAll() const {
  Decimal units;
  for (const auto& [bucket, there] : found) units += there;
  return units;
}

bool LotHolding::balanced() const {
  return shipped + received == FoundInAll() + sold + scrapped + adjusted + returned + handed_over;
}

Recall Sum(absl::Span<const Posting> postings, const std::map<BucketKey, Decimal>& positions) {
  std::map<std::string, LotHolding> by_partner;
  std::set<std::string> sales;
  std::set<std::string> reversed;
  for (const Posting& posting : postings) {
    Add(posting, &by_partner[posting.partner]);
    if (posting.to != kCustomer) continue;
    if (std::optional<std::string> before = ReversedBy(posting.cause)) {
      reversed.insert(*std::move(before));
    } else {
      sales.insert(posting.cause);
    }
  }
  for (const auto& [key, units] : positions) by_partner[key.position.partner].found[key.bucket] += units;
  Recall recall;
  for (auto& [partner, holding] : by_partner) {
    holding.partner = partner;
    Add(holding, &recall.total);
    recall.holdings.push_back(std::move(holding));
  }
  for (const std::string& sale : sales) {
    if (!reversed.contains(sale)) recall.sale_names.push_back(sale);
  }
  return recall;
}

}  // namespace tributary::inventory
