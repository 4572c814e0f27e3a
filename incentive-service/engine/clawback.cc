#include "incentive-service/engine/clawback.h"

#include <algorithm>

#include "common/money/money.h"
#include "common/money/rational.h"
#include "common/status/status.h"

namespace tributary::incentive {

absl::StatusOr<int64_t> StaysStated(const ClawbackCap& cap, int64_t most, std::string_view currency,
                                    Rounding rounding) {
  ASSIGN_OR_RETURN(const Decimal stated, FromMinorUnits(most, currency));
  Rational stays;
  if (cap.amount.has_value()) stays = std::max(stays, Rational(stated) - Rational(*cap.amount));
  if (cap.share.has_value()) stays = std::max(stays, Rational(stated) * (Rational::FromInt(1) - Rational(*cap.share)));
  return ToMinorUnits(stays, currency, rounding);
}

}  // namespace tributary::incentive
