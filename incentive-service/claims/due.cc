#include "incentive-service/claims/due.h"

#include <algorithm>
#include <utility>

namespace tributary::incentive {

bool Exclude(absl::Span<const ExclusiveClass> classes, ClaimKind a, ClaimKind b) {
  const auto among = [](const ExclusiveClass& one, ClaimKind kind) {
    return std::find(one.begin(), one.end(), NameOf(kind)) != one.end();
  };
  return a == b || std::any_of(classes.begin(), classes.end(),
                               [&](const ExclusiveClass& one) { return among(one, a) && among(one, b); });
}

void Deny(DenialReason reason, Decimal quantity, const Rational& amount, DueLine* line) {
  if (!amount.zero()) line->denials.push_back({reason, quantity, amount});
}

std::vector<ConsumedUnits> UnitsLeft(const LayerHistory& history, std::string_view fact,
                                     std::map<std::string, Decimal> approved) {
  std::vector<ConsumedUnits> left;
  for (ConsumedUnits& units : ConsumedBy(history, fact)) {
    Decimal& gone = approved[units.line];
    const Decimal taken = std::min(gone, units.quantity);
    gone -= taken;
    units.quantity -= taken;
    if (!units.quantity.zero()) left.push_back(std::move(units));
  }
  return left;
}

Decimal AddUnits(const std::vector<ConsumedUnits>& units, Decimal quantity, const Rational& each, ShippedUnits* shipped,
                 DueLine* due) {
  Decimal there;
  Decimal left = quantity;
  for (const ConsumedUnits& one : units) {
    there += one.quantity;
    const Decimal taken = shipped->Take(one.line, std::min(one.quantity, left));
    left -= taken;
    AddLayer(one.line, taken, each, due);
  }
  const Decimal untold = std::min(left, std::max(Decimal(), quantity - there));
  AddLayer("", untold, each, due);
  return left - untold;
}

void AddLayer(const std::string& line, Decimal quantity, const Rational& each, DueLine* due) {
  if (quantity.zero()) return;
  const Rational amount = Rational(quantity) * each;
  due->quantity += quantity;
  due->amount = due->amount + amount;
  due->layers.push_back({.line = line, .quantity = quantity, .amount = amount});
}

}  // namespace tributary::incentive
