#include "inventory-service/ledger/posting.h"

#include <algorithm>
#include <iterator>

#include "common/text/text.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kBoundaries[] = {kVendor, kCustomer, kAdjustment, kScrap, kTransfer};

BucketKey KeyOf(const Posting& posting, std::string_view place) {
  return {{posting.partner, std::string(SiteOf(place)), posting.product, posting.lot}, BucketOf(place)};
}

std::optional<Bucket> BucketFromName(std::string_view name) {
  const auto* bucket = std::find_if(std::begin(kBuckets), std::end(kBuckets),
                                    [&](Bucket candidate) { return NameOf(candidate) == name; });
  return bucket == std::end(kBuckets) ? std::nullopt : std::optional(*bucket);
}

}  // namespace

std::string_view NameOf(Bucket bucket) {
  switch (bucket) {
    case Bucket::kOnHand:
      return "on_hand";
    case Bucket::kReserved:
      return "reserved";
    case Bucket::kQuarantine:
      return "quarantine";
    case Bucket::kDemo:
      return "demo";
    case Bucket::kInTransit:
      return "in_transit";
  }
  return {};
}

std::string PlaceOf(std::string_view site, Bucket bucket) {
  return bucket == Bucket::kOnHand ? std::string(site) : StrCat(site, "/", NameOf(bucket));
}

std::string_view SiteOf(std::string_view place) { return place.substr(0, place.find('/')); }

Bucket BucketOf(std::string_view place) {
  const size_t slash = place.find('/');
  if (slash == std::string_view::npos) return Bucket::kOnHand;
  return BucketFromName(place.substr(slash + 1)).value_or(Bucket::kOnHand);
}

std::string LocationName(std::string_view partner, std::string_view place) {
  if (!IsSite(place)) return std::string(place.substr(1));
  return StrCat("partners/", partner, "/sites/", SiteOf(place), "/", NameOf(BucketOf(place)));
}

std::optional<std::string> PlaceFromName(std::string_view partner, std::string_view name) {
  for (const std::string_view boundary : kBoundaries) {
    if (boundary.substr(1) == name) return std::string(boundary);
  }
  const std::string sites = StrCat("partners/", partner, "/sites/");
  if (!name.starts_with(sites)) return std::nullopt;
  const std::string_view place = name.substr(sites.size());
  const size_t slash = place.find('/');
  if (slash == 0 || slash == std::string_view::npos) return std::nullopt;
  const std::optional<Bucket> bucket = BucketFromName(place.substr(slash + 1));
  if (!bucket.has_value()) return std::nullopt;
  return PlaceOf(place.substr(0, slash), *bucket);
}

std::map<BucketKey, Decimal> PositionChanges(absl::Span<const Posting> postings) {
  std::map<BucketKey, Decimal> changes;
  for (const Posting& posting : postings) {
    if (IsSite(posting.from)) changes[KeyOf(posting, posting.from)] -= posting.quantity;
    if (IsSite(posting.to)) changes[KeyOf(posting, posting.to)] += posting.quantity;
  }
  return changes;
}

std::string PositionSegment(const PositionKey& key) {
  return StrCat(key.site, ".", key.product, key.lot.empty() ? "" : ".", key.lot);
}

std::optional<PositionKey> ParsePositionSegment(std::string_view partner, std::string_view segment) {
  const size_t site_end = segment.find('.');
  if (site_end == std::string_view::npos) return std::nullopt;
  const std::string_view rest = segment.substr(site_end + 1);
  const size_t product_end = rest.find('.');
  PositionKey key{.partner = std::string(partner),
                  .site = std::string(segment.substr(0, site_end)),
                  .product = std::string(rest.substr(0, product_end))};
  if (product_end != std::string_view::npos) {
    key.lot = rest.substr(product_end + 1);
    if (key.lot.empty()) return std::nullopt;
  }
  if (key.site.empty() || key.product.empty()) return std::nullopt;
  return key;
}

}  // namespace tributary::inventory
