#include "incentive-service/kits/kit_store.h"

#include <map>
#include <set>
#include <utility>

#include "common/events/payload.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "tributary/inventory/v1/product.pb.h"

namespace tributary::incentive {
namespace {

using tributary::inventory::v1::Component;
using tributary::inventory::v1::Product;

absl::StatusOr<KitComponent> ComponentOf(const std::string& kit, const Component& told) {
  KitComponent component{.kit = kit, .component = told.product()};
  ASSIGN_OR_RETURN(component.quantity, wire::FromProto(told.quantity()));
  ASSIGN_OR_RETURN(component.effective.start, wire::FromProto(told.effective_from()));
  component.effective.end = OpenEnd();
  if (told.has_effective_to()) {
    ASSIGN_OR_RETURN(component.effective.end, wire::FromProto(told.effective_to()));
  }
  return component;
}

}  // namespace

absl::Status KitStore::Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const {
  ASSIGN_OR_RETURN(const std::vector<Product> products, events::PayloadsOf<Product>(batch));
  std::map<std::string, const Product*> last;  // as each was told last
  for (const Product& product : products) last[product.name()] = &product;
  for (const auto& [name, product] : last) {
    RETURN_IF_ERROR(sql.Execute("DELETE FROM kit_component WHERE kit = ?", {name}).status());
    mysql::Values rows;
    for (const Component& told : product->components()) {
      const absl::StatusOr<KitComponent> one = ComponentOf(name, told);
      if (!one.ok()) return AtField(one.status(), "components");
      rows.insert(rows.end(), {name, told.product(), one->effective.start, one->effective.end, one->quantity});
    }
    if (rows.empty()) continue;
    RETURN_IF_ERROR(sql.InsertRows(
        "INSERT INTO kit_component (kit, component, effective_from, effective_to, quantity) VALUES", 5, rows));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<KitComponent>> KitStore::Above(mysql::Transaction& sql, const std::string& product) const {
  std::vector<KitComponent> components;
  std::set<std::string> seen = {product}, level = {product};
  while (!level.empty()) {
    const std::set<std::string> below = std::exchange(level, {});
    for (const std::string& held : below) {
      ASSIGN_OR_RETURN(const mysql::Rows rows,
                       sql.Query("SELECT kit, component, effective_from, effective_to, quantity FROM kit_component "
                                 "WHERE component = ? ORDER BY kit, effective_from",
                                 {held}));
      for (const mysql::Row& row : rows) {
        components.push_back({row.Text(0), row.Text(1), row.Dec(4), {row.Day(2), row.Day(3)}});
        if (seen.insert(row.Text(0)).second) level.insert(row.Text(0));
      }
    }
  }
  return components;
}

}  // namespace tributary::incentive
