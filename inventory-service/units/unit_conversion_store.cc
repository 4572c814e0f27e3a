#include "inventory-service/units/unit_conversion_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/in_list.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kSelect =
    "SELECT product, id, uid, version, create_time, update_time, display_name, factor_num, factor_den, pack, gtin "
    "FROM unit_conversion ";

absl::StatusOr<std::vector<UnitConversion>> Select(mysql::Transaction& sql, std::string_view tail,
                                                   const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, tail), values));
  std::vector<UnitConversion> units;
  units.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    units.push_back({.product = row.Text(0),
                     .id = row.Text(1),
                     .uid = row.Id(2),
                     .version = row.Int(3),
                     .create_time = row.Instant(4),
                     .update_time = row.Instant(5),
                     .display_name = row.Text(6),
                     .factor_num = row.Int(7),
                     .factor_den = row.Int(8),
                     .pack = row.Bool(9),
                     .gtin = row.Text(10)});
  }
  return units;
}

absl::StatusOr<UnitConversion> GetOne(mysql::Transaction& sql, std::string_view product, std::string_view id,
                                      std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<UnitConversion> found,
                   Select(sql, StrCat("WHERE product = ? AND id = ?", lock), {product, id}));
  if (found.empty()) return NotFound(StrCat("products/", product, "/units/", id));
  return std::move(found.front());
}

}  // namespace

const std::vector<FilterField>& UnitConversionStore::Fields() {
  static const auto& fields =
      *new std::vector<FilterField>{FilterField::Boolean("pack", "pack"), FilterField::String("gtin", "gtin")};
  return fields;
}

absl::StatusOr<UnitConversion> UnitConversionStore::Get(mysql::Transaction& sql, std::string_view product,
                                                        std::string_view id) const {
  return GetOne(sql, product, id, "");
}

absl::StatusOr<UnitConversion> UnitConversionStore::GetForUpdate(mysql::Transaction& sql, std::string_view product,
                                                                 std::string_view id) const {
  return GetOne(sql, product, id, " FOR UPDATE");
}

absl::Status UnitConversionStore::Insert(mysql::Transaction& sql, const UnitConversion& unit) const {
  ASSIGN_OR_RETURN(const bool fresh,
                   sql.TryInsert("INSERT INTO unit_conversion (product, id, uid, version, create_time, update_time, "
                                 "display_name, factor_num, factor_den, pack, gtin) "
                                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                 {unit.product, unit.id, unit.uid, unit.version, unit.create_time, unit.update_time,
                                  unit.display_name, unit.factor_num, unit.factor_den, unit.pack, unit.gtin}));
  return fresh ? absl::OkStatus() : AlreadyExists(unit.name());
}

absl::Status UnitConversionStore::Update(mysql::Transaction& sql, const UnitConversion& unit) const {
  return sql
      .Execute(
          "UPDATE unit_conversion SET version = ?, update_time = ?, display_name = ?, factor_num = ?, "
          "factor_den = ?, pack = ?, gtin = ? WHERE product = ? AND id = ?",
          {unit.version, unit.update_time, unit.display_name, unit.factor_num, unit.factor_den, unit.pack, unit.gtin,
           unit.product, unit.id})
      .status();
}

absl::Status UnitConversionStore::Delete(mysql::Transaction& sql, const UnitConversion& unit) const {
  return sql.Execute("DELETE FROM unit_conversion WHERE product = ? AND id = ?", {unit.product, unit.id}).status();
}

absl::StatusOr<std::vector<UnitConversion>> UnitConversionStore::List(mysql::Transaction& sql, std::string_view product,
                                                                      std::string_view after,
                                                                      const SqlPredicate& filter, int limit) const {
  mysql::Values values = {product, after};
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.push_back(limit);
  return Select(sql, StrCat("WHERE product = ? AND id > ? AND (", filter.sql(), ") ORDER BY id LIMIT ?"), values);
}

absl::StatusOr<std::map<std::string, std::vector<UnitConversion>>> UnitConversionStore::Of(
    mysql::Transaction& sql, const std::vector<std::string_view>& products) const {
  std::map<std::string, std::vector<UnitConversion>> by_product;
  if (products.empty()) return by_product;
  mysql::Values values;
  const std::string in = InList(products, &values);
  ASSIGN_OR_RETURN(std::vector<UnitConversion> units,
                   Select(sql, StrCat("WHERE product IN ", in, " ORDER BY product, id"), values));
  for (UnitConversion& unit : units) {
    std::vector<UnitConversion>& of_product = by_product[unit.product];
    of_product.push_back(std::move(unit));
  }
  return by_product;
}

}  // namespace tributary::inventory
