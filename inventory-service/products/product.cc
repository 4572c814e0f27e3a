#include "inventory-service/products/product.h"

#include "inventory-service/facts/fact.h"

namespace tributary::inventory {

std::optional<FieldViolation> FirstDifference(const ProductLine& known, const ProductLine& stated) {
  return Differs("display_name", known.display_name, stated.display_name);
}

std::optional<FieldViolation> FirstDifference(const Product& known, const Product& stated) {
  if (auto d = Differs("sku", known.sku, stated.sku)) return d;
  if (auto d = Differs("display_name", known.display_name, stated.display_name)) return d;
  if (auto d = Differs("kind", NameOf(known.kind), NameOf(stated.kind))) return d;
  if (auto d = Differs("product_line", known.product_line, stated.product_line)) return d;
  return Differs("base_unit", known.base_unit, stated.base_unit);
}

std::string_view NameOf(ProductKind kind) {
  switch (kind) {
    case ProductKind::kStocked:
      return "STOCKED";
    case ProductKind::kSubscription:
      return "SUBSCRIPTION";
    case ProductKind::kService:
      return "SERVICE";
  }
  return "KIND_UNSPECIFIED";
}

}  // namespace tributary::inventory
