#pragma once

// What a partner gets for its stock when a price falls, and what of its claim is denied and why (SEMANTICS R14).
//
// common/price_layers says what a change of price costs: of the units that the books and the partner's report both
// have, and of those on their way, layer by layer. Here a claim is held against that. Nothing of it depends on when a
// fact became known: deciding the claim again on all facts gives what is due, and the difference to what was stated is
// the true-up. Of a rise of price that the agreement makes the partner pay (LayerProtection::reverse) there is no
// claim; the exposure's credit is below zero and is trued up likewise.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/price_layers/price_layer.h"

namespace tributary::incentive {

// So many units at so much each. Both above zero.
struct ProtectionClaim {
  Decimal units;
  Rational per_unit;
};

// Why a part of a claim is denied.
enum class ProtectionDenial {
  kLayerPrice = 1,       // the units lost less than was claimed for each
  kNotReported = 2,      // the books have them, the partner's report does not
  kOutsideLookback = 3,  // shipped too long ago
  kNoPrice = 4,          // nothing tells what was paid for them, or in another currency
  kNotAbove = 5,         // they cost no more than the new price
  kUnexplained = 6,      // reported, and the books do not have them
  kNotOnHand = 7,        // neither reported nor in the books
};
std::string_view NameOf(ProtectionDenial denial);

// Units of one layer, and what is paid for them.
struct ApprovedUnits {
  PriceLayer layer;  // `remaining`: the units that are meant
  bool in_transit = false;
  Rational amount;
};
struct DeniedUnits {
  ProtectionDenial reason;
  Decimal units;
  Rational amount;  // of what was claimed
};

struct ProtectionDecision {
  std::vector<ApprovedUnits> approved;
  std::vector<DeniedUnits> denied;  // in the order of the reasons, one each at most
  Rational claimed;                 // approved_amount + denied_amount, exactly
  Rational approved_amount;
  Rational denied_amount;
};

// What is claimed goes first to the units that lost most, then to older ones, then to those that are not protected,
// then to what is unexplained; never more is paid for a unit than it lost, nor than was claimed for it.
ProtectionDecision DecideProtection(const CutExposure& exposure, const ProtectionClaim& claim);

// What is still to be paid, in minor units; below zero where too much was stated. INVALID_FIELD for an unknown
// currency, OVERFLOW where an amount does not fit.
absl::StatusOr<int64_t> TrueUpOf(const Rational& due, int64_t stated, std::string_view currency, Rounding rounding);

}  // namespace tributary::incentive
