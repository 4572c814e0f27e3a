#include "incentive-service/engine/kinds/free_goods.h"

#include "common/text/text.h"

namespace tributary::incentive {

std::vector<FieldViolation> CheckFreeGoods(const FreeGoods& terms, std::string_view field) {
  std::vector<FieldViolation> violations;
  if (terms.per <= Decimal()) violations.push_back({StrCat(field, ".per"), terms.per.ToString(), "more than 0"});
  if (terms.free <= Decimal()) violations.push_back({StrCat(field, ".free"), terms.free.ToString(), "more than 0"});
  if (terms.inclusive && terms.free >= terms.per) {
    violations.push_back({StrCat(field, ".free"), terms.free.ToString(),
                          StrCat("less than ", terms.per.ToString(), ", of which they are part")});
  }
  return violations;
}

Decimal FreeUnits(const FreeGoods& terms, Decimal units) {
  if (units <= Decimal()) return Decimal();
  return Decimal::FromMicros(units.micros() / terms.per.micros() * terms.free.micros());
}

}  // namespace tributary::incentive
