#include "conflict-service/facts/kit_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {

absl::Status KitStore::Put(mysql::Transaction& sql, const std::vector<KitFact>& kits) const {
  for (const KitFact& kit : kits) {
    RETURN_IF_ERROR(sql.Execute("DELETE FROM kit_component WHERE kit = ?", {kit.product}).status());
    mysql::Values rows;
    for (const KitComponent& one : kit.components) {
      rows.insert(rows.end(), {one.kit, one.component, one.effective.start, one.effective.end, one.quantity});
    }
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
    RETURN_IF_ERROR(ForNames(below, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
      ASSIGN_OR_RETURN(
          const mysql::Rows rows,
          sql.Query(StrCat("SELECT kit, component, effective_from, effective_to, quantity FROM kit_component WHERE "
                           "component IN ",
                           in, " ORDER BY kit, component, effective_from"),
                    values));
      for (const mysql::Row& row : rows) {
        components.push_back({.kit = row.Text(0),
                              .component = row.Text(1),
                              .quantity = row.Dec(4),
                              .effective = {row.Day(2), row.Day(3)}});
        if (seen.insert(row.Text(0)).second) level.insert(row.Text(0));
      }
      return absl::OkStatus();
    }));
  }
  return components;
}

absl::StatusOr<std::set<std::string>> KitStore::Below(mysql::Transaction& sql,
                                                      const std::set<std::string>& products) const {
  std::set<std::string> found, level = products;
  while (!level.empty()) {
    const std::set<std::string> above = std::exchange(level, {});
    RETURN_IF_ERROR(ForNames(above, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
      ASSIGN_OR_RETURN(const mysql::Rows rows,
                       sql.Query(StrCat("SELECT DISTINCT component FROM kit_component WHERE kit IN ", in), values));
      for (const mysql::Row& row : rows) {
        if (found.insert(row.Text(0)).second) level.insert(row.Text(0));
      }
      return absl::OkStatus();
    }));
  }
  return found;
}

absl::StatusOr<bool> KitStore::IsKit(mysql::Transaction& sql, const std::string& product, const DateRange& days) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT 1 FROM kit_component WHERE kit = ? AND effective_from < ? AND effective_to > ? LIMIT 1",
                {product, days.end, days.start}));
  return !rows.empty();
}

}  // namespace tributary::conflict
