#include "incentive-service/claims/kit_units.h"

#include <algorithm>
#include <utility>

#include "incentive-service/claims/due.h"
#include "incentive-service/engine/exact.h"

namespace tributary::incentive {
namespace {

Decimal AllOf(const std::vector<ConsumedUnits>& consumed) {
  Decimal units;
  for (const ConsumedUnits& one : consumed) units += one.quantity;
  return units;
}

// By line of a shipment.
using Taken = std::map<std::string, Decimal>;
Taken TakeUnits(const std::vector<ConsumedUnits>& units, Decimal wanted, ShippedUnits* shipped) {
  Taken taken;
  for (const ConsumedUnits& one : units) {
    const Decimal some = shipped->Take(one.line, std::min(one.quantity, wanted));
    wanted -= some;
    if (!some.zero()) taken[one.line] += some;
  }
  return taken;
}

// What so many of `of` kits took, where all took `all`.
Decimal ShareOf(Decimal all, Decimal kits, Decimal of) {
  return ToDecimal(Rational(all) * Rational(kits) / Rational(of), Rounding::kCeiling);
}

}  // namespace

void KitUnits::Add(const Claim& claim, const std::string& product, StockBook book, const std::vector<OtherLine>& others,
                   absl::Span<const ExclusiveClass> classes) {
  ShippedUnits shipped(claim, book, others, classes);
  Part part{.product = product, .book = std::move(book), .approved = {}, .shipped = std::move(shipped)};
  for (const OtherLine& other : others) {
    if (!ComesBefore(other, claim)) continue;
    for (const ApprovedLayer& layer : other.layers) part.approved[other.sale][layer.line] += layer.quantity;
  }
  parts_.push_back(std::move(part));
}

Decimal KitUnits::Take(const CustomerSale& sale, Decimal kits, TakenParts* taken) {
  struct Taking {
    Part* part;
    Decimal all;
    std::vector<ConsumedUnits> units;
  };
  std::vector<Taking> takings;
  Decimal fitting = kits;
  for (Part& part : parts_) {
    const std::string fact = PartOf(sale.fact, part.product);
    const Decimal all = AllOf(ConsumedBy(part.book.history, fact));
    if (all.zero()) continue;
    Taking taking{&part, all, UnitsLeft(part.book.history, fact, part.approved[fact])};
    ShippedUnits look = part.shipped;
    const Decimal wanted = ShareOf(all, kits, sale.quantity);
    Decimal free;
    for (const auto& [line, units] : TakeUnits(taking.units, wanted, &look)) free += units;
    if (free < wanted) {
      const Rational whole = Rational(free) * Rational(sale.quantity) / Rational(all);
      fitting = std::min(fitting, Decimal::FromInt(whole.RoundScaled(0, Rounding::kFloor).convert_to<int64_t>()));
    }
    takings.push_back(std::move(taking));
  }
  for (const Taking& taking : takings) {
    const Decimal wanted = ShareOf(taking.all, fitting, sale.quantity);
    for (const auto& [line, units] : TakeUnits(taking.units, wanted, &taking.part->shipped)) {
      (*taken)[{taking.part->product, line}] += units;
    }
  }
  return fitting;
}

}  // namespace tributary::incentive
