#include "inventory-service/products/product_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/in_list.h"
#include "inventory-service/products/kit_store.h"

namespace tributary::inventory {
namespace {

// What differs between the two tables. The columns that both have come first, their own ones after them.
template <typename T>
struct Table;

template <>
struct Table<ProductLine> {
  static constexpr std::string_view kName = "product_line";
  static constexpr std::string_view kCollection = "productLines/";
  static constexpr std::string_view kColumns =
      "id, uid, version, create_time, update_time, state, display_name, import_id";
  static constexpr size_t kWidth = 8;
  static void ReadOwn(const mysql::Row&, ProductLine*) {}
  static void AppendOwn(const ProductLine&, mysql::Values*) {}
  static absl::Status ReadParts(mysql::Transaction&, std::vector<ProductLine>*) { return absl::OkStatus(); }
  static absl::Status WriteParts(mysql::Transaction&, absl::Span<const ProductLine>, bool) { return absl::OkStatus(); }
  static constexpr std::string_view kReplaced = "";
};

template <>
struct Table<Product> {
  static constexpr std::string_view kName = "product";
  static constexpr std::string_view kCollection = "products/";
  static constexpr std::string_view kColumns =
      "id, uid, version, create_time, update_time, state, display_name, import_id, sku, kind, product_line, base_unit, "
      "base_unit_step, gtin, tracking, edition, shelf_life_days";
  static constexpr size_t kWidth = 17;
  static void ReadOwn(const mysql::Row& row, Product* out) {
    out->sku = row.Text(8);
    out->kind = static_cast<ProductKind>(row.Int(9));
    out->product_line = row.Text(10);
    out->base_unit = row.Text(11);
    out->base_unit_step = row.Dec(12);
    out->gtin = row.Text(13);
    out->tracking = static_cast<Tracking>(row.Int(14));
    out->edition = row.Text(15);
    out->shelf_life_days = static_cast<int>(row.Int(16));
  }
  static void AppendOwn(const Product& product, mysql::Values* values) {
    values->insert(values->end(), {product.sku, static_cast<int>(product.kind), product.product_line, product.base_unit,
                                   product.base_unit_step, product.gtin, static_cast<int>(product.tracking),
                                   product.edition, product.shelf_life_days});
  }
  static absl::Status ReadParts(mysql::Transaction& sql, std::vector<Product>* products);
  // `anew`: what was there before goes.
  static absl::Status WriteParts(mysql::Transaction& sql, absl::Span<const Product> products, bool anew);
  static constexpr std::string_view kReplaced =
      ", sku = VALUES(sku), kind = VALUES(kind), product_line = VALUES(product_line), base_unit = VALUES(base_unit), "
      "base_unit_step = VALUES(base_unit_step), gtin = VALUES(gtin), tracking = VALUES(tracking), "
      "edition = VALUES(edition), shelf_life_days = VALUES(shelf_life_days)";
};

// Their standard costs and components.
absl::Status Table<Product>::ReadParts(mysql::Transaction& sql, std::vector<Product>* products) {
  if (products->empty()) return absl::OkStatus();
  std::map<std::string_view, Product*> by_id;
  std::vector<std::string_view> ids;
  for (Product& product : *products) {
    by_id.emplace(product.id, &product);
    ids.push_back(product.id);
  }
  mysql::Values values;
  const std::string in = InList(ids, &values);
  ASSIGN_OR_RETURN(const mysql::Rows costs,
                   sql.Query(StrCat("SELECT product, effective_from, currency, cost FROM product_standard_cost "
                                    "WHERE product IN ",
                                    in, " ORDER BY product, effective_from"),
                             values));
  for (const mysql::Row& row : costs) {
    by_id.at(row.Bytes(0))->standard_costs.push_back({row.Day(1), {row.Text(2), row.Dec(3)}});
  }
  ASSIGN_OR_RETURN(Kits kits, KitStore().Of(sql, ids));
  for (auto& [kit, components] : kits) by_id.at(kit)->components = std::move(components);
  return absl::OkStatus();
}

absl::Status Table<Product>::WriteParts(mysql::Transaction& sql, absl::Span<const Product> products, bool anew) {
  Kits kits;
  mysql::Values costs;
  std::vector<std::string_view> ids;
  for (const Product& product : products) {
    ids.push_back(product.id);
    if (anew || !product.components.empty()) kits[product.id] = product.components;
    for (const StandardCost& cost : product.standard_costs) {
      costs.insert(costs.end(), {product.id, cost.effective_from, cost.cost.currency, cost.cost.amount});
    }
  }
  if (anew && !ids.empty()) {
    mysql::Values values;
    const std::string in = InList(ids, &values);
    RETURN_IF_ERROR(sql.Execute(StrCat("DELETE FROM product_standard_cost WHERE product IN ", in), values));
  }
  if (!costs.empty()) {
    RETURN_IF_ERROR(
        sql.InsertRows("INSERT INTO product_standard_cost (product, effective_from, currency, cost) VALUES", 4, costs));
  }
  return KitStore().Replace(sql, kits);
}

template <typename T>
T Read(const mysql::Row& row) {
  T out;
  out.id = row.Text(0);
  out.uid = row.Id(1);
  out.version = row.Int(2);
  out.create_time = row.Instant(3);
  out.update_time = row.Instant(4);
  out.state = static_cast<LifeState>(row.Int(5));
  out.display_name = row.Text(6);
  if (!row.IsNull(7)) out.import_id = row.Id(7);
  Table<T>::ReadOwn(row, &out);
  return out;
}

template <typename T>
absl::StatusOr<std::vector<T>> Select(mysql::Transaction& sql, std::string_view tail, const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", Table<T>::kColumns, " FROM ", Table<T>::kName, " ", tail), values));
  std::vector<T> found;
  found.reserve(rows.size());
  for (const mysql::Row& row : rows) found.push_back(Read<T>(row));
  RETURN_IF_ERROR(Table<T>::ReadParts(sql, &found));
  return found;
}

template <typename T>
mysql::Values RowsOf(absl::Span<const T> resources) {
  mysql::Values values;
  values.reserve(resources.size() * Table<T>::kWidth);
  for (const T& one : resources) {
    values.insert(values.end(), {one.id, one.uid, one.version, one.create_time, one.update_time,
                                 static_cast<int>(one.state), one.display_name, mysql::Value(one.import_id)});
    Table<T>::AppendOwn(one, &values);
  }
  return values;
}

template <typename T>
std::string InsertHead() {
  return StrCat("INSERT INTO ", Table<T>::kName, " (", Table<T>::kColumns, ") VALUES");
}

FilterField StateField() { return FilterField::Enum("state", "state", {{"ACTIVE", 1}, {"INACTIVE", 2}}); }

}  // namespace

template <typename T>
absl::StatusOr<T> ResourceStore<T>::Get(mysql::Transaction& sql, std::string_view id) const {
  ASSIGN_OR_RETURN(std::vector<T> found, Select<T>(sql, "WHERE id = ?", {id}));
  if (found.empty()) return NotFound(StrCat(Table<T>::kCollection, id));
  return std::move(found.front());
}

template <typename T>
absl::StatusOr<std::map<std::string, T>> ResourceStore<T>::FindForUpdate(
    mysql::Transaction& sql, const std::vector<std::string_view>& ids) const {
  std::map<std::string, T> by_id;
  if (ids.empty()) return by_id;
  mysql::Values values;
  const std::string in = InList(ids, &values);
  ASSIGN_OR_RETURN(std::vector<T> found, Select<T>(sql, StrCat("WHERE id IN ", in, " ORDER BY id FOR UPDATE"), values));
  for (T& one : found) by_id.emplace(one.id, std::move(one));
  return by_id;
}

template <typename T>
absl::StatusOr<bool> ResourceStore<T>::Insert(mysql::Transaction& sql, absl::Span<const T> fresh) const {
  ASSIGN_OR_RETURN(const bool inserted, sql.TryInsertRows(InsertHead<T>(), Table<T>::kWidth, RowsOf(fresh)));
  if (inserted) RETURN_IF_ERROR(Table<T>::WriteParts(sql, fresh, /*anew=*/false));
  return inserted;
}

template <typename T>
absl::Status ResourceStore<T>::Replace(mysql::Transaction& sql, absl::Span<const T> changed) const {
  RETURN_IF_ERROR(
      sql.InsertRows(InsertHead<T>(), Table<T>::kWidth, RowsOf(changed),
                     StrCat("ON DUPLICATE KEY UPDATE version = VALUES(version), update_time = VALUES(update_time), "
                            "state = VALUES(state), display_name = VALUES(display_name), "
                            "import_id = VALUES(import_id)",
                            Table<T>::kReplaced)));
  return Table<T>::WriteParts(sql, changed, /*anew=*/true);
}

template <typename T>
absl::StatusOr<std::vector<T>> ResourceStore<T>::OfImportForUpdate(mysql::Transaction& sql, const Uuid& import_id,
                                                                   int limit) const {
  return Select<T>(sql, "WHERE import_id = ? AND state = ? ORDER BY id LIMIT ? FOR UPDATE",
                   {import_id, static_cast<int>(LifeState::kActive), limit});
}

template <typename T>
absl::StatusOr<std::vector<T>> ResourceStore<T>::List(mysql::Transaction& sql, std::string_view after,
                                                      bool show_deleted, const SqlPredicate& filter, int limit) const {
  mysql::Values values = {after};
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.push_back(limit);
  return Select<T>(
      sql,
      StrCat("WHERE id > ?", show_deleted ? "" : " AND state = 1", " AND (", filter.sql(), ") ORDER BY id LIMIT ?"),
      values);
}

template <>
const std::vector<FilterField>& ResourceStore<ProductLine>::Fields() {
  static const auto& fields =
      *new std::vector<FilterField>{FilterField::String("display_name", "display_name"), StateField()};
  return fields;
}

template <>
const std::vector<FilterField>& ResourceStore<Product>::Fields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::String("sku", "sku"),
      FilterField::String("gtin", "gtin"),
      FilterField::Enum("tracking", "tracking", {{"NONE", 1}, {"LOT", 2}, {"SERIAL", 3}}),
      FilterField::String("edition", "edition"),
      FilterField::Enum("kind", "kind", {{"STOCKED", 1}, {"SUBSCRIPTION", 2}, {"SERVICE", 3}}),
      FilterField::String("product_line", "CONCAT('productLines/', NULLIF(product_line, ''))"),
      StateField()};
  return fields;
}

template class ResourceStore<Product>;
template class ResourceStore<ProductLine>;

absl::StatusOr<std::map<std::string, ProductReference>> FindProducts(mysql::Transaction& sql,
                                                                     const std::vector<std::string_view>& ids) {
  std::map<std::string, ProductReference> found;
  if (ids.empty()) return found;
  mysql::Values values;
  const std::string in = InList(ids, &values);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT id, kind, product_line, base_unit, base_unit_step, tracking, edition, "
                       "EXISTS (SELECT 1 FROM product_component c WHERE c.product = product.id) FROM product "
                       "WHERE id IN ",
                       in, " AND state = 1"),
                values));
  for (const mysql::Row& row : rows) {
    found.emplace(row.Text(0), ProductReference{static_cast<ProductKind>(row.Int(1)),
                                                row.Text(2),
                                                {row.Text(3), row.Dec(4)},
                                                static_cast<Tracking>(row.Int(5)),
                                                row.Text(6),
                                                row.Bool(7)});
  }
  return found;
}

absl::StatusOr<std::map<std::string, bool>> FindProductLines(mysql::Transaction& sql,
                                                             const std::vector<std::string_view>& ids) {
  std::map<std::string, bool> found;
  if (ids.empty()) return found;
  mysql::Values values;
  const std::string in = InList(ids, &values);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT id FROM product_line WHERE id IN ", in, " AND state = 1"), values));
  for (const mysql::Row& row : rows) found.emplace(row.Text(0), true);
  return found;
}

}  // namespace tributary::inventory
