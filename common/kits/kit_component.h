#pragma once

// What kits consist of, as inventory-service tells it of its products.

#include <string>
#include <vector>

#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/time/date.h"

namespace tributary {

// So much of another product in one base unit of a kit, from a day to a day.
struct KitComponent {
  std::string kit;        // products/{product}
  std::string component;  // products/{product}
  Decimal quantity;       // in the component's base unit, above 0
  DateRange effective;
};

// How many base units of the product one base unit of `kit` holds on the day, through all kits; 0: none. `components`:
// of all kits that hold the product.
Rational UnitsIn(const std::vector<KitComponent>& components, const std::string& kit, const std::string& product,
                 Date day);

}  // namespace tributary
