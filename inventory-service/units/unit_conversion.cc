#include "inventory-service/units/unit_conversion.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/money/rational.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/products/gtin.h"
#include "inventory-service/units/quantity.h"

namespace tributary::inventory {
namespace {

Rational FactorOf(const UnitConversion& unit) {
  return {Rational::Integer(unit.factor_num), Rational::Integer(unit.factor_den)};
}

absl::Status NotAMultiple(Decimal quantity, std::string_view want) {
  const FieldViolation violation = {"quantity", quantity.ToString(), std::string(want)};
  return WithDetail(InfoOf(Reason::kNotAMultiple).code, StrCat("quantity: got ", violation.got, ", want ", want),
                    {.reason = Reason::kNotAMultiple, .violations = {violation}});
}

std::string WholeStepsOf(const BaseUnit& base) {
  return StrCat("a whole multiple of ", base.step.ToString(), " ", base.name);
}

}  // namespace

absl::Span<const UnitConversion> UnitsIn(const std::map<std::string, std::vector<UnitConversion>>& by_product,
                                         const std::string& product) {
  const auto found = by_product.find(product);
  return found == by_product.end() ? absl::Span<const UnitConversion>() : absl::MakeConstSpan(found->second);
}

absl::Status CheckForm(const UnitConversion& unit, const BaseUnit& base) {
  std::vector<FieldViolation> violations;
  if (unit.id == base.name) {
    violations.push_back({"name", unit.name(), StrCat("a unit other than the base unit, ", base.name)});
  }
  if (unit.factor_num <= 0) violations.push_back({"factor_num", StrCat(unit.factor_num), "1 or more"});
  if (unit.factor_den <= 0) violations.push_back({"factor_den", StrCat(unit.factor_den), "1 or more"});
  if (!unit.gtin.empty() && !IsGtin(unit.gtin)) {
    violations.push_back({"gtin", Printable(unit.gtin), "8, 12, 13 or 14 digits, the last one their check digit"});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

absl::StatusOr<Decimal> ToBaseUnits(const BaseUnit& base, absl::Span<const UnitConversion> units, Decimal quantity,
                                    std::string_view unit) {
  Rational exact(quantity);
  if (!unit.empty() && unit != base.name) {
    const auto found =
        std::find_if(units.begin(), units.end(), [unit](const UnitConversion& one) { return one.id == unit; });
    if (found == units.end()) {
      std::vector<std::string> known = {base.name};
      for (const UnitConversion& one : units) known.push_back(one.id);
      return InvalidField("unit", unit, StrCat("one of ", StrJoin(known, ", ")));
    }
    if (found->pack && quantity.scale() > 0) return NotAMultiple(quantity, StrCat("a whole number of ", unit));
    exact = exact * FactorOf(*found);
  }
  auto in_base = ExactQuantity(exact);
  if (!in_base.ok()) {
    if (ReasonOf(in_base.status()) != Reason::kNotAMultiple) return in_base.status();
    return NotAMultiple(quantity, StrCat("a quantity of ", unit, " that is a number of ", base.name,
                                         " with at most six decimals; it is ", exact.ToString()));
  }
  if (!IsMultipleOf(*in_base, base.step)) {
    const std::string want = WholeStepsOf(base);
    return NotAMultiple(quantity, *in_base == quantity ? want : StrCat(want, "; it is ", in_base->ToString()));
  }
  return in_base;
}

absl::Status CheckStep(const BaseUnit& base, Decimal quantity) {
  return IsMultipleOf(quantity, base.step) ? absl::OkStatus() : NotAMultiple(quantity, WholeStepsOf(base));
}

absl::StatusOr<LineQuantity> InBaseUnits(const BaseUnit& base, absl::Span<const UnitConversion> units,
                                         LineQuantity stated) {
  if (stated.unit.empty()) return stated;
  const auto refused = [&](Reason reason, std::string_view field, Decimal got, std::string_view want) {
    const FieldViolation violation = {std::string(field), got.ToString(), std::string(want)};
    return WithDetail(InfoOf(reason).code, StrCat(field, ": got ", violation.got, ", want ", want),
                      {.reason = reason, .violations = {violation}});
  };
  const auto in_base = ToBaseUnits(base, units, stated.unit_quantity, stated.unit);
  const std::string most = StrCat("at most ", kMostLineUnits, " ", base.name);
  if (!in_base.ok()) {
    const Reason reason = ReasonOf(in_base.status());
    if (reason == Reason::kOverflow) return refused(reason, "unit_quantity", stated.unit_quantity, most);
    if (reason != Reason::kNotAMultiple) return in_base.status();
    return refused(reason, "unit_quantity", stated.unit_quantity, DetailOf(in_base.status()).violations.front().want);
  }
  if (Decimal::FromInt(kMostLineUnits) < Abs(*in_base)) {
    return refused(Reason::kOverflow, "unit_quantity", stated.unit_quantity,
                   StrCat(most, "; it is ", in_base->ToString()));
  }
  if (!stated.quantity.zero() && stated.quantity != *in_base) {
    return refused(Reason::kInvalidField, "quantity", stated.quantity,
                   StrCat(in_base->ToString(), ", which ", stated.unit_quantity.ToString(), " ", stated.unit, " are"));
  }
  stated.quantity = *in_base;
  if (stated.unit == base.name) {
    stated.unit.clear();
    stated.unit_quantity = Decimal();
  }
  return stated;
}

absl::StatusOr<Decimal> WholeUnitsFor(const UnitConversion& unit, Decimal quantity) {
  const Rational::Integer whole = (Rational(quantity) / FactorOf(unit)).RoundScaled(0, Rounding::kCeiling);
  return ExactQuantity(Rational(whole, Rational::Integer(1)));
}

}  // namespace tributary::inventory
