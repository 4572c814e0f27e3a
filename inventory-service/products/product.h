#pragma once

// Products and product lines: values and decisions. Kits are in kit.h.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/money/money.h"
#include "common/status/status.h"
#include "common/time/date.h"
#include "inventory-service/products/kit.h"
#include "inventory-service/units/unit_conversion.h"

namespace tributary::inventory {

// Whether a product or product line is in use. One that an undone import brought is INACTIVE: facts may no longer name
// it, and its id may be given again. The numbers are stored and are those of the wire.
enum class LifeState { kActive = 1, kInactive = 2 };

// What kind of thing a product is; only STOCKED moves stock. The numbers are stored and are those of the wire.
enum class ProductKind { kStocked = 1, kSubscription = 2, kService = 3 };

// How units of a product are told apart. Unset in what a row states: it says nothing of it. The numbers are stored and
// are those of the wire.
enum class Tracking { kUnset = 0, kNone = 1, kLot = 2, kSerial = 3 };

// What one base unit costs the vendor from a day on, until the next.
struct StandardCost {
  Date effective_from;
  Money cost;
  friend bool operator==(const StandardCost&, const StandardCost&) = default;
};

struct ProductLine {
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  LifeState state = LifeState::kActive;
  std::string display_name;
  std::optional<Uuid> import_id;

  std::string name() const { return "productLines/" + id; }
};

struct Product {
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  LifeState state = LifeState::kActive;
  std::string sku;
  std::string display_name;
  ProductKind kind = ProductKind::kStocked;
  std::string product_line;  // id; empty where it belongs to none
  std::string base_unit;
  Decimal base_unit_step;  // quantities are whole multiples of it; 0: of any size
  std::string gtin;        // empty where it has none
  Tracking tracking = Tracking::kUnset;
  std::string edition;                       // empty where it has none
  int shelf_life_days = 0;                   // 0: it keeps
  std::vector<StandardCost> standard_costs;  // by day
  std::vector<Component> components;         // by product and day
  std::optional<Uuid> import_id;

  std::string name() const { return "products/" + id; }
  BaseUnit unit() const { return {base_unit, base_unit_step}; }
};

// What must hold of a product by itself: INVALID_FIELD with all that does not. The GTIN has its check digit, no two
// standard costs begin on one day, and of the components what CheckComponents says.
absl::Status CheckForm(const Product& product);

// Puts costs and components into their order.
void Sort(Product* product);

// What a base unit costs on the day; null before the first cost. `costs` are in order.
const StandardCost* CostAsOf(const std::vector<StandardCost>& costs, Date date);

// `known` with the content of `stated`. STATE_CONFLICT where it is out of use; IN_USE where `posted`, which says
// whether stock of it was ever posted, of a kit that of its parts, and kind, tracking or base unit would change.
absl::StatusOr<Product> Change(const Product& known, const Product& stated, bool posted, absl::Time now);

// The first field in which what is stated differs from what is known; nothing where both are the same. Of a product,
// rows need not state more than sku, name, kind, line and base unit: what they leave unset is not compared.
std::optional<FieldViolation> FirstDifference(const ProductLine& known, const ProductLine& stated);
std::optional<FieldViolation> FirstDifference(const Product& known, const Product& stated);

// Gives what was not stated its default.
inline void Complete(ProductLine*) {}
inline void Complete(Product* product) {
  if (product->tracking == Tracking::kUnset) product->tracking = Tracking::kNone;
}

// `stated` as it is stored: new, or in the place of `known`, which is INACTIVE. A resource that comes back keeps its
// uid.
template <typename T>
T Admit(const T* known, T stated, absl::Time now) {
  Complete(&stated);
  stated.state = LifeState::kActive;
  stated.update_time = now;
  stated.create_time = known == nullptr ? now : known->create_time;
  stated.version = known == nullptr ? 1 : known->version + 1;
  stated.uid = known == nullptr ? Uuid::New(now) : known->uid;
  return stated;
}

// Taken out of use by an undone import.
template <typename T>
T Deactivate(T known, absl::Time now) {
  known.state = LifeState::kInactive;
  known.update_time = now;
  ++known.version;
  return known;
}

std::string_view NameOf(ProductKind kind);
std::string_view NameOf(Tracking tracking);

}  // namespace tributary::inventory
