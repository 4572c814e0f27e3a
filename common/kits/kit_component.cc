#include "common/kits/kit_component.h"

namespace tributary {
namespace {

// A kit may hold kits, eight levels down; deeper ones are told in the wrong order.
constexpr int kDeepest = 8;

Rational UnitsBelow(const std::vector<KitComponent>& components, const std::string& kit, const std::string& product,
                    Date day, int levels) {
  Rational units;
  if (levels == 0) return units;
  for (const KitComponent& one : components) {
    if (one.kit != kit || !one.effective.Contains(day)) continue;
    const Rational each = one.component == product ? Rational::FromInt(1)
                                                   : UnitsBelow(components, one.component, product, day, levels - 1);
    units = units + Rational(one.quantity) * each;
  }
  return units;
}

}  // namespace

Rational UnitsIn(const std::vector<KitComponent>& components, const std::string& kit, const std::string& product,
                 Date day) {
  return UnitsBelow(components, kit, product, day, kDeepest);
}

}  // namespace tributary
