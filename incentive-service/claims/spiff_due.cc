#include <algorithm>
#include <map>
#include <utility>

#include "common/text/text.h"
#include "incentive-service/claims/due.h"
#include "incentive-service/claims/kit_units.h"

namespace tributary::incentive {
namespace {

DueLine DueOfSpiff(const ClaimLine& line, const Spiff& spiff, const CustomerSale* sale, const FundedUnits& funded,
                   bool decided, const std::vector<ConsumedUnits>& units, ShippedUnits* shipped, KitUnits* kits) {
  DueLine due;
  const Rational claimed(line.unit_amount);
  const auto deny = [&](DenialReason reason, Decimal quantity, const Rational& each) {
    Deny(reason, quantity, Rational(quantity) * each, &due);
  };
  const Rational reward = std::min(claimed, Rational(spiff.reward));
  Decimal excluded;
  if (sale != nullptr && !spiff.window.Contains(sale->date)) {
    deny(DenialReason::kOutsideWindow, funded.funded, claimed);
  } else {
    const Decimal wanted = decided ? std::min(funded.funded, line.approved_quantity) : funded.funded;
    const Decimal quantity = sale != nullptr && kits != nullptr ? kits->Take(*sale, wanted, &due.parts) : wanted;
    excluded = wanted - quantity + AddUnits(units, quantity, reward, shipped, &due);
  }
  deny(DenialReason::kUnitsUnknown, funded.unknown, claimed);
  deny(DenialReason::kUnitAlreadyFunded, funded.already_funded + excluded, claimed);
  deny(DenialReason::kAboveReward, due.quantity, claimed - reward);
  return due;
}

}  // namespace

Due DueOf(const Claim& claim, const Spiff& spiff, const StockBook& book, const std::vector<OtherLine>& others,
          const std::vector<ExclusiveClass>& classes, KitUnits* kits) {
  std::map<std::string, std::map<std::string, Decimal>> approved;  // by sale and line of a shipment
  std::vector<UnitClaim> paid;
  for (const OtherLine& other : others) {
    if (!ComesBefore(other, claim) || !Exclude(classes, claim.kind, other.kind)) continue;
    paid.push_back({StrCat(other.claim, "/", other.ordinal, "/", other.sale), std::string(NameOf(other.kind)),
                    other.sale, other.approved_quantity});
    for (const ApprovedLayer& layer : other.layers) approved[other.sale][layer.line] += layer.quantity;
  }
  std::vector<UnitClaim> wanted;
  for (const ClaimLine& line : claim.lines) {
    wanted.push_back({StrCat(claim.id, "/", line.sale), std::string(NameOf(claim.kind)), line.sale, line.quantity});
  }
  const std::vector<FundedUnits> funded = FundUnits(classes, UnitsThatLeft(book), paid, wanted);
  ShippedUnits shipped(claim, book, others, classes);
  Due due;
  for (size_t i = 0; i < claim.lines.size(); ++i) {
    const ClaimLine& line = claim.lines[i];
    const auto sale = std::find_if(book.sales.begin(), book.sales.end(),
                                   [&](const CustomerSale& one) { return one.fact == line.sale; });
    due.lines.push_back(DueOfSpiff(line, spiff, sale == book.sales.end() ? nullptr : &*sale, funded[i], claim.turn != 0,
                                   UnitsLeft(book.history, line.sale, approved[line.sale]), &shipped, kits));
    due.amount = due.amount + due.lines.back().amount;
  }
  return due;
}

}  // namespace tributary::incentive
