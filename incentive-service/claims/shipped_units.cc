#include "incentive-service/claims/shipped_units.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tributary::incentive {
namespace {

using UnitsByLine = std::map<std::string, Decimal>;

UnitsByLine Shipped(const LayerHistory& history) {
  UnitsByLine units;
  for (const LayerArrival& one : history.arrivals) units[one.line] += one.quantity;
  for (const LayerTransit& one : history.transits) units[one.line] += std::max(Decimal(), one.quantity);
  return units;
}

std::vector<const OtherLine*> Earlier(const Claim& claim, const std::vector<OtherLine>& others) {
  std::vector<const OtherLine*> earlier;
  for (const OtherLine& other : others) {
    if (ComesBefore(other, claim)) earlier.push_back(&other);
  }
  std::sort(earlier.begin(), earlier.end(), [](const OtherLine* a, const OtherLine* b) {
    return std::tie(a->turn, a->claim, a->ordinal) < std::tie(b->turn, b->claim, b->ordinal);
  });
  return earlier;
}

// What was approved before of lines of shipments, by kind.
std::map<ClaimKind, UnitsByLine> FundedBefore(const Claim& claim, const StockBook& book,
                                              const std::vector<OtherLine>& others) {
  std::map<ClaimKind, UnitsByLine> funded;
  std::map<std::string, UnitsByLine> by_change;
  const std::map<std::string, Decimal> standing = UnitsThatLeft(book);
  std::map<std::pair<ClaimKind, std::string>, Decimal> open;  // of the units that left with a fact
  for (const OtherLine* other : Earlier(claim, others)) {
    if (other->kind == ClaimKind::kPriceProtection) {
      if (claim.kind == other->kind && claim.price_change != other->price_change) continue;
      for (const ApprovedLayer& layer : other->layers) by_change[other->price_change][layer.line] += layer.quantity;
      continue;
    }
    const std::string fact = MovementWithoutGeneration(other->sale);
    const auto known = standing.find(fact);
    Decimal& left =
        open.try_emplace({other->kind, fact}, known == standing.end() ? Decimal() : known->second).first->second;
    for (const ApprovedLayer& layer : other->layers) {
      const Decimal units = std::min(left, layer.quantity);
      left -= units;
      funded[other->kind][layer.line] += units;
    }
  }
  for (const auto& [change, lines] : by_change) {
    for (const auto& [line, units] : lines) {
      Decimal& most = funded[ClaimKind::kPriceProtection][line];
      most = std::max(most, units);
    }
  }
  return funded;
}

}  // namespace

ShippedUnits::ShippedUnits(const Claim& claim, const StockBook& book, const std::vector<OtherLine>& others,
                           absl::Span<const ExclusiveClass> classes) {
  const auto has = [](const ExclusiveClass& one, ClaimKind kind) {
    return std::find(one.begin(), one.end(), NameOf(kind)) != one.end();
  };
  std::map<ClaimKind, UnitsByLine> funded;
  for (const ExclusiveClass& one : classes) {
    if (!has(one, claim.kind)) continue;
    if (left_.empty()) funded = FundedBefore(claim, book, others);
    UnitsByLine left = Shipped(book.history);
    for (const auto& [kind, lines] : funded) {
      if (!has(one, kind)) continue;
      for (const auto& [line, units] : lines) left[line] -= units;
    }
    left_.push_back(std::move(left));
  }
}

Decimal ShippedUnits::Take(const std::string& line, Decimal units) {
  if (line.empty()) return units;
  for (UnitsByLine& left : left_) units = std::min(units, std::max(Decimal(), left[line]));
  for (UnitsByLine& left : left_) left[line] -= units;
  return units;
}

}  // namespace tributary::incentive
