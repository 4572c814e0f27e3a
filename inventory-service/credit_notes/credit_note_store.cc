#include "inventory-service/credit_notes/credit_note_store.h"

#include "common/text/text.h"

namespace tributary::inventory {

void AppendOwn(const CreditNoteLine& line, mysql::Values* values) {
  values->insert(values->end(), {line.head.date, line.head.currency, line.head.tax_document_number, line.net_amount,
                                 line.tax_amount, line.gross_amount, line.head.original_invoice});
}

void ReadOwn(const mysql::Row& row, size_t column, CreditNoteLine* line) {
  line->head.date = line->head.due_date = row.Day(column);
  line->head.currency = row.Text(column + 1);
  line->head.tax_document_number = row.Text(column + 2);
  line->net_amount = row.Dec(column + 3);
  line->tax_amount = row.Dec(column + 4);
  line->gross_amount = row.Dec(column + 5);
  line->head.original_invoice = row.Text(column + 6);
}

CreditNoteStore::CreditNoteStore()
    : table_({.table = "credit_note_line",
              .partner_in_key = true,
              .has_unit = true,
              .own_columns = "document_date, currency, tax_document_number, net_amount, tax_amount, "
                             "gross_amount, original_invoice",
              .own_width = 7}) {}

absl::StatusOr<std::vector<CreditNoteLine>> CreditNoteStore::LinesOf(mysql::Transaction& sql, std::string_view partner,
                                                                     std::string_view document) const {
  return table_.Select(
      sql,
      StrCat("a WHERE partner = ? AND document = ? AND ", table_.StandsCondition("a"), " ORDER BY line, generation"),
      {partner, document});
}

}  // namespace tributary::inventory
