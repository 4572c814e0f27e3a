#pragma once

// Prices that were seen, and the least that they may be.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/money.h"
#include "common/time/date.h"
#include "conflict-service/findings/finding.h"

namespace tributary::conflict {

// Somebody offered or sold one base unit of a product at a price. A fact.
struct PriceObservation {
  enum class Kind { kAdvertised = 1, kSold = 2 };
  std::string name;  // priceObservations/{price_observation}
  absl::Time create_time;
  Kind kind = Kind::kAdvertised;
  std::string partner;  // partners/{partner}; empty where the seller is none
  std::string seller;   // as it calls itself; empty of a partner
  std::string product;  // products/{product}
  Money price;          // as stated, not below 0
  std::string region;   // regions/{region}
  std::string place;
  Date date;
  std::optional<absl::Time> time;
  std::string promotion;  // code; empty: none
  std::string evidence;
  std::string evidence_sha256;
  std::optional<absl::Time> withdraw_time;  // unset: it stands
  std::string withdraw_reason;
  // Of a line of a sell-through report, whose name it has and which tells neither place nor promotion: of how many
  // units `price` is, above 0. Unset of what was seen: one.
  std::optional<Decimal> sold_units;
  // partners/{partner}, or 'seller'.
  std::string Who() const;
};
std::string_view NameOf(PriceObservation::Kind kind);  // ADVERTISED

// Whether both say the same of the same; what became of them since is not looked at.
bool SameFact(const PriceObservation& a, const PriceObservation& b);
// In order of time: the day, the moment (one that is not known comes last), the name.
bool Earlier(const PriceObservation& a, const PriceObservation& b);

// Whether so much for so many units is less than `each` for each of them, without a division.
bool PaidLess(Decimal paid, Decimal units, Decimal each);

// 32 hexadecimal digits of SHA-256 over kind, seller, product, region, currency and day.
std::string OfferOf(const PriceObservation& observation);
// Over product, region and currency.
std::string MarketOf(const PriceObservation& observation);

// A lower price that is allowed on some days.
struct PriceException {
  std::string promotion;  // where set, for prices of this promotion alone
  DateRange days;
  Decimal price;
  friend bool operator==(const PriceException&, const PriceException&) = default;
};

struct DepthBand {
  int32_t from_basis_points = 0;
  Severity severity = Severity::kLow;
  friend bool operator==(const DepthBand&, const DepthBand&) = default;
};

// The least price of a product in some regions, in one currency, on some days. A version of it.
struct PriceRule {
  std::string name;  // priceRules/{price_rule}
  int64_t version = 1;
  Uuid uid;
  absl::Time create_time;
  absl::Time update_time;
  std::string product;               // products/{product}
  std::vector<std::string> regions;  // with all that lies in them; empty: everywhere
  std::string currency;
  std::optional<Decimal> floor;       // of any price
  std::optional<Decimal> advertised;  // of an advertised one (MAP)
  DateRange days;
  std::vector<PriceException> exceptions;
  std::vector<DepthBand> bands;  // by depth; empty: kDefaultBands
  bool tax_included = false;     // then sales that partners report, which are without tax, are not judged by it
  int32_t follow_days = 0;       // so many days at most lie between two cuts of a cascade; 0: none is looked for
};
inline constexpr DepthBand kDefaultBands[] = {{0, Severity::kLow}, {500, Severity::kMedium}, {1500, Severity::kHigh}};

// INVALID_FIELD where it says nothing or contradicts itself.
absl::Status Check(const PriceRule& rule);

}  // namespace tributary::conflict
