#include "incentive-service/engine/free_goods.h"

#include "common/text/text.h"

namespace tributary::incentive {
namespace {

Decimal BundleOf(const FreeGoodsTerms& terms) {
  return terms.kind == FreeGoodsKind::kExclusive ? terms.paid_units : terms.paid_units + terms.free_units;
}

absl::int128 BundlesIn(const FreeGoodsTerms& terms, Decimal quantity) {
  return quantity.negative() ? absl::int128(0) : quantity.micros() / BundleOf(terms).micros();
}

}  // namespace

std::vector<FieldViolation> CheckFreeGoods(const FreeGoodsTerms& terms, std::string_view field) {
  std::vector<FieldViolation> violations;
  if (!(Decimal() < terms.paid_units))
    violations.push_back({StrCat(field, ".paid_units"), terms.paid_units.ToString(), "more than 0"});
  if (!(Decimal() < terms.free_units))
    violations.push_back({StrCat(field, ".free_units"), terms.free_units.ToString(), "more than 0"});
  return violations;
}

void AddGoods(const GoodsUnits& added, int sign, GoodsUnits* goods) {
  AddUnits(added.paid, sign, &goods->paid);
  goods->given += sign > 0 ? added.given : -added.given;
}

GoodsWork WorkOutGoods(const FreeGoodsTerms& terms, const GoodsUnits& goods) {
  GoodsWork work{.given = goods.given};
  for (const auto& [order, quantity] : goods.paid) {
    work.paid += quantity;
    work.due += Decimal::FromMicros(BundlesIn(terms, quantity) * terms.free_units.micros());
  }
  return work;
}

Decimal NextGoodsFrom(const FreeGoodsTerms& terms, Decimal paid) {
  return Decimal::FromMicros((BundlesIn(terms, paid) + 1) * BundleOf(terms).micros());
}

}  // namespace tributary::incentive
