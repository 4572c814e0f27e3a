#pragma once

// Products and product lines: values and decisions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/status/status.h"

namespace tributary::inventory {

// Whether a product or product line is in use. One that an undone import brought is INACTIVE: facts may no longer name
// it, and its id may be given again. The numbers are stored and are those of the wire.
enum class LifeState { kActive = 1, kInactive = 2 };

// What kind of thing a product is; only STOCKED moves stock. The numbers are stored and are those of the wire.
enum class ProductKind { kStocked = 1, kSubscription = 2, kService = 3 };

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
  std::optional<Uuid> import_id;

  std::string name() const { return "products/" + id; }
};

// The first field in which what is stated differs from what is known; nothing where both are the same.
std::optional<FieldViolation> FirstDifference(const ProductLine& known, const ProductLine& stated);
std::optional<FieldViolation> FirstDifference(const Product& known, const Product& stated);

// `stated` as it is stored: new, or in the place of `known`, which is INACTIVE. A resource that comes back keeps its
// uid.
template <typename T>
T Admit(const T* known, T stated, absl::Time now) {
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

}  // namespace tributary::inventory
