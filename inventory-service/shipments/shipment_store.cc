#include "inventory-service/shipments/shipment_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/in_list.h"
#include "inventory-service/facts/page_of.h"

namespace tributary::inventory {
namespace {

// A reversal takes back the statement before it: what is left counts the lines that stand.
constexpr std::string_view kStanding = "SUM(CASE WHEN MOD(generation, 2) = 1 THEN -1 ELSE 1 END)";

}  // namespace

void AppendOwn(const ShipmentLine& line, mysql::Values* values) {
  values->insert(values->end(),
                 {line.order_date, line.ship_date, line.currency, line.unit_price, line.discount, line.net_amount,
                  line.original_line, line.order, line.order_line, line.site, line.awaits_receipt, line.wallet_amount});
}

void ReadOwn(const mysql::Row& row, size_t column, ShipmentLine* line) {
  line->order_date = row.Day(column);
  line->ship_date = row.Day(column + 1);
  line->currency = row.Text(column + 2);
  line->unit_price = row.Dec(column + 3);
  line->discount = row.Dec(column + 4);
  line->net_amount = row.Dec(column + 5);
  line->original_line = row.Text(column + 6);
  line->order = row.Text(column + 7);
  line->order_line = static_cast<int>(row.Int(column + 8));
  line->site = row.Text(column + 9);
  line->awaits_receipt = row.Bool(column + 10);
  line->wallet_amount = row.Dec(column + 11);
}

ShipmentStore::ShipmentStore()
    : table_({.table = "shipment_line",
              .has_serials = true,
              .has_unit = true,
              .has_parts = true,
              .own_columns =
                  "order_date, ship_date, currency, unit_price, discount, net_amount, original_line, order_id, "
                  "order_line, site, awaits_receipt, wallet_amount",
              .own_width = 12}) {}

const std::vector<FilterField>& ShipmentStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{FilterField::Day("ship_date", "ship_date"),
                                                            FilterField::Day("order_date", "order_date"),
                                                            FilterField::String("document", "document")};
  return fields;
}

absl::StatusOr<Shipment> ShipmentStore::Get(mysql::Transaction& sql, std::string_view partner,
                                            std::string_view document) const {
  ASSIGN_OR_RETURN(
      const std::vector<ShipmentLine> facts,
      table_.Select(sql, "WHERE document = ? AND partner = ? ORDER BY line, generation", {document, partner}));
  Shipment shipment{.partner = std::string(partner), .document = std::string(document)};
  for (size_t i = 0; i < facts.size(); ++i) {
    const ShipmentLine& fact = facts[i];
    if (i == 0 || fact.recorded_at < shipment.create_time) shipment.create_time = fact.recorded_at;
    if (i == 0 || fact.recorded_at > shipment.update_time) shipment.update_time = fact.recorded_at;
    const bool last = i + 1 == facts.size() || facts[i + 1].line != fact.line;
    if (last && !IsReversal(fact.generation)) shipment.lines.push_back(fact);
  }
  if (shipment.lines.empty()) return NotFound(ShipmentName(partner, document));
  return shipment;
}

absl::StatusOr<std::vector<Shipment>> ShipmentStore::List(mysql::Transaction& sql, std::string_view partner,
                                                          std::string_view after_partner,
                                                          std::string_view after_document, const SqlPredicate& filter,
                                                          int limit) const {
  const PageClauses page = PageOf(partner, {{"partner", after_partner}, {"document", after_document}}, filter, limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT partner, document FROM shipment_line ", page.where,
                                    " GROUP BY partner, document HAVING ", kStanding, " > 0", page.order),
                             page.values));
  std::vector<Shipment> shipments;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(Shipment shipment, Get(sql, row.Bytes(0), row.Bytes(1)));
    shipments.push_back(std::move(shipment));
  }
  return shipments;
}

absl::StatusOr<SellInTotals> ShipmentStore::Totals(mysql::Transaction& sql, std::string_view partner) const {
  // Reversals are negative, so sums need not leave anything out. The first branch adds up by currency, the second one
  // counts.
  const std::string where = partner.empty() ? "" : "WHERE partner = ? ";
  const mysql::Values values = partner.empty() ? mysql::Values{} : mysql::Values{partner, partner};
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT currency, SUM(quantity), SUM(net_amount), CAST(", kStanding,
                                    " AS SIGNED), 0, 0 FROM shipment_line ", where,
                                    "GROUP BY currency UNION ALL "
                                    "SELECT '', 0, 0, 0, COUNT(DISTINCT partner), COUNT(DISTINCT document) FROM "
                                    "(SELECT partner, document FROM shipment_line ",
                                    where, "GROUP BY partner, document HAVING ", kStanding, " > 0) documents"),
                             values));
  SellInTotals totals;
  for (const mysql::Row& row : rows) {
    totals.units += row.Dec(1);
    totals.lines += row.Int(3);
    totals.partners += row.Int(4);
    totals.documents += row.Int(5);
    if (row.Int(3) > 0) totals.net_amounts[row.Text(0)] = row.Dec(2);
  }
  return totals;
}

}  // namespace tributary::inventory
