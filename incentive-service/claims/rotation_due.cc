#include <algorithm>
#include <map>
#include <utility>

#include "common/money/money.h"
#include "common/text/text.h"
#include "incentive-service/claims/due.h"

namespace tributary::incentive {
namespace {

// What is left of the limit by the credits of earlier claims.
Rational LimitLeft(const Claim& claim, const StockRotation& rotation, Decimal purchases,
                   const std::vector<OtherLine>& others) {
  Rational left = Rational(purchases) * Rational(rotation.limit_rate);
  for (const OtherLine& other : others) {
    if (other.stock_rotation != rotation.id || !ComesBefore(other, claim)) continue;
    left = left - Rational(FromMinorUnits(other.paid, rotation.currency).value_or(Decimal()));
  }
  return left;
}

// So many of the units as the limit holds at `each`; where not all, whole ones.
Decimal Fitting(Decimal units, const Rational& each, const Rational& limit) {
  if (each.zero() || Rational(units) * each <= limit) return units;
  if (limit.negative()) return Decimal();
  return Decimal::FromInt((limit / each).RoundScaled(0, Rounding::kFloor).convert_to<int64_t>());
}

DueLine DueOfMovement(const ClaimLine& line, const StockRotation& rotation, const RotatedUnits* moved,
                      const FundedUnits& funded, bool decided, const std::vector<ConsumedUnits>& units,
                      ShippedUnits* shipped, Rational* limit) {
  DueLine due;
  const Rational claimed(line.unit_amount);
  const auto deny = [&](DenialReason reason, Decimal quantity) {
    Deny(reason, quantity, Rational(quantity) * claimed, &due);
  };
  const Decimal quantity = decided ? std::min(funded.funded, line.approved_quantity) : funded.funded;
  const bool outside = moved != nullptr && !rotation.window.Contains(moved->date);
  const bool wrong_way = moved != nullptr && !outside && !rotation.Credits(moved->scrapped);
  Decimal rest = outside || wrong_way ? Decimal() : quantity;
  Decimal there, without_price, cheaper, over;
  Rational too_much;
  for (const ConsumedUnits& one : units) {
    there += one.quantity;
    const Decimal wanted = std::min(rest, one.quantity);
    if (wanted.zero()) continue;
    if (!one.unit_price.has_value() || one.currency != rotation.currency) {
      without_price += wanted;
      rest -= wanted;
      continue;
    }
    const Rational each = std::min(claimed, rotation.CreditOf(*one.unit_price));
    const Decimal fitting = Fitting(wanted, each, *limit);
    const Decimal taken = shipped->Take(one.line, fitting);
    AddLayer(one.line, taken, each, &due);
    *limit = *limit - Rational(taken) * each;
    over += wanted - fitting;
    rest -= taken + (wanted - fitting);
    if (each < claimed) {
      cheaper += taken;
      too_much = too_much + Rational(taken) * (claimed - each);
    }
  }
  // Nothing tells where more came from than is known to have left; the others are paid for elsewhere.
  const Decimal untold = std::min(rest, std::max(Decimal(), quantity - there));
  if (outside) deny(DenialReason::kOutsideWindow, quantity);
  deny(DenialReason::kNoLayerCost, without_price + untold);
  Deny(DenialReason::kLayerPrice, cheaper, too_much, &due);
  deny(DenialReason::kUnitsUnknown, funded.unknown);
  deny(DenialReason::kUnitAlreadyFunded, funded.already_funded + rest - untold);
  deny(DenialReason::kOverLimit, over);
  if (wrong_way) deny(DenialReason::kWrongWay, quantity);
  return due;
}

}  // namespace

Due DueOf(const Claim& claim, const StockRotation& rotation, Decimal purchases, const StockBook& book,
          const std::vector<OtherLine>& others, const std::vector<ExclusiveClass>& classes) {
  std::map<std::string, std::map<std::string, Decimal>> approved;  // by movement and line of a shipment
  std::vector<UnitClaim> paid;
  for (const OtherLine& other : others) {
    if (other.kind != claim.kind || !ComesBefore(other, claim)) continue;
    const std::string movement = MovementWithoutGeneration(other.sale);
    paid.push_back(
        {StrCat(other.claim, "/", other.ordinal), std::string(NameOf(other.kind)), movement, other.approved_quantity});
    for (const ApprovedLayer& layer : other.layers) approved[movement][layer.line] += layer.quantity;
  }
  std::vector<UnitClaim> wanted;
  for (const ClaimLine& line : claim.lines) {
    const std::string movement = MovementWithoutGeneration(line.sale);
    wanted.push_back({StrCat(claim.id, "/", movement), std::string(NameOf(claim.kind)), movement, line.quantity});
  }
  const std::vector<FundedUnits> funded = FundUnits(classes, UnitsThatLeft(book), paid, wanted);
  ShippedUnits shipped(claim, book, others, classes);
  Rational limit = LimitLeft(claim, rotation, purchases, others);
  Due due;
  for (size_t i = 0; i < claim.lines.size(); ++i) {
    const std::string& movement = wanted[i].units;
    const auto moved = std::find_if(book.rotated.begin(), book.rotated.end(),
                                    [&](const RotatedUnits& one) { return one.movement == movement; });
    due.lines.push_back(DueOfMovement(claim.lines[i], rotation, moved == book.rotated.end() ? nullptr : &*moved,
                                      funded[i], claim.turn != 0, UnitsLeft(book.history, movement, approved[movement]),
                                      &shipped, &limit));
    due.amount = due.amount + due.lines.back().amount;
  }
  return due;
}

}  // namespace tributary::incentive
