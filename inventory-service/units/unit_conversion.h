#pragma once

// Units in which a product is ordered, packed and reported, and their exact conversion into its base unit.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"

namespace tributary::inventory {

struct UnitConversion {
  std::string product;  // id
  std::string id;       // by which quantities name the unit: "case"
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  std::string display_name;
  int64_t factor_num = 1;  // base units in factor_den of the unit
  int64_t factor_den = 1;
  bool pack = false;  // whole ones only
  std::string gtin;   // of the pack; empty where it has none

  std::string name() const { return "products/" + product + "/units/" + id; }
};

// What converting needs to know of the product.
struct BaseUnit {
  std::string name;  // "each"
  Decimal step;      // quantities are whole multiples of it; 0: of any size
};

// Those of one product, among the units of several.
absl::Span<const UnitConversion> UnitsIn(const std::map<std::string, std::vector<UnitConversion>>& by_product,
                                         const std::string& product);

// What must hold of a conversion by itself: INVALID_FIELD with all that does not. Its id is not the base unit's name,
// factors are more than 0, the GTIN has its check digit.
absl::Status CheckForm(const UnitConversion& unit, const BaseUnit& base);

// `quantity` of `unit` in base units, exact. `unit` is the base unit's name, empty for the same, or the id of one of
// `units`. In this order:
//   INVALID_FIELD   of "unit": the product has no such unit
//   NOT_A_MULTIPLE  of "quantity": a pack is not whole; the base units have more than six decimals; they are no whole
//                   multiple of the base unit's step
//   OVERFLOW        beyond +-10^20 base units
absl::StatusOr<Decimal> ToBaseUnits(const BaseUnit& base, absl::Span<const UnitConversion> units, Decimal quantity,
                                    std::string_view unit);

// What a command states in base units is a whole multiple of their step: NOT_A_MULTIPLE of "quantity".
absl::Status CheckStep(const BaseUnit& base, Decimal quantity);

// How a line states its quantity: in base units, or in a unit of the product.
struct LineQuantity {
  Decimal quantity;       // in base units; 0 while it is only stated in `unit`
  std::string unit;       // id of the unit; empty where the quantity is stated in base units
  Decimal unit_quantity;  // in `unit`, as it was stated
};
// So many base units a line may have, either way.
inline constexpr int64_t kMostLineUnits = 1000000000;

// The same with its quantity in base units. One that is stated in base units is left as it is, and one in the base
// unit by its name is so stated from then on. Refused as ToBaseUnits does, of "unit" and "unit_quantity"; OVERFLOW of
// "unit_quantity" also beyond kMostLineUnits; INVALID_FIELD of "quantity" where both are stated and are not the same.
absl::StatusOr<LineQuantity> InBaseUnits(const BaseUnit& base, absl::Span<const UnitConversion> units,
                                         LineQuantity stated);

// The least whole number of the unit that holds `quantity` base units, which is not negative: 25 in cases of 12 are 3.
// OVERFLOW beyond 10^20 units.
absl::StatusOr<Decimal> WholeUnitsFor(const UnitConversion& unit, Decimal quantity);

}  // namespace tributary::inventory
