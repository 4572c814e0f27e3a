#include "inventory-service/stock_movements/stock_movement_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/in_list.h"
#include "inventory-service/facts/page_of.h"

namespace tributary::inventory {

void AppendOwn(const StockMovement& movement, mysql::Values* values) {
  values->insert(values->end(), {movement.effective_date, movement.from, movement.to, movement.to_partner,
                                 static_cast<int>(movement.reason), movement.reason_code, movement.note});
}

void ReadOwn(const mysql::Row& row, size_t column, StockMovement* movement) {
  movement->effective_date = row.Day(column);
  movement->from = row.Text(column + 1);
  movement->to = row.Text(column + 2);
  movement->to_partner = row.Text(column + 3);
  movement->reason = static_cast<MovementReason>(row.Int(column + 4));
  movement->reason_code = row.Text(column + 5);
  movement->note = row.Text(column + 6);
}

StockMovementStore::StockMovementStore()
    : table_({.table = "stock_movement",
              .partner_in_key = true,
              .has_serials = true,
              .has_unit = true,
              .has_parts = true,
              .own_columns = "effective_date, from_place, to_place, to_partner, reason, reason_code, note",
              .own_width = 7}) {}

const std::vector<FilterField>& StockMovementStore::Fields() {
  static const auto* const fields = [] {
    std::vector<FilterField::EnumName> reasons;
    for (const MovementReason reason : kMovementReasons) {
      reasons.push_back({std::string(NameOf(reason)), static_cast<int64_t>(reason)});
    }
    return new std::vector<FilterField>{FilterField::Day("effective_date", "effective_date"),
                                        FilterField::String("document", "document"),
                                        FilterField::String("product", "CONCAT('products/', product)"),
                                        FilterField::String("lot", "lot"),
                                        FilterField::Enum("reason", "reason", reasons),
                                        FilterField::String("reason_code", "reason_code")};
  }();
  return *fields;
}

absl::StatusOr<StockMovement> StockMovementStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                      const SaleId& id) const {
  ASSIGN_OR_RETURN(std::vector<StockMovement> found,
                   table_.Select(sql, "WHERE document = ? AND partner = ? AND line = ? AND generation = ?",
                                 {id.document, partner, id.line, id.generation}));
  if (found.empty()) {
    return NotFound(StrCat("partners/", partner, "/movements/", SaleSegment(id.document, id.line, id.generation)));
  }
  return std::move(found.front());
}

absl::StatusOr<std::vector<StockMovement>> StockMovementStore::List(mysql::Transaction& sql, std::string_view partner,
                                                                    std::string_view after_partner, const SaleId& after,
                                                                    const SqlPredicate& filter, int limit) const {
  const PageClauses page = PageOf(partner,
                                  {{"partner", after_partner},
                                   {"document", after.document},
                                   {"line", after.line},
                                   {"generation", after.generation}},
                                  filter, limit);
  return table_.Select(sql, page.sql(), page.values);
}

absl::StatusOr<std::vector<StockMovement>> StockMovementStore::TakenOverBy(
    mysql::Transaction& sql, std::string_view partner, const std::set<std::string>& products) const {
  mysql::Values values = {partner};
  std::string where = "a WHERE to_partner = ? AND posted = 1";
  if (!products.empty()) StrAppend(&where, " AND product IN ", InList({products.begin(), products.end()}, &values));
  return table_.Select(sql, StrCat(where, " AND ", table_.StandsCondition("a")), values);
}

absl::StatusOr<std::set<std::string>> StockMovementStore::KitsTakenOverBy(mysql::Transaction& sql,
                                                                          std::string_view partner) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT DISTINCT product FROM stock_movement WHERE to_partner = ? AND parts IS NOT NULL", {partner}));
  std::set<std::string> kits;
  for (const mysql::Row& row : rows) kits.insert(row.Text(0));
  return kits;
}

absl::StatusOr<std::set<std::string>> StockMovementStore::Receivers(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT DISTINCT to_partner FROM stock_movement WHERE to_partner > ''"));
  std::set<std::string> partners;
  for (const mysql::Row& row : rows) partners.insert(row.Text(0));
  return partners;
}

}  // namespace tributary::inventory
