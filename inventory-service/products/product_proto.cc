#include "inventory-service/products/product_proto.h"

#include <utility>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/field_reader.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kIdForm = "1 to 63 of a-z, 0-9 and '-', not at either end a '-'";

template <typename Wire, typename T>
Wire Common(const T& from) {
  Wire out;
  out.set_name(from.name());
  out.set_uid(from.uid.ToString());
  out.set_etag(EtagOf(from.version));
  *out.mutable_create_time() = wire::ToProto(from.create_time);
  *out.mutable_update_time() = wire::ToProto(from.update_time);
  out.set_state(static_cast<typename Wire::State>(from.state));
  out.set_display_name(from.display_name);
  return out;
}

std::string GivenId(FieldReader& fields, std::string_view name, std::string_view pattern) {
  std::string id = fields.Id("name", name, pattern);
  if (!id.empty() && !IsResourceId(id)) fields.Refuse("name", name, StrCat(pattern, " with ", kIdForm));
  return id;
}

}  // namespace

v1::ProductLine ToProto(const ProductLine& line) { return Common<v1::ProductLine>(line); }

v1::Product ToProto(const Product& product) {
  v1::Product out = Common<v1::Product>(product);
  out.set_sku(product.sku);
  out.set_kind(static_cast<v1::Product::Kind>(product.kind));
  if (!product.product_line.empty()) out.set_product_line(StrCat("productLines/", product.product_line));
  out.set_base_unit(product.base_unit);
  return out;
}

absl::StatusOr<ProductLine> FromProto(const v1::ProductLine& line) {
  FieldReader fields;
  ProductLine out;
  out.id = GivenId(fields, line.name(), "productLines/{product_line}");
  out.display_name = line.display_name();
  RETURN_IF_ERROR(fields.status());
  return out;
}

absl::StatusOr<Product> FromProto(const v1::Product& product, std::string_view id) {
  FieldReader fields;
  Product out;
  out.id = id.empty() ? GivenId(fields, product.name(), "products/{product}") : std::string(id);
  out.sku = product.sku();
  out.display_name = product.display_name();
  out.kind = static_cast<ProductKind>(product.kind());
  if (!product.product_line().empty()) {
    out.product_line = fields.Id("product_line", product.product_line(), "productLines/{product_line}");
  }
  out.base_unit = product.base_unit();
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
