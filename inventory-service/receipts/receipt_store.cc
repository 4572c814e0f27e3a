#include "inventory-service/receipts/receipt_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/page_of.h"

namespace tributary::inventory {
namespace {

// A reversal takes back the statement before it: what is left counts the lines that stand.
constexpr std::string_view kStanding = "SUM(CASE WHEN MOD(generation, 2) = 1 THEN -1 ELSE 1 END)";

// What was shipped and what came of it, a row a fact. Reversals are negative, so that sums need not leave anything out.
constexpr std::string_view kTold =
    "(SELECT partner, document, line, product, ship_date, quantity AS shipped, 0 AS received, 0 AS lost "
    "FROM shipment_line WHERE awaits_receipt = 1 UNION ALL "
    "SELECT partner, shipment_document, shipment_line, product, NULL, 0, "
    "CASE is_lost WHEN 0 THEN quantity ELSE 0 END, CASE is_lost WHEN 0 THEN 0 ELSE quantity END FROM receipt_line) "
    "told";
constexpr std::string_view kSums =
    "partner, document, line, product, MIN(ship_date), SUM(shipped), SUM(received), SUM(lost)";

Transit Read(const mysql::Row& row) {
  Transit transit{.partner = row.Text(0),
                  .document = row.Text(1),
                  .line = static_cast<int>(row.Int(2)),
                  .product = row.Text(3),
                  .shipped = row.Dec(5),
                  .received = row.Dec(6),
                  .lost = row.Dec(7)};
  if (!row.IsNull(4)) transit.ship_date = row.Day(4);
  return transit;
}

absl::StatusOr<std::vector<Transit>> SelectTransits(mysql::Transaction& sql, std::string_view tail,
                                                    const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT ", kSums, " FROM ", kTold, " ", tail), values));
  std::vector<Transit> transits;
  for (const mysql::Row& row : rows) transits.push_back(Read(row));
  return transits;
}

}  // namespace

void AppendOwn(const ReceiptLine& line, mysql::Values* values) {
  values->insert(values->end(), {line.receive_date, line.site, line.shipment_document, line.shipment_line, line.lost});
}

void ReadOwn(const mysql::Row& row, size_t column, ReceiptLine* line) {
  line->receive_date = row.Day(column);
  line->site = row.Text(column + 1);
  line->shipment_document = row.Text(column + 2);
  line->shipment_line = static_cast<int>(row.Int(column + 3));
  line->lost = row.Bool(column + 4);
}

ReceiptStore::ReceiptStore()
    : table_({.table = "receipt_line",
              .partner_in_key = true,
              .has_serials = true,
              .has_unit = true,
              .has_parts = true,
              .own_columns = "receive_date, site, shipment_document, shipment_line, is_lost",
              .own_width = 5}) {}

const std::vector<FilterField>& ReceiptStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Day("receive_date", "receive_date"), FilterField::String("document", "document"),
      FilterField::String("product", "CONCAT('products/', product)"), FilterField::Boolean("lost", "is_lost")};
  return fields;
}

absl::StatusOr<Receipt> ReceiptStore::Get(mysql::Transaction& sql, std::string_view partner,
                                          std::string_view document) const {
  ASSIGN_OR_RETURN(
      const std::vector<ReceiptLine> facts,
      table_.Select(sql, "WHERE document = ? AND partner = ? ORDER BY line, generation", {document, partner}));
  Receipt receipt{.partner = std::string(partner), .document = std::string(document)};
  for (size_t i = 0; i < facts.size(); ++i) {
    const ReceiptLine& fact = facts[i];
    if (i == 0 || fact.recorded_at < receipt.create_time) receipt.create_time = fact.recorded_at;
    if (i == 0 || fact.recorded_at > receipt.update_time) receipt.update_time = fact.recorded_at;
    const bool last = i + 1 == facts.size() || facts[i + 1].line != fact.line;
    if (last && !IsReversal(fact.generation)) receipt.lines.push_back(fact);
  }
  if (receipt.lines.empty()) return NotFound(ReceiptName(partner, document));
  return receipt;
}

absl::StatusOr<std::vector<Receipt>> ReceiptStore::List(mysql::Transaction& sql, std::string_view partner,
                                                        std::string_view after_partner, std::string_view after_document,
                                                        const SqlPredicate& filter, int limit) const {
  const PageClauses page = PageOf(partner, {{"partner", after_partner}, {"document", after_document}}, filter, limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT partner, document FROM receipt_line ", page.where,
                                    " GROUP BY partner, document HAVING ", kStanding, " > 0", page.order),
                             page.values));
  std::vector<Receipt> receipts;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(Receipt receipt, Get(sql, row.Bytes(0), row.Bytes(1)));
    receipts.push_back(std::move(receipt));
  }
  return receipts;
}

absl::StatusOr<std::vector<Transit>> ReceiptStore::TransitsOf(mysql::Transaction& sql, std::string_view partner,
                                                              std::string_view shipment, int line) const {
  return SelectTransits(sql,
                        "WHERE partner = ? AND document = ? AND line = ? GROUP BY partner, document, line, product",
                        {partner, shipment, line});
}

absl::StatusOr<std::vector<Transit>> ReceiptStore::ListOpen(mysql::Transaction& sql, std::string_view partner,
                                                            const Transit& after, int limit) const {
  mysql::Values values = {after.partner, after.partner, after.document, after.document,
                          after.line,    after.line,    after.product};
  std::string where =
      "WHERE (partner > ? OR (partner = ? AND (document > ? OR (document = ? AND (line > ? OR (line = ? AND "
      "product > ?))))))";
  if (!partner.empty()) {
    where += " AND partner = ?";
    values.push_back(partner);
  }
  values.push_back(limit);
  return SelectTransits(sql,
                        StrCat(where,
                               " GROUP BY partner, document, line, product HAVING SUM(shipped) <> SUM(received) + "
                               "SUM(lost) ORDER BY partner, document, line, product LIMIT ?"),
                        values);
}

}  // namespace tributary::inventory
