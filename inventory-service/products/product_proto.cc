#include "inventory-service/products/product_proto.h"

#include <utility>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/effective_days.h"

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
  if (!product.base_unit_step.zero()) *out.mutable_base_unit_step() = wire::ToProto(product.base_unit_step);
  out.set_gtin(product.gtin);
  out.set_tracking(static_cast<v1::Product::Tracking>(product.tracking));
  out.set_edition(product.edition);
  out.set_shelf_life_days(product.shelf_life_days);
  for (const StandardCost& cost : product.standard_costs) *out.add_standard_costs() = ToProto(cost);
  for (const Component& component : product.components) {
    v1::Component& added = *out.add_components();
    added.set_product(StrCat("products/", component.product));
    *added.mutable_quantity() = wire::ToProto(component.quantity);
    PutDays(component.effective, &added);
  }
  return out;
}

v1::StandardCost ToProto(const StandardCost& cost) {
  v1::StandardCost out;
  *out.mutable_effective_from() = wire::ToProto(cost.effective_from);
  *out.mutable_cost() = wire::ToProto(cost.cost);
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
  if (product.has_base_unit_step()) {
    out.base_unit_step = fields.Take("base_unit_step", wire::FromProto(product.base_unit_step()));
  }
  out.gtin = product.gtin();
  out.tracking = static_cast<Tracking>(product.tracking());
  out.edition = product.edition();
  out.shelf_life_days = product.shelf_life_days();
  for (int i = 0; i < product.standard_costs_size(); ++i) {
    const v1::StandardCost& cost = product.standard_costs(i);
    const std::string field = StrCat("standard_costs[", i, "].");
    out.standard_costs.push_back({fields.Take(StrCat(field, "effective_from"), wire::FromProto(cost.effective_from())),
                                  fields.Take(StrCat(field, "cost"), wire::FromProto(cost.cost()))});
  }
  for (int i = 0; i < product.components_size(); ++i) {
    const v1::Component& component = product.components(i);
    const std::string field = StrCat("components[", i, "].");
    out.components.push_back({fields.Id(StrCat(field, "product"), component.product(), "products/{product}"),
                              fields.Take(StrCat(field, "quantity"), wire::FromProto(component.quantity())),
                              TakeDays(component, fields, field)});
  }
  RETURN_IF_ERROR(fields.status());
  RETURN_IF_ERROR(CheckForm(out));
  Sort(&out);
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
