#pragma once

// Kits: products that consist of others, from a day to a day.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/money/decimal.h"
#include "common/time/date.h"

namespace tributary::inventory {

// So much of another product in one base unit of a kit.
struct Component {
  std::string product;  // id
  Decimal quantity;     // in the component's base unit, more than 0
  DateRange effective;
  friend bool operator==(const Component&, const Component&) = default;
};

// The components of each kit, by the kit's id. A product without components is no key.
using Kits = std::map<std::string, std::vector<Component>, std::less<>>;

// A kit may hold kits, so many levels down.
inline constexpr int kDeepestKit = 8;

// What must hold of the components of `product` by themselves: INVALID_FIELD with all that does not. None is the
// product itself, quantities are more than 0, days have an order, and of one product no two are in force on one day.
absl::Status CheckComponents(std::string_view product, const std::vector<Component>& components);

// INVALID_FIELD of "components" where `kits` go round in a circle or more than kDeepestKit levels down, whatever the
// day.
absl::Status CheckLevels(const Kits& kits);

// What `quantity` base units of a product consist of on `date`: the base units of every product that itself has no
// component on that day, by id. A product that is no kit then is its own part. `kits` holds every kit below the product
// and no circle. NOT_A_MULTIPLE, OVERFLOW: see ExactQuantity.
absl::StatusOr<std::map<std::string, Decimal>> Explode(const Kits& kits, const std::string& product, Decimal quantity,
                                                       Date date);

// What stands in the place of a kit on a line: so much of a product that lies in stock, in its base unit.
struct KitPart {
  std::string product;  // id
  Decimal quantity;
  friend bool operator==(const KitPart&, const KitPart&) = default;
};

// Of what Explode answers those that lie in stock, by product.
std::vector<KitPart> StockedParts(const std::map<std::string, Decimal>& exploded, const std::set<std::string>& stocked);
// The parts of `quantity` of the kit, as `original` of it, which is not 0, consisted of `parts`. NOT_A_MULTIPLE,
// OVERFLOW: see ExactQuantity.
absl::StatusOr<std::vector<KitPart>> PartsInProportion(const std::vector<KitPart>& parts, Decimal original,
                                                       Decimal quantity);

// INVALID_FIELD of `field` where the product is one of `kits`, by what one of each consists of: a kit has no stock of
// its own, so that who would `verb` it has to `verb` its parts.
absl::Status CheckNoKit(std::string_view field, const std::string& product,
                        const std::map<std::string, std::vector<KitPart>>& kits, std::string_view verb);

// How many whole kits so many units of a part are for, where one kit takes `each`, which is more than 0.
Decimal KitsOf(Decimal units, Decimal each);

// One text a list: "bell=1 wheel=2".
std::string PartsText(const std::vector<KitPart>& parts);
std::vector<KitPart> PartsFromText(std::string_view text);

}  // namespace tributary::inventory
