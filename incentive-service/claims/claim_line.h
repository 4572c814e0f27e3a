#pragma once

// What claims on partners' stock consist of: units that are claimed for, what is paid for them, what is not and why.
// Amounts are minor units of the claim's currency.

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "common/money/decimal.h"

namespace tributary::incentive {

// The numbers are stored and are those of the wire: DebitRefusal, ProtectionDenial and UnitRefusal of the engine, one
// behind the other, then those of other kinds.
enum class DenialReason : int {
  kWrongCustomer = 1,
  kOutsideWindow = 2,
  kAfterClaimDeadline = 3,
  kNoLayerCost = 4,
  kNotAboveApprovedCost = 5,
  kOverAuthorizedQuantity = 6,
  kLayerPrice = 7,  // the units cost, or lost, less than is claimed for each
  kNotReported = 8,
  kOutsideLookback = 9,
  kNoPrice = 10,
  kNotAbove = 11,
  kUnexplained = 12,
  kNotOnHand = 13,
  kUnitsUnknown = 14,
  kUnitAlreadyFunded = 15,
  kAboveReward = 16,
  kOverLimit = 17,
  kWrongWay = 18,
};

struct ClaimDenial {
  DenialReason reason = DenialReason::kUnitsUnknown;
  Decimal quantity;
  int64_t amount = 0;
  friend bool operator==(const ClaimDenial&, const ClaimDenial&) = default;
};

// Units of a line of a shipment, named without "partners/{partner}/".
struct ApprovedLayer {
  std::string line;
  bool in_transit = false;
  Decimal quantity;
  int64_t amount = 0;
  friend bool operator==(const ApprovedLayer&, const ApprovedLayer&) = default;
};

// Units of parts of kits, by product, products/{product}, and by line of a shipment, as that of a layer.
using TakenParts = std::map<std::pair<std::string, std::string>, Decimal>;

// amount = approved + the denials' amounts, once it is decided.
struct ClaimLine {
  std::string
      sale;  // or of a stock rotation the movement; name without "partners/{partner}/"; empty against a price change
  Decimal quantity;
  Decimal unit_amount;
  int64_t amount = 0;
  Decimal approved_quantity;
  int64_t approved = 0;
  std::vector<ApprovedLayer> layers;  // against a price change
  std::vector<ClaimDenial> denials;   // a reason once
  TakenParts parts;                   // of kits; where the claim has just been approved
};

struct ClaimTrueUp {
  int64_t amount = 0;  // below 0: taken back
  int64_t due = 0;     // of the whole claim by then
  std::string principal;
  absl::Time create_time;
};

}  // namespace tributary::incentive
