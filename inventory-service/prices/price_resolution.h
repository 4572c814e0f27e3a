#pragma once

// Which entry gives the price. A pure function of the question and the entries, whatever their order.
//
// An entry applies where it passes all of these, asked in this order:
//   1 it and its list are in use                      else INACTIVE
//   2 its price is in the currency asked for          else OTHER_CURRENCY
//   3 the day lies in [effective_from, effective_to)  else NOT_YET_IN_FORCE or NO_LONGER_IN_FORCE
//   4 to 7 its edition, segment, tier, channel are empty or the ones asked for, the tier one of those
//                                                     else OTHER_EDITION, OTHER_SEGMENT, OTHER_TIER, OTHER_CHANNEL
//   8 the quantity reaches min_quantity               else BELOW_MINIMUM
//
// Among those that apply the most specific wins: one that states the edition before one that does not, then the
// segment, then the tier, then the channel (the thing before the buyer, the smaller group before the larger). Next the
// higher min_quantity, next the later effective_from, last the smaller name. The first of these in which an entry falls
// behind the winner is why it was passed over: LESS_SPECIFIC, LOWER_MINIMUM, OLDER, LATER_NAME.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/time/date.h"
#include "inventory-service/prices/price.h"

namespace tributary::inventory {

// The numbers are those of the wire.
enum class PriceVerdict {
  kWon = 1,
  kInactive = 2,
  kOtherCurrency = 3,
  kNotYetInForce = 4,
  kNoLongerInForce = 5,
  kOtherEdition = 6,
  kOtherSegment = 7,
  kOtherTier = 8,
  kOtherChannel = 9,
  kBelowMinimum = 10,
  kLessSpecific = 11,
  kLowerMinimum = 12,
  kOlder = 13,
  kLaterName = 14,
};

// A tier that a partner has on a day, and what says so.
struct HeldTier {
  std::string tier;        // its name
  std::string assignment;  // the name of the tier assignment; empty where the question states the tier
  DateRange valid;         // the assignment's
};

// A channel, tiers or a segment that are unset are not known, which gives the price of one who has none; empty ones are
// known to be none. A partner has a tier of each program that it is in, and an entry of any of them applies.
struct PriceQuestion {
  std::optional<std::string> channel;
  std::optional<std::vector<HeldTier>> tiers;
  std::optional<std::string> segment;
  std::string edition;
  std::string currency;
  Decimal quantity;  // base units
  Date date;
};

struct PriceCandidate {
  PriceEntry entry;
  bool list_in_use = true;
};

// What became of one candidate, and in words why: "tier: got silver, want gold".
struct PriceOutcome {
  PriceEntry entry;
  PriceVerdict verdict = PriceVerdict::kWon;
  std::string why;
};

struct PriceResolution {
  // The winner first, where there is one; then the others that apply, each before those that it beats; then those that
  // do not apply, by name.
  std::vector<PriceOutcome> outcomes;
  // Null where no entry applies.
  const PriceEntry* winner() const {
    return outcomes.empty() || outcomes.front().verdict != PriceVerdict::kWon ? nullptr : &outcomes.front().entry;
  }
};

PriceResolution ResolvePrice(const PriceQuestion& question, absl::Span<const PriceCandidate> candidates);

// An entry that would give the price, were what is not known as it states: "the tier were gold".
struct ConceivablePrice {
  const PriceEntry* entry = nullptr;
  std::string where;
};
// The first by name of those that `wanted` holds for; unset where there is none.
std::optional<ConceivablePrice> FindConceivable(const PriceQuestion& question,
                                                absl::Span<const PriceCandidate> candidates,
                                                absl::FunctionRef<bool(const PriceEntry&)> wanted);

}  // namespace tributary::inventory
