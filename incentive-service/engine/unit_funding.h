#pragma once

// One unit funds at most the declared set of incentives (SEMANTICS R14).
//
// Incentives that may not be paid for one and the same unit form an exclusive class; each incentive is one with itself,
// so none is paid twice for a unit. A serial number is one unit. Where units have no serials, those of a line (of an
// invoice, of what was sold in) are told apart by number only: what a class is paid for of them never exceeds the
// line's units.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"

namespace tributary::incentive {

// Names of incentives of which one at most is paid for a unit.
using ExclusiveClass = std::vector<std::string>;

// Units that were paid for, or are claimed.
struct UnitClaim {
  std::string fact;       // of the claim's line
  std::string incentive;  // name of the program
  std::string units;      // name of the serial, or of the line
  Decimal quantity;       // 1 of a serial
};

enum class UnitRefusal {
  kUnitsUnknown = 1,       // there are not so many units
  kUnitAlreadyFunded = 2,  // another claim of the class was paid for them
};
std::string_view NameOf(UnitRefusal refusal);

struct FundedUnits {
  std::string fact;
  Decimal funded;
  Decimal unknown;         // refused: UNITS_UNKNOWN
  Decimal already_funded;  // refused: UNIT_ALREADY_FUNDED
};

// What of `claims` may be paid, one after another in their order, after those that were paid before. `sold`: units by
// name, 1 of a serial. A claim whose fact was paid before is what was paid then: telling it again has no effect.
std::vector<FundedUnits> FundUnits(absl::Span<const ExclusiveClass> classes, const std::map<std::string, Decimal>& sold,
                                   absl::Span<const UnitClaim> paid, absl::Span<const UnitClaim> claims);

}  // namespace tributary::incentive
