#pragma once

// The stock ledger: postings move units between places, positions are their sums. Pure values and decisions.

#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/time/date.h"

namespace tributary::inventory {

// A place is a site's id, or one of the boundaries, which have no stock of their own: what leaves the vendor or reaches
// the customer is outside the books. No site has such an id.
inline constexpr std::string_view kVendor = "@vendor";
inline constexpr std::string_view kCustomer = "@customer";
// The site that every partner has.
inline constexpr std::string_view kMainSite = "main";

inline bool IsSite(std::string_view place) { return !place.starts_with('@'); }

// One movement.
struct Posting {
  std::string partner;  // whose sites the places are; empty where both are boundaries
  std::string product;
  std::string from;
  std::string to;
  Decimal quantity;  // negative for a return or a reversal
  Date effective_date;
  std::string cause;  // name of the fact that moved it
};

struct PositionKey {
  std::string partner;
  std::string site;
  std::string product;
  friend auto operator<=>(const PositionKey&, const PositionKey&) = default;
};

// What the postings change on hand, in the order in which the rows are to be locked. A position that is touched is
// named even where the change is zero, so that the set of positions does not depend on how postings are batched.
std::map<PositionKey, Decimal> PositionChanges(absl::Span<const Posting> postings);

// "vendor", "customer", "partners/{partner}/sites/{site}/on_hand".
std::string LocationName(std::string_view partner, std::string_view place);

}  // namespace tributary::inventory
