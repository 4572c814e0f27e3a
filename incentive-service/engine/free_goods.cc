#include "incentive-service/engine/free_goods.h"

#include <map>
#include <utility>

#include "common/text/text.h"
#include "incentive-service/engine/fact_set.h"

namespace tributary::incentive {
namespace {

Decimal DueOf(const FreeGoodsTerms& terms, Decimal quantity) {
  if (quantity.negative()) return {};
  const Decimal bundle = terms.kind == FreeGoodsKind::kExclusive ? terms.per : terms.per + terms.free;
  return Decimal::FromMicros(quantity.micros() / bundle.micros() * terms.free.micros());
}

}  // namespace

std::vector<FieldViolation> CheckFreeGoods(const FreeGoodsTerms& terms, std::string_view field) {
  std::vector<FieldViolation> violations;
  if (!(Decimal() < terms.per)) violations.push_back({StrCat(field, ".per"), terms.per.ToString(), "more than 0"});
  if (!(Decimal() < terms.free)) violations.push_back({StrCat(field, ".free"), terms.free.ToString(), "more than 0"});
  return violations;
}

std::vector<FreeGoods> FreeGoodsOf(const FreeGoodsTerms& terms, std::vector<FreeGoodsLine> lines) {
  std::map<std::string, FreeGoods> by_order;
  for (const FreeGoodsLine& line : ByDate(std::move(lines))) {
    const std::string order = terms.scope == FreeGoodsScope::kOrder ? line.order : "";
    FreeGoods& goods = by_order[order];
    goods.order = order;
    goods.quantity += line.quantity;
    const Decimal due = DueOf(terms, goods.quantity);
    if (due != goods.due) goods.awards.push_back({line.fact, due - goods.due});
    goods.due = due;
  }
  std::vector<FreeGoods> goods;
  for (auto& [order, one] : by_order) goods.push_back(std::move(one));
  return goods;
}

}  // namespace tributary::incentive
