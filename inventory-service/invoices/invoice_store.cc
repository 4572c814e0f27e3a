#include "inventory-service/invoices/invoice_store.h"

#include "common/text/text.h"

namespace tributary::inventory {

void AppendOwn(const InvoiceLine& line, mysql::Values* values) {
  values->insert(values->end(), {line.head.date, line.head.due_date, line.head.currency, line.head.tax_document_number,
                                 line.net_amount, line.tax_amount, line.gross_amount, line.order, line.order_line});
}

void ReadOwn(const mysql::Row& row, size_t column, InvoiceLine* line) {
  line->head.date = row.Day(column);
  line->head.due_date = row.Day(column + 1);
  line->head.currency = row.Text(column + 2);
  line->head.tax_document_number = row.Text(column + 3);
  line->net_amount = row.Dec(column + 4);
  line->tax_amount = row.Dec(column + 5);
  line->gross_amount = row.Dec(column + 6);
  line->order = row.Text(column + 7);
  line->order_line = static_cast<int>(row.Int(column + 8));
}

InvoiceStore::InvoiceStore()
    : table_({.table = "invoice_line",
              .partner_in_key = true,
              .has_unit = true,
              .own_columns = "document_date, due_date, currency, tax_document_number, net_amount, tax_amount, "
                             "gross_amount, order_id, order_line",
              .own_width = 9}) {}

absl::StatusOr<std::vector<InvoiceLine>> InvoiceStore::LinesOf(mysql::Transaction& sql, std::string_view partner,
                                                               std::string_view document) const {
  return table_.Select(
      sql,
      StrCat("a WHERE partner = ? AND document = ? AND ", table_.StandsCondition("a"), " ORDER BY line, generation"),
      {partner, document});
}

}  // namespace tributary::inventory
