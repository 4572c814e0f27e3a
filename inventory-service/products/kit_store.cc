#include "inventory-service/products/kit_store.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/effective_days.h"
#include "inventory-service/facts/in_list.h"
#include "inventory-service/products/product.h"

namespace tributary::inventory {
namespace {

// Of ids in one IN list.
constexpr size_t kAtOnce = 1024;
std::vector<std::string_view> PortionOf(const std::vector<std::string_view>& ids, size_t at) {
  return {ids.begin() + at, ids.begin() + std::min(at + kAtOnce, ids.size())};
}

// The rows of kits whose `column` is one of the ids.
absl::StatusOr<Kits> Select(mysql::Transaction& sql, std::string_view column,
                            const std::vector<std::string_view>& ids) {
  Kits kits;
  for (size_t at = 0; at < ids.size(); at += kAtOnce) {
    mysql::Values values;
    const std::string in = InList(PortionOf(ids, at), &values);
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT product, component, quantity, effective_from, effective_to FROM "
                                      "product_component WHERE ",
                                      column, " IN ", in, " ORDER BY product, component, effective_from"),
                               values));
    for (const mysql::Row& row : rows) {
      kits[row.Text(0)].push_back({row.Text(1), row.Dec(2), ReadDays(row, 3)});
    }
  }
  return kits;
}

std::vector<std::string_view> Views(const std::set<std::string>& ids) { return {ids.begin(), ids.end()}; }

// Adds what is new to `kits`; what it names and was not met before is looked at next.
std::set<std::string> Descend(const Kits& found, Kits* kits, std::set<std::string>* met) {
  std::set<std::string> next;
  for (const auto& [kit, components] : found) {
    for (const Component& component : components) {
      if (met->insert(component.product).second) next.insert(component.product);
    }
    (*kits)[kit] = components;
  }
  return next;
}

// The kits at these levels and below; a statement a level. `met` begins with the products.
absl::StatusOr<Kits> Down(mysql::Transaction& sql, std::set<std::string> level, std::set<std::string>* met) {
  Kits kits;
  while (!level.empty()) {
    ASSIGN_OR_RETURN(const Kits found, Select(sql, "product", Views(level)));
    level = Descend(found, &kits, met);
  }
  return kits;
}

}  // namespace

absl::StatusOr<Kits> KitStore::Of(mysql::Transaction& sql, const std::vector<std::string_view>& products) const {
  return Select(sql, "product", products);
}

absl::StatusOr<Kits> KitStore::Below(mysql::Transaction& sql, const std::set<std::string>& products) const {
  std::set<std::string> met = products;
  return Down(sql, products, &met);
}

absl::Status KitStore::LockWithBelow(mysql::Transaction& sql, const std::set<std::string>& products) const {
  std::set<std::string> locked = products;
  RETURN_IF_ERROR(Down(sql, products, &locked).status());
  // One by one: a list would be read in the order that the server likes.
  for (const std::string& id : locked) {
    RETURN_IF_ERROR(sql.Query("SELECT id FROM product WHERE id = ? FOR UPDATE", {id}).status());
  }
  std::set<std::string> now = products;
  RETURN_IF_ERROR(Down(sql, products, &now).status());
  if (std::includes(locked.begin(), locked.end(), now.begin(), now.end())) return absl::OkStatus();
  return sql.RunAgain("a kit was changed meanwhile");
}

absl::StatusOr<Kits> KitStore::Around(mysql::Transaction& sql, const std::string& product,
                                      const std::vector<Component>& components) const {
  Kits kits;
  std::set<std::string> met = {product};
  std::set<std::string> level = Descend({{product, components}}, &kits, &met);
  while (!level.empty()) {
    ASSIGN_OR_RETURN(const Kits found, Select(sql, "product", Views(level)));
    level = Descend(found, &kits, &met);
  }
  level = met = {product};
  while (!level.empty()) {
    ASSIGN_OR_RETURN(Kits above, Select(sql, "component", Views(level)));
    level.clear();
    for (auto& [kit, ways] : above) {
      if (met.insert(kit).second) level.insert(kit);
      if (kit == product) continue;
      // Only the ways that lead to the product; the kit's others were checked with it.
      std::vector<Component>& known = kits[kit];
      known.insert(known.end(), ways.begin(), ways.end());
    }
  }
  return kits;
}

absl::StatusOr<std::set<std::string>> KitStore::StockedOf(mysql::Transaction& sql,
                                                          const std::vector<std::string_view>& products) const {
  std::set<std::string> stocked;
  for (size_t at = 0; at < products.size(); at += kAtOnce) {
    mysql::Values values;
    const std::string in = InList(PortionOf(products, at), &values);
    values.push_back(static_cast<int>(ProductKind::kStocked));
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT id FROM product WHERE id IN ", in, " AND kind = ?"), values));
    for (const mysql::Row& row : rows) stocked.insert(row.Text(0));
  }
  return stocked;
}

absl::StatusOr<std::map<std::string, std::vector<KitPart>>> KitStore::PartsOn(mysql::Transaction& sql,
                                                                              const std::set<std::string>& products,
                                                                              Date day) const {
  ASSIGN_OR_RETURN(const Kits kits, Below(sql, products));
  std::map<std::string, std::map<std::string, Decimal>> exploded;  // of those that are kits on that day
  std::set<std::string_view> ids;
  for (const std::string& product : products) {
    if (!kits.contains(product)) continue;
    ASSIGN_OR_RETURN(auto units, Explode(kits, product, Decimal::FromInt(1), day));
    if (units.contains(product)) continue;
    const auto& kept = exploded.emplace(product, std::move(units)).first->second;
    for (const auto& [id, quantity] : kept) ids.insert(id);
  }
  ASSIGN_OR_RETURN(const std::set<std::string> stocked, StockedOf(sql, {ids.begin(), ids.end()}));
  std::map<std::string, std::vector<KitPart>> parts;
  for (const auto& [product, units] : exploded) parts.emplace(product, StockedParts(units, stocked));
  return parts;
}

absl::StatusOr<std::map<std::string, std::vector<KitPart>>> KitStore::TakenOn(mysql::Transaction& sql,
                                                                              const std::set<std::string>& products,
                                                                              Date day) const {
  ASSIGN_OR_RETURN(auto taken, PartsOn(sql, products, day));
  if (products.empty()) return taken;
  mysql::Values values;
  const std::string in = InList(Views(products), &values);
  values.push_back(static_cast<int>(ProductKind::kStocked));
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT id FROM product WHERE id IN ", in, " AND kind <> ?"), values));
  for (const mysql::Row& row : rows) taken.try_emplace(row.Text(0));
  return taken;
}

absl::Status KitStore::MarkMoved(mysql::Transaction& sql, const std::set<std::string>& kits) const {
  if (kits.empty()) return absl::OkStatus();
  // Nearly always it is known, and then nobody waits for anybody.
  mysql::Values values;
  const std::string in = InList(Views(kits), &values);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT product FROM moved_kit WHERE product IN ", in), values));
  std::set<std::string> fresh = kits;
  for (const mysql::Row& row : rows) fresh.erase(row.Text(0));
  for (const std::string& kit : fresh) {
    RETURN_IF_ERROR(
        sql.Execute("INSERT INTO moved_kit (product) VALUES (?) ON DUPLICATE KEY UPDATE product = product", {kit}));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> KitStore::EverMoved(mysql::Transaction& sql, std::string_view product) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT 1 FROM moved_kit WHERE product = ?", {product}));
  return !rows.empty();
}

absl::Status KitStore::Replace(mysql::Transaction& sql, const Kits& kits) const {
  if (kits.empty()) return absl::OkStatus();
  std::vector<std::string_view> ids;
  mysql::Values rows;
  for (const auto& [kit, components] : kits) {
    ids.push_back(kit);
    for (const Component& component : components) {
      rows.insert(rows.end(),
                  {kit, component.product, component.effective.start, EndOf(component.effective), component.quantity});
    }
  }
  mysql::Values values;
  const std::string in = InList(ids, &values);
  RETURN_IF_ERROR(sql.Execute(StrCat("DELETE FROM product_component WHERE product IN ", in), values));
  if (rows.empty()) return absl::OkStatus();
  return sql.InsertRows(
      "INSERT INTO product_component (product, component, effective_from, effective_to, quantity) VALUES", 5, rows);
}

}  // namespace tributary::inventory
