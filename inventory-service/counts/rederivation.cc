#include "inventory-service/counts/rederivation.h"

#include <map>
#include <utility>

namespace tributary::inventory {
namespace {

// `units` more in the bucket of the position, or fewer where they are negative.
Posting Move(const PositionKey& key, const StandingCount& count, Decimal units) {
  std::string place = PlaceOf(key.site, count.bucket.value_or(Bucket::kOnHand));
  Posting posting{.partner = key.partner,
                  .product = key.product,
                  .lot = key.lot,
                  .quantity = Abs(units),
                  .effective_date = count.closing,
                  .cause = count.count};
  posting.from = units.negative() ? std::move(place) : std::string(kAdjustment);
  posting.to = units.negative() ? std::string(kAdjustment) : PlaceOf(key.site, count.bucket.value_or(Bucket::kOnHand));
  return posting;
}

}  // namespace

bool Counts(const std::optional<Bucket>& bucket, Bucket at) {
  return bucket.has_value() ? *bucket == at : at != Bucket::kInTransit;
}

std::vector<Posting> Corrections(const Posting& posting, const PositionKey& key,
                                 absl::Span<const StandingCount> counts) {
  std::map<Bucket, Decimal> moved;
  for (const auto& [at, change] : PositionChanges({&posting, 1})) {
    if (at.position == key) moved[at.bucket] += change;
  }
  std::vector<Posting> corrections;
  for (const StandingCount& count : counts) {
    if (count.count == posting.cause) continue;  // its own adjustment is what it asks for
    Decimal seen;
    for (const auto& [bucket, change] : moved) {
      if (Counts(count.bucket, bucket)) seen += change;
    }
    if (seen.zero()) continue;
    corrections.push_back(Move(key, count, -seen));
    corrections.back().because = posting.cause;
    moved[count.bucket.value_or(Bucket::kOnHand)] -= seen;
  }
  return corrections;
}

std::optional<Posting> Adjustment(const PositionKey& key, const StandingCount& count, Decimal counted, Decimal book) {
  if (counted == book) return std::nullopt;
  return Move(key, count, counted - book);
}

}  // namespace tributary::inventory
