#include "incentive-service/engine/price_protection.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

ProtectionDenial DenialOf(Unprotected reason) {
  switch (reason) {
    case Unprotected::kNotReported:
      return ProtectionDenial::kNotReported;
    case Unprotected::kOutsideLookback:
      return ProtectionDenial::kOutsideLookback;
    case Unprotected::kNoPrice:
      return ProtectionDenial::kNoPrice;
    case Unprotected::kNone:
    case Unprotected::kNotAbove:
    case Unprotected::kNotBelow:
      break;
  }
  return ProtectionDenial::kNotAbove;
}

Rational CreditOfOne(const ExposedUnits& line) { return line.credit / Rational(line.layer.remaining); }

}  // namespace

std::string_view NameOf(ProtectionDenial denial) {
  switch (denial) {
    case ProtectionDenial::kLayerPrice:
      return "LAYER_PRICE";
    case ProtectionDenial::kNotReported:
      return "NOT_REPORTED";
    case ProtectionDenial::kOutsideLookback:
      return "OUTSIDE_LOOKBACK";
    case ProtectionDenial::kNoPrice:
      return "NO_PRICE";
    case ProtectionDenial::kNotAbove:
      return "NOT_ABOVE";
    case ProtectionDenial::kUnexplained:
      return "UNEXPLAINED";
    case ProtectionDenial::kNotOnHand:
      return "NOT_ON_HAND";
  }
  return {};
}

ProtectionDecision DecideProtection(const CutExposure& exposure, const ProtectionClaim& claim) {
  ProtectionDecision decision;
  decision.claimed = claim.per_unit * Rational(claim.units);
  Decimal left = claim.units;
  std::map<ProtectionDenial, DeniedUnits> denied;
  const auto deny = [&](ProtectionDenial reason, Decimal units, const Rational& amount) {
    if (amount.zero()) return;
    DeniedUnits& one = denied.try_emplace(reason, DeniedUnits{reason, {}, {}}).first->second;
    one.units += units;
    one.amount = one.amount + amount;
    decision.denied_amount = decision.denied_amount + amount;
  };
  const auto take = [&](Decimal units) {
    const Decimal taken = std::min(left, units);
    left -= taken;
    return taken;
  };

  std::vector<ExposedUnits> lines = exposure.lines;
  std::stable_sort(lines.begin(), lines.end(),
                   [](const ExposedUnits& a, const ExposedUnits& b) { return CreditOfOne(b) < CreditOfOne(a); });
  for (const ExposedUnits& line : lines) {
    const Decimal units = take(line.layer.remaining);
    if (units.zero()) break;
    if (line.reason != Unprotected::kNone) {
      deny(DenialOf(line.reason), units, claim.per_unit * Rational(units));
      continue;
    }
    const Rational paid = std::min(claim.per_unit, CreditOfOne(line));
    ApprovedUnits approved{.layer = line.layer, .in_transit = line.in_transit, .amount = paid * Rational(units)};
    approved.layer.remaining = units;
    decision.approved_amount = decision.approved_amount + approved.amount;
    decision.approved.push_back(std::move(approved));
    deny(ProtectionDenial::kLayerPrice, units, (claim.per_unit - paid) * Rational(units));
  }
  const Decimal unexplained = take(exposure.unexplained);
  deny(ProtectionDenial::kUnexplained, unexplained, claim.per_unit * Rational(unexplained));
  deny(ProtectionDenial::kNotOnHand, left, claim.per_unit * Rational(left));
  for (auto& [reason, one] : denied) decision.denied.push_back(std::move(one));
  return decision;
}

absl::StatusOr<int64_t> TrueUpOf(const Rational& due, int64_t stated, std::string_view currency, Rounding rounding) {
  ASSIGN_OR_RETURN(const int64_t now, ToMinorUnits(due, currency, rounding));
  int64_t open = 0;
  if (__builtin_sub_overflow(now, stated, &open)) {
    return Error(Reason::kOverflow, StrCat("got ", now, " due and ", stated, " stated, want a difference within 2^63"));
  }
  return open;
}

}  // namespace tributary::incentive
