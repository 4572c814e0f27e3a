#pragma once

// Products and product lines on the wire.

#include "absl/status/statusor.h"
#include "inventory-service/products/product.h"
#include "tributary/inventory/v1/product.pb.h"

namespace tributary::inventory {

v1::ProductLine ToProto(const ProductLine& line);
v1::Product ToProto(const Product& product);
v1::StandardCost ToProto(const StandardCost& cost);

// What is stated of a resource that is to be made; violations name the fields of the resource. `id`: the last segment
// of its name; where empty, that is read from the name.
absl::StatusOr<ProductLine> FromProto(const v1::ProductLine& line);
absl::StatusOr<Product> FromProto(const v1::Product& product, std::string_view id = {});

}  // namespace tributary::inventory
