#pragma once

// The stock ledger: postings move units between places, positions are their sums. Pure values and decisions.

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/time/date.h"

namespace tributary::inventory {

// A place is a bucket of a partner's site, or one of the boundaries, which have no stock of their own: what leaves the
// vendor or reaches the customer is outside the books. A place is written as the site's id for what lies there free
// ("main"), with the bucket behind it for the rest ("main/reserved"), or as the boundary ("@vendor"). No site has an id
// like these.
inline constexpr std::string_view kVendor = "@vendor";
inline constexpr std::string_view kCustomer = "@customer";
// What a count or a clerk found to be more or less than the books say.
inline constexpr std::string_view kAdjustment = "@adjustment";
inline constexpr std::string_view kScrap = "@scrap";
// Between two partners: what one hands over, the other receives in the same fact. Sums to zero.
inline constexpr std::string_view kTransfer = "@transfer";
// The site that every partner has.
inline constexpr std::string_view kMainSite = "main";

inline bool IsSite(std::string_view place) { return !place.starts_with('@'); }

// What the units at a site may be used for. The numbers are in the database.
enum class Bucket : int {
  kOnHand = 1,      // free to be sold
  kReserved = 2,    // held for somebody
  kQuarantine = 3,  // not to be used until somebody decides
  kDemo = 4,        // shown to customers
  kInTransit = 5,   // shipped to the site and not yet received
};
inline constexpr Bucket kBuckets[] = {Bucket::kOnHand, Bucket::kReserved, Bucket::kQuarantine, Bucket::kDemo,
                                      Bucket::kInTransit};
// "on_hand", "reserved", "quarantine", "demo", "in_transit".
std::string_view NameOf(Bucket bucket);

std::string PlaceOf(std::string_view site, Bucket bucket);
// Of a place that is no boundary.
std::string_view SiteOf(std::string_view place);
Bucket BucketOf(std::string_view place);

// "vendor", "customer", "adjustment", "scrap", "transfer", "partners/{partner}/sites/{site}/{bucket}".
std::string LocationName(std::string_view partner, std::string_view place);
// The place that the name means for this partner, nullopt where it means none: an unknown boundary or bucket, another
// partner's site.
std::optional<std::string> PlaceFromName(std::string_view partner, std::string_view name);

// One movement.
struct Posting {
  std::string partner;  // whose sites the places are; empty where both are boundaries
  std::string product;
  std::string lot;                   // code; empty where the units are of no lot
  std::vector<std::string> serials;  // of the units, where they were told
  std::string from;
  std::string to;
  Decimal quantity;  // in the product's base unit; negative for a return or a reversal
  Date effective_date;
  std::string cause;  // name of what moved it: a fact, or the resource that a command moved
  // Of the correction of a count, whose cause is the count: name of what asked for it, which was told later of the time
  // before the count. Empty for all else.
  std::string because;
  // Counts the postings of one fact, from 1; 0 where the posting is an event of the feed itself.
  int n = 1;
};

// A position, which has its units in buckets.
struct PositionKey {
  std::string partner;
  std::string site;
  std::string product;
  std::string lot;
  friend auto operator<=>(const PositionKey&, const PositionKey&) = default;
};
struct BucketKey {
  PositionKey position;
  Bucket bucket = Bucket::kOnHand;
  friend auto operator<=>(const BucketKey&, const BucketKey&) = default;
};

// What the postings change, in the order in which the rows are to be locked. A bucket that is touched is named even
// where the change is zero, so that the set of positions does not depend on how postings are batched.
std::map<BucketKey, Decimal> PositionChanges(absl::Span<const Posting> postings);

// "{site}.{product}", with ".{lot}" for that lot alone. Ids of sites and products have no dots.
std::string PositionSegment(const PositionKey& key);
// nullopt where it is none.
std::optional<PositionKey> ParsePositionSegment(std::string_view partner, std::string_view segment);

// A moment of the books: what had happened by the end of `date`, as far as it was known at `known`. Unset is now.
struct AsOf {
  std::optional<Date> date;
  std::optional<absl::Time> known;
  bool now() const { return !date.has_value() && !known.has_value(); }
};

}  // namespace tributary::inventory
